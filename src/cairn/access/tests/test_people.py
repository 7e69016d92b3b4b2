"""Giving, confirming and ending roles: rules, pages, and what a waiting role gives."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.access.actions import confirm_role, end_role, grant_role
from cairn.access.actions.memberships import Place
from cairn.access.models import Membership, User
from cairn.access.permissions import Permission
from cairn.access.queries import SYSTEM, actor_for, holders
from cairn.access.roles import INCOMPATIBLE, ROLES, incompatible_with, needs_confirmation
from cairn.access.tests.factories import actor_with_role, member, organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def administrator() -> Actor:
    return actor_with_role("administrator")


@pytest.fixture
def newcomer() -> User:
    return User.objects.create_user("invented-newcomer")


def give(actor: Actor, user: User, role: str, **more: date | None) -> Membership:
    starts = more.get("starts_on") or TODAY()
    return grant_role(
        actor,
        user.pk,
        role,
        Place(organisation()),
        starts_on=starts,
        ends_on=more.get("ends_on"),
    )


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_holds_at_once_or_waits_for_a_second_person(
    administrator: Actor, newcomer: User, role: str
) -> None:
    made = give(administrator, newcomer, role)
    held = actor_for(newcomer, today=TODAY()).roles
    assert (made.confirmed_at is None) is needs_confirmation(role)
    assert held == (frozenset() if needs_confirmation(role) else {role})
    entry = AuditEntry.objects.get(code="role.granted")
    assert entry.facts["waits"] is needs_confirmation(role)


def test_a_second_person_brings_a_waiting_role_into_force(
    administrator: Actor, newcomer: User
) -> None:
    made = give(administrator, newcomer, "service-provider")
    officer = actor_with_role("data-protection-officer")
    confirm_role(officer, made.pk)
    assert actor_for(newcomer, today=TODAY()).may(Permission.PERSON_OPEN)
    assert AuditEntry.objects.get(code="role.confirmed").actor_id == str(officer.user_id)
    with pytest.raises(RuleBroken, match="holds already"):
        confirm_role(officer, made.pk)


def test_who_gave_a_role_or_gets_it_cannot_confirm_it(newcomer: User) -> None:
    officer = user_with_role("data-protection-officer")
    given = Membership.objects.create(
        user=newcomer, organisation=organisation(), role="service-provider", granted_by=officer.pk
    )
    own = Membership.objects.create(
        user=officer, organisation=organisation(), role="donor", starts_on=date(2020, 1, 1)
    )
    actor = actor_for(officer, today=TODAY())
    for membership in (given, own):
        with pytest.raises(RuleBroken) as refused:
            confirm_role(actor, membership.pk)
        assert refused.value.code == "role.second-person"
    assert not AuditEntry.objects.exists()


def test_nobody_gives_or_ends_a_role_of_their_own() -> None:
    user = user_with_role("administrator")
    actor = actor_for(user, today=TODAY())
    with pytest.raises(RuleBroken) as refused:
        give(actor, user, "donor")
    assert refused.value.code == "role.own"
    with pytest.raises(RuleBroken) as refused:
        end_role(actor, Membership.objects.get().pk, today=TODAY())
    assert refused.value.code == "role.own"


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids=lambda pair: "+".join(sorted(pair)))
def test_incompatible_roles_are_never_held_together(
    administrator: Actor, newcomer: User, pair: frozenset[str]
) -> None:
    first, second = sorted(pair)
    assert incompatible_with(first, frozenset({second})) == {second}
    member(newcomer, first)
    with pytest.raises(RuleBroken) as refused:
        give(administrator, newcomer, second)
    assert refused.value.code == "role.incompatible"


def test_a_role_that_waits_counts_as_held_when_another_is_asked_for(
    administrator: Actor, newcomer: User
) -> None:
    give(administrator, newcomer, "service-provider")
    with pytest.raises(RuleBroken) as refused:
        give(administrator, newcomer, "investigator")
    assert refused.value.code == "role.incompatible"


def test_what_cannot_be_right_is_refused(administrator: Actor, newcomer: User) -> None:
    with pytest.raises(RuleBroken) as refused:
        give(administrator, newcomer, "donor", ends_on=TODAY() - timedelta(days=1))
    assert refused.value.code == "role.dates"
    elsewhere = Unit.objects.create(organisation=organisation("Other Agency"), name="Post")
    with pytest.raises(RuleBroken) as refused:
        grant_role(
            administrator,
            newcomer.pk,
            "donor",
            Place(organisation(), elsewhere),
            starts_on=TODAY(),
        )
    assert refused.value.code == "role.place"
    give(administrator, newcomer, "donor")
    with pytest.raises(RuleBroken) as refused:
        give(administrator, newcomer, "donor")
    assert refused.value.code == "role.held"


def test_an_ended_role_gives_nothing_from_that_moment(administrator: Actor, newcomer: User) -> None:
    old = member(newcomer, "trainer")
    Membership.objects.filter(pk=old.pk).update(starts_on=date(2020, 1, 1))
    end_role(administrator, old.pk, today=TODAY())
    assert actor_for(newcomer, today=TODAY()).roles == frozenset()
    assert Membership.objects.get(pk=old.pk).ends_on == TODAY() - timedelta(days=1)
    fresh = give(administrator, newcomer, "donor")
    end_role(administrator, fresh.pk, today=TODAY())
    assert not Membership.objects.filter(pk=fresh.pk).exists()


def test_holders_are_those_in_force(newcomer: User) -> None:
    held = user_with_role("service-provider")
    waiting = Membership.objects.create(
        user=newcomer, organisation=organisation(), role="service-provider"
    )
    assert holders(Permission.PERSON_OPEN) == [held.pk]
    assert holders(Permission.PERSON_OPEN, organisation("Other Agency").pk) == []
    assert waiting.confirmed_at is None


def test_the_console_gives_the_first_role_without_a_second_person(newcomer: User) -> None:
    give(SYSTEM, newcomer, "administrator")
    assert actor_for(newcomer, today=TODAY()).may(Permission.ROLE_GRANT)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_no_other_role_gives_roles(newcomer: User, role: str) -> None:
    with pytest.raises(PermissionDenied):
        give(actor_with_role(role), newcomer, "donor")
    assert not AuditEntry.objects.exists()


def test_an_administrator_gives_a_role_and_an_officer_confirms_it(
    client: Client, newcomer: User
) -> None:
    client.force_login(user_with_role("administrator"))
    typed = {
        "organisation": organisation().pk,
        "role": "service-provider",
        "starts_on": TODAY().isoformat(),
    }
    answer = client.post(f"/roles/people/{newcomer.pk}/grant/", typed)
    assert answer.status_code == 302, answer.content
    made = Membership.objects.get(user=newcomer)
    assert client.post(f"/roles/{made.pk}/confirm/").status_code == 403
    client.force_login(user_with_role("data-protection-officer"))
    assert "invented-newcomer" in client.get("/roles/people/?waiting=1").content.decode()
    assert client.post(f"/roles/{made.pk}/confirm/").status_code == 302
    made.refresh_from_db()
    assert made.confirmed_at is not None
    assert "invented-newcomer" not in client.get("/roles/people/?waiting=1").content.decode()


def test_the_list_of_people_asks_the_same_number_of_questions_for_many(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(user_with_role("administrator"))
    client.get("/roles/people/")
    for number in range(30):
        member(User.objects.create_user(f"invented-{number}"), "trainer")
    with django_assert_max_num_queries(12):
        assert client.get("/roles/people/").status_code == 200
