"""Messages on their way: written with what they tell of, sent after it is committed, once."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor


class MessageKind(models.TextChoices):
    NOTICE = "notice", _("Notice inside")
    MAIL = "mail", _("Mail")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, actor: Actor) -> Self:
        """Nobody looks at these but the installation itself."""
        return self.all() if actor.is_system else self.none()

    def due(self, now: Any) -> Self:
        """Waiting, not claimed by anybody, the longest waiting first."""
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
        return self.filter(free, done_at=None, due_at__lte=now).order_by("due_at", "id")


class OutboxMessage(models.Model):
    """One message to one person or one address. It says that something waits, never what.

    `code`: which sentence; `facts`: codes and counts for it. `sealed_to`: an address of mail and
    what must not lie open with it (a one-time link), as `vault.texts` seals it; emptied when it
    was sent. `done_at`: when it was sent or given up; `failed`: why it was given up, as a code.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=MessageKind)
    dedupe_key = models.CharField(max_length=120, unique=True)
    to_user = models.UUIDField(null=True, blank=True)
    sealed_to = models.TextField(blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=40, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None),
                name="outbox_message_due",
            ),
            models.Index(fields=["subject_id"], name="outbox_message_of"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_user=None) | models.Q(sealed_to=""),
                name="outbox_message_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
