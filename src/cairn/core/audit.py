"""The audit log: append in the caller's transaction, chained by hash, verified entry by entry."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.core.models import AuditEntry

Fact = str | int | bool | None
START = "0" * 64
_LOCK = 0x0CA1_2A0D  # any constant: one advisory lock for the whole chain
_CHUNK = 2_000


class NotInTransaction(RuntimeError):
    """An entry must commit or vanish together with what it tells of."""


def record(
    actor: Actor, code: str, subject: models.Model | None = None, **facts: Fact | list[Fact]
) -> AuditEntry:
    """Append one entry in the caller's transaction.

    `code` is past tense (`referral.sent`); `facts` take codes, ids and counts: no names,
    narratives or contacts. Raises NotInTransaction outside `transaction.atomic`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{code}: record() outside a transaction")
    _lock()
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = (last[0] + 1, last[1]) if last else (1, START)
    entry = AuditEntry(
        sequence=sequence,
        at=timezone.now(),
        actor_id=str(actor.user_id or ("system" if actor.is_system else "")),
        actor_roles=sorted(actor.roles),
        code=code,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        facts={key: value for key, value in sorted(facts.items())},
        previous_hash=previous,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def last_sequence() -> int:
    """The number of the newest entry; 0 when there is none. It grows with every write."""
    newest = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return newest or 0


def digest(entry: AuditEntry) -> str:
    """SHA-256 (hex) over every field of the entry but its own hash, in canonical JSON."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": _moment(entry.at),
        "actor": entry.actor_id,
        "roles": entry.actor_roles,
        "code": entry.code,
        "type": entry.subject_type,
        "id": entry.subject_id,
        "facts": entry.facts,
        "previous": entry.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `broken_at`: sequence of the first broken entry, None when whole."""

    entries: int
    last_hash: str
    broken_at: int | None = None
    reason: str = ""


def verify(checkpoint: tuple[int, str] | None = None) -> Verdict:
    """Walk the chain from its start; stop at the first entry that does not hold.

    `checkpoint` is a (sequence, hash) that somebody kept outside: a chain that was cut off at its
    end, or rewritten as a whole, no longer contains it.
    """
    expected, previous = 1, START
    seen_checkpoint = checkpoint is None
    for entry in _entries():
        if entry.sequence != expected:
            return Verdict(expected - 1, previous, expected, "missing")
        if entry.previous_hash != previous:
            return Verdict(expected - 1, previous, entry.sequence, "does not follow the one before")
        if digest(entry) != entry.hash:
            return Verdict(expected - 1, previous, entry.sequence, "altered")
        if checkpoint and entry.sequence == checkpoint[0]:
            if entry.hash != checkpoint[1]:
                return Verdict(
                    expected - 1, previous, entry.sequence, "differs from the checkpoint"
                )
            seen_checkpoint = True
        expected, previous = expected + 1, entry.hash
    if not seen_checkpoint:
        return Verdict(expected - 1, previous, expected, "cut off before the checkpoint")
    return Verdict(expected - 1, previous)


def _entries() -> Iterator[AuditEntry]:
    return AuditEntry.objects.order_by("sequence").iterator(chunk_size=_CHUNK)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _lock() -> None:
    """One writer at a time: SQLite's IMMEDIATE transactions see to it, PostgreSQL is asked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
