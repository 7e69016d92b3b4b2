"""Writes about the data map and the impact-assessment sheet: that somebody took them is kept."""

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor


@transaction.atomic
def take_data_map(actor: Actor, zone: str, level: str) -> None:
    """Record that the data map was taken as a file. Raises PermissionDenied."""
    require(actor, Permission.OVERSIGHT_VIEW)
    audit.record(actor, "data-map.exported", zone=zone, level=level)


@transaction.atomic
def take_impact_sheet(actor: Actor, kind: str, language: str) -> None:
    """Record that the impact-assessment sheet was taken as a file. Raises PermissionDenied."""
    require(actor, Permission.OVERSIGHT_VIEW)
    audit.record(actor, "impact-sheet.exported", kind=kind, language=language)
