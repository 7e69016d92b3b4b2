"""Requests of persons about their own records, incidents, and the steps of both."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.models.base import DeskQuerySet, OversightRecord, choices
from cairn.oversight.rules import IncidentState, RequestState
from cairn.vault.fields import SealedTextField


class Wish(models.TextChoices):
    """What a person asks (GDPR Articles 15, 16, 17, 21)."""

    ACCESS = "access", _("See what is kept")
    RECTIFICATION = "rectification", _("Have something corrected")
    ERASURE = "erasure", _("Have it erased")
    OBJECTION = "objection", _("Object to a use")


class SubjectRequestQuerySet(DeskQuerySet["SubjectRequest"]):
    pass


class SubjectRequest(OversightRecord):
    """A person's request about their own record. Who asks, and how to answer safely, is sealed."""

    reference = models.CharField(max_length=16, unique=True)
    wish = choices(Wish)
    state = choices(RequestState, default=RequestState.RECEIVED)
    received_on = models.DateField()
    answer_by = models.DateField()
    who = SealedTextField()
    safe_channel = SealedTextField()
    statement = SealedTextField()
    kind = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=24, blank=True)
    recorded_by = models.UUIDField()

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by"]


class IncidentKind(models.TextChoices):
    LOST_DEVICE = "lost-device", _("Device lost or taken")
    WRONG_RECIPIENT = "wrong-recipient", _("Sent to the wrong person")
    UNAUTHORISED = "unauthorised", _("Somebody saw what they should not")
    ALTERED = "altered", _("Records altered or destroyed")
    UNAVAILABLE = "unavailable", _("Records cannot be reached")
    OTHER = "other", _("Something else")


class Severity(models.TextChoices):
    LOW = "low", _("No harm to be expected")
    SERIOUS = "serious", _("Harm to rights is possible")
    DANGER = "danger", _("Danger to life or freedom")


class IncidentQuerySet(DeskQuerySet["Incident"]):
    own = "reported_by"


class Incident(OversightRecord):
    """Something that went wrong with personal information. `aware_at` starts the 72 hours."""

    reference = models.CharField(max_length=16, unique=True)
    kind = choices(IncidentKind)
    severity = choices(Severity, default=Severity.SERIOUS)
    state = choices(IncidentState, default=IncidentState.REPORTED)
    aware_at = models.DateTimeField()
    notify_by = models.DateTimeField()
    description = SealedTextField()
    persons_affected = models.PositiveIntegerField(null=True, blank=True)
    reported_by = models.UUIDField(null=True, blank=True)
    alert_id = models.UUIDField(null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-aware_at"]


class StepQuerySet(DeskQuerySet["Step"]):
    def visible_to(self, actor: Actor) -> "StepQuerySet":
        return self.all() if actor.may(Permission.OVERSIGHT_VIEW) else self.none()


class Step(OversightRecord):
    """One step of a request, an incident, an export, an erasure or an alert: append-only."""

    record_id = models.UUIDField(db_index=True)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    note = SealedTextField()

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["at"]


def new_reference(prefix: str) -> str:
    """A reference that tells nothing: prefix and six random characters."""
    return f"{prefix}-{uuid4().hex[:6].upper()}"
