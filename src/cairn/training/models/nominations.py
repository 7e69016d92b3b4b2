"""From a call to a seat: agencies nominate, somebody vets, a panel selects."""

from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation
from cairn.training.models.delivery import TrainingEvent
from cairn.training.models.people import Practitioner
from cairn.training.rules.choices import SelectionOutcome, VettingKind
from cairn.training.rules.nomination import NominationState
from cairn.training.rules.vetting import VettingState
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees training sees calls; a focal point sees those with seats of the own
        agency."""
        if actor.may(Permission.TRAINING_VIEW):
            return self.all()
        agencies = [
            scope.organisation_id for scope in actor.scopes_with(Permission.NOMINATION_MAKE)
        ]
        return self.filter(pk__in=SeatAllocation.objects.filter(agency__in=agencies).values("call"))


class Call(models.Model):
    """A call for nominations to an event. `criteria`: [{"code", "label", "weight"}], published."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.OneToOneField(TrainingEvent, on_delete=models.CASCADE, related_name="call")
    opens_on = models.DateField()
    closes_on = models.DateField()
    profile = models.TextField(blank=True)
    criteria = models.JSONField(default=list, blank=True)
    vetting_kinds = models.JSONField(default=list, blank=True)
    minimum_women = models.PositiveSmallIntegerField(default=0)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="call_closes_after_opening"
            )
        ]

    def __str__(self) -> str:
        return str(self.event)


class SeatAllocation(models.Model):
    """Seats of one agency. `minimum_women`: of these seats."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="allocations")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()
    minimum_women = models.PositiveSmallIntegerField(default=0)
    profile = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["call", "agency"], name="allocation_once"),
            models.CheckConstraint(
                condition=Q(minimum_women__lte=models.F("seats")), name="allocation_women_in_seats"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.seats}"


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of events that are one's work, and those that one's own agency made."""
        agencies = [
            scope.organisation_id for scope in actor.scopes_with(Permission.NOMINATION_MAKE)
        ]
        return self.filter(
            scoped(
                actor,
                Permission.TRAINEE_VIEW,
                organisation="call__event__organisation",
                unit="",
                country="call__event__country",
            )
            | Q(agency__in=agencies)
        )


class Nomination(models.Model):
    """An agency proposes somebody. `answers`: what the agency says to the criteria; no names.

    `scores`: {criterion: 0 to 5}, which the panel gives before it decides. `note`: the agency's own
    reference ("our list, no. 14"). States: rules.nomination.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="nominations")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="nominations"
    )
    state = models.CharField(
        max_length=16, choices=NominationState, default=NominationState.SUBMITTED
    )
    priority = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=120, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.UUIDField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "pk"]
        indexes = [models.Index(fields=["call", "state"], name="nomination_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["call", "practitioner"], name="nomination_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class VettingCheckQuerySet(SealedQuerySet["VettingCheck"]):
    def visible_to(self, actor: Actor) -> Self:
        """That a check exists and how it ended is seen with the person; its note is sealed."""
        return self.filter(
            scoped(
                actor,
                Permission.TRAINEE_VIEW,
                organisation="practitioner__organisation",
                unit="",
                country="practitioner__country",
            )
        )


class VettingCheck(SealedModel):
    """A check by an issuer, with a validity; the reason is sealed. States: rules.vetting.

    `code`: the person's in small letters with a number ("k7q-m2r.v1").
    """

    zone: ClassVar[Zone] = Zone.PROGRAMME

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="vettings"
    )
    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=VettingKind)
    issuer = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=VettingState, default=VettingState.REQUESTED)
    requested_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    note = SealedTextField()

    objects = VettingCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="cleared") | ~Q(valid_until=None),
                name="vetting_cleared_until_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def organisation_id(self) -> UUID:
        return self.practitioner.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return None

    @property
    def country(self) -> str:
        return self.practitioner.country


class SelectionDecision(models.Model):
    """A panel decided on a nomination; the newest holds. `scores`: {criterion: 0 to 5};
    `panel`: ids of the users who sat on it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=SelectionOutcome)
    scores = models.JSONField(default=dict)
    panel = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at"]

    def __str__(self) -> str:
        return self.outcome
