"""What happens on the kit itself: an event comes, its bundles go, a receipt answers them."""

import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.oversight.actions import readings
from cairn.oversight.rules import Purpose
from cairn.training.actions import kits_keys
from cairn.training.bundles import cards, container
from cairn.training.bundles.cards import Card
from cairn.training.bundles.envelopes import Envelope
from cairn.training.bundles.headers import Header, Route
from cairn.training.bundles.headers import Purpose as Way
from cairn.training.models import KitSelf, Practitioner, ReceivedRecord, TrainingEvent
from cairn.training.queries.kits_packing import (
    ALIAS,
    ANSWERED,
    HOME,
    PACKED,
    Change,
    changes,
    digest_of,
    ledger,
    renamed,
)
from cairn.training.queries.kits_shapes import BY_KIND
from cairn.training.queries.kits_values import Shape, envelope_of, going_back, restored

# Asks whoever stands at the kit whether the sender's mark is the one on the checkout's page.
Confirm = Callable[[Card], bool]
_SEALED = ("name", "name_latin")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a bundle brought to this kit. `way`: an event ("out") or an answer ("receipt");
    `is_news`: False when it was here already.
    """

    way: Way
    carried: KitSelf
    records: int
    is_news: bool


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle that was made. `counts`: kind -> how many; `is_last`: it gives the event back."""

    sequence: int
    counts: Mapping[str, int]
    is_last: bool


def own_card() -> Card:
    """The card of this machine as a kit; its keys are made when first asked for."""
    return kits_keys.card(kits_keys.device_identity())


def take_in(actor: Actor, file: BinaryIO, confirm: Confirm) -> Brought:
    """Read a bundle from home: an event that was checked out, or the answer to a bundle.

    `confirm` is asked once for each home that this machine does not know yet. All of it comes in
    or nothing does; the same file twice changes nothing.
    Raises RuleBroken: what `bundles.container` raises, "kits.stranger", "kits.full",
    "bundle.other-event", "kits.occupied".
    """
    identity = kits_keys.device_identity()
    unproven = container.unproven_header(file, identity)
    if unproven.purpose is Way.RECEIPT:
        carried = KitSelf.objects.filter(checkout_id=unproven.checkout).first()
        if carried is None:
            raise _not_for_a_kit()
        verify = kits_keys.verifier(bytes.fromhex(carried.home_verifier))
        container.check(file, identity, verify)  # nothing is written before every byte is proven
        with container.opening(file, identity, verify) as bundle:
            return _take_answers(actor, bundle.header, bundle.records, carried)
    if unproven.purpose is not Way.OUT:
        raise _not_for_a_kit()
    home = cards.of_text(str(unproven.notes.get("home", "")))
    if not _is_known(home) and not confirm(home):
        raise RuleBroken(
            "kits.stranger",
            _("This bundle was not taken in, as its sender was not confirmed."),
            _("Compare the mark with the one on the checkout's page, then try again."),
        )
    verify = kits_keys.verifier(home.signer)
    container.check(file, identity, verify)
    with container.opening(file, identity, verify) as bundle:
        return _take_event(actor, bundle.header, bundle.records, home)


def pack(
    actor: Actor,
    carried_id: UUID,
    target: Path,
    *,
    is_last: bool,
    true_time: datetime | None = None,
) -> Packed:
    """Write what was made and changed here to a bundle for home, at `target` (a new file).

    `is_last`: give the event back; nothing of it is edited here any more. `true_time`: what a right
    clock beside this machine says now. A kill at any moment leaves the old file or the new one, and
    no bundle is the only copy of anything. Not inside a transaction.
    Raises KitSelf.DoesNotExist, RuleBroken ("kits.given-back", "kits.target").
    """
    if target.exists():
        raise RuleBroken(
            "kits.target",
            _("There is a file of this name already."),
            _("Choose another name; a bundle is never written over another."),
        )
    made = _made(actor, carried_id, is_last=is_last, true_time=true_time)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        packed = _written(file, made)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return packed


def pack_to_carry(
    actor: Actor, carried_id: UUID, *, is_last: bool, true_time: datetime | None = None
) -> tuple[bytes, str, Packed]:
    """The same for a browser on the kit: the bundle, a name for its file, and what is in it."""
    made = _made(actor, carried_id, is_last=is_last, true_time=true_time)
    file = io.BytesIO()
    packed = _written(file, made)
    name = f"{made.reference}-{made.route.kit}-{packed.sequence}{container.ENDING}"
    return file.getvalue(), name, packed


def changed(carried: KitSelf) -> list[Change]:
    """What was made or changed on this kit since the event came."""
    return changes(carried)


def unanswered(carried: KitSelf) -> list[Change]:
    """What this kit made or changed that no receipt answered for: it must not be forgotten."""
    answered = ledger(carried.event, ANSWERED)
    return [
        change
        for change in changes(carried)
        if not _is_answered(carried, change, answered.get(change.shape.kind, {}).get(change.id))
    ]


