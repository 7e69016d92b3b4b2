"""Learning gain, effect, form effect and change by item, against the study and against scipy."""

import math
from collections.abc import Callable

import pytest
from scipy import stats

from cairn.training.measures import gain
from cairn.training.measures.figure import Figure, Flag

PRE = [8.0, 10, 7, 12, 9, 11, 6, 13, 10, 9]
POST = [13.0, 15, 12, 16, 11, 15, 12, 17, 14, 12]
PAIRS = list(zip(PRE, POST, strict=True))


def bounds(figure: Figure) -> tuple[float, float]:
    assert figure.low is not None
    assert figure.high is not None
    return figure.low, figure.high


def test_gain_in_marks_is_that_of_the_study() -> None:
    figure = gain.gain_in_marks(PAIRS)
    assert figure.value == pytest.approx(4.2, abs=1e-12)
    low, high = bounds(figure)
    assert (round(low, 3), round(high, 3)) == (3.388, 5.012)


def test_gain_in_percentage_points_is_that_of_the_study() -> None:
    figure = gain.gain(PAIRS, 20)
    low, high = bounds(figure)
    assert figure.value is not None
    assert [round(x, 1) for x in (figure.value, low, high)] == [21.0, 16.9, 25.1]
    assert figure.n == 10
    assert "21.0 percentage points more" in figure.sentence
    assert "95% interval 16.9 to 25.1" in figure.sentence


def test_gain_interval_is_that_of_scipys_paired_test() -> None:
    oracle = stats.ttest_rel(POST, PRE).confidence_interval(0.95)
    assert bounds(gain.gain_in_marks(PAIRS)) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_normalised_gain_is_the_group_form() -> None:
    figure = gain.normalised_gain(PAIRS, 20)
    assert figure.value == pytest.approx(0.400, abs=1e-12)
    low, high = bounds(figure)
    assert low < 0.4 < high


def test_normalised_gain_bounds_are_where_fiellers_t_reaches_its_quantile() -> None:
    # By definition, mean(d - g·room) is just not distinguishable from zero at a bound g.
    quantile = stats.t.ppf(0.975, 9)
    for bound in bounds(gain.normalised_gain(PAIRS, 20)):
        left = [after - before - bound * (20 - before) for before, after in PAIRS]
        reached = stats.ttest_1samp(left, 0).statistic
        assert abs(reached) == pytest.approx(quantile, abs=1e-9)


def test_mean_of_personal_gains_differs_from_the_group_form() -> None:
    figure = gain.mean_personal_gain(PAIRS, 20)
    assert figure.value is not None
    assert round(figure.value, 4) == 0.4100


def test_effect_size_carries_the_correction_for_small_groups() -> None:
    figure = gain.effect_size(PAIRS)
    assert round(gain.small_sample_factor(10), 4) == 0.9143
    assert figure.value is not None
    assert round(figure.value / gain.small_sample_factor(10), 3) == 3.699
    steps = [after - before for before, after in PAIRS]
    raw = float(stats.ttest_1samp(steps, 0).statistic) / math.sqrt(10)
    assert figure.value == pytest.approx(raw * (1 - 3 / 35), abs=1e-9)


def test_effect_size_bounds_put_the_observed_t_at_its_outer_points() -> None:
    figure = gain.effect_size(PAIRS)
    low, high = bounds(figure)
    factor, root = gain.small_sample_factor(10), math.sqrt(10)
    observed = float(stats.ttest_rel(POST, PRE).statistic)
    assert stats.nct.cdf(observed, 9, low / factor * root) == pytest.approx(0.975, abs=1e-9)
    assert stats.nct.cdf(observed, 9, high / factor * root) == pytest.approx(0.025, abs=1e-9)


def test_form_effect_is_welchs_difference_before_the_training() -> None:
    form_a, form_b = [8.0, 11, 9, 12, 10], [6.0, 9, 8, 7, 10, 8]
    figure = gain.form_effect(form_a, form_b, 20)
    oracle = stats.ttest_ind(form_a, form_b, equal_var=False)
    interval = oracle.confidence_interval(0.95)
    assert figure.value == pytest.approx(5 * (10 - 8), abs=1e-9)
    assert bounds(figure) == pytest.approx((5 * interval.low, 5 * interval.high), abs=1e-9)
    assert "form A was easier" in figure.sentence


def test_forms_that_do_not_differ_are_said_to_be_equally_hard() -> None:
    figure = gain.form_effect([8.0, 11, 9, 12, 10], [10.0, 12, 9, 8, 11], 20)
    assert figure.value == pytest.approx(0)
    assert "equally hard" in figure.sentence


