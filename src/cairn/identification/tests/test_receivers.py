"""Receiving units: what phones are told of them, who manages them, and the pages of their keys."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cairn.access.models import User
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core.errors import RuleBroken
from cairn.identification.actions.procedures import Place
from cairn.identification.actions.receivers import ReceiverFacts, change_receiver, enter_receiver
from cairn.identification.models import KeyHolder, ReceivingUnit, ReceptionKey
from cairn.identification.rules import receivers as rules
from cairn.identification.tests.factories import actor_of
from cairn.identification.tests.intake_factories import receiver
from cairn.identification.tests.reception import OTHER, PASSPHRASE, cheap, member

FACTS = ReceiverFacts(
    name=" Invented  desk ",
    areas=[("north", "Invented north")],
    recipients=[("clinic", "Invented clinic")],
    emergency=[("Invented number", "+000 (0) 12")],
)


# --- Rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pairs",
    [
        [("no spaces", "words")],
        [("", "words")],
        [("-first", "words")],
        [("code", "")],
        [("code", "w" * 81)],
        [("same", "one"), ("same", "other")],
        [(f"c{number}", "words") for number in range(201)],
    ],
    ids=["spaces", "no code", "dash first", "no words", "long", "twice", "too many"],
)
def test_a_list_that_phones_could_not_show_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(RuleBroken) as caught:
        rules.check_codes(pairs, rules.MOST_AREAS)
    assert caught.value.code == "receiver.list"


@pytest.mark.parametrize(
    ("number", "is_fine"),
    [("112", True), ("+000 (0) 12-34", True), ("*99#", False), ("call me", False), ("", False)],
)
def test_a_number_is_one_that_people_can_dial(number: str, is_fine: bool) -> None:
    if is_fine:
        rules.check_numbers([("Invented", number)])
    else:
        with pytest.raises(RuleBroken):
            rules.check_numbers([("Invented", number)])


def test_a_name_is_tidied_and_never_empty() -> None:
    assert rules.check_name("  Invented   desk ") == "Invented desk"
    with pytest.raises(RuleBroken):
        rules.check_name("   ")


# --- Actions and pages -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_unit_is_entered_and_changed_in_the_own_place_only() -> None:
    actor = member("manager")
    made = enter_receiver(actor, Place(organisation(), "NPL"), FACTS)
    assert (made.name, made.areas) == ("Invented desk", [["north", "Invented north"]])
    changed = change_receiver(actor, made.code, ReceiverFacts(name="Other", is_active=False))
    assert (changed.name, changed.areas, changed.is_active) == ("Other", [], False)
    with pytest.raises(PermissionDenied):
        enter_receiver(actor, Place(organisation("Another Agency"), "NPL"), FACTS)
    stranger = member("stranger", at=organisation("Another Agency"))
    with pytest.raises(ReceivingUnit.DoesNotExist):
        change_receiver(stranger, made.code, FACTS)
    clerk = actor_of(user_with_role("intake-clerk", at=organisation()))
    with pytest.raises(PermissionDenied):
        change_receiver(clerk, made.code, FACTS)


@pytest.fixture
def user() -> User:
    return user_with_role("identification-authority", name="manager", at=organisation())


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


@pytest.mark.django_db
def test_the_form_reads_a_line_for_each_thing_and_says_which_line_is_wrong(
    browser: Client,
) -> None:
    given = {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "name": "Invented desk",
        "areas": "north | Invented north\n\nsouth Invented south",
        "emergency": "Invented | 000",
        "is_active": "on",
    }
    answer = browser.post("/reports/units/new/", given)
    assert answer.status_code == 422
    assert "Line 3 has no bar" in answer.content.decode()
    given["areas"] = "north | Invented north\nsouth | Invented south"
    answer = browser.post("/reports/units/new/", given)
    unit = ReceivingUnit.objects.get()
    assert answer["Location"] == f"/reports/units/{unit.code}/"
    assert unit.areas == [["north", "Invented north"], ["south", "Invented south"]]
    text = browser.get(answer["Location"]).content.decode()
    assert "Has no key yet" in text
    assert "Has no key yet" in browser.get("/reports/units/").content.decode()


@pytest.mark.django_db
def test_a_key_is_made_handed_over_and_taken_on_the_pages(browser: Client, user: User) -> None:
    unit = receiver(at=organisation())
    address = f"/reports/units/{unit.code}/"
    with cheap():
        slip = {"passphrase": PASSPHRASE, "again": OTHER}
        assert browser.post(f"{address}new-key/", slip).status_code == 422
        words = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
        shown = browser.post(f"{address}new-key/", words).content.decode()
    assert re.search(r"(?:[2-9A-Z]{4}-){6}[2-9A-Z]{4}", shown)
    key = ReceptionKey.objects.get()
    second = user_with_role("identification-authority", name="second", at=organisation())
    hand = f"/reports/units/keys/{key.pk}/hand-over/"
    with cheap():
        shown = browser.post(
            hand, {"for_user": str(second.pk), "passphrase": PASSPHRASE}
        ).content.decode()
    found = re.search(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", shown)
    assert found
    other = Client()
    sign_in(other, second)
    assert "Take it over" in other.get(address).content.decode()
    take = f"/reports/units/keys/{key.pk}/take-over/"
    with cheap():
        answer = other.post(take, {"code": found[0], "passphrase": OTHER, "again": OTHER})
    assert answer["Location"] == address
    assert KeyHolder.objects.filter(ended_at=None).count() == 3
    assert "Invented second" in browser.get(address).content.decode()
    browser.post(f"/reports/units/keys/{key.pk}/end/", {"holder": str(second.pk)})
    browser.post(f"/reports/units/keys/{key.pk}/end/", {"holder": "recovery"})
    assert list(KeyHolder.objects.filter(ended_at=None).values_list("user_id", flat=True)) == [
        user.pk
    ]
