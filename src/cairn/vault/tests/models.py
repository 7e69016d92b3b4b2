"""Invented records with sealed fields, in a registry of their own."""

import sys
from typing import Any, ClassVar

from django.apps import AppConfig
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


class Ordered(SealedModel):
    """Wrong on purpose: ordered, indexed and unique by sealed fields."""

    zone: ClassVar[Zone] = Zone.PROTECTION
    name = SealedTextField()
    phone = SealedTextField(db_index=True)
    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        app_label = "invented"
        apps = registry
        ordering = ["-name"]
        constraints = [models.UniqueConstraint(fields=["phone"], name="invented_phone_once")]

    def __str__(self) -> str:
        return str(self.pk)


MODELS: list[type[models.Model]] = [Person, Note, Ordered]

# So that the registry finds its models, and with them the ways back through foreign keys.
_config = AppConfig("cairn.vault.tests", sys.modules["cairn.vault.tests"])
_config.label, _config.apps = "invented", registry
_config.models = registry.all_models["invented"]
registry.app_configs["invented"] = _config
registry.clear_cache()
