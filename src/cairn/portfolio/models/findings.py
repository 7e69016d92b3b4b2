"""Where a printed figure and the computed one differ."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models.project import Project
from cairn.portfolio.rules import Publication


class Reason(models.TextChoices):
    """The likely reason of a difference (core.money.likely_reason)."""

    ROUNDING = "rounding", _("Rounded in print")
    DIGIT_MISSING = "digit_missing", _("Typing error: a digit is missing")
    DIGIT_ADDED = "digit_added", _("Typing error: a digit too many")
    DIGITS_SWAPPED = "digits_swapped", _("Typing error: digits changed places")
    SEPARATOR = "separator", _("Typing error: a point or comma in the wrong place")
    PHASE_NOT_COUNTED = "phase_not_counted", _("A phase was not counted")
    PLEDGE_COUNTED_TWICE = "pledge_counted_twice", _("A pledge was counted twice")
    PLEDGE_NOT_LISTED = "pledge_not_listed", _("A pledge is probably not listed")
    UNEXPLAINED = "unexplained", _("No likely reason found")


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Actor) -> Self:
        """Findings of projects that the actor may see whole."""
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.filter(project__publication=Publication.PUBLIC)


class Finding(models.Model):
    """A difference between print and computation, US dollars. `difference`: computed - printed.

    Written by `actions.findings` whenever the records behind it change; only the explanation is
    a person's.
    """

    class Field(models.TextChoices):
        BUDGET = "budget", _("Budget")
        BUDGET_PHASES = "budget_phases", _("Budget, sum of its phases")
        SHORTFALL = "shortfall", _("Shortfall")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="findings")
    field = models.CharField(max_length=16, choices=Field)
    printed = models.DecimalField(max_digits=17, decimal_places=3)
    printed_text = models.CharField(max_length=200, blank=True)
    computed = models.DecimalField(max_digits=16, decimal_places=2)
    reason = models.CharField(max_length=24, choices=Reason)
    explanation = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.CharField(max_length=120, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["project__reference", "field"]
        constraints = [models.UniqueConstraint(fields=["project", "field"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.field} {self.difference}"

    @property
    def difference(self) -> Decimal:
        return self.computed - self.printed
