"""An officer with the phone app in Arabic: the whole path, hidden, locked, taken up again."""

from collections.abc import Callable

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation
from cairn.field import texts
from cairn.identification.actions.devices import DeviceFacts, invite
from cairn.identification.models import Report
from cairn.identification.rules.choices import WorkerProfile
from cairn.identification.tests import intake_factories
from cairn.referral.actions.access_points import Service, enter_access_point
from cairn.referral.rules.access_points import Way

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Accessibility = Callable[[Page], None]
PASSPHRASE = "three invented words"
MEDIAN_TAPS = 12  # the study of field work, part (f): median 12 taps, no typing
SLOWER = 4  # times, as a cheap phone is
# How long each screen took: from the touch to the frame after the one that shows it.
STOPWATCH = """
window.steps = [];
let touched = 0;
document.addEventListener("pointerdown", () => { touched = performance.now(); }, true);
document.addEventListener("click", () => { touched = touched || performance.now(); }, true);
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    const began = touched;
    touched = 0;
    if (!began) return;
    requestAnimationFrame(() => setTimeout(() => {
      window.steps.push([document.body.dataset.screen, performance.now() - began]);
    }));
  }).observe(document.getElementById("app"), { childList: true });
});
"""


class Officer:
    """Somebody with one hand on a phone; counts what they touch."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, name: str) -> None:
        self.page.locator(f'[data-id="{name}"]').click()
        self.taps += 1

    def sees(self, screen: str) -> None:
        self.page.locator(f'body[data-screen="{screen}"]').wait_for()

    def unlock(self) -> None:
        self.page.locator("input[type=password]").first.fill(PASSPHRASE)
        self.tap("open")
        self.sees("home")

    def note_seen(self, *, at: int) -> None:
        self.page.locator(".answer.yes").nth(at).click()
        self.taps += 1


@pytest.fixture
def code() -> str:
    """A one-time code of a unit in a country with one place of help."""
    unit = intake_factories.receiver(at=organisation())
    intake_factories.reception_key(unit)
    place = Service(
        name="Invented centre",
        way=Way.DOOR,
        needs=["health", "legal"],
        country=unit.country,
        area="north",
        phone="+000 000",
        reach="Beside the invented mill",
    )
    enter_access_point(SYSTEM, unit.organisation, place, nobody_sleeps_there=True)
    facts = DeviceFacts(unit.organisation, unit.country, WorkerProfile.POLICE, area="north")
    return invite(SYSTEM, unit, facts)[1]


def set_up(officer: Officer, code: str) -> None:
    page = officer.page
    page.goto(f"/field/#{code}")
    officer.sees("lock")
    for field in page.locator("form > .field input").all():
        field.fill(PASSPHRASE)
    officer.tap("set-up")
    officer.sees("enrol")
    assert code not in page.url
    officer.tap("enrol")
    officer.sees("home")


def walk_to_signs(officer: Officer) -> None:
    for name, screen in (
        ("new", "danger"),
        ("danger-no", "privacy"),
        ("alone", "child"),
        ("adult", "who"),
        ("said", "observed"),
    ):
        officer.tap(name)
        officer.sees(screen)


def walk_to_the_end(officer: Officer) -> None:
    officer.tap("next")
    officer.sees("meaning")
    officer.tap("next")
    officer.sees("where")
    officer.page.locator('[data-id^="offer:"]').first.click()
    officer.taps += 1
    officer.sees("consent")
    officer.tap("consent:yes")
    officer.sees("handover")
    officer.tap("outcome:refer")
    officer.sees("sealed")


def test_a_report_is_hidden_locked_taken_up_again_and_sealed_in_twelve_taps(
    arabic_phone: Page, code: str, accessibility: Accessibility, capsys: pytest.CaptureFixture[str]
) -> None:
    page = arabic_phone
    page.add_init_script(STOPWATCH)
    officer = Officer(page)
    set_up(officer, code)
    with override("ar"):
        words = texts.texts()
    assert page.locator("html").get_attribute("dir") == "rtl"
    expect(page.get_by_role("heading", level=1)).to_have_text(words["home.title"])
    assert page.title() == "Notes"

    walk_to_signs(officer)
    officer.tap("setting:checkpoint")
    officer.note_seen(at=1)
    first = page.locator(".answer.yes").nth(1)
    expect(first).to_have_attribute("aria-pressed", "true")
    accessibility(page)
    page.reload()
    officer.sees("lock")
    officer.unlock()
    officer.tap("resume")
    officer.sees("observed")
    expect(page.locator(".answer.yes").nth(1)).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("Escape")
    officer.sees("converter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["hide.title"])
    assert page.title() == "Notes"
    page.go_back()
    officer.sees("converter")
    officer.tap("start")
    officer.unlock()
    officer.tap("resume")
    officer.sees("observed")
    walk_to_the_end(officer)
    officer.tap("done")
    officer.sees("home")

    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate("window.steps = []")
    officer.taps = 0
    walk_to_signs(officer)
    officer.note_seen(at=1)
    officer.note_seen(at=5)
    walk_to_the_end(officer)
    assert officer.taps == MEDIAN_TAPS
    steps = page.evaluate("window.steps")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    with capsys.disabled():
        print("\nms per screen at 4x:", {name: round(took) for name, took in steps})
    assert {name for name, _took in steps} >= {"danger", "observed", "meaning", "handover"}
    reference = page.locator(".reference bdi")
    expect(reference).to_have_attribute("dir", "ltr")
    sealed = reference.inner_text()
    expect(page.locator(".state strong")).to_have_text(words["state.received"])
    accessibility(page)
    assert {report.code[:3] + "-" + report.code[3:6] for report in Report.objects.all()} >= {sealed}
    assert Report.objects.count() == 2
