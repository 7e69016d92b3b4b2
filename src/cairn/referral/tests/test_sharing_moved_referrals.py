"""Referrals that went along with their record: what the old owner meets at their addresses."""

import pytest
from django.test import Client
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions.referrals import refer
from cairn.referral.models import LateNote, Person, Referral
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import TOLD, focal_user, wanted
from cairn.referral.tests.sharing_made import Two, moved, two, willing

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Two:
    return two()


def as_user(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def sent(at: Two) -> tuple[Person, Referral]:
    one = willing(at.worker)
    answered(at.worker, one, recipient=other(), categories=TOLD)
    return one, refer(at.worker, one.code, service().code, wanted()).referral


STANDS = ("state", "step", "moved_at", "next_at")
PARTS = ("", "open/", "edit/", "send/", "recall/", "reply/", "again/", "close/", "export/")


def test_the_old_owner_is_told_where_the_record_of_a_referral_went(at: Two) -> None:
    one, made = sent(at)
    client = as_user(at.worker)
    assert client.get(f"/referrals/{made.code}/").status_code == 200
    moved(at, one)
    for part in PARTS:
        answer = client.get(f"/referrals/{made.code}/{part}")
        if answer.status_code != 405:
            assert (answer.status_code, answer["Location"]) == (302, f"/moved/{one.code}/"), part
    assert client.get(f"/referrals/{made.code}/", follow=True).status_code == 200


def test_nobody_else_learns_that_there_is_such_a_referral(at: Two) -> None:
    one, made = sent(at)
    later = refer(at.worker, one.code, service().code, wanted()).referral
    third = organisation("Invented Third")
    stranger = actor_of(user_with_role("service-provider", name="third", at=third))
    # Of the old owner, and never allowed to see what is sent.
    answers = actor_of(focal_user("answers", at=organisation()))
    moved(at, one)
    # As if the new owner had sent it: that is nothing of the old one's.
    Referral.objects.filter(pk=later.pk).update(made_at=timezone.now())
    for actor, code in ((stranger, made.code), (answers, made.code), (at.worker, later.code)):
        for part in ("", "recall/"):
            assert as_user(actor).get(f"/referrals/{code}/{part}").status_code == 404
    focal = actor_of(focal_user())
    assert as_user(focal).get(f"/referrals/{made.code}/").status_code == 200


def test_what_is_written_too_late_is_left_for_the_new_owner(at: Two) -> None:
    one, made = sent(at)
    moved(at, one)
    before = Referral.objects.values(*STANDS).get(pk=made.pk)
    client = as_user(at.worker)
    reply = {"text": "Snarkleton answers late", "expected": "information-requested"}
    answer = client.post(f"/referrals/{made.code}/reply/", reply)
    assert answer["Location"] == f"/moved/{one.code}/"
    note = LateNote.objects.get()
    assert (note.person_id, note.page) == (one.pk, "referral-reply")
    assert Referral.objects.values(*STANDS).get(pk=made.pk) == before
    # Nothing that somebody wrote: a step that comes too late, and an opening.
    client.post(f"/referrals/{made.code}/close/", {"expected": "accepted"})
    asked = {"purpose": ReadingPurpose.ASSISTANCE.value, "reason": REASON}
    assert client.post(f"/referrals/{made.code}/open/", asked).status_code == 302
    assert LateNote.objects.count() == 1
