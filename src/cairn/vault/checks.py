"""System checks: a model that would only seem to be sealed is named before anything runs."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import register as register_check
from django.db import models

from cairn.core.classification import Zone
from cairn.vault.fields import SealedField, SealedModel


def register() -> None:
    register_check(check_sealed_models, Tags.models)


def check_sealed_models(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Every finding of every model."""
    return [finding for model in apps.get_models() for finding in findings(model)]


def findings(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What is wrong with the sealed fields of `model`."""
    sealed = [each for each in model._meta.local_fields if isinstance(each, SealedField)]
    label = model._meta.label
    if sealed and not issubclass(model, SealedModel):
        yield Error(f"{label} has sealed fields and no key.", "Derive it from SealedModel.", model,
                    "vault.E001")  # fmt: skip
    if issubclass(model, SealedModel) and not isinstance(getattr(model, "zone", None), Zone):
        yield Error(f"{label} does not say whose keys it uses.", "Set zone = Zone....", model,
                    "vault.E002")  # fmt: skip
    for field in sealed:
        if field.unique or getattr(field, "db_index", False) or field.primary_key:
            yield Error(f"{label}.{field.name} is sealed, so it cannot be unique or indexed.",
                        "For equality, store vault.blind.index beside it.", field,
                        "vault.E003")  # fmt: skip
    names = {field.name for field in sealed}
    used = {name for name in _named_in_meta(model) if name in names}
    for name in sorted(used):
        yield Error(f"{label}.Meta orders, indexes or constrains by the sealed field {name}.",
                    "Take it out.", model, "vault.E004")  # fmt: skip


def _named_in_meta(model: type[models.Model]) -> Iterator[str]:
    for each in model._meta.ordering or ():
        if isinstance(each, str):
            yield each.lstrip("-+")
    for group in model._meta.unique_together or ():
        yield from group
    for index in model._meta.indexes:
        yield from index.fields
        yield from (name.lstrip("-") for name, _ in index.fields_orders)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield from constraint.fields
