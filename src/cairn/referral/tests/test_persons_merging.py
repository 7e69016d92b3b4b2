"""Changes of two people come together in any order, and safety never gets less."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.referral.rules import merging
from cairn.referral.rules.merging import ORDERS, UNITED, Assessed, merge, standing_risk
from cairn.referral.rules.persons_contact import RiskFactor, RiskLevel

PROTECTING = sorted(ORDERS)
PLAIN = ["country", "sex", "displacement", "languages", "opened_on", "place"]
fields = st.sampled_from([*PROTECTING, *PLAIN, *sorted(UNITED)])


def values_of(field: str) -> st.SearchStrategy[Any]:
    if field in UNITED:
        return st.lists(st.sampled_from("abcd"), unique=True)
    if field in ORDERS:
        return st.sampled_from(ORDERS[field])
    if field in {"languages", "place"}:
        return st.lists(st.sampled_from(["ar", "fr", "en"]), max_size=2)
    return st.sampled_from(["", "one", "two", "three"])


@st.composite
def cases(draw: st.DrawFn, fewest: int = 0) -> tuple[str, Any, list[Any]]:
    field = draw(fields)
    values = values_of(field)
    return field, draw(values), draw(st.lists(values, min_size=fewest, max_size=4))


@given(cases())
def test_the_order_in_which_changes_arrive_makes_no_difference(case: Any) -> None:
    field, base, versions = case
    whole = merge(field, base, versions)
    assert all(merge(field, base, each) == whole for each in permutations(versions))


@given(cases(fewest=1))
def test_a_change_that_arrives_twice_counts_once(case: Any) -> None:
    field, base, versions = case
    assert merge(field, base, [*versions, versions[0]]) == merge(field, base, versions)


@given(cases())
def test_what_stands_may_arrive_again_and_still_stands(case: Any) -> None:
    field, base, versions = case
    standing = merge(field, base, versions).standing
    assert merge(field, base, [*versions, standing]).standing == standing
    assert merge(field, standing, [standing]) == merging.Merged(standing)


@given(cases(fewest=2))
def test_where_both_changed_the_same_safety_never_gets_less(case: Any) -> None:
    field, base, versions = case
    merged = merge(field, base, versions)
    if not merged.is_open:
        return
    changed = [value for value in merged.values if value != base]
    if field in PROTECTING or field in UNITED:
        assert not any(merging.lowers(field, value, merged.standing) for value in changed)
    else:
        assert merged.standing == base


@given(cases(fewest=2))
def test_nothing_that_somebody_wrote_is_lost(case: Any) -> None:
    field, base, versions = case
    merged = merge(field, base, versions)
    written = [sorted(v) if field in UNITED else v for v in versions]
    before = sorted(base) if field in UNITED else base
    for value in written:
        assert value in (before, merged.standing, *merged.values)


@given(cases())
def test_what_only_one_changed_is_taken_over_without_a_question(case: Any) -> None:
    field, base, versions = case
    mine = versions[0] if versions else base
    merged = merge(field, base, [mine, base, base])
    assert not merged.is_open
    assert merged.standing == (sorted(mine) if field in UNITED else mine)


@pytest.mark.parametrize("field", PROTECTING)
def test_every_pair_of_opposites_leaves_the_one_that_protects(field: str) -> None:
    order = ORDERS[field]
    for low, first in enumerate(order):
        for second in order[low + 1 :]:
            for base in order:
                if base in (first, second):
                    continue
                merged = merge(field, base, [first, second])
                assert (merged.standing, merged.is_open) == (second, True)


def test_the_words_of_the_rule_win_over_their_opposite() -> None:
    assert merge("age_band", "", ["adult", "age-disputed"]).standing == "age-disputed"
    assert merge("age_band", "", ["adult", "child"]).standing == "child"
    assert merge("consent", "explained", ["given", "withdrawn"]).standing == "withdrawn"
    assert merge("referral", "sent", ["accepted", "recalled"]).standing == "recalled"
    assert merge("share", "proposed", ["active", "revoked"]).standing == "revoked"
    assert merge("contact_rule", "not-asked", ["any", "none"]).standing == "none"
    assert merge("risk_level", "medium", ["low", "extreme"]).standing == "extreme"


def test_a_value_that_nobody_knows_never_wins() -> None:
    assert merge("risk_level", "medium", ["low", "harmless"]).standing == "low"


def test_free_text_is_kept_twice() -> None:
    assert merging.texts("old", ["mine", "theirs"]) == ("mine", "theirs")
    assert merging.texts("old", ["theirs", "mine"]) == ("mine", "theirs")
    assert merging.texts("old", ["old", "mine"]) == ("mine",)
    assert merging.texts("old", ["old"]) == ("old",)


def assessed(number: int, seen: int, level: RiskLevel, *factors: str) -> Assessed:
    return Assessed(number, seen, level, factors, date(2026, 3, number), date(2026, 4, number))


def test_nobody_assessed_it_so_nothing_stands() -> None:
    assert standing_risk([]) is None


def test_the_newest_assessment_stands_when_it_knew_the_others() -> None:
    found = standing_risk([assessed(1, 0, RiskLevel.EXTREME), assessed(2, 1, RiskLevel.LOW)])
    assert found is not None
    assert (found.level, found.is_open, found.newest) == ("low", False, 2)


def test_of_two_that_did_not_know_each_other_the_greater_danger_stands() -> None:
    rows = [
        assessed(1, 0, RiskLevel.MEDIUM),
        assessed(2, 1, RiskLevel.HIGH, RiskFactor.NEAR),
        assessed(3, 1, RiskLevel.LOW, RiskFactor.DEBT),
    ]
    for order in permutations(rows):
        found = standing_risk(order)
        assert found is not None
        assert (found.level, found.is_open) == ("high", True)
        assert found.factors == ("debt", "near")
        assert found.review_on == date(2026, 4, 2)
    later = standing_risk([*rows, assessed(4, 3, RiskLevel.LOW)])
    assert later is not None
    assert (later.level, later.is_open) == ("low", False)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(list(RiskLevel))), max_size=6),
)
def test_an_unseen_danger_is_never_hidden(drawn: list[tuple[int, RiskLevel]]) -> None:
    rows = [
        assessed(number, min(seen, number - 1), level)
        for number, (seen, level) in enumerate(drawn, start=1)
    ]
    found = standing_risk(rows)
    unseen = [one for one in rows if not any(one.number <= other.seen for other in rows)]
    if found is None:
        assert not rows
    else:
        order = [each.value for each in RiskLevel]
        assert all(order.index(found.level) >= order.index(each.level) for each in unseen)


def test_a_review_is_due_on_its_day() -> None:
    found = standing_risk([assessed(1, 0, RiskLevel.LOW)])
    assert found is not None
    assert found.is_due(date(2026, 4, 1))
    assert not found.is_due(date(2026, 3, 31))
