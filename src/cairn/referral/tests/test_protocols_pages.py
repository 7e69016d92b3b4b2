"""Pages of protocols: what they show and to whom, and that signing is done on what one reads."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.referral.actions.protocols import draft_protocol, sign_protocol
from cairn.referral.models import Protocol, Signature
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import TEXT, editor, other, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return user_with_role("directory-editor")


@pytest.fixture
def desk(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


def typed(**changes: str | list[str]) -> dict[str, str | list[str]]:
    today = timezone.localdate()
    plain: dict[str, str | list[str]] = {
        "organisation": str(organisation().pk),
        "is_party": "on",
        "party_1": str(other().pk),
        "title": "Invented protocol",
        "country": "",
        "purposes": ["assistance"],
        "categories": ["need", "contact"],
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=90)).isoformat(),
        "text": TEXT,
    }
    return plain | changes


def test_a_protocol_is_drafted_signed_by_both_and_stands_on_the_pages(
    desk: Client, user: User
) -> None:
    answer = desk.post("/protocols/new/", typed())
    made = Protocol.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    page = desk.get(made.get_absolute_url())
    assert "2 signatures are missing" in page.content.decode()
    assert (page.context["may_sign"], page.context["may_edit"]) == (True, True)
    signing = desk.get(f"/protocols/{made.code}/sign/").content.decode()
    assert TEXT in signing
    assert "What help is needed" in signing
    own = {"party": str(organisation().pk), "agrees": "on"}
    assert desk.post(f"/protocols/{made.code}/sign/", own).status_code == 302
    page = desk.get(made.get_absolute_url())
    assert (page.context["may_sign"], page.context["may_edit"]) == (False, False)
    partner = Client()
    sign_in(partner, user_with_role("directory-editor", name="partner", at=other()))
    theirs = {"party": str(other().pk), "agrees": "on"}
    last = partner.get(f"/protocols/{made.code}/sign/").content.decode()
    assert "Yours is the last signature" in last
    assert partner.post(f"/protocols/{made.code}/sign/", theirs).status_code == 302
    page = desk.get(made.get_absolute_url())
    assert page.context["is_in_force"]
    assert "Name and papers" in page.content.decode()  # what is not covered is said
    assert made.title in desk.get("/protocols/?state=in-force").content.decode()
    assert made.title not in desk.get("/protocols/?state=draft").content.decode()


def test_what_was_not_read_is_not_signed(desk: Client, user: User) -> None:
    made = draft_protocol(actor_of(user), organisation(), terms())
    answer = desk.post(f"/protocols/{made.code}/sign/", {"party": str(organisation().pk)})
    assert answer.status_code == 422
    answer = desk.post(f"/protocols/{made.code}/sign/", {"party": str(other().pk), "agrees": "on"})
    assert answer.status_code == 422  # a party that one does not sign for is no choice
    assert not Signature.objects.exists()
    sign_protocol(actor_of(user), made.code, organisation().pk)
    again = {"party": str(organisation().pk), "agrees": "on"}
    refused = desk.post(f"/protocols/{made.code}/sign/", again)
    assert refused.status_code == 409
    assert "signed already" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"ends_on": "2020-01-01"}, 409, "first day"),
        ({"party_1": ""}, 422, "This field is required"),
        ({"is_party": ""}, 409, "at least two parties"),
        ({"text": "short"}, 409, "too short"),
        ({"categories": []}, 422, "This field is required"),
        ({"party_1": "no-such-id"}, 422, "Select a valid choice"),
    ],
)
def test_a_faulty_draft_is_refused_at_its_field_and_keeps_what_was_typed(
    desk: Client, changes: dict[str, str | list[str]], status: int, words: str
) -> None:
    answer = desk.post("/protocols/new/", typed(**changes))
    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text
    assert "Invented protocol" in text
    assert not Protocol.objects.exists()


def test_a_draft_is_changed_and_given_up(desk: Client, user: User) -> None:
    made = draft_protocol(actor_of(user), organisation(), terms())
    page = desk.get(f"/protocols/{made.code}/edit/")
    assert page.context["form"].initial["party_1"] == str(other().pk)
    desk.post(f"/protocols/{made.code}/edit/", typed(title="Changed", purposes=["return"]))
    made.refresh_from_db()
    assert (made.title, made.purposes) == ("Changed", ["return"])
    today = timezone.localdate().isoformat()
    ended = desk.post(f"/protocols/{made.code}/end/", {"on": today, "reason": "No longer needed"})
    assert ended.status_code == 302
    text = desk.get(made.get_absolute_url()).content.decode()
    assert "No longer needed" in text


def test_a_later_version_begins_with_the_words_of_the_one_before(desk: Client, user: User) -> None:
    own, partner = actor_of(user), editor("partner", at=other())
    old = draft_protocol(own, organisation(), terms())
    sign_protocol(own, old.code, organisation().pk)
    sign_protocol(partner, old.code, other().pk)
    page = desk.get(f"/protocols/{old.code}/version/")
    assert page.context["form"].initial["text"] == TEXT
    answer = desk.post(f"/protocols/{old.code}/version/", typed(categories=["need"]))
    new = Protocol.objects.get(replaces=old)
    assert answer["Location"] == new.get_absolute_url()
    page = desk.get(old.get_absolute_url())
    assert not page.context["may_renew"]
    assert new.code in page.content.decode()


def test_paper_is_noted_by_a_colleague(desk: Client, user: User) -> None:
    police = organisation("Invented Police")
    made = draft_protocol(actor_of(user), organisation(), terms(parties=(organisation(), police)))
    assert desk.get(made.get_absolute_url()).context["may_note"]
    today = timezone.localdate().isoformat()
    noted = {"party": str(police.pk), "signed_on": today, "paper": "Invented shelf 4"}
    assert desk.post(f"/protocols/{made.code}/paper/", noted).status_code == 302
    text = desk.get(made.get_absolute_url()).content.decode()
    assert "Invented shelf 4" in text
    assert "Signed on paper" in text


def test_the_list_costs_the_same_for_many(
    desk: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    own = actor_of(user)
    draft_protocol(own, organisation(), terms())
    desk.get("/protocols/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/protocols/")
    for _number in range(8):
        draft_protocol(own, organisation(), terms())
    with django_assert_num_queries(len(few)):
        assert desk.get("/protocols/").content.decode().count("Invented protocol") >= 9


@pytest.mark.parametrize("role", ["donor", "administrator", "programme-officer"])
def test_who_has_no_part_in_it_sees_no_protocol(role: str, user: User) -> None:
    made = draft_protocol(actor_of(user), organisation(), terms())
    stranger = Client()
    sign_in(stranger, user_with_role(role))
    assert stranger.get("/protocols/").status_code == 403
    assert stranger.get(made.get_absolute_url()).status_code == 404
