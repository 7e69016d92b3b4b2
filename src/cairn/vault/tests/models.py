"""Invented records with sealed fields, in a registry of their own."""

from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import models

from cairn.core.classification import Level, Scrub, Zone
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField

registry = Apps()


class Person(SealedModel):
    zone: ClassVar[Zone] = Zone.PROTECTION
    code = models.CharField(max_length=20, default="")
    objects: ClassVar[Any] = SealedQuerySet.as_manager()
    name = SealedTextField(level=Level.SEALED, scrub=Scrub.INVENT)
    phone = SealedTextField()
    needs = SealedJSONField()

    class Meta:
        app_label = "invented"
        apps = registry

    def __str__(self) -> str:
        return self.code


class Note(SealedModel):
    zone: ClassVar[Zone] = Zone.PROTECTION
    person: Any = models.ForeignKey(Person, models.CASCADE, related_name="notes")
    name = SealedTextField()
    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        app_label = "invented"
        apps = registry

    def __str__(self) -> str:
        return str(self.pk)


MODELS = [Person, Note]
