"""Return and reintegration: how it was prepared, what was found, and what visits showed."""

from django.db import models

from cairn.core.models import Organisation
from cairn.referral.models.persons_rows import WrittenOnce
from cairn.referral.models.rows import PersonRow
from cairn.referral.rules.returns import Found, ReturnState
from cairn.vault.fields import SealedTextField


class ReturnPlan(PersonRow):
    """A return that is thought about, prepared, done and followed. `country`: where to, alpha-3.

    `wanted_on`: when the person said yes, empty while not; `partner`: who meets the person there.
    """

    state = models.CharField(max_length=14, choices=ReturnState, default=ReturnState.NOT_CONSIDERED)
    to_country = models.CharField(max_length=3, blank=True)
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    wanted_on = models.DateField(null=True, blank=True)
    departs_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    wishes = SealedTextField()
    arrangements = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="return_numbered_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(closed_on=None), name="return_one_is_open"
            ),
        ]


class ReturnStep(WrittenOnce):
    """One step of a return."""

    plan = models.ForeignKey(ReturnPlan, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=14, choices=ReturnState, blank=True)
    after = models.CharField(max_length=14, choices=ReturnState)

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="return_step_numbered_once")
        ]


class ReturnRisk(WrittenOnce):
    """What an assessment of the danger of a return found. `dangers`: codes of Danger."""

    plan = models.ForeignKey(ReturnPlan, on_delete=models.PROTECT, related_name="risks")
    found = models.CharField(max_length=12, choices=Found)
    dangers = models.JSONField(default=list)
    assessed_on = models.DateField()
    sources = SealedTextField()
    safeguards = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="return_risk_numbered_once")
        ]


class MonitoringVisit(PersonRow):
    """A visit after a return, `months` later; `concern`: it is feared to have happened again."""

    plan = models.ForeignKey(ReturnPlan, on_delete=models.PROTECT, related_name="visits")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    is_reached = models.BooleanField(null=True)
    has_concern = models.BooleanField(default=False)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="visit_numbered_once"),
            models.UniqueConstraint(fields=["plan", "months"], name="visit_once"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(held_on=None), name="visit_waits")
        ]
