"""The desks around the work: who keeps the directory, and who looks after a caseload."""

import json
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.referral.actions.matching_rounds import find_pairs
from cairn.referral.models import Person, ProtectedLocation, Service
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.factories_directory import ADDRESS
from tests.journeys.protection import (
    Accessibility,
    Look,
    OpenPage,
    SignIn,
    fill,
    follow,
    known,
    press,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def look(accessibility: Accessibility, live_server: LiveServer) -> Look:
    return Look(accessibility)


def enter_service(page: Page, name: str, kind: str, need: str, sensitivity: str) -> Service:
    page.goto(reverse("referral:services"))
    follow(page, "Enter a service")
    fill(page, name=name, kinds=kind, needs=need, sensitivity=sensitivity)
    fill(page, country="NPL", area="Invented Town", languages="ne", phone="+977 000")
    press(page, "Enter the service")
    expect(page.get_by_text("The service was entered.")).to_be_visible()
    return Service.objects.get(name=name)


def ask_how_it_stands(page: Page, phone: Page, look: Look, made: Service) -> None:
    """A link is handed over; one tap on a telephone without an account answers it."""
    follow(page, "Ask the provider")
    press(page, "Make a link")
    look(page)
    link = page.locator("main code").inner_text()
    phone.goto(link)
    expect(phone.get_by_text(made.name)).to_be_visible()
    look(phone)
    phone.locator("main button[name=capacity][value=waiting-list]").click()
    phone.wait_for_load_state()
    look(phone)
    made.refresh_from_db()
    assert made.capacity == "waiting-list"
    assert phone.goto(link).status == 410  # type: ignore[union-attr]


def keep_a_place_secret(page: Page, look: Look, shelter: Service) -> None:
    page.goto(reverse("referral:location-new", args=[shelter.code]))
    fill(page, address=ADDRESS)
    look(page)
    page.locator("main form.form button[type=submit]").first.click()
    page.wait_for_url("**/protected-places/**")
    expect(page.get_by_text(ADDRESS)).to_have_count(0)
    assert ProtectedLocation.objects.count() == 1


def take_out(page: Page, audience: str, folder: Path) -> str:
    page.goto(reverse("referral:directory-files"))
    page.locator(f"main a[href='{reverse('referral:directory-export')}']").first.click()
    fill(page, audience=audience, form="json", country="NPL")
    with page.expect_download() as download:
        page.locator("main form.form button[type=submit]").first.click()
    path = folder / f"{audience}.json"
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


def test_the_directory_is_kept_confirmed_and_given_away_without_its_secrets(
    page: Page, arabic_phone: Page, sign_in: SignIn, look: Look, tmp_path: Path
) -> None:
    sign_in(page, role="directory-editor", country="NPL")
    clinic = enter_service(page, "Invented clinic", "health", "health", "public")
    look(page)
    ask_how_it_stands(page, arabic_phone, look, clinic)
    shelter = enter_service(page, "Invented house", "shelter", "safe-place", "protected")
    keep_a_place_secret(page, look, shelter)
    for audience in ("public", "partners"):
        given = take_out(page, audience, tmp_path)
        assert json.loads(given)
        assert clinic.name in given
        for secret in (shelter.name, str(shelter.pk), ADDRESS, ADDRESS.split(",")[0]):
            assert secret not in given
    look(page)


def hand_over(page: Page, look: Look) -> None:
    page.goto(reverse("referral:hand-overs"))
    look(page)
    page.locator(f"main a[href='{reverse('referral:hand-over-new')}']").first.click()
    whose, taker = page.locator("main [name=whose]"), page.locator("main [name=to_user]")
    whose.select_option(index=_place_of(whose.inner_text(), "leaving"))
    taker.select_option(index=_place_of(taker.inner_text(), "staying"))
    page.locator("main [name=why]").select_option("staff-leaves")
    look(page)
    press(page, "Hand over all of them")
    expect(page.get_by_text("The records changed hands.")).to_be_visible()


def _place_of(options: str, word: str) -> int:
    return next(n for n, text in enumerate(options.strip().splitlines()) if word in text)


def decide_on_a_double(page: Page, look: Look, first: Person, second: Person) -> None:
    page.goto(reverse("referral:today"))
    look(page)
    page.locator("main a[href*='/persons/duplicates/']").first.click()
    for each in (first, second):
        expect(page.get_by_role("link", name=each.code).first).to_be_visible()
    look(page)
    page.locator("main [name=step][value=same]").check()
    page.locator("main select[name=reason]").select_option("papers")
    page.locator("main form:has([name=step]) button[type=submit]").click()
    page.goto(first.get_absolute_url())
    expect(page.locator("main").get_by_role("link", name=second.code)).to_be_visible()
    look(page)


def test_a_supervisor_sees_the_day_moves_a_caseload_and_settles_a_double(
    open_page: OpenPage, sign_in: SignIn, look: Look
) -> None:
    page, leaving, staying = open_page(), open_page(), open_page(width=360)
    worker = actor_of(sign_in(leaving, role="service-provider", name="leaving"))
    heir = sign_in(staying, role="service-provider", name="staying")
    sign_in(page, role="case-supervisor")
    first, second = known(worker), known(worker, given="Zarkil")
    find_pairs({})

    hand_over(page, look)
    assert set(Person.objects.values_list("caseworker", flat=True)) == {heir.pk}
    staying.goto(reverse("referral:persons") + "?mine=1")
    expect(staying.get_by_role("link", name=first.code)).to_be_visible()
    look(staying)
    decide_on_a_double(page, look, first, second)
