"""Somebody without an account follows the chain of results, from the programme to a definition."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories as portfolio
from cairn.results.tests.test_chain_pages import trained

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def programme(live_server: LiveServer) -> None:
    seen = portfolio.project("X01", title="Invented project of trainings", starts="2025-01")
    portfolio.pledge(seen, usd=40_000)
    trained("T01", 43, project=seen)
    hidden = portfolio.project("X09", publication=Publication.WITHHELD)
    portfolio.pledge(hidden, usd=5_000)


def fits(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def walk(page: Page, accessibility: Accessibility) -> None:
    """From the whole to a country, to a project, to what one figure means."""
    page.goto(reverse("results:programme"))
    stones = page.locator(".chart-chain-stone:visible")
    expect(stones).to_have_count(5)
    expect(page.get_by_text("40,000").first).to_be_visible()
    expect(page.get_by_text("45,000")).to_have_count(0)
    fits(page)
    accessibility(page)
    page.locator("details summary").last.click()
    page.locator(f"a[href^='{reverse('results:country', args=['NPL'])}']").click()
    expect(page.locator("a[href*='training.people']:visible").first).to_be_visible()
    fits(page)
    accessibility(page)
    page.goto(reverse("results:project", args=["X01"]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invented project of trainings")
    fits(page)
    accessibility(page)
    page.locator("th a[href*='training.people']").click()
    expect(page.locator(".chain-whole")).to_contain_text("43")
    expect(page.get_by_text("training.people")).to_be_visible()
    fits(page)
    accessibility(page)


def test_a_reader_follows_the_chain_on_a_wide_screen(
    page: Page, accessibility: Accessibility
) -> None:
    walk(page, accessibility)


def test_a_reader_follows_the_chain_on_a_phone_from_right_to_left(
    arabic_phone: Page, accessibility: Accessibility
) -> None:
    walk(arabic_phone, accessibility)


def test_a_time_is_chosen_without_script(page: Page, live_server: LiveServer) -> None:
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    bare = plain.new_page()
    bare.goto(reverse("results:programme"))
    bare.get_by_label("Year").select_option("2025")
    bare.get_by_role("button", name="Show").click()
    assert "year=2025" in bare.url
    row = bare.locator("tr", has_text="Officers trained")
    expect(row).to_contain_text("2025")
    expect(row).to_contain_text("43")
    plain.close()
