"""Supervisors settle what is held: it becomes a report after all, or is closed with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.identification.actions import intake_rows
from cairn.identification.envelopes import format
from cairn.identification.envelopes.format import Envelope, Refused
from cairn.identification.models import HeldEnvelope
from cairn.identification.queries import intake as queries
from cairn.identification.rules import held as rules
from cairn.identification.rules import intake as intake_rules
from cairn.identification.rules.choices import HeldReason
from cairn.identification.rules.held import Closing
from cairn.identification.rules.intake import Sender


@transaction.atomic
def release(actor: Actor, held_id: UUID, now: datetime) -> HeldEnvelope:
    """Make a report of what is held; where the same report came in meanwhile, say so.

    Raises HeldEnvelope.DoesNotExist, PermissionDenied, RuleBroken ("held.settled",
    "held.release").
    """
    found = _locked(actor, held_id)
    rules.check_releasable(found.reason)
    envelope, sender = _checked(found)
    stands = queries.digests([UUID(envelope.id)]).get(UUID(envelope.id))
    digest = envelope.digest()
    if stands == digest:
        return _settled(actor, found, rules.ARRIVED, now)
    if stands or queries.is_sequence_taken(sender.id, envelope.sequence, UUID(envelope.id)):
        raise rules.no_longer(HeldReason.REPLAYED)
    origin = intake_rows.origin_of(sender, found.channel)
    intake_rows.report_row(envelope, digest, origin, now).save(force_insert=True)
    intake_rows.check_references()
    return _settled(actor, found, rules.RELEASED, now, report=format.code_of(envelope.id))


@transaction.atomic
def close(actor: Actor, held_id: UUID, closing: Closing, now: datetime) -> HeldEnvelope:
    """Close what is held without a report. It stays here, and says who closed it and why.

    Raises HeldEnvelope.DoesNotExist, PermissionDenied, RuleBroken ("held.settled").
    """
    return _settled(actor, _locked(actor, held_id), closing.value, now)


def _locked(actor: Actor, held_id: UUID) -> HeldEnvelope:
    rows = HeldEnvelope.objects.visible_to(actor).select_for_update(of=("self",))
    found: HeldEnvelope = rows.get(pk=held_id)
    place = found.device or found.receiver
    require(actor, Permission.REPORT_RELEASE, within=place)
    rules.check_open(found.settled_at)
    return found


def _checked(found: HeldEnvelope) -> tuple[Envelope, Sender]:
    """The envelope again, its signature and its key with it. What no person can answer for stays
    held.
    """
    try:
        envelope = format.parse(intake_rows.held_body(found))
    except Refused as refusal:
        raise rules.no_longer(HeldReason(refusal.reason)) from None
    sender = queries.senders({envelope.device}).get(envelope.device)
    if sender is None or sender.public is None:
        raise rules.no_longer(HeldReason.UNKNOWN_DEVICE)
    if not envelope.is_signed_by(sender.public):
        raise rules.no_longer(HeldReason.BAD_SIGNATURE)
    target = queries.targets({envelope.key}).get(envelope.key)
    if not intake_rules.is_openable(target, sender.receiver_id):
        raise rules.no_longer(HeldReason.FOREIGN_KEY)
    return envelope, sender


def _settled(
    actor: Actor, found: HeldEnvelope, settlement: str, now: datetime, **facts: str
) -> HeldEnvelope:
    found.settlement, found.settled_at, found.settled_by = settlement, now, actor.user_id
    found.save(update_fields=["settlement", "settled_at", "settled_by"])
    is_closed = settlement in Closing.values
    code = "held.closed" if is_closed else "held.released"
    audit.record(actor, code, found, reason=found.reason, settlement=settlement, **facts)
    return found
