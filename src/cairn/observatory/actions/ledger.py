"""The ledger of what went out: appended in the caller's transaction, chained, verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection

from cairn.core import clock
from cairn.observatory.models import LedgerEntry, Release
from cairn.observatory.payloads import figures
from cairn.observatory.rules import pipeline as rules

_LOCK = 0x0CA1_2A3E  # any constant: one advisory lock for all that changes what is public
# Payloads are large: as many are held while the chain is walked.
_CHUNK = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at`: the number of the first entry that does not fit, None when all do."""

    entries: int
    broken_at: int | None


def hold() -> None:
    """One at a time begins, publishes, withdraws or issues, until the caller's transaction ends.

    Taken before any row is held. SQLite has one writer anyway; on PostgreSQL two releases could
    else go out beside each other, each attacked without the other. Safe to repeat.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def append(release: Release, event: str, payload: Mapping[str, Any], content: str) -> LedgerEntry:
    """Add an entry for what went out or was withdrawn, by a caller who holds the ledger."""
    hold()
    last = LedgerEntry.objects.order_by("-number").first()
    entry = LedgerEntry(
        number=last.number + 1 if last else 1,
        release=release,
        at=clock.now(),
        event=event,
        what=f"{release.title}; {release.population}"[:240],
        figures=figures(payload),
        content=content,
        previous=last.hash if last else rules.START,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    return entry


def hash_of(entry: LedgerEntry) -> str:
    """SHA-256 (hex) over every field but its own."""
    return rules.digest(
        {
            "number": entry.number,
            "release": str(entry.release_id),
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": entry.event,
            "what": entry.what,
            "figures": entry.figures,
            "content": entry.content,
            "previous": entry.previous,
        }
    )


def verify() -> Verdict:
    """Walk the chain, and hold each entry against what is published. One query."""
    previous, count = rules.START, 0
    entries = LedgerEntry.objects.order_by("number").select_related("release__published")
    for count, entry in enumerate(entries.iterator(chunk_size=_CHUNK), start=1):
        stands = (
            entry.number == count
            and entry.previous == previous
            and entry.hash == hash_of(entry)
            and entry.content == rules.digest(entry.release.published.payload)
        )
        if not stands:
            return Verdict(count, entry.number)
        previous = entry.hash
    return Verdict(count, None)
