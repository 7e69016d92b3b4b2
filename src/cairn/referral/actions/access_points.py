"""Every write of the directory of services: entered, changed, found still right, taken out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.referral.actions.secret_places import check_not_secret
from cairn.referral.models.directory import AccessPoint
from cairn.referral.rules import access_points as rules

TEXTS = {
    "name": gettext_lazy("Name of the service"),
    "area": gettext_lazy("Area"),
    "reach": gettext_lazy("How to find it"),
    "hours": gettext_lazy("When it is open"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """What an entry says. `languages`: ISO 639 codes; empty `ages`, `sexes`: everybody."""

    name: str
    way: str
    needs: Sequence[str]
    country: str
    area: str
    languages: Sequence[str] = ()
    ages: Sequence[str] = ()
    sexes: Sequence[str] = ()
    hours: str = ""
    phone: str = ""
    reach: str = ""

    def values(self) -> dict[str, object]:
        """Field of the record -> value; sequences as lists."""
        return {
            name: list(value) if isinstance(value, list | tuple) else value
            for name, value in asdict(self).items()
        }

    def texts(self) -> dict[str, str]:
        """What is read by everybody, by field."""
        return {name: str(getattr(self, name)) for name in TEXTS}


def enter_access_point(
    actor: Actor, organisation: Organisation, service: Service, *, nobody_sleeps_there: bool
) -> AccessPoint:
    """Enter a service; whoever does so has found it right today.

    Raises PermissionDenied (outside the actor's place), RuleBroken ("access-point.protected",
    "access-point.way", "access-point.needs", "access-point.phone", "access-point.reach",
    "service.address" for what tells a sealed place of the organisation).
    """
    point = AccessPoint(
        organisation=organisation,
        assured_on=timezone.localdate(),
        assured_by=actor.user_id,
        **service.values(),
    )
    require(actor, Permission.DIRECTORY_EDIT, within=point)
    check_not_secret(actor, organisation.pk, service.texts(), TEXTS)
    with transaction.atomic():
        _check(service, nobody_sleeps_there=nobody_sleeps_there)
        save_with_code(point)
        audit.record(actor, "access-point.entered", point, needs=sorted(service.needs))
    return point


def change_access_point(
    actor: Actor, code: str, service: Service, *, nobody_sleeps_there: bool
) -> AccessPoint:
    """Change an entry; whoever does so has found it right today.

    Raises AccessPoint.DoesNotExist, PermissionDenied, RuleBroken (as entering does, and
    "access-point.closed").
    """
    seen = AccessPoint.objects.visible_to(actor).get(code=code)
    require(actor, Permission.DIRECTORY_EDIT, within=seen)
    check_not_secret(actor, seen.organisation_id, service.texts(), TEXTS)
    with transaction.atomic():
        point = _open_one(actor, code)
        _check(service, nobody_sleeps_there=nobody_sleeps_there)
        wanted = service.values()
        changed = [name for name, value in wanted.items() if getattr(point, name) != value]
        for name in changed:
            setattr(point, name, wanted[name])
        require(actor, Permission.DIRECTORY_EDIT, within=point)
        point.assured_on, point.assured_by = timezone.localdate(), actor.user_id
        point.save(update_fields=[*changed, "assured_on", "assured_by"])
        audit.record(actor, "access-point.changed", point, fields=sorted(changed))
    return point


@transaction.atomic
def assure_access_point(actor: Actor, code: str) -> AccessPoint:
    """Say that an entry is still right today: officers get it for another sixty days.

    Raises AccessPoint.DoesNotExist, PermissionDenied, RuleBroken ("access-point.closed").
    """
    point = _open_one(actor, code)
    point.assured_on, point.assured_by = timezone.localdate(), actor.user_id
    point.save(update_fields=["assured_on", "assured_by"])
    audit.record(actor, "access-point.assured", point)
    return point


@transaction.atomic
def close_access_point(actor: Actor, code: str) -> AccessPoint:
    """Take an entry out of the directory: nobody is sent there from now on.

    Raises AccessPoint.DoesNotExist, PermissionDenied, RuleBroken ("access-point.closed").
    """
    point = _open_one(actor, code)
    point.closed_at, point.closed_by = clock.now(), actor.user_id
    point.save(update_fields=["closed_at", "closed_by"])
    audit.record(actor, "access-point.closed", point)
    return point


def _open_one(actor: Actor, code: str) -> AccessPoint:
    rows = AccessPoint.objects.visible_to(actor).select_for_update(of=("self",))
    point: AccessPoint = rows.get(code=code)
    require(actor, Permission.DIRECTORY_EDIT, within=point)
    rules.check_open(point.closed_at)
    return point


def _check(service: Service, *, nobody_sleeps_there: bool) -> None:
    rules.check_way(service.way, nobody_sleeps_there=nobody_sleeps_there)
    rules.check_needs(list(service.needs))
    rules.check_reachable(service.way, service.phone, service.reach)
