"""The app on real phones and the real server: offline, updated, carried, revoked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation
from cairn.field import shipped
from cairn.identification.actions.devices import DeviceFacts, invite, revoke
from cairn.identification.models import Device, HeldEnvelope, ReceivingUnit, Report
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.identification.tests import intake_factories
from tests.journeys.test_field_screens import Officer, set_up, walk_to_signs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CONTENT = {"v": 1, "danger": "no", "age": "adult", "outcome": "information"}
NEXT_BUILD = "f" * 16
# Functions that are asked for again and again would be built from text, which the policy of the
# page forbids; a promise is asked for once.
IS_CONTROLLED = """() => navigator.serviceWorker.controller ? null : new Promise((done) =>
  navigator.serviceWorker.addEventListener("controllerchange", () => done(null), { once: true }))"""
NEXT_BUILD_IS_THERE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
}"""
CALL = """async ([name, called, ...given]) => {
  const start = document.querySelector("script[type=module]").src;
  const part = await import(start.replace("main.js", `${name}.js`));
  const result = await part[called](...given);
  return result === undefined ? null : result;
}"""


def call(page: Page, *given: object) -> Any:
    """A function of a module of the app as it runs on this page."""
    return page.evaluate(CALL, list(given))


@pytest.fixture
def unit() -> ReceivingUnit:
    made = intake_factories.receiver(at=organisation())
    intake_factories.reception_key(made)
    return made


def enrolled(page: Page, unit: ReceivingUnit) -> Officer:
    """An officer with a phone of the unit, on the first page of the app; the worker is ready."""
    facts = DeviceFacts(unit.organisation, unit.country, WorkerProfile.POLICE, area="north")
    officer = Officer(page)
    set_up(officer, invite(SYSTEM, unit, facts)[1])
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.evaluate(IS_CONTROLLED)
    return officer


def counted(page: Page, state: str, number: int) -> None:
    figure = page.locator(f'.count[data-state="{state}"] .count-figure')
    expect(figure).to_have_text(str(number))


def report(officer: Officer) -> None:
    """The shortest way through the screens: nothing is offered, nothing is asked of the person."""
    walk_to_signs(officer)
    for name in ("next", "next"):
        officer.tap(name)
    officer.sees("where")
    officer.tap("next")
    officer.sees("consent")
    officer.tap("consent:not-asked")
    officer.sees("handover")
    officer.tap("outcome:information")
    officer.sees("sealed")
    officer.tap("done")
    officer.sees("home")


def test_three_reports_without_a_line_outlive_reload_and_update_and_arrive_once(
    phone: Page, unit: ReceivingUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = enrolled(phone, unit)
    phone.context.set_offline(True)
    report(officer)
    for number in (2, 3):
        call(phone, "outbox", "add", {**CONTENT, "note": f"invented {number}"})
    phone.reload()
    officer.sees("lock")
    officer.unlock()
    counted(phone, "here", 3)
    assert not Report.objects.exists()

    # The line comes back for the app itself, while the way for items is still closed.
    closed: list[str] = []

    def close(route: Route) -> None:
        closed.append(route.request.url)
        route.abort()

    phone.context.route("**/field/api/envelopes", close)
    phone.context.set_offline(False)
    before = phone.locator("html").get_attribute("data-build")
    monkeypatch.setattr(shipped, "_mark", lambda: NEXT_BUILD)
    call(phone, "update", "look")
    phone.evaluate(NEXT_BUILD_IS_THERE)
    assert phone.locator("html").get_attribute("data-build") == before
    officer.tap("settings")
    officer.tap("update")
    phone.locator(f'html[data-build="{NEXT_BUILD}"]').wait_for(state="attached")
    officer.sees("lock")
    officer.unlock()
    counted(phone, "here", 3)
    assert closed
    assert not Report.objects.exists()

    phone.context.unroute("**/field/api/envelopes")
    officer.tap("sent")
    officer.tap("send-now")
    expect(phone.locator(".item[data-state=received]")).to_have_count(3)
    call(phone, "outbox", "sync")
    assert Report.objects.count() == 3
    assert not HeldEnvelope.objects.exists()
    assert set(Report.objects.values_list("sequence", flat=True)) == {1, 2, 3}
    references = {item["reference"] for item in call(phone, "outbox", "list")}
    codes = Report.objects.values_list("code", flat=True)
    assert references == {f"{code[:3]}-{code[3:6]}" for code in codes}


def test_a_colleague_carries_items_that_they_cannot_read_and_brings_the_receipt(
    open_page: Callable[..., Page], unit: ReceivingUnit, tmp_path: Path
) -> None:
    owner, courier = (enrolled(open_page(width=360), unit) for _ in range(2))
    owner.page.context.set_offline(True)
    for number in (1, 2):
        call(owner.page, "outbox", "add", {**CONTENT, "note": f"invented {number}"})

    handed_over(owner.page, courier.page, tmp_path / "there.txt")
    counted(courier.page, "received", 0)
    courier.sees("home")
    call(courier.page, "outbox", "sync")
    assert Report.objects.count() == 2
    code = call(owner.page, "enrol", "device")["device"]
    assert {each.device.code for each in Report.objects.all() if each.device} == {code}
    counted(owner.page, "here", 2)

    handed_over(courier.page, owner.page, tmp_path / "back.txt")
    counted(owner.page, "received", 2)
    owner.page.context.set_offline(False)
    call(owner.page, "outbox", "sync")
    assert Report.objects.count() == 2


def handed_over(giver: Page, taker: Page, path: Path) -> None:
    """By file, over the screens of both phones."""
    text = giver.evaluate(
        """async () => {
          const start = document.querySelector("script[type=module]").src;
          const courier = await import(start.replace("main.js", "courier.js"));
          return (await courier.exportFile()).text();
        }"""
    )
    path.write_text(text)
    taker.locator('[data-id="courier"]').click()
    taker.locator("#courier-file").set_input_files(path)
    expect(taker.locator('[data-id="courier-result"]')).not_to_be_empty()
    taker.go_back()
    taker.locator('body[data-screen="home"]').wait_for()


def test_a_revoked_phone_loses_keys_and_directory_at_its_next_contact(
    phone: Page, unit: ReceivingUnit
) -> None:
    officer = enrolled(phone, unit)
    phone.context.set_offline(True)
    call(phone, "outbox", "add", CONTENT)
    device = Device.objects.get()
    revoke(SYSTEM, device.code, RevokeReason.LOST)
    phone.context.set_offline(False)
    assert call(phone, "contact", "contact")["state"] == "revoked"
    officer.sees("lock")
    expect(phone.locator(".notice.attention")).to_be_visible()
    assert call(phone, "enrol", "status")["state"] == "revoked"
    assert call(phone, "packs", "directory")["points"] == []
    # What was sealed is not lost: a supervisor decides about it.
    call(phone, "outbox", "sync")
    assert call(phone, "outbox", "counts")["held"] == 1
    assert HeldEnvelope.objects.get().device == device
    assert not Report.objects.exists()
