"""What intake looks up for a whole batch at once: phones, keys, lists, and what is here already."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from cairn.identification.envelopes.format import Envelope
from cairn.identification.models import (
    Device,
    HeldEnvelope,
    ReceivingUnit,
    ReceptionKey,
    Report,
)
from cairn.identification.queries.indicators import known_editions
from cairn.identification.rules.intake import Sender, Target

_SENDER = (
    "pk",
    "code",
    "receiver_id",
    "public",
    "profile",
    "role",
    "generation",
    "valid_until",
    "revoked_at",
    "last_sequence",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the installation knows of the things that a batch names.

    `senders`: by code; `targets`: by key id; `editions`: codes of lists; `digests`: of reports
    that are here already, by id.
    """

    senders: dict[str, Sender]
    targets: dict[str, Target]
    editions: frozenset[str]
    digests: dict[UUID, str]


def known(envelopes: Sequence[Envelope], devices: Iterable[str] = ()) -> Known:
    """Four queries, however many envelopes; none of it is shown to anybody.

    `devices`: further codes, of phones that unreadable items name.
    """
    read = envelopes
    codes = {each.device for each in read} | set(devices)
    codes.discard("")
    return Known(
        senders=senders(codes),
        targets=targets({each.key for each in read}),
        editions=frozenset(known_editions({each.edition for each in read}))
        if read
        else frozenset(),
        digests=digests([UUID(each.id) for each in read]),
    )


def senders(codes: Collection[str]) -> dict[str, Sender]:
    """The phones of these codes. One query."""
    if not codes:
        return {}
    rows = Device.objects.filter(code__in=codes).values_list(*_SENDER)
    return {row[1]: _sender(row) for row in rows}


def _sender(row: tuple[Any, ...]) -> Sender:
    pk, code, receiver, public, *rest = row
    return Sender(pk, code, receiver, None if public is None else bytes(public), *rest)


def targets(ids: Collection[str]) -> dict[str, Target]:
    """The reception keys of these ids, retired and destroyed ones too. One query."""
    if not ids:
        return {}
    rows = ReceptionKey.objects.filter(pk__in=ids)
    return {
        pk: Target(pk, receiver_id, destroyed_at is not None)
        for pk, receiver_id, destroyed_at in rows.values_list("pk", "receiver_id", "destroyed_at")
    }


def digests(ids: Collection[UUID]) -> dict[UUID, str]:
    """Which of these reports are here, with the digest of each. One query."""
    if not ids:
        return {}
    return dict(Report.objects.filter(pk__in=ids).values_list("pk", "digest"))


def held_digests(found: Collection[str]) -> set[str]:
    """Which of these are held already, open or settled. One query."""
    if not found:
        return set()
    return set(HeldEnvelope.objects.filter(digest__in=found).values_list("digest", flat=True))


def is_sequence_taken(device_id: UUID, sequence: int, but: UUID) -> bool:
    """True when another report of this phone has the same number."""
    rows = Report.objects.filter(device_id=device_id, sequence=sequence)
    return rows.filter(~Q(pk=but)).exists()


def current_key(receiver: ReceivingUnit) -> ReceptionKey | None:
    """The key that reports to a unit are sealed to now. One query."""
    rows = ReceptionKey.objects.filter(receiver=receiver, is_current=True, destroyed_at=None)
    return rows.first()
