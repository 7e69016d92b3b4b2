"""Every write of services: entered, changed, looked at, said to be open or full, taken out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import save_with_code
from cairn.referral.actions.secret_places import check_not_secret
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.services import Service, keeps
from cairn.referral.queries.services import answerers
from cairn.referral.rules import addresses
from cairn.referral.rules import persons as places
from cairn.referral.rules import services as rules
from cairn.referral.rules.services import Capacity, Hours, Sensitivity

# What everybody reads who sees the service; of a sheltering one none of it may lead to its door.
PUBLIC_TEXTS = {
    "name": gettext_lazy("Name of the service"),
    "description": gettext_lazy("What it does"),
    "area": gettext_lazy("Area"),
    "hours_text": gettext_lazy("When it is open, in words"),
    "eligibility": gettext_lazy("Who can come"),
}
MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What an entry says; see models.services.Service. Empty `ages`, `sexes`: everybody."""

    name: str
    kinds: Sequence[str]
    needs: Sequence[str]
    country: str
    area: str
    sensitivity: str = Sensitivity.PROTECTED
    description: str = ""
    languages: Sequence[str] = ()
    ages: Sequence[str] = ()
    sexes: Sequence[str] = ()
    hours: Hours = field(default_factory=dict)
    hours_text: str = ""
    zone: str = ""
    eligibility: str = ""
    exclusions: Sequence[str] = ()
    phone: str = ""
    email: str = ""
    focal_user: UUID | None = None
    is_outside: bool = False
    source_id: str = ""

    def values(self) -> dict[str, Any]:
        """Field of the record -> value; sequences as lists."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: list(v) if isinstance(v, list | tuple) else v for name, v in pairs}

    @property
    def is_sheltered(self) -> bool:
        return rules.is_sheltered(self.kinds, self.sensitivity)


def check_facts(facts: ServiceFacts) -> None:
    """Raise RuleBroken ("service.*") for what no service can be."""
    rules.check_service(
        kinds=facts.kinds,
        needs=facts.needs,
        exclusions=facts.exclusions,
        sensitivity=facts.sensitivity,
        ages=facts.ages,
        sexes=facts.sexes,
    )
    rules.check_hours(facts.hours, facts.zone)
    rules.check_phone(facts.phone)
    if facts.is_sheltered:
        texts = {name: str(getattr(facts, name)) for name in PUBLIC_TEXTS}
        addresses.check_fields(texts, PUBLIC_TEXTS)


def enter_service(
    actor: Actor, organisation: Organisation, facts: ServiceFacts, unit: Unit | None = None
) -> Service:
    """Enter a service; whoever does so has found it right today. Its capacity is not said yet.

    Raises PermissionDenied (outside the actor's place), RuleBroken ("service.*", "person.place").
    """
    service = Service(
        organisation=organisation,
        unit=unit,
        assured_on=timezone.localdate(),
        assured_by=actor.user_id,
        **facts.values(),
    )
    require_edit(actor, service)
    check_not_secret(actor, organisation.pk, _texts(facts), PUBLIC_TEXTS)
    with transaction.atomic():
        places.check_place(organisation.pk, unit.organisation_id if unit else None)
        check_facts(facts)
        _check_focal(service)
        save_with_code(service)
        audit.record(
            actor,
            "service.entered",
            service,
            kinds=sorted(facts.kinds),
            sensitivity=str(facts.sensitivity),
        )
    return service


def change_service(
    actor: Actor, code: str, facts: ServiceFacts, unit: Unit | None = None
) -> Service:
    """Change an entry; whoever does so has found it right today.

    A service that shelters from now on loses the ways to it that would give it away.
    Raises Service.DoesNotExist, PermissionDenied, RuleBroken (as entering does, and
    "service.closed", "service.point").
    """
    seen = Service.objects.visible_to(actor).get(code=code)
    require_edit(actor, seen)
    organisation_id = seen.organisation_id
    check_not_secret(actor, organisation_id, _texts(facts), PUBLIC_TEXTS)
    with transaction.atomic():
        service = _open_one(actor, code)
        places.check_place(organisation_id, unit.organisation_id if unit else None)
        check_facts(facts)
        wanted = facts.values() | {"unit": unit, "source_id": service.source_id}
        changed = [name for name, value in wanted.items() if getattr(service, name) != value]
        for name in changed:
            setattr(service, name, wanted[name])
        require_edit(actor, service)
        _check_focal(service)
        if service.is_sheltered:
            _check_points(service.access_points.all())
        service.assured_on, service.assured_by = timezone.localdate(), actor.user_id
        service.save(update_fields=[*changed, "assured_on", "assured_by"])
        audit.record(actor, "service.changed", service, fields=sorted(changed))
    return service


@transaction.atomic
def say_capacity(actor: Actor, code: str, capacity: str) -> Service:
    """Say how a service stands today; it counts for fourteen days, and as looked at today.

    Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.capacity",
    "service.closed").
    """
    service = _open_one(actor, code)
    write_capacity(actor, service, capacity)
    return service


def write_capacity(actor: Actor, service: Service, capacity: str) -> None:
    """Keep what was said of a service that the caller holds. In the caller's transaction."""
    rules.check_capacity(capacity)
    service.capacity, service.capacity_at = Capacity(capacity), clock.now()
    service.assured_on, service.assured_by = timezone.localdate(), actor.user_id
    service.save(update_fields=["capacity", "capacity_at", "assured_on", "assured_by"])
    audit.record(actor, "service.capacity", service, capacity=service.capacity)


