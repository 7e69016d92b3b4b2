"""Budgets and payments of one project as IATI tells them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from cairn.core.partial_dates import PartialDate
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.codes import TransactionType
from cairn.portfolio.iati.dividing import Span, divided, span
from cairn.portfolio.iati.records import Budget, Transaction
from cairn.portfolio.iati.wording import INEXACT, NO_DAY
from cairn.portfolio.models import Project
from cairn.portfolio.queries.iati_rows import Details, body


def budgets(project: Project, details: Details) -> tuple[Budget, ...]:
    """The stated budget over calendar years; empty when its period is not on record.

    Dated lines, or the lines of dated phases, count where they add up to the stated total, which
    is the budget (money is counted once); else the whole is spread over the project's own period.
    """
    total = project.budget_usd
    if total is None:
        return ()
    agreed = sum((row[3] for row in details.agreements.get(project.pk, ())), Decimal(0))
    status = codes.COMMITTED if total and agreed >= total else codes.INDICATIVE
    whole = span(project.starts, project.ends, project.duration_months)
    lines = dated_lines(details.lines.get(project.pk, ()))
    return tuple(
        Budget(first, last, part, "USD", first, status)
        for first, last, part in divided(total, lines, whole)
    )


def dated_lines(rows: Any) -> list[tuple[Span, Decimal]]:
    found = []
    for starts, ends, phase_starts, phase_ends, amount in rows:
        period = span(starts, ends) or span(phase_starts or "", phase_ends or "")
        if period:
            found.append((period, amount))
    return found


def transactions(
    project: Project, details: Details, *, source_year: int | None, today: date
) -> tuple[Transaction, ...]:
    """Pledge 13, commitment 11, received 1, spending 4, each in its own currency."""
    key = project.pk
    made = [*_pledges(details.pledges.get(key, ()), source_year, today)]
    if len(made) > 1:  # their keys are drawn by lot, and no order of theirs is told
        made.sort(key=lambda each: (each.day, -each.value, each.currency))
    for day, amount, currency, _usd, *donor in details.agreements.get(key, ()):
        made.append(_dated(TransactionType.COMMITMENT, day, amount, currency, donor))
    for day, amount, currency, *donor in details.receipts.get(key, ()):
        made.append(_dated(TransactionType.RECEIVED, day, amount, currency, donor))
    for day, amount, currency in details.spending.get(key, ()):
        made.append(_dated(TransactionType.SPENDING, day, amount, currency, None))
    return tuple(each for each in made if each.day <= today)


def _dated(
    kind: TransactionType, day: date, amount: Decimal, currency: str, donor: list[Any] | None
) -> Transaction:
    return Transaction(kind, day, amount, currency, "", body(*donor) if donor else None)


def _pledges(rows: Any, source_year: int | None, today: date) -> Iterator[Transaction]:
    for pledged, amount, currency, *donor in rows:
        day, note = _day_of_pledge(pledged, source_year, today)
        yield Transaction(TransactionType.PLEDGE, day, amount, currency, note, body(*donor))


def _day_of_pledge(pledged: str, source_year: int | None, today: date) -> tuple[date, str]:
    """The day that the standard demands, and what has to be said about it."""
    if not pledged:
        if source_year and date(source_year, 12, 31) <= today:
            return date(source_year, 12, 31), f"{NO_DAY} Known from a document of {source_year}."
        return codes.NO_DAY, NO_DAY
    written = PartialDate.parse(pledged)
    note = "" if written.precision == "day" else INEXACT % written
    return min(written.first, today), note
