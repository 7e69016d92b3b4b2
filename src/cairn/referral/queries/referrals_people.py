"""Whom a referral concerns: users on both sides who are told of it."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.queries import holders as anywhere
from cairn.access.roles import ROLES
from cairn.referral.models.referrals import Referral
from cairn.referral.models.services import Service

# More are not told of one referral: a notice to everybody is read by nobody.
MOST_TOLD = 20
# What happened to a referral that went on danger to life: who was told of it.
DANGER_SUPERVISORS, DANGER_DESK, DANGER_NOBODY = (
    "danger-supervisors",
    "danger-desk",
    "danger-nobody",
)
DANGER = frozenset({DANGER_SUPERVISORS, DANGER_DESK, DANGER_NOBODY})


def _at(
    permission: Permission, organisation: UUID, unit: UUID | None, country: str
) -> list[tuple[UUID, bool]]:
    """(user, whether for the whole organisation) of those whose membership covers the place."""
    roles = [role for role, held in ROLES.items() if permission in held]
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        Q(unit=None) | Q(unit=unit) if unit else Q(unit=None),
        Q(country="") | Q(country=country),
        role__in=roles,
        organisation=organisation,
        area="",
        user__is_active=True,
    )
    if not settings.DEMO:
        rows = rows.filter(user__is_demo=False)
    found = rows.order_by("user_id").values_list("user_id", "unit").distinct()
    return [(user, own_unit is None) for user, own_unit in found]


def answerers_of(service: Service) -> list[UUID]:
    """Who may answer a referral to `service`. One query."""
    place = (service.organisation_id, service.unit_id, service.country)
    return [user for user, _whole in _at(Permission.REFERRAL_ANSWER, *place)]


def is_outside(service: Service) -> bool:
    """True when nobody there can answer in an account: a one-time link goes out instead."""
    return service.is_outside or not answerers_of(service)


def first_told(referral: Referral) -> list[UUID]:
    """Who is told that it arrived: whoever answers for the service, else all who may answer."""
    able = _recipients(Permission.REFERRAL_ANSWER, referral)
    focal = {referral.focal_user, referral.service.focal_user} - {None}
    chosen = [user for user in able if user in focal]
    return (chosen or able)[:MOST_TOLD]


def all_told(referral: Referral) -> list[UUID]:
    """Everybody who may answer it."""
    return _recipients(Permission.REFERRAL_ANSWER, referral)[:MOST_TOLD]


def focal_points(referral: Referral) -> list[UUID]:
    """Who answers for the whole of the recipient, and those who supervise there."""
    place = (referral.recipient_id, referral.recipient_unit_id, referral.recipient_country)
    whole = [user for user, is_whole in _at(Permission.REFERRAL_ANSWER, *place) if is_whole]
    above = [user for user, _whole in _at(Permission.CASELOAD_SUPERVISE, *place)]
    focal = referral.service.focal_user
    able = _recipients(Permission.REFERRAL_ANSWER, referral)
    first = [focal] if focal in able and focal is not None else []
    return _once([*first, *above, *whole] or able)


def senders(referral: Referral) -> list[UUID]:
    """Who sent it and who works with the person, as far as they still may; else who supervises."""
    able = {user for user, _whole in _senders(Permission.REFERRAL_SEND, referral)}
    named = [referral.sent_by, referral.person.caseworker]
    found = [user for user in named if user is not None and user in able]
    return _once(found) or supervisors(referral)


def supervisors(referral: Referral) -> list[UUID]:
    """Who supervises the caseload of the sender; where nobody does, everybody who may send."""
    found = [user for user, _whole in _senders(Permission.CASELOAD_SUPERVISE, referral)]
    return _once(found or [user for user, _whole in _senders(Permission.REFERRAL_SEND, referral)])


def told_of_danger(referral: Referral) -> tuple[str, list[UUID]]:
    """(one of DANGER, users) who look at what somebody sent on danger to life alone.

    Those who supervise at the sender, without whoever sent it; else the desk of the organisation,
    else of the whole. Three queries at most.
    """
    above = [user for user, _whole in _senders(Permission.CASELOAD_SUPERVISE, referral)]
    if found := _once(user for user in above if user != referral.sent_by):
        return DANGER_SUPERVISORS, found
    desk = Permission.SUBJECT_REQUEST_HANDLE
    found = _once(anywhere(desk, referral.organisation_id) or anywhere(desk))
    return (DANGER_DESK, found) if found else (DANGER_NOBODY, [])


def _senders(permission: Permission, referral: Referral) -> list[tuple[UUID, bool]]:
    return _at(permission, referral.organisation_id, referral.unit_id, referral.country)


def _recipients(permission: Permission, referral: Referral) -> list[UUID]:
    found = _at(
        permission, referral.recipient_id, referral.recipient_unit_id, referral.recipient_country
    )
    return _once(user for user, _whole in found)


def _once(users: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(users))[:MOST_TOLD]


def holders(
    permission: Permission, organisation: UUID, unit: UUID | None, country: str
) -> list[UUID]:
    """Who has `permission` at a place. One query."""
    return _once(user for user, _whole in _at(permission, organisation, unit, country))