@transaction.atomic
def assure_service(actor: Actor, code: str) -> Service:
    """Say that an entry is still right, without saying how full it is.

    Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.closed").
    """
    service = _open_one(actor, code)
    service.assured_on, service.assured_by = timezone.localdate(), actor.user_id
    service.save(update_fields=["assured_on", "assured_by"])
    audit.record(actor, "service.assured", service)
    return service


@transaction.atomic
def close_service(actor: Actor, code: str) -> Service:
    """Take a service out of the directory: nobody is referred there from now on.

    Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.closed").
    """
    service = _open_one(actor, code)
    now = clock.now()
    service.closed_at, service.closed_by = now, actor.user_id
    service.save(update_fields=["closed_at", "closed_by"])
    service.confirmations.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    audit.record(actor, "service.closed", service)
    return service


@transaction.atomic
def set_access_points(actor: Actor, code: str, points: Iterable[str]) -> Service:
    """Say through which offices and telephones (codes) a service is reached.

    Only those of its own organisation. Raises Service.DoesNotExist, AccessPoint.DoesNotExist,
    PermissionDenied, RuleBroken ("service.closed", "service.point", "service.points").
    """
    service = _open_one(actor, code)
    wanted = sorted(set(points))
    if len(wanted) > MOST_POINTS:
        raise RuleBroken(
            "service.points",
            _("A service has at most %(most)d ways to it.") % {"most": MOST_POINTS},
        )
    own = AccessPoint.objects.visible_to(actor).filter(
        organisation=service.organisation_id, closed_at=None
    )
    rows = list(own.filter(code__in=wanted))
    if len(rows) < len(wanted):
        raise AccessPoint.DoesNotExist
    if service.is_sheltered:
        _check_points(rows)
    if {each.pk for each in rows} == {each.pk for each in service.access_points.all()}:
        return service
    service.access_points.set(rows)
    audit.record(actor, "service.points", service, count=len(rows))
    return service


@transaction.atomic
def set_focal(actor: Actor, code: str, user_id: UUID | None) -> Service:
    """Say who is told first when a referral waits; None: everybody who answers there.

    Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.closed", "service.focal").
    """
    service = _open_one(actor, code)
    if service.focal_user == user_id:
        return service
    service.focal_user = user_id
    _check_focal(service)
    service.save(update_fields=["focal_user"])
    audit.record(actor, "service.focal", service, focal=str(user_id or ""))
    return service


def require_edit(actor: Actor, service: Service) -> None:
    """Raise PermissionDenied unless the service is of the actor's place or the actor keeps all."""
    if not may_edit(actor, service):
        raise PermissionDenied(Permission.DIRECTORY_EDIT.value)


def may_edit(actor: Actor, service: Service) -> bool:
    place = (service.organisation_id, service.unit_id, service.country, service.area)
    return actor.may_within(Permission.DIRECTORY_EDIT, *place) or keeps(actor, service.country)


def _open_one(actor: Actor, code: str) -> Service:
    rows = Service.objects.visible_to(actor).select_for_update(of=("self",))
    service: Service = rows.get(code=code)
    require_edit(actor, service)
    rules.check_in_use(service.closed_at)
    return service


def _check_points(points: Iterable[AccessPoint]) -> None:
    for point in points:
        addresses.check_point(point.way, point.reach)


def _check_focal(service: Service) -> None:
    if service.focal_user is not None and service.focal_user not in answerers(service):
        raise RuleBroken(
            "service.focal",
            _("This colleague does not answer referrals of this place."),
            _("Choose somebody from the list."),
        )


def _texts(facts: ServiceFacts) -> Mapping[str, str]:
    return {name: str(getattr(facts, name)) for name in PUBLIC_TEXTS}
