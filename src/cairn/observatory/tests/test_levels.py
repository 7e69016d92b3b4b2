"""Wider codes in the cube: counted from records, protected and attacked with all the others."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from cairn.observatory.rules.attack import attack
from cairn.observatory.rules.levels import at_level, depth, level_of, rollups, with_levels
from cairn.observatory.rules.noise import HIDDEN, default_protection
from cairn.observatory.rules.series import Series, Thresholds, check_series, groupings
from cairn.observatory.tests import scene

pytest.importorskip("pyarrow", reason="the extra `analytics` is not installed")
pytest.importorskip("ibis", reason="the extra `analytics` is not installed")
pytest.importorskip("duckdb", reason="the extra `analytics` is not installed")

from cairn.observatory.engine.cube import audit, count, protect, widened
from cairn.observatory.engine.extract import Extract, freeze
from cairn.observatory.engine.tables import release_of

SIZES = (9, 5, 4, 3)
ROWS = 3_000
AREA = "column00"


def series() -> Series:
    """Areas in regions of four."""
    found = scene.series(SIZES)
    regions = scene.in_regions(found.dimensions[0], 4)
    return replace(found, dimensions=(regions, *found.dimensions[1:]))


def extract(persons: list[str] | None = None) -> Extract:
    records = scene.records(ROWS, SIZES)
    return freeze(series(), persons or scene.persons(ROWS), records, secret=scene.SECRET)


def test_a_level_is_a_column_with_the_codes_that_hold_the_leaves() -> None:
    area = series().by_name[AREA]
    assert depth(area) == 1
    assert depth(series().by_name["column01"]) == 0
    assert level_of(area, 0).leaves == ("r0", "r1", "unknown")
    assert at_level(area, "c005", 0) == "r1"
    assert at_level(area, "unknown", 0) == "unknown"
    wide = with_levels(series())
    check_series(wide)
    assert [each.name for each in wide.dimensions][:2] == [f"{AREA}@0", AREA]
    assert (f"{AREA}@0", AREA) not in set(groupings(wide))
    (only,) = rollups(wide)
    assert only.into.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("twice", [False, True])
def test_whoever_stands_in_two_areas_counts_once_in_their_region(twice: bool) -> None:
    persons = [f"invented-{row // 2 if twice else row}" for row in range(ROWS)]
    given = extract(persons)
    cube = count(widened(given), [(f"{AREA}@0",), (f"{AREA}@0", "column01")])
    area = given.series.by_name[AREA]
    there: dict[str, set[str]] = defaultdict(set)
    for person, place in zip(persons, given.columns[AREA].tolist(), strict=True):
        there[at_level(area, area.leaves[place], 0)].add(person)
    cells = cube.cells[(f"{AREA}@0",)]
    leaves = cube.series.by_name[f"{AREA}@0"].leaves
    found = {
        leaves[place]: number
        for (place,), number in zip(cells.codes.tolist(), cells.counts.tolist(), strict=True)
    }
    assert found == {code: len(each) for code, each in there.items()}


@pytest.mark.parametrize(("broken", "is_found"), [({}, False), ({"noise": None, "base": 1}, True)])
def test_the_attack_goes_through_wider_codes(broken: dict[str, Any], is_found: bool) -> None:
    """Only regions are shown beside areas, and no totals: what is found is found through them."""
    given = widened(extract())
    wanted = [
        (AREA, "column01", "column02"),
        (f"{AREA}@0", "column01", "column02"),
    ]
    shown = protect(count(given, wanted), Thresholds(), replace(default_protection(), **broken))
    verdict = audit(shown)
    assert bool(verdict.exact) is is_found


@pytest.mark.parametrize(("broken", "is_found"), [({}, False), ({"noise": None, "base": 1}, True)])
def test_a_table_with_regions_out_of_the_cube_holds_against_linear_programs(
    broken: dict[str, Any], is_found: bool
) -> None:
    given = widened(extract())
    cube = count(given, list(groupings(given.series)))
    shown = protect(cube, Thresholds(), replace(default_protection(), **broken))
    release = release_of(shown, "first", "2024", [(AREA, "column01", "column02")])
    region = ((AREA, "r0"),)
    cells = cube.cells[(f"{AREA}@0",)]
    assert (
        release.shown[region] == shown.values[(f"{AREA}@0",)][cells.codes[:, 0].tolist().index(0)]
    )
    assert HIDDEN not in release.shown.values()
    assert bool(attack([release], Thresholds()).found) is is_found
