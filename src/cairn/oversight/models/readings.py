"""Who read sealed values of which records and why, and emergency access."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.models.base import DeskQuerySet, OversightRecord, choices
from cairn.oversight.rules import Basis, Purpose, ReviewState
from cairn.vault.fields import SealedTextField


class ReadingQuerySet(DeskQuerySet["Reading"]):
    own = "actor_id"


class Reading(OversightRecord):
    """One opening of sealed fields of one or more records of one kind, by one person.

    `fields`: names of the opened fields. `basis_id`: the emergency access or link used.
    `audit_sequence`: its entry in the chained log, which holds the ids again.
    """

    at = models.DateTimeField(db_index=True)
    actor_id = models.UUIDField(null=True, db_index=True)
    actor_roles = models.JSONField(default=list)
    kind = models.CharField(max_length=40)
    subject_zone = models.CharField(max_length=20, choices=Zone)
    fields = models.JSONField(default=list)
    purpose = choices(Purpose)
    reason = SealedTextField()
    basis = choices(Basis, default=Basis.MEMBERSHIP)
    basis_id = models.UUIDField(null=True, blank=True)
    unreadable = models.PositiveIntegerField(default=0)
    audit_sequence = models.BigIntegerField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["actor_id", "at"], name="reading_of_actor")]


class ReadingSubjectQuerySet(DeskQuerySet["ReadingSubject"]):
    own = "reading__actor_id"


class ReadingSubject(models.Model):
    """A record whose values were opened. `subject_id` is opaque; `code` is the pseudonym."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="subjects")
    subject_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24, db_index=True)
    organisation_id = models.UUIDField(null=True)
    country = models.CharField(max_length=3, blank=True)
    is_own_caseload = models.BooleanField(default=False)

    objects = ReadingSubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "subject_id"], name="reading_subject_once")
        ]

    def __str__(self) -> str:
        return self.code


class BreakGlassQuerySet(DeskQuerySet["BreakGlass"]):
    own = "actor_id"

    def live(self, now: datetime) -> "BreakGlassQuerySet":
        """Accesses that hold at `now`."""
        return self.filter(ended_at=None, opened_at__lte=now, expires_at__gt=now)

    def of(self, actor: Actor) -> "BreakGlassQuerySet":
        return self.filter(actor_id=actor.user_id) if actor.user_id else self.none()


class BreakGlass(OversightRecord):
    """Emergency access of one person to one record of the protection zone, for 24 hours.

    `told`: how many second persons were told at once; 0 is itself something to look at.
    """

    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actor_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=24)
    reason = SealedTextField()
    told = models.PositiveSmallIntegerField(default=0)
    review = choices(ReviewState, default=ReviewState.WAITING)
    reviewed_by = models.UUIDField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = SealedTextField()

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("emergency access")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("opened_at")),
                name="break_glass_ends_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewed_by=models.F("actor_id")),
                name="break_glass_reviewed_by_another",
            ),
        ]
