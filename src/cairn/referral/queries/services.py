"""What the pages of services read: lists, one service, areas, who answers, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.roles import ROLES
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind
from cairn.oversight.queries import records
from cairn.oversight.queries.records import Places
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.services import (
    Confirmation,
    ProtectedLocation,
    Service,
    edited_by,
    keeps,
)
from cairn.referral.rules import services as rules
from cairn.referral.rules.access_points import Need
from cairn.referral.rules.services import Capacity, Sensitivity, ServiceType, Standing

_MOST_ORGANISATIONS = 2_000
_ANSWERING = [role for role, given in ROLES.items() if Permission.REFERRAL_ANSWER in given]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; an empty part narrows nothing."""

    need: str = ""
    kind: str = ""
    country: str = ""
    state: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        need, kind = query.get("need", ""), query.get("kind", "")
        country, state = query.get("country", ""), query.get("state", "")
        return cls(
            need=need if need in Need.values else "",
            kind=kind if kind in ServiceType.values else "",
            country=country if country in {each.alpha3 for each in geography.countries()} else "",
            state=state if state in Standing.values else "",
            words=query.get("q", "").strip()[:80],
        )


def services(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Service]:
    """Services that the actor sees, by country, area and name."""
    rows = Service.objects.visible_to(actor).select_related("organisation")
    rows = rows.filter(standing(filters.state, now))
    if filters.need:
        # The quotation marks keep one code from being found inside another, on every database.
        rows = rows.filter(needs__icontains=f'"{filters.need}"')
    if filters.kind:
        rows = rows.filter(kinds__icontains=f'"{filters.kind}"')
    if filters.country:
        rows = rows.filter(country=filters.country)
    if filters.words:
        rows = rows.filter(
            Q(name__icontains=filters.words)
            | Q(area__icontains=filters.words)
            | Q(code=filters.words.upper())
        )
    return rows.order_by("country", "area", "name", "code")


def standing(state: str, now: datetime) -> Q:
    """The services that stand so at `now`, as rules.standing says; "" all that are in use."""
    in_use = Q(closed_at=None)
    if state == Standing.TAKEN_OUT:
        return ~in_use
    oldest = now - rules.OFFERED_FOR
    looked = Q(assured_on__gte=oldest.date())
    fresh = ~Q(capacity="") & Q(capacity_at__gte=now - rules.SAID_FOR)
    if state == Standing.STALE:
        return in_use & ~looked
    if state == Standing.NOT_KNOWN:
        return in_use & looked & ~fresh
    said = {
        Standing.OPEN: Capacity.OPEN,
        Standing.WAITING_LIST: Capacity.WAITING_LIST,
        Standing.FULL: Capacity.CLOSED,
    }
    if state in said:
        return in_use & fresh & Q(capacity=said[Standing(state)])
    return in_use


def find_service(actor: Actor, code: str) -> Service:
    """The service of this code. Raises Service.DoesNotExist (also when not visible)."""
    rows = Service.objects.visible_to(actor).select_related("organisation", "unit")
    found: Service = rows.prefetch_related("access_points").get(code=code)
    return found


def find_location(actor: Actor, code: str) -> ProtectedLocation:
    """The sealed place of this code. Raises ProtectedLocation.DoesNotExist."""
    rows = ProtectedLocation.objects.visible_to(actor)
    found: ProtectedLocation = rows.select_related("organisation", "service").get(code=code)
    return found


def points_of(actor: Actor, service: Service) -> list[AccessPoint]:
    """Offices and telephones of the service's organisation that are in use. One query."""
    rows = AccessPoint.objects.visible_to(actor)
    return list(rows.filter(organisation=service.organisation_id, closed_at=None)[:100])


