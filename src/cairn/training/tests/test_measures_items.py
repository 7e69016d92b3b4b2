"""Item statistics against Moodle's published definitions, computed a second time by another way.

The oracle takes the definitions as they are published (Quiz statistics calculations) and computes
them with exact fractions, so that both agree to 1e-9 and not by sharing code.
"""

import math
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from cairn.training.measures import items
from cairn.training.measures.figure import Flag

STUDY = [[int(mark) for mark in row] for row in "1111 1110 1100 1010 1000 0001 1100 1111".split()]

# Twelve invented people, six items: right or wrong, half marks, one of three marks, one too easy,
# one that strong people miss, one with negative marks.
MAXIMA = [1.0, 1.0, 3.0, 1.0, 1.0, 2.0]
MARKS = [
    [1, 0.5, 3, 1, 0, 2],
    [1, 1.0, 2.5, 1, 0, 1],
    [1, 0.5, 3, 1, 0, -0.5],
    [1, 1.0, 2, 1, 0, 2],
    [0, 0.5, 2, 1, 1, 1],
    [1, 0.0, 1.5, 1, 0, 0.5],
    [0, 0.5, 1, 1, 1, 2],
    [1, 0.0, 1, 1, 0, 0],
    [0, 0.0, 0.5, 1, 1, 1],
    [0, 0.5, 0, 1, 1, -0.5],
    [0, 0.0, 0.5, 0, 1, 0],
    [0, 0.0, 0, 1, 1, 0],
]


def covariance(first: list[Fraction], second: list[Fraction]) -> Fraction:
    n = len(first)
    return (
        sum((a * b for a, b in zip(first, second, strict=True)), Fraction())
        - sum(first, Fraction()) * sum(second, Fraction()) / n
    ) / (n - 1)


def oracle(marks: list[list[float]], maxima: list[float]) -> list[dict[str, float | None]]:
    """Moodle's facility, standard deviation, discrimination, efficiency, effective weight."""
    exact = [[Fraction(mark) for mark in row] for row in marks]
    totals = [sum(row, Fraction()) for row in exact]
    weights: list[float | None] = []
    found: list[dict[str, float | None]] = []
    for place, highest in enumerate(maxima):
        own = [row[place] for row in exact]
        rest = [total - mark for total, mark in zip(totals, own, strict=True)]
        spread, other = covariance(own, own), covariance(rest, rest)
        most = covariance(sorted(own), sorted(rest))
        together = covariance(own, totals)
        weights.append(math.sqrt(together) if together >= 0 else None)
        found.append(
            {
                "facility": float(sum(own, Fraction()) / len(own) / Fraction(highest)),
                "deviation": math.sqrt(spread),
                "discrimination": (
                    float(covariance(own, rest)) / math.sqrt(spread * other)
                    if spread * other
                    else None
                ),
                "efficiency": float(covariance(own, rest) / most) if most else None,
            }
        )
    whole = sum(weight for weight in weights if weight is not None)
    for row, weight in zip(found, weights, strict=True):
        row["effective_weight"] = None if weight is None or not whole else weight / whole
    return found


def compare(marks: list[list[float]], maxima: list[float]) -> None:
    ours = items.item_statistics(marks, maxima)
    for item, expected in zip(ours, oracle(marks, maxima), strict=True):
        for name, value in expected.items():
            got = getattr(item, name)
            if value is None:
                assert got is None, name
            else:
                assert got == pytest.approx(value, abs=1e-9), name


def test_every_statistic_equals_moodles_definition_on_the_fixture() -> None:
    compare(MARKS, MAXIMA)


def test_every_statistic_equals_moodles_definition_on_the_matrix_of_the_study() -> None:
    compare([[float(mark) for mark in row] for row in STUDY], [1.0] * 4)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=3, max_size=3),
        min_size=2,
        max_size=9,
    )
)
def test_every_statistic_equals_moodles_definition_on_any_marks(marks: list[list[float]]) -> None:
    compare(marks, [1.0, 1.0, 1.0])


def test_facility_and_discrimination_are_those_of_the_study() -> None:
    found = items.item_statistics(STUDY, [1] * 4)
    assert [item.facility for item in found] == [0.875, 0.625, 0.5, 0.375]
    assert [round(item.discrimination or 0, 3) for item in found] == [0.189, 0.389, 0.480, 0.0]


def test_fishers_interval_is_that_of_the_study_and_of_scipy() -> None:
    interval = items.fisher_interval(0.48, 30)
    assert interval is not None
    assert [round(bound, 3) for bound in interval] == [0.145, 0.716]
    first, second = [row[5] for row in MARKS], [sum(row[:5]) for row in MARKS]
    r = items.correlation(first, second)
    assert r is not None
    oracle_interval = stats.pearsonr(first, second).confidence_interval(0.95)
    assert items.fisher_interval(r, 12) == pytest.approx(tuple(oracle_interval), abs=1e-9)
    assert items.fisher_interval(-1 + 1e-15, 12) is None


def test_reliability_is_kr_20_on_the_matrix_of_the_study() -> None:
    value = items.alpha(STUDY, 4)
    assert value is not None
    assert round(value, 4) == 0.4388
    totals = [sum(row) for row in STUDY]
    parts = [items.item_statistics(STUDY, [1] * 4)[place].facility or 0 for place in range(4)]
    # KR-20 with divisor n - 1 throughout: p·q·n/(n - 1) is a right-wrong item's variance.
    wrong_and_right = sum(p * (1 - p) for p in parts) * 8 / 7
    spread = stats.tvar(totals)
    assert value == pytest.approx(4 / 3 * (1 - wrong_and_right / spread), abs=1e-9)


