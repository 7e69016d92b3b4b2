"""A recipient without an account: a link, a number told by voice, one look, one answer."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.referral.actions import referrals as actions
from cairn.referral.models import Referral, Service
from cairn.referral.tests.referrals_made import CONTENT, Sides, sides, wanted
from tests.journeys.protection import (
    HEALTH,
    Accessibility,
    Look,
    SignIn,
    fill,
    press,
    words,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(live_server: LiveServer) -> Sides:
    """A service where nobody has an account, and a person who agreed that it is told."""
    found = sides()
    Service.objects.filter(pk=found.service.pk).update(is_outside=True)
    found.service.refresh_from_db()
    return found


def send_by_link(page: Page, sign_in: SignIn, look: Look, at: Sides) -> tuple[str, str]:
    """Refer on the screens; the link and the number are shown once. Returns both."""
    sign_in(page, role="service-provider", name="outside-worker")
    query = f"?service={at.service.code}&need=health&urgency=urgent&purpose=assistance"
    page.goto(reverse("referral:referral-new", args=[at.person.code]) + query)
    fill(page, place="Invented Town", words_health=HEALTH)
    press(page, "Send it now")
    expect(
        page.get_by_role("heading", name="Sent: hand over the link and the code")
    ).to_be_visible()
    look(page)
    link, number, *_more = page.locator("main dd bdi").all_inner_texts()
    return link, number.replace(" ", "")


def enter(phone: Page, number: str) -> None:
    fill(phone, number=number)
    press(phone, words("ar", "Go on"))


def test_a_link_and_a_number_are_enough_to_help(
    page: Page, arabic_phone: Page, sign_in: SignIn, accessibility: Accessibility, at: Sides
) -> None:
    phone, look = arabic_phone, Look(accessibility)
    link, number = send_by_link(page, sign_in, look, at)
    made = Referral.objects.get()
    phone.goto(link)
    for text in ("Cairn", made.code, "Invented"):
        assert text not in re.sub(r" · Cairn$", "", phone.title())
    expect(phone.get_by_text(made.place)).to_have_count(0)
    look(phone)
    enter(phone, f"{(int(number) + 1) % 10**8:08d}")
    expect(phone.locator("main [name=number]")).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_text(made.place)).to_have_count(0)
    enter(phone, number)
    expect(phone.get_by_text(made.place)).to_be_visible()
    expect(phone.get_by_text(HEALTH)).to_have_count(0)
    look(phone)

    press(phone, words("ar", "Accept: we can help"))
    expect(phone.get_by_text(HEALTH)).to_have_count(0)
    press(phone, words("ar", "Read once what you are told"))
    expect(phone.get_by_text(HEALTH)).to_be_visible()
    look(phone)
    # Whoever takes up the phone later, with link and number, reads nothing more.
    phone.goto(link)
    enter(phone, number)
    expect(phone.get_by_text(HEALTH)).to_have_count(0)

    phone.locator("main summary", has_text=words("ar", "Say how it ended")).click()
    form = phone.locator("main form:has([name=verb][value=finish])")
    form.locator("[name=feedback][value=helped]").check()
    form.locator("[name=rating]").select_option("4")
    form.locator("button[type=submit]").click()
    expect(phone.get_by_text(words("ar", "Your answer was sent."))).to_be_visible()
    look(phone)
    made.refresh_from_db()
    assert (made.state, made.rating) == ("feedback-returned", 4)

    page.goto(made.get_absolute_url())
    press(page, "I have read it: close")
    phone.goto(link)
    enter(phone, number)
    expect(phone.locator("main form")).to_have_count(0)
    look(phone)


def test_what_is_taken_back_opens_nothing(phone: Page, at: Sides, live_server: LiveServer) -> None:
    sent = actions.refer(at.worker, at.person.code, at.service.code, wanted())
    address = reverse("referral:answer-outside", args=[sent.token])
    phone.goto(address)
    actions.recall(at.worker, sent.referral.code)
    fill(phone, number=sent.number)
    press(phone, "Go on")
    expect(phone.get_by_text("does not work")).to_be_visible()
    for text in CONTENT.values():
        expect(phone.get_by_text(text)).to_have_count(0)
    expect(phone.locator("main form")).to_have_count(0)
