"""From an agency's phone to a seat: nominated by form and file, vetted, selected, by code."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry, Organisation
from cairn.training.models import Call, Nomination, SeatAllocation, VettingCheck
from cairn.training.tests import factories

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAME = "Zarquil Inventeria"


@pytest.fixture
def agency(live_server: LiveServer) -> Organisation:
    """An agency with two seats in an open call that asks for one check."""
    today = timezone.localdate()
    at = factories.agency("Invented Border Guard")
    event = factories.event("N01", starts="2030-05-06", ends="2030-05-10")
    call = Call.objects.create(
        event=event,
        opens_on=today,
        closes_on=today + timedelta(days=9),
        criteria=[{"code": "c1", "label": "Experience", "weight": 2}],
        vetting_kinds=["security"],
    )
    SeatAllocation.objects.create(call=call, agency=at, seats=2, minimum_women=1)
    return at


def send(page: Page) -> None:
    page.locator("main form.form button[type=submit]").first.click()


def nominate_by_form(page: Page) -> None:
    page.goto(reverse("training:calls"))
    page.get_by_role("link", name="N01").first.click()
    page.locator(f"a[href='{reverse('training:nominate', args=['N01'])}']").click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=profession]").select_option("border")
    page.locator("[name=function]").fill("Shift leader")
    page.locator("[name=languages]").fill("en:B2")
    page.locator("[name=motivation]").fill("Works on the border desk.")
    send(page)
    page.wait_for_url(re.compile("/training/nominations/"))


def nominate_by_file(page: Page, folder: Path) -> None:
    path = folder / "people.csv"
    path.write_text(
        "name,sex,profession,function,languages,motivation\n"
        "Vexoma Thorpian,male,police,Patrol,en:B1,Knows the place.\n"
        ",male,police,Patrol,en:B1,Knows the place.\n",
        encoding="utf-8",
    )
    page.goto(reverse("training:nominate-file", args=["N01"]))
    page.set_input_files("input[type=file]", str(path))
    send(page)
    page.wait_for_url(re.compile("/training/files/"))


def test_people_are_nominated_vetted_and_selected_by_code(
    open_page: Callable[..., Page],
    sign_in: SignIn,
    accessibility: Accessibility,
    agency: Organisation,
    tmp_path: Path,
) -> None:
    phone = open_page(width=360)
    sign_in(phone, role="agency-focal-point", at=agency)
    nominate_by_form(phone)
    expect(phone.get_by_text(NAME)).to_have_count(0)
    accessibility(phone)
    nominate_by_file(phone, tmp_path)
    expect(phone.get_by_text("This cell is empty.")).to_be_visible()
    accessibility(phone)
    phone.get_by_role("button", name="Apply 1 row").click()
    phone.goto(reverse("training:call", args=["N01"]))
    expect(
        phone.locator("#grid ~ * tbody tr, section[aria-labelledby=grid] tbody tr")
    ).to_have_count(2)
    accessibility(phone)
    assert Nomination.objects.filter(state="complete").count() == 2

    holder = factories.agency()
    user_with_role("trainer", name="second-on-the-panel", at=holder)
    desk = open_page(width=1280, language="ar")
    sign_in(desk, role="training-officer", at=holder)
    desk.goto(reverse("training:call", args=["N01"]))
    accessibility(desk)
    asks = reverse("training:call-vetting", args=["N01"])
    desk.locator(f"form[action='{asks}'] button").click()
    desk.wait_for_load_state()
    vet(open_page(), sign_in, accessibility, holder)

    desk.goto(reverse("training:selection", args=["N01"]))
    for place, box in enumerate(desk.locator("input[type=number]").all()):
        box.fill(str(5 - place))
    desk.locator(
        f"form[action='{reverse('training:selection-scores', args=['N01'])}'] button"
    ).click()
    desk.wait_for_load_state()
    accessibility(desk)
    desk.locator("[name=panel]").first.check()
    desk.locator("[name=reason]").fill("By the list.")
    desk.locator("div.form button[type=submit]").click()
    desk.wait_for_url("**" + reverse("training:call", args=["N01"]))
    assert Nomination.objects.filter(state="selected").count() == 2

    phone.reload()
    open_the_names(phone)
    told = str(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "Inventeria" not in told


def vet(page: Page, sign_in: SignIn, accessibility: Accessibility, holder: Organisation) -> None:
    """The vetting officer records that both checks are clear."""
    sign_in(page, role="vetting-officer", at=holder)
    page.goto(reverse("training:vetting"))
    accessibility(page)
    for code in list(VettingCheck.objects.values_list("code", flat=True)):
        page.goto(reverse("training:vetting-result", args=[code]))
        page.get_by_label("Cleared").check()
        page.locator("[name=issuer]").fill("Invented Security Office")
        page.locator("[name=decided_on]").fill(timezone.localdate().isoformat())
        page.locator("[name=valid_until]").fill("2030-12-31")
        page.locator("[name=note]").fill("Nothing is known.")
        send(page)
        page.wait_for_url("**" + reverse("training:vetting-check", args=[code]))
        expect(page.get_by_text("Nothing is known.")).to_have_count(0)
    accessibility(page)
    assert Nomination.objects.filter(state="eligible").count() == 2


def open_the_names(page: Page) -> None:
    """The focal point opens the names of the own people, once, with a reason."""
    page.locator("summary", has_text="Show the names on this page").click()
    page.locator("[name=purpose]").select_option("training")
    page.locator("[name=reason]").fill("Travel has to be booked for them.")
    page.get_by_role("button", name="Open them once").click()
    expect(page.get_by_text(NAME)).to_be_visible()
