"""Two people at once: the same file brought twice, two answers, and two who begin one file."""

import json

import pytest

from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.referral.actions.exchange_brought import (
    answer_brought,
    begin_brought_file,
    bring_referral,
    look_at,
)
from cairn.referral.models import BroughtReferral, Person
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import agency_user, focal_user
from cairn.referral.tests.test_exchange import DOCUMENT
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
FILE = json.dumps(DOCUMENT).encode()


def test_the_same_file_brought_by_two_at_once_is_one_referral() -> None:
    first, second = actor_of(focal_user()), actor_of(focal_user("focal-two"))
    place = service()
    digest = look_at(first, place, FILE).digest
    found = at_once(
        *[
            lambda actor=actor: bring_referral(actor, place, FILE, digest)
            for actor in (first, second)
        ]
    )
    assert found == ["done", "done"]
    assert BroughtReferral.objects.count() == 1
    assert AuditEntry.objects.filter(code="brought.taken_in").count() == 1


def brought(worker: Actor) -> BroughtReferral:
    place = service()
    return bring_referral(worker, place, FILE, look_at(worker, place, FILE).digest)[0]


def test_of_two_answers_at_once_one_holds() -> None:
    worker = actor_of(agency_user("worker-there", at=other()))
    made = brought(worker)
    found = at_once(
        lambda: answer_brought(worker, made.code, BroughtState.ACCEPTED),
        lambda: answer_brought(worker, made.code, BroughtState.DECLINED, reason="full"),
    )
    assert sorted(found) == ["brought.move", "done"]
    assert AuditEntry.objects.filter(code="brought.answered").count() == 1


def test_two_who_begin_a_file_at_once_have_one() -> None:
    worker = actor_of(agency_user("worker-there", at=other()))
    made = brought(worker)
    answer_brought(worker, made.code, BroughtState.ACCEPTED)
    found = at_once(*[lambda: begin_brought_file(worker, made.code)] * 2)
    assert found == ["done", "done"]
    assert Person.objects.count() == 1