# -- an event comes --------------------------------------------------------------------------------


@transaction.atomic
def _take_event(actor: Actor, header: Header, records: Iterable[Envelope], home: Card) -> Brought:
    here = KitSelf.objects.filter(checkout_id=header.checkout).first()
    if here is not None:
        return Brought(Way.OUT, here, header.total, False)
    older = KitSelf.objects.filter(event_id=header.event).first()
    if older is not None and (older.last_sequence is None or unanswered(older)):
        raise RuleBroken(
            "kits.occupied",
            _("This event is on this kit already, and what was done here is not home yet."),
            _("Export it with --last, check it in, and import the receipt first."),
        )
    if older is not None:
        ReceivedRecord.objects.filter(event_id=header.event).delete()
        older.delete()
    names = _Renamed()
    rows = []
    for envelope in records:
        shape = BY_KIND[envelope.kind]
        id, content = names.resolved(envelope)
        _put(shape, id, renamed(dict(envelope.content), names.ours))
        rows.append((shape.kind, id, digest_of(going_back(shape, content))))
    event = TrainingEvent.objects.get(pk=header.event)
    now = timezone.now()
    ReceivedRecord.objects.bulk_create(
        ReceivedRecord(
            kind=HOME + kind,
            record_id=id,
            digest=digest,
            origin="home",
            event=event,
            outcome=ReceivedRecord.Outcome.ACCEPTED,
            received_at=now,
        )
        for kind, id, digest in rows
    )
    names.keep(event, now)
    carried = KitSelf.objects.create(
        kit_code=header.kit,
        checkout_id=header.checkout,
        event=event,
        home_verifier=home.signer.hex(),
        home_recipient=home.recipient,
        bundle_made_at=header.made_at,
        imported_at=now,
    )
    audit.record(actor, "kit.event_taken_in", carried, kit=header.kit, records=header.total)
    return Brought(Way.OUT, carried, header.total, True)


class _Renamed:
    """Organisations that this machine knew under another id before the event came."""

    def __init__(self) -> None:
        self.ours: dict[str, str] = {}

    def resolved(self, envelope: Envelope) -> tuple[UUID, Mapping[str, Any]]:
        """Our id of a record, and its content as home will see it again."""
        if envelope.kind == "organisation":
            same = Organisation.objects.filter(name__iexact=envelope.content["name"])
            ours = same.exclude(pk=envelope.id).first()
            if ours is not None:
                self.ours[str(envelope.id)] = str(ours.pk)
        id = UUID(self.ours.get(str(envelope.id), str(envelope.id)))
        return id, envelope.content

    def keep(self, event: TrainingEvent, now: datetime) -> None:
        for theirs, ours in self.ours.items():
            ReceivedRecord.objects.update_or_create(
                kind=ALIAS,
                record_id=UUID(theirs),
                defaults={
                    "digest": "",
                    "origin": ours,
                    "event": event,
                    "outcome": ReceivedRecord.Outcome.ACCEPTED,
                    "received_at": now,
                },
            )


def _put(shape: Shape, id: UUID, content: Mapping[str, Any], holder: UUID | None = None) -> None:
    """Make a record from home, or make it again as it is there now."""
    record: Any = shape.rows.filter(pk=id).first()
    if shape.kind == "organisation" and record is not None:
        return  # it may have more to it here
    is_new = record is None
    record = shape.model(pk=id) if record is None else record
    restored(shape, record, content)
    if shape.inside:
        setattr(record, f"{shape.inside}_id", holder)
    try:
        with transaction.atomic():
            record.save(force_insert=is_new)
            for name in shape.many:
                getattr(record, name).set([UUID(each) for each in content[name]])
            for name, part in shape.parts.items():
                for values in content[name]:
                    _put(part, UUID(values["id"]), values, id)
    except IntegrityError:
        raise RuleBroken(
            "kits.full",
            _("This machine holds records of its own that stand in the way of this event."),
            _("Use an empty folder for the kit: set CAIRN_HOME to a new one, and enrol it again."),
        ) from None


def _is_known(home: Card) -> bool:
    return KitSelf.objects.filter(home_verifier=home.signer.hex()).exists()


# -- an answer comes -------------------------------------------------------------------------------


@transaction.atomic
def _take_answers(
    actor: Actor, header: Header, records: Iterable[Envelope], carried: KitSelf
) -> Brought:
    now, count = timezone.now(), 0
    newest: dict[tuple[str, UUID], Envelope] = {}
    for envelope in records:
        key = str(envelope.content["kind"]), envelope.id
        if key not in newest or newest[key].sequence < envelope.sequence:
            newest[key] = envelope
    for envelope in newest.values():
        outcome = str(envelope.content["outcome"])
        ReceivedRecord.objects.update_or_create(
            kind=ANSWERED + str(envelope.content["kind"]),
            record_id=envelope.id,
            defaults={
                "digest": str(envelope.content["hash"]),
                "sequence": envelope.sequence,
                "origin": "home",
                "event": carried.event,
                "outcome": outcome,
                "received_at": now,
            },
        )
        count += 1
    is_news = header.sequence > carried.answered_through
    if is_news:
        carried.answered_through = header.sequence
        carried.save(update_fields=["answered_through"])
        audit.record(actor, "kit.answer_taken_in", carried, number=header.sequence, records=count)
    return Brought(Way.RECEIPT, carried, count, is_news)


