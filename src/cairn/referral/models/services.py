"""Services that persons are referred to, the links with which providers say how things stand, and
the places that must stay secret."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.referral.models.directory import AccessPoint
from cairn.referral.rules import services as rules
from cairn.referral.rules.services import Capacity, Sensitivity, Standing
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField

# Whoever has one of these works with referrals and may know of services that are not public.
REFERRING = (
    Permission.REFERRAL_SEND,
    Permission.REFERRAL_VIEW,
    Permission.DIRECTORY_EDIT,
)
# Keeps the directory of every organisation.
KEEPING = Permission.DIRECTORY_KEEP


def keeps(actor: Actor, country: str) -> bool:
    """True when the actor keeps the directory of all organisations in `country`."""
    if actor.is_system:
        return actor.may(Permission.DIRECTORY_EDIT)
    scopes = actor.scopes_with(KEEPING)
    return any(
        Permission.DIRECTORY_EDIT in scope.permissions
        and scope.country in {"", country}
        and not scope.unit_id
        and not scope.area
        for scope in scopes
    )


def edited_by(actor: Actor) -> Q:
    """The services that the actor edits: those of the own place, and all of a keeper's country."""
    covered = scoped(actor, Permission.DIRECTORY_EDIT, area="area")
    for scope in actor.scopes_with(KEEPING):
        if Permission.DIRECTORY_EDIT in scope.permissions and not (scope.unit_id or scope.area):
            covered |= Q(country=scope.country) if scope.country else ~Q(pk=None)
    return covered


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, actor: Actor) -> Self:
        """What is public to whoever sees the directory; the rest to those who refer persons.

        A service that was taken out is seen by those who edit it.
        """
        if not actor.may(Permission.DIRECTORY_VIEW):
            return self.none()
        if actor.is_system:
            return self.all()
        shown = Q(closed_at=None)
        if not actor.may_any(REFERRING):
            shown &= Q(sensitivity=Sensitivity.PUBLIC)
        return self.filter(shown | edited_by(actor))

    def offered(self, now: datetime) -> Self:
        """In use, not said to be full lately, and looked at within sixty days."""
        oldest = now - rules.OFFERED_FOR
        looked = Q(assured_on__gte=oldest.date())
        full = Q(capacity=Capacity.CLOSED, capacity_at__gte=now - rules.SAID_FOR)
        return self.filter(looked & ~full, closed_at=None)


class Service(models.Model):
    """Help that an organisation gives. Nothing in it is about a person, nor about a secret place.

    `kinds`, `needs`, `ages`, `sexes`, `exclusions`: codes of rules.services and access_points;
    empty `ages`, `sexes`: everybody. `languages`: ISO 639. `hours`: as rules.services.Hours, in
    the time zone `zone` (IANA name, "" that of the installation). `capacity`: what the provider
    said at `capacity_at`, "" never; ask `state_now` what it is worth. `email`: a work address, for
    notices without content. `focal_user`: id of the user who answers referrals, or None.
    `is_outside`: nobody there has an account. `source_id`: its id in the file that it came from.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    kinds = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    country = models.CharField(max_length=3)
    area = models.CharField(max_length=80)
    languages = models.JSONField(default=list, blank=True)
    ages = models.JSONField(default=list, blank=True)
    sexes = models.JSONField(default=list, blank=True)
    hours = models.JSONField(default=dict, blank=True)
    hours_text = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=40, blank=True)
    eligibility = models.CharField(max_length=500, blank=True)
    exclusions = models.JSONField(default=list, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=120, blank=True)
    focal_user = models.UUIDField(null=True, blank=True)
    is_outside = models.BooleanField(default=False)
    capacity = models.CharField(max_length=12, choices=Capacity, blank=True)
    capacity_at = models.DateTimeField(null=True, blank=True)
    assured_on = models.DateField()
    assured_by = models.UUIDField(null=True, blank=True)
    sensitivity = models.CharField(
        max_length=10, choices=Sensitivity, default=Sensitivity.PROTECTED
    )
    source_id = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    access_points = models.ManyToManyField(AccessPoint, related_name="services", blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["country", "area", "name"]
        indexes = [
            models.Index(fields=["country", "area", "name", "code"], name="service_listed"),
            models.Index(fields=["organisation", "closed_at"], name="service_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sensitivity__in=Sensitivity.values), name="service_sensitivity_known"
            ),
            models.CheckConstraint(
                condition=Q(capacity="") | ~Q(capacity_at=None), name="service_capacity_has_day"
            ),
            models.UniqueConstraint(
                fields=["organisation", "source_id"],
                condition=~Q(source_id=""),
                name="service_source_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("referral:service", args=[self.code])

    @property
    def is_sheltered(self) -> bool:
        """Its place stands in no field that is not sealed."""
        return rules.is_sheltered(self.kinds, self.sensitivity)

    def state_now(self, now: datetime) -> Standing:
        """How it stands at `now`: what was said of its capacity, as far as that is still fresh."""
        return rules.standing(self.capacity, self.capacity_at, self.assured_on, self.closed_at, now)

    def is_open_at(self, moment: datetime) -> bool | None:
        """Whether somebody is there at `moment`; None when no times are known."""
        return rules.is_open_at(self.hours, self.zone, moment)


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Links of the services that the actor edits."""
        if not actor.may(Permission.DIRECTORY_EDIT):
            return self.none()
        mine = Service.objects.visible_to(actor).filter(edited_by(actor))
        return self.filter(service__in=mine)

    def live(self, now: datetime) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class Confirmation(models.Model):
    """A link with which a provider says, without an account, how a service stands.

    `token_hash`: SHA-256 of the token; the token itself is kept nowhere. `answer`: what was said.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="confirmations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Capacity, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["service", "used_at", "expires_at"], name="confirmation_live")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, answer="") | ~Q(used_at=None) & ~Q(answer=""),
                name="confirmation_answered_when_used",
            ),
        ]

    def __str__(self) -> str:
        return str(self.made_at)

    def is_live(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class ProtectedLocationQuerySet(SealedQuerySet["ProtectedLocation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Places of the organisations in which the actor may know that they exist."""
        return self.filter(scoped(actor, Permission.LOCATION_VIEW))


class ProtectedLocation(SealedModel):
    """Where people are protected. Never routed to, never exported, never searched for.

    Sealed with a key of its own. `marks`: keyed hashes of what tells the address (a number with
    the word beside it), so that the same words are caught in a field that everybody reads.
    `keep_until`: the last day on which it is kept; None as long as the service is there.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="locations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    address = SealedTextField()
    contact = SealedTextField()
    marks = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)

    objects = ProtectedLocationQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(closed_at=None), name="location_one_in_use"
            ),
            models.CheckConstraint(
                condition=Q(erased_on=None) | Q(marks=[]), name="location_forgotten_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:location", args=[self.code])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A protected place is not removed: its key is destroyed.")


# Kept here so that a page can say it.
SAID_DAYS = rules.SAID_FOR // timedelta(days=1)
