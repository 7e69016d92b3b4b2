"""Hashed keys by which records of one organisation are compared, and pairs that people decide."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models.persons import Person
from cairn.referral.rules.matching import PairReason, PairState, PairStep


class OfPersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the persons that the actor sees."""
        return self.filter(person__in=Person.objects.visible_to(actor))


class MatchKey(models.Model):
    """One thing by which a record is found when somebody like it is entered.

    `mark`: 64 bits of a keyed hash, unrelated between organisations and without the key to
    everything. A record has some twenty.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    mark = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Any] = OfPersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "mark", "person"], name="matchkey_looked_up")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class MatchFeatures(models.Model):
    """What two records are compared by: keyed hashes, covered by a key of the zone.

    `edition`: of the rules that made them. `looked_at`: when the night's round compared this
    record with all others; None: not since it changed.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    marks = models.BinaryField()
    edition = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfPersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["changed_at"],
                condition=models.Q(looked_at=None),
                name="matchfeatures_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class PairQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Pairs of which the actor sees both records."""
        seen = Person.objects.visible_to(actor)
        return self.filter(first__in=seen, second__in=seen)


class Pair(models.Model):
    """Two records of one organisation that may be of one person; they stay two records.

    `score`: bits of evidence for one person. `reasons`: codes of `matching.scoring`, each as
    often as it counts. `first` is the one with the lower id, so that a pair exists once.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pairs_first")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pairs_second")
    score = models.SmallIntegerField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=PairState, default=PairState.SUGGESTED)

    objects: ClassVar[Any] = PairQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "found_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "state", "-score"], name="pair_listed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="pair_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PairState.values), name="pair_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class PairDecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Decisions about the pairs that the actor sees."""
        return self.filter(pair__in=Pair.objects.visible_to(actor))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("A decision is never changed: a further one takes it back.")

    def delete(self) -> NoReturn:
        raise TypeError("A decision is never removed.")


class PairDecision(models.Model):
    """What somebody decided about a pair. Written once; `number` counts from 1 for each pair."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=9, choices=PairStep)
    reason = models.CharField(max_length=9, choices=PairReason)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()

    objects: ClassVar[Any] = PairDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pair", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "number"], name="pairdecision_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("A decision is never changed: a further one takes it back.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise TypeError("A decision is never removed.")
