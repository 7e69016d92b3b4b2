"""Attacks on the words of referrals: what can be read, or learnt, when it should be no more."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from cairn.access.tests.factories import user_with_role
from cairn.oversight.actions import readings
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.rules import Purpose
from cairn.referral.actions import SealedTexts
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.outside import answer_by_link, open_link, read_answer, show_content
from cairn.referral.actions.referrals_answers import Answer, Verb
from cairn.referral.actions.referrals_reading import begin_file, may_open_notes, open_referral
from cairn.referral.models import (
    Consent,
    OneTimeLink,
    Referral,
    ReferralEvent,
)
from cairn.referral.rules.consent import Said
from cairn.referral.rules.referrals import State
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.protocols_made import editor, other, risk
from cairn.referral.tests.referrals_made import (
    DANGER,
    Sides,
    agency_user,
    referred,
    refused,
    say,
    sides,
)
from cairn.referral.tests.test_attacks_referrals import holds, outside
from cairn.vault.handed import Altered, KeyGone, RootError, uncovered

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Sides:
    return sides()


def test_an_erasure_leaves_nothing_to_read_behind_a_link(at: Sides) -> None:
    """The words are sealed once more for the link: here they go at once."""
    outside(at)
    link = OneTimeLink.objects.get()
    erasure = ask_erasure(at.worker, "person", at.person.code, REASON)
    approve_erasure(actor_of(user_with_role("data-protection-officer")), erasure.pk)
    assert not holds(link)
    assert link.ended_at is not None


WAS_THERE: dict[type[Model], tuple[str, ...]] = {
    OneTimeLink: ("content", "answer", "latch", "proof", "ended_at"),
    Referral: ("state", "card", "place", "erased_on", "closed_at", "next_at"),
}


def test_an_old_row_of_a_link_that_is_put_back_opens_nothing_after_an_erasure(at: Sides) -> None:
    """Whoever has link and number, and a copy from before: words and answers ended with the key."""
    sent = outside(at)
    held = open_link(sent.token, sent.number)
    answer_by_link(held, Answer(Verb.ASK, note="Which days?"))
    actions.answer_question(at.worker, sent.referral.code, "Mornings, at her sister's.")
    answer_by_link(open_link(sent.token, sent.number), Answer(Verb.ACCEPT))
    link, made = OneTimeLink.objects.get(), Referral.objects.get()
    assert None not in (link.content, link.answer)
    erasure = ask_erasure(at.worker, "person", at.person.code, REASON)
    approve_erasure(actor_of(user_with_role("data-protection-officer")), erasure.pk)

    OneTimeLink.objects.update(**{name: getattr(link, name) for name in WAS_THERE[OneTimeLink]})
    Referral.objects.update(**{name: getattr(made, name) for name in WAS_THERE[Referral]})
    with refused("link.dead"):
        open_link(sent.token, sent.number)
    with refused("link.dead"):
        show_content(held)
    Referral.objects.update(state=State.ACKNOWLEDGED)
    held.referral.refresh_from_db()
    with refused("link.dead"):
        read_answer(held)
    for what in ("content", "answer", "latch", "proof"):
        stored = bytes(getattr(link, what))
        with pytest.raises(Altered):
            held.key.unseal(stored, what)
        with pytest.raises(KeyGone):
            uncovered(sent.referral.data_key, stored, link.pk, what)


def test_a_link_waits_while_keys_are_out_of_reach_and_costs_no_try(
    at: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = outside(at)

    def away(*_asked: object) -> bytes:
        raise RootError("root.gone", "No root key.", "put it back.")

    with monkeypatch.context() as patch:
        patch.setattr("cairn.referral.actions.outside.uncovered", away)
        with refused("link.away"):
            open_link(sent.token, sent.number)
    link = OneTimeLink.objects.get()
    assert (link.attempts, link.content is not None, link.ended_at) == (0, True, None)
    assert open_link(sent.token, sent.number).referral.pk == sent.referral.pk


def asked_and_answered(at: Sides) -> Referral:
    made = referred(at)
    say(at, made, Verb.ASK, note="Which days?")
    actions.answer_question(at.worker, made.code, "Mornings, at her sister's.")
    return made


def test_answers_close_with_the_words_when_consent_is_taken_back_after_acceptance(
    at: Sides,
) -> None:
    made = asked_and_answered(at)
    say(at, made, Verb.ACCEPT)
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.IN_PERSON)
    made.refresh_from_db()
    with refused("referral.not-open"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    event = ReferralEvent.objects.get(referral=made, event="answered")
    with pytest.raises(PermissionDenied):
        readings.read(at.focal, [event], ["note"], Purpose.ASSISTANCE, REASON)


@pytest.mark.parametrize("verb", [Verb.DECLINE, None])
def test_a_refusal_leaves_no_answer_of_the_sender_behind(at: Sides, verb: Verb | None) -> None:
    made = asked_and_answered(at)
    if verb:
        say(at, made, verb, reason="full")
    else:
        Referral.objects.filter(pk=made.pk).update(state=State.EXPIRED, next_at=None)
    made.refresh_from_db()
    assert not may_open_notes(at.focal, made)
    assert may_open_notes(at.worker, made)
    with refused("referral.not-open"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)


@pytest.mark.parametrize("is_emergency", [False, True])
def test_a_recipient_that_is_left_out_later_reads_no_more(at: Sides, is_emergency: bool) -> None:
    urgent = {"urgency": "emergency", "emergency_reason": DANGER} if is_emergency else {}
    made = referred(at, **urgent)
    if not is_emergency:
        say(at, made, Verb.ACCEPT)
    assert open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON).words
    risk(editor("one-who-decides"))
    made = Referral.objects.get(pk=made.pk)
    with refused("referral.lapsed"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    with pytest.raises(PermissionDenied):
        readings.read(at.focal, [made], ["content"], Purpose.ASSISTANCE, REASON)
    assert open_referral(at.worker, made.code, Purpose.ASSISTANCE, REASON).words


def test_whoever_may_not_keep_files_does_not_learn_the_code_of_one(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    shelter = actor_of(agency_user("shelter", at=other()))
    begin_file(shelter, made.code, SealedTexts(), client_id=uuid4())
    for stranger in (at.focal, at.worker):
        with pytest.raises(PermissionDenied):
            begin_file(stranger, made.code, SealedTexts(), client_id=uuid4())


def test_no_file_is_begun_from_words_that_were_taken_back(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.IN_PERSON)
    shelter = actor_of(agency_user("shelter", at=other()))
    with refused("referral.file"):
        begin_file(shelter, made.code, SealedTexts())
