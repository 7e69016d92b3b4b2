"""Checking an event in: a bundle is proven whole, then merged in steps that may be cut off."""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import enrolments, kits_keys
from cairn.training.actions.kits_store import LEDGER, Tables
from cairn.training.bundles import clocks, container
from cairn.training.bundles.clocks import Offset
from cairn.training.bundles.envelopes import SERVER, Envelope
from cairn.training.bundles.headers import Header, Purpose, Route
from cairn.training.bundles.merging import Outcome, merge
from cairn.training.models import KitCheckout, KitReturn, ReceivedRecord, RefusedRecord
from cairn.training.queries.kits_shapes import KINDS
from cairn.training.rules import kits as rules
from cairn.training.rules.states import CheckoutState

# Records of one step. A step that is cut off is done again; on SQLite others wait for its end.
STEP = 100
_CHUNK = 500


def check_in(actor: Actor, checkout_id: UUID, file: BinaryIO) -> KitReturn:
    """Merge a bundle that a kit made. The same file twice is done once; one that was cut off
    halfway goes on where it stopped. Not inside a transaction.

    Raises KitCheckout.DoesNotExist, PermissionDenied, RuleBroken: what `bundles.container` raises,
    "bundle.other-event", "kits.recalled", "kits.revoked".
    """
    checkout = found_checkout(actor, checkout_id)
    rules.check_not_revoked(checkout.kit.revoked_at)
    rules.check_may_return(CheckoutState(checkout.state))
    identity = kits_keys.home_identity(checkout.pk)
    verify = kits_keys.verifier(bytes.fromhex(checkout.kit.verifier))
    header = container.check(file, identity, verify)
    _check_whose(header, checkout)
    now = clock.now()
    offset = offset_of(header, checkout, now)
    done = _begun(actor, checkout, header, _digest(file), offset, now)
    if done.finished_at is not None:
        return done
    with container.opening(file, identity, verify) as bundle:
        for start, step in _steps(bundle.records):
            _merge_step(actor, done.pk, start, step, offset)
    return _finish(actor, done.pk, header, offset)


def found_checkout(actor: Actor, checkout_id: UUID) -> KitCheckout:
    """Raises KitCheckout.DoesNotExist, PermissionDenied."""
    rows = KitCheckout.objects.visible_to(actor).select_related("kit", "event")
    checkout: KitCheckout = rows.get(pk=checkout_id)
    require(actor, Permission.KIT_OPERATE, within=checkout)
    return checkout


def offset_of(header: Header, checkout: KitCheckout, now: datetime) -> Offset:
    """What both meetings, and whoever read a right clock beside the kit, say of its clock."""
    offset = clocks.on_the_way_back(header.made_at, now)
    if imported := _moment(header.notes.get("imported_at")):
        offset = offset.narrowed(clocks.on_the_way_out(checkout.checked_out_at, imported))
    if true_time := _moment(header.notes.get("true_time")):
        offset = offset.narrowed(clocks.stated(header.made_at, true_time))
    return offset


def receipt(actor: Actor, return_id: UUID) -> tuple[bytes, str]:
    """The answer to a bundle, to be carried to the kit: what became of each record. And a file
    name. Only when the kit has it does the kit know that it may forget.

    Raises KitReturn.DoesNotExist, PermissionDenied, RuleBroken ("kits.unfinished").
    """
    done = KitReturn.objects.select_related("checkout__kit", "checkout__event").get(pk=return_id)
    checkout = found_checkout(actor, done.checkout_id)
    if done.finished_at is None:
        raise RuleBroken(
            "kits.unfinished",
            _("This bundle was not read to its end yet."),
            _("Upload the same file again; it goes on where it stopped."),
        )
    file = io.BytesIO()
    container.write(
        file,
        Route(Purpose.RECEIPT, checkout.kit.code, checkout.event_id, checkout.pk, done.sequence),
        list(_answers(checkout)),
        recipient=checkout.kit.recipient,
        sign=kits_keys.sign,
        made_at=clock.now(),
        notes={"is_last": done.is_last},
    )
    name = f"{checkout.event.reference}-{checkout.kit.code}-receipt-{done.sequence}"
    with transaction.atomic():
        audit.record(actor, "kit.receipt_made", done, kit=checkout.kit.code, number=done.sequence)
    return file.getvalue(), name + container.ENDING


def _answers(checkout: KitCheckout) -> Iterator[Envelope]:
    """One answer for each record that this kit brought of this event, by its hash."""
    rows = ReceivedRecord.objects.filter(
        event=checkout.event, kind__startswith=LEDGER, origin=checkout.kit.code
    ).order_by("pk")
    taken = set()
    for row in rows:
        taken.add(row.digest)
        content = {"kind": row.kind.removeprefix(LEDGER), "hash": row.digest, "outcome": "accepted"}
        yield Envelope("answer", row.record_id, SERVER, max(1, row.sequence), content)
    for listed in RefusedRecord.objects.filter(
        event=checkout.event, origin=checkout.kit.code
    ).exclude(digest=""):
        if listed.digest in taken or "sequence" not in listed.content:
            continue
        content = {
            "kind": listed.kind,
            "hash": listed.digest,
            "outcome": "parked" if listed.is_parked else "refused",
            "reason": listed.reason,
        }
        sequence = int(listed.content["sequence"])
        yield Envelope("answer", listed.record_id, SERVER, sequence, content)


