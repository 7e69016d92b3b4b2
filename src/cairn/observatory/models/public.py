"""Bulletins: what stood in each when it came out."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.urls import reverse

from cairn.core.actor import Actor


class BulletinQuerySet(models.QuerySet[Any]):
    def visible_to(self, _actor: Actor) -> Self:
        """Everybody: a bulletin holds published figures only."""
        return self.all()

    def delete(self) -> NoReturn:
        raise TypeError("A bulletin that came out is never removed.")


class Bulletin(models.Model):
    """One bulletin. Added, never changed.

    `number`: 1 to 6 within the year. `payload`: what was published when it came out, in plain
    types and without words of any language of the pages; `digest`: SHA-256 (hex) over it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()

    objects: ClassVar[Any] = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="bulletin_once_by_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=6), name="bulletin_six_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add. Raises TypeError for one that came out already."""
        if not self._state.adding:
            raise TypeError("A bulletin that came out is never changed.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("observatory:bulletin", args=[self.year, self.number])

    @property
    def code(self) -> str:
        return f"{self.year}/{self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A bulletin that came out is never removed.")
