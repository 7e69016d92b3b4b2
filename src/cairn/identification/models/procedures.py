"""Identification procedures, who investigates them, and the decisions in them."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.identification.rules.procedures import AgeStatus, Ground, Stage, Standard, State
from cairn.identification.rules.profiles import AuthorityKind
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField

KIND = "procedure"


class ProcedureQuerySet(SealedQuerySet["Procedure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Procedures that a membership of the actor covers. There is no emergency access here."""
        return self.filter(scoped(actor, Permission.PROCEDURE_VIEW))

    def with_state(self) -> Self:
        """With `latest`: the outcome of the newest decision, None while there is none."""
        newest = Decision.objects.filter(procedure=models.OuterRef("pk")).order_by("-number")
        return self.annotate(latest=models.Subquery(newest.values("outcome")[:1]))


class Procedure(SealedModel):
    """An authority finds out whether somebody is a victim. Its state comes from its decisions.

    `investigated_by`: id of the user who investigates now. `organisation`: the authority, and
    `authority_kind` what kind of authority it is. `age_status`: disputed counts as a child.
    """

    zone: ClassVar[Zone] = Zone.IDENTIFICATION

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    opened_on = models.DateField()
    age_status = models.CharField(max_length=12, choices=AgeStatus, default=AgeStatus.ADULT)
    authority_kind = models.CharField(max_length=12, choices=AuthorityKind, blank=True)
    investigated_by = models.UUIDField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    subject_name = SealedTextField()
    summary = SealedTextField()

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "code"]
        indexes = [
            models.Index(fields=["organisation", "-opened_on", "code"], name="procedure_listed")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(keep_until=None) | ~models.Q(erased_on=None),
                name="procedure_kept_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("identification:procedure", args=[self.code])


class Investigation(models.Model):
    """Who investigated a procedure, from when: all of them, since none of them decides it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="investigations"
    )
    user_id = models.UUIDField()
    taken_over_at = models.DateTimeField()

    class Meta:
        ordering = ["taken_over_at"]

    def __str__(self) -> str:
        return str(self.pk)


class DecisionQuerySet(SealedQuerySet["Decision"]):
    def visible_to(self, actor: Actor) -> Self:
        """Decisions of the procedures that the actor sees."""
        return self.filter(procedure__in=Procedure.objects.visible_to(actor))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("Decisions are never changed: a further decision says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("Decisions are never removed.")


class Decision(SealedModel):
    """One decision. Append-only; its reasons are sealed with the key of the procedure.

    `number` counts from 1 in each procedure. `decided_by`: id of the user; `authority`: on what
    law or order the decision rests, `authority_kind`: what kind of authority decided; `standard`:
    how sure whoever decided had to be; `ground`: the short reason, coded; `review_of`: the decision
    that a review takes up. `code` is the
    procedure's in small letters with the number ("k7q-m2r.1"): no typed code finds it, so that a
    decision is held, linked and erased with its procedure only. `keep_until` stays empty.
    """

    zone: ClassVar[Zone] = Zone.IDENTIFICATION

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, unique=True)
    stage = models.CharField(max_length=24, choices=Stage)
    outcome = models.CharField(max_length=24, choices=State)
    standard = models.CharField(max_length=8, choices=Standard)
    ground = models.CharField(max_length=16, choices=Ground, blank=True)
    authority = models.CharField(max_length=200)
    authority_kind = models.CharField(max_length=12, choices=AuthorityKind, blank=True)
    review_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    keep_until = models.DateField(null=True, blank=True)
    reasons = SealedTextField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="decision_numbered_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome=State.DETECTED), name="decision_decides_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

    @property
    def organisation_id(self) -> UUID:
        return self.procedure.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.procedure.unit_id

    @property
    def country(self) -> str:
        return self.procedure.country

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Decisions are never changed: a further decision says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Decisions are never removed.")
