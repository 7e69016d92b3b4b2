"""What is noted about a person: names, guardians, dangers, needs, best interests, conflicts."""

from typing import Any, ClassVar, NoReturn

from django.db import models

from cairn.referral.models.rows import PersonRow, WrittenOnceQuerySet
from cairn.referral.rules.persons_contact import AliasKind, PanelKind, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.vault.fields import SealedJSONField, SealedTextField


class WrittenOnce(PersonRow):
    """A row that says how things stood on a day; a further row says what is new."""

    objects: ClassVar[Any] = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("These rows are never changed: a further row says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("These rows are never removed.")


class Alias(PersonRow):
    """Another name by which somebody knows the person. `ended_on`: since then it is not used."""

    kind = models.CharField(max_length=8, choices=AliasKind)
    ended_on = models.DateField(null=True, blank=True)
    name = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="alias_numbered_once")
        ]


class Guardian(PersonRow):
    """Who stands by a child or by a person whose age is disputed. Name and contact are sealed.

    `appointed_by`: the court or authority; `starts_on` to `ends_on`, the last day or None.
    """

    appointed_by = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    name = SealedTextField()
    contact = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="guardian_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="guardian_ends_after_its_start",
            ),
        ]


class RiskAssessment(WrittenOnce):
    """How great the danger was found to be. `factors`: codes of RiskFactor.

    `seen`: number of the newest assessment that whoever wrote this one knew, 0 for none. What was
    written at the same time, unseen, holds as well: see `rules.merging.standing_risk`.
    """

    level = models.CharField(max_length=8, choices=RiskLevel)
    factors = models.JSONField(default=list)
    seen = models.PositiveSmallIntegerField(default=0)
    assessed_on = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="risk_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(review_on=None)
                | models.Q(review_on__gt=models.F("assessed_on")),
                name="risk_reviewed_later",
            ),
        ]


class NeedsAssessment(WrittenOnce):
    """Which help was found to be needed, and how soon. `needs`: code of Need -> code of Urgency."""

    needs = models.JSONField(default=dict)
    assessed_on = models.DateField()
    note = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="needs_numbered_once")
        ]


class BestInterests(WrittenOnce):
    """What serves a child best in one question.

    `decided_by`: who sat together, as functions, not names. `options` and the child's own `view`
    are sealed. `review_on`: until when it holds without being looked at again.
    """

    kind = models.CharField(max_length=16, choices=PanelKind)
    question = models.CharField(max_length=16, choices=Question)
    outcome = models.CharField(max_length=16, choices=BestOutcome)
    decided_by = models.CharField(max_length=200)
    decided_on = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    options = SealedTextField()
    view = SealedTextField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "number"], name="child_interests_numbered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(review_on=None) | models.Q(review_on__gt=models.F("decided_on")),
                name="child_interests_reviewed_later",
            ),
        ]


class Conflict(PersonRow):
    """Two changed the same at the same time; `standing` holds until somebody resolves it.

    `field`: which fact of the person; `base`: what both began with; `values`: what they wrote, each
    once, in a fixed order. For what is sealed these stay empty: the version that stands is where it
    always is, and `content` keeps the other one, under the key of what it belongs to.
    """

    field = models.CharField(max_length=20)
    base = models.JSONField(null=True)
    values = models.JSONField(default=list)
    standing = models.JSONField(null=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.UUIDField(null=True, blank=True)
    resolved_as = models.JSONField(null=True)
    content = SealedJSONField()

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="conflict_numbered_once"),
            # What is clear has one open conflict at most, which takes in further values.
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=models.Q(resolved_at=None, content__isnull=True),
                name="conflict_one_is_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=models.Q(resolved_at=None), name="conflict_open"
            )
        ]
