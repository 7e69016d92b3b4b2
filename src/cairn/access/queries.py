"""From a signed-in user to the actor that actions and `visible_to` receive."""

from datetime import date

from cairn.access.models import Membership, User
from cairn.access.roles import EVERY_PERMISSION, permissions_of
from cairn.core.actor import PUBLIC, Actor

SYSTEM = Actor(name="system", permissions=EVERY_PERMISSION, is_system=True)


def actor_for(user: User, *, today: date) -> Actor:
    """The actor that `user` is on `today`: PUBLIC when the account may not enter. One query."""
    if not user.may_enter:
        return PUBLIC
    memberships = Membership.objects.filter(user=user).on(today)
    rows = list(memberships.values_list("role", "organisation_id"))
    roles = frozenset(role for role, _ in rows)
    return Actor(
        user_id=user.pk,
        name=str(user),
        roles=roles,
        permissions=permissions_of(roles),
        organisation_ids=frozenset(organisation for _, organisation in rows),
    )
