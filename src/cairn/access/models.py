"""Users, and the memberships that give them roles from one day to another."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.access.roles import LABELS
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user who can sign in when a password is given; names are compared without case."""
        user = User(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who signs in. What they may do comes from their memberships of today."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(
        gettext_lazy("User name"),
        max_length=80,
        unique=True,
        validators=[UnicodeUsernameValidator()],
    )
    display_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def may_enter(self) -> bool:
        """False for closed accounts, and for demo ones outside a demonstration: everybody knows
        their pass phrase, and a database may outlive the demonstration that it began as."""
        return self.is_active and (settings.DEMO or not self.is_demo)

    def get_short_name(self) -> str:
        return str(self)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> Self:
        """Memberships that hold on `day`; both ends included."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day), starts_on__lte=day)

    def in_force(self, day: date) -> Self:
        """Memberships that hold on `day` and, where that is needed, were confirmed."""
        return self.on(day).exclude(confirmed_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """One's own; all of them to whoever may see who has which role."""
        if actor.may(Permission.ROLE_VIEW):
            return self.all()
        return self.filter(user=actor.user_id)


class Membership(models.Model):
    """`user` works as `role` for `organisation` from `starts_on` to `ends_on`, both included.

    `unit`, `country` (ISO 3166-1 alpha-3) and `area` narrow it; empty means no narrower.
    `granted_by` and `confirmed_by`: ids of users, None for the system. A role that opens sealed
    records or administers holds only from `confirmed_at` on, when a second person has agreed.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=list(LABELS.items()))
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=40, blank=True)
    granted_by = models.UUIDField(null=True, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.UUIDField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts_on", "unit", "country", "area"],
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts_on", "country", "area"],
                condition=models.Q(unit=None),
                name="membership_once_without_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
