"""What each stored field is: whose zone, how sensitive, how long kept, how made harmless.

Every app declares its models in `declarations.py`; a model or field that nobody declared fails a
test. The data map, the impact-assessment sheet, retention and scrubbed copies are made of this.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """Where a record lives: own keys, own owner. No foreign key joins two of the person zones."""

    PROGRAMME = "programme", _("Programme")
    IDENTIFICATION = "identification", _("Identification")
    PROTECTION = "protection", _("Protection")
    JUSTICE = "justice", _("Justice")
    EXCHANGE = "exchange", _("Exchange")
    STATISTICS = "statistics", _("Statistics")
    OVERSIGHT = "oversight", _("Oversight")
    ACCOUNTS = "accounts", _("Accounts of staff")


class Level(models.TextChoices):
    """How much harm a field can do where it does not belong, from none to a life."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("For staff")
    PERSONAL = "personal", _("About staff or contact persons")
    SENSITIVE = "sensitive", _("About a person of concern, without identity")
    SEALED = "sealed", _("Sealed")


class Scrub(models.TextChoices):
    """What happens to a field in a copy that is made for demonstrations and tests."""

    KEEP = "keep", _("Kept")
    BLANK = "blank", _("Emptied")
    INVENT = "invent", _("Replaced by an invented value")
    DROP_ROW = "drop-row", _("Its whole record is left out")


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept. `days` None: as long as the installation keeps the programme.

    `counted_from`: the field from which days are counted; `source`: the rule or law behind it.
    """

    days: int | None
    counted_from: str
    source: Promise


@dataclass(frozen=True, slots=True)
class Declaration:
    """A model as its owner declares it. `levels` names every concrete field once."""

    label: str
    zone: Zone
    about: Promise
    purpose: Promise
    retention: Retention
    levels: Mapping[str, Level]
    scrubs: Mapping[str, Scrub] = field(default_factory=dict)
    drops_rows: bool = False

    def scrub_of(self, name: str) -> Scrub:
        """As declared; else personal fields are invented, sealed ones emptied, the rest kept."""
        if self.drops_rows:
            return Scrub.DROP_ROW
        if name in self.scrubs:
            return self.scrubs[name]
        if self.levels[name] == Level.PERSONAL:
            return Scrub.INVENT
        return Scrub.BLANK if self.levels[name] == Level.SEALED else Scrub.KEEP


DECLARATIONS: dict[str, Declaration] = {}


def declare(
    label: str,
    zone: Zone,
    about: Promise,
    *,
    purpose: Promise,
    retention: Retention,
    public: str = "",
    internal: str = "",
    personal: str = "",
    sensitive: str = "",
    sealed: str = "",
    scrub: Mapping[str, Scrub] | None = None,
    drops_rows: bool = False,
) -> None:
    """Declare the model `label` ("app.Model"); each level takes field names, parted by spaces.

    Raises ValueError for a model declared twice or a field named in two levels.
    """
    named = {
        Level.PUBLIC: public,
        Level.INTERNAL: internal,
        Level.PERSONAL: personal,
        Level.SENSITIVE: sensitive,
        Level.SEALED: sealed,
    }
    levels: dict[str, Level] = {}
    for level, names in named.items():
        for name in names.split():
            if name in levels:
                raise ValueError(f"{label}.{name} is declared twice.")
            levels[name] = level
    if label in DECLARATIONS:
        raise ValueError(f"{label} is declared twice.")
    DECLARATIONS[label] = Declaration(
        label, zone, about, purpose, retention, levels, scrub or {}, drops_rows
    )


def concrete_fields(model: type[models.Model]) -> Iterator[str]:
    """Names of the columns of `model`, and of its own many-to-many tables' fields."""
    for each in model._meta.get_fields():
        if (isinstance(each, models.Field) and not each.auto_created) or _is_own_key(each):
            yield each.name


def stored_models() -> list[type[models.Model]]:
    """Every model that has a table here, third-party ones included, in order of their labels."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return sorted(found, key=lambda model: model._meta.label)


def findings() -> list[str]:
    """What is not declared, or declared and gone; one sentence each; empty when all is well."""
    said = []
    stored = {model._meta.label: model for model in stored_models()}
    for label, model in stored.items():
        declaration = DECLARATIONS.get(label)
        if declaration is None:
            said.append(f"{label} is not declared: add it to the declarations.py of its app.")
            continue
        present, declared = set(concrete_fields(model)), set(declaration.levels)
        said += [f"{label}.{name} is not declared." for name in sorted(present - declared)]
        said += [f"{label}.{name} is declared but gone." for name in sorted(declared - present)]
        counted = declaration.retention.counted_from
        if counted and counted not in present:
            said.append(f"{label}: retention is counted from {counted}, which is no field of it.")
    said += [f"{label} is declared but gone." for label in sorted(set(DECLARATIONS) - set(stored))]
    return said


def _is_own_key(each: object) -> bool:
    return isinstance(each, models.AutoField) and each.primary_key
