"""Erasure and its proof, legal holds, and decisions to keep a record longer."""

from datetime import date

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.models.base import DeskQuerySet, OversightRecord, choices
from cairn.oversight.rules import ErasureState
from cairn.vault.fields import SealedTextField


class ErasureQuerySet(DeskQuerySet["Erasure"]):
    own = "asked_by"


class Erasure(OversightRecord):
    """An erasure from the asking to its proof.

    Once erased, `subject_id` and `code` are gone: what stays are `key_proof` (SHA-256 of the
    destroyed key's id, hex), how many values became unreadable, and when: a proof without
    identity. `unreadable_in_copies_on`: from that day no short-lived copy of keys holds it.
    """

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True, db_index=True)
    code = models.CharField(max_length=24, blank=True)
    state = choices(ErasureState, default=ErasureState.ASKED)
    reason = SealedTextField()
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    key_proof = models.CharField(max_length=64, blank=True)
    values = models.PositiveIntegerField(default=0)
    unreadable_in_copies_on = models.DateField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(asked_by=None)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="erasure_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ErasureState.ERASED)
                | (models.Q(subject_id=None, code="") & ~models.Q(key_proof="")),
                name="erasure_proof_without_identity",
            ),
        ]


class HoldQuerySet(DeskQuerySet["Hold"]):
    def live(self, today: date) -> "HoldQuerySet":
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=today), lifted_at=None)


class Hold(OversightRecord):
    """A legal reason that forbids erasing one record, for example an order of a court."""

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24)
    reason = SealedTextField()
    placed_by = models.UUIDField()
    placed_at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]


class ExtensionQuerySet(DeskQuerySet["Extension"]):
    def visible_to(self, actor: Actor) -> "ExtensionQuerySet":
        return self.all() if actor.may(Permission.OVERSIGHT_VIEW) else self.none()


class Extension(OversightRecord):
    """A decision to keep a record longer than its time, until `until`, with the reason."""

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24)
    before = models.DateField(null=True, blank=True)
    until = models.DateField()
    reason = SealedTextField()
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