def test_an_easier_form_drops_out_of_the_adjusted_gain() -> None:
    a_first = [(8.0, 12.0), (9, 13), (7, 12), (10, 13), (8, 13)]
    b_first = [(7.0, 12.0), (8, 13), (9, 12), (6, 11), (7, 12), (9, 14)]
    fair = gain.adjusted_gain(a_first, b_first, 20)
    # Form A gives everybody three marks more, before or after.
    easier_a = [(before + 3, after) for before, after in a_first]
    easier_b = [(before, after + 3) for before, after in b_first]
    skewed = gain.adjusted_gain(easier_a, easier_b, 20)
    assert skewed.value == pytest.approx(fair.value, abs=1e-9)
    assert bounds(skewed) == pytest.approx(bounds(fair), abs=1e-9)
    assert fair.value == pytest.approx(5 * (4.2 + 28 / 6) / 2, abs=1e-9)


def test_item_change_is_mcnemars_exact_probability() -> None:
    figure = gain.item_change(9, 2, 4)
    assert figure.value is not None
    assert round(figure.value, 4) == 0.0654
    assert figure.value == pytest.approx(stats.binomtest(2, 11).pvalue, abs=1e-9)
    assert figure.n == 15


def test_as_many_better_as_worse_is_certainly_chance() -> None:
    assert gain.item_change(3, 3).value == 1.0


def test_women_and_men_are_compared_with_welchs_interval() -> None:
    women, men = [20.0, 25, 15, 30, 22], [18.0, 16, 21, 12, 14, 19]
    figure = gain.gap("gain-gap", women, men, ("Women", "men"))
    oracle = stats.ttest_ind(women, men, equal_var=False).confidence_interval(0.95)
    assert bounds(figure) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_mean_score_stays_between_none_and_all() -> None:
    figure = gain.mean_score("score-after", [20, 20, 20, 20, 19, 2], 20)
    low, high = bounds(figure)
    assert high == 1.0
    assert 0 < low < 1


def test_a_loss_is_said_as_a_loss() -> None:
    figure = gain.gain([(after, before) for before, after in PAIRS], 20)
    assert figure.value == pytest.approx(-21)
    assert "percentage points less" in figure.sentence


def test_a_gain_that_chance_may_explain_is_flagged() -> None:
    figure = gain.gain([(10, 12), (10, 8), (10, 11), (10, 9), (10, 10.5)], 20)
    assert Flag.INTERVAL_HAS_ZERO in figure.flags


UNDEFINED: list[tuple[Callable[[], Figure], str]] = [
    (lambda: gain.gain([], 20), "Nobody has sat both"),
    (lambda: gain.gain(PAIRS, 0), "no marks to reach"),
    (lambda: gain.gain_in_marks([(1, 2)]), "Only 1 person"),
    (lambda: gain.normalised_gain([(20, 20)] * 6, 20), "full marks before"),
    (lambda: gain.mean_personal_gain([(20, 20)] * 6, 20), "Nobody has sat both"),
    (lambda: gain.effect_size([(10, 14)] * 6), "gained the same"),
    (lambda: gain.effect_size([(0.1, 0.3)] * 5 + [(0.2, 0.4)] * 5), "gained the same"),
    (lambda: gain.form_effect([8, 9, 10, 11, 12], [], 20), "Only one form"),
    (lambda: gain.form_effect([8, 9, 10, 11, 12], [7, 8], 20), "Only 2 people"),
    (lambda: gain.adjusted_gain(PAIRS, [], 20), "Both orders"),
    (lambda: gain.mean_score("score-after", [], 20), "Nobody has handed in"),
    (lambda: gain.mean_score("score-after", [3, 4, 5, 6], 20), "Only 4 people"),
    (lambda: gain.item_change(0, 0, 9), "Nobody's answer changed"),
    (lambda: gain.item_change(0, 0), "Nobody answered this question"),
    (lambda: gain.gap("gain-gap", [], [1, 2, 3, 4, 5], ("Women", "men")), "empty"),
]


@pytest.mark.parametrize(("made", "why"), UNDEFINED, ids=[why for _made, why in UNDEFINED])
def test_what_is_not_defined_says_why(made: Callable[[], Figure], why: str) -> None:
    figure = made()
    assert figure.value is None
    assert figure.low is None
    assert why in figure.sentence
    assert figure.value_text == "–"


def test_everybody_gaining_the_same_has_an_interval_of_no_width() -> None:
    figure = gain.gain([(10, 14)] * 6, 20)
    assert (figure.value, figure.low, figure.high) == (20, 20, 20)


def test_groups_without_any_spread_differ_exactly() -> None:
    assert gain.welch([3, 3], [1, 1]) == (2, 2, 2)
    assert gain.welch([3], [1, 1]) is None