@transaction.atomic
def _begun(
    actor: Actor,
    checkout: KitCheckout,
    header: Header,
    digest: str,
    offset: Offset,
    now: datetime,
) -> KitReturn:
    """The row of this very file; made at its first arrival."""
    done, is_new = KitReturn.objects.get_or_create(
        checkout=checkout,
        digest=digest,
        defaults={
            "sequence": header.sequence,
            "schema": header.schema,
            "records": header.total,
            "kit_made_at": header.made_at,
            "offset_low": _seconds(offset.low),
            "offset_high": _seconds(offset.high),
            "is_last": header.notes.get("is_last") is True,
            "brought_at": now,
            "brought_by": actor.user_id,
        },
    )
    if is_new:
        audit.record(
            actor,
            "kit.bundle_received",
            done,
            kit=checkout.kit.code,
            event=checkout.event.reference,
            number=done.sequence,
            records=done.records,
            sha256=digest,
        )
    return done


def _steps(records: Iterator[Envelope]) -> Iterator[tuple[int, list[Envelope]]]:
    start = 0
    while step := list(islice(records, STEP)):
        yield start, step
        start += len(step)


@transaction.atomic
def _merge_step(
    actor: Actor, return_id: UUID, start: int, step: list[Envelope], offset: Offset
) -> None:
    """Merge some records, with their count, in one transaction: both stand, or neither."""
    done = KitReturn.objects.select_for_update(of=("self",)).get(pk=return_id)
    if done.done >= start + len(step) or done.finished_at is not None:
        return  # they came in before the last interruption, or with another upload of the file
    checkout = (
        KitCheckout.objects.select_for_update(of=("self",))
        .select_related("kit", "event")
        .get(pk=done.checkout_id)
    )
    rules.check_may_return(CheckoutState(checkout.state))
    holder = checkout.kit.code if checkout.state == CheckoutState.OUT else SERVER
    tables = Tables(checkout, offset, clock.now(), actor)
    verdicts = list(merge(step[max(0, done.done - start) :], tables, KINDS, holder))
    done.repeated += sum(each.outcome is Outcome.DUPLICATE for each in verdicts)
    done.done = start + len(step)
    done.save(update_fields=["repeated", "done"])


@transaction.atomic
def _finish(actor: Actor, return_id: UUID, header: Header, offset: Offset) -> KitReturn:
    """Count what became of all records, and give the event back when the kit did."""
    done = KitReturn.objects.select_for_update(of=("self",)).get(pk=return_id)
    if done.finished_at is not None:
        return done
    checkout = (
        KitCheckout.objects.select_for_update(of=("self",))
        .select_related("kit", "event")
        .get(pk=done.checkout_id)
    )
    done.refused, done.parked = _not_taken(checkout, header)
    done.accepted = done.records - done.repeated - done.refused - done.parked
    done.finished_at = clock.now()
    done.save()
    checkout.kit.offset_seconds = _seconds(offset.best)
    checkout.kit.save(update_fields=["offset_seconds"])
    facts: dict[str, str | int] = {
        "kit": checkout.kit.code,
        "event": checkout.event.reference,
        "number": done.sequence,
        "accepted": done.accepted,
        "repeated": done.repeated,
        "refused": done.refused,
        "parked": done.parked,
    }
    audit.record(actor, "kit.bundle_merged", done, **facts)
    if done.is_last and checkout.state == CheckoutState.OUT:
        checkout.state, checkout.ended_at = CheckoutState.RETURNED, done.finished_at
        checkout.save(update_fields=["state", "ended_at"])
        audit.record(
            actor, "kit.returned", checkout, kit=checkout.kit.code, event=checkout.event.reference
        )
    if checkout.state == CheckoutState.RETURNED:
        # Minutes, completion and the cascade follow from what came in.
        enrolments.settle(actor, checkout.event)
    return done


def _not_taken(checkout: KitCheckout, header: Header) -> tuple[int, int]:
    """How many of the bundle's records are on the list: refused, and waiting."""
    refused = parked = 0
    for start in range(0, header.total, _CHUNK):
        hashes = header.hashes[start : start + _CHUNK]
        taken = set(
            ReceivedRecord.objects.filter(
                event=checkout.event, kind__startswith=LEDGER, digest__in=hashes
            ).values_list("digest", flat=True)
        )
        rows = RefusedRecord.objects.filter(
            event=checkout.event, origin=checkout.kit.code, digest__in=hashes
        )
        for digest, is_parked in rows.values_list("digest", "is_parked"):
            parked += is_parked
            refused += not is_parked and digest not in taken
    return refused, parked


def _check_whose(header: Header, checkout: KitCheckout) -> None:
    if (header.purpose, header.kit, header.event, header.checkout) != (
        Purpose.BACK,
        checkout.kit.code,
        checkout.event_id,
        checkout.pk,
    ):
        raise RuleBroken(
            "bundle.other-event",
            _("This bundle is about another event, or about another time that it was checked out."),
            _("Choose the checkout that this bundle belongs to."),
        )


def _digest(file: BinaryIO) -> str:
    file.seek(0, os.SEEK_SET)
    digest = hashlib.sha256()
    while piece := file.read(64 * 1024):
        digest.update(piece)
    return digest.hexdigest()


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())
