"""Rows that belong to a person of concern: sealed with the person's key, erased with it."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID

from django.db import models

from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.referral.models.persons import Person
from cairn.vault.fields import SealedModel, SealedQuerySet


class RowQuerySet(SealedQuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the persons that the actor sees."""
        return self.filter(person__in=Person.objects.visible_to(actor))


class WrittenOnceQuerySet(RowQuerySet):
    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("These rows are never changed: a further row says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("These rows are never removed.")


class PersonRow(SealedModel):
    """A row about a person of concern.

    `number` counts from 1 for each person and kind of row. `code` is the person's in small letters
    with a letter and the number ("k7q-m2r.n1"): no typed code finds it, so that a row is opened,
    held and erased with its person. `keep_until` stays empty: it is kept as long as the person.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)ss")
    code = models.CharField(max_length=14, unique=True)
    number = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    keep_until = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = RowQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code

    @property
    def organisation_id(self) -> UUID:
        return self.person.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.person.unit_id

    @property
    def country(self) -> str:
        return self.person.country
