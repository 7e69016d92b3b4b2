"""What decisions bring about: rights from when until when, tellings, reviews, time for reflection,
care for children before an interview, and tokens of the duty check."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models

from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.identification.models.procedures import Decision, Procedure
from cairn.identification.rules.care import BestOutcome, InterviewState, Question
from cairn.identification.rules.profiles import Right
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.rights import Change
from cairn.identification.rules.telling import Acknowledged, AskedBy, Interpreter, ToldHow, ToldTo
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField


class OfProcedureQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the procedures that the actor sees."""
        return self.filter(procedure__in=Procedure.objects.visible_to(actor))


class AppendedQuerySet(OfProcedureQuerySet):
    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("These rows are never changed: a further row says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("These rows are never removed.")


class Appended(models.Model):
    """A row of a procedure that is written once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="%(class)ss")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    objects = AppendedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("These rows are never changed: a further row says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("These rows are never removed.")


class RightsGrant(Appended):
    """An entry of `rules.rights`: from now on a right holds from `starts_on` to `ends_on`.

    `number` counts from 1 in each procedure; the newest entry of a right says how it stands.
    `decision`: from which it comes. `ends_on`: the last day; None while no end is set.
    """

    number = models.PositiveIntegerField()
    right = models.CharField(max_length=20, choices=Right)
    change = models.CharField(max_length=8, choices=Change)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="right_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="right_ends_after_its_start",
            ),
            # Help is never ended by what an authority finds.
            models.CheckConstraint(
                condition=~models.Q(right=Right.ASSISTANCE) | models.Q(ends_on=None),
                name="right_to_help_has_no_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} {self.change}"


class Notification(Appended):
    """Somebody was told of a decision. `language`: ISO 639. `told_on`: reviews count from here.

    `review_until`: the last day on which a review of a negative decision can be asked for, by the
    law of that day; a law that changes later takes no day away. None for other decisions.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="notification")
    told_on = models.DateField()
    review_until = models.DateField(null=True, blank=True)
    told_to = models.CharField(max_length=16, choices=ToldTo)
    form = models.CharField(max_length=8, choices=ToldHow)
    language = models.CharField(max_length=8)
    interpreter = models.CharField(max_length=10, choices=Interpreter)
    acknowledged = models.CharField(max_length=8, choices=Acknowledged)

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return str(self.told_on)


class ReviewRequest(Appended):
    """A review was asked for. `decision`: the one that says "under review"; it names the other."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="request")
    asked_on = models.DateField()
    asked_by = models.CharField(max_length=16, choices=AskedBy)

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return str(self.asked_on)


class ReflectionStep(Appended):
    """A step of the time for reflection. `period`: how many times the right was opened by then."""

    number = models.PositiveSmallIntegerField()
    period = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=24, choices=Reflection)
    happened_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="step_numbered_once")
        ]

    def __str__(self) -> str:
        return self.step


class CareQuerySet(SealedQuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the procedures that the actor sees."""
        return self.filter(procedure__in=Procedure.objects.visible_to(actor))


class Care(SealedModel):
    """A row about a child's care, sealed with the key of the procedure, erased with it.

    `code` is the procedure's in small letters with a letter and a number ("k7q-m2r.g1"): no typed
    code finds it. `keep_until` stays empty.
    """

    zone: ClassVar[Zone] = Zone.IDENTIFICATION

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=12, unique=True)
    number = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    keep_until = models.DateField(null=True, blank=True)

    objects = CareQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    def organisation_id(self) -> UUID:
        return self.procedure.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.procedure.unit_id

    @property
    def country(self) -> str:
        return self.procedure.country


class Guardianship(Care):
    """Who stands by a child or a person whose age is disputed. Name and contact are sealed.

    `appointed_by`: the court or authority; `starts_on` to `ends_on`, the last day or None.
    """

    appointed_by = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    name = SealedTextField()
    contact = SealedTextField()

    class Meta:
        ordering = ["procedure", "number"]


class BestInterestsQuerySet(CareQuerySet):
    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("These rows are never changed: a further row says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("These rows are never removed.")


class BestInterests(Care):
    """What serves a child best in one question; the child's own view is sealed. Written once."""

    question = models.CharField(max_length=16, choices=Question)
    outcome = models.CharField(max_length=16, choices=BestOutcome)
    assessed_on = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    view = SealedTextField()

    objects: ClassVar[Any] = BestInterestsQuerySet.as_manager()

    class Meta:
        ordering = ["procedure", "number"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("These rows are never changed: a further row says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("These rows are never removed.")


class Interview(models.Model):
    """An interview, planned and then held or not. Nothing of what was said is kept here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="interviews")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    state = models.CharField(max_length=10, choices=InterviewState, default=InterviewState.PLANNED)
    held_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8)
    interpreter = models.CharField(max_length=10, choices=Interpreter)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    objects = OfProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="interview_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class DutyToken(models.Model):
    """A token of the duty check, as a keyed hash: the token itself stands on the slip only.

    At most one of a procedure lives. `mark`: 64 hex signs of `vault.blind`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="tokens")
    mark = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)

    objects = OfProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"],
                condition=models.Q(revoked_at=None),
                name="duty_token_one_lives",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
