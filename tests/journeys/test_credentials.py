"""A certificate from issue to revocation, checked on a phone that has no network at that moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.rules import Purpose
from cairn.training.actions.credentials_types import add_standard_types
from cairn.training.models import CoursePlan, Credential, TrainingEvent
from cairn.training.openbadges import jose
from cairn.training.openbadges.compact import compact
from cairn.training.queries.credentials import certificate_of
from cairn.training.queries.credentials_check import Places, by_token
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.testing import personal_codes
from cairn.training.tests import factories
from cairn.training.tests.test_credentials import consent
from cairn.vault import issuing

REASON = "Certificates for an invented training"
NAME = "Nobody Invented-Holder"


@pytest.fixture
def event(transactional_db: None) -> TrainingEvent:
    """A delivered training that one participant completed, who agreed to a name."""
    plan = CoursePlan.objects.create(code="invented", title="Invented plan", cut_score="0.700")
    made = factories.event("T01", state=EventState.DELIVERED, plan=plan)
    factories.session(made, minutes=100)
    person = factories.practitioner(NAME, organisation=made.organisation)
    consent(person)
    factories.enrolment(
        made,
        person,
        code=personal_codes.drawn(()),
        state=EnrolmentState.COMPLETED,
        minutes_present=100,
        completed_on=date(2026, 3, 4),
    )
    return made


def path(name: str, *args: str) -> str:
    return reverse(f"training:{name}", args=args)


def issue(page: Page, officer: Actor) -> Credential:
    """Issue on the page of the event, as an officer does."""
    add_standard_types(officer)
    page.goto(path("credentials", "T01"))
    page.get_by_role("link", name="Issue certificates").click()
    page.get_by_label("Attendance", exact=True).uncheck()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Issue and sign").click()
    expect(page.get_by_text("The certificates were issued.")).to_be_visible()
    return Credential.objects.select_related("type").get()


def presented(officer: Actor, found: Credential) -> str:
    """What the QR code holds behind the "#"."""
    (opened,) = readings.read(officer, [found], ["token"], Purpose.TRAINING, REASON)
    return str(opened.values["token"])


def scan(phone: Page, live_server: LiveServer, token: str) -> None:
    """Open the address of a QR code as the camera of a phone does: in a page that was not open."""
    phone.goto("about:blank")
    phone.goto(f"{live_server.url}{path('check')}#{token}")


def test_a_phone_checks_a_certificate_offline_and_learns_of_its_revocation(
    page: Page,
    phone: Page,
    sign_in: Callable[..., User],
    accessibility: Callable[[Page], None],
    event: TrainingEvent,
    live_server: LiveServer,
) -> None:
    user = sign_in(page, role="training-officer", at=event.organisation)
    officer = factories.acting(user)
    found = issue(page, officer)
    accessibility(page)
    token = presented(officer, found)

    # Somebody opens the check page once, with a connection.
    phone.goto(path("check"))
    phone.locator("[data-check][data-ready=yes]").wait_for()
    accessibility(phone)
    phone.context.set_offline(True)
    scan(phone, live_server, token)
    expect(phone.get_by_text("The certificate is genuine and counts today.")).to_be_visible()
    expect(phone.get_by_text(NAME)).to_be_visible()
    expect(phone.get_by_text("As of the list of revoked certificates")).to_be_visible()
    assert phone.url == f"{live_server.url}{path('check')}"  # the name is in no history
    accessibility(phone)

    scan(phone, live_server, token[:-30] + ("A" if token[-30] != "A" else "B") + token[-29:])
    expect(phone.get_by_text("was changed after it was signed")).to_be_visible()
    expect(phone.get_by_text(NAME)).to_have_count(0)
    phone.get_by_label("Code on the certificate").fill(found.code)
    phone.get_by_role("button", name="Check").click()
    expect(phone.get_by_text("Without a connection a code alone cannot")).to_be_visible()

    # Revoked here; the phone knows with its next connection, and still says so without one.
    page.goto(found.get_absolute_url())
    page.get_by_role("link", name="Revoke").click()
    page.get_by_label("Reason").fill("Somebody else sat the test")
    page.get_by_role("button", name="Revoke it for good").click()
    expect(page.get_by_text("Somebody else sat the test")).to_be_visible()
    scan(phone, live_server, token)
    expect(phone.get_by_text("The certificate is genuine and counts today.")).to_be_visible()
    phone.context.set_offline(False)
    phone.goto(path("check"))
    phone.locator("[data-check][data-ready=yes]").wait_for()
    phone.context.set_offline(True)
    scan(phone, live_server, token)
    expect(phone.get_by_text("The certificate was revoked")).to_be_visible()
    expect(phone.get_by_text("As of the list of revoked certificates")).to_be_visible()
    phone.context.set_offline(False)


def test_the_check_works_in_arabic_and_warns_of_an_old_list(
    page: Page,
    arabic_phone: Page,
    sign_in: Callable[..., User],
    accessibility: Callable[[Page], None],
    event: TrainingEvent,
    live_server: LiveServer,
) -> None:
    user = sign_in(page, role="training-officer", at=event.organisation)
    officer = factories.acting(user)
    found = issue(page, officer)
    token = presented(officer, found)
    arabic_phone.goto(path("check"))
    arabic_phone.locator("[data-check][data-ready=yes]").wait_for()
    arabic_phone.context.set_offline(True)
    scan(arabic_phone, live_server, token)
    expect(arabic_phone.locator("[data-found] [data-verdict=valid]")).to_be_visible()
    expect(arabic_phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(arabic_phone.locator("[data-as-of=stale]")).to_have_count(0)
    accessibility(arabic_phone)
    # Nine days later on the same phone, which had no connection since.
    arabic_phone.clock.set_fixed_time(timezone.now() + timedelta(days=9))
    scan(arabic_phone, live_server, token)
    expect(arabic_phone.locator("[data-as-of=stale]")).to_be_visible()
    arabic_phone.context.set_offline(False)


def test_without_script_a_code_is_checked_all_the_same(
    page: Page, sign_in: Callable[..., User], event: TrainingEvent, live_server: LiveServer
) -> None:
    user = sign_in(page, role="training-officer", at=event.organisation)
    found = issue(page, factories.acting(user))
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    visitor = plain.new_page()
    visitor.goto(path("check"))
    visitor.get_by_label("Code on the certificate").fill(found.code.lower().replace("-", " "))
    visitor.get_by_role("button", name="Check").click()
    expect(visitor.get_by_text("The certificate is genuine and counts today.")).to_be_visible()
    expect(visitor.get_by_text(NAME)).to_have_count(0)
    plain.close()


def test_the_phone_answers_as_the_server_does(
    page: Page,
    phone: Page,
    sign_in: Callable[..., User],
    event: TrainingEvent,
    live_server: LiveServer,
) -> None:
    user = sign_in(page, role="training-officer", at=event.organisation)
    officer = factories.acting(user)
    found = issue(page, officer)
    base = certificate_of(found, "و" * 20)
    key = issuing.signer()
    signer = jose.Signer(key.key_id, key.sign)
    now, later = timezone.now(), timedelta(days=1)
    good = compact(base, signer)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    asked = {
        good: "valid",
        compact(replace(base, valid_until=None), signer): "valid",
        compact(replace(base, valid_until=now - later), signer): "expired",
        compact(replace(base, valid_from=now + later), signer): "not-yet",
        compact(base, jose.Signer("0" * 16, key.sign)): "unknown-key",
        jose.encode({"jti": "x"}, signer, kind="vc+jwt"): "altered",
        # The same signature, written in another way.
        good[:-1] + alphabet[alphabet.index(good[-1]) ^ 1]: "unreadable",
        good[:50] + ("A" if good[50] != "A" else "B") + good[51:]: "",
        "a.b.c": "unreadable",
    }
    phone.goto(path("check"))
    phone.locator("[data-check][data-ready=yes]").wait_for()
    phone.context.set_offline(True)
    places = Places(page="p", issuer="i/", lists="l/", name="n")
    for token, expected in asked.items():
        scan(phone, live_server, token)
        shown = phone.locator("[data-found] [data-verdict]")
        shown.wait_for()
        verdict = by_token(token, places, now=timezone.now()).verdict.value
        assert shown.get_attribute("data-verdict") == verdict
        assert verdict == expected or not expected
    phone.context.set_offline(False)
