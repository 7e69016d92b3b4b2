"""Events through their actions: days, states, sessions booked twice, staff, people, counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.training.actions import enrolments, events, reports, sessions, walk_ins
from cairn.training.actions.events import EventFacts
from cairn.training.actions.sessions import SessionFacts
from cairn.training.models import CoursePlan, Enrolment, Step, TrainingEvent
from cairn.training.rules.choices import EventKind, MarkKind, Participation, StaffRole
from cairn.training.rules.reports import Counted
from cairn.training.rules.states import EnrolmentState, EventState, ReportState
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db


def facts(**given: Any) -> EventFacts:
    values: dict[str, Any] = {
        "title": "Invented event",
        "kind": EventKind.TOT,
        "organisation": factories.agency(),
        "country": "NPL",
        "place": "Invented Hall",
        "starts": "2026-03-02",
        "ends": "2026-03-04",
        "time_zone": "Asia/Kathmandu",
    }
    return EventFacts(**{**values, **given})


def session_facts(day: int = 2, hour: int = 4, hours: float = 2, room: str = "") -> SessionFacts:
    starts = datetime(2026, 3, day, hour, tzinfo=UTC)
    return SessionFacts(f"Invented {day}-{hour}", starts, starts + timedelta(hours=hours), room)


def broken(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda refusal: refusal.code == code)


def test_an_officer_enters_an_event_with_the_next_free_reference() -> None:
    actor = factories.officer()
    first = events.create_event(actor, facts())
    second = events.create_event(actor, facts())
    assert (first.reference, second.reference) == ("T001", "T002")
    assert len(first.secret) >= 40
    assert first.secret != second.secret
    assert first.join_code != second.join_code
    assert AuditEntry.objects.filter(code="training_event.created").count() == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ends": "2026-03-01"}, "training_event.days"),
        ({"ends": "2026-02"}, "training_event.days"),
        ({"time_zone": "Invented/Nowhere"}, "training_event.zone"),
        ({"reference": "new"}, "training_event.reference"),
        ({"reference": "T 1"}, "training_event.reference"),
        ({"starts": "2026-13-01"}, "date.month"),
    ],
)
def test_an_impossible_event_is_refused_and_leaves_nothing(given: Any, code: str) -> None:
    with broken(code):
        events.create_event(factories.officer(), facts(**given))
    assert not TrainingEvent.objects.exists()


def test_a_taken_reference_is_refused() -> None:
    actor = factories.officer()
    events.create_event(actor, facts(reference="E7"))
    with broken("training_event.reference"):
        events.create_event(actor, facts(reference="E7"))


def test_a_trainer_and_an_officer_elsewhere_do_not_plan_events() -> None:
    event = factories.event()
    trainer = factories.trainer(event)
    stranger = factories.officer("elsewhere", at=factories.agency("Invented Other Agency"))
    for actor in (trainer, stranger):
        with pytest.raises(PermissionDenied):
            events.create_event(actor, facts())
        with pytest.raises(PermissionDenied):
            events.edit_event(actor, event.reference, facts(), version=1)
        with pytest.raises(PermissionDenied):
            events.move_event(actor, event.reference, EventState.CANCELLED, "Invented reason")


def test_two_people_who_change_an_event_do_not_overwrite_each_other() -> None:
    actor = factories.officer()
    event = events.create_event(actor, facts())
    changed = events.edit_event(actor, event.reference, facts(place="Hall 2"), version=1)
    assert (changed.version, changed.changes) == (2, 1)
    with broken("training_event.changed"):
        events.edit_event(actor, event.reference, facts(place="Hall 3"), version=1)


def test_an_event_is_put_off_only_with_a_reason_and_the_reason_stands_in_its_history() -> None:
    actor, event = factories.officer(), factories.event()
    with broken("training_event.reason"):
        events.move_event(actor, event.reference, EventState.POSTPONED)
    events.move_event(actor, event.reference, EventState.POSTPONED, "The road is closed.")
    step = Step.objects.get(subject_id=event.pk)
    assert (step.before, step.after) == ("confirmed", "postponed")
    assert step.reason == "The road is closed."
    with broken("training_event.move"):
        events.move_event(actor, event.reference, EventState.RUNNING)


def test_an_event_starts_when_it_has_a_session_and_a_trainer_and_freezes_its_plan() -> None:
    actor = factories.officer()
    plan = CoursePlan.objects.create(code="XP", title="Invented plan", cut_score="0.600")
    event = factories.event(plan=plan)
    with broken("training_event.not-ready"):
        events.move_event(actor, event.reference, EventState.RUNNING)
    sessions.add_session(actor, event.reference, session_facts())
    with broken("training_event.not-ready"):
        events.move_event(actor, event.reference, EventState.RUNNING)
    trainer = factories.trainer(event)
    started = events.move_event(trainer, event.reference, EventState.RUNNING)
    assert started.edition is not None
    assert started.edition.content["completion"]["cut_score"] == "0.600"
    plan.title = "Changed"
    plan.save()
    other = factories.event("T02", plan=plan)
    factories.session(other)
    factories.trainer(other, "another-trainer")
    again = events.move_event(actor, other.reference, EventState.RUNNING)
    assert again.edition is not None
    assert (again.edition.number, started.edition.number) == (2, 1)


def test_a_session_outside_the_days_or_backwards_is_refused() -> None:
    actor, event = factories.officer(), factories.event(time_zone="Asia/Kathmandu")
    with broken("session.day"):
        sessions.add_session(actor, event.reference, session_facts(day=5))
    # 19:00 UTC of the last day is the next day in Kathmandu.
    with broken("session.day"):
        sessions.add_session(actor, event.reference, session_facts(day=4, hour=19))
    with broken("session.times"):
        sessions.add_session(actor, event.reference, session_facts(hours=-1))
    with broken("session.times"):
        sessions.add_session(actor, event.reference, session_facts(hours=13))


def test_rooms_and_trainers_that_are_booked_twice_are_told_before_they_are_saved() -> None:
    actor = factories.officer()
    event, other = factories.event(place="Hall"), factories.event("T02", place="Hall")
    trainer = factories.practitioner("Invented Trainer")
    for each in (event, other):
        sessions.staff(actor, each, trainer, StaffRole.LEAD)
    sessions.add_session(actor, event.reference, session_facts(room="Room 1"))
    with pytest.raises(RuleBroken) as refusal:
        sessions.add_session(actor, other.reference, session_facts(hour=5, room="room 1"))
    assert refusal.value.code == "session.conflict"
    assert "room 1" in refusal.value.message
    assert trainer.code in refusal.value.message
    kept = sessions.add_session(
        actor, other.reference, session_facts(hour=5, room="room 1"), despite_conflicts=True
    )
    assert kept.position == 1
    # One that begins as the other ends is fine.
    sessions.add_session(actor, event.reference, session_facts(hour=7, room="Room 1"))


def test_a_session_with_marks_stays() -> None:
    actor, event = factories.officer(), factories.event(state=EventState.RUNNING)
    session = factories.session(event, starts_at=timezone.now())
    someone = factories.enrolment(event)
    from cairn.training.actions.attendance import mark_at_desk

    mark_at_desk(actor, event.reference, session.pk, someone.pk, MarkKind.PRESENT)
    with broken("session.marked"):
        sessions.remove_session(actor, event.reference, session.pk)


def test_supervised_delivery_names_a_supervisor_of_the_same_event() -> None:
    actor, event = factories.officer(), factories.event()
    lead = sessions.staff(actor, event, factories.practitioner("Lead"), StaffRole.LEAD)
    new = factories.practitioner("New trainer")
    entry = sessions.staff(actor, event, new, StaffRole.CO_TRAINER, supervised_by=lead)
    assert entry.supervised_by == lead
    with broken("staffing.twice"):
        sessions.staff(actor, event, new, StaffRole.CO_TRAINER)
    elsewhere = factories.staffing(factories.event("T02"))
    with broken("staffing.supervisor"):
        sessions.staff(actor, event, new, StaffRole.ASSISTANT, supervised_by=elsewhere)


def test_everybody_enrolled_has_a_personal_code_and_stands_there_once() -> None:
    actor, event = factories.officer(), factories.event(languages=["fr", "en"])
    person = factories.practitioner(languages=[{"code": "en", "level": "C1"}], sex="female")
    first = enrolments.enrol(actor, event, person)
    second = enrolments.enrol(actor, event, factories.practitioner())
    assert first.personal_code != second.personal_code
    assert (first.sex, first.language, second.language) == ("female", "en", "fr")
    with broken("enrolment.twice"):
        enrolments.enrol(actor, event, person)


def test_an_event_of_counts_takes_no_persons() -> None:
    event = factories.event(participation=Participation.AGGREGATE)
    with broken("enrolment.counts-only"):
        enrolments.enrol(factories.officer(), event, factories.practitioner())


def test_somebody_who_looks_known_is_told_before_a_second_record_is_made() -> None:
    actor, event = factories.officer(), factories.event()
    given: dict[str, Any] = {"name": "Aisha Invented Sample", "country": "NPL"}
    first = walk_ins.add_walk_in(actor, event.reference, **given)
    with pytest.raises(RuleBroken) as refusal:
        walk_ins.add_walk_in(actor, event.reference, name="Sample Aïsha Invented", country="NPL")
    assert refusal.value.code == "walk-in.similar"
    assert first.practitioner.code in refusal.value.message
    assert "Aisha" not in str(refusal.value)
    walk_ins.add_walk_in(
        actor, event.reference, name="Sample Aïsha Invented", country="NPL", is_another=True
    )
    assert Enrolment.objects.count() == 2


def delivered_event(minutes_present: int) -> tuple[TrainingEvent, Enrolment]:
    """An event of one session of 100 minutes, in which one participant was `minutes_present`."""
    event = factories.event(state=EventState.DELIVERED, starts="2026-03-02", ends="2026-03-02")
    starts = datetime(2026, 3, 2, 9, tzinfo=UTC)
    session = factories.session(event, starts_at=starts, minutes=100)
    person = factories.enrolment(event, state=EnrolmentState.STARTED)
    for kind, minute in ((MarkKind.IN, 0), (MarkKind.OUT, minutes_present)):
        event.marks.create(
            session=session,
            enrolment=person,
            kind=kind,
            means="qr",
            at=starts + timedelta(minutes=minute),
            offset_seconds=0,
            received_at=starts,
        )
    return event, person


@pytest.mark.parametrize(
    ("minutes", "state"), [(80, EnrolmentState.COMPLETED), (79, EnrolmentState.INCOMPLETE)]
)
def test_completion_follows_from_the_minutes(minutes: int, state: EnrolmentState) -> None:
    event, person = delivered_event(minutes)
    enrolments.settle(factories.officer(), event)
    person.refresh_from_db()
    assert (person.state, person.minutes_present) == (state, minutes)
    assert (person.completed_on is not None) is (state == EnrolmentState.COMPLETED)


def test_settling_twice_changes_nothing() -> None:
    event, _person = delivered_event(90)
    actor = factories.officer()
    assert enrolments.settle(actor, event).changed == 1
    assert enrolments.settle(actor, event).changed == 0


def test_a_decision_by_hand_takes_a_reason_and_stands_until_it_is_lifted() -> None:
    event, person = delivered_event(10)
    actor = factories.officer()
    with broken("enrolment.reason"):
        enrolments.override_completion(actor, person.pk, True, " ")
    enrolments.override_completion(actor, person.pk, True, "Ill on the last day, task done.")
    enrolments.settle(actor, event)
    person.refresh_from_db()
    assert person.state == EnrolmentState.COMPLETED
    enrolments.lift_override(actor, person.pk)
    person.refresh_from_db()
    assert person.state == EnrolmentState.INCOMPLETE


def test_a_trainer_of_another_event_touches_no_participant() -> None:
    _event, person = delivered_event(90)
    other = factories.trainer(factories.event("T02"), "trainer-elsewhere")
    with pytest.raises(Enrolment.DoesNotExist):
        enrolments.withdraw(other, person.pk, "Invented reason")


def report_facts(**given: Any) -> reports.ReportFacts:
    values: dict[str, Any] = {
        "counts": [Counted("female", 6), Counted("male", 25)],
        "title": "Invented course",
        "organisation": factories.agency(),
        "country": "NPL",
        "starts": "2026-03-02",
        "hours": Decimal(4),
    }
    return reports.ReportFacts(**{**values, **given})


def test_a_training_by_counts_becomes_a_delivered_event_that_holds_nobody() -> None:
    user = user_with_role("trainer", at=factories.agency())
    trainer = factories.acting(user)
    factories.practitioner("Invented Trainer", user_id=user.pk)
    report = reports.report_by_counts(trainer, report_facts())
    assert report.event.state == EventState.DELIVERED
    assert report.event.participation == Participation.AGGREGATE
    assert sum(each.count for each in report.counts.all()) == 31
    assert report.event.staffing.get().practitioner == report.reported_by
    again = reports.report_by_counts(trainer, report_facts(id=report.pk))
    assert again.pk == report.pk
    assert TrainingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"counts": []}, "report.counts"),
        ({"counts": [Counted("male", -1), Counted("female", 3)]}, "report.counts"),
        ({"pre": {"n": 32, "mean": 3, "max": 10}}, "report.tally"),
        ({"pre": {"n": 31, "mean": 11, "max": 10}}, "report.tally"),
        ({"pre": {"n": 31}}, "report.tally"),
        ({"starts": "2099-01-01"}, "report.day"),
    ],
)
def test_a_report_that_cannot_be_true_is_refused(given: Any, code: str) -> None:
    with broken(code):
        reports.report_by_counts(factories.officer(), report_facts(**given))
    assert not TrainingEvent.objects.exists()


def test_a_report_is_verified_only_after_a_sample() -> None:
    report = reports.report_by_counts(factories.officer("sender"), report_facts())
    actor = factories.officer("checker")
    reports.move_report(actor, report.pk, ReportState.PLAUSIBLE)
    with broken("cascade_report.sample"):
        reports.move_report(actor, report.pk, ReportState.SAMPLED)
    with broken("sample.numbers"):
        reports.record_sample(actor, report.pk, method="Called", asked=3, confirmed=4)
    reports.record_sample(actor, report.pk, method="Called", asked=5, confirmed=5)
    report.refresh_from_db()
    assert report.state == ReportState.SAMPLED
    reports.move_report(actor, report.pk, ReportState.VERIFIED)
    with broken("cascade_report.reason"):
        reports.move_report(actor, report.pk, ReportState.DISPUTED)
