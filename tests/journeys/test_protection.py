"""From the first word to the plan: a person is entered, asked, referred, helped, and told of."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.referral.models import Goal, Person, Referral
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import other
from cairn.referral.tests.referrals_made import sides
from tests.journeys.protection import (
    HEALTH,
    NAMES,
    WAY,
    Accessibility,
    Look,
    SignIn,
    both_agree,
    fill,
    follow,
    helper,
    known,
    open_sealed,
    press,
    words,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "The answer to the referral depends on it."


@pytest.fixture
def look(accessibility: Accessibility) -> Look:
    return Look(accessibility)


def enter_somebody(page: Page, look: Look, before: Person) -> Person:
    """Enter a person whom a record may be of already, look at it, and enter a new one."""
    page.goto(reverse("referral:persons"))
    page.locator(f"main a[href='{reverse('referral:person-new')}']").click()
    fill(page, country="NPL", age_band="adult", contact_rule="through-us", languages="ne")
    page.get_by_text("Who the person is, if it is known and needed").click()
    fill(page, given="Zarkil", family=NAMES["family"], birth=NAMES["birth"])
    press(page, "Enter and seal")
    expect(page.get_by_role("link", name=before.code)).to_be_visible()
    look(page)
    assert Person.objects.count() == 1  # nothing is kept before somebody has decided
    press(page, "It is somebody else: enter and seal")
    expect(page.get_by_text("The record was entered.")).to_be_visible()
    expect(page.get_by_text("Nobody calls, writes or visits in any other way.")).to_be_visible()
    expect(page.get_by_text("Zarkil")).to_have_count(0)
    look(page)
    return Person.objects.exclude(pk=before.pk).get()


def ask_for_consent(page: Page, look: Look) -> None:
    page.locator("a[href$='/consents/new/']").first.click()
    fill(page, purpose="assistance", recipient_class="organisation", recipient=str(other().pk))
    fill(page, categories="need contact health", language="en")
    press(page, "Go on")
    # Explained in a language that the person does not speak, and nobody interpreted.
    expect(page.locator("main [name=language]")).to_have_attribute("aria-invalid", "true")
    look(page)
    fill(page, language="ne")
    press(page, "Go on")
    expect(page.get_by_role("heading", name="Say it like this")).to_be_visible()
    look(page)
    page.locator("main a.button-main").first.click()
    fill(page, state="given", given_by="person", capacity="able")
    look(page)
    page.locator("main form.form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="A slip to take along")).to_be_visible()
    with page.expect_download() as slip:
        press(page, "Make the slip")
    assert slip.value.suggested_filename.endswith(".pdf")
    assert not re.search(r"referral|consent|traffick", slip.value.suggested_filename)
    press(page, "The person took it")
    expect(page.get_by_role("button", name="The person took it")).to_have_count(0)
    look(page)


def note_needs(page: Page, person: Person) -> None:
    page.goto(person.get_absolute_url())
    page.locator("a[href$='/needs/new/']").first.click()
    fill(page, need_health="urgent")
    press(page, "Record and seal")
    expect(page.get_by_text("The needs were recorded.")).to_be_visible()


def refer(page: Page, look: Look, person: Person) -> Referral:
    """See which services fit, with reasons on both sides, choose one, and send."""
    page.goto(person.get_absolute_url())
    follow(page, "See which services fit")
    fill(page, need="health", urgency="urgent", area="Invented Town")
    press(page, "Show services")
    expect(page.get_by_role("heading", name="Invented help")).to_be_visible()
    expect(page.get_by_text("Why it fits:")).to_be_visible()
    page.get_by_text("service was left out, and why").click()
    expect(page.get_by_role("row").filter(has_text="Invented full house")).to_be_visible()
    look(page)
    follow(page, "Refer there")
    expect(page.get_by_role("heading", name="Who will see what")).to_be_visible()
    fill(page, place="Invented Town", words_health=HEALTH, words_contact=WAY)
    look(page)
    press(page, "Send it now")
    expect(page.get_by_text("You are told when the service answers.")).to_be_visible()
    look(page)
    return Referral.objects.get()


def answer(phone: Page, look: Look, referral: Referral) -> None:
    """On a telephone, in Arabic: nothing but the card, then yes, then the words, then the end."""
    phone.goto(reverse("referral:today"))
    look(phone)
    phone.locator(f"main a[href='{referral.get_absolute_url()}']").first.click()
    for text in (HEALTH, WAY, referral.person.code):
        expect(phone.get_by_text(text)).to_have_count(0)
    expect(phone.locator("main form[action$='/open/']")).to_have_count(0)
    look(phone)
    press(phone, words("ar", "Accept", "referral"))
    open_sealed(phone, REASON)
    expect(phone.get_by_text(HEALTH)).to_be_visible()
    look(phone)
    phone.goto(referral.get_absolute_url())
    follow(phone, words("ar", "Tell the outcome"))
    fill(phone, feedback="helped", rating="5", note="Came twice.")
    look(phone)
    phone.locator("main form.form button[type=submit]").first.click()
    phone.wait_for_url(f"**{referral.get_absolute_url()}")
    referral.refresh_from_db()
    assert referral.state == "feedback-returned"


def read_and_plan(page: Page, look: Look, referral: Referral) -> None:
    page.goto(reverse("referral:today"))
    page.locator(f"main a[href='{referral.get_absolute_url()}']").first.click()
    open_sealed(page, REASON)
    expect(page.get_by_text("Came twice.")).to_be_visible()
    page.goto(referral.get_absolute_url())
    press(page, "I have read it: close")
    page.goto(reverse("referral:plans", args=[referral.person.code]))
    follow(page, "Propose a plan")
    press(page, "Propose and seal")
    follow(page, "Write down a goal")
    fill(page, area="health", words="To sleep through a night.")
    press(page, "Write down and seal")
    expect(page.get_by_text("The goal was written down.")).to_be_visible()
    look(page)


def test_somebody_reaches_help_and_the_caseworker_hears_of_it(
    page: Page,
    arabic_phone: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    look: Look,
) -> None:
    before = known(actor_of(sign_in(page, role="service-provider")))
    sign_in(arabic_phone, role="referral-focal-point", at=other())
    both_agree()
    helper()
    helper(name="Invented full house", capacity="closed")
    person = enter_somebody(page, look, before)
    ask_for_consent(page, look)
    note_needs(page, person)
    referral = refer(page, look, person)
    answer(arabic_phone, look, referral)
    read_and_plan(page, look, referral)
    assert Referral.objects.get().state == "closed"
    assert Goal.objects.get().area == "health"


@pytest.fixture
def plain(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_script_somebody_is_referred_and_answered(plain: Page, sign_in: SignIn) -> None:
    at = sides()
    sign_in(plain, role="service-provider", name="plain-worker")
    plain.locator("header details.menu", has_text="Assistance").locator("summary").click()
    plain.locator("header").get_by_role("link", name="Persons of concern").last.click()
    follow(plain, at.person.code)
    follow(plain, "Refer to a service that you name")
    fill_plain(plain, service=at.service.code, need="health", purpose="assistance")
    plain.locator("main [name=urgency][value=routine]").check()
    press(plain, "Go on")
    fill_plain(plain, place="Invented Town", words_health=HEALTH)
    press(plain, "Send it now")
    expect(plain.get_by_text("You are told when the service answers.")).to_be_visible()
    made = Referral.objects.get()
    assert made.person == at.person
    plain.context.clear_cookies()
    sign_in(plain, role="referral-focal-point", at=other(), name="plain-focal")
    plain.goto(made.get_absolute_url())
    press(plain, "Accept")
    made.refresh_from_db()
    assert made.state == "accepted"


def fill_plain(page: Page, **fields: str) -> None:
    """Fill without asking the page anything by script."""
    for name, text in fields.items():
        chosen = page.locator(f"main select[name={name}]")
        if chosen.count():
            chosen.select_option(text)
        else:
            page.locator(f"main [name={name}]").fill(text)
