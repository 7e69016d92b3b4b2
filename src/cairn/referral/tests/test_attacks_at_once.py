"""At the same moment: a consent is taken back while a referral is sent or accepted on it."""

from functools import partial

import pytest

from cairn.referral.actions import referrals as actions
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.models import Consent, Referral
from cairn.referral.rules.consent import Said
from cairn.referral.rules.referrals import ACCEPTED_ON, WAITING, State
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.protocols_made import other
from cairn.referral.tests.referrals_made import TOLD, referred, sides, wanted
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def test_nothing_stays_on_its_way_on_a_consent_that_is_taken_back_at_that_moment() -> None:
    at = sides()
    person, service = at.person.code, at.service.code
    for _each in range(4):
        consent = Consent.objects.filter(person=at.person).order_by("-number").first()
        assert consent is not None
        number = consent.number
        made = actions.prepare(at.worker, person, service, wanted())
        came = at_once(
            partial(actions.send, at.worker, made.code),
            partial(withdraw, at.worker, person, number, Said.IN_PERSON),
        )
        assert came in (["done", "done"], ["done", "referral.no-basis"])
        assert Referral.objects.get(pk=made.pk).state not in WAITING
        answered(at.worker, at.person, recipient=other(), categories=TOLD)


def test_what_is_accepted_at_the_moment_of_a_withdrawal_opens_no_words() -> None:
    at = sides()
    person = at.person.code
    made = referred(at)
    number = Consent.objects.get(person=at.person).number
    came = at_once(
        lambda: answer(at.focal, made.code, Answer(Verb.ACCEPT)),
        lambda: withdraw(at.worker, person, number, Said.IN_PERSON),
    )
    assert came in (
        ["done", "done"],
        ["done", "referral.taken-back"],
        ["done", "referral.no-basis"],
    )
    made.refresh_from_db()
    assert made.state in ACCEPTED_ON | {State.WITHDRAWN}
    assert not made.is_content_open
