"""From a signed-in user to the actor that actions and `visible_to` receive."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from cairn.access.models import Membership, User
from cairn.access.permissions import Permission
from cairn.access.roles import EVERY_PERMISSION, ROLES, needs_second_factor, permissions_of
from cairn.core.actor import PUBLIC, Actor, Scope

SYSTEM = Actor(name="system", permissions=EVERY_PERMISSION, is_system=True)


def actor_for(user: User, *, today: date, second_factor: bool = True) -> Actor:
    """The actor that `user` is on `today`: PUBLIC when the account may not enter. One query.

    `second_factor`: whether this session has shown one. Where a role needs it and it was not
    shown, the actor may do nothing yet.
    """
    if not user.may_enter:
        return PUBLIC
    rows = Membership.objects.filter(user=user).in_force(today)
    scopes = tuple(
        Scope(role, permissions_of(frozenset({role})), organisation, unit, country, area)
        for role, organisation, unit, country, area in rows.values_list(
            "role", "organisation_id", "unit_id", "country", "area"
        )
    )
    roles = frozenset(scope.role for scope in scopes)
    if not second_factor and needs_second_factor(roles):
        return Actor(user_id=user.pk, name=str(user), awaits_second_factor=True)
    return Actor(
        user_id=user.pk,
        name=str(user),
        roles=roles,
        permissions=permissions_of(roles),
        organisation_ids=frozenset(scope.organisation_id for scope in scopes),
        scopes=scopes,
    )


def holders(permission: Permission, organisation_id: UUID | None = None) -> list[UUID]:
    """Users who hold `permission` today, of one organisation or of all; who may not enter is out.

    One query.
    """
    roles = [role for role, permissions in ROLES.items() if permission in permissions]
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        role__in=roles, user__is_active=True
    )
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    if not settings.DEMO:
        rows = rows.filter(user__is_demo=False)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())
