"""Countries and areas of ISO 3166-1, where UN M49 places them, and the M49 regions themselves."""

from collections.abc import Iterable
from functools import cache

from cairn.core.geography import tables
from cairn.core.geography.records import WORLD, Country, Region


@cache
def _by_alpha3() -> dict[str, Country]:
    import pycountry  # costs 0.1 s, which only the first question should pay

    placed = {row["alpha3"]: row for row in tables.rows("m49")}
    found = {}
    for entry in pycountry.countries:
        row = placed[entry.alpha_3]
        found[entry.alpha_3] = Country(
            alpha3=entry.alpha_3,
            alpha2=entry.alpha_2,
            numeric=entry.numeric,
            region=row["region"],
            sub_region=row["sub_region"],
            intermediate_region=row["intermediate_region"],
            is_ldc=row["ldc"] == "1",
            is_lldc=row["lldc"] == "1",
            is_sids=row["sids"] == "1",
        )
    return dict(sorted(found.items()))


@cache
def by_alpha2() -> dict[str, str]:
    """ISO alpha-2 to alpha-3."""
    return {country.alpha2: country.alpha3 for country in _by_alpha3().values()}


@cache
def _regions() -> dict[str, Region]:
    return {row["code"]: Region(row["code"], row["parent"]) for row in tables.rows("regions")}


def country(alpha3: str) -> Country:
    """The country with that ISO alpha-3 code. Raises KeyError when there is none."""
    return _by_alpha3()[alpha3]


def countries() -> tuple[Country, ...]:
    """All 249 countries and areas, by alpha-3."""
    return tuple(_by_alpha3().values())


def region(code: str) -> Region:
    """The M49 region with that three-digit code. Raises KeyError when there is none."""
    return _regions()[code]


def regions() -> tuple[Region, ...]:
    """The world and every geographic region of M49, wider before narrower."""
    return tuple(_regions().values())


@cache
def countries_in(code: str) -> frozenset[str]:
    """ISO alpha-3 codes of the countries in an M49 region of any level.

    The world holds all of them, Antarctica included. 003 (North America) is not a level of the
    tree: by its M49 footnote it joins 021, 013 and 029. Raises KeyError for an unknown code.
    """
    region(code)
    if code == WORLD:
        return frozenset(_by_alpha3())
    if code == "003":
        return countries_in("021") | countries_in("013") | countries_in("029")
    return frozenset(alpha3 for alpha3, place in _by_alpha3().items() if code in place.region_codes)


def regions_of(alpha3s: Iterable[str], *, intermediate: bool = False) -> tuple[str, ...]:
    """M49 sub-region codes of these countries, each once, sorted.

    `intermediate=True` gives the intermediate region where M49 has one: Kenya is then in 014
    (Eastern Africa), else in 202 (Sub-Saharan Africa). Antarctica adds nothing. Raises KeyError
    for a code that is not ISO alpha-3.
    """
    found = set()
    for alpha3 in alpha3s:
        place = country(alpha3)
        finest = place.intermediate_region if intermediate else ""
        found.add(finest or place.sub_region)
    return tuple(sorted(found - {""}))


def continents_of(alpha3s: Iterable[str]) -> tuple[str, ...]:
    """M49 region codes (002, 009, 019, 142, 150) of these countries, each once, sorted."""
    return tuple(sorted({country(alpha3).region for alpha3 in alpha3s} - {""}))
