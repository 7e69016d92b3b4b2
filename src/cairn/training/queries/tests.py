"""Reads about tests: forms as they are asked, windows of an event, who has finished, scores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cairn.core.actor import Actor
from cairn.training.models import (
    Enrolment,
    FormItem,
    KeyedSheet,
    Response,
    TestBlueprint,
    TestForm,
    TestSitting,
    TestWindow,
    TrainingEvent,
)
from cairn.training.rules.choices import SittingMeans, TestWave
from cairn.training.rules.states import EnrolmentState
from cairn.training.testing.questions import Item, Question, read
from cairn.training.testing.scoring import Total
from cairn.training.testing.sittings import WindowState, window_state

WAVES = tuple(TestWave)
# Who was never there takes no test; whoever withdrew keeps what was answered before.
TAKING_PART = frozenset(EnrolmentState) - {EnrolmentState.WITHDRAWN, EnrolmentState.NO_SHOW}


@dataclass(frozen=True, slots=True)
class Place:
    """One thing to answer in a form: one screen on a phone, one cell of an answer sheet.

    `number` counts from 1; `label` is what stands on paper: "3", or "3b" for the second part of a
    case; `key` names it in forms and keyed sheets: "3" or "3.i2".
    """

    number: int
    label: str
    form_item: FormItem
    question: Question
    item: Item

    @property
    def key(self) -> str:
        part = f".{self.item.code}" if self.item.code else ""
        return f"{self.form_item.position}{part}"

    @property
    def response_key(self) -> tuple[UUID, str]:
        """How its answer is found among the responses of a sitting: (form item, part)."""
        return (self.form_item.pk, self.item.code)


def places(form: TestForm) -> list[Place]:
    """All that a form asks, in order. One query."""
    found: list[Place] = []
    items = form.items.select_related("version__question__objective").order_by("position")
    for form_item in items:
        question = read(form_item.version.content)
        for place, item in enumerate(question.items):
            letter = chr(ord("a") + place) if item.code else ""
            label = f"{form_item.position}{letter}"
            found.append(Place(len(found) + 1, label, form_item, question, item))
    return found


def form_languages(asked: Iterable[Place]) -> list[str]:
    """Languages in which at least one question of a form has words, in order of how many do."""
    counts: dict[str, int] = {}
    for place in asked:
        for language in place.question.languages:
            counts[language] = counts.get(language, 0) + 1
    return sorted(counts, key=lambda language: (-counts[language], language))


def find_event(actor: Actor, reference: str) -> TrainingEvent:
    """The event. Raises TrainingEvent.DoesNotExist when the actor does not see it."""
    found: TrainingEvent = TrainingEvent.objects.visible_to(actor).get(reference=reference)
    return found


def windows(event: TrainingEvent) -> dict[TestWave, TestWindow]:
    """The tests of an event by wave."""
    rows = TestWindow.objects.filter(event=event).select_related("blueprint")
    by_wave = {TestWave(window.wave): window for window in rows}
    return {wave: by_wave[wave] for wave in WAVES if wave in by_wave}


def state_of(window: TestWindow | None) -> WindowState:
    """What a window is in; a wave without one was not opened."""
    if window is None:
        return WindowState.NOT_OPENED
    return window_state(window.opened_at, window.closed_at, window.released_at)


def form_of(window: TestWindow, letter: str) -> TestForm:
    """Form A or B of a window. Raises TestForm.DoesNotExist."""
    return TestForm.objects.get(
        blueprint_id=window.blueprint_id, edition=window.form_edition, letter=letter
    )


@dataclass(frozen=True, slots=True)
class Usable:
    """A blueprint with a pair of forms that a window can use."""

    blueprint: TestBlueprint
    edition: int

    @property
    def value(self) -> str:
        return f"{self.blueprint.pk}:{self.edition}"


def blueprints(actor: Actor) -> QuerySet[TestBlueprint]:
    """Plans of tests that the actor sees, by title."""
    rows = cast(QuerySet[TestBlueprint], TestBlueprint.objects.visible_to(actor))
    return rows.order_by("title")


def usable_forms(actor: Actor) -> list[Usable]:
    """Pairs of forms, the newest edition of each blueprint. Two queries."""
    newest: dict[UUID, int] = {}
    rows = (
        TestForm.objects.filter(blueprint__in=blueprints(actor))
        .values("blueprint", "edition")
        .annotate(letters=Count("letter"))
        .filter(letters__gte=2)
    )
    for row in rows:
        newest[row["blueprint"]] = max(row["edition"], newest.get(row["blueprint"], 0))
    found = blueprints(actor).filter(pk__in=newest)
    return [Usable(blueprint, newest[blueprint.pk]) for blueprint in found]


def participants(event: TrainingEvent) -> QuerySet[Enrolment]:
    """Whoever takes part, by code."""
    return event.enrolments.filter(state__in=TAKING_PART).order_by("personal_code")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one participant is with one test. `answered`, `of`: questions, while on a phone."""

    code: str
    form: str
    stage: str
    means: str = ""
    started_at: datetime | None = None
    handed_in_at: datetime | None = None
    is_late: bool = False
    answered: int = 0
    entries: int = 0


