"""What somebody without an account does with statistics: reads, chooses, looks, takes away."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.observatory.actions.bulletins import issue_bulletin
from cairn.observatory.tests.public_scene import payload, publish, withdraw, year

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CODE = "R-2026-01"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def statistics(live_server: LiveServer) -> None:
    """A release, one of the year before, a withdrawn one, and a bulletin."""
    publish(year("R-2025-01", 2024, 230), at=datetime(2025, 2, 1, tzinfo=UTC))
    publish(payload())
    withdraw(publish(payload("R-2026-02"), at=datetime(2026, 2, 12, tzinfo=UTC)))
    officer = actor_for(user_with_role("statistics-officer"), today=NOW.date())
    issue_bulletin(officer, 2026, 5, today=NOW.date())


def test_a_reader_comes_from_the_list_to_a_table_and_the_map(
    each_page: Page, accessibility: Accessibility
) -> None:
    """At both widths, left to right and right to left."""
    page = each_page
    page.goto(reverse("observatory:statistics"))
    accessibility(page)
    page.get_by_role("link", name=CODE, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invented release")
    expect(page.locator("main")).to_contain_text("Article 3 of the invented Protocol")
    accessibility(page)
    page.locator(f"a[href='{reverse('observatory:statistics-table', args=[CODE])}']").click()
    expect(page.get_by_role("row", name="adults")).to_contain_text("150")
    accessibility(page)
    page.goto(reverse("observatory:statistics-flows", args=[CODE]))
    expect(page.locator(".chart-flow")).to_have_count(3)
    accessibility(page)
    page.goto(reverse("observatory:statistics-series", args=["invented-scene"]))
    expect(page.locator(".chart-times:visible")).to_have_count(1)
    accessibility(page)


def test_a_reader_reads_a_bulletin(each_page: Page, accessibility: Accessibility) -> None:
    page = each_page
    page.goto(reverse("observatory:bulletins"))
    accessibility(page)
    page.get_by_role("link", name="2026/5").click()
    expect(page.locator("main")).to_contain_text("255")
    accessibility(page)
    page.goto(reverse("observatory:api-about"))
    accessibility(page)


def test_a_reader_chooses_columns_without_script(page: Page, live_server: LiveServer) -> None:
    """The same with scripts switched off: the form is an ordinary form."""
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    bare = plain.new_page()
    bare.goto(reverse("observatory:statistics-table", args=[CODE]))
    bare.get_by_label("Column 1").select_option("sex")
    bare.get_by_label("Only: Age").select_option("child")
    bare.get_by_role("button", name="Show").click()
    expect(bare.get_by_role("row", name="female")).to_contain_text("135")
    expect(bare.get_by_role("row", name="not known")).to_have_count(0)
    plain.close()


def test_a_withdrawn_release_says_why(page: Page) -> None:
    page.goto(reverse("observatory:statistics-release", args=["R-2026-02"]))
    expect(page.locator("main")).to_contain_text("An invented country was counted twice.")
