"""Results of the tests of one event, computed as they stand: ready before the closing ceremony."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.training.measures import followup, funnel, gain, shares
from cairn.training.measures.figure import Figure, Unit, conceal_small, undefined
from cairn.training.models import TestWindow, TrainingEvent
from cairn.training.queries import practical
from cairn.training.queries.results_items import FormTable, form_tables
from cairn.training.queries.results_rows import (
    Person,
    Progress,
    Sat,
    TestRows,
    sex_words,
    test_rows,
)
from cairn.training.rules.choices import Sex, TestWave

Pair = tuple[Sat, Sat]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Figures of one group of participants; small groups are hidden already."""

    label: str
    gain: Figure
    score: Figure
    passed: Figure


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures by agency, sex or country."""

    code: str
    label: str
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One participant by code: what stands behind the figures. Marks are shares, 0 to 1."""

    code: str
    before_form: str
    before: float | None
    after_form: str
    after: float | None
    is_passed: bool | None

    @property
    def gain(self) -> float | None:
        """Percentage points."""
        if self.before is None or self.after is None:
            return None
        return 100 * (self.after - self.before)


@dataclass(frozen=True, slots=True)
class EventResults:
    """All results of one event; `figures` by code, in the order in which they are read."""

    progress: tuple[Progress, ...]
    figures: tuple[Figure, ...]
    breakdowns: tuple[Breakdown, ...]
    forms: tuple[FormTable, ...]

    @property
    def has_any(self) -> bool:
        return any(row.begun for row in self.progress)

    def figure(self, code: str) -> Figure:
        """The figure with that code. Raises KeyError."""
        found = next((row for row in self.figures if row.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    @property
    def flagged(self) -> int:
        """How many questions of the test at the end call for a look."""
        return sum(len(form.flagged) for form in self.forms if form.wave == TestWave.POST)


def event_results(event: TrainingEvent) -> EventResults:
    """Gain, form effect, scores, passing, breakdowns and item statistics. Seven queries at most.

    Counts only: nobody's own mark is in it, and groups under five are hidden.
    """
    rows = test_rows(event)
    return EventResults(
        progress=tuple(rows.progress),
        figures=tuple(_figures(event, rows)),
        breakdowns=tuple(_breakdowns(rows)),
        forms=tuple(form_tables(rows)),
    )


def person_rows(event: TrainingEvent) -> list[PersonRow]:
    """Every participant who sat a test, by code. For whoever runs the event."""
    rows = test_rows(event)
    found: list[PersonRow] = []
    for key, person in sorted(rows.people.items(), key=lambda pair: pair[1].code):
        before, after = rows.sat.get((key, TestWave.PRE)), rows.sat.get((key, TestWave.POST))
        if before is None and after is None:
            continue
        found.append(
            PersonRow(
                person.code,
                before.letter if before else "",
                before.share if before else None,
                after.letter if after else "",
                after.share if after else None,
                after.is_passed if after else None,
            )
        )
    return found


def _figures(event: TrainingEvent, rows: TestRows) -> list[Figure]:
    pairs = rows.pairs()
    before, after = rows.of_wave(TestWave.PRE), rows.of_wave(TestWave.POST)
    shared = _shares(pairs)
    a_first = [pair for pair in pairs if (pair[0].letter, pair[1].letter) == ("A", "B")]
    b_first = [pair for pair in pairs if (pair[0].letter, pair[1].letter) == ("B", "A")]
    figures = [
        gain.gain(shared, 1),
        gain.adjusted_gain(_shares(a_first), _shares(b_first), 1),
        gain.mean_score("score-before", [row.share for row in before], 1),
        gain.mean_score("score-after", [row.share for row in after], 1),
        _passed(after),
        gain.normalised_gain(shared, 1),
        gain.mean_personal_gain(shared, 1),
        gain.effect_size(shared),
        gain.form_effect(
            [row.share for row in before if row.letter == "A"],
            [row.share for row in before if row.letter == "B"],
            1,
        ),
        _gap(rows, pairs),
        practical.agreement(event),
    ]
    later = rows.of_wave(TestWave.FOLLOW_UP)
    if later:
        figures.append(gain.mean_score("score-later", [row.share for row in later], 1))
        figures.append(_retention(event, rows))
    return figures


def _shares(pairs: Iterable[Pair]) -> list[tuple[float, float]]:
    return [(before.share, after.share) for before, after in pairs]


def _passed(sittings: list[Sat]) -> Figure:
    judged = [row.is_passed for row in sittings if row.is_passed is not None]
    if sittings and not judged:
        why = _("The test has no cut score, so nobody can pass or fail it.")
        return undefined("pass-rate", len(sittings), Unit.SHARE, why)
    return shares.share("pass-rate", sum(judged), len(judged))


def _gap(rows: TestRows, pairs: list[Pair]) -> Figure:
    by_sex: dict[str, list[float]] = defaultdict(list)
    for before, after in pairs:
        by_sex[rows.people[before.enrolment].sex].append(100 * (after.share - before.share))
    return funnel.gain_gap(by_sex[Sex.FEMALE], by_sex[Sex.MALE])


def _retention(event: TrainingEvent, rows: TestRows) -> Figure:
    """Half-life between the tests at the end and some months later, by when they were opened."""
    opened = {
        window.wave: window.opened_at
        for window in TestWindow.objects.filter(event=event)
        if window.opened_at
    }
    first, second = opened.get(TestWave.POST), opened.get(TestWave.FOLLOW_UP)
    pairs = rows.pairs(TestWave.POST, TestWave.FOLLOW_UP)
    days = (second - first).total_seconds() / 86_400 if first and second else 0.0
    return followup.retention([(100 * one.share, 100 * two.share) for one, two in pairs], days)


def _breakdowns(rows: TestRows) -> list[Breakdown]:
    if not rows.sat:
        return []
    keys: list[tuple[str, str, Callable[[Person], str]]] = [
        ("agency", _("Agency"), lambda person: person.agency),
        ("sex", pgettext("of a person", "Sex"), lambda person: sex_words(person.sex)),
        ("country", _("Country"), lambda person: person.country),
    ]
    return [_breakdown(rows, code, label, key) for code, label, key in keys]


def _breakdown(rows: TestRows, code: str, label: str, key: Callable[[Person], str]) -> Breakdown:
    """One breakdown; small groups, and what would give them away, are hidden in each column."""
    groups: dict[str, list[UUID]] = defaultdict(list)
    for person in rows.people.values():
        groups[key(person) or _("Not stated")].append(person.enrolment)
    names = sorted(groups)
    after = {row.enrolment: row for row in rows.of_wave(TestWave.POST)}
    pairs = {before.enrolment: (before, last) for before, last in rows.pairs()}
    gains, scores, passed = [], [], []
    for name in names:
        members = groups[name]
        sat = [after[each] for each in members if each in after]
        gains.append(gain.gain(_shares(pairs[each] for each in members if each in pairs), 1))
        scores.append(gain.mean_score("score-after", [row.share for row in sat], 1))
        passed.append(_passed(sat))
    columns = zip(
        names, conceal_small(gains), conceal_small(scores), conceal_small(passed), strict=True
    )
    return Breakdown(code, label, tuple(GroupRow(*cells) for cells in columns))
