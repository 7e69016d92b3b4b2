"""A programme officer's day: a finding, a request, a pledge, a file, a document."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.access.queries import SYSTEM
from cairn.core import audit
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import AssistanceRequest, Finding, Pledge, Project

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def portfolio(live_server: LiveServer) -> None:
    load_seed(SYSTEM)


def test_home_tells_what_needs_attention(
    each_page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    sign_in(each_page, role="programme-officer")
    each_page.goto(reverse("web:home"))
    expect(each_page.get_by_role("heading", level=1)).to_be_visible()
    expect(each_page.locator("main a[href*='/findings/']").first).to_be_visible()
    accessibility(each_page)


def test_an_officer_explains_a_finding(
    page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    sign_in(page, role="programme-officer")
    page.goto(reverse("portfolio:findings"))
    accessibility(page)
    row = page.get_by_role("row").filter(has_text="P38")
    row.get_by_role("link", name=re.compile("Explain")).click()
    page.locator("main textarea").fill("A nought is missing in print.")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("A nought is missing in print.").first).to_be_visible()
    assert Finding.objects.get(project__reference="P38", field="shortfall").explanation


def test_an_officer_takes_a_request_one_step_on(
    page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    sign_in(page, role="programme-officer")
    page.goto(reverse("portfolio:requests"))
    accessibility(page)
    page.goto(reverse("portfolio:request-move", args=["R01"]))
    page.get_by_label("Assessed").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(reverse("portfolio:request", args=["R01"]))
    assert AssistanceRequest.objects.get(reference="R01").state == "assessed"
    accessibility(page)


def test_an_officer_records_a_pledge_and_the_shortfall_follows(page: Page, sign_in: SignIn) -> None:
    sign_in(page, role="programme-officer")
    page.goto(reverse("portfolio:pledge-new", args=["P49"]))
    page.get_by_label("Donor", exact=False).first.fill("Norway")
    page.get_by_label("Amount", exact=False).first.fill("100000")
    page.locator("main form button[type=submit]").first.click()
    page.goto(reverse("portfolio:project", args=["P49"]))
    expect(page.get_by_text("813,351").first).to_be_visible()
    assert Pledge.objects.filter(project__reference="P49").count() == 1


def test_an_officer_previews_a_file_and_applies_it(
    page: Page,
    sign_in: SignIn,
    accessibility: Accessibility,
    tmp_path: Path,
) -> None:
    path = tmp_path / "projects.csv"
    path.write_text(
        "id,title,countries,budget_usd\nN01,Invented project,Nepal,1000\n", encoding="utf-8"
    )
    sign_in(page, role="programme-officer")
    page.goto(reverse("imports:start") + "?kind=projects")
    accessibility(page)
    page.set_input_files("input[type=file]", str(path))
    page.locator("main form:has(input[type=file]) button[type=submit]").click()
    expect(page.get_by_text("N01").first).to_be_visible()
    accessibility(page)
    page.get_by_role("link", name=re.compile("Apply")).or_(
        page.get_by_role("button", name=re.compile("Apply"))
    ).first.click()
    confirm = page.get_by_role("button", name=re.compile("Apply|Yes"))
    if confirm.count():
        confirm.first.click()
    expect(page.get_by_text("Applied").first).to_be_visible()
    assert Project.objects.get(reference="N01").budget_usd == 1000
    assert audit.verify().broken_at is None


def test_a_wrong_file_is_refused_with_row_and_remedy(
    page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    path = tmp_path / "projects.csv"
    path.write_text(
        "id,title,countries,budget_usd\nN01,Invented,Nepal,756.000\nN02,Invented,Nigera,5\n",
        encoding="utf-8",
    )
    sign_in(page, role="programme-officer")
    page.goto(reverse("imports:start") + "?kind=projects")
    page.set_input_files("input[type=file]", str(path))
    page.locator("main form:has(input[type=file]) button[type=submit]").click()
    expect(page.get_by_text("Nigeria").first).to_be_visible()
    expect(page.get_by_text("budget_usd").first).to_be_visible()
    assert not Project.objects.filter(reference__in=["N01", "N02"]).exists()


def test_a_stranger_is_asked_to_sign_in_and_comes_back(page: Page) -> None:
    page.goto(reverse("portfolio:findings"))
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
