"""A file that somebody brought, and what its preview said row by row."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor


class BatchState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be read")
    READING = "reading", _("Being read")
    PREVIEWED = "previewed", _("Ready to apply")
    REFUSED = "refused", _("Cannot be applied")
    APPLIED = "applied", _("Applied")
    DISCARDED = "discarded", _("Discarded")


class Outcome(models.TextChoices):
    CREATED = "created", _("Will be created")
    CHANGED = "changed", _("Will be changed")
    UNCHANGED = "unchanged", _("Stays as it is")
    REFUSED = "refused", _("Refused")


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own batches, and those of everybody to whoever sees the audit log."""
        if actor.is_system or actor.may(Permission.AUDIT_VIEW):
            return self.all()
        if actor.user_id is None:
            return self.none()
        return self.filter(author_id=actor.user_id)


class ImportBatch(models.Model):
    """One file. `content` is emptied once applied or discarded: rows live on as records."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    filename = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.WAITING)
    refusal = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.kind} {self.filename}"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=[self.pk])


class ImportRow(models.Model):
    """One row of a preview. `number`: of the row in the file, header = 1.

    `problems`: [{column, code, message, remedy}]; `changes`: {field: [before, after]}.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
