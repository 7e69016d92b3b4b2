"""What somebody without an account finds: the portfolio, a country, a document, the data."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.queries import SYSTEM
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.rules import Publication

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def portfolio(live_server: LiveServer) -> None:
    load_seed(SYSTEM)


def test_a_reader_comes_from_the_front_to_a_project(
    each_page: Page, accessibility: Accessibility
) -> None:
    """At both widths, left to right and right to left."""
    page = each_page
    page.goto(reverse("web:front"))
    accessibility(page)
    page.goto(reverse("portfolio:projects") + "?country=NPL")
    title = "Strengthening South-South cooperation"
    accessibility(page)
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.get_by_text("913,351").first).to_be_visible()
    accessibility(page)


def test_a_reader_sees_what_is_being_done_in_a_country(
    page: Page, accessibility: Accessibility
) -> None:
    page.goto(reverse("portfolio:countries"))
    page.get_by_role("link", name="Nepal").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nepal")
    expect(page.get_by_role("link", name="Strengthening South-South").first).to_be_visible()
    accessibility(page)


def test_a_reader_searches_without_script(page: Page, live_server: LiveServer) -> None:
    """The same with scripts switched off: the form is an ordinary form."""
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    bare = plain.new_page()
    bare.goto(reverse("portfolio:projects"))
    bare.locator("main").get_by_label("Search").fill("organ")
    bare.locator("main").get_by_role("button", name="Show").click()
    expect(bare.get_by_role("link", name="Combat Organ Trafficking")).to_be_visible()
    assert "q=organ" in bare.url
    plain.close()


def test_a_reader_takes_the_folder_home(page: Page) -> None:
    page.goto(reverse("portfolio:folder"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF").first.click()
    path = Path(waiting.value.path())
    assert path.read_bytes().startswith(b"%PDF-")


def test_a_reduced_project_does_not_tell_its_country(page: Page) -> None:
    shown = "Investigations in one country of Asia"
    project = publish_project(
        SYSTEM, "P36", Publication.REDUCED, public_title=shown, basis="for safety"
    )
    page.goto(reverse("portfolio:projects") + "?search=one+country+of+Asia")
    page.get_by_role("link", name=shown).click()
    expect(page).to_have_url(reverse("portfolio:project", args=[project.public_id]))
    text = page.locator("main").inner_text()
    assert "Pakistan" not in text
    assert "PAKT06" not in text
    page.goto(reverse("portfolio:projects") + "?country=PAK")
    expect(page.get_by_role("link", name=shown)).to_have_count(0)


def test_the_open_data_page_offers_what_it_describes(page: Page) -> None:
    page.goto(reverse("web:data"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").first.click()
    assert json.loads(Path(waiting.value.path()).read_text())


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_the_tools_open_fits_on_a_phone(open_page: Callable[..., Page], language: str) -> None:
    page = open_page(width=360, language=language)
    page.goto(reverse("web:front"))
    menus = page.locator(".tools details.menu")
    for number in range(menus.count()):
        menus.nth(number).locator("summary").click()
        box = menus.nth(number).locator(".menu-panel").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
