"""Phones that report: enrolled for an officer, bound to a receiving unit, revoked when lost."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.identification.models.receivers import ReceivingUnit
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField


class DeviceQuerySet(SealedQuerySet["Device"]):
    def visible_to(self, actor: Actor) -> Self:
        """Phones that a membership of the actor covers."""
        return self.filter(scoped(actor, Permission.DEVICE_VIEW, area="area"))


class Device(SealedModel):
    """A phone. Its code stands for the officer; the name behind it is sealed.

    `public`: 65 bytes, uncompressed P-256 point that checks its signatures; None until enrolled.
    `role`: the function of the officer as their service calls it, no name. `generation`: of the
    certificate of training that the officer showed (1 = taught by the programme itself), None:
    none was shown. `enrol_hash`: hex SHA-256 of the one-time code. `valid_until`: without contact
    until then keys on the phone end. `last_sequence`: the highest that was received.
    """

    zone: ClassVar[Zone] = Zone.IDENTIFICATION

    code = models.CharField(max_length=7, unique=True)
    receiver = models.ForeignKey(ReceivingUnit, on_delete=models.PROTECT, related_name="devices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    area = models.CharField(max_length=60, blank=True)
    profile = models.CharField(max_length=12, choices=WorkerProfile)
    role = models.CharField(max_length=60, blank=True)
    generation = models.PositiveSmallIntegerField(null=True, blank=True)
    public = models.BinaryField(max_length=65, null=True, blank=True)
    enrol_hash = models.CharField(max_length=64, blank=True, db_index=True)
    enrol_expires_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField()
    invited_by = models.UUIDField(null=True, blank=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)
    revoked_for = models.CharField(max_length=12, choices=RevokeReason, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    last_sequence = models.PositiveIntegerField(default=0)
    app = models.CharField(max_length=24, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    officer = SealedTextField()

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "code"]
        indexes = [
            models.Index(fields=["organisation", "-invited_at", "code"], name="device_listed")
        ]

    def __str__(self) -> str:
        return self.code


class DeviceAlertQuerySet(models.QuerySet["DeviceAlert"]):
    def visible_to(self, actor: Actor) -> Self:
        """Alerts of the phones that the actor sees."""
        return self.filter(device__in=Device.objects.visible_to(actor))


class DeviceAlert(models.Model):
    """An officer said "I am not safe", without a word about anybody else."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="alerts")
    at = models.DateTimeField()
    seen_by = models.UUIDField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)
