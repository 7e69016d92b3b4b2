"""Everything that comes in becomes a report or is held with a reason; nothing is dropped.

Whoever sends is answered after the commit. The same thing sent again is the same thing: clients
repeat until they are answered, in any order and by any hand.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest

from cairn.access.permissions import Permission, require
from cairn.core import audit, limits
from cairn.core.actor import PUBLIC, Actor
from cairn.core.limits import HOUR
from cairn.identification.actions import intake_rows
from cairn.identification.actions.intake_rows import Origin, ToHold
from cairn.identification.envelopes import format
from cairn.identification.envelopes import receipts as receipt_form
from cairn.identification.envelopes.content import padded
from cairn.identification.envelopes.format import Envelope, Refused
from cairn.identification.models import Device, ReceivingUnit, ReceptionKey, Report
from cairn.identification.queries import intake as queries
from cairn.identification.queries.intake import Known
from cairn.identification.rules import intake as rules
from cairn.identification.rules.choices import Channel, HeldReason
from cairn.identification.rules.intake import Plain
from cairn.vault import issuing

__all__ = ["Plain", "Result", "receipts", "receive", "seal_and_receive", "seal_and_receive_many"]

RECEIVED: Final = "received"
DUPLICATE: Final = "duplicate"
HELD: Final = "held"
LATER: Final = "later"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item. `outcome`: "received", "duplicate", "held" or "later".

    `digest`: what is kept here, as a receipt names it. `reason`: why it is held, or "limit" for
    what was not stored and has to be sent again. `device`: code of the phone, once it is known.
    """

    id: str
    outcome: str
    digest: str
    reason: str = ""
    device: str = ""

    @property
    def code(self) -> str:
        """The code of the report; "" for an item without an id."""
        return format.code_of(self.id) if self.id else ""

    def as_mapping(self) -> dict[str, str]:
        """The result as the API tells it."""
        return {
            "id": self.id,
            "outcome": self.outcome,
            "digest": self.digest,
            "reason": self.reason,
        }


@dataclass(slots=True)
class _Item:
    """One item on its way through a batch. `outcome` "": not known yet."""

    raw: Any
    envelope: Envelope | None = None
    id: str = ""
    device: str = ""
    digest: str = ""
    outcome: str = ""
    reason: str = ""

    def hold(self, reason: str) -> None:
        self.outcome, self.reason = HELD, reason

    def result(self) -> Result:
        """The phone is named only where its signature held: a receipt must not be made for it by
        somebody else.
        """
        is_signed = self.outcome in {RECEIVED, DUPLICATE} or self.reason in rules.SIGNED
        return Result(
            self.id, self.outcome, self.digest, str(self.reason), self.device if is_signed else ""
        )


def receive(
    items: Sequence[Any], *, now: datetime, channel: str = Channel.DEVICE, source: str = ""
) -> list[Result]:
    """Take in what phones sent, one result for each of `items` and in their order.

    `items`: envelopes as JSON gave them, or bytes where it could not be read. `source`: whom held
    items count for (an address), "" for nobody. Opens its own transaction, so that its return
    means that everything is committed; on PostgreSQL a constant number of queries, whatever the
    number of items.
    """
    read = [_read(raw) for raw in items]
    claimed = {item.device for item in read if item.envelope is None}
    known = queries.known([item.envelope for item in read if item.envelope], claimed)
    _judge(read, known, now)
    _limit(read, source)
    with transaction.atomic(durable=True):
        _store(read, known, channel, now)
    return [item.result() for item in read]


def receipts(results: Iterable[Result], now: datetime) -> dict[str, str]:
    """A signed receipt for each known phone among the results, by its code."""
    by_device: dict[str, list[receipt_form.Item]] = {}
    for each in results:
        if each.device and each.outcome != LATER:
            item = each.id, each.digest, each.outcome
            by_device.setdefault(each.device, []).append(item)
    if not by_device:
        return {}
    signer = issuing.signer()
    return {
        device: receipt_form.signed(device, kept, now, signer.key_id, signer.sign)
        for device, kept in by_device.items()
    }


def seal_and_receive(
    actor: Actor,
    receiver: ReceivingUnit,
    content: dict[str, Any],
    identity: dict[str, Any] | None,
    channel: str,
    profile: str,
    now: datetime,
    id: UUID | None = None,
) -> Result:
    """Seal one report to a unit and take it in; see `seal_and_receive_many`."""
    plain = Plain(content, identity, id)
    return seal_and_receive_many(actor, receiver, [plain], channel, profile, now)[0]


