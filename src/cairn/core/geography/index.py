"""The lazy index of every printed name: built once, on the first question."""

import gettext
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from cairn.core.geography import tables
from cairn.core.geography.m49 import by_alpha2, countries, regions
from cairn.core.geography.membership import groups
from cairn.core.geography.names import (
    UN_LANGUAGES,
    cldr_territories,
    country_name,
    group_name,
    region_name,
)
from cairn.core.geography.normalise import joined_key, key, turned
from cairn.core.geography.records import WORLD, Kind, Reason

WORLD_NAMES = (
    "Global|Globally|Worldwide|World-wide|International|All countries|the world|Globale|Mondiale"
    "|Monde entier|Mondial|tous les pays|Mundial|Todo el mundo|Глобальный|Всемирный|Весь мир"
    "|عالمي|عالمية|على الصعيد العالمي|جميع البلدان|全球|世界"
)
_PYCOUNTRY_LANGUAGES = {"fr": "fr", "ar": "ar", "es": "es", "ru": "ru", "zh": "zh_CN"}


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A way of printing one country. `language` is "" where the table does not say."""

    alpha3: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that an exact hit needs; keys as `normalise.key` makes them.

    `countries` and `jumbled` (words sorted) give alpha-3; `areas` (by `normalise.joined_key`) and
    `adjectives` give codes of regions, groups or countries; `special` gives the reason for
    refusing a name and the codes to suggest; `abbreviations` are read as printed; `codes` are ISO
    codes, `group_codes` those of groups (three letters or more), both in capitals only.
    """

    countries: dict[str, str]
    jumbled: dict[str, str]
    areas: dict[str, tuple[str, ...]]
    adjectives: dict[str, tuple[str, ...]]
    special: dict[str, tuple[Reason, tuple[str, ...]]]
    abbreviations: dict[str, tuple[str, ...]]
    codes: dict[str, str]
    group_codes: frozenset[str]


def curated_names() -> Iterator[PrintedName]:
    """UN names, other official printings and former names, from the tables of this package."""
    for place in countries():
        for language in UN_LANGUAGES:
            yield PrintedName(place.alpha3, language, country_name(place.alpha3, language))
    for table in ("aliases", "old_names"):
        for row in tables.rows(table):
            for name in tables.parted(row["names"]):
                yield PrintedName(row["alpha3"], "", name)


def cldr_names() -> Iterator[PrintedName]:
    """Unicode CLDR territory names in the six UN languages."""
    for language in UN_LANGUAGES:
        names = cldr_territories(language)
        for alpha2, alpha3 in by_alpha2().items():
            yield PrintedName(alpha3, language, names[alpha2])


def iso_names() -> Iterator[PrintedName]:
    """Short, formal and common names of ISO 3166-1 as pycountry has and translates them."""
    import pycountry  # costs 0.1 s, which only the first question should pay

    catalogues = {
        language: gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[folder])
        for language, folder in _PYCOUNTRY_LANGUAGES.items()
    }
    for entry in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            name = getattr(entry, field, None)
            if not name:
                continue
            yield PrintedName(entry.alpha_3, "en", name)
            for language, catalogue in catalogues.items():
                translated = catalogue.gettext(name)
                if translated != name:
                    yield PrintedName(entry.alpha_3, language, translated)


def keys_of(name: str) -> Iterator[str]:
    """The keys of a name as it stands and, for "X (Y of)" and "X, Y of", turned round."""
    yield key(name)
    if other_way := turned(name):
        yield key(other_way)


def _country_keys() -> dict[str, str]:
    """Key to alpha-3. What the package itself says wins over CLDR, and CLDR over ISO 3166.

    A key that one source gives to two countries is left out: better unread than misread.
    """
    found: dict[str, str] = {}
    for source in (curated_names(), cldr_names(), iso_names()):
        claimed: dict[str, set[str]] = {}
        for printed in source:
            for printed_key in keys_of(printed.name):
                claimed.setdefault(printed_key, set()).add(printed.alpha3)
        for printed_key, owners in claimed.items():
            if len(owners) == 1:
                found.setdefault(printed_key, *owners)
    return found


def jumble(printed_key: str) -> str:
    """The words of a key in alphabetical order."""
    return " ".join(sorted(printed_key.split()))


def _jumbled(country_keys: dict[str, str]) -> dict[str, str]:
    claimed: dict[str, set[str]] = {}
    for printed_key, alpha3 in country_keys.items():
        if " " in printed_key:
            claimed.setdefault(jumble(printed_key), set()).add(alpha3)
    return {words: min(owners) for words, owners in claimed.items() if len(owners) == 1}


def _areas() -> dict[str, tuple[str, ...]]:
    """Area names by `joined_key`. The world and M49 come first, then phrases, then groups."""
    found: dict[str, tuple[str, ...]] = {}

    def enter(codes: tuple[str, ...], names: Iterable[str]) -> None:
        for name in names:
            found.setdefault(joined_key(name), codes)

    enter((WORLD,), WORLD_NAMES.split("|"))
    known_regions = {place.code for place in regions()}
    for language in UN_LANGUAGES:
        for code in known_regions:
            enter((code,), [region_name(code, language)])
        for code, name in cldr_territories(language).items():
            if code in known_regions:
                enter((code,), [name])
    for row in tables.rows("regions"):
        enter((row["code"],), tables.parted(row["aliases"]))
    for row in tables.rows("phrases"):
        enter(tuple(row["codes"].split()), tables.parted(row["names"]))
    for row in tables.rows("groups"):
        codes = tuple(row["parts"].split()) or (row["code"],)
        enter(codes, [row["en"], row["fr"], row["ar"], *tables.parted(row["aliases"])])
        if len(row["code"]) > 2:
            enter(codes, [row["code"]])
    return found


@cache
def index() -> Index:
    """The index, built on first use (about 0.2 s) and kept for the life of the process."""
    country_keys = _country_keys()
    special = {
        key(name): (Reason(row["reason"]), tuple(row["codes"].split()))
        for row in tables.rows("special")
        for name in tables.parted(row["names"])
    }
    adjectives: dict[str, tuple[str, ...]] = {
        key(name): (row["code"],)
        for row in tables.rows("regions")
        for name in tables.parted(row["adjectives"])
    }
    codes = {place.alpha3: place.alpha3 for place in countries()} | by_alpha2()
    return Index(
        countries=country_keys,
        jumbled=_jumbled(country_keys),
        areas=_areas(),
        adjectives=adjectives,
        special=special,
        abbreviations={
            row["name"]: tuple(row["codes"].split()) for row in tables.rows("abbreviations")
        },
        codes=codes,
        group_codes=frozenset(one.code for one in groups() if len(one.code) > 2 and not one.parts),
    )


def kind_of(codes: tuple[str, ...]) -> Kind:
    """What kind of place these codes are together; a mixture counts as a region."""
    if codes == (WORLD,):
        return Kind.WORLD
    group_codes = {one.code for one in groups()}
    kinds = {
        Kind.REGION if code.isdigit() else Kind.GROUP if code in group_codes else Kind.COUNTRY
        for code in codes
    }
    return kinds.pop() if len(kinds) == 1 else Kind.REGION


@cache
def display_names(language: str) -> dict[str, str]:
    """Code to name for everything that a suggestion can name."""
    named = {place.alpha3: country_name(place.alpha3, language) for place in countries()}
    named |= {place.code: region_name(place.code, language) for place in regions()}
    return named | {one.code: group_name(one.code, language) for one in groups()}
