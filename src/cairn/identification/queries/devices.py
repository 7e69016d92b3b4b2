"""What is read about phones: lists, alerts that wait, and what a phone is told at contact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.pseudonyms import tidied
from cairn.identification.envelopes import base64url
from cairn.identification.indicatorbank import lists
from cairn.identification.models import (
    Device,
    DeviceAlert,
    HeldEnvelope,
    IndicatorEdition,
    ReceivingUnit,
    ReceptionKey,
    Report,
)
from cairn.identification.queries import profiles
from cairn.identification.rules.choices import WorkerProfile
from cairn.identification.rules.devices import Dates, DeviceState
from cairn.identification.rules.intake import SIGNED
from cairn.identification.wording.devices import RESTRICTED_CHANNELS

# What lists of phones read: never the sealed column.
LISTED = (
    "code",
    "data_key",
    "profile",
    "role",
    "area",
    "app",
    "invited_at",
    "enrol_expires_at",
    "enrolled_at",
    "valid_until",
    "revoked_at",
    "last_contact_at",
    "receiver__name",
)
MOST_ALERTS = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of phones is narrowed to; codes, empty for all."""

    state: str = ""
    profile: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        state, profile = query.get("state", ""), query.get("profile", "")
        return cls(
            state=state if state in DeviceState.values else "",
            profile=profile if profile in WorkerProfile.values else "",
        )


def dates_of(device: Device) -> Dates:
    """What the state of a phone is computed from."""
    return Dates(device.enrol_expires_at, device.enrolled_at, device.valid_until, device.revoked_at)


def devices(actor: Actor, filters: Filters, *, now: datetime) -> QuerySet[Device]:
    """Phones that the actor sees, newest invitation first, without the sealed column."""
    rows = Device.objects.visible_to(actor).select_related("receiver").only(*LISTED)
    if filters.state:
        rows = rows.filter(_in_state(DeviceState(filters.state), now))
    if filters.profile:
        rows = rows.filter(profile=filters.profile)
    return rows


def _in_state(state: DeviceState, now: datetime) -> Q:
    """`rules.devices.state_of` as a filter; a test holds the two together."""
    revoked = Q(revoked_at__isnull=False)
    enrolled = Q(enrolled_at__isnull=False)
    waits = Q(enrol_expires_at__gt=now)
    works = Q(valid_until__gt=now)
    meant = {
        DeviceState.REVOKED: revoked,
        DeviceState.INVITED: ~revoked & ~enrolled & waits,
        DeviceState.LAPSED: ~revoked & ~enrolled & (Q(enrol_expires_at=None) | ~waits),
        DeviceState.IN_USE: ~revoked & enrolled & works,
        DeviceState.SILENT: ~revoked & enrolled & (Q(valid_until=None) | ~works),
    }
    return meant[state]


def find(actor: Actor, code: str) -> Device:
    """The phone of this exact code. Raises Device.DoesNotExist (also when not visible)."""
    rows = Device.objects.visible_to(actor).select_related("receiver", "organisation", "unit")
    found: Device = rows.get(code=code)
    return found


def code_of(actor: Actor, typed: str) -> str:
    """The written form of a code that the actor sees; "" for anything else, whatever it is."""
    code = tidied(typed)
    if not code or not Device.objects.visible_to(actor).filter(code=code).exists():
        return ""
    return code


def receivers(actor: Actor) -> list[ReceivingUnit]:
    """Units that the actor may give phones for, by name; those in use only. One query."""
    rows = ReceivingUnit.objects.reached_by(actor, Permission.DEVICE_MANAGE)
    return list(rows.select_related("organisation").order_by("name"))


def open_alerts(actor: Actor) -> list[DeviceAlert]:
    """Alerts that nobody has answered, newest first, at most fifty. One query."""
    rows = DeviceAlert.objects.visible_to(actor).filter(seen_at=None)
    return list(rows.select_related("device").order_by("-at")[:MOST_ALERTS])


def alerts_of(device: Device) -> list[DeviceAlert]:
    """The latest alerts of one phone, newest first. One query."""
    return list(device.alerts.order_by("-at")[:MOST_ALERTS])


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a supervisor. `alerts`: not answered; `oldest`: of them, None for none."""

    alerts: int
    oldest: datetime | None


def waiting(actor: Actor) -> Waiting:
    """What the home of a supervisor says about phones. One query."""
    if not actor.may(Permission.DEVICE_MANAGE):
        return Waiting(0, None)
    found = open_alerts(actor)
    return Waiting(len(found), found[-1].at if found else None)


# --- What a phone is told --------------------------------------------------------------------

HELD, READ, RECEIVED, UNKNOWN = "held", "read", "received", "unknown"


def item_states(device: Device, ids: Collection[str]) -> dict[str, str]:
    """Id -> how far the item of this phone has come. Two queries, whatever the number.

    A phone hears of its own items only; those of others, and what never came, are unknown. So is
    what is held without its signature: anybody may have made that.
    """
    if not ids:
        return {}
    states = dict.fromkeys(ids, UNKNOWN)
    held = HeldEnvelope.objects.filter(
        claimed_id__in=ids, device=device, settled_at=None, reason__in=SIGNED
    )
    for claimed in held.values_list("claimed_id", flat=True):
        states[claimed] = HELD
    rows = Report.objects.filter(pk__in=ids, device=device).values_list("pk", "read_at")
    for pk, read_at in rows:
        states[str(pk)] = READ if read_at is not None else RECEIVED
    return states


def edition_mark() -> tuple[str, datetime | None]:
    """Code and day of publication of the edition in force, without its signs. One query.

    The edition that Cairn ships has no such day.
    """
    rows = IndicatorEdition.objects.in_force().values_list("code", "published_at")
    return rows.first() or (lists.SHIPPED, None)


def unit_of(device: Device, *, now: datetime) -> dict[str, Any]:
    """What a phone keeps of its receiving unit: keys to seal to, areas, numbers, the law's word.

    A key that is not current any more is told until its last day, for phones that change late.
    """
    unit = device.receiver
    profile = profiles.profile_of(device.country)
    return {
        "name": unit.name,
        "keys": [_key(key) for key in _keys(unit, now)],
        "areas": unit.areas,
        "emergency": unit.emergency,
        "recipients": unit.recipients,
        "mandatory_reporting": profile.mandatory_reporting,
        "edition": edition_mark()[0],
        "restricted_note": str(RESTRICTED_CHANNELS.get(device.profile, "")),
    }


def _keys(unit: ReceivingUnit, now: datetime) -> Sequence[ReceptionKey]:
    rows = unit.keys.filter(destroyed_at=None, retired_at=None, not_after__gte=now.date())
    return list(rows.order_by("-is_current", "-made_at")[:3])


def _key(key: ReceptionKey) -> dict[str, str]:
    return {
        "id": key.pk,
        "public": base64url.encoded(bytes(key.public)),
        "not_after": key.not_after.isoformat(),
    }
