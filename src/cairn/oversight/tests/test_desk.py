"""What the desk does: requests and incidents step by step, alerts, notices, notes, keys."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from cairn.access.tests.factories import actor_with_role, user_with_role
from cairn.core import clock
from cairn.core.actor import PUBLIC, Actor
from cairn.oversight.actions.alerts import decide_alert, raise_alert, see_notices, tell
from cairn.oversight.actions.desk import (
    escalate_alert,
    move_incident,
    move_request,
    record_request,
    report_incident,
)
from cairn.oversight.actions.keys import start_renewal, zone_words
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.models import Alert, Incident, Notice, Step, SubjectRequest
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.models.desk import IncidentKind, Severity, Wish
from cairn.oversight.rules import AlertState, IncidentState, RequestState
from cairn.oversight.tasks import renew_keys
from cairn.oversight.tests.factories import NOTE, both_at_once, entries, officer, refused
from cairn.referral.tests.factories import actor_of, person, provider
from cairn.vault import keyring
from cairn.vault.opening import Unreadable

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk() -> Actor:
    return officer()


@pytest.fixture
def worker() -> Actor:
    return provider()


def request_of(desk: Actor, **changes: Any) -> SubjectRequest:
    wishes: dict[str, Any] = {
        "received_on": clock.now().date(),
        "who": " Zarquil asks ",
        "safe_channel": "Through the shelter",
        "statement": "What do you keep?",
    }
    return record_request(desk, Wish.ACCESS, **(wishes | changes))


def incident_of(actor: Actor, **changes: Any) -> Incident:
    wishes: dict[str, Any] = {"aware_at": clock.now(), "description": NOTE}
    return report_incident(actor, IncidentKind.LOST_DEVICE, Severity.SERIOUS, **(wishes | changes))


def test_a_request_is_taken_down_sealed_with_a_month_to_answer(desk: Actor) -> None:
    today = clock.now().date()
    made = request_of(desk, kind="person", code=" k7q-m2r ", received_on=today - 3 * DAY)
    kept = SubjectRequest.objects.get()
    assert (kept.state, kept.code, kept.recorded_by) == ("received", "K7Q-M2R", desk.user_id)
    assert kept.answer_by == today + 27 * DAY
    opened = open_notes(desk, [kept], ["who", "safe_channel", "statement"])[0]
    assert opened == {
        "who": "Zarquil asks",
        "safe_channel": "Through the shelter",
        "statement": "What do you keep?",
    }
    assert kept.reference.startswith("R-")
    step = Step.objects.get(record_id=made.pk)
    assert (step.before, step.after, step.by) == ("", "received", desk.user_id)
    assert step.data_key == kept.data_key
    (entry,) = entries("subject-request.received")
    assert entry.facts == {"wish": "access"}


def test_references_tell_nothing_and_do_not_repeat(desk: Actor) -> None:
    assert len({request_of(desk).reference for _ in range(5)}) == 5


def test_only_the_desk_takes_requests_down_and_none_of_tomorrow(desk: Actor, worker: Actor) -> None:
    refused("request.future", lambda: request_of(desk, received_on=clock.now().date() + DAY))
    with pytest.raises(LookupError):
        request_of(desk, kind="no-such-kind")
    for stranger in (worker, PUBLIC):
        with pytest.raises(PermissionDenied):
            request_of(stranger)
    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_request_of_today_is_taken_down_where_the_day_is_another_one_than_elsewhere(
    desk: Actor, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """At nine in the evening of UTC it is tomorrow in Tokyo; at two in the night still yesterday
    in California."""
    hour = 21 if zone.startswith("Asia") else 2
    moment = datetime(2026, 3, 10, hour, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with timezone.override(zone):
        local = timezone.localdate(moment)
        assert local != moment.date()
        assert request_of(desk, received_on=local).received_on == local
        refused("request.future", lambda: request_of(desk, received_on=local + DAY))


def test_a_request_goes_step_by_step_each_with_its_sealed_note(desk: Actor) -> None:
    made = request_of(desk)
    refused("oversight.move", lambda: move_request(desk, made.pk, RequestState.FULFILLED, NOTE))
    way = [
        RequestState.IDENTITY_VERIFIED,
        RequestState.HOLD_CHECKED,
        RequestState.PARTLY,
        RequestState.NOTIFIED,
    ]
    for to in way:
        move_request(desk, made.pk, to, f" {NOTE} ")
    made.refresh_from_db()
    assert made.state == RequestState.NOTIFIED
    steps = list(Step.objects.filter(record_id=made.pk))
    assert [step.after for step in steps] == ["received", *(to.value for to in way)]
    assert [each["note"] for each in open_notes(desk, steps, ["note"])] == ["", *[NOTE] * 4]
    assert [entry.facts["after"] for entry in entries("subject-request.moved")] == way
    assert NOTE not in str([entry.facts for entry in entries("subject-request.moved")])


def test_a_step_of_a_request_needs_a_note_and_the_desk(desk: Actor, worker: Actor) -> None:
    made = request_of(desk)
    to = RequestState.IDENTITY_VERIFIED
    refused("oversight.reason", lambda: move_request(desk, made.pk, to, "done"))
    with pytest.raises(SubjectRequest.DoesNotExist):
        move_request(worker, made.pk, to, NOTE)
    made.refresh_from_db()
    assert made.state == RequestState.RECEIVED


def test_whoever_works_here_reports_and_the_desk_is_told(desk: Actor, worker: Actor) -> None:
    aware = clock.now() - 2 * HOUR
    made = incident_of(worker, aware_at=aware, persons_affected=3)
    assert (made.state, made.reported_by) == ("reported", worker.user_id)
    assert made.notify_by == aware + 72 * HOUR
    notice = Notice.objects.get()
    assert (notice.user_id, notice.code) == (desk.user_id, "incident.reported")
    assert notice.facts == {"reference": made.reference}
    assert entries("incident.reported")[0].facts == {
        "kind": "lost-device",
        "severity": "serious",
    }
    assert open_notes(desk, [made], ["description"])[0]["description"] == NOTE


def test_what_has_not_happened_yet_is_not_reported(worker: Actor) -> None:
    refused("incident.future", lambda: incident_of(worker, aware_at=clock.now() + HOUR))
    refused("oversight.reason", lambda: incident_of(worker, description="lost"))
    for stranger in (actor_with_role("donor"), PUBLIC):
        with pytest.raises(PermissionDenied):
            incident_of(stranger)


def test_the_72_hours_are_counted_wherever_the_clock_of_the_reader_stands(worker: Actor) -> None:
    local = clock.now().astimezone(ZoneInfo("Pacific/Kiritimati"))  # already tomorrow there
    assert incident_of(worker, aware_at=local).notify_by == local + 72 * HOUR


def test_an_incident_goes_step_by_step_by_the_desk_alone(desk: Actor, worker: Actor) -> None:
    made = incident_of(worker)
    with pytest.raises(PermissionDenied):
        move_incident(worker, made.pk, IncidentState.CONTAINED, NOTE)
    with pytest.raises(Incident.DoesNotExist):
        move_incident(provider("colleague"), made.pk, IncidentState.CONTAINED, NOTE)
    refused("oversight.move", lambda: move_incident(desk, made.pk, IncidentState.CLOSED, NOTE))
    refused("oversight.reason", lambda: move_incident(desk, made.pk, IncidentState.ASSESSED, "ok"))
    for to in (IncidentState.ASSESSED, IncidentState.NOTIFIED, IncidentState.CLOSED):
        move_incident(desk, made.pk, to, NOTE)
    made.refresh_from_db()
    assert made.state == IncidentState.CLOSED
    assert [entry.facts["after"] for entry in entries("incident.moved")] == [
        "assessed",
        "notified",
        "closed",
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_step_one_takes_it(desk: Actor) -> None:
    made, second = incident_of(desk), officer("second")
    to = IncidentState.CONTAINED
    got = both_at_once(
        lambda: move_incident(desk, made.pk, to, NOTE),
        lambda: move_incident(second, made.pk, to, NOTE),
    )
    assert sum(isinstance(each, Incident) for each in got) == 1, got
    assert Step.objects.filter(record_id=made.pk).count() == 2


def alert_about(actor: Actor | None = None, **changes: Any) -> Alert:
    about = {"window": "invented", "actor_id": actor.user_id if actor else None}
    return raise_alert(AlertKind.MANY_PERSONS, **(about | changes))


def test_an_alert_is_raised_once_and_only_grows(worker: Actor) -> None:
    one = alert_about(worker, count=3, facts={"persons": 3})
    assert alert_about(worker, count=5, facts={"persons": 5}) == one
    alert_about(worker, count=4, facts={"persons": 4})
    kept = Alert.objects.get()
    assert (kept.count, kept.facts) == (5, {"persons": 5})
    assert alert_about(None) == alert_about(None)
    assert alert_about(worker, window="another") != one
    assert Alert.objects.count() == 3


def test_an_alert_is_explained_with_a_sealed_reason(desk: Actor, worker: Actor) -> None:
    made = alert_about(worker)
    decide_alert(desk, made.pk, AlertState.EXPLAINED, f" {NOTE} ")
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("explained", desk.user_id)
    assert open_notes(desk, [made], ["note"])[0]["note"] == NOTE
    assert entries("alert.explained")[0].facts == {"kind": "many-persons"}
    refused("oversight.move", lambda: decide_alert(desk, made.pk, AlertState.EXPLAINED, NOTE))


def test_an_alert_becomes_an_incident_whose_72_hours_begin_now(desk: Actor, worker: Actor) -> None:
    made = alert_about(worker)
    decide_alert(desk, made.pk, AlertState.EXPLAINED, NOTE)
    incident = escalate_alert(desk, made.pk, Severity.DANGER, NOTE)
    made.refresh_from_db()
    assert made.state == AlertState.ESCALATED
    assert (incident.alert_id, incident.severity) == (made.pk, "danger")
    assert abs(incident.notify_by - clock.now() - 72 * HOUR) < timedelta(minutes=1)
    refused("oversight.move", lambda: escalate_alert(desk, made.pk, Severity.LOW, NOTE))
    assert Incident.objects.count() == 1


def test_alerts_are_decided_by_another_reviewer_with_words(worker: Actor, desk: Actor) -> None:
    made = alert_about(desk)
    for act in (
        lambda: decide_alert(desk, made.pk, AlertState.EXPLAINED, NOTE),
        lambda: escalate_alert(desk, made.pk, Severity.LOW, NOTE),
    ):
        refused("oversight.second-person", act)
    second = officer("second")
    refused("oversight.reason", lambda: decide_alert(second, made.pk, AlertState.EXPLAINED, "ok"))
    with pytest.raises(Alert.DoesNotExist):
        decide_alert(worker, made.pk, AlertState.EXPLAINED, NOTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=made.pk).update(decided_by=desk.user_id)
    assert not Incident.objects.exists()


def test_notices_are_ones_own_and_seen_once(desk: Actor, worker: Actor) -> None:
    assert tell([worker.user_id, worker.user_id, desk.user_id], "glass.reviewed", None) == 2  # type: ignore[list-item]
    assert Notice.objects.visible_to(worker).count() == 1
    assert not Notice.objects.visible_to(PUBLIC).exists()
    assert see_notices(worker) == 1
    assert see_notices(worker) == 0
    assert Notice.objects.visible_to(desk).filter(seen_at=None).count() == 1


def test_opening_a_note_is_written_down_before_it_is_opened(
    desk: Actor, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [incident_of(worker), incident_of(worker)]
    assert [each["description"] for each in open_notes(desk, made, ["description"])] == [NOTE] * 2
    (entry,) = entries("note.read")
    assert (entry.actor_id, entry.subject_id) == (str(desk.user_id), str(made[0].pk))
    assert entry.facts == {
        "fields": ["description"],
        "records": [str(each.pk) for each in made],
    }
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        open_notes(desk, made, ["description"])
    assert open_notes(desk, [], ["description"]) == []
    assert len(entries("note.read")) == 1


def test_notes_are_opened_by_reviewers_and_by_who_wrote_them(desk: Actor, worker: Actor) -> None:
    made = incident_of(worker)
    opened = open_notes(worker, [made], ["description"], authors=[worker.user_id])
    assert opened == [{"description": NOTE}]
    stranger, system = actor_of(user_with_role("trainer")), PUBLIC
    for actor in (stranger, system, provider("colleague")):
        with pytest.raises(PermissionDenied):
            open_notes(actor, [made], ["description"], authors=[worker.user_id, None])
    assert len(entries("note.read")) == 1


def test_a_record_of_a_person_is_never_opened_as_a_note(desk: Actor, worker: Actor) -> None:
    made = person(worker)
    with pytest.raises(TypeError):
        open_notes(desk, [incident_of(worker), made], ["name"])  # type: ignore[list-item]
    assert not entries("note.read")


def test_a_note_whose_key_is_gone_is_told_as_such(desk: Actor, worker: Actor) -> None:
    made = incident_of(worker)
    keyring.destroy(made.data_key)
    assert open_notes(desk, [made], ["description"])[0]["description"] == Unreadable("erased")


def test_renewing_a_key_is_begun_by_who_operates_keys_and_runs_in_the_background(
    worker: Actor,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    person(worker)
    begun: list[str] = []
    monkeypatch.setattr(type(renew_keys), "enqueue", lambda self, what: begun.append(what))
    operator = actor_with_role("administrator")
    with django_capture_on_commit_callbacks(execute=True):
        start_renewal(operator, "protection")
        start_renewal(operator, "root")
        assert begun == []
    assert begun == ["protection", "root"]
    assert [e.facts["what"] for e in entries("keys.renewal_started")] == ["protection", "root"]
    refused("keys.unknown", lambda: start_renewal(operator, "no-such-zone"))
    for stranger in (worker, officer(), PUBLIC):
        with pytest.raises(PermissionDenied):
            start_renewal(stranger, "root")
    assert zone_words("protection") != "protection"
    assert zone_words("gone") == "gone"


def test_words_of_the_desk_hold_at_their_limits(desk: Actor) -> None:
    assert incident_of(desk, description="x" * 1000).pk
    refused("oversight.reason", lambda: incident_of(desk, description="x" * 1001))
