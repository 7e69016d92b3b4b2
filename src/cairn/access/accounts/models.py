"""Invitations: the only way to a new account, and the way back for somebody who lost a factor."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission, scoped
from cairn.access.roles import LABELS
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit

VALID_FOR = timedelta(hours=72)


class Purpose(models.TextChoices):
    NEW_ACCOUNT = "new-account", gettext_lazy("New account")
    RESET = "reset", gettext_lazy("New password and second factor")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those inside the memberships that allow inviting: organisation, unit, country, area."""
        if not actor.may(Permission.ACCOUNT_INVITE):
            return self.none()
        if actor.is_system:
            return self.all()
        return self.filter(scoped(actor, Permission.ACCOUNT_INVITE, area="area"))

    def open_at(self, moment: datetime) -> Self:
        """Neither used nor withdrawn nor out of date."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=moment)


class Invitation(models.Model):
    """A link that opens an account once. Only the hash of its token is kept (SHA-256, hex).

    `invited_by`: id of a user, None for the console. `user`: whose reset it is, or who used it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.NEW_ACCOUNT)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=40, choices=list(LABELS.items()), blank=True)
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(
        "access.User", on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        app_label = "access"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.RESET, user__isnull=False)
                | models.Q(purpose=Purpose.NEW_ACCOUNT) & ~models.Q(role=""),
                name="invitation_for_somebody_or_some_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def state(self, now: datetime) -> str:
        """Code of what became of it: used, withdrawn, expired, or open."""
        if self.used_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        return "expired" if self.expires_at <= now else "open"
