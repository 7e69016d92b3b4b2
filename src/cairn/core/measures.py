"""The register of measures: what each context can count, by name, for whoever writes of results.

A context registers its measures in `AppConfig.ready`. Documents, project pages and the chain from
money to decisions ask `figures(actor, code, question)`, and need not know who counts.

What counts persons of concern is told by whole quarters and by country only, as the statistics of
its context allow: never by project, so that no project is asked for less than a country holds.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar, cast, overload

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.intervals import SMALL_BELOW, garwood, wilson

Words = str | Promise
Counting = TypeVar("Counting")
# A judgement: persons are told of a quarter when the time to answer its last referral is long over,
# so that its figures stand, and two looks at it do not differ by one person.
SETTLED_AFTER: Final = timedelta(days=21)


class Step(StrEnum):
    """The links of the chain, in its order. Source: the design, "One chain"."""

    MONEY = "money"
    TRAINING = "training"
    FIELD = "field"
    HELP = "help"
    DECISIONS = "decisions"

    @property
    def label(self) -> Words:
        return STEP_LABELS[self]


STEP_LABELS: Final[Mapping[Step, Words]] = {
    Step.MONEY: gettext_lazy("Money"),
    Step.TRAINING: gettext_lazy("Training"),
    Step.FIELD: pgettext_lazy("where officers work", "In the field"),
    Step.HELP: gettext_lazy("Help"),
    Step.DECISIONS: gettext_lazy("Decisions"),
}


# The dimensions that figures are told by. A code that is not here stands as it is.
DIMENSIONS: Final[Mapping[str, Words]] = {
    "age": pgettext_lazy("of a person", "Age"),
    "by": gettext_lazy("Who reported"),
    "country": gettext_lazy("Country"),
    "generation": gettext_lazy("Generation of trainers"),
    "outcome": pgettext_lazy("of a decision", "Outcome"),
    "profession": gettext_lazy("Profession"),
    "service": gettext_lazy("Kind of service"),
    "sex": pgettext_lazy("of a person", "Sex"),
}


class Unit(StrEnum):
    """What a value is: SHARE is 0 to 1, MONEY US dollars, RATIO one count for one of another."""

    COUNT = "count"
    MONEY = "usd"
    SHARE = "share"
    RATIO = "ratio"
    DAYS = "days"


class Counted(StrEnum):
    """Whom or what a measure counts, which decides how it may be told."""

    MONEY = "money"
    EVENTS = "events"
    STAFF = "staff"
    PERSONS = "persons"


class Scope(StrEnum):
    """What a question is about."""

    PROGRAMME = "programme"
    COUNTRY = "country"
    PROJECT = "project"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Raises RuleBroken("measure.period") for one that ends before it starts."""
        if self.last < self.first:
            raise RuleBroken(
                "measure.period",
                _("The period would end before it starts."),
                _("Check both dates."),
            )

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """`number`: 1 to 4."""
        after = date(year + number // 4, number % 4 * 3 + 1, 1)
        return cls(date(year, 3 * number - 2, 1), after - timedelta(days=1))

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        return self.last + timedelta(days=1)

    @property
    def is_quarter(self) -> bool:
        return self == Period.quarter(self.first.year, (self.first.month + 2) // 3)

    def is_settled(self, today: date) -> bool:
        """Whether it is over for so long that what is counted in it stands."""
        return today > self.last + SETTLED_AFTER


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a measure. `country`: alpha-3; `project`: its reference; one of them."""

    period: Period
    country: str = ""
    project: str = ""

    @property
    def scope(self) -> Scope:
        if self.project:
            return Scope.PROJECT
        return Scope.COUNTRY if self.country else Scope.PROGRAMME


@dataclass(frozen=True, slots=True)
class Found:
    """One number as its context gives it.

    `part`: which part of the whole, pairs of a dimension and a value; empty for the whole. `value`
    None: not known, or held back when `is_held_back`. `low`, `high`: bounds of the 95 percent
    interval in the same unit. `rows`: how many records it rests on, None where that is not told.
    `note`: what a reader has to know besides, such as why there is no value.
    """

    value: Decimal | None
    part: tuple[tuple[str, str], ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    rows: int | None = None
    is_held_back: bool = False
    note: Words = ""


def counted(count: int | None, *, note: Words = "", **part: str) -> Found:
    """A count as it is told, with Garwood's interval where few were counted; None: held back."""
    if count is None:
        return Found(None, tuple(part.items()), is_held_back=True, note=note)
    low, high = garwood(count) if 0 < count < SMALL_BELOW else (None, None)
    return Found(
        Decimal(count),
        tuple(part.items()),
        low=decimal_of(low),
        high=decimal_of(high),
        rows=count,
        note=note,
    )


def share_of(part: int | None, whole: int | None) -> Found:
    """A share with Wilson's interval, from counts that are told; not known of a whole of none."""
    if part is None or whole is None:
        return Found(None, is_held_back=True)
    if not whole:
        return Found(None, rows=0)
    low, high = wilson(part, whole)
    return Found(decimal_of(part / whole), low=decimal_of(low), high=decimal_of(high), rows=whole)


@overload
def decimal_of(value: float) -> Decimal: ...
@overload
def decimal_of(value: None) -> None: ...
@overload
def decimal_of(value: float | None) -> Decimal | None: ...
def decimal_of(value: float | None) -> Decimal | None:
    """To four decimals, as measurements are kept."""
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Measure:
    """What one context counts. A change of what is counted gives it a new `version`.

    `definition`: what is counted and what is not; `source`: who counts, from which records, after
    which rule; `parts`: names of the dimensions that it is told by; `compute`: the numbers for what
    an actor may see; `rows`: the address of the records behind it for those allowed, else "";
    `words`: a value of a dimension as people read it.
    """

    code: str
    version: int
    step: Step
    label: Words
    definition: Words
    source: Words
    unit: Unit
    counted: Counted
    scopes: frozenset[Scope]
    compute: Callable[[Actor, Question], Iterable[Found]]
    parts: tuple[str, ...] = ()
    is_stock: bool = False
    rows: Callable[[Actor, Question], str] = field(default=lambda _actor, _question: "")
    words: Callable[[str, str], Words] = field(default=lambda _dimension, value: value)

    def __post_init__(self) -> None:
        """Raises ValueError where persons would be told by project."""
        if self.counted is Counted.PERSONS and Scope.PROJECT in self.scopes:
            raise ValueError(f"{self.code} would tell persons by project")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that a reader may ask of it."""

    measure: Measure
    question: Question
    found: Found

    @property
    def provenance(self) -> dict[str, object]:
        """Plain JSON types: how the number came about, and what would bring it about again."""
        period = self.question.period
        return {
            "measure": self.measure.code,
            "version": self.measure.version,
            "since": period.first.isoformat(),
            "until": period.last.isoformat(),
            "country": self.question.country,
            "project": self.question.project,
            "part": dict(self.found.part),
            "rows": self.found.rows,
        }


_MEASURES: dict[str, Measure] = {}
_COUNTED: ContextVar[dict[Hashable, object] | None] = ContextVar("counted", default=None)
NOT_SETTLED: Final = gettext_lazy("A quarter is told three weeks after its end.")


def register(*measures: Measure) -> None:
    """Make measures known. Registering the same again changes nothing.

    Raises ValueError when another one of the code is known: two would be told under one name.
    """
    for each in measures:
        known = _MEASURES.setdefault(each.code, each)
        if known is not each:
            raise ValueError(f"{each.code} is measured by somebody else already")


def measures() -> list[Measure]:
    """All of them, in the order of the chain, then by code."""
    order = list(Step)
    return sorted(_MEASURES.values(), key=lambda each: (order.index(each.step), each.code))


def measure(code: str) -> Measure:
    """Raises KeyError for a code that nobody registered."""
    return _MEASURES[code]


def figures(actor: Actor, code: str, question: Question) -> tuple[Figure, ...]:
    """The numbers of one measure, the whole first where there is one.

    Raises KeyError for an unknown code, RuleBroken ("measure.scope": it is not told of that;
    "measure.period": persons are told by whole quarters), and what the measure itself raises.
    """
    asked = measure(code)
    if question.scope not in asked.scopes:
        raise RuleBroken(
            "measure.scope",
            _("This figure is not told of a single project.")
            if question.scope is Scope.PROJECT
            else _("This figure is not told of a country or of all together."),
            _("Ask for it where its definition says that it is told."),
        )
    if asked.counted is Counted.PERSONS and not question.period.is_quarter:
        raise RuleBroken(
            "measure.period",
            _("Counts of persons are told by whole quarters of a year only."),
            _("Ask for one quarter."),
        )
    if asked.counted is Counted.PERSONS and not question.period.is_settled(timezone.localdate()):
        return (Figure(asked, question, Found(None, is_held_back=True, note=NOT_SETTLED)),)
    found = sorted(asked.compute(actor, question), key=lambda each: len(each.part))
    return tuple(Figure(asked, question, each) for each in found)


@contextmanager
def together() -> Iterator[None]:
    """While this is open, what several measures count in the same way is counted once."""
    token = _COUNTED.set({})
    try:
        yield
    finally:
        _COUNTED.reset(token)


def once(key: Hashable, count: Callable[[], Counting]) -> Counting:
    """What `count` gives, kept by `key` while measures are asked `together`; else counted now."""
    counted = _COUNTED.get()
    if counted is None:
        return count()
    if key not in counted:
        counted[key] = count()
    return cast(Counting, counted[key])
