"""Marks that arrive: each once, in any order, refused with a reason and kept for people."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.training.actions import attendance as actions
from cairn.training.actions.attendance import MarkSent
from cairn.training.models import (
    AttendanceMark,
    Enrolment,
    ReceivedRecord,
    RefusedRecord,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.queries import attendance as queries
from cairn.training.rules.choices import MarkKind
from cairn.training.rules.codes import code_in
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db


class Stage:
    """A running event with one open session and two participants."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.event: TrainingEvent = factories.event(
            state=EventState.RUNNING, starts="", ends="", time_zone="UTC"
        )
        self.trainer: Actor = factories.trainer(self.event)
        self.session: TrainingSession = factories.session(
            self.event, starts_at=self.now - timedelta(minutes=30), minutes=120
        )
        self.people: list[Enrolment] = [factories.enrolment(self.event) for _each in range(2)]
        actions.open_window(self.trainer, self.event.reference, self.session.pk)
        self.session.refresh_from_db()
        self.number = 0

    def mark(self, kind: str = MarkKind.IN, person: int = 0, **given: Any) -> MarkSent:
        self.number += 1
        values: dict[str, Any] = {
            "id": uuid4(),
            "session": self.session.pk,
            "kind": kind,
            "at": timezone.now(),
            "code": self.people[person].personal_code,
            "device": "phone-1",
            "sequence": self.number,
            "offset_seconds": 0,
        }
        return MarkSent(**{**values, **given})

    def send(self, *marks: MarkSent) -> list[actions.Receipt]:
        return actions.receive_marks(self.trainer, self.event, marks)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_mark_is_taken_acknowledged_with_its_hash_and_counted_once(stage: Stage) -> None:
    mark = stage.mark()
    first, again = stage.send(mark)[0], stage.send(mark)[0]
    assert (first.outcome, again.outcome) == ("accepted", "duplicate")
    assert first.digest == again.digest == mark.digest
    assert AttendanceMark.objects.count() == 1
    stage.people[0].refresh_from_db()
    assert stage.people[0].state == EnrolmentState.STARTED


def test_a_batch_with_strangers_takes_the_rest_and_lists_what_was_refused(stage: Stage) -> None:
    good, stranger = stage.mark(), stage.mark(code="ZZ-ZZ-ZZ")
    elsewhere = stage.mark(session=uuid4())
    outcomes = [each.outcome for each in stage.send(stranger, good, elsewhere)]
    assert outcomes == ["refused", "accepted", "refused"]
    kept = {each.reason_code: each for each in RefusedRecord.objects.all()}
    assert set(kept) == {"mark.stranger", "mark.session"}
    assert kept["mark.stranger"].content["code"] == "ZZ-ZZ-ZZ"
    assert [each.outcome for each in stage.send(stranger)] == ["refused"]
    assert RefusedRecord.objects.count() == 2


def test_one_id_with_other_content_never_replaces_what_was_kept(stage: Stage) -> None:
    mark = stage.mark()
    stage.send(mark)
    other = stage.mark(MarkKind.OUT, id=mark.id)
    for _time in range(2):
        (receipt,) = stage.send(other)
        assert (receipt.outcome, receipt.reason_code) == ("refused", "mark.conflict")
    assert RefusedRecord.objects.get().content["kind"] == MarkKind.OUT
    assert AttendanceMark.objects.get().kind == MarkKind.IN


@pytest.mark.parametrize(
    ("minutes", "offset", "code"),
    [
        (-10, 0, "mark.too-early"),
        # A clock four hours ahead, known: the mark was made in time.
        (240, 240 * 60, ""),
        # The same clock, not known: it proves nothing, so the mark is taken and flagged later.
        (240, None, ""),
        (-600, None, ""),
    ],
)
def test_the_window_judges_by_true_time(
    stage: Stage, minutes: int, offset: int | None, code: str
) -> None:
    at = timezone.now() + timedelta(minutes=minutes)
    (receipt,) = stage.send(stage.mark(at=at, offset_seconds=offset))
    assert receipt.reason_code == code


def test_a_mark_made_before_closing_is_taken_after_it_and_a_later_one_is_not(stage: Stage) -> None:
    early = stage.mark()
    actions.close_window(stage.trainer, stage.event.reference, stage.session.pk)
    late = stage.mark(at=timezone.now() + timedelta(minutes=2))
    first, second = stage.send(early, late)
    assert (first.outcome, second.reason_code) == ("accepted", "mark.too-late")


def test_a_session_that_was_never_opened_takes_no_badge(stage: Stage) -> None:
    other = factories.session(stage.event, 2, starts_at=timezone.now())
    (receipt,) = stage.send(stage.mark(session=other.pk))
    assert receipt.reason_code == "mark.not-open"


def test_a_correction_that_comes_before_its_mark_waits_and_then_counts(stage: Stage) -> None:
    mark = stage.mark()
    void = stage.mark(MarkKind.VOID, corrects=mark.id)
    (parked,) = stage.send(void)
    assert parked.outcome == "parked"
    stage.send(mark)
    assert AttendanceMark.objects.filter(kind=MarkKind.VOID).count() == 1
    assert not RefusedRecord.objects.exists()
    assert ReceivedRecord.objects.get(record_id=void.id).outcome == "accepted"
    row = queries.roll(stage.event).rows[stage.people[0].pk]
    assert row.seconds == 0
    assert row.unmarked == (stage.session.pk,)


