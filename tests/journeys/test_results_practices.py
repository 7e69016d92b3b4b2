"""Practices and tools: one person writes, another publishes, a reader finds it and takes it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.queries import SYSTEM
from cairn.library.models import Practice, Tool, ToolVersion
from cairn.portfolio.actions.seed import load_seed
from tests.journeys.protection import SignIn, fill, press

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TITLE = "An invented telephone tree"


@pytest.fixture(autouse=True)
def sources(live_server: LiveServer) -> None:
    load_seed(SYSTEM)


def test_a_practice_comes_into_the_registry_by_two_people(
    open_page: Callable[..., Page], sign_in: SignIn, accessibility: Accessibility
) -> None:
    writer = open_page(width=1280, language="en")
    sign_in(writer, role="programme-officer")
    writer.goto(reverse("library:practices"))
    writer.get_by_role("link", name="Describe a practice").click()
    fill(writer, title=TITLE, type="preparedness", stakeholder="Invented Circle")
    fill(writer, countries="Nepal\nKenya", description="Invented words, again. " * 6)
    writer.get_by_label("1. Early warning").check()
    accessibility(writer)
    press(writer, "Save the draft")
    made = Practice.objects.get(title=TITLE)
    assert (made.countries, made.guidelines) == (["NPL", "KEN"], ["1"])
    writer.get_by_role("link", name="Send it to review").click()
    writer.get_by_label("It names no person").check()
    press(writer, "Send it to review")
    expect(writer.get_by_text("You wrote it, so somebody else reviews it.")).to_be_visible()
    accessibility(writer)
    reviewer = open_page(width=360, language="en")
    sign_in(reviewer, role="programme-officer", name="second-officer")
    reviewer.goto(reverse("library:practices"))
    reviewer.get_by_role("link", name="waits for your review").click()
    reviewer.get_by_role("link", name=TITLE).click()
    reviewer.get_by_role("link", name="Review it").click()
    reviewer.get_by_label("Publish it").check()
    accessibility(reviewer)
    press(reviewer, "Decide")
    reader = open_page(width=360, language="ar")
    reader.goto(reverse("library:practices") + "?q=telephone&country=KEN")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    accessibility(reader)


def test_a_reader_finds_the_practice_of_the_source_and_takes_it(
    each_page: Page, accessibility: Accessibility
) -> None:
    """At both widths, left to right and right to left."""
    each_page.goto(reverse("library:practices") + "?crisis=conflict&guideline=8&q=refugees")
    accessibility(each_page)
    each_page.get_by_role("link", name="Regional workshop").click()
    expect(each_page.get_by_text("Egypt, Iraq, Jordan, Lebanon and Turkey")).to_be_visible()
    accessibility(each_page)
    with each_page.expect_download() as waiting:
        each_page.locator("a[href$='page.docx']").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


def test_a_reader_looks_at_languages_and_at_one_tool(
    each_page: Page, accessibility: Accessibility
) -> None:
    tool = Tool.objects.get(title="Human Trafficking Indicators")
    ToolVersion.objects.create(
        tool=tool, edition="invented", language="ar", link="https://example.org/x.pdf"
    )
    each_page.goto(reverse("library:tools") + "?view=languages")
    accessibility(each_page)
    each_page.goto(tool.get_absolute_url())
    expect(each_page.locator("a[href$='/take/']")).to_be_visible()
    accessibility(each_page)
