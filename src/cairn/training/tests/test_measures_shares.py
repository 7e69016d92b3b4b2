"""Shares, differences, bounds, survival, rates and agreement: the check values of the study."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import product

import pytest
from django.utils import translation
from scipy import stats

from cairn.core.intervals import wilson
from cairn.training.measures import (
    agreement,
    cascade_figures,
    cost,
    followup,
    funnel,
    rates,
    shares,
    survival,
)
from cairn.training.measures.cascade_figures import Generation
from cairn.training.measures.figure import (
    Figure,
    Flag,
    Unit,
    cells_to_hide,
    conceal_small,
    text_of,
)
from cairn.training.measures.survival import Ending, Spell


def in_percent(figure: Figure) -> list[float]:
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    return [round(100 * number, 1) for number in (figure.value, figure.low, figure.high)]


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (5, 22, [22.7, 10.1, 43.4]),
        (40, 160, [25.0, 18.9, 32.2]),
        (4, 23, [17.4, 7.0, 37.1]),
    ],
)
def test_shares_have_the_wilson_interval_of_the_study(
    part: int, whole: int, printed: list[float]
) -> None:
    assert in_percent(shares.share("women", part, whole)) == printed


@pytest.mark.parametrize(("part", "whole"), [(0, 22), (22, 22), (1, 7), (40, 160)])
def test_wilsons_interval_is_scipys(part: int, whole: int) -> None:
    oracle = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    assert wilson(part, whole) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_a_share_is_said_with_its_interval() -> None:
    figure = shares.share("women", 5, 22)
    assert figure.sentence == "5 of 22: 22.7% (95% interval 10.1% to 43.4%)."
    assert figure.shown == "22.7% (10.1% to 43.4%)"
    assert Flag.EXPLORATORY in figure.flags


def test_a_share_of_fewer_than_five_is_hidden() -> None:
    figure = shares.share("women", 2, 4)
    assert figure.is_hidden
    assert figure.value is None
    assert "Only 4 people" in figure.sentence
    assert not shares.share("women", 2, 5).is_hidden


def test_a_part_beyond_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="part"):
        shares.share("women", 6, 5)


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    figure = shares.difference("difference", 6, 8, 10, 20)
    assert figure.value == pytest.approx(25)
    assert figure.low is not None
    assert figure.high is not None
    assert (round(figure.low, 1), round(figure.high, 1)) == (-14.5, 51.9)
    # Newcombe's tenth method by hand from the two Wilson intervals.
    (low, high), (other_low, other_high) = wilson(6, 8), wilson(10, 20)
    down = math.hypot(0.75 - low, other_high - 0.5)
    up = math.hypot(high - 0.75, 0.5 - other_low)
    by_hand = (100 * (0.25 - down), 100 * (0.25 + up))
    assert (figure.low, figure.high) == pytest.approx(by_hand, abs=1e-9)


def test_parity_compares_with_the_strength_of_the_unit() -> None:
    figure = shares.parity(40, 160, 12, 100)
    assert figure.value is not None
    assert round(figure.value, 2) == 2.08
    assert shares.parity(40, 160, 0, 100).value is None


def test_coverage_says_the_day_of_the_strength() -> None:
    figure = shares.coverage(12, 700, date(2024, 6, 30))
    assert figure.value == pytest.approx(12 / 700)
    assert "30 Jun 2024" in figure.sentence
    assert figure.low is not None
    assert shares.coverage(12, None, None).value is None
    assert "ask for a newer strength" in shares.coverage(12, 8, None).sentence
    assert Flag.ABOVE_STRENGTH in shares.coverage(12, 8, None).flags


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ([10, 12], set()),
        ([10, 0], set()),
        ([10, 3], {0, 1}),
        ([10, 3, 20], {0, 1}),
        ([10, 3, 3, 20], {1, 2}),
        ([10, 1, 2, 20], {0, 1, 2}),
        ([3], {0}),
        ([], set()),
    ],
)
def test_what_would_give_a_small_cell_away_is_hidden_with_it(
    counts: list[int], places: set[int]
) -> None:
    assert cells_to_hide(counts) == places


@pytest.mark.parametrize("length", range(5))
def test_the_total_never_gives_a_hidden_cell_away(length: int) -> None:
    for counts in product((0, 1, 2, 4, 5, 9, 30), repeat=length):
        check_nothing_is_given_away(counts)


def check_nothing_is_given_away(counts: Sequence[int]) -> None:
    places = cells_to_hide(counts)
    shown = [count for place, count in enumerate(counts) if place not in places]
    assert all(count == 0 or count >= 5 for count in shown)
    left = sum(counts) - sum(shown)
    others = sum(1 for count in counts if count)
    assert not places or (len(places) >= 2 and left >= 5) or len(places) == others


def test_a_breakdown_hides_the_small_cell_and_one_more() -> None:
    rows = [shares.share("women", 5, 10), shares.share("women", 1, 3), shares.share("women", 8, 20)]
    shown = conceal_small(rows)
    assert [row.value for row in shown] == [None, None, 0.4]
    assert "Only 3 people" in shown[1].sentence
    assert "group that is hidden" in shown[0].sentence


def test_response_leaves_out_who_could_not_answer() -> None:
    figure = followup.response_rate(45, 66, ineligible=4, undeliverable=2)
    assert in_percent(figure) == [75.0, 62.8, 84.2]


def test_application_is_said_with_its_worst_and_best_case() -> None:
    figure = followup.application(36, 45, invited=60)
    assert figure.value == pytest.approx(0.8)
    assert "between 60% and 85%" in figure.sentence
    bounds = followup.application_bounds(36, 45, invited=60)
    assert (bounds.low, bounds.high) == (0.6, 0.85)
    with pytest.raises(ValueError, match="must not fall"):
        followup.application_bounds(46, 45, invited=60)


def test_half_life_of_knowledge_is_that_of_the_study() -> None:
    assert round(followup.half_life(16, 13, 180) or 0) == 601
    figure = followup.retention([(16, 13)] * 5, 180)
    assert figure.value == pytest.approx(math.log(0.5) / math.log(13 / 16) * 180, abs=1e-9)
    assert "Two points make no curve" in figure.sentence
    assert "did not fall" in followup.retention([(13, 16)] * 5, 180).sentence


def test_design_effect_is_that_of_the_study() -> None:
    figure = followup.design_effect(25, 0.05)
    assert figure.value == pytest.approx(2.2)
    assert Flag.NESTED in figure.flags
    assert followup.design_effect(0, 0.05).value is None


SPELLS = [
    Spell(day, Ending.DELIVERED if delivered else Ending.WATCHED)
    for day, delivered in zip(
        [30, 45, 60, 75, 90, 120, 150, 180], [1, 1, 0, 1, 1, 0, 1, 0], strict=True
    )
]


def test_activation_is_kaplan_and_meiers_curve_of_the_study() -> None:
    curve = survival.activation(SPELLS)
    assert [step.day for step in curve.steps] == [30, 45, 75, 90, 150]
    waiting = [step.waiting for step in curve.steps]
    assert waiting == pytest.approx([0.875, 0.75, 0.6, 0.45, 0.225], abs=1e-9)
    assert [step.at_risk for step in curve.steps] == [8, 7, 5, 4, 2]
    assert curve.median == 90
    assert survival.median_activation(curve).value == 90


def test_activation_bounds_are_scipys_log_log_bounds() -> None:
    curve = survival.activation(SPELLS)
    sample = stats.CensoredData(
        uncensored=[row.days for row in SPELLS if row.ending is Ending.DELIVERED],
        right=[row.days for row in SPELLS if row.ending is not Ending.DELIVERED],
    )
    oracle = stats.ecdf(sample).sf.confidence_interval(0.95, method="log-log")
    for step in curve.steps:
        low = float(oracle.low.evaluate(step.day))
        high = float(oracle.high.evaluate(step.day))
        assert (step.low, step.high) == pytest.approx((low, high), abs=1e-9)


def test_who_left_is_censored_in_the_curve_and_competes_in_the_other() -> None:
    gone = [Spell(10, Ending.AWAY), Spell(20, Ending.DELIVERED), *SPELLS]
    curve = survival.activation(gone)
    first = curve.steps[0]
    assert curve.away == 1
    assert first.waiting == pytest.approx(8 / 9)
    # With leaving as competing: one of ten was gone before one of nine delivered.
    assert first.delivered_or_gone == pytest.approx(0.9 * 1 / 9)


def test_nobody_active_and_nobody_at_all_raise_nothing() -> None:
    nobody = survival.activation([])
    idle = survival.activation([Spell(40, Ending.WATCHED)] * 6)
    assert survival.activation_share(nobody, 90).value is None
    assert survival.median_activation(nobody).value is None
    assert survival.activation_share(idle, 90).value == 0.0
    assert survival.median_activation(idle).value is None
    assert survival.activation([Spell(40, Ending.DELIVERED)] * 6).steps[-1].waiting == 0.0


def test_activation_by_a_day_is_said_with_interval() -> None:
    figure = survival.activation_share(survival.activation(SPELLS), 100)
    assert figure.value == pytest.approx(0.55)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 0.55 < figure.high


def test_outcome_rate_is_garwoods_of_the_mali_pool() -> None:
    figure = rates.outcome_rate(12, 140)
    assert figure.value is not None
    assert [round(x, 1) for x in (figure.value, figure.low or 0, figure.high or 0)] == [
        8.6,
        4.4,
        15.0,
    ]
    assert figure.low == pytest.approx(stats.chi2.ppf(0.025, 24) / 2 / 1.4, abs=1e-9)
    assert figure.high == pytest.approx(stats.chi2.ppf(0.975, 26) / 2 / 1.4, abs=1e-9)
    assert "not shown to be the cause" in figure.sentence


def test_no_outcome_still_has_an_upper_bound() -> None:
    figure = rates.outcome_rate(0, 29)
    assert (figure.value, figure.low) == (0, 0)
    assert round(figure.high or 0, 1) == 12.7


def test_agreement_of_raters_is_that_of_the_study() -> None:
    figure = agreement.weighted_kappa(
        [3, 2, 4, 3, 1, 2, 3, 4, 2, 3], [3, 2, 3, 3, 2, 2, 3, 4, 2, 4]
    )
    assert figure.value is not None
    assert round(figure.value, 4) == 0.7826
    assert figure.value == pytest.approx(1 - 3 / 13.8, abs=1e-9)


def test_raters_who_never_vary_have_no_agreement_to_speak_of() -> None:
    assert agreement.weighted_kappa([2, 2, 2], [2, 2, 2]).value is None
    assert agreement.weighted_kappa([2], [2]).value is None
    assert agreement.weighted_kappa([1, 2, 1, 2], [2, 1, 2, 1]).value == pytest.approx(-1)


def test_concentration_of_deliveries_is_that_of_the_study() -> None:
    counts = [0, 0, 1, 1, 2, 6]
    figure = cascade_figures.concentration(counts)
    pairs = sum(abs(a - b) for a in counts for b in counts)
    assert figure.value == pytest.approx(0.60, abs=1e-12)
    assert figure.value == pytest.approx(pairs / (2 * 36 * (10 / 6)), abs=1e-9)
    assert Flag.DEPENDENT_ON_FEW in figure.flags
    assert cascade_figures.gini([2, 2, 2]) == 0
    assert cascade_figures.concentration([0, 0]).value is None


def test_the_quoted_curve_is_reference_only() -> None:
    assert [round(x, 4) for x in cascade_figures.quoted_quality(3)] == [0.75, 0.5625, 0.4219]


def test_effective_reach_weighs_each_generation_with_its_pass_rate() -> None:
    rows = [
        Generation(1, persons=140, tested=100, passed=80),
        Generation(2, persons=300, aggregate=300, tested=40, passed=20),
        Generation(3, persons=50, aggregate=50),
    ]
    figure = cascade_figures.effective_reach(rows)
    assert figure.value == pytest.approx(140 * 0.8 + 300 * 0.5)
    assert figure.n == 490
    assert "50 are in generations without enough tests" in figure.sentence
    assert cascade_figures.effective_reach(rows[2:]).value is None


def test_reach_tells_named_and_aggregate_apart() -> None:
    figure = cascade_figures.reach(Generation(1, persons=140, aggregate=31, verified=109))
    assert figure.value == 140
    assert "31 reported as counts only, 109 verified" in figure.sentence


def test_reproduction_counts_trainers_who_trained_nobody() -> None:
    credited = [20.0, 0, 0, 15, 5]
    figure = cascade_figures.reproduction(0, credited)
    oracle = stats.ttest_1samp(credited, 0).confidence_interval(0.95)
    assert figure.value == pytest.approx(8)
    assert figure.high == pytest.approx(oracle.high, abs=1e-9)
    assert figure.low == 0
    assert cascade_figures.reproduction(0, []).value is None


def test_quality_is_compared_between_generations() -> None:
    first, second = (
        Generation(1, 20, tested=20, passed=15),
        Generation(2, 40, tested=40, passed=20),
    )
    assert in_percent(cascade_figures.quality(first))[0] == 75.0
    assert cascade_figures.quality_step(second, first).value == pytest.approx(-25)


def test_the_whole_seed_budget_is_no_unit_cost() -> None:
    figure = cost.cost_each(
        "cost-completed",
        913_351,
        109,
        included=["the whole project"],
        rate_day=None,
        is_unit_cost=False,
    )
    assert round(figure.value or 0) == 8379
    assert Flag.NOT_UNIT_COST in figure.flags
    assert "not a unit cost" in figure.sentence
    nobody = cost.cost_each("cost-passed", 10, 0, included=[], rate_day=None)
    assert nobody.value is None


def test_a_return_needs_its_assumptions() -> None:
    assert cost.return_on_training(300, 100, [], 5).value is None
    assert cost.return_on_training(300, 100, ["an invented benefit"], 5).value == 2


def test_the_funnel_compares_each_step_with_the_one_before() -> None:
    rows = funnel.funnel([funnel.Count("nominated", 20, 40, 2), funnel.Count("selected", 8, 16)])
    assert rows[0].change is None
    assert rows[0].women.value == pytest.approx(1 / 3)
    assert "2 with another sex" in rows[0].women.sentence
    assert rows[1].change is not None
    assert rows[1].change.value == pytest.approx(0)
    assert rows[1].label == "Selected"


def test_trainer_use_is_days_delivered_of_days_available() -> None:
    assert cascade_figures.trainer_use(30, 120, 6).value == 0.25
    assert cascade_figures.trainer_use(0, 0, 6).value is None


NOTHING: list[Callable[[], Figure]] = [
    lambda: shares.share("women", 0, 0),
    lambda: shares.difference("difference", 0, 0, 1, 9),
    lambda: shares.difference("difference", 1, 3, 1, 9),
    lambda: shares.parity(0, 0, 1, 9),
    lambda: shares.coverage(0, 0, None),
    lambda: followup.response_rate(0, 0),
    lambda: followup.application(0, 0, invited=0),
    lambda: followup.application_bounds(0, 0, invited=0),
    lambda: followup.retention([], 180),
    lambda: rates.outcome_rate(0, 0),
    lambda: rates.outcome_rate(2, 3),
    lambda: rates.outcome_rate_in_post(2, 0, 0),
    lambda: cascade_figures.effective_reach([]),
    lambda: cascade_figures.concentration([]),
    lambda: agreement.weighted_kappa([], []),
]


@pytest.mark.parametrize("made", NOTHING)
def test_nothing_to_count_gives_a_sentence_and_no_number(made: Callable[[], Figure]) -> None:
    figure = made()
    assert figure.value is None
    assert len(figure.sentence) > 20


def test_among_arabic_words_a_sign_stays_before_its_digits() -> None:
    with translation.override("ar"):
        assert text_of(-0.724, Unit.RATIO, 2) == "\u2066-0.72\u2069"
        assert text_of(0.001, Unit.SHARE, 0) == "\u2066<1%\u2069"
        assert text_of(0.724, Unit.RATIO, 2) == "0.72"
    with translation.override("fr"):
        assert text_of(-0.724, Unit.RATIO, 2) == "-0,72"
