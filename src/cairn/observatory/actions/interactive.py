"""Answering an open question, once, out of the budget of its year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.observatory.engine import private
from cairn.observatory.models import BudgetEntry, BudgetYear
from cairn.observatory.queries import interactive as queries
from cairn.observatory.rules import budget
from cairn.observatory.rules.pipeline import Period, check_period
from cairn.observatory.sources import checked_series, source

Mechanism = Callable[[Sequence[int], Decimal], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`is_new`: budget was spent for it; otherwise it is what somebody was told before."""

    entry: BudgetEntry
    is_new: bool


@transaction.atomic
def ask(
    actor: Actor,
    code: str,
    year: int,
    columns: Sequence[str],
    *,
    today: date,
    mechanism: Mechanism | None = None,
) -> Answer:
    """Persons of a source in a year by up to three columns, with noise. Anybody may ask.

    `mechanism`: what adds the noise, for tests; OpenDP unless given.

    The row of the budget is held from reading what is spent to writing what it is then, so that
    two questions at once cannot spend the same rest; the database refuses more than the year has.

    Raises RuleBroken ("observatory.source", "observatory.grouping", "observatory.period",
    "observatory.code", "budget.cells", "budget.closed", "budget.spent", "budget.engine").
    """
    series = checked_series(code)
    asked = budget.question_of(series, year, columns)
    period = Period(date(year, 1, 1), date(year, 12, 31))
    check_period(period, today)
    if not queries.is_open(actor, code, year):
        raise RuleBroken(
            "budget.closed",
            _("Of this year nothing is published yet, so it cannot be asked."),
            _("A year opens with its first release, which two persons sign."),
        )
    BudgetYear.objects.get_or_create(series=code, year=year, defaults={"yearly": budget.YEARLY})
    held = BudgetYear.objects.select_for_update().get(series=code, year=year)
    digest = asked.digest()
    if known := BudgetEntry.objects.filter(question=digest).select_related("budget").first():
        return Answer(cast(BudgetEntry, known), is_new=False)
    budget.check_budget(held.spent, budget.QUESTION, held.yearly)
    counts = private.person_counts(series, asked.columns, source(code).rows(period))
    told = (mechanism or private.noised)(counts, budget.QUESTION)
    cells = private.cells_of(series, asked.columns)
    entry = BudgetEntry.objects.create(
        budget=held,
        number=held.entries.count() + 1,
        question=digest,
        columns=list(asked.columns),
        epsilon=budget.QUESTION,
        cells=[[list(at), max(0, number)] for at, number in zip(cells, told, strict=True)],
        answered_at=timezone.now(),
    )
    BudgetYear.objects.filter(pk=held.pk).update(spent=F("spent") + budget.QUESTION)
    audit.record(
        actor, "statistics.asked", entry, series=code, year=year, columns=list(asked.columns)
    )
    held.refresh_from_db()
    return Answer(entry, is_new=True)
