"""How countries, regions and groups are called on screen and in print, in United Nations usage."""

from functools import cache

from cairn.core.geography import tables
from cairn.core.geography.m49 import country, region
from cairn.core.geography.membership import group

UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


@cache
def _country_overrides() -> dict[str, dict[str, str]]:
    return {row["alpha3"]: row for row in tables.rows("names")}


@cache
def _given_names(table: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in tables.rows(table)}


@cache
def cldr_territories(language: str) -> dict[str, str]:
    """Unicode CLDR territory names by alpha-2 or M49 code; empty for a language without them."""
    from babel import Locale, UnknownLocaleError  # paid for by the first question only

    try:
        return dict(Locale(language).territories.items())
    except (UnknownLocaleError, ValueError):
        return {}


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def country_name(alpha3: str, language: str = "en") -> str:
    """The short name of a country in UN usage.

    `language` is a code such as "fr" or "fr-ca". English, French, Arabic, Spanish, Russian and
    Chinese follow the United Nations; other languages take the Unicode CLDR name, and English
    where CLDR has none. Apostrophes are the plain one. Raises KeyError for an unknown code.
    """
    place, language = country(alpha3), _base(language)
    given = _country_overrides().get(alpha3, {}).get(language)
    name = given or cldr_territories(language).get(place.alpha2)
    return name.replace("\u2019", "'") if name else country_name(alpha3, "en")


def region_name(code: str, language: str = "en") -> str:
    """The name of an M49 region: English, French and Arabic as M49, else CLDR, else English.

    Raises KeyError for an unknown code.
    """
    region(code)
    row, language = _given_names("regions")[code], _base(language)
    return row.get(language) or cldr_territories(language).get(code) or row["en"]


def group_name(code: str, language: str = "en") -> str:
    """The name of a country group in English, French or Arabic; English for other languages.

    Raises KeyError for an unknown code.
    """
    group(code)
    row = _given_names("groups")[code]
    return row.get(_base(language)) or row["en"]


def place_name(code: str, language: str = "en") -> str:
    """The name for any code that a resolution can hold: alpha-3, M49 or group.

    Raises KeyError for an unknown code.
    """
    if code.isdigit():
        return region_name(code, language)
    if code in _given_names("groups"):
        return group_name(code, language)
    return country_name(code, language)