def standings(event: TrainingEvent, wave: TestWave) -> list[Standing]:
    """Every participant's standing in a wave, by code, without marks. Four queries.

    `stage`: "waiting", "begun", "keyed" (one entry of a sheet), "differs" (two entries that are
    not settled), "handed-in".
    """
    sittings = {
        sitting.enrolment_id: sitting
        for sitting in TestSitting.objects.filter(event=event, wave=wave).select_related("form")
    }
    answered = dict(
        Response.objects.filter(sitting__event=event, sitting__wave=wave, answer__isnull=False)
        .values_list("sitting")
        .annotate(Count("pk"))
    )
    keyed: dict[UUID, int] = {}
    for enrolment_id in KeyedSheet.objects.filter(
        event=event, wave=wave, settled_at=None
    ).values_list("enrolment_id", flat=True):
        keyed[enrolment_id] = keyed.get(enrolment_id, 0) + 1
    found = []
    rows = event.enrolments.filter(Q(state__in=TAKING_PART) | Q(pk__in=list(sittings))).order_by(
        "personal_code"
    )
    for enrolment in rows:
        sitting = sittings.get(enrolment.pk)
        entries = keyed.get(enrolment.pk, 0)
        if sitting is None:
            stage = ("waiting", "keyed", "differs")[min(entries, 2)]
            form = letter_for(enrolment, wave)
            found.append(Standing(enrolment.personal_code, form, stage, entries=entries))
            continue
        found.append(
            Standing(
                code=enrolment.personal_code,
                form=sitting.form.letter,
                stage="begun" if sitting.handed_in_at is None else "handed-in",
                means=str(SittingMeans(sitting.means).label),
                started_at=sitting.started_at,
                handed_in_at=sitting.handed_in_at,
                is_late=sitting.is_late,
                answered=answered.get(sitting.pk, 0),
            )
        )
    return found


def letter_for(enrolment: Enrolment, wave: TestWave) -> str:
    """The form of a participant in a wave: crossed, so "AB" takes A before and B after."""
    order = enrolment.forms
    return order[WAVES.index(TestWave(wave)) % 2] if len(order) == 2 else ""


def waiting_for_marks(event: TrainingEvent, wave: TestWave | None = None) -> QuerySet[Response]:
    """Short answers of an event that nobody has settled, oldest first."""
    rows = Response.objects.filter(
        sitting__event=event, sitting__handed_in_at__isnull=False, mark=None
    )
    if wave is not None:
        rows = rows.filter(sitting__wave=wave)
    return rows.order_by("answered_at", "pk")


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A place with what one participant has answered so far."""

    place: Place
    response: Response | None

    @property
    def answer(self) -> Any:
        return self.response.answer if self.response else None


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A test of one participant, with what is needed to go on with it."""

    window: TestWindow
    state: WindowState
    sitting: TestSitting | None
    answers: list[OwnAnswer] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return sum(each.answer is not None for each in self.answers)

    @property
    def next_number(self) -> int:
        """The first place without an answer; the last one when all have one."""
        for each in self.answers:
            if each.answer is None:
                return each.place.number
        return len(self.answers)


def own_tests(enrolment: Enrolment) -> list[OwnTest]:
    """The tests of a participant's event that were opened, in order, without their questions."""
    sittings = {
        sitting.wave: sitting
        for sitting in TestSitting.objects.filter(enrolment=enrolment).select_related("form")
    }
    return [
        OwnTest(window, state_of(window), sittings.get(wave.value))
        for wave, window in windows(enrolment.event).items()
        if window.opened_at is not None
    ]


def own_test(enrolment: Enrolment, wave: TestWave) -> OwnTest:
    """One test of a participant with questions and answers, once it is begun.

    Raises TestWindow.DoesNotExist when the event has no such test.
    """
    window = TestWindow.objects.select_related("event", "blueprint").get(
        event=enrolment.event_id, wave=wave
    )
    sitting = (
        TestSitting.objects.filter(enrolment=enrolment, wave=wave).select_related("form").first()
    )
    if sitting is None:
        return OwnTest(window, state_of(window), None)
    by_key = {(each.item_id, each.part): each for each in sitting.responses.all()}
    answers = [OwnAnswer(place, by_key.get(place.response_key)) for place in places(sitting.form)]
    return OwnTest(window, state_of(window), sitting, answers)


def own_total(answers: Iterable[OwnAnswer]) -> Total:
    """The score of a test that was handed in; what was not answered counts 0."""
    reached, highest, answered, waiting = Decimal(0), Decimal(0), 0, 0
    for each in answers:
        highest += each.place.item.max_mark
        answered += each.answer is not None
        mark = each.response.mark if each.response else Decimal(0)
        waiting += mark is None
        reached += mark or 0
    return Total(None if waiting else reached, highest, answered, waiting)


def joining(join_code: str, personal_code: str) -> Enrolment | None:
    """The participant of these codes (in their written form), or None: which is wrong is not told.

    One query.
    """
    if not join_code or not personal_code:
        return None
    return (
        Enrolment.objects.filter(
            event__join_code=join_code,
            personal_code=personal_code,
            state__in=TAKING_PART,
        )
        .select_related("event")
        .first()
    )


def participant(enrolment_id: UUID) -> Enrolment | None:
    """The participant whom a phone was let in as, while they take part."""
    rows = Enrolment.objects.filter(pk=enrolment_id, state__in=TAKING_PART)
    return rows.select_related("event").first()
