"""Figures that States and others published, as they were brought, and who answered for names."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.observatory.rules.indicators import Age, Breakdown, Indicator, Layout, Sex


class StatisticsQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever sees statistics before they are published."""
        return self.all() if actor.may(Permission.STATISTICS_VIEW) else self.none()


class NationalFigure(models.Model):
    """What one source says of one country and year. Never overwritten: another figure for the
    same thing is a record of its own, and both are shown.

    `country`: ISO 3166-1 alpha-3. `category`: the form or the country as printed;
    `category_code`: code of Form or alpha-3, "" while open. `value` None: fewer than `below`.
    `statement`: hash of all that is said, for bringing a file twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    statement = models.CharField(max_length=64, unique=True)
    layout = models.CharField(max_length=10, choices=Layout)
    indicator = models.CharField(max_length=10, choices=Indicator)
    country = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    breakdown = models.CharField(max_length=12, choices=Breakdown, default=Breakdown.TOTAL)
    category = models.CharField(max_length=200, blank=True)
    category_code = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=7, choices=Sex, default=Sex.TOTAL)
    age = models.CharField(max_length=7, choices=Age, default=Age.TOTAL)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    below = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200)
    received_on = models.DateField()

    objects = StatisticsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["country", "indicator", "-year", "breakdown", "category", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["country", "indicator", "year"], name="figure_place"),
            models.Index(fields=["breakdown", "category"], name="figure_category"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) ^ models.Q(below__isnull=True),
                name="figure_value_or_below",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.year} {self.indicator}"

    def get_absolute_url(self) -> str:
        return reverse("observatory:national-country", args=[self.country])


class PlaceAnswer(models.Model):
    """Which country a person said that a printed name is. `country` "": none, or not told."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    printed = models.CharField(max_length=200, unique=True)
    country = models.CharField(max_length=3, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.UUIDField()

    objects = StatisticsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["printed"]

    def __str__(self) -> str:
        return f"{self.printed}: {self.country}"
