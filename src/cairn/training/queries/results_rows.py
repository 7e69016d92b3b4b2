"""Marks of an event as plain rows: who sat which form when, and what each answer was worth."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cairn.core import geography
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.training.models import Enrolment, FormItem, Response, TestSitting, TrainingEvent
from cairn.training.rules.choices import Sex, TestWave
from cairn.training.rules.states import EnrolmentState

# Shares of marks are compared with the cut score; rounding to cents must not fail anybody.
HAIR = 1e-9
AWAY = (EnrolmentState.WITHDRAWN, EnrolmentState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Person:
    """A participant by code. `agency` and `country` are in words, empty where not known."""

    enrolment: UUID
    code: str
    agency: str
    sex: str
    country: str


@dataclass(frozen=True, slots=True)
class Sat:
    """One scored sitting. `mark` of `maximum`; `cut`: share that passes, None where none is set."""

    sitting: UUID
    enrolment: UUID
    wave: str
    form: UUID
    letter: str
    mark: float
    maximum: float
    cut: float | None

    @property
    def share(self) -> float:
        return self.mark / self.maximum

    @property
    def is_passed(self) -> bool | None:
        """None where the form has no cut score."""
        return None if self.cut is None else self.share >= self.cut - HAIR


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one test has come: persons who began, handed in, and wait to be marked."""

    wave: str
    label: str
    begun: int
    handed_in: int
    unmarked: int


@dataclass(slots=True)
class TestRows:
    """All that is known of the tests of one event. `sat`: (enrolment, wave) -> scored sitting."""

    __test__ = False  # no test class for pytest

    people: dict[UUID, Person] = field(default_factory=dict)
    sat: dict[tuple[UUID, str], Sat] = field(default_factory=dict)
    progress: list[Progress] = field(default_factory=list)

    def of_wave(self, wave: str) -> list[Sat]:
        return [row for (_enrolment, when), row in self.sat.items() if when == wave]

    def pairs(
        self, first: str = TestWave.PRE, second: str = TestWave.POST
    ) -> list[tuple[Sat, Sat]]:
        """The two sittings of everybody who has both, in the order of the codes."""
        both = [
            (self.sat.get((key, first)), self.sat.get((key, second)))
            for key in sorted(self.people, key=lambda each: self.people[each].code)
        ]
        return [(one, other) for one, other in both if one is not None and other is not None]


def test_rows(event: TrainingEvent) -> TestRows:
    """Participants and their sittings in two queries. Withdrawn participants' sittings stay."""
    rows = TestRows(people=_people(event))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    sittings = TestSitting.objects.filter(event=event).select_related("form")
    for sitting in sittings:
        tally = counts[sitting.wave]
        tally[0] += 1
        if sitting.handed_in_at is None:
            continue
        tally[1] += 1
        if sitting.needs_marking or sitting.mark is None or not sitting.maximum:
            tally[2] += 1
            continue
        cut = sitting.form.cut_score
        rows.sat[(sitting.enrolment_id, sitting.wave)] = Sat(
            sitting.pk,
            sitting.enrolment_id,
            sitting.wave,
            sitting.form_id,
            sitting.form.letter,
            float(sitting.mark),
            float(sitting.maximum),
            None if cut is None else float(cut),
        )
    rows.progress = [
        Progress(wave.value, str(wave.label), *counts[wave.value])
        for wave in TestWave
        if wave.value in counts
    ]
    return rows


def _people(event: TrainingEvent) -> dict[UUID, Person]:
    code = language()
    found = Enrolment.objects.filter(event=event).select_related("agency")
    return {
        row.pk: Person(
            row.pk,
            row.personal_code,
            agency_words(row.agency),
            row.sex,
            geography.country_name(row.country, code) if row.country else "",
        )
        for row in found
    }


def agency_words(agency: Organisation | None) -> str:
    """The name of an agency, or nothing."""
    return str(agency.display_name) if agency else ""


def sex_words(sex: str) -> str:
    """The label of a sex as it is recorded."""
    return str(Sex(sex).label) if sex in Sex.values else str(Sex.NOT_STATED.label)


def answers_by_sitting(sittings: list[UUID]) -> dict[UUID, dict[UUID, list[Response]]]:
    """Saved answers: sitting -> item -> its responses (several for the parts of a case)."""
    found: dict[UUID, dict[UUID, list[Response]]] = defaultdict(lambda: defaultdict(list))
    for response in Response.objects.filter(sitting__in=sittings).order_by("part"):
        found[response.sitting_id][response.item_id].append(response)
    return found


def items_by_form(forms: set[UUID]) -> dict[UUID, list[FormItem]]:
    """The items of each form in printed order."""
    found: dict[UUID, list[FormItem]] = defaultdict(list)
    rows = FormItem.objects.filter(form__in=forms).select_related("version__question__objective")
    for item in rows.order_by("form", "position"):
        found[item.form_id].append(item)
    return found


def mark_of(responses: list[Response]) -> float:
    """What one item was worth: the sum over its parts; an omitted answer is nothing."""
    return float(sum(response.mark for response in responses if response.mark is not None))


def answer_to(responses: list[Response], part: str) -> Any:
    """The stored answer to an item, or to one part of a case however it was stored."""
    for response in responses:
        if response.part == part:
            return response.answer
        if part and not response.part and isinstance(response.answer, dict):
            return response.answer.get(part)
    return None