def test_a_correction_of_somebody_elses_mark_is_refused(stage: Stage) -> None:
    mark = stage.mark()
    stage.send(mark)
    (receipt,) = stage.send(stage.mark(MarkKind.VOID, person=1, corrects=mark.id))
    assert receipt.reason_code == "mark.corrects"


def test_marks_are_never_changed_or_removed(stage: Stage) -> None:
    stage.send(stage.mark())
    mark = AttendanceMark.objects.get()
    with pytest.raises(TypeError):
        AttendanceMark.objects.filter(pk=mark.pk).delete()
    with pytest.raises(TypeError):
        AttendanceMark.objects.filter(pk=mark.pk).update(kind="out")
    with pytest.raises(TypeError):
        mark.delete()


def test_a_mark_taken_back_at_the_desk_stays_in_the_list(stage: Stage) -> None:
    mark = stage.mark()
    stage.send(mark)
    actions.correct_mark(stage.trainer, stage.event.reference, mark.id, "Wrong badge.")
    marks = queries.marks_of(stage.people[0])
    assert [each.kind for each in marks] == ["void", "in"]
    assert queries.taken_back(marks) == {mark.id}


def test_marks_that_come_after_delivery_settle_again_who_completed(stage: Stage) -> None:
    sent = [stage.mark(at=stage.session.starts_at, offset_seconds=None)]
    TrainingEvent.objects.filter(pk=stage.event.pk).update(state=EventState.DELIVERED)
    stage.send(*sent)
    person = Enrolment.objects.get(pk=stage.people[0].pk)
    assert (person.state, person.minutes_present) == (EnrolmentState.COMPLETED, 120)


def half_of(stage: Stage) -> str:
    return queries.roll(stage.event).half_days[0].key


def test_a_paper_sheet_says_present_and_absent_and_twice_is_once(stage: Stage) -> None:
    half, signed = half_of(stage), frozenset({stage.people[0].pk})
    reference = stage.event.reference
    first = actions.key_sheet(stage.trainer, reference, [half], {half: signed})
    assert len(first) == 2
    assert not actions.key_sheet(stage.trainer, reference, [half], {half: signed})
    rows = queries.roll(stage.event).rows
    assert [rows[each.pk].minutes for each in stage.people] == [120, 0]
    assert rows[stage.people[1].pk].unmarked == ()
    # The sheet was read wrongly: keying it again corrects.
    again = actions.key_sheet(
        stage.trainer, reference, [half], {half: frozenset({stage.people[1].pk})}
    )
    assert len(again) == 2
    rows = queries.roll(stage.event).rows
    assert [rows[each.pk].minutes for each in stage.people] == [0, 120]


def test_a_sheet_without_a_half_day_is_refused(stage: Stage) -> None:
    with pytest.raises(RuleBroken) as refusal:
        actions.key_sheet(stage.trainer, stage.event.reference, [], {})
    assert refusal.value.code == "attendance.sheet"


def test_a_trainer_of_another_event_sends_no_marks(stage: Stage) -> None:
    other = factories.trainer(factories.event("T02"), "trainer-elsewhere")
    with pytest.raises(PermissionDenied):
        actions.receive_marks(other, stage.event, [stage.mark()])
    assert not AttendanceMark.objects.exists()


def test_a_refused_record_is_dealt_with_once_and_in_words(stage: Stage) -> None:
    stage.send(stage.mark(code="ZZ-ZZ-ZZ"))
    record = RefusedRecord.objects.get()
    reference = stage.event.reference
    for words, code in (("", "refused.resolution"), ("Badge of another event.", "")):
        if code:
            with pytest.raises(RuleBroken, check=lambda refusal: refusal.code == code):  # noqa: B023
                actions.resolve_refused(stage.trainer, reference, record.pk, words)
        else:
            actions.resolve_refused(stage.trainer, reference, record.pk, words)
    with pytest.raises(RuleBroken) as refusal:
        actions.resolve_refused(stage.trainer, reference, record.pk, "Once more.")
    assert refusal.value.code == "refused.resolved"


def test_the_log_tells_of_marks_by_number_and_names_nobody(stage: Stage) -> None:
    stage.send(stage.mark(), stage.mark(code="ZZ-ZZ-ZZ"))
    entry = AuditEntry.objects.get(code="attendance.marked")
    assert entry.facts == {"accepted": 1, "refused": 1}


def test_the_number_of_questions_to_the_database_does_not_grow_with_marks(
    stage: Stage, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(24):
        stage.send(*[stage.mark(MarkKind.OUT, person=each % 2) for each in range(60)])
    assert AttendanceMark.objects.count() == 60


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://invented.example/t/K7Q-M2R/7K-QM-3R/", "7K-QM-3R"),
        ("k7q m2r", "K7Q-M2R"),
        ("nothing like it", "nothing like it"),
    ],
)
def test_the_code_is_found_in_what_a_badge_says(text: str, code: str) -> None:
    from cairn.training.testing.personal_codes import check_sign

    signs = "7KQM3"
    real = f"7K-QM-3{check_sign(signs)}"
    assert code_in(text.replace("7K-QM-3R", real)) == code.replace("7K-QM-3R", real)


def test_ids_are_those_of_the_device(stage: Stage) -> None:
    key = UUID(int=7)
    stage.send(stage.mark(id=key))
    assert AttendanceMark.objects.get().pk == key
