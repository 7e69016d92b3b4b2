"""Every move between states, every sum of money, every chapter: tables without a database."""

from decimal import Decimal as D
from itertools import combinations

import pytest

from cairn.core.errors import RuleBroken
from cairn.portfolio import rules
from cairn.portfolio.rules import (
    Chapter,
    PledgeStage,
    RequestState,
    Standing,
    State,
    chapter_of,
    check_move,
    check_reduced,
    check_request_move,
    check_stage_sum,
    in_dollars,
    inferred_state,
    listed_moves,
    listed_request_moves,
    pledge_stage,
)

S, R = State, RequestState
# Written out by hand from the study of the field, not read from the table under test.
MOVES = {
    (S.CONCEPT, S.APPRAISED),
    (S.APPRAISED, S.APPROVED),
    (S.APPRAISED, S.CONCEPT),
    (S.APPROVED, S.PARTLY_FUNDED),
    (S.APPROVED, S.FULLY_FUNDED),
    (S.PARTLY_FUNDED, S.FULLY_FUNDED),
    (S.PARTLY_FUNDED, S.ACTIVE),
    (S.FULLY_FUNDED, S.PARTLY_FUNDED),
    (S.FULLY_FUNDED, S.ACTIVE),
    (S.ACTIVE, S.SUSPENDED),
    (S.ACTIVE, S.OPERATIONALLY_CLOSED),
    (S.SUSPENDED, S.ACTIVE),
    (S.SUSPENDED, S.OPERATIONALLY_CLOSED),
    (S.OPERATIONALLY_CLOSED, S.FINANCIALLY_CLOSED),
    (S.FINANCIALLY_CLOSED, S.EVALUATED),
}
REQUEST_MOVES = {
    (R.RECEIVED, R.ASSESSED),
    (R.RECEIVED, R.DECLINED),
    (R.ASSESSED, R.MATCHED),
    (R.ASSESSED, R.DECLINED),
    (R.MATCHED, R.FUNDED),
    (R.MATCHED, R.DECLINED),
    (R.FUNDED, R.DELIVERING),
    (R.DELIVERING, R.DELIVERED),
    (R.DELIVERED, R.FOLLOWED_UP),
}


@pytest.mark.parametrize("now", State)
@pytest.mark.parametrize("to", State)
def test_a_project_makes_listed_moves_only(now: State, to: State) -> None:
    if (now, to) in MOVES:
        check_move(now, to, budget=D(100), pledged=D(100))
    else:
        with pytest.raises(RuleBroken) as told:
            check_move(now, to, budget=D(100), pledged=D(100))
        assert told.value.code == "portfolio.move"
        for _start, possible in [move for move in MOVES if move[0] == now]:
            assert str(possible.label) in str(told.value.remedy)


def test_the_last_state_says_that_nothing_is_possible() -> None:
    with pytest.raises(RuleBroken) as told:
        check_move(S.EVALUATED, S.ACTIVE, budget=None, pledged=D(0))
    assert "none" in str(told.value.remedy)


@pytest.mark.parametrize(
    ("to", "budget", "pledged", "allowed"),
    [
        (S.FULLY_FUNDED, D(100), D("99.99"), False),
        (S.FULLY_FUNDED, D(100), D(100), True),
        (S.FULLY_FUNDED, D(100), D(101), True),
        (S.FULLY_FUNDED, None, D(100), False),
        (S.FULLY_FUNDED, D(0), D(0), True),
        (S.PARTLY_FUNDED, D(100), D(0), False),
        (S.PARTLY_FUNDED, D(100), D("0.01"), True),
        (S.PARTLY_FUNDED, None, D(5), True),
    ],
)
def test_the_money_on_record_bears_out_what_is_called_funded(
    to: State, budget: D | None, pledged: D, allowed: bool
) -> None:
    if allowed:
        check_move(S.APPROVED, to, budget=budget, pledged=pledged)
    else:
        with pytest.raises(RuleBroken) as told:
            check_move(S.APPROVED, to, budget=budget, pledged=pledged)
        assert told.value.code == "portfolio.funding"
        assert told.value.remedy


