"""What the watch found, what somebody has to be told, and when each round ran."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor
from cairn.oversight.models.base import DeskQuerySet, OversightRecord, choices
from cairn.oversight.rules import AlertState
from cairn.vault.fields import SealedTextField


class AlertKind(models.TextChoices):
    """Unusual access, and what the installation finds wrong with itself."""

    MANY_PERSONS = "many-persons", _("Many records in a short time")
    OUT_OF_HOURS = "out-of-hours", _("Out of hours")
    OUTSIDE_CASELOAD = "outside-caseload", _("Outside one's own work")
    MANY_READERS = "many-readers", _("One record read by many people")
    REFUSED_OFTEN = "refused-often", _("Refused again and again")
    BEFORE_LEAVING = "before-leaving", _("Reading right before an export or the end of a role")
    NOBODY_TOLD = "nobody-told", _("Emergency access with nobody there to be told")
    ALTERED_VALUE = "altered-value", _("A sealed value was altered")
    CHAIN_BROKEN = "chain-broken", _("The log of events is broken")
    CLOCK_JUMPED = "clock-jumped", _("The clock jumped")
    KEYS = "keys", _("Keys are missing or wrong")
    ROUND_FAILED = "round-failed", _("A check could not run")


class AlertQuerySet(DeskQuerySet["Alert"]):
    pass


class Alert(OversightRecord):
    """Something to look at: a reason to ask, never a verdict. One for each actor, kind, window.

    `facts` holds codes, ids and counts. `window` is a text that the finder chooses, so that the
    same finding is not raised twice.
    """

    kind = choices(AlertKind)
    state = choices(AlertState, default=AlertState.OPEN)
    actor_id = models.UUIDField(null=True, blank=True, db_index=True)
    window = models.CharField(max_length=60)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = SealedTextField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "actor_id", "window"], name="alert_once_per_actor"
            ),
            models.UniqueConstraint(
                fields=["kind", "window"],
                condition=models.Q(actor_id=None),
                name="alert_once_without_actor",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(actor_id=None)
                | ~models.Q(decided_by=models.F("actor_id")),
                name="alert_decided_by_another",
            ),
        ]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """One's own notices only."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class Notice(models.Model):
    """One person is told that something happened: a code and an id, no content."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.code


class RoundQuerySet(DeskQuerySet["Round"]):
    pass


class Round(models.Model):
    """A check that the watch makes again and again. `facts`: what it found, in codes and counts.

    `claimed_until`: a watch that began a round holds it until then, so that two do not collide.
    """

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
