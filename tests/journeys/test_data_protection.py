"""Three people and one record: opened, asked about, used in danger, taken out, and erased."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.access.tests.factories import organisation
from cairn.core import audit
from cairn.oversight.models import BreakGlass, Erasure, ExportRequest, Reading
from cairn.oversight.rules import Basis
from cairn.referral.models import Person
from cairn.referral.tests.factories import NAME, actor_of, person

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WHY = "The person asked us to call the shelter today."
DANGER = "Somebody waits in front of the house."
REVIEW = "We spoke with the police, the danger was real."
FILE_WHY = "The yearly report to the court, on paper."
ERASE_WHY = "The person wishes it and told us so."


@dataclass
class People:
    """Each at a screen of their own: who owns the record, who watches, who is elsewhere."""

    worker: Page
    officer: Page
    outsider: Page
    language: str

    def words(self, text: str) -> str:
        with override(self.language):
            return gettext(text)


@dataclass
class Scene:
    people: People
    made: Person
    scan: Accessibility

    def look(self, page: Page) -> None:
        """The page as it stands is fit for everybody and no wider than its screen."""
        page.wait_for_load_state("load")  # before its style is there, a page is as wide as its text
        self.scan(page)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{page.url} is wider than the screen"


@pytest.fixture(params=[(1280, "en"), (360, "ar")], ids=["wide-en", "narrow-ar"])
def scene(
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    open_page: Callable[..., Page],
    sign_in: SignIn,
    accessibility: Accessibility,
) -> Scene:
    width, language = request.param
    worker, officer, outsider = (open_page(width=width, language=language) for _ in range(3))
    people = People(worker, officer, outsider, language)
    user = sign_in(people.worker, role="service-provider")
    sign_in(people.officer, role="data-protection-officer")
    other = organisation("Invented Other Shelter")
    sign_in(people.outsider, role="service-provider", name="invented-outsider", at=other)
    return Scene(people, person(actor_of(user)), accessibility)


def send(page: Page, **fields: str) -> None:
    """Fill the one form that has these fields, and send it."""
    name = next(iter(fields))
    form = page.locator(f"main form:has([name={name}])")
    for field, text in fields.items():
        place = form.locator(f"[name={field}]")
        if place.evaluate("field => field.tagName") == "SELECT":
            place.select_option(text)
        else:
            place.fill(text)
    form.locator("button[type=submit]").click()


def open_sealed_part(scene: Scene, page: Page) -> None:
    page.goto(scene.made.get_absolute_url())
    page.locator("main details:has(form[action$='/open/']) > summary").click()
    send(page, purpose="safety", reason=WHY)
    page.wait_for_url("**/open/")


def open_reason(page: Page, reason: str) -> None:
    """The sealed reason is shown after a press of its button, and not before."""
    assert reason not in page.content()
    page.locator("main dd form[method=post] button").click()
    expect(page.get_by_text(reason)).to_be_visible()


def an_opening_is_seen_by_the_officer(scene: Scene) -> None:
    worker, officer = scene.people.worker, scene.people.officer
    open_sealed_part(scene, worker)
    expect(worker.get_by_text(NAME)).to_be_visible()
    scene.look(worker)

    officer.goto(reverse("oversight:desk"))
    officer.locator(f"main a[href='{reverse('oversight:readings')}']").click()
    row = officer.get_by_role("row").filter(has_text=scene.made.code)
    scene.look(officer)
    row.get_by_role("link").first.click()
    open_reason(officer, WHY)
    expect(officer.get_by_text(NAME)).to_have_count(0)
    scene.look(officer)


def danger_opens_the_record_and_is_reviewed(scene: Scene) -> None:
    outsider, officer = scene.people.outsider, scene.people.officer
    assert outsider.goto(scene.made.get_absolute_url()).status == 404  # type: ignore[union-attr]
    outsider.goto(reverse("oversight:emergency"))
    scene.look(outsider)
    outsider.locator("[name=danger]").check()
    send(outsider, code=scene.made.code.lower(), reason=DANGER)
    outsider.wait_for_url(f"**{scene.made.get_absolute_url()}")
    scene.look(outsider)
    open_sealed_part(scene, outsider)
    expect(outsider.get_by_text(NAME)).to_be_visible()

    officer.goto(reverse("oversight:desk"))
    officer.locator(f"main td a[href^='{reverse('oversight:glass-list')}']").click()
    scene.look(officer)
    officer.get_by_role("link", name=scene.made.code).click()
    open_reason(officer, DANGER)
    scene.look(officer)
    officer.locator("main a[href$='/review/']").or_(
        officer.locator("a[href$='/review/']")
    ).first.click()
    officer.locator("[name=verdict][value=justified]").check()
    scene.look(officer)
    send(officer, note=REVIEW)
    officer.wait_for_url(f"**{reverse('oversight:glass-list')}")


def a_file_is_asked_for_approved_and_taken_once(scene: Scene, folder: Path) -> None:
    worker, officer = scene.people.worker, scene.people.officer
    worker.goto(reverse("referral:person-export"))
    worker.locator("[name=parts][value=name]").check()
    scene.look(worker)
    send(worker, reason=FILE_WHY)
    worker.wait_for_url("**/exports/*/")
    address = worker.url
    expect(worker.locator("form[action$='/take/']")).to_have_count(0)

    officer.goto(reverse("oversight:exports"))
    scene.look(officer)
    officer.locator("main table a[href*='/exports/']").first.click()
    open_reason(officer, FILE_WHY)
    scene.look(officer)
    officer.locator("[name=decision][value=approve]").click()
    officer.wait_for_url(f"**{reverse('oversight:exports')}")

    worker.goto(address)
    scene.look(worker)
    with worker.expect_download() as download:
        worker.locator("form[action$='/take/'] button").click()
    path = folder / "taken.csv"
    download.value.save_as(path)
    assert path.read_text(encoding="utf-8").splitlines()[1] == f"{scene.made.code},NPL,{NAME}"
    assert scene.made.code not in download.value.suggested_filename
    worker.goto(address)
    expect(worker.locator("form[action$='/take/']")).to_have_count(0)


def the_record_is_erased_and_says_so(scene: Scene) -> None:
    worker, officer = scene.people.worker, scene.people.officer
    worker.goto(scene.made.get_absolute_url())
    worker.locator("a[href*='/erasures/new/']").click()
    worker.wait_for_url("**/erasures/new/**")
    scene.look(worker)
    send(worker, reason=ERASE_WHY)
    worker.wait_for_url("**/erasures/*/")

    officer.goto(reverse("oversight:erasures"))
    officer.locator("main table a[href*='/erasures/']").first.click()
    open_reason(officer, ERASE_WHY)
    scene.look(officer)
    officer.locator("a[href$='/approve/']").click()
    send(officer, code="ZZZ-999")
    expect(officer.locator("[aria-invalid=true]")).to_have_count(1)
    assert Erasure.objects.get().state == "asked"
    scene.look(officer)
    send(officer, code=scene.made.code)
    officer.wait_for_url(lambda url: not url.endswith("/approve/"))
    expect(officer.locator("main code")).to_have_text(Erasure.objects.get().key_proof)
    assert scene.made.code not in officer.locator("main").inner_text()
    scene.look(officer)

    worker.goto(scene.made.get_absolute_url())
    expect(worker.locator("main [data-state=erased]")).to_have_count(1)
    expect(worker.locator("form[action$='/open/']")).to_have_count(0)
    expect(worker.get_by_text(NAME)).to_have_count(0)
    scene.look(worker)


def test_who_opens_a_record_is_seen_asked_and_at_the_end_nobody_opens_it(
    scene: Scene, tmp_path: Path
) -> None:
    an_opening_is_seen_by_the_officer(scene)
    danger_opens_the_record_and_is_reviewed(scene)
    a_file_is_asked_for_approved_and_taken_once(scene, tmp_path)
    the_record_is_erased_and_says_so(scene)

    bases = list(Reading.objects.order_by("at").values_list("basis", flat=True))
    assert bases == [Basis.MEMBERSHIP, Basis.BREAK_GLASS, Basis.MEMBERSHIP]
    assert BreakGlass.objects.get().review == "justified"
    assert ExportRequest.objects.get().rows == 1
    assert Erasure.objects.get().code == ""
    assert audit.verify().broken_at is None
