"""Selection rules: totals, seats by agency, minimum women, the reserve list, what does not fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.training.rules import selection
from cairn.training.rules.choices import SelectionOutcome, Sex
from cairn.training.rules.selection import Candidate, Criterion, Seats, Why, propose

CRITERIA = [Criterion("experience", "Experience", weight=2), Criterion("duty", "Present duty")]
SELECTED, RESERVE = SelectionOutcome.SELECTED, SelectionOutcome.RESERVE


def _one(
    key: str, total: int | None, sex: Sex = Sex.MALE, agency: str = "a", **more: object
) -> Candidate:
    value = None if total is None else Decimal(total)
    return Candidate(key, agency, sex, value, **more)  # type: ignore[arg-type]


def _keys(rows: list[selection.Proposed]) -> list[str]:
    return [row.candidate.key for row in rows]


def test_a_total_weighs_each_criterion_by_its_published_weight() -> None:
    # (2 * 4/5 + 1 * 1/5) / 3 = 0.6
    assert selection.total_of(CRITERIA, {"experience": 4, "duty": 1}) == Decimal("60.00")
    assert selection.total_of(CRITERIA, {"experience": 5, "duty": 5}) == Decimal("100.00")
    assert selection.total_of(CRITERIA, {"experience": 1, "duty": 0}) == Decimal("13.33")


def test_there_is_no_total_until_every_criterion_is_scored() -> None:
    assert selection.total_of(CRITERIA, {"experience": 4}) is None
    assert selection.total_of([], {}) is None


@pytest.mark.parametrize("scores", [{"experience": 6}, {"duty": -1}, {"height": 1}])
def test_a_score_that_cannot_be_is_refused(scores: dict[str, int]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        selection.total_of(CRITERIA, scores)
    assert refusal.value.code == "selection.score"


@pytest.mark.parametrize(
    "criteria",
    [
        [Criterion("a", "A"), Criterion("a", "B")],
        [Criterion("a", "A", weight=0)],
        [Criterion("a", "A", most=0)],
        [Criterion(str(number), "A") for number in range(13)],
    ],
)
def test_criteria_that_cannot_be_weighed_are_refused(criteria: list[Criterion]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        selection.check_criteria(criteria)
    assert refusal.value.code == "selection.criteria"
    selection.check_criteria(CRITERIA)


def test_more_women_than_seats_cannot_be_asked_for() -> None:
    with pytest.raises(RuleBroken, match="Border guard"):
        selection.check_seats([Seats("a", 2, 3, "Border guard")])
    selection.check_seats([Seats("a", 3, 3)])


def test_seats_go_by_rank_within_each_agency() -> None:
    found = propose(
        [_one("p", 50), _one("q", 90), _one("r", 70), _one("s", 10, agency="b")],
        [Seats("a", 2), Seats("b", 1)],
    )

    assert _keys(found.of(SELECTED)) == ["q", "r", "s"]
    assert _keys(found.of(RESERVE)) == ["p"]
    assert found.findings == []


def test_equal_totals_keep_the_order_in_which_they_came() -> None:
    found = propose([_one("late", 50, place=2), _one("early", 50, place=1)], [Seats("a", 1)])

    assert _keys(found.of(SELECTED)) == ["early"]


def test_the_best_women_are_seated_first_up_to_the_minimum() -> None:
    candidates = [
        _one("m1", 90),
        _one("m2", 80),
        _one("w1", 40, Sex.FEMALE),
        _one("w2", 30, Sex.FEMALE),
    ]
    found = propose(candidates, [Seats("a", 2, 1)])

    assert _keys(found.of(SELECTED)) == ["m1", "w1"]
    assert [row.why for row in found.of(SELECTED)] == [Why.RANK, Why.WOMEN]
    assert _keys(found.of(RESERVE)) == ["m2", "w2"]
    assert [row.order for row in found.of(RESERVE)] == [1, 2]


def test_the_minimum_of_the_whole_call_takes_the_last_ranked_seats() -> None:
    candidates = [
        _one("m1", 90),
        _one("m2", 80),
        _one("w1", 40, Sex.FEMALE),
        _one("m3", 60, agency="b"),
        _one("w2", 50, Sex.FEMALE, agency="b"),
    ]
    found = propose(candidates, [Seats("a", 2), Seats("b", 1)], minimum_women=2)

    assert set(_keys(found.of(SELECTED))) == {"m1", "w1", "w2"}
    assert found.findings == []


def test_when_there_are_too_few_women_the_proposal_says_how_many() -> None:
    found = propose(
        [_one("m1", 90), _one("m2", 80), _one("w1", 10, Sex.FEMALE)],
        [Seats("a", 3, 2, "Border guard")],
        minimum_women=3,
    )

    assert [(each.code, each.count) for each in found.findings] == [
        ("selection.too-few-women", 1),
        ("selection.too-few-women", 2),
    ]
    assert found.findings[0].message == "Border guard: 1 woman is missing to the minimum."
    assert "2 women are missing" in found.findings[1].message
    assert not any(each.stops for each in found.findings)


def test_a_seat_that_an_agency_cannot_fill_stays_free() -> None:
    found = propose(
        [_one("p", 50), _one("q", 60, agency="b"), _one("r", 55, agency="b")],
        [Seats("a", 3), Seats("b", 1)],
    )

    assert found.free == {"a": 2, "b": 0}
    assert _keys(found.of(RESERVE)) == ["r"]


def test_who_cannot_be_ranked_is_listed_with_why() -> None:
    found = propose(
        [_one("p", None), _one("q", 60, is_eligible=False), _one("r", 55, agency="z")],
        [Seats("a", 3)],
    )

    assert {row.candidate.key: row.why for row in found.rows} == {
        "p": Why.NOT_SCORED,
        "q": Why.NOT_ELIGIBLE,
        "r": Why.NO_SEATS,
    }
    assert found.of(None) == found.rows


def test_what_a_panel_cannot_decide_is_named_with_its_count() -> None:
    picked = [
        _one("p", 50),
        _one("q", 60),
        _one("r", 70, is_eligible=False),
        _one("s", 70, agency="z"),
    ]
    found = selection.findings(picked, [Seats("a", 1, 0, "Border guard")])

    assert [(each.code, each.count, each.stops) for each in found] == [
        ("selection.not-eligible", 1, True),
        ("selection.no-seats", 1, True),
        ("selection.seats-exceeded", 2, True),
    ]
    assert found[2].message == "Border guard, seats: 1. 2 persons too many are chosen."
    with pytest.raises(RuleBroken) as refusal:
        selection.check_decision(found, "The panel wishes it.")
    assert refusal.value.code == "selection.not-eligible"


def test_too_few_women_can_be_decided_with_a_reason_only() -> None:
    found = selection.findings([_one("p", 50)], [Seats("a", 2, 1)])

    with pytest.raises(RuleBroken) as refusal:
        selection.check_decision(found, " ")
    assert refusal.value.code == "selection.too-few-women"
    selection.check_decision(found, "The agency has no women in this service yet.")
    selection.check_decision([], "")


def test_an_agency_owes_no_more_women_than_the_people_it_sends() -> None:
    assert selection.findings([_one("w", 50, Sex.FEMALE)], [Seats("a", 4, 2)]) == []
    assert selection.findings([], [Seats("a", 4, 2)], minimum_women=2) == []


def test_the_next_in_reserve_is_of_the_same_agency_and_a_woman_when_needed() -> None:
    reserve = [
        _one("m", 80),
        _one("w", 40, Sex.FEMALE),
        _one("x", 99, agency="b"),
        _one("n", 95, is_eligible=False),
    ]

    first = selection.next_in_reserve(reserve, agency="a", prefer_woman=False)
    woman = selection.next_in_reserve(reserve, agency="a", prefer_woman=True)

    assert (first and first.key, woman and woman.key) == ("m", "w")
    assert selection.next_in_reserve(reserve, agency="c", prefer_woman=True) is None


CANDIDATES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([Sex.FEMALE, Sex.MALE, Sex.NOT_STATED]),
        st.one_of(st.none(), st.integers(0, 100)),
        st.booleans(),
    ),
    max_size=25,
)
SEATS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=3)


@given(CANDIDATES, SEATS, st.integers(0, 8))
def test_a_proposal_never_exceeds_seats_nor_seats_somebody_unfit(
    drawn: list[tuple[str, Sex, int | None, bool]], seats: list[tuple[int, int]], women: int
) -> None:
    candidates = [
        _one(str(place), total, sex, agency, is_eligible=fit, place=place)
        for place, (agency, sex, total, fit) in enumerate(drawn)
    ]
    places = [
        Seats("abc"[number], count, min(least, count))
        for number, (count, least) in enumerate(seats)
    ]
    found = propose(candidates, places, minimum_women=women)
    chosen = [row.candidate for row in found.of(SELECTED)]

    assert len(found.rows) == len(candidates)
    assert not any(each.stops for each in found.findings)
    assert all(each.is_eligible and each.total is not None for each in chosen)
    for place in places:
        own = [each for each in candidates if each.agency == place.agency and each.is_eligible]
        scored = [each for each in own if each.total is not None]
        taken = [each for each in chosen if each.agency == place.agency]
        assert len(taken) == min(place.seats, len(scored))
        possible = min(place.minimum_women, sum(each.is_woman for each in scored))
        assert sum(each.is_woman for each in taken) >= possible
        assert found.free[place.agency] == place.seats - len(taken)
