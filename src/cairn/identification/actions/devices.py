"""Every write about phones: invited, enrolled, heard of, renewed, revoked; alerts of officers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import ALPHABET, save_with_code
from cairn.identification.models import Device, DeviceAlert, ReceivingUnit
from cairn.identification.queries.devices import dates_of
from cairn.identification.rules import devices as rules
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose

_SALT = "cairn.identification.enrolment"


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """For whom a phone is. `role`: the function, no name; `area`: code of the unit's list or "".

    `officer`: the name, sealed, may be empty; `generation`: of the certificate that was shown.
    """

    organisation: Organisation
    country: str
    profile: WorkerProfile
    unit: Unit | None = None
    area: str = ""
    role: str = ""
    officer: str = ""
    generation: int | None = None


@transaction.atomic
def invite(actor: Actor, receiver: ReceivingUnit, facts: DeviceFacts) -> tuple[Device, str]:
    """Make a place for a phone, and the one-time code by which it takes that place.

    The code is shown to whoever invites, this once; what is kept does not give it back.
    Raises ReceivingUnit.DoesNotExist, PermissionDenied, RuleBroken ("device.receiver",
    "device.mission", "device.area").
    """
    units = ReceivingUnit.objects.reached_by(actor, Permission.DEVICE_MANAGE)
    unit = units.select_related("organisation").get(pk=receiver.pk)
    now = clock.now()
    code = _drawn()
    device = Device(
        receiver=unit,
        organisation=facts.organisation,
        unit=facts.unit,
        country=facts.country,
        area=facts.area,
        profile=facts.profile,
        role=facts.role.strip(),
        generation=facts.generation,
        officer=facts.officer.strip(),
        enrol_hash=_kept(code),
        enrol_expires_at=now + rules.CODE_LIVES,
        invited_at=now,
        invited_by=actor.user_id,
    )
    require(actor, Permission.DEVICE_MANAGE, within=device)
    rules.check_receiver(
        facts.profile,
        unit.organisation.kind,
        accepts_mission=unit.accepts_mission,
        is_active=unit.is_active,
    )
    rules.check_area(facts.area, unit.areas)
    save_with_code(device)
    audit.record(
        actor,
        "device.invited",
        device,
        receiver=unit.code,
        profile=facts.profile.value,
        has_name=bool(facts.officer.strip()),
    )
    return device, code


@transaction.atomic
def invite_again(actor: Actor, code: str) -> tuple[Device, str]:
    """A new one-time code for a place that no phone has taken; the one before ends.

    Raises Device.DoesNotExist, PermissionDenied, RuleBroken ("device.revoked", "device.used").
    """
    device = _locked(actor, code)
    require(actor, Permission.DEVICE_MANAGE, within=device)
    rules.check_not_revoked(device.revoked_at)
    if device.enrolled_at is not None:
        raise RuleBroken(
            "device.used",
            _("A phone has taken this place already."),
            _("For another phone, invite anew."),
        )
    fresh = _drawn()
    device.enrol_hash = _kept(fresh)
    device.enrol_expires_at = clock.now() + rules.CODE_LIVES
    device.save(update_fields=["enrol_hash", "enrol_expires_at"])
    audit.record(actor, "device.invited_again", device)
    return device, fresh


@transaction.atomic
def enrol(code: str, public: bytes, app: str, now: datetime) -> Device:
    """A phone takes its place by its one-time code and leaves the public half of its key.

    Nobody is signed in: the code is what counts. The same phone may ask again, when it has not
    heard the answer.
    Raises RuleBroken ("device.unknown-code", "device.used", "device.expired", "device.key").
    """
    rules.check_public(public)
    typed = rules.tidied(code)
    rows = Device.objects.select_related("receiver", "organisation")
    rows = rows.select_for_update(no_key=True, of=("self",))
    device = rows.filter(enrol_hash=_kept(typed)).first() if typed else None
    if device is None:
        raise RuleBroken("device.unknown-code", _("There is no such code."))
    if _is_again(device, public, now):
        return device
    rules.check_enrolment(dates_of(device), now=now)
    device.public = public
    device.enrolled_at = device.last_contact_at = now
    device.valid_until = now + valid_for()
    device.app = app
    device.save(update_fields=["public", "enrolled_at", "last_contact_at", "valid_until", "app"])
    audit.record(PUBLIC, "device.enrolled", device)
    return device


def _is_again(device: Device, public: bytes, now: datetime) -> bool:
    """True when this very phone asks again while its code would still be open."""
    is_same = device.public is not None and bytes(device.public) == public
    is_open = device.enrol_expires_at is not None and now < device.enrol_expires_at
    is_in_use = rules.state_of(dates_of(device), now=now) == rules.DeviceState.IN_USE
    return is_same and is_open and is_in_use


def contact(word: rules.Word, at: datetime, now: datetime) -> Device:
    """A phone got in touch: note it, take its alert, let it work on for some days.

    A revoked phone is answered with itself, so that it hears of it. `at`: the phone's clock.
    Raises RuleBroken ("device.signature" also for a phone that is not known, "device.clock",
    "device.silent": too long without contact).
    """
    rows = Device.objects.select_related("receiver", "organisation")
    device = rows.filter(code=word.device).first()
    if device is None or device.public is None or not word.is_signed_by(bytes(device.public)):
        raise RuleBroken("device.signature", _("The signature does not fit."))
    if not rules.is_on_time(at, now=now):
        raise RuleBroken("device.clock", _("The clock of the phone is wrong."))
    if word.is_unsafe:
        _alert(device, now)
    state = rules.state_of(dates_of(device), now=now)
    if state == rules.DeviceState.SILENT:
        raise RuleBroken("device.silent", _("This phone was silent for too long."))
    if state != rules.DeviceState.REVOKED:
        device.valid_until = now + valid_for()
    device.last_contact_at, device.app = now, word.app
    device.save(update_fields=["valid_until", "last_contact_at", "app"])
    return device


@transaction.atomic
def _alert(device: Device, now: datetime) -> None:
    """Note that the officer is not safe; what is pressed again within minutes is one alert."""
    latest = DeviceAlert.objects.filter(device=device, seen_at=None).order_by("-at").first()
    if rules.is_same_alert(latest.at if latest else None, now=now):
        return
    DeviceAlert.objects.create(device=device, at=now)
    audit.record(PUBLIC, "device.alert_raised", device)


@transaction.atomic
def answer_alert(actor: Actor, alert_id: UUID) -> DeviceAlert:
    """Say that one has seen an alert and looks after the officer. The first answer stays.

    Raises DeviceAlert.DoesNotExist, PermissionDenied.
    """
    rows = DeviceAlert.objects.visible_to(actor).select_for_update(of=("self",))
    alert: DeviceAlert = rows.select_related("device").get(pk=alert_id)
    require(actor, Permission.DEVICE_MANAGE, within=alert.device)
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = clock.now(), person(actor)
        alert.save(update_fields=["seen_at", "seen_by"])
        audit.record(actor, "device.alert_answered", alert.device)
    return alert


@transaction.atomic
def revoke(actor: Actor, code: str, reason: RevokeReason) -> Device:
    """End a phone: at its next contact it wipes itself, and what it sends later is held.

    Raises Device.DoesNotExist, PermissionDenied, RuleBroken ("device.revoked").
    """
    device = _locked(actor, code)
    require(actor, Permission.DEVICE_MANAGE, within=device)
    rules.check_not_revoked(device.revoked_at)
    device.revoked_at, device.revoked_by = clock.now(), actor.user_id
    device.revoked_for = reason
    device.save(update_fields=["revoked_at", "revoked_by", "revoked_for"])
    audit.record(actor, "device.revoked", device, reason=reason.value)
    return device


@transaction.atomic
def renew(actor: Actor, code: str) -> Device:
    """Let a phone work on from today, as if it had been in touch: its officer is known to have it.

    Raises Device.DoesNotExist, PermissionDenied, RuleBroken ("device.revoked",
    "device.not-enrolled").
    """
    device = _locked(actor, code)
    require(actor, Permission.DEVICE_MANAGE, within=device)
    rules.check_renewable(dates_of(device))
    device.valid_until = clock.now() + valid_for()
    device.save(update_fields=["valid_until"])
    audit.record(actor, "device.renewed", device, days=valid_for().days)
    return device


def open_officer(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """The name of the officer behind a code. Kept who asked, what for and why.

    Raises Device.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    device = Device.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [device], ["officer"], purpose, reason)[0]


def valid_for() -> timedelta:
    """For how long a phone works after a contact (CAIRN_FIELD_VALID_DAYS)."""
    return timedelta(days=int(settings.FIELD_VALID_DAYS))


def _locked(actor: Actor, code: str) -> Device:
    rows = Device.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    device: Device = rows.select_related("receiver").get(code=code)
    return device


def _drawn() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(rules.CODE_GROUPS * rules.CODE_GROUP))
    return rules.tidied(signs)


def _kept(code: str) -> str:
    """What is kept of a one-time code: 64 hex signs under the secret of the installation."""
    return salted_hmac(_SALT, code, algorithm="sha256").hexdigest()
