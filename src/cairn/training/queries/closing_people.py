"""Who took part in an event, as counts: by agency, sex, country and profession.

How many came stands in every table. How many completed is hidden in groups of fewer than five, and
in those next to them that would give it away: of one officer it would say who did not.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.core import geography
from cairn.core.language import language
from cairn.training.measures import funnel, shares
from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Unit,
    cells_to_hide,
    undefined,
)
from cairn.training.models import Enrolment, HeadCount, TrainingEvent
from cairn.training.rules.choices import Profession, Sex
from cairn.training.rules.states import DELIVERED, EnrolmentState

NOT_HERE = frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Slice:
    """`count` participants who are alike in all of these. `agency`, `country`: in words or ""."""

    agency: str
    country: str
    sex: str
    profession: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class CountRow:
    """One line of a table of counts. `completed` None where a report does not say, and in small
    groups."""

    label: str
    women: int
    men: int
    others: int
    completed: int | None

    @property
    def total(self) -> int:
        return self.women + self.men + self.others


@dataclass(frozen=True, slots=True)
class People:
    """Participants of one event. `named`: by person, else from reported counts.

    `printed`: how many a source printed, None where none does. `tables`: (code, label, rows).
    """

    named: bool
    total: CountRow
    printed: int | None
    gone: int
    tables: tuple[tuple[str, str, tuple[CountRow, ...]], ...]
    women: Figure
    completion: Figure


def people(event: TrainingEvent) -> People:
    """Counts of participants in one query: of enrolments, or where there are none of a report.

    Who withdrew or did not come is counted apart (`gone`).
    """
    slices = _enrolled(event)
    named = bool(slices)
    if not slices:
        slices = _reported(event)
    here = [row for row in slices if row.state not in NOT_HERE]
    total = _row(_("All"), here, named)
    completion = _completion(event, total, named)
    if total.total < SMALL_CELL:
        total = replace(total, completed=None)
    return People(
        named=named,
        total=total,
        printed=event.printed.participants if event.printed else None,
        gone=sum(row.count for row in slices) - total.total,
        tables=tuple(
            (code, label, tuple(_rows(here, key, named)))
            for code, label, key in _dimensions()
            # Where nothing is stated of anybody, a table would tell nothing.
            if any(key(row) for row in here)
        ),
        women=funnel.women_share(funnel.Count("attended", total.women, total.men, total.others)),
        completion=completion,
    )


def _completion(event: TrainingEvent, total: CountRow, named: bool) -> Figure:
    if not named or total.completed is None:
        why = _("Participants are counted, not named: who completed is not known one by one.")
        return undefined("completion-rate", total.total, Unit.SHARE, why)
    if event.state not in DELIVERED and not total.completed:
        why = _("The training is not over: who completed is known once it is delivered.")
        return undefined("completion-rate", total.total, Unit.SHARE, why)
    return shares.share("completion-rate", total.completed, total.total)


def _dimensions() -> list[tuple[str, str, Callable[[Slice], str]]]:
    return [
        ("agency", _("Agency"), lambda row: row.agency),
        ("sex", pgettext("of a person", "Sex"), lambda row: _sex(row.sex)),
        ("country", _("Country"), lambda row: row.country),
        ("profession", _("Profession"), lambda row: _profession(row.profession)),
    ]


def _sex(value: str) -> str:
    stated = value in Sex.values and value != Sex.NOT_STATED
    return str(Sex(value).label) if stated else ""


def _profession(value: str) -> str:
    stated = value in Profession.values and value != Profession.NOT_STATED
    return str(Profession(value).label) if stated else ""


def _rows(slices: list[Slice], key: Callable[[Slice], str], named: bool) -> list[CountRow]:
    """One line for each value, the largest first; what is not stated comes last."""
    groups: dict[str, list[Slice]] = defaultdict(list)
    for each in slices:
        groups[key(each)].append(each)
    rows = [
        (not label, _row(label or _("Not stated"), group, named)) for label, group in groups.items()
    ]
    ordered = [
        row for _last, row in sorted(rows, key=lambda one: (one[0], -one[1].total, one[1].label))
    ]
    small = cells_to_hide([row.total for row in ordered])
    return [
        replace(row, completed=None) if place in small else row for place, row in enumerate(ordered)
    ]


def _row(label: str, slices: list[Slice], named: bool) -> CountRow:
    def count(*sexes: str) -> int:
        return sum(row.count for row in slices if row.sex in sexes)

    women, men = count(Sex.FEMALE), count(Sex.MALE)
    everybody = sum(row.count for row in slices)
    completed = sum(row.count for row in slices if row.state == EnrolmentState.COMPLETED)
    return CountRow(label, women, men, everybody - women - men, completed if named else None)


def _enrolled(event: TrainingEvent) -> list[Slice]:
    code = language()
    rows = (
        Enrolment.objects.filter(event=event)
        .values("agency__name", "country", "sex", "profession", "state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [
        Slice(
            row["agency__name"] or "",
            _country(row["country"], code),
            row["sex"],
            row["profession"],
            row["state"],
            row["count"],
        )
        for row in rows
    ]


def _reported(event: TrainingEvent) -> list[Slice]:
    code = language()
    rows = (
        HeadCount.objects.filter(report__event=event)
        .values("agency__name", "country", "sex", "profession")
        .annotate(total=Sum("count"))
        .order_by()
    )
    return [
        Slice(
            row["agency__name"] or "",
            _country(row["country"], code),
            row["sex"],
            row["profession"],
            "",
            row["total"],
        )
        for row in rows
    ]


def _country(code: str, language_code: str) -> str:
    return geography.country_name(code, language_code) if code else ""
