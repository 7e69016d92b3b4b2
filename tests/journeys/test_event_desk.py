"""A training officer makes an event; its trainer takes badges on a phone that loses its line."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.core import audit
from cairn.training.actions import attendance, enrolments, events
from cairn.training.models import AttendanceMark, Enrolment, RefusedRecord, TrainingEvent
from cairn.training.rules.states import EventState
from cairn.training.tests import factories

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAME = "Nomen Inventum Quartum"


@pytest.fixture(autouse=True)
def site(live_server: LiveServer) -> None:
    factories.agency()


def running_event(trainer: User, people: int = 3) -> TrainingEvent:
    """A running event with one session that began a moment ago."""
    event = factories.event(
        state=EventState.CONFIRMED,
        starts=timezone.localdate().isoformat(),
        ends=(timezone.localdate() + timedelta(days=1)).isoformat(),
        time_zone="UTC",
    )
    officer = factories.officer("officer-behind-the-scene")
    factories.session(event, starts_at=timezone.now() - timedelta(minutes=5))
    factories.staffing(event, user_id=trainer.pk)
    for _number in range(people):
        enrolments.enrol(officer, event, factories.practitioner(NAME))
    events.move_event(officer, event.reference, EventState.RUNNING)
    attendance.open_window(officer, event.reference, event.sessions.get().pk)
    return event


def test_an_officer_enters_an_event_with_a_session_and_prints_its_agenda(
    page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    sign_in(page, role="training-officer", at=factories.agency())
    page.goto(reverse("training:events"))
    accessibility(page)
    page.get_by_role("link", name="Enter an event").first.click()
    page.get_by_label("Title").fill("Invented training of trainers")
    page.get_by_label("First day").fill("2026-03-04")
    page.get_by_label("Last day").fill("2026-03-02")
    page.get_by_role("button", name="Enter the event").click()
    # What does not fit is told at its field, and everything typed is still there.
    expect(
        page.locator("main").get_by_text("The last day lies before the first day.").first
    ).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Invented training of trainers")
    page.get_by_label("Last day").fill("2026-03-05")
    page.get_by_role("button", name="Enter the event").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invented training of trainers")
    accessibility(page)
    page.get_by_role("link", name="Sessions are planned").click()
    page.get_by_label("Title").fill("Invented opening")
    page.get_by_label("From").fill("09:00")
    page.get_by_label("Until").fill("10:30")
    page.get_by_label("Room").fill("Room 1")
    page.get_by_role("button", name="Add the session").click()
    expect(page.get_by_role("heading", name="Invented opening")).to_be_visible()
    accessibility(page)
    event = TrainingEvent.objects.get()
    page.goto(reverse("training:event-print", args=[event.reference]))
    accessibility(page)
    answer = page.request.get(
        reverse("training:event-print-file", args=[event.reference, "agenda"])
    )
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_badges_taken_without_a_line_are_kept_on_the_phone_and_sent_when_it_is_back(
    open_page: Callable[..., Page],
    sign_in: SignIn,
    accessibility: Accessibility,
    language: str,
) -> None:
    phone = open_page(width=360, language=language)
    trainer = sign_in(phone, role="trainer", at=factories.agency())
    event = running_event(trainer)
    codes = list(Enrolment.objects.values_list("personal_code", flat=True))
    phone.goto(reverse("training:scan", args=[event.sessions.get().pk]))
    expect(phone.locator("[data-ready]")).to_be_attached()
    accessibility(phone)
    field = phone.locator("input[name=code]")
    marks = phone.locator("[data-list] li")

    field.fill(codes[0].lower().replace("-", ""))
    field.press("Enter")
    expect(phone.locator("[data-list] li[data-state=received]")).to_have_count(1)
    assert AttendanceMark.objects.count() == 1

    phone.context.set_offline(True)
    for code in codes[1:]:
        field.fill(code)
        field.press("Enter")
    expect(marks).to_have_count(3)
    expect(phone.locator("[data-list] li[data-state=on-device]")).to_have_count(2)
    assert AttendanceMark.objects.count() == 1

    phone.context.set_offline(False)
    expect(phone.locator("[data-list] li[data-state=received]")).to_have_count(3)
    assert AttendanceMark.objects.count() == 3
    assert {mark.offset_seconds for mark in AttendanceMark.objects.all()} <= {-1, 0, 1}

    # The queue outlives the page, and nothing in it is sent as a second mark.
    phone.reload()
    expect(phone.locator("[data-list] li[data-state=received]")).to_have_count(3)
    assert AttendanceMark.objects.count() == 3
    accessibility(phone)
    assert NAME not in phone.content()


def test_a_phone_is_told_why_a_mark_was_refused(
    phone: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    trainer = sign_in(phone, role="trainer", at=factories.agency())
    event = running_event(trainer)
    session, person = event.sessions.get(), Enrolment.objects.all()[0]
    phone.goto(reverse("training:scan", args=[session.pk]))
    expect(phone.locator("[data-ready]")).to_be_attached()
    field = phone.locator("input[name=code]")
    # A slip of the pen does not even leave the phone.
    field.fill("ZZ-ZZ-ZZ")
    field.press("Enter")
    expect(phone.locator("[data-status]")).not_to_be_empty()
    assert not RefusedRecord.objects.exists()
    # Somebody withdraws the person at the desk while the page is open on the phone.
    enrolments.withdraw(factories.officer(), person.pk, "Called home.")
    field.fill(person.personal_code)
    field.press("Enter")
    expect(phone.locator("[data-list] li[data-state=refused]")).to_contain_text("withdrawn")
    accessibility(phone)
    phone.goto(reverse("training:refused", args=[event.reference]))
    phone.get_by_role("link", name="Deal with it").click()
    phone.locator("textarea").fill("The badge was taken back.")
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.get_by_text("The badge was taken back.").first).to_be_visible()
    assert RefusedRecord.objects.get().resolved_by == trainer.pk
    assert audit.verify().broken_at is None
