"""A caseload changes hands: all of it or none, seen before, told after."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Notice
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.sharing_hand_over import hand_over_caseload
from cairn.referral.models import HandOver, HandOverLine, Person
from cairn.referral.rules.sharing import Why
from cairn.referral.tests.factories import actor_of, person, unit
from cairn.referral.tests.referrals_made import refused

pytestmark = pytest.mark.django_db
PAGE, NEW = "/hand-overs/", "/hand-overs/new/"


def worker(name: str, **place: Any) -> Actor:
    return actor_of(user_with_role("service-provider", name=name, **place))


@pytest.fixture
def chief() -> Actor:
    return actor_of(user_with_role("case-supervisor", name="chief"))


def as_user(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or ""))
    return client


def given(chief: Actor, one: Actor | None, other: Actor, count: int) -> list[HandOver]:
    from_user = one.user_id if one else None
    assert other.user_id is not None
    return hand_over_caseload(chief, from_user, other.user_id, Why.STAFF_LEAVES, expected=count)


def hands() -> set[Any]:
    return set(Person.objects.values_list("caseworker", flat=True))


def test_all_open_records_change_hands_and_closed_ones_do_not(chief: Actor) -> None:
    old, new = worker("old"), worker("new")
    moved = [person(old), person(old, unit=unit())]
    closed, others = person(old), person(chief)
    Person.objects.filter(pk=closed.pk).update(closed_on=closed.opened_on)
    made = given(chief, old, new, 2)
    # One for each place.
    assert {each.unit_id for each in made} == {None, moved[1].unit_id}
    kept = dict(Person.objects.values_list("pk", "caseworker"))
    assert [kept[each.pk] for each in moved] == [new.user_id] * 2
    assert kept[closed.pk] == old.user_id
    assert kept[others.pk] == chief.user_id
    lines = HandOverLine.objects.values_list("person", flat=True)
    assert set(lines) == {each.pk for each in moved}
    entries = AuditEntry.objects.filter(code="person.assigned").count()
    assert entries == 2
    send_outbox({})
    told = Notice.objects.visible_to(new).values_list("code", flat=True)
    assert set(told) == {"hand-over.done"}


def test_records_of_nobody_come_into_somebodys_hands(chief: Actor) -> None:
    person(chief, is_mine=False)
    new = worker("new")
    given(chief, None, new, 1)
    assert hands() == {new.user_id}


def test_when_the_colleague_does_not_work_at_one_place_none_changes_hands(chief: Actor) -> None:
    old, narrow = worker("old"), worker("narrow", unit=unit())
    person(old)
    person(old, unit=unit())
    with refused("person.caseworker"):
        given(chief, old, narrow, 2)
    assert hands() == {old.user_id}
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(("count", "code"), [(1, "hand-over.changed"), (0, "hand-over.changed")])
def test_what_was_not_seen_does_not_change_hands(chief: Actor, count: int, code: str) -> None:
    old, new = worker("old"), worker("new")
    person(old)
    person(old)
    with refused(code):
        given(chief, old, new, count)
    with refused("hand-over.self"):
        given(chief, old, old, 2)
    with refused("hand-over.none"):
        given(chief, new, old, 0)
    assert hands() == {old.user_id}


def test_only_a_supervisor_of_the_place_hands_over(chief: Actor) -> None:
    old, new = worker("old"), worker("new")
    person(old)
    with pytest.raises(PermissionDenied):
        given(old, old, new, 1)
    stranger = user_with_role("case-supervisor", name="stranger", at=organisation("Invented X"))
    with refused("hand-over.none"):
        given(actor_of(stranger), old, new, 0)
    assert hands() == {old.user_id}


def test_the_pages_hand_over_and_show_what_changed_hands(chief: Actor) -> None:
    old, new = worker("old"), worker("new")
    moved = person(old)
    client = as_user(chief)
    assert f"{old.user_id}/1" in client.get(NEW).content.decode()
    sent = {"whose": f"{old.user_id}/1", "to_user": str(new.user_id), "why": "post-closes"}
    assert client.post(NEW, sent).status_code == 302
    made = HandOver.objects.get()
    assert made.code in client.get(PAGE).content.decode()
    assert moved.code in client.get(f"{PAGE}{made.code}/").content.decode()
    assert hands() == {new.user_id}
    assert client.post(NEW, sent).status_code == 422
    assert as_user(old).get(PAGE).status_code == 403


def test_the_pages_ask_as_much_for_many_as_for_few(chief: Actor) -> None:
    old, new = worker("old"), worker("new")
    client, counts = as_user(chief), []
    for more in (1, 4):
        for _number in range(more):
            person(old)
        made = given(chief, old, new, more)[0]
        for where in (PAGE, NEW, f"{PAGE}{made.code}/"):
            client.get(where)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(where).status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