@transaction.atomic
def seal_and_receive_many(
    actor: Actor,
    receiver: ReceivingUnit,
    items: Sequence[Plain],
    channel: str,
    profile: str,
    now: datetime,
) -> list[Result]:
    """Seal what somebody typed or brought, and take it in: all of it or nothing.

    The caller has found `receiver` through `visible_to`. An item whose id is here already answers
    "duplicate". Nothing readable is stored. Raises PermissionDenied, ValueError for the channel of
    phones, or RuleBroken ("report.content", "report.list", "report.no-key", "report.at-once").
    """
    way = Channel(channel)
    rules.check_channel(way)
    if way == Channel.PAPER:
        require(actor, Permission.PAPER_ENTER, within=receiver)
    elif not _reaches(actor, receiver):
        raise PermissionDenied(Permission.REPORT_SUBMIT.value)
    rules.check_plain(items)
    key = queries.current_key(receiver)
    if key is None or not receiver.is_active:
        raise rules.no_key()
    read = [_sealed(each, key, now) for each in items]
    known = queries.known([item.envelope for item in read if item.envelope])
    rules.check_lists(known.editions, (each.content for each in items))
    _insert(_only_new(read, known, Origin(receiver.pk, way, profile)), now)
    _settle(read, known)
    counts = Counter(item.outcome for item in read)
    if counts[HELD]:  # somebody sent another report under the same id at the same moment
        raise rules.at_once()
    intake_rows.check_references()
    audit.record(
        actor,
        "reports.submitted",
        receiver,
        channel=way.value,
        received=counts[RECEIVED],
        duplicates=counts[DUPLICATE],
    )
    return [item.result() for item in read]


def _reaches(actor: Actor, receiver: ReceivingUnit) -> bool:
    rows = ReceivingUnit.objects.reached_by(actor, Permission.REPORT_SUBMIT)
    return rows.filter(pk=receiver.pk).exists()


# --- One batch, step by step -------------------------------------------------------------------


def _read(raw: Any) -> _Item:
    try:
        envelope = format.parse(raw)
    except Refused as refusal:
        found = _Item(raw, id=refusal.claimed_id, device=refusal.claimed_device)
        found.digest = intake_rows.digest_of(raw)
        found.hold(refusal.reason)
        return found
    return _Item(raw, envelope, envelope.id, envelope.device, envelope.digest())


def _judge(read: Sequence[_Item], known: Known, now: datetime) -> None:
    """Say of each item whether it is here, comes twice, or is held; what is new stays open."""
    digests = {str(pk): digest for pk, digest in known.digests.items()}
    places: set[tuple[str, int]] = set()
    for item in read:
        envelope = item.envelope
        sender = known.senders.get(item.device)
        if sender is None:
            item.device = ""
        if envelope is None:
            continue
        if digests.get(item.id) == item.digest:
            item.outcome = DUPLICATE
            continue
        target = known.targets.get(envelope.key)
        knows_list = envelope.edition in known.editions
        reason = rules.reason_to_hold(envelope, sender, target, knows_list=knows_list, now=now)
        place = envelope.device, envelope.sequence
        if reason is None and (item.id in digests or place in places):
            reason = HeldReason.REPLAYED
        if reason is not None:
            item.hold(reason)
            continue
        digests[item.id] = item.digest
        places.add(place)


def _limit(read: Sequence[_Item], source: str) -> None:
    """What is held costs room: past its share an address is told to come again later."""
    bad = {intake_rows.digest_of(item.raw): item for item in read if item.outcome == HELD}
    if not bad or not source:
        return
    new = set(bad) - queries.held_digests(bad)
    if not new:
        return
    size = sum(len(format.body_of(bad[digest].raw)) for digest in new)
    if not (
        limits.spend("intake.held", source, len(new), seconds=HOUR, most=rules.HELD_PER_HOUR)
        and limits.spend(
            "intake.held-bytes", source, size, seconds=HOUR, most=rules.HELD_BYTES_PER_HOUR
        )
    ):
        for item in read:
            if item.outcome == HELD and intake_rows.digest_of(item.raw) in new:
                item.outcome, item.reason = LATER, "limit"


