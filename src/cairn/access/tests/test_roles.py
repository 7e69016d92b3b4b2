"""The permission table, and who is who on which day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.models import Membership, User
from cairn.access.permissions import Permission, require
from cairn.access.queries import SYSTEM, actor_for
from cairn.access.roles import (
    EVERY_PERMISSION,
    LABELS,
    ROLES,
    needs_second_factor,
    permissions_of,
)
from cairn.access.tests.factories import bare_actor, organisation, user_with_role
from cairn.access.wording import GROUPS, WORDS
from cairn.core.actor import PUBLIC

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_held_by_some_role(permission: Permission) -> None:
    assert any(permission in held for held in ROLES.values())


def test_every_role_has_a_label_and_every_label_a_role() -> None:
    assert set(ROLES) == set(LABELS)


def test_every_permission_has_words_and_one_place_on_the_page_of_roles() -> None:
    assert set(WORDS) == set(Permission)
    shown = [permission for group in GROUPS for permission in group.permissions]
    assert sorted(shown) == sorted(Permission)


def test_permissions_stand_in_the_order_of_the_alphabet() -> None:
    assert [each.value for each in Permission] == sorted(each.value for each in Permission)


def test_whoever_may_change_something_may_see_it() -> None:
    for held in ROLES.values():
        if held & {
            Permission.PORTFOLIO_EDIT,
            Permission.PORTFOLIO_DECIDE,
            Permission.PORTFOLIO_PUBLISH,
            Permission.PORTFOLIO_IMPORT,
            Permission.FUNDING_EDIT,
            Permission.FINDING_EXPLAIN,
        }:
            assert Permission.PORTFOLIO_VIEW in held
        if Permission.REQUEST_EDIT in held:
            assert Permission.REQUEST_VIEW in held


def test_roles_of_the_public_hold_nothing() -> None:
    assert not PUBLIC.permissions
    for role in ("donor", "researcher", "participant"):
        assert not ROLES[role]


def test_the_administrator_sees_no_record_and_the_desk_opens_none() -> None:
    contexts = {permission.split(":")[0] for permission in ROLES["administrator"]}
    assert contexts == {"account", "incident", "key", "role"}
    opening = {Permission.PERSON_OPEN, Permission.PROCEDURE_OPEN, Permission.PERSON_BREAK_GLASS}
    assert not ROLES["data-protection-officer"] & opening


def test_whoever_opens_decides_exports_or_administers_shows_a_second_factor() -> None:
    heavy = {"open", "decide", "export", "approve", "grant", "confirm", "operate", "break-glass"}
    # Who runs a training, or nominates for one, opens names of those people.
    heavy |= {"run", "make", "issue", "revoke"}
    # What goes out to everybody is made, signed and published by people who prove who they are.
    heavy |= {"build", "sign", "publish"}
    for role, held in ROLES.items():
        # The list of projects is no record of persons: taking it out needs no second factor.
        weighs = {each for each in held if each.split(":")[1] in heavy} - {
            Permission.PORTFOLIO_EXPORT
        }
        assert needs_second_factor(frozenset({role})) is bool(weighs), role


def test_an_unknown_role_gives_nothing() -> None:
    assert permissions_of(frozenset({"no-such-role"})) == frozenset()


def test_two_roles_give_what_either_gives() -> None:
    both = permissions_of(frozenset({"exercise-control", "administrator"}))
    assert both == {Permission.PORTFOLIO_VIEW} | ROLES["administrator"]


def test_the_installation_itself_may_do_everything() -> None:
    assert SYSTEM.permissions == EVERY_PERMISSION == {each.value for each in Permission}
    assert not SYSTEM.is_public


def test_require_lets_pass_or_denies() -> None:
    require(bare_actor("administrator"), Permission.ROLE_VIEW)
    with pytest.raises(PermissionDenied, match="portfolio:edit"):
        require(bare_actor("administrator"), Permission.PORTFOLIO_EDIT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (TODAY - DAY, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY, TODAY, True),
    ],
)
def test_a_role_counts_from_its_first_day_to_its_last(
    starts: date, ends: date | None, holds: bool
) -> None:
    user = User.objects.create_user("invented")
    Membership.objects.create(
        user=user,
        organisation=organisation(),
        role="trainer",
        confirmed_at=timezone.now(),
        starts_on=starts,
        ends_on=ends,
    )
    actor = actor_for(user, today=TODAY)
    assert actor.roles == (frozenset({"trainer"}) if holds else frozenset())
    assert actor.may(Permission.PORTFOLIO_VIEW) is holds
    assert actor.organisation_ids == ({organisation().pk} if holds else frozenset())
    assert not actor.is_public


@pytest.mark.django_db
def test_a_closed_account_is_the_public() -> None:
    user = user_with_role("programme-officer")
    user.is_active = False
    assert actor_for(user, today=TODAY) is PUBLIC


@pytest.mark.django_db
def test_whoever_may_not_see_roles_sees_only_their_own_membership() -> None:
    officer, administrator = user_with_role("programme-officer"), user_with_role("administrator")
    today = date.today()  # noqa: DTZ011 - memberships of the factory start on the local day
    seen = Membership.objects.visible_to(actor_for(officer, today=today))
    assert [each.user for each in seen] == [officer]
    everybody = Membership.objects.visible_to(actor_for(administrator, today=today))
    assert everybody.count() == 2
