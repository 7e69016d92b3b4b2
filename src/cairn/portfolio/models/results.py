"""Results framework, and the events and outcomes that training and results will take over."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models.project import Project
from cairn.portfolio.rules import Publication


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, actor: Actor) -> Self:
        """To the public only events of no project, or of one that is open: an event has a place."""
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.filter(Q(project=None) | Q(project__publication=Publication.PUBLIC))


class Event(models.Model):
    """A workshop, training or meeting. Dates may be partial; lists are as the source gives them.

    `place_countries` and `from_countries`: alpha-3 codes.
    """

    reference = models.CharField(max_length=20, unique=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    kind = models.CharField(max_length=120)
    subject = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=200, blank=True)
    place_countries = models.JSONField(default=list)
    from_countries = models.JSONField(default=list)
    starts = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)
    participants = models.PositiveIntegerField(null=True, blank=True)
    women = models.PositiveIntegerField(null=True, blank=True)
    agencies = models.JSONField(default=list)
    partners = models.JSONField(default=list)
    source = models.CharField(max_length=60, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(women=None)
                | Q(participants=None)
                | Q(women__lte=models.F("participants")),
                name="event_women_within_participants",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class OutcomeRecordQuerySet(models.QuerySet["OutcomeRecord"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.filter(
            Q(project=None) | Q(project__publication=Publication.PUBLIC),
            Q(event=None)
            | Q(event__project=None)
            | Q(event__project__publication=Publication.PUBLIC),
        )


class OutcomeRecord(models.Model):
    """A figure that a source reports as having come of a project or an event."""

    reference = models.CharField(max_length=20, unique=True)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes"
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes"
    )
    countries = models.JSONField(default=list)
    place = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=300)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    unit = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=60, blank=True)

    objects = OutcomeRecordQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


class Result(models.Model):
    """An outcome or an output of a project; an output may serve an outcome (`parent`)."""

    class Level(models.TextChoices):
        OUTCOME = "outcome", _("Outcome")
        OUTPUT = "output", _("Output")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="results")
    level = models.CharField(max_length=8, choices=Level)
    number = models.CharField(max_length=12)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    statement = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="result_once")]

    def __str__(self) -> str:
        return self.number


class Indicator(models.Model):
    """What is measured. `measure`: name of a measure that a later context computes, or empty."""

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="indicators")
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, blank=True)
    baseline = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    baseline_period = models.CharField(max_length=30, blank=True)
    target = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    disaggregation = models.JSONField(default=list)
    measure = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["result", "number"], name="indicator_once")]

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """A value of an indicator for a period. Typed in and computed values stand side by side.

    `dimension`: which part of the disaggregation ("women"), empty for the whole. `provenance`
    of a computed value: the measure's name and version, and how many rows it rests on.
    """

    class Origin(models.TextChoices):
        TYPED = "typed", _("Typed in, with its source")
        COMPUTED = "computed", _("Computed from records")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measurements")
    period_start = models.CharField(max_length=10)
    period_end = models.CharField(max_length=10)
    dimension = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.TYPED)
    source = models.CharField(max_length=200, blank=True)
    provenance = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    author_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-period_end", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_start", "period_end", "dimension", "origin"],
                name="measurement_once",
            ),
            models.CheckConstraint(
                condition=Q(origin="computed") | ~Q(source=""), name="measurement_has_source"
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)
