"""Attendance marks, append-only; records that were refused; what was received from devices."""

from typing import Any, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from cairn.core.actor import Actor
from cairn.training.models.delivery import Enrolment, TrainingEvent, TrainingSession
from cairn.training.rules.choices import MarkKind, MarkMeans


class AttendanceMarkQuerySet(models.QuerySet["AttendanceMark"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(event__in=TrainingEvent.objects.worked_on(actor))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("Marks are never changed: a later mark corrects.")

    def delete(self) -> NoReturn:
        raise TypeError("Marks are never removed: a later mark corrects.")


class AttendanceMark(models.Model):
    """One mark. `id` is made on the device. `at`: the device's clock; `offset_seconds`: how far
    that clock was ahead of ours when last measured, None: unknown. `sequence`: the device's own
    count.
    `corrects`: the mark that a void is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.PROTECT, related_name="marks")
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=8, choices=MarkKind)
    means = models.CharField(max_length=6, choices=MarkMeans)
    at = models.DateTimeField()
    offset_seconds = models.IntegerField(null=True, blank=True)
    device = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField(null=True, blank=True)
    corrects = models.UUIDField(null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField()

    objects = AttendanceMarkQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["event", "session"], name="marks_of_session"),
            models.Index(fields=["enrolment", "session"], name="marks_of_participant"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="void") | ~Q(corrects=None), name="void_names_a_mark"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Marks are never removed: a later mark corrects.")


class ReceivedRecord(models.Model):
    """The ledger of what devices and kits sent: each id once, whatever is sent again.

    `kind`: what sort of record; `digest`: SHA-256 of its canonical content; `origin`: device or
    kit.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        REFUSED = "refused"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    record_id = models.UUIDField()
    kind = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=40, blank=True)
    # Of records that come in versions: the newest one that was taken.
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="received")
    sequence = models.PositiveBigIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="received_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class RefusedRecordQuerySet(models.QuerySet["RefusedRecord"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(event__in=TrainingEvent.objects.worked_on(actor))


class RefusedRecord(models.Model):
    """What was sent and could not be taken, with the reason: a person looks at each.

    `content`: as it was sent, codes and ids only; `digest`: its SHA-256. `resolution`: what was
    done about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    record_id = models.UUIDField()
    kind = models.CharField(max_length=24)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="refused")
    content = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    origin = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    is_parked = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.UUIDField(null=True, blank=True)
    resolution = models.CharField(max_length=300, blank=True)

    objects = RefusedRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id", "digest"], name="refused_once"),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(resolution=""), name="refused_resolved_in_words"
            ),
        ]

    def __str__(self) -> str:
        return self.reason_code
