"""Attacks on referrals and on links of recipients without an account: what outlives its ground."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cairn.core import clock
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.referrals import Sent
from cairn.referral.actions.referrals_answers import Answer, Verb, answer, answer_outside
from cairn.referral.actions.referrals_clock import run_clock
from cairn.referral.models import (
    Consent,
    OneTimeLink,
    Protocol,
    Referral,
    ReferralEvent,
    Service,
)
from cairn.referral.queries.referrals import Filters, received
from cairn.referral.rules.consent import ConsentState, Said
from cairn.referral.rules.outside import LIVES
from cairn.referral.tests.consent_factories import answered, to_any
from cairn.referral.tests.protocols_made import editor, other, risk
from cairn.referral.tests.referrals_made import (
    TOLD,
    Sides,
    referred,
    refused,
    say,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Sides:
    return sides()


def outside(at: Sides) -> Sent:
    """Sent to the service, of which nobody has an account now."""
    Service.objects.filter(pk=at.service.pk).update(is_outside=True)
    return actions.refer(at.worker, at.person.code, at.service.code, wanted())


def holds(link: OneTimeLink) -> bool:
    link.refresh_from_db()
    return link.content is not None


# -- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [Verb.DECLINE, None])
def test_what_a_link_holds_goes_when_its_referral_comes_to_an_end(
    at: Sides, verb: Verb | None
) -> None:
    sent = outside(at)
    link = OneTimeLink.objects.get()
    if verb:
        answer_outside(sent.referral.pk, Answer(verb, reason="full"))
    else:
        actions.recall(at.worker, sent.referral.code)
    assert not holds(link)


def test_a_link_whose_days_are_over_holds_nothing_after_the_next_round(at: Sides) -> None:
    outside(at)
    link = OneTimeLink.objects.get()
    OneTimeLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    run_clock({})
    assert not holds(link)
    assert link.ended_at is not None
    assert timedelta(days=60) >= LIVES


# -- what a consent carried ----------------------------------------------------------------------


def test_what_was_accepted_on_a_newer_consent_stops_with_that_one(at: Sides) -> None:
    """Sent on one consent, which ran out; accepted on another, which is then taken back."""
    made = referred(at)
    Consent.objects.update(state=ConsentState.EXPIRED)
    newer = answered(at.worker, at.person, recipient=other(), categories=TOLD)
    say(at, made, Verb.ACCEPT)
    withdraw(at.worker, at.person.code, newer.number, Said.IN_PERSON)
    made.refresh_from_db()
    assert made.taken_back_at is not None
    assert not made.is_content_open


def test_a_no_to_one_by_name_stops_what_went_there_on_a_yes_to_its_kind(at: Sides) -> None:
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.IN_PERSON)
    answered(at.worker, at.person, categories=TOLD, **to_any())
    named = referred_on_kind(at)
    answered(at.worker, at.person, ConsentState.REFUSED, recipient=other(), categories=TOLD)
    named.refresh_from_db()
    assert named.taken_back_at is not None


def referred_on_kind(at: Sides) -> Referral:
    """Accepted on the consent to any service of this kind: the older no is of a day before."""
    Consent.objects.filter(state=ConsentState.WITHDRAWN).update(
        state=ConsentState.SUPERSEDED, decided_at=clock.now() - timedelta(days=1)
    )
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    return made


def test_a_no_to_another_recipient_stops_nothing_here(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    answered(at.worker, at.person, ConsentState.REFUSED, categories=TOLD)
    made.refresh_from_db()
    assert made.taken_back_at is None


@pytest.mark.parametrize(
    ("against", "code"), [("risk", "referral.excluded"), ("protocol", "referral.no-protocol")]
)
def test_nothing_more_is_answered_when_what_it_stood_on_has_ended(
    at: Sides, against: str, code: str
) -> None:
    made = referred(at)
    say(at, made, Verb.ASK, note="Which days?")
    if against == "risk":
        risk(editor("one-who-decides"))
    else:
        Protocol.objects.update(ends_on=timezone.localdate() - timedelta(days=1),
                                starts_on=timezone.localdate() - timedelta(days=9))  # fmt: skip
    with refused(code):
        actions.answer_question(at.worker, made.code, "Mornings, at her sister's.")


# -- lists, files, floods ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", [{"need": "health"}, {"urgency": "urgent"}, {"words": "Invented Town"}]
)
def test_filters_do_not_tell_of_a_referral_what_its_line_does_not(
    at: Sides, asked: dict[str, str]
) -> None:
    made = referred(at)
    assert list(received(at.focal, Filters(**asked))) == [made]
    actions.recall(at.worker, made.code)
    assert list(received(at.focal, Filters(**asked))) == []
    assert list(received(at.focal, Filters())) == [made]


def test_saying_without_end_that_help_goes_on_writes_one_line_in_an_hour(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    before = ReferralEvent.objects.filter(referral=made).count()
    answer(at.focal, made.code, Answer(Verb.GOES_ON))
    with refused("referral.said"):
        answer(at.focal, made.code, Answer(Verb.GOES_ON))
    assert ReferralEvent.objects.filter(referral=made).count() == before + 1
