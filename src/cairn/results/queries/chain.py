"""The chain of results as a page shows it: what each step can tell, and why it tells no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.measures import (
    DIMENSIONS,
    Counted,
    Figure,
    Measure,
    Period,
    Question,
    Scope,
    Step,
    Unit,
)
from cairn.results.rules.chain import EARLIEST, HEADLINES, Asked, period_for
from cairn.ui.charts import figures
from cairn.ui.formats import money_text, number_text, percent_text


class Standing(StrEnum):
    """Whether a figure is told, and if not, why."""

    TOLD = "told"
    HELD_BACK = "held-back"
    NOT_KNOWN = "not-known"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """What the chain is about; all empty: the programme. `country`: alpha-3; `project`: reference.

    `name`: as the page calls it.
    """

    country: str = ""
    project: str = ""
    name: str = ""

    @property
    def scope(self) -> Scope:
        return Question(Period.year(EARLIEST), self.country, self.project).scope


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words of the active language. `value`: for charts, None where it is not told.

    `short`: as a picture has room for.
    """

    standing: Standing
    text: str
    interval: str = ""
    note: str = ""
    value: Decimal | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: its figure for the whole, the time it is told of, and where it leads to."""

    measure: Measure
    told: Told
    period: str
    href: str
    rows_href: str

    @property
    def label(self) -> str:
        return str(self.measure.label)


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain. `headline`: the figure by which it is known; None where none is."""

    step: Step
    lines: tuple[Line, ...]
    headline: Line | None

    @property
    def label(self) -> str:
        return str(self.step.label)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure: in words, and what is told of it."""

    label: str
    told: Told


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a figure by one dimension, or by two."""

    label: str
    parts: tuple[Part, ...]


def chain(actor: Actor, place: Place, asked: Asked, today: date) -> list[Link]:
    """Every step in its order, with what it can tell of the place at that time.

    What several measures count is counted once, so that the number of queries depends on the
    measures there are and on nothing else.
    """
    with measures.together():
        found: dict[Step, list[Line]] = {step: [] for step in Step}
        for each in measures.measures():
            if place.scope in each.scopes:
                found[each.step].append(line(actor, each, place, asked, today))
    return [Link(step, tuple(lines), _headline(step, lines)) for step, lines in found.items()]


def _headline(step: Step, lines: Sequence[Line]) -> Line | None:
    by_code = {each.measure.code: each for each in lines}
    named = [by_code[code] for code in HEADLINES[step] if code in by_code]
    told = [each for each in (*named, *lines) if each.told.standing is Standing.TOLD]
    return next(iter((*told, *named, *lines)), None)


def line(actor: Actor, asked_of: Measure, place: Place, asked: Asked, today: date) -> Line:
    """The whole of one measure at a place."""
    question = question_of(asked_of, place, asked, today)
    found = measures.figures(actor, asked_of.code, question)
    whole = next((each for each in found if not each.found.part), None)
    return Line(
        asked_of,
        told(asked_of, whole),
        _("today") if asked_of.is_stock else period_words(question.period),
        measure_href(asked_of, place, asked),
        asked_of.rows(actor, question),
    )


def question_of(asked_of: Measure, place: Place, asked: Asked, today: date) -> Question:
    period = period_for(asked_of.counted, asked.period(today), today)
    return Question(period, place.country, place.project)


def splits(found: Iterable[Figure]) -> list[Split]:
    """The parts of a figure, by dimension in the order of the measure, then by two together."""
    grouped: dict[tuple[str, ...], list[Part]] = {}
    for each in found:
        names = tuple(name for name, _value in each.found.part)
        if names:
            words = [str(each.measure.words(name, value)) for name, value in each.found.part]
            label = pgettext("between the items of a list", ", ").join(words)
            grouped.setdefault(names, []).append(Part(label, told(each.measure, each)))
    return [
        Split(
            pgettext("between the items of a list", ", ").join(
                str(DIMENSIONS.get(name, name)) for name in names
            ),
            tuple(parts),
        )
        for names, parts in sorted(grouped.items(), key=lambda pair: len(pair[0]))
    ]


def told(asked_of: Measure, figure: Figure | None) -> Told:
    """The figure in words, or why it is not told. None: its context tells it to others only."""
    if figure is None:
        return Told(Standing.CLOSED, _("not told here"), note=closed_words(asked_of))
    found = figure.found
    note = str(found.note)
    if found.is_held_back:
        return Told(Standing.HELD_BACK, _("held back"), note=note or held_back_words(asked_of))
    if found.value is None:
        return Told(Standing.NOT_KNOWN, _("not known"), note=note or _("Nothing is recorded."))
    interval = ""
    if found.low is not None and found.high is not None:
        interval = _("between %(low)s and %(high)s") % {
            "low": value_words(found.low, asked_of.unit),
            "high": value_words(found.high, asked_of.unit),
        }
    text = value_words(found.value, asked_of.unit)
    short = figures.short(float(found.value), "USD") if asked_of.unit is Unit.MONEY else text
    return Told(Standing.TOLD, text, interval, note, found.value, short)


def value_words(value: Decimal, unit: Unit) -> str:
    """A value in the active language."""
    if unit is Unit.MONEY:
        return money_text(round(value))
    if unit is Unit.SHARE:
        return percent_text(value, 1)
    if value == value.to_integral_value():
        return number_text(int(value))
    return number_text(value, 2 if unit is Unit.RATIO else 1)


def held_back_words(asked_of: Measure) -> str:
    """Why a figure of this measure is held back."""
    if asked_of.counted is Counted.PERSONS:
        return _(
            "Fewer than ten, or with other figures it would give away a count of fewer than ten."
        )
    return _("Fewer than five people, or with other figures it would give away so few.")


def closed_words(asked_of: Measure) -> str:
    """Why a figure of this measure is not told to whoever asks."""
    if asked_of.counted is Counted.PERSONS:
        return _("Counts of persons reach the public through protected releases of statistics.")
    return _("It is told to those who work with these records.")


def period_words(period: Period) -> str:
    """A quarter, a year or several years in words; other spans by their days."""
    years = {"first": period.first.year, "last": period.last.year}
    if period.is_quarter:
        return pgettext("three months", "Quarter %(number)s of %(year)s") % {
            "number": (period.first.month + 2) // 3,
            "year": period.first.year,
        }
    if period == Period.year(period.first.year):
        return str(period.first.year)
    return _("%(first)s to %(last)s") % years


def measure_href(asked_of: Measure, place: Place, asked: Asked) -> str:
    """The page of a measure, for the same place and time."""
    return reverse("results:measure", args=[asked_of.code]) + query(place, asked)


def query(place: Place, asked: Asked) -> str:
    """The place and time as they stand in an address, with the question mark; "" for none."""
    named = {
        "country": place.country,
        "project": place.project,
        "year": asked.year or "",
        "quarter": asked.quarter or "",
    }
    given = {name: value for name, value in named.items() if value}
    return f"?{urlencode(given)}" if given else ""
