"""Splitting money and shares, and keeping small numbers of people out: no database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.portfolio.iati.dividing import by_year, equal_shares, weighted_shares
from cairn.portfolio.iati.protecting import counts_people, releasable
from cairn.portfolio.iati.records import Measured

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONEY = st.decimals(0, 10**12, places=2)


@given(DAYS, DAYS, MONEY)
def test_parts_of_a_budget_add_up_to_the_cent_and_stay_within_a_year(
    one: date, other: date, amount: Decimal
) -> None:
    starts, ends = sorted((one, other))
    parts = list(by_year(starts, ends, amount))
    assert sum(part for _first, _last, part in parts) == amount
    assert parts[0][0] == starts
    assert parts[-1][1] == ends
    assert all(first.year == last.year and first <= last for first, last, _part in parts)
    assert all(part >= 0 and part == round(part, 2) for _first, _last, part in parts)


def test_a_budget_is_cut_at_the_turn_of_the_year_and_shared_by_days() -> None:
    parts = list(by_year(date(2024, 2, 1), date(2026, 1, 31), Decimal(913_351)))
    assert [str(last) for _first, last, _part in parts] == [
        "2024-12-31",
        "2025-12-31",
        "2026-01-31",
    ]
    days = [335, 365, 31]
    assert [round(part / 913_351 * 731) for _first, _last, part in parts] == days


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        list(by_year(date(2024, 2, 2), date(2024, 2, 1), Decimal(1)))


@given(st.integers(2, 250))
def test_equal_shares_are_a_hundred_together(count: int) -> None:
    shares = [share for share in equal_shares(count) if share is not None]
    assert sum(shares) == 100
    assert max(shares) - min(shares) <= Decimal("0.01")


def test_a_single_place_needs_no_share() -> None:
    assert equal_shares(1) == [None]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_weighted_shares_are_a_hundred_together(weights: list[int]) -> None:
    assert sum(weighted_shares(weights)) == 100


@pytest.mark.parametrize(
    ("unit", "parted", "is_people"),
    [
        ("people", [], True),
        ("officers", [], True),
        ("", [], True),
        ("a unit that nobody thought of", [], True),
        ("countries", [], False),
        ("officers of two countries", [], True),
        ("percent", [], False),
        ("countries", ["sex"], True),
        ("yes = 1, no = 0", [], False),
    ],
)
def test_what_may_be_people_is_taken_for_people(
    unit: str, parted: list[str], is_people: bool
) -> None:
    assert counts_people(unit, tuple(parted)) is is_people


def part(value: int, name: str = "women") -> Measured:
    return Measured(Decimal(value), (("part", name),))


@pytest.mark.parametrize(
    ("whole", "parts", "shown"),
    [
        (9, [], []),
        (10, [], [10]),
        (0, [], [0]),
        (40, [20, 20], [40, 20, 20]),
        (40, [31, 9], [40]),
        # One part alone: what is left of the whole would be small.
        (40, [35], [40]),
        (40, [25], [40, 25]),
        (9, [0], []),
    ],
)
def test_small_numbers_and_what_gives_them_away_stay_out(
    whole: int, parts: list[int], shown: list[int]
) -> None:
    found = releasable(Measured(Decimal(whole)), [part(value) for value in parts])
    assert [each.value for each in found] == shown


def test_parts_without_a_whole_stand_together_or_not_at_all() -> None:
    assert len(releasable(None, [part(12), part(30)])) == 2
    assert releasable(None, [part(12), part(3)]) == ()
