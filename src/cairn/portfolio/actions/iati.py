"""Writes about aid data: that somebody held a file against the records is on record."""

from datetime import date
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.tables.intake import held
from cairn.portfolio.queries.iati_comparison import Comparison, compare


def compare_iati(
    actor: Actor,
    stream: IO[bytes],
    *,
    today: date,
    most: int = 500,
    standard: Path | None = None,
) -> Comparison:
    """Hold an IATI file against the records; nothing of it is stored.

    It needs PORTFOLIO_IMPORT. What is on record is the counts, never what stood in the file.
    A person may bring as much as any import takes, the system a file of any size. Raises
    PermissionDenied, RuleBroken ("table.too_large").
    """
    require(actor, Permission.PORTFOLIO_IMPORT)
    if actor.is_system:
        found = compare(actor, stream, today=today, most=most, standard=standard)
    else:
        with held(stream, max_bytes=settings.IMPORT_MAX_BYTES) as copy:
            found = compare(actor, copy, today=today, most=most, standard=standard)
    # Reading may take minutes: nobody else's writing waits for it.
    with transaction.atomic():
        audit.record(
            actor,
            "portfolio.compared",
            complaints=found.complaints,
            refusal=found.refusal.get("code", ""),
            created=found.counts["created"],
            changed=found.counts["changed"],
            unchanged=found.counts["unchanged"],
            refused=found.counts["refused"],
        )
    return found


@transaction.atomic
def note_iati_export(actor: Actor, kind: str, count: int) -> None:
    """Somebody with the rights of the system wrote a file; pages give it to everybody anyway."""
    audit.record(actor, "portfolio.exported", kind=f"iati-{kind}", count=count, filters=0)
