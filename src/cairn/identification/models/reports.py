"""Reports: as they came in, sealed; what was found at their opening; what was held back and why."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.identification.models.devices import Device
from cairn.identification.models.procedures import Procedure
from cairn.identification.models.receivers import ReceivingUnit, ReceptionKey
from cairn.identification.rules.choices import Channel, HeldReason, ReportState, WorkerProfile
from cairn.vault.fields import (
    SealedBytesField,
    SealedElsewhereField,
    SealedJSONField,
    SealedModel,
    SealedQuerySet,
    SealedTextField,
)

OPEN_STATES = (ReportState.RECEIVED, ReportState.OPENED)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, actor: Actor) -> Self:
        """Reports to the units in the place of the actor's work; the units are few."""
        return self.filter(receiver__in=self.receivers(actor))

    @staticmethod
    def receivers(actor: Actor) -> models.QuerySet[ReceivingUnit]:
        """The units whose reports the actor sees."""
        return ReceivingUnit.objects.covered_by(actor, Permission.REPORT_VIEW)


class Report(models.Model):
    """A report as it came in: what a courier may see, and sealed bytes.

    `id`: drawn by whoever made it; `digest`: hex SHA-256 of the text that its sender signed, the
    name by which a receipt calls it. `code`: 12 signs from the id, see envelopes.format; its first
    six are the reference that the person may keep. `made_at`: by the clock of the sender,
    advisory. `payload`, `identity_payload`: sealed for `key`; emptied when opened, then they are
    in the content. `due_at`: until when the next step is due; None when nothing is.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=13, db_index=True)
    receiver = models.ForeignKey(ReceivingUnit, on_delete=models.PROTECT, related_name="reports")
    key = models.ForeignKey(ReceptionKey, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    sequence = models.PositiveIntegerField(null=True, blank=True)
    profile = models.CharField(max_length=12, choices=WorkerProfile)
    role = models.CharField(max_length=60, blank=True)
    generation = models.PositiveSmallIntegerField(null=True, blank=True)
    edition = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    payload = SealedElsewhereField(null=True, blank=True)
    identity_payload = SealedElsewhereField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.RECEIVED)
    due_at = models.DateTimeField(null=True, blank=True)
    flaw = models.CharField(max_length=32, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.UUIDField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["receiver", "state", "due_at", "id"], name="report_queue"),
            models.Index(fields=["receiver", "-received_at", "id"], name="report_newest"),
            models.Index(
                fields=["receiver", "state", "-received_at", "id"],
                condition=models.Q(due_at=None),
                name="report_done",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "sequence"],
                condition=~models.Q(device=None),
                name="report_sequence_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("identification:report", args=[self.code])

    @property
    def reference(self) -> str:
        """The six signs that the person may keep, as "K7Q-M2R"."""
        return f"{self.code[:3]}-{self.code[3:6]}"

    @property
    def organisation_id(self) -> UUID:
        return self.receiver.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.receiver.unit_id

    @property
    def country(self) -> str:
        return self.receiver.country


class ReportContentQuerySet(SealedQuerySet["ReportContent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Contents of the reports that the actor sees."""
        return self.filter(report__in=Report.objects.visible_to(actor))


class ReportContent(SealedModel):
    """What a member of the unit found when opening a report: few coded facts, the rest sealed.

    `content`: as content version 1 of the envelope. `identity`: still sealed for the unit's key
    inside the vault's seal, so that it opens with a member's passphrase only. `procedure`: of the
    person whom it is about, when somebody linked it. `note`: why it was closed.
    """

    zone: ClassVar[Zone] = Zone.IDENTIFICATION

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="content")
    code = models.CharField(max_length=13, db_index=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    setting = models.CharField(max_length=12, blank=True)
    age = models.CharField(max_length=12, blank=True)
    age_band = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=8, blank=True)
    area = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, blank=True)
    band = models.CharField(max_length=8, blank=True)
    judgement = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    signs = models.JSONField(default=list)
    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    duplicate_of = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    content = SealedJSONField()
    identity = SealedBytesField()
    note = SealedTextField()

    objects = ReportContentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["area", "age_band", "sex", "opened_at"], name="content_alike")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def organisation_id(self) -> UUID:
        return self.report.receiver.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.report.receiver.unit_id

    @property
    def country(self) -> str:
        return self.report.receiver.country


class ReportStepQuerySet(models.QuerySet["ReportStep"]):
    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("Steps are never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Steps are never removed.")


class ReportStep(models.Model):
    """One step of a report at the unit. Append-only. `facts`: codes and ids, never texts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ReportState)
    reason = models.CharField(max_length=24, blank=True)
    facts = models.JSONField(default=dict)

    objects = ReportStepQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Steps are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Steps are never removed.")


class HeldEnvelopeQuerySet(models.QuerySet["HeldEnvelope"]):
    def visible_to(self, actor: Actor) -> Self:
        """What names a unit or phone of the actor's place; what names none, to any of them."""
        if not actor.may(Permission.REPORT_RELEASE):
            return self.none()
        if actor.is_system:
            return self.all()
        receivers = ReceivingUnit.objects.covered_by(actor, Permission.REPORT_RELEASE)
        devices = Device.objects.filter(scoped(actor, Permission.REPORT_RELEASE, area="area"))
        nobodys = models.Q(receiver=None, device=None)
        return self.filter(
            models.Q(receiver__in=receivers) | models.Q(device__in=devices) | nobodys
        )


class HeldEnvelope(models.Model):
    """Something that came in and could not be taken as a report: kept as it came, with the reason.

    `body`: the bytes as they came; `digest`: hex SHA-256 of them. `claimed_id`: the id that it
    gives itself, as text, or empty. `settlement`: "released" or a reason for closing.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    received_at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=HeldReason)
    channel = models.CharField(max_length=8, choices=Channel)
    body = SealedElsewhereField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    claimed_id = models.CharField(max_length=36, blank=True, db_index=True)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver = models.ForeignKey(
        ReceivingUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    settlement = models.CharField(max_length=24, blank=True)

    objects = HeldEnvelopeQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]
        indexes = [models.Index(fields=["settled_at", "-received_at"], name="held_open")]

    def __str__(self) -> str:
        return f"{self.reason} {self.received_at:%Y-%m-%d}"