def test_error_of_measurement_is_the_spread_times_the_root_of_what_is_not_reliable() -> None:
    figure = items.measurement_error(STUDY, 4)
    spread = math.sqrt(stats.tvar([sum(row) for row in STUDY]))
    value = items.alpha(STUDY, 4) or 0
    assert figure.value == pytest.approx(spread * math.sqrt(1 - value), abs=1e-9)


def test_reliability_has_feldts_interval() -> None:
    figure = items.reliability(STUDY, 4)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 0.4388 < figure.high
    low_ratio = (1 - 0.43881856540084385) * stats.f.ppf(0.975, 7, 21)
    assert figure.low == pytest.approx(1 - low_ratio, abs=1e-9)


@pytest.mark.parametrize(
    ("facility", "discrimination", "flags"),
    [
        (0.19, 0.5, {Flag.TOO_HARD}),
        (0.20, 0.5, set()),
        (0.90, 0.5, set()),
        (0.91, 0.5, {Flag.TOO_EASY}),
        (0.5, 0.19, {Flag.WEAK}),
        (0.5, 0.20, set()),
        (0.5, -0.01, {Flag.NEGATIVE}),
        (0.5, None, set()),
    ],
)
def test_flags_stand_exactly_at_their_thresholds(
    facility: float, discrimination: float | None, flags: set[str]
) -> None:
    assert set(items.item_flags(facility, discrimination, 30)) == flags


def test_fewer_than_thirty_are_called_exploratory() -> None:
    assert items.item_flags(0.5, 0.5, 29) == (Flag.EXPLORATORY,)


def test_an_item_that_strong_people_miss_is_negative_and_has_no_weight() -> None:
    found = items.item_statistics(MARKS, MAXIMA)[4]
    assert Flag.NEGATIVE in found.flags
    assert found.effective_weight is None


def test_without_variance_there_is_no_discrimination_and_it_says_why() -> None:
    marks = [[1, mark] for mark in (0, 1, 1, 0, 1)]
    found = items.item_statistics(marks, [1, 1])[0]
    assert found.discrimination is None
    assert found.efficiency is None
    assert "same mark" in items.discrimination(found).sentence
    assert items.facility(found).value == 1
    assert Flag.TOO_EASY in items.facility(found).flags


def test_nobody_and_few_have_no_figures_and_raise_nothing() -> None:
    nobody = items.item_statistics([], [1, 1])[0]
    few = items.item_statistics([[1, 0], [0, 1]], [1, 1])[0]
    for made in (items.facility, items.discrimination, items.efficiency, items.effective_weight):
        assert made(nobody).value is None
        assert "Nobody" in made(nobody).sentence
        assert made(few).is_hidden
    assert items.reliability([], 4).value is None
    assert items.reliability([[1]] * 6, 1).value is None
    assert items.reliability([[1, 1]] * 6, 2).value is None
    assert items.measurement_error([[1, 1]] * 6, 2).value is None


def test_a_row_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="every item"):
        items.item_statistics([[1, 1], [1]], [1, 1])


@pytest.mark.parametrize(
    ("kind", "options", "share"),
    [
        ("single", 4, 0.25),
        ("true-false", 2, 0.5),
        ("matching", 5, 0.2),
        ("short-answer", 0, 0.0),
        ("multiple", 5, None),
        ("ordering", 4, None),
    ],
)
def test_guessing_gets_what_moodle_says(kind: str, options: int, share: float | None) -> None:
    assert items.random_guess(kind, options) == share


def test_cut_score_is_the_rounded_mean_of_the_judges_with_their_spread() -> None:
    figure = items.cut_score([[0.5, 0.75, 0.25], [0.75, 0.75, 0.5], [1.0, 0.5, 0.75]])
    assert figure.value == 2
    assert (figure.low, figure.high) == (1.5, 2.25)
    assert "1.92" in figure.sentence
    assert items.cut_score([[0.5, 1.0], [0.5, 0.5]]).value == 1
    alone = items.cut_score([[1.0, 1.5]])
    assert alone.value == 3
    assert "one is no panel" in alone.sentence
    assert items.cut_score([]).value is None


def test_options_are_compared_between_the_ends_of_the_group() -> None:
    totals = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    chosen = [{"a"}, {"c"}, {"a"}, {"a"}, {"a"}, {"b"}, {"b"}, {"b"}, {"a"}, {"b"}]
    found = {row.key: row for row in items.distractors(totals, chosen, "abcd", {"a"})}
    # 27 percent of ten people are 2.7: the third from the end counts 0.7.
    assert found["a"].upper == pytest.approx(1.7 / 2.7)
    assert found["b"].lower == pytest.approx(1.7 / 2.7)
    assert found["c"].flags == (Flag.DISTRACTOR_DRAWS_STRONG,)
    assert found["d"].flags == (Flag.UNUSED_DISTRACTOR,)
    assert found["b"].flags == ()
    assert items.distractors([], [], "ab", {"a"}) == []


def test_equal_totals_at_the_border_share_the_place() -> None:
    totals = [3, 2, 2, 2, 1]
    one_way = items.distractors(totals, [{"a"}, {"b"}, {"a"}, {"a"}, {"a"}], "ab", {"a"})
    other = items.distractors(totals, [{"a"}, {"a"}, {"a"}, {"b"}, {"a"}], "ab", {"a"})
    assert one_way == other
    assert one_way[1].upper == pytest.approx((0.35 / 3) / 1.35)
