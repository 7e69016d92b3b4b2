"""A document on its way: written around fields, reviewed by a colleague, read by everybody."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.portfolio.models import Event
from cairn.results.actions import document_issues as issues
from cairn.results.actions.documents import create_document, write_section

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CODE = "invented"
TEXT = "In Kathmandu [[event:E77 participants]] officers took part."


@pytest.fixture(autouse=True)
def event(live_server: LiveServer) -> Event:
    return Event.objects.create(
        reference="E77",
        kind="invented workshop",
        subject="trafficking",
        place_countries=["NPL"],
        starts="2025",
        participants=18,
        source="Z01",
    )


def test_an_officer_writes_a_document_and_a_colleague_lets_it_out(
    page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    officer = sign_in(page, role="programme-officer")
    page.goto(reverse("results:documents"))
    page.get_by_role("link", name="New: Thematic submission").click()
    page.get_by_label("Title").fill("An invented submission")
    page.get_by_label("Code").fill(CODE)
    page.get_by_label("From the year").fill("2019")
    accessibility(page)
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Write a section").click()
    page.get_by_label("Text").fill("140 officers took part.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Figures are not typed: 140.").first).to_be_visible()
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="See how it would come out").click()
    expect(page.get_by_text("In Kathmandu 18 officers took part.")).to_be_visible()
    accessibility(page)
    page.get_by_role("button", name="Compute the next issue").click()
    page.get_by_role("button", name="Freeze it and send it to review").click()
    expect(page.get_by_text("somebody else reviews it")).to_be_visible()

    today = timezone.localdate()
    colleague = actor_for(user_with_role("programme-officer", name="colleague"), today=today)
    digest = page.locator("section code").last.inner_text()
    issues.approve_issue(colleague, CODE, 1, digest=digest)
    page.reload()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The issue is out.")).to_be_visible()
    accessibility(page)
    assert actor_for(officer, today=today).may("document:edit")


def test_everybody_reads_it_on_a_telephone_in_arabic(
    arabic_phone: Page, accessibility: Accessibility
) -> None:
    today = timezone.localdate()
    writer, colleague = (
        actor_for(user_with_role("programme-officer", name=name), today=today)
        for name in ("writer", "colleague")
    )
    create_document(writer, "thematic-submission", CODE, "Invented submission", "ar", {})
    section = {"part": "training", "number": 1, "heading": "", "text": TEXT}
    write_section(writer, CODE, section)
    issue = issues.compute_issue(writer, CODE)
    issues.send_to_review(writer, CODE, issue.number)
    issues.approve_issue(colleague, CODE, issue.number, digest=issue.digest)
    issues.publish_issue(colleague, CODE, issue.number, digest=issue.digest)

    arabic_phone.goto(reverse("results:documents"))
    arabic_phone.get_by_role("link", name="Invented submission").click()
    expect(arabic_phone.get_by_text("officers took part.").first).to_be_visible()
    assert arabic_phone.locator("article").get_attribute("dir") == "rtl"
    accessibility(arabic_phone)
    arabic_phone.goto(reverse("results:issue", args=[CODE, 1]))
    expect(arabic_phone.get_by_role("link").filter(has_text="1").first).to_be_visible()
    accessibility(arabic_phone)
    wide = arabic_phone.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    assert not wide
