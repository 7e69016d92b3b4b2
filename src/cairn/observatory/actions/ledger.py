"""The ledger of what went out: appended in the caller's transaction, chained, verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from cairn.core import clock
from cairn.observatory.models import LedgerEntry, Release
from cairn.observatory.payloads import figures
from cairn.observatory.rules import pipeline as rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at`: the number of the first entry that does not fit, None when all do."""

    entries: int
    broken_at: int | None


def append(release: Release, event: str, payload: Mapping[str, Any], content: str) -> LedgerEntry:
    """Add an entry for what went out or was withdrawn."""
    last = LedgerEntry.objects.select_for_update().order_by("-number").first()
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
    """Walk the chain, and hold each entry against what is published. Two queries."""
    previous, count = rules.START, 0
    for count, entry in enumerate(
        LedgerEntry.objects.order_by("number").select_related("release__published"), start=1
    ):
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
