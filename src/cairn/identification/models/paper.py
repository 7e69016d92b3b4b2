"""Paper forms: printed with a serial, entered once, then shredded."""

from typing import Self
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.models.receivers import ReceivingUnit


class PaperFormQuerySet(models.QuerySet["PaperForm"]):
    def visible_to(self, actor: Actor) -> Self:
        """Forms for the units in the place of the actor's work."""
        receivers = ReceivingUnit.objects.covered_by(actor, Permission.PAPER_ENTER)
        return self.filter(receiver__in=receivers)


class PaperForm(models.Model):
    """One blank form. `serial`: "P", six signs and a check sign. `report_id`: what it became."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    serial = models.CharField(max_length=10, unique=True)
    receiver = models.ForeignKey(ReceivingUnit, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    profile = models.CharField(max_length=12)
    setting = models.CharField(max_length=12, blank=True)
    printed_at = models.DateTimeField()
    printed_by = models.UUIDField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.UUIDField(null=True, blank=True)
    report_id = models.UUIDField(null=True, blank=True)
    shredded_at = models.DateTimeField(null=True, blank=True)
    shredded_by = models.UUIDField(null=True, blank=True)

    objects = PaperFormQuerySet.as_manager()

    class Meta:
        ordering = ["-printed_at", "serial"]

    def __str__(self) -> str:
        return self.serial
