"""Taking the desk's own tables out as files: codes only, and each taking is in the log."""

from collections.abc import Iterable

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor


@transaction.atomic
def record_readings_export(actor: Actor, rows: int, asked: Iterable[str]) -> None:
    """Note that the list of readings is taken out. Raises PermissionDenied."""
    require(actor, Permission.AUDIT_EXPORT)
    audit.record(actor, "readings.exported", rows=rows, filters=sorted(asked))
