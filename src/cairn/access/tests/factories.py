"""The smallest valid, obviously invented users and actors."""

from django.utils import timezone

from cairn.access.models import Membership, User
from cairn.access.queries import actor_for
from cairn.access.roles import permissions_of
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind

PASSWORD = "an invented pass phrase"


def organisation(name: str = "Invented Agency", kind: str = OrganisationKind.OTHER) -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        name=name, defaults={"slug": name.lower().replace(" ", "-"), "kind": kind}
    )
    return made


def user_with_role(role: str, password: str = PASSWORD) -> User:
    user = User.objects.create_user(f"invented-{role}", password, display_name=f"Invented {role}")
    Membership.objects.create(user=user, organisation=organisation(), role=role)
    return user


def actor_with_role(role: str) -> Actor:
    """An actor as stored users have it."""
    return actor_for(user_with_role(role), today=timezone.localdate())


def bare_actor(role: str) -> Actor:
    """An actor without a row in the database: for rules and permissions alone."""
    roles = frozenset({role})
    return Actor(name=f"Invented {role}", roles=roles, permissions=permissions_of(roles))