def _not_for_a_kit() -> RuleBroken:
    return RuleBroken(
        "bundle.other-event",
        _("This bundle is about an event that is not on this kit."),
        _("Import the event first, or choose the file that was made for this kit."),
    )


def _is_answered(carried: KitSelf, change: Change, row: ReceivedRecord | None) -> bool:
    """An answer is for one version, by its hash: what was changed after packing is not answered.

    Records with names are compared by the number of their version, as no name is opened for this.
    """
    if row is None or not change.sequence:
        return False
    if change.shape.sealed:
        return row.sequence >= change.sequence
    sent = envelope_of(change.shape, change.id, change.content, carried.kit_code, change.sequence)
    return row.digest == sent.hash


# -- a bundle goes -------------------------------------------------------------------------------


def _names_of_new_people(actor: Actor, carried: KitSelf) -> dict[UUID, dict[str, str]]:
    """Names of people who were entered here: home does not know them. Each reading is kept."""
    ids = [each.id for each in changes(carried) if each.shape.kind == "practitioner"]
    found: dict[UUID, dict[str, str]] = {}
    for start in range(0, len(ids), readings.MOST_AT_ONCE):
        part = list(Practitioner.objects.filter(pk__in=ids[start : start + readings.MOST_AT_ONCE]))
        reason = _("Names entered on this kit go home with their event.")
        for each in readings.read(actor, part, list(_SEALED), Purpose.TRAINING, reason):
            found[each.record.pk] = {
                name: text for name, text in each.values.items() if isinstance(text, str)
            }
    return found


def _versions_noted(
    carried: KitSelf, opened: Mapping[UUID, Mapping[str, str]], now: datetime
) -> list[Envelope]:
    """The changes as envelopes; each new version gets the number of this bundle."""
    records = []
    for change in changes(carried):
        sequence = change.sequence
        if not sequence:
            sequence = carried.sequence
            ReceivedRecord.objects.update_or_create(
                kind=PACKED + change.shape.kind,
                record_id=change.id,
                defaults={
                    "digest": change.version,
                    "sequence": sequence,
                    "origin": carried.kit_code,
                    "event": carried.event,
                    "outcome": ReceivedRecord.Outcome.ACCEPTED,
                    "received_at": now,
                },
            )
        content = dict(change.content) | dict(opened.get(change.id, {}))
        records.append(envelope_of(change.shape, change.id, content, carried.kit_code, sequence))
    return records


@dataclass(frozen=True, slots=True)
class _Made:
    """A bundle that has its number and waits to be written."""

    route: Route
    reference: str
    records: list[Envelope]
    recipient: str
    at: datetime
    notes: Mapping[str, Any]


def _made(actor: Actor, carried_id: UUID, *, is_last: bool, true_time: datetime | None) -> _Made:
    opened = _names_of_new_people(actor, KitSelf.objects.get(pk=carried_id))
    with transaction.atomic():
        rows = KitSelf.objects.select_for_update(of=("self",)).select_related("event")
        carried = rows.get(pk=carried_id)
        is_last = is_last or carried.last_sequence is not None
        carried.sequence += 1
        now = timezone.now()
        records = _versions_noted(carried, opened, now)
        carried.exported_at = now
        if is_last:
            carried.last_sequence = carried.sequence
        carried.save(update_fields=["sequence", "exported_at", "last_sequence"])
        facts = {"number": carried.sequence, "records": len(records), "is_last": is_last}
        audit.record(actor, "kit.bundle_made", carried, **facts)
    notes: dict[str, Any] = {"is_last": is_last, "imported_at": carried.imported_at.isoformat()}
    if true_time is not None:
        notes["true_time"] = true_time.isoformat()
    route = Route(
        Way.BACK, carried.kit_code, carried.event_id, carried.checkout_id, carried.sequence
    )
    return _Made(route, carried.event.reference, records, carried.home_recipient, now, notes)


def _written(file: BinaryIO, made: _Made) -> Packed:
    header = container.write(
        file,
        made.route,
        made.records,
        recipient=made.recipient,
        sign=kits_keys.sign,
        made_at=made.at,
        notes=made.notes,
    )
    return Packed(made.route.sequence, header.counts, made.notes["is_last"] is True)


def counted(found: Iterable[Change]) -> dict[str, int]:
    """Kind -> how many, by kind."""
    return dict(sorted(Counter(each.shape.kind for each in found).items()))
