"""What was asked of open series, what was answered and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.observatory.models import BudgetEntry, BudgetYear, Published
from cairn.observatory.rules import budget
from cairn.observatory.rules.pipeline import Period, check_period
from cairn.observatory.rules.series import Series
from cairn.observatory.sources import Source, checked_series, sources

# Years back that are offered: with each the code lists have to be those of today still.
YEARS = 5


@dataclass(frozen=True, slots=True)
class Open:
    """A series that may be asked, with the years of it that are open, newest first."""

    source: Source
    series: Series
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`labels`: (column, what of it), as words."""

    labels: tuple[tuple[str, str], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer in words. `within`: persons by which a count is off at most, 19 times of 20."""

    entry: BudgetEntry
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The budget of a year: epsilon, and whole questions that are left of it."""

    yearly: Decimal
    spent: Decimal
    left: int
    words: str


def open_series(actor: Actor, today: date) -> list[Open]:
    """Every series of which a year may be asked. One query for each source and year."""
    found = []
    for each in sources():
        years = tuple(year for year in closed_years(today) if is_open(actor, each.code, year))
        if years:
            found.append(Open(each, checked_series(each.code), years))
    return found


def is_open(actor: Actor, code: str, year: int) -> bool:
    """True for a year of which a release is public: two persons have signed that its figures may
    be told.
    """
    return (
        Published.objects.visible_to(actor)
        .filter(
            withdrawn_at=None,
            release__source=code,
            release__period_first=date(year, 1, 1),
            release__period_last=date(year, 12, 31),
        )
        .exists()
    )


def closed_years(today: date) -> list[int]:
    """Years that are over and entered, newest first."""
    found = []
    for year in range(today.year - 1, today.year - 1 - YEARS - 1, -1):
        try:
            check_period(Period(date(year, 1, 1), date(year, 12, 31)), today)
        except RuleBroken:
            continue
        found.append(year)
    return found[:YEARS]


def standing(actor: Actor, code: str, year: int) -> Standing:
    found = BudgetYear.objects.visible_to(actor).filter(series=code, year=year).first()
    yearly, spent = (found.yearly, found.spent) if found else (budget.YEARLY, Decimal(0))
    left = budget.questions_left(spent, yearly=yearly)
    return Standing(yearly, spent, left, budget.left_words(left))


def answered(actor: Actor, code: str, year: int) -> list[BudgetEntry]:
    """What was answered of a year of a series, newest first."""
    found = BudgetEntry.objects.visible_to(actor).filter(budget__series=code, budget__year=year)
    return list(found.select_related("budget"))


def answer(actor: Actor, series: Series, year: int, columns: Sequence[str]) -> Shown | None:
    """What was told on this question before; None where nobody asked. RuleBroken as in `ask`."""
    asked = budget.question_of(series, year, columns)
    found = BudgetEntry.objects.visible_to(actor).filter(question=asked.digest())
    entry = found.select_related("budget").first()
    return shown(series, entry) if entry else None


def shown(series: Series, entry: BudgetEntry) -> Shown:
    dimensions = [series.by_name[name] for name in entry.columns]
    lines = tuple(
        Line(
            tuple(
                (str(each.label), str(each.by_code[code].label) if code in each.by_code else code)
                for each, code in zip(dimensions, codes, strict=True)
            ),
            count,
        )
        for codes, count in entry.cells
    )
    labels = tuple(str(each.label) for each in dimensions)
    return Shown(entry, labels, lines, budget.error_bound(entry.epsilon))
