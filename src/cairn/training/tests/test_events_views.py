"""The pages of an event: who sees what, how many queries, and what is never on them."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.models import AuditEntry
from cairn.training.actions import attendance as actions
from cairn.training.actions.events import EventFacts, create_event
from cairn.training.models import AttendanceMark, Enrolment, TrainingEvent
from cairn.training.rules.choices import EventKind
from cairn.training.rules.states import EventState
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
NAME = "Nomen Inventum Quartum"


def browser(role: str = "training-officer", *, at: Any = None) -> Client:
    client = Client()
    sign_in(client, user_with_role(role, name=f"browser-{role}", at=at or factories.agency()))
    return client


def trainer_browser(event: TrainingEvent) -> Client:
    client = Client()
    user = user_with_role("trainer", name="browser-trainer", at=event.organisation)
    factories.staffing(event, user_id=user.pk)
    sign_in(client, user)
    return client


def running(people: int = 2) -> TrainingEvent:
    event = factories.event(
        state=EventState.RUNNING, starts="", ends="", secret="s" * 43, join_code="K7Q-M2R"
    )
    factories.session(event, starts_at=timezone.now() - timedelta(minutes=5))
    for _number in range(people):
        factories.enrolment(event, factories.practitioner(NAME))
    return event


PERSONAL = ("attendance", "participants", "event-print", "attendance-sheet", "refused")


def test_whoever_works_on_training_sees_numbers_and_no_codes() -> None:
    event = running()
    client = browser("programme-officer", at=factories.agency("Invented Other Agency"))
    page = client.get(event.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert "2 people" in text
    for person in Enrolment.objects.all():
        assert person.personal_code not in text
        assert person.practitioner.code not in text
    for name in PERSONAL:
        assert client.get(reverse(f"training:{name}", args=[event.reference])).status_code == 403


def test_a_visitor_is_sent_to_sign_in_and_a_role_without_training_finds_nothing() -> None:
    event = running()
    assert Client().get(event.get_absolute_url()).status_code == 302
    provider = browser("service-provider")
    assert provider.get(event.get_absolute_url()).status_code == 404
    assert provider.get(reverse("training:events")).status_code == 403


def test_the_trainer_of_the_event_sees_codes_and_nobodys_name() -> None:
    event = running()
    client = trainer_browser(event)
    person = Enrolment.objects.first()
    assert person is not None
    for name in PERSONAL:
        page = client.get(reverse(f"training:{name}", args=[event.reference]))
        assert page.status_code == 200
        assert NAME not in page.content.decode()
    listed = client.get(reverse("training:participants", args=[event.reference]))
    assert person.personal_code in listed.content.decode()


@pytest.mark.parametrize("name", ["event", "attendance", "participants", "attendance-sheet"])
def test_pages_ask_as_often_for_many_participants_as_for_few(name: str) -> None:
    event = running(2)
    client = trainer_browser(event)
    address = reverse(f"training:{name}", args=[event.reference])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for _number in range(12):
        factories.enrolment(event)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_the_list_asks_as_often_for_many_events_as_for_few() -> None:
    client = browser()
    running()
    address = reverse("training:events")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(15):
        factories.event(f"T1{number}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert len(many) == len(few)
    assert "T114" in page.content.decode()


def test_the_agenda_asks_as_often_for_many_sessions_and_says_what_is_booked_twice() -> None:
    event = factories.event(place="Hall", starts="", ends="")
    client = trainer_browser(event)
    starts = timezone.now()
    address = reverse("training:agenda", args=[event.reference])
    for number in (1, 2):
        made = factories.session(event, number, starts_at=starts)
        type(made).objects.filter(pk=made.pk).update(room="Room 1")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        page = client.get(address)
    assert page.content.decode().count("is taken at that time") == 2
    for number in range(3, 15):
        factories.session(event, number, starts_at=starts + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_filters_narrow_the_list_and_stay_in_the_address_of_the_file() -> None:
    client = browser()
    factories.event("T01", state=EventState.IDEA, place="Inventville")
    factories.event("T02", state=EventState.CLOSED)
    page = client.get(reverse("training:events"), {"state": "idea", "q": "inventville"})
    text = page.content.decode()
    assert "T01" in text
    assert ">T02<" not in text
    assert "export/csv/?state=idea&amp;q=inventville" in text
    file = client.get(reverse("training:events-export", args=["csv"]), {"state": "idea"})
    lines = file.getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "T01" in lines[1]
    assert AuditEntry.objects.get(code="training_event.exported").facts["count"] == 1


def test_an_event_that_ends_before_it_starts_is_told_at_the_field() -> None:
    client = browser()
    given = {
        "title": "Invented",
        "kind": EventKind.TOT.value,
        "organisation": str(factories.agency().pk),
        "starts": "2026-03-04",
        "ends": "2026-03-02",
        "time_zone": "UTC",
        "participation": "named",
    }
    page = client.post(reverse("training:event-new"), given)
    assert page.status_code == 422
    assert page.context["form"].errors["ends"]
    assert 'value="2026-03-04"' in page.content.decode()
    assert not TrainingEvent.objects.exists()
    page = client.post(reverse("training:event-new"), {**given, "ends": "2026-03-05"})
    assert page.status_code == 302
    assert TrainingEvent.objects.get().reference == "T001"


def test_names_are_printed_only_with_a_reason_that_is_written_down() -> None:
    event = running()
    client = trainer_browser(event)
    coded = client.get(reverse("training:event-print-file", args=[event.reference, "badges"]))
    assert coded["Content-Type"] == "application/pdf"
    assert not AuditEntry.objects.filter(code="sealed.read").exists()
    address = reverse("training:event-print", args=[event.reference])
    assert client.post(address, {"document": "badges", "reason": ""}).status_code == 422
    named = client.post(
        address, {"document": "badges", "reason": "Badges for the door of the first day."}
    )
    assert named["Content-Type"] == "application/pdf"
    assert NAME not in named["Content-Disposition"]
    entry = AuditEntry.objects.get(code="sealed.read")
    assert entry.facts["purpose"] == "training"
    assert len(entry.facts["subjects"]) == 3


def sent(at: TrainingEvent, *codes: str, **given: Any) -> str:
    session = at.sessions.get()
    marks = [
        {
            "id": str(uuid4()),
            "session": str(session.pk),
            "code": code,
            "kind": "in",
            "means": "qr",
            "at": timezone.now().isoformat(),
            "sequence": number,
        }
        for number, code in enumerate(codes)
    ]
    return json.dumps(
        {
            "event": at.reference,
            "device": "phone-1",
            "sent_at": timezone.now().isoformat(),
            "marks": marks,
            **given,
        }
    )


def test_a_phone_sends_marks_and_hears_what_became_of_each() -> None:
    event = running()
    client = trainer_browser(event)
    session = event.sessions.get()
    client.post(reverse("training:session-window", args=[session.pk]), {"to": "open"})
    code = Enrolment.objects.values_list("personal_code", flat=True)[0]
    body = sent(event, code, "ZZ-ZZ-ZZ")
    answers = [
        client.post(reverse("training:marks"), body, content_type="application/json")
        for _time in range(2)
    ]
    outcomes = [[each["outcome"] for each in answer.json()["receipts"]] for answer in answers]
    assert outcomes == [["accepted", "refused"], ["duplicate", "refused"]]
    digests = [answer.json()["receipts"][0]["digest"] for answer in answers]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 64
    assert AttendanceMark.objects.get().offset_seconds in {-1, 0}


def test_a_phone_whose_clock_is_hours_ahead_is_corrected() -> None:
    event = running()
    client = trainer_browser(event)
    session = event.sessions.get()
    client.post(reverse("training:session-window", args=[session.pk]), {"to": "open"})
    code = Enrolment.objects.values_list("personal_code", flat=True)[0]
    body = json.loads(sent(event, code))
    ahead = timezone.now() + timedelta(hours=5)
    body["sent_at"] = body["marks"][0]["at"] = ahead.isoformat()
    answer = client.post(
        reverse("training:marks"), json.dumps(body), content_type="application/json"
    )
    assert answer.json()["receipts"][0]["outcome"] == "accepted"
    assert abs(AttendanceMark.objects.get().offset_seconds or 0) in range(17_995, 18_005)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"event": "T01"}',
        '{"event": "T01", "marks": [{}]}',
        '{"event": "T01", "marks": [{"id": "1", "kind": "in", "at": "now"}]}',
        '{"event": 1, "marks": []}',
        "[" * 50_000,
    ],
)
def test_what_cannot_be_read_as_marks_is_answered_in_words(body: str) -> None:
    client = trainer_browser(running())
    answer = client.post(reverse("training:marks"), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "mark.shape"


def test_marks_for_another_event_are_refused_and_an_unknown_one_is_not_found() -> None:
    event = running()
    other = factories.event("T09")
    client = trainer_browser(other)
    for reference, status in ((event.reference, 403), ("T99", 404)):
        answer = client.post(
            reverse("training:marks"),
            sent(event, "ZZ-ZZ-ZZ", event=reference),
            content_type="application/json",
            headers={"accept": "application/json"},
        )
        assert answer.status_code == status
    assert not AttendanceMark.objects.exists()


def test_the_screen_for_badges_works_as_a_form_and_lets_the_camera_in() -> None:
    event = running()
    client = trainer_browser(event)
    session = event.sessions.get()
    address = reverse("training:scan", args=[session.pk])
    refused = client.post(address, {"code": "ZZ-ZZ-ZZ", "kind": "in"})
    assert refused.status_code == 409
    actions.open_window(factories.officer(), event.reference, session.pk)
    code = Enrolment.objects.values_list("personal_code", flat=True)[0]
    page = client.post(address, {"code": code.lower(), "kind": "in"})
    assert page.status_code == 200
    assert "camera=(self)" in page["Permissions-Policy"]
    assert "camera=()" in client.get(event.get_absolute_url())["Permissions-Policy"]
    assert AttendanceMark.objects.get().enrolment.personal_code == code


def test_the_calendar_is_read_by_its_secret_until_that_is_renewed() -> None:
    event = create_event(
        factories.officer(),
        EventFacts(
            title="Invented delicate title",
            kind=EventKind.TOT,
            organisation=factories.agency(),
            country="NPL",
            place="Invented Hall",
            starts="2026-03-02",
            ends="2026-03-03",
        ),
    )
    client = Client()
    address = reverse("training:calendar", args=[event.secret])
    feed = client.get(address)
    (entry,) = Calendar.from_ical(feed.content).walk("VEVENT")
    assert str(entry["summary"]) == event.reference
    assert str(entry["status"]) == "TENTATIVE"
    assert b"delicate" not in feed.content
    officer = browser()
    officer.post(reverse("training:event-calendar", args=[event.reference]))
    assert client.get(address).status_code == 404
    assert client.get(reverse("training:calendar", args=["x" * 43])).status_code == 404


def test_a_sheet_is_keyed_in_by_ticks() -> None:
    event = running()
    client = trainer_browser(event)
    address = reverse("training:attendance-sheet", args=[event.reference])
    key = client.get(address).context["halves"][0][0].key
    person = Enrolment.objects.all()[0]
    assert client.post(address, {key: [str(person.pk)]}).status_code == 422
    client.post(address, {"half": key, key: [str(person.pk), "no id"]})
    kinds = dict(AttendanceMark.objects.values_list("enrolment", "kind"))
    assert kinds.pop(person.pk) == "present"
    assert set(kinds.values()) == {"absent"}


def test_an_event_of_counts_is_reported_by_a_form_of_numbers() -> None:
    event = factories.event(participation="aggregate", state=EventState.RUNNING, starts="2026-03")
    client = trainer_browser(event)
    address = reverse("training:event-report", args=[event.reference])
    assert client.post(address, {"women": "", "men": ""}).status_code == 409
    page = client.post(address, {"women": "6", "men": "25", "hours": "4"}, follow=True)
    assert page.status_code == 200
    event.refresh_from_db()
    assert event.state == EventState.DELIVERED
    desk = client.get(event.get_absolute_url()).content.decode()
    assert "31 people, of whom women: 6" in desk
