"""The budget of open questions, and every answer that spent of it."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models

from cairn.core.actor import Actor


class OpenQuerySet(models.QuerySet[Any]):
    def visible_to(self, _actor: Actor) -> Self:
        """Everybody: what was asked, answered and spent is told with the answers."""
        return self.all()


class BudgetYear(models.Model):
    """The budget of the records of one year of a series (`year`), for all time; its row is held
    while a question spends of it.

    `spent`: epsilon of all its entries together, never above `yearly` (the database as well).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    yearly = models.DecimalField(max_digits=6, decimal_places=2)
    spent = models.DecimalField(max_digits=6, decimal_places=2, default=0)

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["series", "-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year"], name="one_budget_a_year"),
            models.CheckConstraint(
                condition=models.Q(spent__gte=0) & models.Q(spent__lte=models.F("yearly")),
                name="budget_not_overspent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class BudgetEntry(models.Model):
    """One question that was answered. Added, never changed: who asks again is given the same.

    `question`: hash of series, year and columns. `cells`: [[codes, count], ...], with noise, at
    least zero; the exact counts are kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    budget = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    question = models.CharField(max_length=64, unique=True)
    columns = models.JSONField()
    epsilon = models.DecimalField(max_digits=6, decimal_places=2)
    cells = models.JSONField()
    answered_at = models.DateTimeField()

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-answered_at"]
        verbose_name_plural = "budget entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "number"], name="one_entry_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.budget} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add. Raises TypeError for an entry that is on record already."""
        if not self._state.adding:
            raise TypeError("An answer that was given is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("An answer that was given is never removed.")
