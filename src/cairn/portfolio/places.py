"""From printed places to countries, regions and a chapter. Pure: no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cairn.core import geography
from cairn.core.geography import Kind
from cairn.portfolio.rules import Chapter, chapter_of

# UN M49 regions: Africa, Oceania, Americas, Asia, Europe.
CONTINENTS = frozenset({"002", "009", "019", "142", "150"})


@dataclass(frozen=True, slots=True)
class Places:
    """What the places of a project come to.

    `countries`: (alpha-3, group code or "" when named). `regions`: M49 sub-regions;
    `continents`: M49 regions. `chapter`: the one heading the project stands under.
    """

    resolved: tuple[geography.Resolution, ...]
    countries: tuple[tuple[str, str], ...]
    regions: tuple[str, ...]
    continents: tuple[str, ...]
    chapter: Chapter


def places_of(printed: Sequence[str], region_as_printed: str, *, on: date | None) -> Places:
    """Resolve the printed places; where none says a region, the printed region does.

    `on`: the day on which group memberships are read; None takes today's members.
    """
    return _places_of(tuple(printed), region_as_printed, on)


@lru_cache(maxsize=4_096)
def _places_of(printed: tuple[str, ...], region_as_printed: str, on: date | None) -> Places:
    resolved = tuple(geography.resolve(name) for name in printed)
    countries: dict[tuple[str, str], None] = {}
    regions: set[str] = set()
    is_world = False
    for place in resolved:
        is_world = is_world or place.kind == Kind.WORLD
        for code in place.codes:
            _add(code, place.kind, countries, regions, on)
    if not countries and not regions and not is_world and region_as_printed:
        return _from_region(resolved, region_as_printed, on)
    return _sum_up(resolved, countries, regions, is_world=is_world)


def _from_region(
    resolved: tuple[geography.Resolution, ...], printed: str, on: date | None
) -> Places:
    """The printed region alone decides; its groups count, though no country is named."""
    region = geography.resolve(printed)
    countries: dict[tuple[str, str], None] = {}
    regions: set[str] = set()
    for code in region.codes:
        _add(code, region.kind, countries, regions, on)
    return _sum_up(resolved, countries, regions, is_world=region.kind == Kind.WORLD)


def _add(
    code: str,
    kind: Kind,
    countries: dict[tuple[str, str], None],
    regions: set[str],
    on: date | None,
) -> None:
    """A code goes where it belongs; of an undetermined place only the region is known."""
    if code in {each.code for each in geography.groups()}:
        if kind == Kind.UNDETERMINED:
            regions.update(geography.regions_of(geography.members(code, on)))
        else:
            countries.update({(each, code): None for each in sorted(geography.members(code, on))})
    elif code in {each.code for each in geography.regions()}:
        if code != geography.WORLD:
            regions.add(code)
    elif kind != Kind.UNDETERMINED:
        countries[(code, "")] = None


def _sum_up(
    resolved: tuple[geography.Resolution, ...],
    countries: dict[tuple[str, str], None],
    regions: set[str],
    *,
    is_world: bool,
) -> Places:
    codes = {code for code, _ in countries}
    continents = set(geography.continents_of(codes))
    sub_regions = set(geography.regions_of(codes))
    for region in regions:
        continents.update(_continents(region))
        if region not in CONTINENTS:
            sub_regions.add(region)
    return Places(
        resolved=resolved,
        countries=tuple(countries),
        regions=tuple(sorted(sub_regions)),
        continents=tuple(sorted(continents)),
        chapter=chapter_of(frozenset(continents), is_world=is_world),
    )


def _continents(region: str) -> set[str]:
    """The M49 region above `region`, or itself; regions across continents give all of them."""
    if region in CONTINENTS:
        return {region}
    return set(geography.continents_of(geography.countries_in(region)))
