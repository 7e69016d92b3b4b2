"""Files with records about people: asked for by one person, approved by another, taken once."""

from django.db import models

from cairn.core.models import Organisation
from cairn.oversight.models.base import DeskQuerySet, OversightRecord, choices
from cairn.oversight.rules import ExportState
from cairn.vault.fields import SealedTextField


class ExportRequestQuerySet(DeskQuerySet["ExportRequest"]):
    own = "asked_by"


class ExportRequest(OversightRecord):
    """A file that somebody asked for. It is made when it is taken, and never stored.

    `fields`: names of sealed fields that it is to hold, often none. `rows`: as taken. `form`:
    empty for a table of all records, else the key of a form of file (see `oversight.files`), and
    `details` says which records by code, for whom and for what.
    """

    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    form = models.CharField(max_length=30, blank=True)
    details = models.JSONField(default=dict, blank=True)
    reason = SealedTextField()
    state = choices(ExportState, default=ExportState.ASKED)
    asked_by = models.UUIDField(db_index=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by"))
                | models.Q(state=ExportState.EXPIRED),
                name="export_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ExportState.APPROVED, ExportState.TAKEN])
                | ~models.Q(decided_by=None),
                name="export_approved_by_somebody",
            ),
        ]
