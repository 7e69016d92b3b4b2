"""The key store's tables: wrapped keys, the ledger of destroyed ones, and rotations under way."""

import uuid

from django.db import models
from django.db.models import Q

from cairn.core.classification import Zone


class KeyState(models.TextChoices):
    CURRENT = "current", "current"
    RETIRING = "retiring", "retiring"
    DESTROYED = "destroyed", "destroyed"


class ZoneKey(models.Model):
    """One version of a zone's key, wrapped by a root key. Destroyed: `wrapped` is empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    zone = models.CharField(max_length=20, choices=Zone.choices)
    version = models.PositiveIntegerField()
    root_id = models.CharField(max_length=100)
    wrapped = models.BinaryField()
    state = models.CharField(max_length=10, choices=KeyState.choices, default=KeyState.CURRENT)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["zone", "version"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "version"], name="vault_zone_version_once"),
            models.UniqueConstraint(
                fields=["zone"], condition=Q(state="current"), name="vault_one_current_per_zone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.version}"


class DataKey(models.Model):
    """The key of one person or record, wrapped by a zone key. Destroying it removes the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: the one below begins with it.
    zone_key = models.ForeignKey(ZoneKey, models.PROTECT, related_name="+", db_index=False)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        # Rotation walks the keys of one zone key in order of their ids.
        indexes = [models.Index(fields=["zone_key", "id"], name="vault_datakey_walk")]

    def __str__(self) -> str:
        return str(self.pk)


class DestroyedKey(models.Model):
    """Append-only: which keys were destroyed, known by a hash, so that no old copy revives one."""

    key_hash = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.key_hash


class NamedKey(models.Model):
    """A fixed data key that a part of the system knows by name, such as "authenticators"."""

    name = models.CharField(primary_key=True, max_length=80)
    key = models.OneToOneField(DataKey, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A pair; the private half is wrapped by a root key. `id`: print of the public half.

    `kind`: Ed25519 signs checkpoints and bundles, P-256 certificates. Retired: signs no more, but
    its signatures still verify.
    """

    id = models.CharField(primary_key=True, max_length=16)
    kind = models.CharField(
        max_length=7,
        choices=[("ed25519", "Ed25519"), ("es256", "ES256 (P-256)")],
        default="ed25519",
    )
    public = models.BinaryField()
    root_id = models.CharField(max_length=100)
    wrapped = models.BinaryField()
    is_current = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_current=True),
                name="vault_one_signing_key_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.id


class RotationState(models.TextChoices):
    RUNNING = "running", "running"
    DONE = "done", "done"


class Rotation(models.Model):
    """One rotation of a zone key or of the root key: how far it came, so that it can go on."""

    kind = models.CharField(max_length=4, choices=[("zone", "zone"), ("root", "root")])
    zone = models.CharField(max_length=20, blank=True)
    from_id = models.CharField(max_length=100, blank=True)
    to_id = models.CharField(max_length=100)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    state = models.CharField(
        max_length=7, choices=RotationState.choices, default=RotationState.RUNNING
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "zone"],
                condition=Q(state="running"),
                name="vault_one_rotation_at_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.zone} {self.done}/{self.total}"
