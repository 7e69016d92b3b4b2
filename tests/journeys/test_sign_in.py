"""Signing in as people do it: passkeys with a device of the browser, an app, a link, an address."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.access import factors
from cairn.access.accounts import invitations
from cairn.access.actions.memberships import Place
from cairn.access.models import User
from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import PASSWORD, app_code, organisation, user_with_role
from cairn.core.models import AuditEntry

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def by_name(live_server: LiveServer, name: str) -> str:
    """An address of the server by the name of this machine, as passkeys need."""
    return live_server.url.replace("127.0.0.1", "localhost") + reverse(name)


def add_device(page: Page) -> None:
    """A device with a fingerprint reader that always agrees, as Chromium plays it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def first_step(page: Page, user: User) -> None:
    page.locator("[name=username]").fill(user.get_username())
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def methods() -> list[list[str]]:
    found = AuditEntry.objects.filter(code="user.signed_in").order_by("sequence")
    return [entry.facts["methods"] for entry in found]


def test_a_passkey_is_added_and_then_opens_the_account_alone(
    page: Page, live_server: LiveServer, accessibility: Accessibility
) -> None:
    user = user_with_role("programme-officer")
    add_device(page)
    page.goto(by_name(live_server, "access:sign-in"))
    first_step(page, user)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    accessibility(page)
    page.get_by_role("link", name="Add a passkey").click()
    accessibility(page)
    page.get_by_label("Name of the passkey").fill("Invented laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator("main li code")).to_have_count(10)
    accessibility(page)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/home/")
    assert AuditEntry.objects.filter(code="user.passkey_added").count() == 1

    page.goto(by_name(live_server, "access:account"))
    expect(page.get_by_text("Invented laptop").first).to_be_visible()
    accessibility(page)
    page.locator("header summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.goto(by_name(live_server, "access:sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home/")
    assert methods() == [["password"], ["passkey"]]
    page.goto(by_name(live_server, "portfolio:findings"))
    assert page.url.endswith(reverse("portfolio:findings")), "the passkey is both steps"


def test_a_passkey_is_the_second_step_after_the_password(
    page: Page, live_server: LiveServer
) -> None:
    user = user_with_role("programme-officer")
    add_device(page)
    page.goto(by_name(live_server, "access:sign-in"))
    first_step(page, user)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/codes/**")
    page.context.clear_cookies()
    page.goto(by_name(live_server, "access:sign-in"))
    first_step(page, user)
    page.wait_for_url("**/sign-in/second-factor/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/home/")
    assert methods()[-1] == ["password", "passkey"]


def test_a_passkey_of_nobody_here_opens_nothing(page: Page, live_server: LiveServer) -> None:
    user = user_with_role("exercise-control")
    add_device(page)
    page.goto(by_name(live_server, "access:sign-in"))
    first_step(page, user)
    page.wait_for_url("**/home/")
    page.goto(by_name(live_server, "access:passkey-add"))
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/codes/**")
    factors.take_all(user)
    page.context.clear_cookies()
    page.goto(by_name(live_server, "access:sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey does not open an account.")).to_be_visible()


def test_an_address_of_numbers_leads_to_the_name_of_this_machine(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(reverse("access:sign-in"))
    link = page.get_by_role("link", name="Open this page by its name")
    expect(link).to_have_attribute("href", by_name(live_server, "access:sign-in"))
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)


def test_an_invited_person_comes_in_and_sets_up_an_app(
    each_page: Page, live_server: LiveServer, accessibility: Accessibility
) -> None:
    _kept, token = invitations.invite(SYSTEM, "administrator", Place(organisation()))
    each_page.goto(reverse("access:link", args=[token]))
    assert token not in each_page.url
    accessibility(each_page)
    each_page.locator("[name=username]").fill("invented-guest")
    each_page.locator("[name=display_name]").fill("Invented Guest")
    each_page.locator("[name=password]").fill("four words nobody knew")
    each_page.locator("[name=again]").fill("four words nobody knew")
    each_page.locator("main form button[type=submit]").first.click()
    each_page.wait_for_url("**/account/second-factor/")
    each_page.locator("main a[href*='/app/']").click()
    picture = each_page.locator("main img")
    expect(picture).to_be_visible()
    drawn = "image => image.decode().then(() => image.naturalWidth)"
    assert picture.evaluate(drawn) > 100
    accessibility(each_page)
    secret = re.sub(r"\s", "", each_page.locator("#secret").inner_text())
    each_page.locator("[name=code]").fill(app_code(secret))
    each_page.locator("[name=code]").press("Enter")
    expect(each_page.locator("main li code")).to_have_count(10)
    each_page.goto(reverse("access:invite"))
    accessibility(each_page)
    each_page.locator("[name=role]").select_option("trainer")
    each_page.locator("[name=organisation]").select_option(index=1)
    each_page.locator("main form button[type=submit]").first.click()
    expect(each_page.locator("#link")).to_contain_text("/invitation/")
    each_page.goto(reverse("access:invitations"))
    expect(each_page.locator("main tbody tr")).to_have_count(2)
    accessibility(each_page)


def test_the_second_step_and_the_account_page_are_fit_for_everybody(
    each_page: Page, sign_in: SignIn, accessibility: Accessibility
) -> None:
    user = sign_in(each_page, role="programme-officer")
    factors.new_recovery_codes(user)
    for name in ("access:account", "access:password", "access:confirm", "access:recovery-codes"):
        each_page.goto(reverse(name))
        expect(each_page.get_by_role("heading", level=1)).to_be_visible()
        accessibility(each_page)
        width = each_page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{name} is wider than the screen"