def places(actor: Actor, service: Service | None = None) -> Places:
    """Where the actor may enter services; whoever keeps the directory, for every organisation.

    With a `service`, its own place is among them. At most three queries.
    """
    own = records.places(actor, Permission.DIRECTORY_EDIT)
    if not any(keeps(actor, code) for code, _name in own.countries):
        return own
    rows = Organisation.objects.visible_to(actor).exclude(kind=OrganisationKind.STATE)
    every = {str(each.pk): each for each in rows.order_by("name")[:_MOST_ORGANISATIONS]}
    units = dict(own.units)
    if service is not None and service.unit is not None:
        units[str(service.unit_id)] = service.unit
    return Places({**own.organisations, **every}, units, own.countries)


def kept_countries(actor: Actor, places: Places) -> frozenset[str]:
    """Countries whose whole directory the actor keeps; "" stands for all of them together."""
    codes = ["", *(code for code, _name in places.countries)]
    return frozenset(code for code in codes if keeps(actor, code))


def location_of(actor: Actor, service: Service) -> ProtectedLocation | None:
    """The sealed place of a service that is in use, when the actor may know of it. One query."""
    rows = ProtectedLocation.objects.visible_to(actor)
    found: ProtectedLocation | None = rows.filter(service=service, closed_at=None).first()
    return found


def confirmations(actor: Actor, service: Service) -> list[Confirmation]:
    """The newest links of a service, at most five. One query."""
    return list(Confirmation.objects.visible_to(actor).filter(service=service)[:5])


def answerers(service: Service) -> dict[UUID, str]:
    """Id and name of those who answer referrals at the service's place. One query."""
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        Q(unit=None) | Q(unit=service.unit_id),
        country__in=["", service.country],
        area__in=["", service.area],
        organisation=service.organisation_id,
        role__in=_ANSWERING,
        user__is_active=True,
    )
    rows = rows.select_related("user").order_by("user__display_name", "user__username")
    return {each.user_id: str(each.user) for each in rows if each.user.may_enter}


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the directory: how many services stand how."""

    country: str
    name: str
    counts: Mapping[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def count(self, state: Standing) -> int:
        return self.counts.get(state, 0)


# How services in use can stand, in the order in which an area's table shows them.
SHOWN = (
    Standing.OPEN,
    Standing.WAITING_LIST,
    Standing.FULL,
    Standing.NOT_KNOWN,
    Standing.STALE,
)


def areas(actor: Actor, filters: Filters, now: datetime) -> list[Area]:
    """Each area with how many of its services stand how, by country and area. One query."""
    rows = services(actor, filters, now).order_by()
    counts = {state.name.lower(): Count("pk", filter=standing(state, now)) for state in SHOWN}
    found: Any = rows.values("country", "area").annotate(**counts)
    return [
        Area(
            row["country"],
            row["area"],
            {state: row[state.name.lower()] for state in SHOWN if row[state.name.lower()]},
        )
        for row in found.order_by("country", "area")
    ]


def unsaid(actor: Actor, now: datetime) -> QuerySet[Service]:
    """Services that the actor edits of which nobody knows how they stand, the longest first."""
    if not actor.may(Permission.DIRECTORY_EDIT):
        return Service.objects.none()
    rows = Service.objects.visible_to(actor).filter(edited_by(actor))
    rows = rows.filter(standing(Standing.NOT_KNOWN, now) | standing(Standing.STALE, now))
    return rows.order_by("assured_on", "code")


# For whom a file of the directory is, and which services it may hold: by name of what may leave,
# so that a sensitivity that is new or not known stays here.
AUDIENCES = {
    "public": (Sensitivity.PUBLIC,),
    "partners": (Sensitivity.PUBLIC, Sensitivity.RESTRICTED),
}


def exportable(audience: str, country: str = "") -> QuerySet[Service]:
    """Services in use that may leave to `audience`, of one country or ("") of all."""
    rows = Service.objects.filter(closed_at=None, sensitivity__in=AUDIENCES[audience])
    if country:
        rows = rows.filter(country=country)
    return rows.select_related("organisation").prefetch_related("access_points").order_by("code")


def is_id(text: str) -> bool:
    """True for a text that is the id of a record."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
