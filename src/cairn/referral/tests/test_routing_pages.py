"""Where a person can be referred: services of the directory in order, and why others are not."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core import clock
from cairn.referral.models import Person, ProtectedLocation, Service
from cairn.referral.queries.routing import alternates, ranked, wish_for
from cairn.referral.rules.choices import Urgency
from cairn.referral.rules.routing import Reason
from cairn.referral.tests.factories import actor_of, person, provider
from cairn.referral.tests.protocols_made import agreed, both, editor, other, risk, service

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return user_with_role("service-provider")


@pytest.fixture
def made(user: User) -> Person:
    return person(actor_of(user))


@pytest.fixture
def worker(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


def said(**changes: Any) -> Service:
    """A service of the other agency that says it has places."""
    now = timezone.now()
    return service(capacity="open", capacity_at=now, assured_on=timezone.localdate(), **changes)


def test_services_are_offered_in_order_and_left_out_with_reasons(user: User, made: Person) -> None:
    agreed(both())
    good = said(name="Invented good", area="Invented Town")
    far = said(name="Invented far", area="Elsewhere")
    full = said(name="Invented full")
    Service.objects.filter(pk=full.pk).update(capacity="closed")
    stranger = said(name="Invented stranger", at=organisation("Third Invented Agency"))
    own = said(name="Invented own", at=organisation(), area="Elsewhere")
    said(name="Invented lawyer", needs=["legal"])
    wish = wish_for(made, "health", area="invented town")
    found = ranked(actor_of(user), made, wish, clock.now())
    assert [each.candidate.code for each in found.offered] == [good.code, far.code, own.code]
    out = {each.candidate.code: set(each.reasons) for each in found.left_out}
    assert out == {full.code: {Reason.FULL}, stranger.code: {Reason.NO_PROTOCOL}}


def test_an_excluded_recipient_is_offered_to_nobody_in_no_emergency(
    user: User, made: Person
) -> None:
    agreed(both())
    bad = said(name="Invented bad")
    wish = wish_for(made, "health", urgency=Urgency.EMERGENCY)
    now = clock.now()
    assert ranked(actor_of(user), made, wish, now).offered
    risk(editor("decider"))
    found = ranked(actor_of(user), made, wish, now)
    assert found.offered == ()
    assert [each.candidate.code for each in found.left_out] == [bad.code]
    assert Reason.EXCLUDED in found.left_out[0].reasons
    assert alternates(made, wish, now, frozenset()) == []


def test_without_a_protocol_only_an_emergency_reaches_a_service(user: User, made: Person) -> None:
    said()
    now = clock.now()
    routine = ranked(actor_of(user), made, wish_for(made, "health"), now)
    assert routine.offered == ()
    wish = wish_for(made, "health", urgency=Urgency.EMERGENCY)
    emergency = ranked(actor_of(user), made, wish, now)
    assert Reason.NO_PROTOCOL_YET in emergency.offered[0].reasons


def test_a_protocol_that_ran_out_mid_way_takes_its_services_out(user: User, made: Person) -> None:
    protocol = agreed(both())
    said()
    wish = wish_for(made, "health")
    actor = actor_of(user)
    last = timezone.now() + (protocol.ends_on - timezone.localdate())
    Service.objects.update(assured_on=protocol.ends_on, capacity_at=last)
    assert ranked(actor, made, wish, last).offered
    after = ranked(actor, made, wish, last + timedelta(days=1))
    assert [set(each.reasons) for each in after.left_out] == [{Reason.NO_PROTOCOL}]


def test_a_shelter_is_reached_through_its_telephone_and_never_by_its_place(
    user: User, made: Person
) -> None:
    agreed(both())
    reached = said(name="Invented shelter", kinds=["shelter"], sensitivity="protected")
    hidden = said(
        name="Invented hidden shelter",
        kinds=["shelter"],
        sensitivity="protected",
        phone="",
        is_outside=True,
    )
    for number, each in enumerate((reached, hidden)):
        place = ProtectedLocation(
            code=f"222-22{number + 2}",
            service=each,
            organisation=each.organisation,
            country="NPL",
            address="Zwombly Lane 17",
            recorded_at=timezone.now(),
        )
        place.save()
    found = ranked(actor_of(user), made, wish_for(made, "health"), clock.now())
    assert [each.candidate.code for each in found.offered] == [reached.code]
    assert [set(each.reasons) for each in found.left_out] == [{Reason.SECRET}]
    assert "Zwombly" not in repr(found)


def test_alternates_leave_out_what_was_asked(made: Person) -> None:
    agreed(both())
    first, second = said(name="Aa invented"), said(name="Bb invented")
    wish = wish_for(made, "health")
    found = alternates(made, wish, clock.now(), frozenset({first.pk}))
    assert [each.candidate.id for each in found] == [second.pk]


def test_ranking_costs_the_same_for_many(
    user: User, made: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agreed(both())
    said()
    actor, now = actor_of(user), clock.now()
    wish = wish_for(made, "health")
    with django_assert_num_queries(3):
        ranked(actor, made, wish, now)
    for number in range(12):
        said(name=f"Invented {number}", at=other(f"Invented Agency {number}"))
    with django_assert_num_queries(3):
        assert len(ranked(actor, made, wish, now).left_out) == 12


def test_the_page_asks_first_and_then_shows_reasons(worker: Client, made: Person) -> None:
    agreed(both())
    good = said()
    address = f"/persons/{made.code}/route/"
    asked = worker.get(address)
    assert asked.status_code == 200
    assert "cards" not in asked.context
    page = worker.get(address, {"need": "health", "urgency": "routine", "purpose": "assistance"})
    text = page.content.decode()
    assert good.name in text
    assert "It helps with this need." in text
    assert "A protocol with it is in force." in text
    (card,) = page.context["cards"]
    refer = urlsplit(card.refer_href)
    assert refer.path == f"/persons/{made.code}/refer/"
    assert parse_qs(refer.query) == {
        "service": [good.code],
        "need": ["health"],
        "urgency": ["routine"],
        "purpose": ["assistance"],
    }


def test_the_ground_of_an_exclusion_is_shown_to_whoever_may_know_it(made: Person) -> None:
    agreed(both())
    said()
    risk(editor("decider"))
    query = {"need": "health", "urgency": "emergency", "purpose": "assistance"}
    for role, knows in (("service-provider", False), ("case-supervisor", True)):
        client = Client()
        sign_in(client, user_with_role(role, name=f"looking-{role}"))
        text = client.get(f"/persons/{made.code}/route/", query).content.decode()
        assert "Nobody is referred to this recipient." in text
        assert ("A force that may be implicated" in text) is knows


@pytest.mark.parametrize(
    "query",
    [{"need": ""}, {"need": "gold", "urgency": "routine"}, {"need": "health", "urgency": "soon"}],
)
def test_a_wish_that_is_none_is_refused_at_its_field(
    worker: Client, made: Person, query: dict[str, str]
) -> None:
    answer = worker.get(f"/persons/{made.code}/route/", query | {"purpose": "assistance"})
    assert answer.status_code == 422
    assert "cards" not in answer.context


def test_the_page_costs_the_same_for_many(
    worker: Client, made: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agreed(both())
    said()
    address = f"/persons/{made.code}/route/"
    query = {"need": "health", "urgency": "routine", "purpose": "assistance"}
    worker.get(address, query)
    with CaptureQueriesContext(connection) as few:
        worker.get(address, query)
    for number in range(15):
        said(name=f"Invented {number}")
    with django_assert_num_queries(len(few)):
        assert len(worker.get(address, query).context["cards"]) == 10


@pytest.mark.parametrize("role", ["referral-focal-point", "directory-editor", "donor"])
def test_who_sees_no_person_routes_none(role: str, made: Person) -> None:
    client = Client()
    sign_in(client, user_with_role(role))
    assert client.get(f"/persons/{made.code}/route/").status_code == 404


def test_a_stranger_finds_no_person_here(made: Person) -> None:
    stranger = Client()
    sign_in(stranger, user_with_role("service-provider", name="stranger", at=other()))
    assert stranger.get(f"/persons/{made.code}/route/?need=health").status_code == 404
    with pytest.raises(PermissionDenied):
        risk(provider("no-decider"))
