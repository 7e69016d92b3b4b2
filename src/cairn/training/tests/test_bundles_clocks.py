"""Clocks of kits: what two meetings say about their error."""

from datetime import UTC, datetime, timedelta

import pytest

from cairn.training.bundles import clocks
from cairn.training.bundles.clocks import Offset

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def measured(error: timedelta, out: timedelta, back: timedelta) -> Offset:
    """What both meetings show of a clock with `error`, carried for `out` and `back`."""
    return clocks.on_the_way_out(NOON, NOON + out + error).narrowed(
        clocks.on_the_way_back(NOON + 9 * HOUR + error, NOON + 9 * HOUR + back)
    )


@pytest.mark.parametrize("hours", [-30, -5, -1, 0, 1, 5, 30])
def test_the_true_error_always_lies_between_the_bounds(hours: int) -> None:
    error = hours * HOUR
    found = measured(error, 2 * HOUR, 3 * HOUR)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= error <= found.high
    assert found.width == 5 * HOUR


def test_a_clock_five_hours_ahead_is_corrected_to_within_what_the_way_back_took() -> None:
    found = measured(5 * HOUR, timedelta(minutes=10), timedelta(minutes=3))
    assert found.best == 5 * HOUR - timedelta(minutes=3)
    assert clocks.corrected(NOON + 5 * HOUR, found) == NOON + timedelta(minutes=3)


def test_a_clock_five_hours_behind_is_corrected_by_the_way_out() -> None:
    found = measured(-5 * HOUR, timedelta(minutes=10), timedelta(minutes=3))
    assert found.best == -5 * HOUR + timedelta(minutes=10)


def test_a_clock_that_may_be_right_is_left_alone() -> None:
    found = measured(timedelta(seconds=40), 2 * HOUR, 3 * HOUR)
    assert clocks.corrected(NOON, found) == NOON


def test_without_any_meeting_nothing_is_known() -> None:
    assert Offset().best is None
    assert Offset().width is None
    assert clocks.corrected(NOON, Offset()) == NOON


def test_a_clock_that_was_set_in_between_shows() -> None:
    out = clocks.on_the_way_out(NOON, NOON - 5 * HOUR)
    back = clocks.on_the_way_back(NOON + 9 * HOUR, NOON + 9 * HOUR)
    assert out.narrowed(back).is_contradictory
    assert not measured(3 * HOUR, HOUR, HOUR).is_contradictory


def test_a_right_clock_read_beside_it_bounds_both_sides_to_the_minute() -> None:
    found = measured(5 * HOUR, 3 * HOUR, 48 * HOUR).narrowed(clocks.stated(NOON + 5 * HOUR, NOON))
    assert found.width == timedelta(minutes=2)
    assert found.best == 5 * HOUR - timedelta(minutes=1)
