"""A statistics officer brings national figures, settles a name and takes a release in a layout."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.observatory.rules.indicators import GLOTIP_COLUMNS
from cairn.observatory.tests.public_scene import payload, publish

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROWS = (
    ("Total", "Total", "333", "Invented edition 1"),
    ("Total", "Total", "444", "Invented edition 2"),
    ("by citizenship", "EGYBT", "<5", "Invented edition 1"),
)


@pytest.fixture(autouse=True)
def release(live_server: LiveServer) -> None:
    publish(payload())


def figures() -> bytes:
    lines = [",".join(GLOTIP_COLUMNS)]
    for dimension, category, value, source in ROWS:
        cells = ("NPL", "Nepal", "", "", "Detected trafficking victims", dimension, category)
        lines.append(",".join((*cells, "Total", "Total", "2021", "Counts", value, source)))
    return "\r\n".join(lines).encode()


def fits(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def test_an_officer_brings_figures_and_settles_a_name(
    each_page: Page, sign_in: Callable[..., User], accessibility: Accessibility
) -> None:
    page = each_page
    sign_in(page, role="statistics-officer")
    page.goto(f"{reverse('imports:start')}?kind=glotip")
    file = FilePayload(name="figures.csv", mimeType="text/csv", buffer=figures())
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("EGYBT")
    page.locator("main a[href$='/apply/']").click()
    page.locator("main form button").first.click()
    page.goto(reverse("observatory:national"))
    fits(page)
    accessibility(page)
    page.goto(reverse("observatory:national-names"))
    accessibility(page)
    page.locator("select[name=country]").select_option("EGY")
    page.locator("main form button").click()
    expect(page.locator("select[name=country]")).to_have_count(0)
    page.goto(reverse("observatory:national-country", args=["NPL"]))
    expect(page.locator("[data-state=figures_differ]")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("444")
    fits(page)
    accessibility(page)


def test_an_officer_takes_a_release_as_lines(
    each_page: Page, sign_in: Callable[..., User], accessibility: Accessibility
) -> None:
    page = each_page
    sign_in(page, role="statistics-officer")
    page.goto(reverse("observatory:layouts"))
    fits(page)
    accessibility(page)
    page.locator("select[name=table]").select_option("age,sex")
    with page.expect_download() as given:
        page.locator("main form[method=post] button").click()
    assert given.value.suggested_filename == "ctdc-2021-R-2026-01.csv"


def test_a_visitor_is_told_that_nothing_is_open_to_questions(
    each_page: Page, accessibility: Accessibility
) -> None:
    page = each_page
    page.goto(reverse("observatory:ask"))
    expect(page.locator(".empty")).to_have_count(1)
    fits(page)
    accessibility(page)
