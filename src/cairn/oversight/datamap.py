"""The data map: what is kept, why, how long, how sensitive, and who may see it.

Made of the declarations of all apps and of the table of roles, so that it cannot drift from them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from cairn.access.roles import LABELS, ROLES, needs_confirmation, needs_second_factor
from cairn.core.classification import (
    DECLARATIONS,
    EVERYBODY,
    ONESELF,
    STORES,
    Declaration,
    Level,
    Retention,
    Scrub,
    Store,
    Zone,
)
from cairn.core.language import language
from cairn.core.retention_rules import in_words
from cairn.core.tables import write_csv
from cairn.oversight.zone_notes import ZONE_NOTES, ZoneNote
from cairn.ui.charts import Bar, fluid_bar_chart
from cairn.ui.states import Tone

# Levels that tell something about somebody, staff or persons of concern.
ABOUT_PEOPLE = (Level.PERSONAL, Level.SENSITIVE, Level.SEALED)
# A shape beside the word, so that levels can be told apart in a long list.
TONES = {
    Level.PUBLIC: Tone.NEUTRAL,
    Level.INTERNAL: Tone.NEUTRAL,
    Level.PERSONAL: Tone.ACTIVE,
    Level.SENSITIVE: Tone.WAITING,
    Level.SEALED: Tone.DONE,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page shows: one zone, one level, or all (None)."""

    zone: Zone | None = None
    level: Level | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """From the address; a word that names no zone or level counts as not asked."""
        zone, level = query.get("zone", ""), query.get("level", "")
        return cls(
            Zone(zone) if zone in Zone.values else None,
            Level(level) if level in Level.values else None,
        )

    @property
    def is_any(self) -> bool:
        return self.zone is not None or self.level is not None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One stored field. `words`: its name in the reader's language where the model has one."""

    name: str
    words: str
    level: Level
    scrub: Scrub


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of record, or something beside the databases (then `fields` is empty).

    `seen_by`: one for each way in: everybody, oneself, a role; `opened_by`: the same for what is
    sealed.
    """

    label: str
    zone: Zone
    about: Promise
    purpose: Promise
    level: Level
    retention: Retention
    how_long: str
    seen_by: tuple[str, ...]
    opened_by: tuple[str, ...]
    fields: tuple[FieldRow, ...]

    @property
    def groups(self) -> list[tuple[Level, list[FieldRow]]]:
        """Its fields by level, the most harmful first."""
        found = [
            (level, [row for row in self.fields if row.level == level])
            for level in reversed(list(Level))
        ]
        return [(level, rows) for level, rows in found if rows]

    @property
    def tone(self) -> Tone:
        return TONES[self.level]

    @property
    def seen_words(self) -> str:
        return joined(self.seen_by)

    @property
    def opened_words(self) -> str:
        return joined(self.opened_by)

    @property
    def scrubbed(self) -> list[tuple[Scrub, list[str]]]:
        """Names of the fields that copies for demonstrations empty or invent."""
        found = [
            (fate, [row.name for row in self.fields if row.scrub == fate])
            for fate in (Scrub.BLANK, Scrub.INVENT)
        ]
        return [(fate, names) for fate, names in found if names]

    @property
    def leaves_copies(self) -> bool:
        """True when the whole record is left out of copies for demonstrations."""
        return any(row.scrub == Scrub.DROP_ROW for row in self.fields)


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """One zone with all that is kept in it."""

    zone: Zone
    note: ZoneNote
    kept: tuple[Kept, ...]

    @property
    def counts(self) -> dict[Level, int]:
        """How many fields of each level the zone holds, every level named."""
        found = Counter(row.level for each in self.kept for row in each.fields)
        return {level: found[level] for level in Level}

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sealed(self) -> int:
        """How many of its fields are sealed under a key of their own record."""
        return self.counts[Level.SEALED]


def data_map(filters: Filters | None = None) -> list[ZoneMap]:
    """Zones in their order, each with what is kept in it; zones that hold nothing are left out.

    With a level, only records that have a field of it, and only those fields. No queries.
    """
    chosen = filters or Filters()
    found: dict[Zone, list[Kept]] = {zone: [] for zone in Zone}
    for _label, declaration in sorted(DECLARATIONS.items()):
        found[declaration.zone].append(_of_model(declaration, chosen.level))
    for _code, store in sorted(STORES.items()):
        found[store.zone].append(_of_store(store))
    shown = []
    for zone, records in found.items():
        matching = [each for each in records if _matches(each, chosen.level)]
        # The most harmful first: what a reader has to see even if they stop early.
        matching.sort(key=lambda each: -list(Level).index(each.level))
        if matching and chosen.zone in {None, zone}:
            shown.append(ZoneMap(zone, ZONE_NOTES[zone], tuple(matching)))
    return shown


def empty_zones() -> list[Zone]:
    """Zones of the design in which nothing is kept yet."""
    used = {each.zone for each in DECLARATIONS.values()}
    used |= {each.zone for each in STORES.values()}
    return [zone for zone in Zone if zone not in used]


def roles_with(permissions: tuple[str, ...]) -> list[str]:
    """Codes of the roles that hold one of `permissions`, in the order of the role table."""
    return [role for role, held in ROLES.items() if set(permissions) & {str(p) for p in held}]


def seen_by(words: tuple[str, ...]) -> tuple[str, ...]:
    """Who sees rows, as words: everybody, oneself, and the roles."""
    shown = []
    if EVERYBODY in words:
        shown.append(_("Everybody (what is published)"))
    if ONESELF in words:
        shown.append(_("Each person (what is their own)"))
    shown += [str(LABELS[role]) for role in roles_with(words)]
    return tuple(shown)


def figure(zones: list[ZoneMap]) -> str:
    """The chart of fields by zone: those that tell nothing of people, then those that do."""
    rows = []
    for each in zones:
        about = sum(each.counts[level] for level in ABOUT_PEOPLE)
        rows.append(Bar(str(each.zone.label), each.total - about, second=about))
    return fluid_bar_chart(
        rows,
        title=_("Stored fields by zone"),
        description=_("For each zone the number of fields that tell something about people."),
        value_label=_("Not about people"),
        second_label=_("About people"),
        language=language(),
        direction="rtl" if get_language_bidi() else "ltr",
        unit="",
    )


# Names of the columns are the same in every language: programs read them.
COLUMNS = (
    "zone",
    "record",
    "about",
    "field",
    "level",
    "purpose",
    "kept",
    "counted_from",
    "source_of_retention",
    "at_the_end",
    "must_decide",
    "seen_by",
    "opened_by",
    "in_scrubbed_copies",
)


def csv_lines(filters: Filters) -> Iterator[str]:
    """The data map as CSV, one line for each field, safe for spreadsheets."""
    return write_csv(COLUMNS, _csv_rows(filters), bom=True)


def _csv_rows(filters: Filters) -> Iterator[list[str]]:
    for zone in data_map(filters):
        for each in zone.kept:
            for row in each.fields or (None,):
                yield [
                    zone.zone.value,
                    each.label,
                    str(each.about),
                    row.name if row else "",
                    row.level.value if row else each.level.value,
                    str(each.purpose),
                    each.how_long,
                    each.retention.counted_from or each.retention.follows,
                    str(each.retention.source),
                    each.retention.ending.value,
                    "yes" if each.retention.must_decide else "no",
                    "|".join(each.seen_by),
                    "|".join(each.opened_by) if row and row.level == Level.SEALED else "",
                    row.scrub.value if row else "",
                ]


def _of_model(declaration: Declaration, level: Level | None) -> Kept:
    names = declaration.levels if level is None else declaration.fields_of(level)
    model = apps.get_model(declaration.label)
    fields = tuple(
        FieldRow(
            name,
            _words_of(model._meta.get_field(name)),
            declaration.levels[name],
            declaration.scrub_of(name),
        )
        for name in names
    )
    return Kept(
        declaration.label,
        declaration.zone,
        declaration.about,
        declaration.purpose,
        declaration.highest,
        declaration.retention,
        capfirst(in_words(declaration.retention)),
        seen_by(declaration.seen_with),
        seen_by(declaration.opened_with),
        fields,
    )


def _of_store(store: Store) -> Kept:
    return Kept(
        store.code,
        store.zone,
        store.about,
        store.purpose,
        store.level,
        store.retention,
        capfirst(in_words(store.retention)),
        (),
        (),
        (),
    )


def _matches(each: Kept, level: Level | None) -> bool:
    return level is None or bool(each.fields) or (each.level == level and "." not in each.label)


def _words_of(field: object) -> str:
    """The field's name as people read it; empty where the model has only the programmers' one."""
    words = getattr(field, "verbose_name", "")
    return capfirst(str(words)) if isinstance(words, Promise) else ""


def roles_of_second_factor() -> list[str]:
    """Names of the roles that show a second factor, in the order of the role table."""
    return [str(LABELS[role]) for role in ROLES if needs_second_factor(frozenset({role}))]


def roles_of_second_person() -> list[str]:
    """Names of the roles that hold only when a second person has confirmed them."""
    return [str(LABELS[role]) for role in ROLES if needs_confirmation(role)]


def joined(words: list[str] | tuple[str, ...]) -> str:
    """Words as one list, with the comma of the language."""
    return pgettext("between the items of a list", ", ").join(words)
