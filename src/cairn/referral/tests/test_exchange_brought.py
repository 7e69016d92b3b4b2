"""Referrals that came as files: looked at, brought once, closed till accepted, answered by file."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.exports import ask_file, decide_export, take_file
from cairn.oversight.models import ExportRequest, Reading
from cairn.oversight.rules import Purpose
from cairn.oversight.tests.factories import officer
from cairn.referral.actions import exchange as files
from cairn.referral.actions import exchange_brought as actions
from cairn.referral.actions import exchange_referrals
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.exchange import Form
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.models import BroughtReferral, Consent, Person, Service
from cairn.referral.rules import exchange_brought as rules
from cairn.referral.rules.consent import Said
from cairn.referral.rules.exchange import MOST_BYTES, SCHEMA
from cairn.referral.rules.exchange_brought import ANSWER, BroughtState
from cairn.referral.rules.referrals import Feedback, Reason
from cairn.referral.subjects.exchange import BROUGHT_KIND
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import (
    HEALTH,
    WAY,
    agency_user,
    elsewhere,
    focal_user,
    referred,
    refused,
    say,
    sides,
)
from cairn.referral.tests.test_exchange import DOCUMENT

WHY = "To help whom they sent us."
S = BroughtState


def as_file(**changes: Any) -> bytes:
    made = deepcopy(DOCUMENT) | changes
    return json.dumps(made).encode()


@pytest.fixture
def focal() -> Actor:
    return actor_of(focal_user())


@pytest.fixture
def place(focal: Actor) -> Service:
    return service()


def brought(actor: Actor, place: Service, **changes: Any) -> BroughtReferral:
    content = as_file(**changes)
    looked = actions.look_at(actor, place, content)
    return actions.bring_referral(actor, place, content, looked.digest)[0]


# --- Rules --------------------------------------------------------------------------------------

BAD = [
    (b"", ""),
    (b"{", ""),
    (b"\xff\xfe", ""),
    (b'{"a": NaN}', ""),
    (b'"\\ud800"', ""),
    (b"[" * 100_000, ""),
    (b" " * (MOST_BYTES + 1), ""),
    (as_file(need="gold"), "need"),
    (as_file(basis=""), "basis"),
    (as_file(basis="vital-interest"), "basis"),
    (as_file(content={"legal": "more than may be told"}), "content.legal"),
    (as_file(area="\x00"), ""),
    (as_file(person="K7Q-M2R"), "person"),
]


@pytest.mark.parametrize(("content", "flawed"), BAD)
def test_what_cannot_be_taken_in_is_named_at_its_place(content: bytes, flawed: str) -> None:
    found = rules.read_document(content)
    assert isinstance(found, list)
    assert found[0].place == flawed
    assert found[0].message


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_crash_the_reading(content: bytes) -> None:
    assert rules.read_document(content)


@pytest.mark.parametrize("now", list(S))
@pytest.mark.parametrize("to", list(S))
def test_only_the_steps_of_the_machine_are_made(now: S, to: S) -> None:
    if to in rules.BROUGHT_MOVES[now]:
        rules.check_brought_move(now, to)
    else:
        with refused("brought.move"):
            rules.check_brought_move(now, to)


@pytest.mark.parametrize("to", list(S))
def test_an_answer_says_why_or_what_came_of_it_and_not_both(to: S) -> None:
    for reason in ("", "full", "whim"):
        for feedback in ("", "helped", "no-news", "whim"):
            right = (reason == "full") if to is S.DECLINED else not reason
            right &= (feedback == "helped") if to is S.ENDED else not feedback
            if right:
                rules.check_answer(to, reason, feedback)
            else:
                with pytest.raises(RuleBroken):
                    rules.check_answer(to, reason, feedback)


@pytest.mark.parametrize("state", list(S))
def test_words_open_after_acceptance_and_in_danger_to_life_before(state: S) -> None:
    accepted = state in {S.ACCEPTED, S.ENDED}
    assert rules.are_words_open(state, "urgent", "consent") is accepted
    assert rules.are_words_open(state, "emergency", "consent") is accepted
    emergency = rules.are_words_open(state, "emergency", "vital-interest")
    assert emergency is (accepted or state is S.WAITING)


# --- Bringing -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_our_own_file_comes_in_once_and_whoever_brings_it_again_finds_it(
    focal: Actor, place: Service
) -> None:
    first = brought(focal, place)
    assert (first.state, first.sender, first.their_code) == (
        "waiting",
        DOCUMENT["from"],
        DOCUMENT["code"],
    )
    assert first.organisation_id == place.organisation_id
    again = actions.look_at(focal, place, as_file())
    assert again.known == first
    made, is_new = actions.bring_referral(focal, place, as_file(), again.digest)
    assert (made, is_new) == (first, False)
    # The same code of another sender is another referral.
    assert brought(focal, place, **{"from": "Other Sender"}) != first
    assert BroughtReferral.objects.count() == 2
    assert AuditEntry.objects.filter(code="brought.taken_in").count() == 2


@pytest.mark.django_db
def test_a_look_stores_nothing_and_another_file_than_was_seen_is_refused(
    focal: Actor, place: Service
) -> None:
    looked = actions.look_at(focal, place, as_file())
    assert looked.document is not None
    assert not BroughtReferral.objects.exists()
    with refused("brought.other-file"):
        actions.bring_referral(focal, place, as_file(area="Elsewhere"), looked.digest)
    with refused("brought.file"):
        actions.bring_referral(focal, place, b"{", "")
    assert not BroughtReferral.objects.exists()


@pytest.mark.django_db
def test_nobody_brings_a_referral_to_the_service_of_another(focal: Actor, place: Service) -> None:
    for actor in (elsewhere(), actor_of(agency_user("from-another"))):
        with pytest.raises(PermissionDenied):
            actions.look_at(actor, place, as_file())
    made = brought(focal, place)
    with pytest.raises(BroughtReferral.DoesNotExist):
        actions.answer_brought(elsewhere("second"), made.code, S.ACCEPTED)


# --- Opening and answering ----------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.django_db
def test_words_open_with_a_reason_once_it_is_accepted(focal: Actor, place: Service) -> None:
    made = brought(focal, place)
    with refused("brought.closed"):
        actions.open_brought(focal, made.code, Purpose.ASSISTANCE, WHY)
    actions.answer_brought(focal, made.code, S.ACCEPTED)
    opened = actions.open_brought(focal, made.code, Purpose.ASSISTANCE, WHY)
    assert opened.values["content"] == {"health": HEALTH}
    assert Reading.objects.get().kind == "brought-referral"
    with pytest.raises(BroughtReferral.DoesNotExist):
        actions.open_brought(elsewhere(), made.code, Purpose.ASSISTANCE, WHY)


@pytest.mark.django_db
def test_the_answer_goes_back_as_a_file_without_words(focal: Actor, place: Service) -> None:
    made = brought(focal, place)
    with refused("brought.unanswered"):
        actions.answer_file(focal, made.code)
    with refused("brought.reason"):
        actions.answer_brought(focal, made.code, S.DECLINED)
    actions.answer_brought(focal, made.code, S.ACCEPTED)
    with refused("brought.move"):
        actions.answer_brought(focal, made.code, S.DECLINED, reason=Reason.FULL.value)
    accepted = json.loads(actions.answer_file(focal, made.code))
    Draft202012Validator(dict(ANSWER)).validate(accepted)
    assert (accepted["answer"], accepted["code"]) == ("accepted", DOCUMENT["code"])
    actions.answer_brought(focal, made.code, S.ENDED, feedback=Feedback.HELPED.value)
    text = actions.answer_file(focal, made.code)
    ended = json.loads(text)
    Draft202012Validator(dict(ANSWER)).validate(ended)
    assert (ended["answer"], ended["feedback"], ended["to"]) == (
        "ended",
        "helped",
        DOCUMENT["from"],
    )
    assert HEALTH not in text
    assert AuditEntry.objects.filter(code="brought.answer_made").count() == 2


@pytest.mark.once
@pytest.mark.django_db
def test_our_own_file_begins_once_and_takes_the_words_with_it_when_erased(place: Service) -> None:
    worker = actor_of(agency_user("worker-there", at=other()))
    made = brought(worker, place, age_band="")
    with refused("brought.closed"):
        actions.begin_brought_file(worker, made.code)
    actions.answer_brought(worker, made.code, S.ACCEPTED)
    person = actions.begin_brought_file(worker, made.code)
    assert actions.begin_brought_file(worker, made.code) == person
    assert (person.age_band, person.languages) == ("age-disputed", ["ne"])
    assert Person.objects.count() == 1
    made.refresh_from_db()
    from cairn.referral.subjects.persons import PERSON

    assert made.data_key in PERSON.further_keys(person)
    BROUGHT_KIND.after_erasure(made)
    made.refresh_from_db()
    assert (made.card, made.their_code, made.received_person_id) == ({}, "", None)


# --- Pages --------------------------------------------------------------------------------------


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def send(client: Client, place: Service, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("referral.json", content)
    return client.post(
        reverse("referral:brought-new"), {"service": place.code, "file": file} | more
    )


@pytest.mark.once
@pytest.mark.django_db
def test_the_pages_lead_from_the_file_to_the_answer(
    client: Client, focal: Actor, place: Service
) -> None:
    signed_in(client, focal)
    looked = send(client, place, as_file())
    assert looked.status_code == 200
    assert HEALTH not in looked.content.decode()
    assert not BroughtReferral.objects.exists()
    digest = looked.context["looked"].digest
    page = send(client, place, as_file(), seen=digest)
    made = BroughtReferral.objects.get()
    assert page["Location"] == made.get_absolute_url()
    assert send(client, place, as_file(), seen=digest)["Location"] == made.get_absolute_url()
    assert made.code in client.get(reverse("referral:brought-list")).content.decode()
    closed = client.get(made.get_absolute_url())
    assert "opens when the referral is accepted" in closed.content.decode()
    address = reverse("referral:brought-answer", args=[made.code])
    assert client.post(address, {"to": "declined"}).status_code == 409
    assert client.post(address, {"to": "accepted"}).status_code == 302
    reason = {"purpose": "assistance", "reason": WHY}
    opened = client.post(reverse("referral:brought-open", args=[made.code]), reason)
    assert HEALTH in opened.content.decode()
    answer = client.post(reverse("referral:brought-answer-file", args=[made.code]))
    assert json.loads(answer.content)["answer"] == "accepted"
    ended = reverse("referral:brought-finish", args=[made.code])
    assert client.post(ended, {"feedback": "no-news"}).status_code == 422
    assert client.post(ended, {"feedback": "helped"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("content", [each for each, _place in BAD if each])
def test_the_page_names_what_is_wrong_and_stores_nothing(
    client: Client, focal: Actor, place: Service, content: bytes
) -> None:
    signed_in(client, focal)
    answer = send(client, place, content)
    assert answer.status_code == 422
    assert answer.context["looked"].flaws
    assert not BroughtReferral.objects.exists()


@pytest.mark.django_db
def test_more_than_is_held_in_memory_is_refused_unread(
    client: Client, focal: Actor, place: Service
) -> None:
    signed_in(client, focal)
    assert send(client, place, b" " * (5 * 1024 * 1024)).status_code == 422
    assert not BroughtReferral.objects.exists()


@pytest.mark.django_db
def test_the_list_asks_the_same_of_the_database_whatever_its_length(
    client: Client, focal: Actor, place: Service, django_assert_max_num_queries: Any
) -> None:
    signed_in(client, focal)
    asked = []
    for count in (1, 4):
        while BroughtReferral.objects.count() < count:
            brought(focal, place, code=f"K7Q-M2{'23456789'[BroughtReferral.objects.count()]}")
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse("referral:brought-list"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- Several out --------------------------------------------------------------------------------


def ask(actor: Actor, *codes: str) -> ExportRequest:
    return ask_file(actor, "referrals-json", organisation().pk, {"codes": list(codes)}, WHY)


@pytest.mark.once
@pytest.mark.django_db
def test_several_referrals_go_out_with_what_grounds_allow_today() -> None:
    at = sides()
    first, second = referred(at), referred(at, content={"contact": WAY}, categories=["contact"])
    with pytest.raises(RuleBroken, match=first.code):
        ask(at.worker, first.code)  # nobody has accepted it yet
    for made in (first, second):
        say(at, made, Verb.ACCEPT)
    asked = ask(at.worker, second.code, first.code)
    decide_export(officer(), asked.pk, approve=True)
    _form, text = take_file(at.worker, asked.pk)
    whole = json.loads(text)
    assert (whole["format"], whole["version"]) == ("cairn-referrals", 1)
    assert [each["code"] for each in whole["referrals"]] == [second.code, first.code]
    for each in whole["referrals"]:
        Draft202012Validator(dict(SCHEMA)).validate(each)
        assert each["basis"] == "consent"
    assert whole["referrals"][1]["content"] == {"health": HEALTH, "contact": WAY}
    assert at.person.code not in text
    assert set(Reading.objects.values_list("purpose", flat=True)) == {"export"}


@pytest.mark.once
@pytest.mark.django_db
def test_a_referral_whose_ground_has_ended_is_refused_by_code_with_the_reason() -> None:
    at = sides()
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    asked = ask(at.worker, made.code)
    decide_export(officer(), asked.pk, approve=True)
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.IN_PERSON)
    with pytest.raises(RuleBroken, match=made.code):
        take_file(at.worker, asked.pk)
    assert not Reading.objects.filter(purpose="export").exists()
    focal = actor_of(user_with_role("referral-focal-point", name="own-focal"))
    with refused("file.code"):
        ask(focal, made.code)


@pytest.mark.once
@pytest.mark.django_db
def test_the_file_of_a_referral_does_not_name_a_protected_place() -> None:
    at = sides()
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    Service.objects.filter(pk=made.service_id).update(sensitivity="protected", name="Rose house")
    text = files.take_out(at.focal, made.code, Form.OWN, Purpose.ASSISTANCE, WHY)
    found = json.loads(text)
    assert (found["to"], found["service"]["name"], found["service"]["area"]) == ("", "", "")
    assert "Rose house" not in text
    assert "Invented Town" not in json.dumps(found["service"])


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("is_open", [True, False])
def test_several_go_out_only_for_whoever_may_open_their_words(
    monkeypatch: pytest.MonkeyPatch, is_open: bool
) -> None:
    at = sides()
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    asked_of: list[tuple[Any, str]] = []

    def may(actor: Actor, referral: Any) -> bool:
        asked_of.append((actor.user_id, referral.code))
        return is_open

    monkeypatch.setattr(exchange_referrals, "may_open_words", may)
    if is_open:
        ask(at.worker, made.code)
    else:
        with pytest.raises(RuleBroken, match=made.code):
            ask(at.worker, made.code)
    assert set(asked_of) == {(at.worker.user_id, made.code)}
