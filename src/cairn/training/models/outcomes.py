"""After the training: who serves where, what came of it, plans for the cascade, derived counts."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models import AssistanceRequest, OutcomeRecord, Project
from cairn.training.models.curriculum import CurriculumIntegration, SharedQuerySet
from cairn.training.models.delivery import TrainingEvent
from cairn.training.models.people import Practitioner
from cairn.training.rules.choices import Confidence, OutcomeKind, Strength
from cairn.training.rules.states import DeploymentState


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(practitioner__in=Practitioner.objects.visible_to(actor))


class Deployment(models.Model):
    """Somebody goes to a mission or post: planned before the training, confirmed after."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="deployments"
    )
    mission = models.CharField(max_length=120)
    unit_name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=120, blank=True)
    planned_from = models.DateField(null=True, blank=True)
    planned_until = models.DateField(null=True, blank=True)
    actual_from = models.DateField(null=True, blank=True)
    actual_until = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=DeploymentState, default=DeploymentState.PLANNED
    )

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_from", "pk"]
        indexes = [models.Index(fields=["state", "planned_from"], name="deployment_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_until=None)
                | Q(planned_from=None)
                | Q(planned_until__gte=models.F("planned_from")),
                name="deployment_planned_in_order",
            ),
            models.CheckConstraint(
                condition=Q(actual_until=None)
                | Q(actual_from=None)
                | Q(actual_until__gte=models.F("actual_from")),
                name="deployment_actual_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.state


class FieldOutcomeReportQuerySet(SharedQuerySet["FieldOutcomeReport"]):
    pass


class FieldOutcomeReport(models.Model):
    """What trained officers report: kind, month, area, count, confidence. Nobody's data.

    `month`: partial date ("2024-01") or empty; `unit`: what is counted ("cases"); `stated_kind`:
    the source's own words when it was read in; `trained_event`: whose participants it is counted
    against.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=24, choices=OutcomeKind)
    stated_kind = models.CharField(max_length=300, blank=True)
    month = models.CharField(max_length=10, blank=True)
    month_until = models.CharField(max_length=10, blank=True)
    countries = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=200, blank=True)
    count = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=40)
    note = models.CharField(max_length=160, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="field_outcomes"
    )
    reported_by = models.UUIDField(null=True, blank=True)
    reported_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    printed = models.OneToOneField(
        OutcomeRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="training"
    )

    objects = FieldOutcomeReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "reference"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=0), name="outcome_count_not_negative")
        ]

    def __str__(self) -> str:
        return self.reference


class ContributionClaim(models.Model):
    """A claim, with its strength, that an event contributed to what was reported."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(FieldOutcomeReport, on_delete=models.CASCADE, related_name="claims")
    event = models.ForeignKey(TrainingEvent, on_delete=models.PROTECT, related_name="claims")
    strength = models.CharField(max_length=20, choices=Strength)
    factors = models.JSONField(default=list, blank=True)
    other_factors = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["report", "event"], name="claim_once")]

    def __str__(self) -> str:
        return self.strength


class TrainingRequest(models.Model):
    """What training adds to a request for assistance. `kinds`: values of choices.RequestKind;
    `raised_at`: the event where it was raised; `integrated`: the curriculum that came of it."""

    request = models.OneToOneField(
        AssistanceRequest, on_delete=models.CASCADE, primary_key=True, related_name="training"
    )
    kinds = models.JSONField(default=list)
    next_step_by = models.DateField(null=True, blank=True)
    integrated = models.ForeignKey(
        CurriculumIntegration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    raised_at = models.ForeignKey(
        TrainingEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="raised"
    )
    answered_by = models.ForeignKey(
        TrainingEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )

    class Meta:
        ordering = ["request"]

    def __str__(self) -> str:
        return str(self.request)


class CascadePlanQuerySet(SharedQuerySet["CascadePlan"]):
    pass


class CascadePlan(models.Model):
    """What a cascade is meant to reach. `minimum_share`: of the objectives a trainer must have
    taught to count as somebody's trainer, 0 to 1."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    title = models.CharField(max_length=200)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    root = models.ForeignKey(
        TrainingEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="cascade_plans"
    )
    minimum_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.50")

    objects = CascadePlanQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class CascadeTarget(models.Model):
    """How many persons one generation is to reach by a day, in a country or area or everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(CascadePlan, on_delete=models.CASCADE, related_name="targets")
    generation = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    persons = models.PositiveIntegerField()

    class Meta:
        ordering = ["generation", "country", "area"]

    def __str__(self) -> str:
        return f"{self.generation} {self.persons}"


class CascadeNode(models.Model):
    """Derived, never typed: the generation of a practitioner, and since when. Rebuilt from
    events."""

    practitioner = models.OneToOneField(
        Practitioner, on_delete=models.CASCADE, primary_key=True, related_name="cascade"
    )
    generation = models.PositiveSmallIntegerField()
    since = models.CharField(max_length=10)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["generation", "since"]
        indexes = [models.Index(fields=["generation"], name="cascade_by_generation")]

    def __str__(self) -> str:
        return str(self.generation)


class CascadeCredit(models.Model):
    """Derived, never typed: what one trainer is credited with for one event.

    `share`: part of the event's participants, 0 to 1; shares of an event add up to 1. Counts are
    those of the whole event. `generation`: of the participants. `trainer` None: a trainer from
    outside.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="credits")
    trainer = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, null=True, blank=True, related_name="credits"
    )
    generation = models.PositiveSmallIntegerField()
    share = models.FloatField()
    named = models.PositiveIntegerField(default=0)
    first_time = models.PositiveIntegerField(default=0)
    aggregate = models.PositiveIntegerField(default=0)
    is_verified = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["trainer", "event"], name="credits_of_trainer"),
            models.Index(fields=["generation"], name="credits_by_generation"),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "trainer"], name="credit_once")]

    def __str__(self) -> str:
        return f"{self.generation} {self.share}"


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.may(Permission.TRAINING_VIEW) else self.none()


class Step(models.Model):
    """One step of a training record along its states: who, when, why. Never changed.

    `subject`: the model's name in small letters ("trainingevent"); `subject_id`: its id. `reason`
    is in the words of whoever decided, and carries no names.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    author_id = models.UUIDField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "subject_id", "-at"], name="steps_of_record")]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
