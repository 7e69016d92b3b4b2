from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.observatory.rules.noise import (
    BASE,
    HIDDEN,
    VARIANCE,
    bias_of_rounding,
    chance_of_seeing_one,
    default_protection,
    noise_table,
    quality,
    rounded,
)

TABLE = noise_table()
STEPS = np.arange(-TABLE.furthest, TABLE.furthest + 1)


def keys(number: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, number, np.uint64)


def test_the_published_table_is_what_it_says() -> None:
    assert np.allclose(TABLE.chances.sum(axis=1), 1)
    assert np.allclose(TABLE.chances @ STEPS, 0, atol=1e-9)
    spread = TABLE.chances @ STEPS**2
    assert np.allclose(spread[2:], VARIANCE)
    assert spread[0] == 0
    for count, row in enumerate(TABLE.chances):
        assert not row[STEPS < -count].any()
    assert sum(line["chance"] for line in TABLE.published() if line["count"] == 4) == (
        pytest.approx(1)
    )


def test_one_person_more_is_seldom_seen_as_exactly_one_more() -> None:
    assert chance_of_seeing_one(TABLE) <= 0.2
    # Seen in draws as well, at the count where it is likeliest and at a usual one.
    for count in (1, 30):
        now = count + TABLE.draw(np.full(40_000, count), keys(40_000))
        later = count + 1 + TABLE.draw(np.full(40_000, count + 1), keys(40_000, seed=2))
        assert np.mean(later - now == 1) <= 0.2


def test_a_smaller_spread_would_show_one_too_often() -> None:
    assert chance_of_seeing_one(noise_table(5, 1.0)) > 0.2


def test_draws_follow_the_table() -> None:
    for count in (1, 3, 50):
        drawn = TABLE.draw(np.full(60_000, count), keys(60_000))
        shares = [np.mean(drawn == step) for step in STEPS]
        assert np.allclose(shares, TABLE.chances[min(count, 5)], atol=0.01)


def test_rounding_to_the_nearest_leaves_next_to_no_bias() -> None:
    assert bias_of_rounding(TABLE) < 0.1
    assert rounded(np.array([0, 2, 3, 7, 8, 12])).tolist() == [0, 0, 5, 5, 10, 10]


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 2**64 - 1))
def test_the_same_persons_show_the_same_in_every_table(count: int, key: int) -> None:
    alone = default_protection().shown(np.array([count]), np.array([key], np.uint64))
    among = default_protection().shown(np.array([3, count, 999]), np.array([5, key, 77], np.uint64))
    assert alone[0] == among[1]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2**64 - 1)), min_size=1),
    st.sampled_from([10, 20]),
)
def test_no_small_count_is_shown_and_bounds_hold_the_truth(
    cells: list[tuple[int, int]], threshold: int
) -> None:
    counts = np.array([count for count, _key in cells])
    lots = np.array([key for _count, key in cells], np.uint64)
    protection = default_protection(threshold)
    shown = protection.shown(counts, lots)
    assert (shown[counts < threshold] == HIDDEN).all()
    assert (shown[shown != HIDDEN] % BASE == 0).all()
    assert (shown[shown != HIDDEN] >= threshold).all()
    least, most = protection.bounds(shown)
    assert ((least <= counts) & (counts <= most)).all()


def test_that_a_cell_is_hidden_does_not_prove_it_small() -> None:
    shown = default_protection().shown(np.full(5_000, 11), keys(5_000))
    assert 0 < np.mean(shown == HIDDEN) < 0.5
    assert default_protection().bounds(np.array([HIDDEN]))[1][0] == 14


def test_a_zero_is_hidden_unless_it_tells_nothing() -> None:
    nobody = np.array([0]), np.array([0], np.uint64)
    assert default_protection().shown(*nobody)[0] == HIDDEN
    assert replace(default_protection(), zeros_shown=True).shown(*nobody)[0] == 0


@pytest.mark.parametrize(
    ("broken", "count"),
    [({"threshold": 1, "noise": None, "base": 1}, 3), ({"noise": None, "base": 1}, 12)],
)
def test_switched_off_the_true_count_is_shown(broken: dict[str, object], count: int) -> None:
    unprotected = replace(default_protection(), **broken)  # type: ignore[arg-type]
    assert (unprotected.shown(np.full(50, count), keys(50)) == count).all()
    assert len(set(default_protection().shown(np.full(50, 12), keys(50)).tolist())) > 1


def test_what_protection_costs_is_told() -> None:
    cost = quality(np.array([0, 5, 20, 75]), np.array([HIDDEN, HIDDEN, 25, 75]))
    assert (cost.cells, cost.shown, cost.kept) == (3, 2, 0.95)
    assert cost.mean_error == pytest.approx(0.125)