def test_only_funding_moves_look_at_the_money() -> None:
    check_move(S.PARTLY_FUNDED, S.ACTIVE, budget=None, pledged=D(0))
    check_move(S.CONCEPT, S.APPRAISED, budget=None, pledged=D(0))


@pytest.mark.parametrize("now", RequestState)
@pytest.mark.parametrize("to", RequestState)
def test_a_request_makes_listed_moves_only(now: RequestState, to: RequestState) -> None:
    if (now, to) in REQUEST_MOVES:
        check_request_move(now, to, reason="Because.", has_project=True)
    else:
        with pytest.raises(RuleBroken) as told:
            check_request_move(now, to, reason="Because.", has_project=True)
        assert told.value.code == "request.move"


@pytest.mark.parametrize("now", [R.RECEIVED, R.ASSESSED, R.MATCHED])
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_declining_needs_a_reason(now: RequestState, reason: str) -> None:
    with pytest.raises(RuleBroken) as told:
        check_request_move(now, R.DECLINED, reason=reason, has_project=False)
    assert told.value.code == "request.reason"
    check_request_move(now, R.DECLINED, reason="Another agency does it.", has_project=False)


def test_matching_needs_a_project_and_the_steps_before_do_not() -> None:
    check_request_move(R.RECEIVED, R.ASSESSED, reason="", has_project=False)
    with pytest.raises(RuleBroken) as told:
        check_request_move(R.ASSESSED, R.MATCHED, reason="", has_project=False)
    assert told.value.code == "request.project"


@pytest.mark.parametrize(
    ("budget", "pledged", "shortfall", "surplus", "share"),
    [
        (D(100), D(0), D(100), D(0), 0.0),
        (D(100), D(25), D(75), D(0), 0.25),
        (D(100), D(100), D(0), D(0), 1.0),
        (D(100), D(130), D(0), D(30), 1.0),
        (D("0.10"), D("0.03"), D("0.07"), D(0), 0.3),
        (D(0), D(0), D(0), D(0), None),
        (D(0), D(5), D(0), D(5), None),
        (None, D(0), None, D(0), None),
        (None, D(700_000), None, D(0), None),
    ],
)
def test_a_shortfall_is_computed_and_never_negative(
    budget: D | None, pledged: D, shortfall: D | None, surplus: D, share: float | None
) -> None:
    standing = Standing(budget, pledged)
    assert standing.shortfall == shortfall
    assert standing.surplus == surplus
    assert standing.funded_share == (pytest.approx(share) if share is not None else None)


@pytest.mark.parametrize(
    ("limit", "already", "more", "allowed"),
    [
        (D(100), D(0), D(100), True),
        (D(100), D(60), D(40), True),
        (D(100), D(60), D("40.01"), False),
        (D(100), D(100), D("0.01"), False),
        (D(0), D(0), D("0.01"), False),
    ],
)
def test_money_of_a_later_stage_stays_within_the_earlier(
    limit: D, already: D, more: D, allowed: bool
) -> None:
    if allowed:
        check_stage_sum(limit, already, more, what="spending")
    else:
        with pytest.raises(RuleBroken) as told:
            check_stage_sum(limit, already, more, what="spending")
        assert told.value.code == "funding.exceeds"
        assert str(more) in str(told.value.message)


@pytest.mark.parametrize(
    ("agreed", "received", "spent", "stage"),
    [
        (0, 0, 0, PledgeStage.PLEDGED),
        (80, 0, 0, PledgeStage.AGREED),
        (80, 30, 0, PledgeStage.PARTLY_RECEIVED),
        (80, 80, 0, PledgeStage.RECEIVED),
        (80, 80, 79, PledgeStage.RECEIVED),
        (80, 80, 80, PledgeStage.SPENT),
        (80, 40, 40, PledgeStage.PARTLY_RECEIVED),
        (100, 99, 0, PledgeStage.PARTLY_RECEIVED),
    ],
)
def test_the_stage_of_a_pledge_follows_from_its_sums(
    agreed: int, received: int, spent: int, stage: PledgeStage
) -> None:
    sums = {"agreed": D(agreed), "received": D(received), "spent": D(spent)}
    assert pledge_stage(withdrawn=False, pledged=D(100), **sums) == stage
    assert pledge_stage(withdrawn=True, pledged=D(100), **sums) == PledgeStage.WITHDRAWN


