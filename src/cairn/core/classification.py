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


class Ending(models.TextChoices):
    """What happens when the time of a record is over."""

    AUTOMATIC = "automatic", _("Removed by itself")
    DECIDED = "decided", _("Somebody decides")
    KEPT = "kept", _("Kept")


# Who sees the rows of a model, besides whoever holds a permission.
EVERYBODY = "everybody"
ONESELF = "oneself"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept. `days` None: no number of days is set (`label` says until when).

    `counted_from`: the field from which days are counted; `follows`: the foreign key to the record
    with which this one goes; `source`: the rule or law behind it. `must_decide`: the number is
    the platform's default, or missing, and whoever runs the installation has to decide. `code`,
    `label`: of the rule in retention_rules.py, empty when a declaration brings its own.
    """

    days: int | None
    counted_from: str
    source: Promise
    follows: str = ""
    ending: Ending = Ending.DECIDED
    must_decide: bool = False
    code: str = ""
    label: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A model as its owner declares it. `levels` names every concrete field once.

    `seen_with`: permissions (their values) that show its rows, or EVERYBODY, or ONESELF for what
    people see of themselves; empty: no page shows them. `opened_with`: permissions that open its
    sealed fields, each opening with a reason and an entry in the log.
    """

    label: str
    zone: Zone
    about: Promise
    purpose: Promise
    retention: Retention
    levels: Mapping[str, Level]
    scrubs: Mapping[str, Scrub] = field(default_factory=dict)
    drops_rows: bool = False
    seen_with: tuple[str, ...] = ()
    opened_with: tuple[str, ...] = ()

    @property
    def app(self) -> str:
        """The label of the app that owns the model."""
        return self.label.partition(".")[0]

    @property
    def name(self) -> str:
        """The model's name, without its app."""
        return self.label.partition(".")[2]

    @property
    def highest(self) -> Level:
        """The most harmful level that one of its fields has."""
        order = list(Level)
        return max(self.levels.values(), key=order.index, default=Level.PUBLIC)

    def fields_of(self, level: Level) -> list[str]:
        """Names of the fields of `level`, as declared."""
        return [name for name, own in self.levels.items() if own == level]

    def scrub_of(self, name: str) -> Scrub:
        """As declared; else personal fields are invented, sealed ones emptied, the rest kept."""
        if self.drops_rows:
            return Scrub.DROP_ROW
        if name in self.scrubs:
            return self.scrubs[name]
        if self.levels[name] == Level.PERSONAL:
            return Scrub.INVENT
        return Scrub.BLANK if self.levels[name] == Level.SEALED else Scrub.KEEP


@dataclass(frozen=True, slots=True)
class Store:
    """Something that is kept and is no model: a table that has none, a file, a folder, a log.

    `table`: its name in the database of records, empty for what lies outside of databases.
    """

    code: str
    zone: Zone
    level: Level
    about: Promise
    purpose: Promise
    retention: Retention
    table: str = ""


DECLARATIONS: dict[str, Declaration] = {}
STORES: dict[str, Store] = {}


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
    seen_with: str = "",
    opened_with: str = "",
) -> None:
    """Declare the model `label` ("app.Model"); each level takes field names, parted by spaces.

    `seen_with`, `opened_with`: words parted by spaces, see Declaration. Raises ValueError for a
    model declared twice, a field named in two levels, or a scrub rule for a field not named.
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
    if stray := sorted(set(scrub or {}) - set(levels)):
        raise ValueError(f"{label}.{stray[0]} has a scrub rule and no level.")
    DECLARATIONS[label] = Declaration(
        label,
        zone,
        about,
        purpose,
        retention,
        levels,
        scrub or {},
        drops_rows,
        tuple(seen_with.split()),
        tuple(opened_with.split()),
    )


def declare_store(store: Store) -> None:
    """Declare what is kept beside the models. Raises ValueError for a code declared twice."""
    if store.code in STORES:
        raise ValueError(f"The store {store.code} is declared twice.")
    STORES[store.code] = store


def keep(names: str) -> dict[str, Scrub]:
    """Scrub rules for ids of staff, parted by spaces: kept, because the names are invented."""
    return dict.fromkeys(names.split(), Scrub.KEEP)


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
        said += _about_retention(declaration, model)
        said += _about_sealing(declaration, model)
        if declaration.fields_of(Level.SEALED) and not declaration.opened_with:
            said.append(f"{label} has sealed fields, and nobody is named who may open them.")
    said += [f"{label} is declared but gone." for label in sorted(set(DECLARATIONS) - set(stored))]
    return said


def _about_retention(declaration: Declaration, model: type[models.Model]) -> list[str]:
    retention, label = declaration.retention, declaration.label
    fields = {each.name: each for each in model._meta.get_fields()}
    said = []
    if retention.counted_from:
        counted = fields.get(retention.counted_from)
        if counted is None:
            said.append(
                f"{label}: retention is counted from {retention.counted_from}, "
                "which is no field of it."
            )
        elif not isinstance(counted, models.DateField):
            said.append(f"{label}: retention is counted from {counted.name}, which is no date.")
    elif retention.days is not None:
        said.append(f"{label}: retention has days and nothing that they are counted from.")
    if retention.follows and not isinstance(fields.get(retention.follows), models.ForeignKey):
        said.append(f"{label}: retention follows {retention.follows}, which is no key of it.")
    return said


def _about_sealing(declaration: Declaration, model: type[models.Model]) -> list[str]:
    """Sealed fields carry their level themselves (vault.fields); both have to say the same."""
    said = []
    for each in model._meta.concrete_fields:
        declared, stored = declaration.levels.get(each.name), getattr(each, "level", None)
        name = f"{declaration.label}.{each.name}"
        if declared == Level.SEALED and stored is None:
            said.append(f"{name} is declared sealed and stored in clear.")
        elif stored is not None and declared is not None and declared != stored:
            said.append(f"{name} is stored as {stored} and declared as {declared}.")
    return said


def _is_own_key(each: object) -> bool:
    return isinstance(each, models.AutoField) and each.primary_key