def _store(read: Sequence[_Item], known: Known, channel: str, now: datetime) -> None:
    new = [item for item in read if not item.outcome]
    origins = {
        code: intake_rows.origin_of(sender, channel) for code, sender in known.senders.items()
    }
    _insert([(item, origins[item.device]) for item in new], now)
    _settle(read, known)
    bad = [item for item in read if item.outcome == HELD]
    intake_rows.hold([_to_hold(item, known) for item in bad], channel, now)
    received = [item for item in read if item.outcome == RECEIVED]
    if not received and not bad:
        return
    intake_rows.check_references()
    _note_sequences(received, known)
    audit.record(
        PUBLIC,
        "reports.received",
        channel=channel,
        received=len(received),
        duplicates=sum(item.outcome == DUPLICATE for item in read),
        held=len(bad),
        reasons=sorted({str(item.reason) for item in bad}),
    )


def _insert(new: Sequence[tuple[_Item, Origin]], now: datetime) -> None:
    """Insert what is not here. In one order, so that two batches never wait for each other in a
    circle: by phone and number first, since copies of a phone give other ids to the same numbers.
    """
    rows = [
        intake_rows.report_row(item.envelope, item.digest, origin, now)
        for item, origin in new
        if item.envelope is not None
    ]
    rows.sort(key=lambda row: (str(row.device_id or ""), row.sequence or 0, row.pk))
    intake_rows.insert(rows)


def _settle(read: Sequence[_Item], known: Known) -> None:
    """Look at what stands in the table now: only that is acknowledged.

    Something else may have come first, under the same id or with the same number of the phone.
    """
    open_items = [
        item
        for item in read
        if item.outcome in {"", DUPLICATE} and UUID(item.id) not in known.digests
    ]
    stored = queries.digests([UUID(item.id) for item in open_items])
    for item in open_items:
        if stored.get(UUID(item.id)) != item.digest:
            item.hold(HeldReason.REPLAYED)
        elif not item.outcome:
            item.outcome = RECEIVED


def _to_hold(item: _Item, known: Known) -> ToHold:
    """What is held, with the phone and the unit that it names, so that their people see it."""
    sender = known.senders.get(item.device)
    receiver_id = sender.receiver_id if sender else None
    if receiver_id is None and item.envelope is not None:
        target = known.targets.get(item.envelope.key)
        receiver_id = target.receiver_id if target else None
    return ToHold(item.raw, item.reason, item.id, sender.id if sender else None, receiver_id)


def _note_sequences(received: Sequence[_Item], known: Known) -> None:
    """Keep the highest number of each phone: two queries a batch, and one for a single phone.

    Not the time of its last contact: somebody else may have carried these here. The lock lets
    others go on to name these phones in new rows.
    """
    higher = {
        sender.id
        for item in received
        if item.envelope is not None
        and item.envelope.sequence > (sender := known.senders[item.device]).last_sequence
    }
    if not higher:
        return
    rows = Device.objects.filter(pk__in=higher)
    if len(higher) > 1:  # locked in one order, as two couriers may bring the same phones
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    newest = Report.objects.filter(device=OuterRef("pk")).order_by("-sequence")
    rows.update(last_sequence=Greatest("last_sequence", Subquery(newest.values("sequence")[:1])))


# --- What is sealed here -----------------------------------------------------------------------


def _sealed(plain: Plain, key: ReceptionKey, now: datetime) -> _Item:
    """An envelope without a device, sealed to the unit."""
    unsealed = Envelope(
        id=str(plain.id or uuid4()),
        device="",
        sequence=0,
        key=key.pk,
        made_at=now.replace(microsecond=0),
        edition=str(plain.content.get("list", "")),
        is_urgent=plain.content["danger"] == "now",
        content=b"",
        identity=b"",
    )
    identity = padded(plain.identity) if plain.identity else b""
    done = format.sealed(unsealed, bytes(key.public), padded(plain.content), identity)
    return _Item(None, done, done.id, "", done.digest())


def _only_new(read: Sequence[_Item], known: Known, origin: Origin) -> list[tuple[_Item, Origin]]:
    """Those whose id is not here; the others become duplicates, and take the digest that stands.

    Sealed anew, the same report has other bytes, so that here the id alone decides.
    """
    seen = {str(pk): digest for pk, digest in known.digests.items()}
    new = []
    for item in read:
        if item.id in seen:
            item.outcome, item.digest = DUPLICATE, seen[item.id]
        else:
            seen[item.id] = item.digest
            new.append((item, origin))
    return new
