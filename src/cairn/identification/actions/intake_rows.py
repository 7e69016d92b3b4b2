"""The rows that intake makes: of reports as they came, and of what is held, shut away by the vault.

What is held may be anything, also plain text that somebody sent by mistake; so its bytes are
sealed under a key of the zone before they are stored, and no page shows them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from cairn.core.classification import Zone
from cairn.identification.envelopes import format
from cairn.identification.envelopes.format import Envelope
from cairn.identification.models import HeldEnvelope, Report
from cairn.identification.rules.intake import Sender
from cairn.identification.rules.triage import read_by
from cairn.vault.wraps import Wraps

_KEY = "held-envelopes"
_BOUND = b"cairn held envelope\0"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report came from and for whom. `device_id` None: sealed here."""

    receiver_id: UUID
    channel: str
    profile: str
    role: str = ""
    generation: int | None = None
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ToHold:
    """Something that cannot be a report. `claimed_id` "": it has none."""

    raw: Any
    reason: str
    claimed_id: str = ""
    device_id: UUID | None = None
    receiver_id: UUID | None = None


def origin_of(sender: Sender, channel: str) -> Origin:
    """The origin of what a phone sent."""
    return Origin(
        sender.receiver_id, channel, sender.profile, sender.role, sender.generation, sender.id
    )


def report_row(envelope: Envelope, digest: str, origin: Origin, received_at: datetime) -> Report:
    """The row of one report, not saved. Its clock runs from `received_at`."""
    return Report(
        id=UUID(envelope.id),
        code=format.code_of(envelope.id),
        receiver_id=origin.receiver_id,
        key_id=envelope.key,
        channel=origin.channel,
        device_id=origin.device_id,
        sequence=envelope.sequence if origin.device_id else None,
        profile=origin.profile,
        role=origin.role,
        generation=origin.generation,
        edition=envelope.edition,
        urgent=envelope.is_urgent,
        made_at=envelope.made_at,
        received_at=received_at,
        digest=digest,
        payload=envelope.content,
        identity_payload=envelope.identity or None,
        due_at=read_by(envelope.is_urgent, received_at),
    )


def insert(rows: Sequence[Report]) -> None:
    """Insert what neither its id nor its number of a phone has here yet; the rest is left out.

    On PostgreSQL in one statement with an array for each column: to fill a placeholder for each
    value takes Django and psycopg more than half of the processor time of a full batch.
    """
    if not rows:
        return
    if connection.vendor != "postgresql":
        Report.objects.bulk_create(rows, ignore_conflicts=True)
        return
    name = connection.ops.quote_name
    fields = Report._meta.concrete_fields
    columns = ", ".join(name(str(each.column)) for each in fields)
    # Without their lengths: a cast to a length would cut silently what the column refuses.
    types = [str(each.db_type(connection)).partition("(")[0] for each in fields]
    arrays = ", ".join(f"%s::{each}[]" for each in types)
    values = [[getattr(row, each.attname) for row in rows] for each in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {name(Report._meta.db_table)} ({columns}) "  # noqa: S608 - our own names
            f"SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",
            values,
        )


def check_references() -> None:
    """Have the phones and keys that new rows name looked up now and not at the commit.

    PostgreSQL locks them for that. At the commit the log is locked already, and whoever changes a
    phone and then writes to the log would wait for us while we wait for them. SQLite has one
    writer at a time.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()


def digest_of(raw: Any) -> str:
    """Hex SHA-256 of the bytes that an item is held as."""
    return hashlib.sha256(format.body_of(raw)).hexdigest()


def hold(items: Sequence[ToHold], channel: str, now: datetime) -> None:
    """Keep what is not kept yet, in the caller's transaction. One query, whatever the number."""
    if not items:
        return
    wraps = Wraps(Zone.IDENTIFICATION, _KEY)
    rows = {}
    for item in items:
        body = format.body_of(item.raw)
        digest = hashlib.sha256(body).hexdigest()
        rows[digest] = HeldEnvelope(
            received_at=now,
            reason=item.reason,
            channel=channel,
            body=wraps.seal(body, _BOUND + digest.encode()),
            size=len(body),
            digest=digest,
            claimed_id=item.claimed_id,
            device_id=item.device_id,
            receiver_id=item.receiver_id,
        )
    # In one order, so that two batches with the same items never wait for each other.
    HeldEnvelope.objects.bulk_create(
        [rows[digest] for digest in sorted(rows)], ignore_conflicts=True
    )


def held_body(row: HeldEnvelope) -> bytes:
    """The bytes of what is held, for its release alone. Raises Altered."""
    wraps = Wraps(Zone.IDENTIFICATION, _KEY)
    return wraps.unseal(bytes(row.body), _BOUND + row.digest.encode())
