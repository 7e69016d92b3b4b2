"""Units that receive sealed reports, their key pairs, and who of the unit holds which copy."""

from typing import Self
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.vault.fields import SealedElsewhereField

# Whoever works with what arrives, or with what sends, knows the unit by name.
KNOWN_WITH = (
    Permission.REPORT_VIEW,
    Permission.REPORT_RELEASE,
    Permission.REPORT_SUBMIT,
    Permission.RECEIVER_MANAGE,
    Permission.DEVICE_VIEW,
    Permission.PAPER_ENTER,
)


class ReceivingUnitQuerySet(models.QuerySet["ReceivingUnit"]):
    def visible_to(self, actor: Actor) -> Self:
        """Units in the place of the actor's work, for whoever reads, sends or equips for them."""
        return self.covered_by(actor, *KNOWN_WITH)

    def covered_by(self, actor: Actor, *permissions: Permission) -> Self:
        """Units that a membership with one of `permissions` covers; to the system all of them."""
        if actor.is_system:
            return self.all() if actor.may_any(permissions) else self.none()
        covered = models.Q(pk__in=[])
        for permission in permissions:
            covered |= scoped(actor, permission)
        return self.filter(covered)

    def reached_by(self, actor: Actor, permission: Permission) -> Self:
        """Units in use to which the actor may send, or equip others to, by this permission.

        A police post, a clinic and a helpline report to the authority of the country that they
        work in, whatever organisation that is; so the country of the membership counts alone.
        """
        rows = self.filter(is_active=True)
        if actor.is_system:
            return rows if actor.may(permission) else rows.none()
        countries = {scope.country for scope in actor.scopes_with(permission)}
        if not countries:
            return rows.none()
        return rows if "" in countries else rows.filter(country__in=countries)


class ReceivingUnit(models.Model):
    """Where reports arrive: an authority, or a part of it.

    `country`: ISO 3166-1 alpha-3. `areas`, `recipients`: [[code, label], ...] as phones offer
    them; `emergency`: [[label, number], ...]. `accepts_mission`: a body of a State to which the
    profile of a mission lets its officers report; else peacekeepers never report to one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    areas = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    emergency = models.JSONField(default=list)
    accepts_mission = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = ReceivingUnitQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class ReceptionKeyQuerySet(models.QuerySet["ReceptionKey"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keys of the units that the actor sees."""
        return self.filter(receiver__in=ReceivingUnit.objects.visible_to(actor))


class ReceptionKey(models.Model):
    """A key pair of a unit; the private half exists only in what its holders keep.

    `id`: 16 hex signs, the first of SHA-256 of `public` (65 bytes, uncompressed P-256 point).
    `not_after`: the last day on which phones seal to it. `destroyed_at`: no copy is left.
    """

    id = models.CharField(primary_key=True, max_length=16)
    receiver = models.ForeignKey(ReceivingUnit, on_delete=models.PROTECT, related_name="keys")
    public = models.BinaryField(max_length=65)
    is_current = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    not_after = models.DateField()
    retired_at = models.DateTimeField(null=True, blank=True)
    destruction_asked_by = models.UUIDField(null=True, blank=True)
    destruction_asked_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.UUIDField(null=True, blank=True)

    objects = ReceptionKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["receiver"],
                condition=models.Q(is_current=True),
                name="reception_key_one_current",
            )
        ]

    def __str__(self) -> str:
        return self.id


class KeyHolderQuerySet(models.QuerySet["KeyHolder"]):
    def visible_to(self, actor: Actor) -> Self:
        """Holders of the keys of units that the actor sees."""
        return self.filter(key__in=ReceptionKey.objects.visible_to(actor))


class KeyHolder(models.Model):
    """One member's copy of a private key: wrapped under a passphrase, and sealed by the vault.

    `user_id` None: the copy that opens with the recovery code, for the safe of the unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.ForeignKey(ReceptionKey, on_delete=models.PROTECT, related_name="holders")
    user_id = models.UUIDField(null=True, blank=True, db_index=True)
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    wrapped = SealedElsewhereField(null=True, blank=True)

    objects = KeyHolderQuerySet.as_manager()

    class Meta:
        ordering = ["taken_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "user_id"],
                condition=models.Q(ended_at=None),
                name="key_holder_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class KeyHandoverQuerySet(models.QuerySet["KeyHandover"]):
    def visible_to(self, actor: Actor) -> Self:
        """Copies on their way, of the keys of units that the actor sees."""
        return self.filter(key__in=ReceptionKey.objects.visible_to(actor))


class KeyHandover(models.Model):
    """A copy on its way to another member, wrapped under a code that is told by mouth."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.ForeignKey(ReceptionKey, on_delete=models.PROTECT, related_name="handovers")
    for_user = models.UUIDField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    wrapped = SealedElsewhereField(null=True, blank=True)

    objects = KeyHandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.pk)
