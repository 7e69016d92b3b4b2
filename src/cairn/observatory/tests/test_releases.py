"""What several releases tell together: linear programs and plain subtraction, year by year."""

import numpy as np
import pytest

from cairn.observatory.rules.attack import attack
from cairn.observatory.rules.noise import HIDDEN, default_protection
from cairn.observatory.rules.releases import Release, exact_release, noised_release
from cairn.observatory.rules.series import Thresholds
from cairn.observatory.rules.subtraction import subtractions
from cairn.observatory.rules.suppression import suppress
from cairn.observatory.rules.tables import Cell, Table, cell, linked
from cairn.observatory.tests.tables_scene import AREA, REGIONS, SEX, counted, drawn, table

NUMBERS = [30, 20, 30, 40, 25, 35, 45, 50, 60, 15, 22, 33]
WITHIN = {"to 2024": ["to 2023"]}


def exact(given_table: Table, counts: dict[Cell, int], name: str, population: str) -> Release:
    pattern = suppress(linked([given_table]), counts, 10)
    return exact_release(name, population, [given_table], pattern.shown())


def two_years(more: int) -> list[Release]:
    """The same table of all persons to 2023 and to 2024, with `more` in one cell."""
    given_table = table(AREA, SEX)
    later = [NUMBERS[0] + more, *(number + 50 for number in NUMBERS[1:])]
    return [
        exact(given_table, counted(given_table, NUMBERS), "first", "to 2023"),
        exact(given_table, counted(given_table, later), "second", "to 2024"),
    ]


def test_a_year_less_a_year_is_found_by_both_attacks() -> None:
    releases = two_years(3)
    found = list(subtractions(releases, Thresholds(), within=WITHIN))
    assert [each.persons for each in found] == [3]
    assert found[0].sentence == (
        "“area 0, sex 0” (second, 33) less “area 0, sex 0” (first, 30) leaves exactly 3."
    )
    audit = attack(releases, Thresholds(), within=WITHIN)
    assert [each.least for each in audit.found] == [3]
    assert "in to 2024 and not in to 2023" in audit.found[0].sentence


def test_releases_of_populations_that_are_apart_tell_nothing_of_each_other() -> None:
    assert not list(subtractions(two_years(3), Thresholds()))
    assert attack(two_years(3), Thresholds()).passes


def test_a_large_difference_is_no_finding() -> None:
    assert not list(subtractions(two_years(12), Thresholds(), within=WITHIN))
    assert attack(two_years(12), Thresholds(), within=WITHIN).passes


def test_a_category_less_a_narrower_one_is_found_over_releases() -> None:
    """Regions in one release, areas in another: each holds for itself."""
    leaves = dict(zip(REGIONS.leaves, [40, 30, 4, 25, 26, 27, 60], strict=True))
    by_area = Table("areas", (REGIONS,))
    counts = by_area.filled({cell([("area", code)]): n for code, n in leaves.items()})
    shown: dict[Cell, int | None] = {**counts, cell([("area", "c002")]): None}
    regions = {at: counts[at] for at in [cell([("area", "r0")]), cell([("area", "r1")])]}
    without: dict[Cell, int | None] = {
        at: None if at in regions or at == () else number for at, number in shown.items()
    }
    alone = exact_release("areas", "2024", [by_area], without)
    assert attack([alone], Thresholds()).passes
    both = [alone, exact_release("regions", "2024", [by_area], {at: counts[at] for at in regions})]
    assert [each.least for each in attack(both, Thresholds()).found] == [4]


def test_bands_of_another_list_are_subtracted_too() -> None:
    """Age bands before and after a break: those of today lie within one of the old list."""
    old, new = table(AREA), Table("new", (REGIONS,))
    old_counts = counted(old, [103, 50, 60, 70])
    first = exact_release("first", "2024", [old], {cell([("area", "c000")]): 103, (): 283})
    second = exact_release("second", "2024", [new], {cell([("area", "r1")]): 98})
    assert old_counts[()] == 283
    overlaps = {("area", "r1"): ["c000"]}
    assert not list(subtractions([first, second], Thresholds()))
    found = list(subtractions([first, second], Thresholds(), overlaps=overlaps))
    assert [(each.persons, each.larger.release) for each in found] == [(5, "first")]


def noised(counts: dict[Cell, int], name: str, population: str, keys: np.ndarray) -> Release:
    protection = default_protection()
    values = protection.shown(np.array(list(counts.values())), keys)
    shown = dict(zip(counts, values.tolist(), strict=True))
    tables = [table(AREA, SEX)]
    return noised_release(name, population, tables, shown, dict.fromkeys(counts, protection))


@pytest.mark.parametrize("more", [1, 3, 9])
def test_noise_leaves_no_difference_between_years(more: int) -> None:
    given_table = table(AREA, SEX)
    draw = np.random.default_rng(more)
    first = counted(given_table, NUMBERS)
    second = counted(given_table, [NUMBERS[0] + more, *NUMBERS[1:]])
    keys = draw.integers(0, 2**64, len(first), np.uint64)
    # Where nobody came, the persons and so the noise are the same.
    others = draw.integers(0, 2**64, len(first), np.uint64)
    changed = np.array([first[at] != second[at] for at in first])
    releases = [
        noised(first, "first", "to 2023", keys),
        noised(second, "second", "to 2024", np.where(changed, others, keys)),
    ]
    assert not list(subtractions(releases, Thresholds(), within=WITHIN))
    assert attack(releases, Thresholds(), within=WITHIN).found == ()
    same = [at for at in first if first[at] == second[at]]
    assert all(releases[0].shown.get(at) == releases[1].shown.get(at) for at in same)


def test_a_hidden_figure_is_never_among_the_printed_ones() -> None:
    given_table = table(AREA, SEX)
    counts = drawn(given_table, 3)
    keys = np.random.default_rng(1).integers(0, 2**64, len(counts), np.uint64)
    release = noised(counts, "first", "2024", keys)
    assert HIDDEN not in release.shown.values()
    assert 0 < len(release.shown) < len(counts)
    for at, number in counts.items():
        least, most = release.known[at]
        assert most is not None
        assert least <= number <= most
