"""Who a person is, apart from the record of the person and under a key of its own."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models

from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.referral.models.persons import Person
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet


class IdentityQuerySet(SealedQuerySet["Identity"]):
    def visible_to(self, actor: Actor) -> Self:
        """Identities of the persons that the actor sees."""
        return self.filter(person__in=Person.objects.visible_to(actor))


class Identity(SealedModel):
    """Who a person is; nobody needs one. Its key is not the person's, and goes with the person.

    `facts`: the mapping of `rules.identities`, all of it optional. `code` is the person's in small
    letters with "id" ("k7q-m2r.id"): no typed code finds it. `version` counts its changes.
    `keep_until` stays empty: it is kept as long as the person.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="identity")
    code = models.CharField(max_length=14, unique=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    keep_until = models.DateField(null=True, blank=True)
    facts = SealedJSONField()

    objects: ClassVar[Any] = IdentityQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

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
