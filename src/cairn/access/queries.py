"""From a signed-in user to the actor that actions and `visible_to` receive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cairn.access.models import Membership, User
from cairn.access.permissions import Permission
from cairn.access.roles import EVERY_PERMISSION, LABELS, ROLES, needs_second_factor, permissions_of
from cairn.core import geography
from cairn.core.actor import PUBLIC, Actor, Scope
from cairn.core.language import language

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


def connected_account(user: User) -> Any:
    """The account at the provider of single sign-on that opens `user`'s, or None."""
    return SocialAccount.objects.filter(user=user).first()


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A membership as the page shows it. `is_waiting`: a second person has to confirm it."""

    id: int
    role: str
    place: str
    starts_on: date
    ends_on: date | None
    is_waiting: bool
    is_over: bool
    may_be_confirmed: bool


def people(actor: Actor, words: str = "", *, waiting: bool = False) -> QuerySet[User]:
    """Accounts by name: all to whoever may see roles, else oneself. `words`: part of a name."""
    rows = User.objects.all()
    if not actor.may(Permission.ROLE_VIEW):
        rows = rows.filter(pk=actor.user_id or UUID(int=0))
    if not settings.DEMO:
        rows = rows.filter(is_demo=False)
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(display_name__icontains=words))
    if waiting:
        rows = rows.filter(
            Exists(Membership.objects.filter(user=OuterRef("pk"), confirmed_at=None))
        )
    return rows.order_by("username", "pk")


def held_roles(
    actor: Actor, users: Sequence[User], *, today: date
) -> list[tuple[User, list[HeldRole]]]:
    """Each user with their roles, those of today first. One query for all users."""
    rows = (
        Membership.objects.visible_to(actor)
        .filter(user__in=[user.pk for user in users])
        .select_related("organisation", "unit")
        .order_by("role", "-starts_on", "pk")
    )
    found: dict[UUID, list[HeldRole]] = {user.pk: [] for user in users}
    for row in rows:
        country = geography.country_name(row.country, language()) if row.country else ""
        parts = [row.organisation.display_name, row.unit and row.unit.name, country, row.area]
        found[row.user_id].append(
            HeldRole(
                row.pk,
                str(LABELS[row.role]),
                ", ".join(part for part in parts if part),
                row.starts_on,
                row.ends_on,
                row.confirmed_at is None,
                row.ends_on is not None and row.ends_on < today,
                row.confirmed_at is None and actor.user_id not in {row.granted_by, row.user_id},
            )
        )
    return [(user, sorted(found[user.pk], key=lambda role: role.is_over)) for user in users]
