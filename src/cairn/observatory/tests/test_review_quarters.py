"""Quarters and their year: what four releases and a fifth tell together."""

from cairn.observatory.rules.attack import attack
from cairn.observatory.rules.releases import Release, exact_release
from cairn.observatory.rules.series import Thresholds
from cairn.observatory.rules.suppression import suppress
from cairn.observatory.rules.tables import Cell, linked
from cairn.observatory.tests.tables_scene import AREA, SEX, counted, table

QUARTERS = ("q1", "q2", "q3", "q4")
NUMBERS = [30, 20, 30, 40, 25, 35, 45, 50, 60, 15, 22, 33]
LAST = [3, *NUMBERS[1:]]


def exact(counts: dict[Cell, int], population: str) -> Release:
    given_table = table(AREA, SEX)
    pattern = suppress(linked([given_table]), counts, 10)
    return exact_release(population, population, [given_table], pattern.shown())


def test_a_year_less_three_quarters_gives_the_small_cell_of_the_fourth_away() -> None:
    """Whoever is identified once stands in one quarter, so that a year is its quarters' sum."""
    given_table = table(AREA, SEX)
    by_quarter = [counted(given_table, NUMBERS)] * 3 + [counted(given_table, LAST)]
    year = {at: sum(each[at] for each in by_quarter) for at in by_quarter[0]}
    releases = [exact(each, name) for each, name in zip(by_quarter, QUARTERS, strict=True)]
    releases.append(exact(year, "year"))
    small = next(at for at, number in by_quarter[3].items() if number == 3)
    assert small not in releases[3].shown
    shown_elsewhere = [each.shown[small] for each in (*releases[:3], releases[4])]
    assert shown_elsewhere[3] - sum(shown_elsewhere[:3]) == 3
    known = {"year": QUARTERS}
    found = attack(releases, Thresholds(), within=known, parts=known, complete=["year"]).found
    assert ("q4", small, 3) in [(*each.group[:2], each.least) for each in found]


def test_three_quarters_and_the_year_are_enough() -> None:
    """The fourth quarter has not gone out, and is told all the same."""
    given_table = table(AREA, SEX)
    by_quarter = [counted(given_table, NUMBERS)] * 3 + [counted(given_table, LAST)]
    year = {at: sum(each[at] for each in by_quarter) for at in by_quarter[0]}
    releases = [exact(each, name) for each, name in zip(by_quarter[:3], QUARTERS, strict=False)]
    releases.append(exact(year, "year"))
    known = {"year": QUARTERS[:3]}
    found = attack(releases, Thresholds(), within=known, parts=known).found
    assert 3 in [each.least for each in found]
