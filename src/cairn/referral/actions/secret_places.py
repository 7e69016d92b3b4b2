"""The place of a shelter: entered sealed, opened with a reason, closed; and caught elsewhere.

The words of a sealed address are known by keyed hashes of its organisation's places alone: nobody
of another organisation can try out addresses by typing them, and each that is caught is noted.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral.models.services import ProtectedLocation, Service
from cairn.referral.rules import addresses
from cairn.referral.rules import services as rules
from cairn.vault import blind

# A judgement: who left by night may still have to be fetched; after that nobody needs the address.
KEPT_AFTER = timedelta(days=90)
FIELDS = ("address", "contact")
_PURPOSE = "secret-places"
_MARK_SIGNS = 24


def marks_of(text: str) -> list[str]:
    """Keyed hashes of what tells an address, sorted; none for a text that tells none."""
    parts = sorted(addresses.shingles(text))
    codes = blind.indexes(Zone.PROTECTION, _PURPOSE, parts) if parts else []
    return sorted(code[:_MARK_SIGNS] for code in codes)


def known_marks(organisation_id: UUID) -> frozenset[str]:
    """The marks of all sealed places of an organisation. One query."""
    rows = ProtectedLocation.objects.filter(organisation=organisation_id, erased_on=None)
    return frozenset(mark for marks in rows.values_list("marks", flat=True) for mark in marks)


def secret_field(texts: Mapping[str, str], known: frozenset[str]) -> str:
    """The first field (name -> text) that tells a sealed address; "" for none."""
    if not known:
        return ""
    return next((name for name, text in texts.items() if known.intersection(marks_of(text))), "")


def check_not_secret(
    actor: Actor,
    organisation_id: UUID,
    texts: Mapping[str, str],
    labels: Mapping[str, Promise | str],
) -> None:
    """Raise RuleBroken("service.address") when a text tells the address of a sealed place.

    Called before the change is begun, so that the note of it stays when the change is refused.
    """
    if name := secret_field(texts, known_marks(organisation_id)):
        with transaction.atomic():
            audit.record(actor, "location.caught", field=name, organisation=str(organisation_id))
        words = _("the address of a place that is kept sealed")
        raise addresses.refusal(str(labels.get(name, name)), words)


@transaction.atomic
def enter_location(actor: Actor, code: str, address: str, contact: str = "") -> ProtectedLocation:
    """Seal where a service protects people. An earlier place of it goes out of use.

    Raises Service.DoesNotExist, PermissionDenied, RuleBroken ("service.closed",
    "location.address").
    """
    service = _service(actor, code)
    if not address.strip():
        raise RuleBroken("location.address", _("Write where the place is."))
    now = clock.now()
    _close(ProtectedLocation.objects.filter(service=service, closed_at=None).first())
    place = ProtectedLocation(
        service=service,
        organisation_id=service.organisation_id,
        unit_id=service.unit_id,
        country=service.country,
        address=address,
        contact=contact,
        marks=marks_of(address),
        recorded_at=now,
        recorded_by=actor.user_id,
    )
    require(actor, Permission.LOCATION_OPEN, within=place)
    save_with_code(place)
    audit.record(actor, "location.entered", place, service=service.code)
    return place


@transaction.atomic
def close_location(actor: Actor, code: str) -> ProtectedLocation:
    """Say that nobody is protected there any more; after ninety days it is to be erased.

    Raises ProtectedLocation.DoesNotExist, PermissionDenied, RuleBroken ("location.closed").
    """
    rows = ProtectedLocation.objects.visible_to(actor).select_for_update(of=("self",))
    place: ProtectedLocation = rows.get(code=code)
    require(actor, Permission.LOCATION_OPEN, within=place)
    if place.closed_at is not None:
        raise RuleBroken("location.closed", _("This place is out of use already."))
    _close(place)
    audit.record(actor, "location.closed", place)
    return place


def open_location(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open where a place is, once, for a purpose and a reason that are kept.

    Not inside a transaction: the reading is committed before anything is opened.
    Raises ProtectedLocation.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    place = ProtectedLocation.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [place], list(FIELDS), purpose, reason)[0]


def _service(actor: Actor, code: str) -> Service:
    rows = Service.objects.visible_to(actor).select_for_update(of=("self",))
    service: Service = rows.get(code=code)
    rules.check_in_use(service.closed_at)
    return service


def _close(place: ProtectedLocation | None) -> None:
    if place is None:
        return
    place.closed_at = clock.now()
    place.keep_until = timezone.localdate() + KEPT_AFTER
    place.save(update_fields=["closed_at", "keep_until"])
