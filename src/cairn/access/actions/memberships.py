"""Giving, confirming and ending roles: never one's own, and some only with a second person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access import duties
from cairn.access.models import Membership, User
from cairn.access.permissions import Permission, require
from cairn.access.roles import needs_confirmation
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, Unit


@dataclass(frozen=True, slots=True)
class Place:
    """What a role is for: `unit` None, `country` and `area` empty mean no narrower."""

    organisation: Organisation
    unit: Unit | None = None
    country: str = ""
    area: str = ""

    @property
    def organisation_id(self) -> UUID:
        return self.organisation.pk

    @property
    def unit_id(self) -> UUID | None:
        return self.unit.pk if self.unit else None


@transaction.atomic
def grant_role(
    actor: Actor,
    user_id: UUID,
    role: str,
    place: Place,
    *,
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """Give `role` to a user from one day to another, both included.

    A role that opens sealed records or administers waits for a second person, unless the
    installation itself gives it (the first account, made at the console).

    Raises User.DoesNotExist, PermissionDenied (also for a place outside the giver's own), or
    RuleBroken ("role.own", "role.incompatible", "role.place", "role.held", "role.dates").
    """
    user = User.objects.select_for_update().get(pk=user_id)
    require(actor, Permission.ROLE_GRANT, within=place)
    duties.check_not_oneself(actor, user.pk)
    duties.check_days(starts_on, ends_on)
    duties.check_place(place.organisation.pk, place.unit.organisation_id if place.unit else None)
    others = Membership.objects.filter(user=user).exclude(ends_on__lt=starts_on)
    duties.check_compatible(role, frozenset(others.values_list("role", flat=True)))
    same = others.filter(
        role=role,
        organisation=place.organisation,
        unit=place.unit,
        country=place.country,
        area=place.area,
    )
    if same.exists():
        raise RuleBroken("role.held", _("This person has this role there already."))
    waits = needs_confirmation(role) and not actor.is_system
    membership = Membership.objects.create(
        user=user,
        organisation=place.organisation,
        unit=place.unit,
        country=place.country,
        area=place.area,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=actor.user_id,
        confirmed_at=None if waits else timezone.now(),
    )
    audit.record(
        actor,
        "role.granted",
        membership,
        role=role,
        user=str(user.pk),
        organisation=place.organisation.slug,
        country=place.country,
        waits=waits,
    )
    return membership


@transaction.atomic
def confirm_role(actor: Actor, membership_id: int) -> Membership:
    """Agree, as a second person, that a role is given; from now on it holds.

    Raises Membership.DoesNotExist, PermissionDenied, or RuleBroken ("role.second-person",
    "role.confirmed", "role.incompatible").
    """
    membership = (
        Membership.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=membership_id)
    )
    require(actor, Permission.ROLE_CONFIRM)
    if membership.confirmed_at is not None:
        raise RuleBroken("role.confirmed", _("This role holds already."))
    duties.check_second_person(actor, membership.granted_by, membership.user_id)
    others = Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk)
    held = others.in_force(timezone.localdate()).values_list("role", flat=True)
    duties.check_compatible(membership.role, frozenset(held))
    membership.confirmed_by, membership.confirmed_at = actor.user_id, timezone.now()
    membership.save(update_fields=["confirmed_by", "confirmed_at"])
    audit.record(
        actor, "role.confirmed", membership, role=membership.role, user=str(membership.user_id)
    )
    return membership


@transaction.atomic
def end_role(actor: Actor, membership_id: int, *, today: date) -> Membership:
    """End a role with yesterday, so that it gives nothing any more from this moment.

    A role that was to begin later, or today, or that nobody confirmed yet, is taken back whole.
    Raises Membership.DoesNotExist, PermissionDenied (also for a place outside the actor's own),
    or RuleBroken ("role.own", "role.ended").
    """
    membership = (
        Membership.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=membership_id)
    )
    require(actor, Permission.ROLE_GRANT, within=membership)
    duties.check_not_oneself(actor, membership.user_id)
    if membership.ends_on is not None and membership.ends_on < today:
        raise RuleBroken("role.ended", _("This role has ended already."))
    audit.record(
        actor, "role.ended", membership, role=membership.role, user=str(membership.user_id)
    )
    yesterday = date.fromordinal(today.toordinal() - 1)
    if membership.starts_on > yesterday or membership.confirmed_at is None:
        membership.delete()
    else:
        membership.ends_on = yesterday
        membership.save(update_fields=["ends_on"])
    return membership
