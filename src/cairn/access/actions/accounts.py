"""Every write about users: signing in and out, demo accounts."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cairn.access.models import Membership, User
from cairn.access.queries import actor_for
from cairn.access.roles import LABELS
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.models import Organisation


@transaction.atomic
def record_sign_in(user: User, *, today: date) -> None:
    """Record that `user` signed in, with the roles held `today`."""
    audit.record(actor_for(user, today=today), "user.signed_in", user)


@transaction.atomic
def record_sign_out(actor: Actor) -> None:
    """Record that a person signed out; of a visitor there is nothing to record."""
    if actor.user_id is not None:
        audit.record(actor, "user.signed_out")


@transaction.atomic
def create_demo_users(
    actor: Actor, organisation: Organisation, password: str, *, today: date
) -> list[User]:
    """One invented account for each role, named after it; existing ones are left as they are."""
    created = []
    known = set(User.objects.filter(username__in=LABELS).values_list("username", flat=True))
    for role in LABELS:
        if role in known:
            continue
        user = User.objects.create_user(
            role,
            password,
            display_name=f"Demo {role.replace('-', ' ')}",
            is_demo=True,
        )
        Membership.objects.create(
            user=user,
            organisation=organisation,
            role=role,
            starts_on=today,
            confirmed_at=timezone.now(),
        )
        created.append(user)
    if created:
        audit.record(actor, "user.demo_created", count=len(created))
    return created
