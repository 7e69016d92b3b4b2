"""Referrals that came as files and wait for an answer: on the page of the day and on the home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.referral.actions import exchange_brought as actions
from cairn.referral.models import BroughtReferral, Service
from cairn.referral.queries import today as queries
from cairn.referral.queries.today_lines import SHOWN, Group
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.rules.referrals import Reason
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import focal_user
from cairn.referral.tests.test_exchange_brought import brought

pytestmark = pytest.mark.django_db
LABEL = "Referrals that came as files and wait for your answer"


@pytest.fixture
def focal() -> Actor:
    return actor_of(focal_user())


@pytest.fixture
def place(focal: Actor) -> Service:
    made = service()
    Service.objects.update(capacity="open", capacity_at=timezone.now())
    return made


def page(actor: Actor, address: str) -> str:
    client = Client()
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def group(actor: Actor) -> Group | None:
    return next((each for each in queries.today(actor) if each.key == "brought"), None)


def coded(number: int) -> str:
    return f"B{number}B2B3"


def test_it_stands_on_the_page_of_the_day_and_on_the_home_until_it_is_answered(
    focal: Actor, place: Service
) -> None:
    made = brought(focal, place)
    for address in ("/today/", "/home/"):
        assert LABEL in page(focal, address)
    assert reverse("referral:brought-list") + "?state=waiting" in page(focal, "/home/")
    assert made.get_absolute_url() in page(focal, "/today/")
    actions.answer_brought(focal, made.code, BroughtState.DECLINED, reason=Reason.FULL)
    assert group(focal) is None
    for address in ("/today/", "/home/"):
        assert LABEL not in page(focal, address)


def test_only_whoever_answers_for_the_place_is_told_of_it(focal: Actor, place: Service) -> None:
    brought(focal, place)
    far = actor_of(focal_user("far", at=other("Invented Far")))
    supervisor = actor_of(user_with_role("directory-editor", name="editor", at=other()))
    for actor in (far, supervisor):
        assert group(actor) is None


def test_danger_to_life_stands_first_and_the_oldest_after_it(focal: Actor, place: Service) -> None:
    found = [brought(focal, place, code=coded(number)) for number in range(2, 4 + SHOWN)]
    for number, each in enumerate(found):
        moment = timezone.now() - timedelta(days=9 - number)
        BroughtReferral.objects.filter(pk=each.pk).update(urgency="routine", brought_at=moment)
    newest = found[-1]
    BroughtReferral.objects.filter(pk=newest.pk).update(urgency="emergency")
    made = group(focal)
    assert made is not None
    assert made.count == len(found)
    assert [line.code for line in made.lines[:2]] == [newest.code, found[0].code]
    assert [line.is_emergency for line in made.lines[:2]] == [True, False]
    assert queries.today(focal)[0].key == "brought"


def test_what_was_erased_waits_for_nobody(focal: Actor, place: Service) -> None:
    made = brought(focal, place)
    BroughtReferral.objects.filter(pk=made.pk).update(erased_on=timezone.localdate())
    assert group(focal) is None


def test_the_page_asks_the_same_of_the_database_however_many_came(
    focal: Actor, place: Service
) -> None:
    counts = []
    for number in (2, 3, 4):
        brought(focal, place, code=coded(number))
        with CaptureQueriesContext(connection) as asked:
            queries.today(focal)
        counts.append(len(asked))
    assert len(set(counts)) == 1
