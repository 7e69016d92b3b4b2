"""Aid data: what anybody may take away of a country, and a file that an officer takes in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.access.queries import SYSTEM
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import Project
from cairn.portfolio.tests.iati_files import activity, document

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def portfolio(live_server: LiveServer) -> None:
    load_seed(SYSTEM)


def test_anybody_takes_the_open_data_of_a_country_away(
    each_page: Page, accessibility: Accessibility
) -> None:
    each_page.goto(reverse("portfolio:country", args=["MLI"]))
    each_page.locator(f"main a[href='{reverse('portfolio:country-data', args=['MLI'])}']").click()
    expect(each_page.get_by_role("heading", level=1)).to_be_visible()
    accessibility(each_page)
    with each_page.expect_download() as taken:
        each_page.locator("main a[href*='activities.xml']").first.click()
    content = Path(taken.value.path()).read_bytes()
    assert b"<iati-activities" in content
    assert b'"ML"' in content


def test_an_officer_compares_a_file_and_takes_it_in(
    page: Page, sign_in: SignIn, accessibility: Accessibility, tmp_path: Path
) -> None:
    sign_in(page, role="programme-officer")
    page.goto(reverse("portfolio:iati-compare"))
    accessibility(page)
    path = tmp_path / "invented.xml"
    path.write_bytes(document(activity("XM-DAC-41128-X99")))
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="What the file says")).to_be_visible()
    accessibility(page)
    assert not Project.objects.filter(reference="X99").exists()
    page.locator("#take_file").set_input_files(path)
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("The file was taken in.")).to_be_visible()
    accessibility(page)
    assert Project.objects.get(reference="X99").publication == "withheld"


def test_what_is_wrong_with_a_file_is_said_with_its_line(
    page: Page, sign_in: SignIn, accessibility: Accessibility, tmp_path: Path
) -> None:
    sign_in(page, role="programme-officer")
    page.goto(reverse("portfolio:iati-compare"))
    path = tmp_path / "invented.xml"
    path.write_bytes(document(activity(inner='\n<budget type="7"/>')))
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Line 12").first).to_be_visible()
    expect(page.get_by_text("iati.code").first).to_be_visible()
    expect(page.get_by_role("button", name="Take it in")).to_have_count(0)
    accessibility(page)