CONTINENTS = ("002", "009", "019", "142", "150")


@pytest.mark.parametrize("continent", CONTINENTS)
def test_one_continent_is_the_chapter(continent: str) -> None:
    assert chapter_of(frozenset({continent}), is_world=False) == Chapter(continent)


@pytest.mark.parametrize("pair", list(combinations(CONTINENTS, 2)))
def test_more_than_one_continent_is_several(pair: tuple[str, str]) -> None:
    assert chapter_of(frozenset(pair), is_world=False) == Chapter.SEVERAL


def test_the_world_comes_before_everything_and_nothing_is_its_own_chapter() -> None:
    assert chapter_of(frozenset(CONTINENTS), is_world=True) == Chapter.WORLD
    assert chapter_of(frozenset(), is_world=True) == Chapter.WORLD
    assert chapter_of(frozenset(), is_world=False) == Chapter.NONE


@pytest.mark.parametrize(
    ("in_title", "public_title", "in_public_title", "allowed"),
    [
        (set(), "", set(), True),
        ({"NPL"}, "", set(), False),
        ({"NPL"}, "Courts", set(), True),
        ({"NPL"}, "Courts of Nepal", {"NPL"}, False),
        (set(), "Courts of Nepal", {"NPL"}, False),
        ({"FRA"}, "", set(), True),
        ({"NPL", "FRA"}, "With French help", {"FRA"}, True),
    ],
)
def test_the_title_that_the_public_sees_tells_no_country_of_a_reduced_project(
    in_title: set[str], public_title: str, in_public_title: set[str], allowed: bool
) -> None:
    def check() -> None:
        check_reduced(
            countries=frozenset({"NPL", "SEN"}),
            named_in_title=frozenset(in_title),
            public_title=public_title,
            named_in_public_title=frozenset(in_public_title),
        )

    if allowed:
        check()
    else:
        with pytest.raises(RuleBroken) as told:
            check()
        assert told.value.code == "publication.title"


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_from_a_concept(state: State) -> None:
    reached, edge = {S.CONCEPT}, [S.CONCEPT]
    while edge:
        edge = [to for now in edge for to in rules.MOVES[now] if to not in reached]
        reached.update(edge)
    assert state in reached


@pytest.mark.parametrize(
    ("printed", "budget", "pledged", "has_code", "told"),
    [
        ("In progress", None, D(0), False, (S.ACTIVE, "inferred:printed-status")),
        ("", D(100), D(100), True, (S.FULLY_FUNDED, "inferred:pledges")),
        ("", D(100), D(99), True, (S.PARTLY_FUNDED, "inferred:pledges")),
        ("", None, D(1), False, (S.PARTLY_FUNDED, "inferred:pledges")),
        ("", D(0), D(0), True, (S.APPROVED, "inferred:code")),
        ("planned", D(100), D(0), False, (S.CONCEPT, "inferred:no-code")),
    ],
)
def test_a_source_tells_a_state_and_on_what_it_rests(
    printed: str, budget: D | None, pledged: D, has_code: bool, told: tuple[State, str]
) -> None:
    assert told == inferred_state(
        status_as_printed=printed, budget=budget, pledged=pledged, has_code=has_code
    )


def test_moves_are_offered_in_the_order_of_a_course_and_the_way_out_last() -> None:
    assert listed_moves(S.ACTIVE) == [S.SUSPENDED, S.OPERATIONALLY_CLOSED]
    assert listed_moves(S.EVALUATED) == []
    assert listed_request_moves(R.MATCHED) == [R.FUNDED, R.DECLINED]


@pytest.mark.parametrize(
    ("amount", "rate", "usd"),
    [("100", "1.085", "108.50"), ("0.01", "0.5", "0.01"), ("0.01", "0.49", "0.00")],
)
def test_half_a_cent_is_rounded_up(amount: str, rate: str, usd: str) -> None:
    assert in_dollars(D(amount), D(rate)) == D(usd)


def test_more_dollars_than_records_hold_are_refused() -> None:
    with pytest.raises(RuleBroken) as told:
        in_dollars(D(10**12), D(2))
    assert told.value.code == "amount.too_large"
