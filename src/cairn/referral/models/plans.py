"""Assistance plans: what the person wants to reach, what is given, and what became of it."""

from django.db import models

from cairn.core.models import Organisation
from cairn.referral.models.persons_rows import WrittenOnce
from cairn.referral.models.referrals import Referral
from cairn.referral.models.rows import PersonRow
from cairn.referral.rules.plans import (
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    MatterKind,
    MatterState,
    PlanState,
)
from cairn.referral.rules.services import ServiceType
from cairn.vault.fields import SealedTextField


class Plan(PersonRow):
    """What a person and a caseworker agreed to do. `agreed_on`: when the person said yes."""

    state = models.CharField(max_length=16, choices=PlanState, default=PlanState.PROPOSED)
    agreed_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="plan_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(state=PlanState.PROPOSED)
                | models.Q(state=PlanState.ENDED_BY_PERSON)
                | models.Q(agreed_on__isnull=False),
                name="plan_agreed_before_it_runs",
            ),
        ]
        indexes = [models.Index(fields=["state", "review_on"], name="plan_reviewed")]


class PlanStep(WrittenOnce):
    """One step of a plan, as it was taken."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=16, choices=PlanState, blank=True)
    after = models.CharField(max_length=16, choices=PlanState)

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="plan_step_numbered_once")
        ]


class Goal(PersonRow):
    """What the person wants to reach, in the person's words (sealed)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    area = models.CharField(max_length=12, choices=Area)
    state = models.CharField(max_length=10, choices=GoalState, default=GoalState.OPEN)
    target_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    words = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="goal_numbered_once")
        ]


class ServiceEpisode(PersonRow):
    """A service that was given to a person, from its first day to its last."""

    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes"
    )
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes"
    )
    service_type = models.CharField(max_length=20, choices=ServiceType)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=EpisodeOutcome, blank=True)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="episode_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="episode_ends_after_its_start",
            ),
        ]
        indexes = [models.Index(fields=["starts_on"], name="episode_began")]


class FollowUp(PersonRow):
    """What came of a placement in work or training, `months` later."""

    episode = models.ForeignKey(ServiceEpisode, on_delete=models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    seen_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Later, blank=True)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="follow_up_numbered_once"),
            models.UniqueConstraint(fields=["episode", "months"], name="follow_up_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(seen_on=None), name="follow_up_waits"
            )
        ]


class SafetyPlan(WrittenOnce):
    """What the person does when danger comes near; the newest one holds. Sealed."""

    review_on = models.DateField(null=True, blank=True)
    signs = SealedTextField()
    steps = SealedTextField()
    helpers = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="safety_plan_numbered_once")
        ]


class Matter(PersonRow):
    """A claim before an authority: not to be punished, or to be compensated.

    `forum`: the court or authority; `acts` and `link` are sealed: what the person is accused of or
    lost, and how that comes from having been trafficked.
    """

    kind = models.CharField(max_length=16, choices=MatterKind)
    state = models.CharField(max_length=12, choices=MatterState, default=MatterState.NOTICED)
    forum = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    acts = SealedTextField()
    link = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="matter_numbered_once")
        ]


class MatterStep(WrittenOnce):
    """One step of a matter. `reason`: why it was refused, sealed."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=12, choices=MatterState, blank=True)
    after = models.CharField(max_length=12, choices=MatterState)
    happened_on = models.DateField()
    reason = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="matter_step_numbered_once")
        ]
