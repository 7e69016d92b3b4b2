"""Intervals against the check values of the training study, and what holds of all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.intervals import garwood, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(5, 22, 0.101, 0.434), (40, 160, 0.189, 0.322), (4, 23, 0.070, 0.371)],
)
def test_shares_have_the_intervals_of_the_study(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0005)


@pytest.mark.parametrize(
    ("count", "exposure", "low", "high"), [(12, 140, 4.4, 15.0), (0, 29, 0, 12.7)]
)
def test_rates_have_the_intervals_of_the_study(
    count: int, exposure: float, low: float, high: float
) -> None:
    found = tuple(100 * bound for bound in garwood(count, exposure))
    assert found == pytest.approx((low, high), abs=0.05)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_the_interval_between_none_and_all(
    counted: tuple[int, int],
) -> None:
    part, whole = counted
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1


@given(st.integers(0, 500))
def test_a_count_lies_in_its_interval(count: int) -> None:
    low, high = garwood(count)
    assert low <= count < high
