"""Rules of nominations: the moves, when a call is open, what makes a nomination complete."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from cairn.core.errors import RuleBroken
from cairn.training.rules import nomination
from cairn.training.rules.nomination import NOMINATION_MOVES, CallFacts, NominationState
from cairn.training.rules.states import check_move

S = NominationState
DAY = timedelta(days=1)
OPENS, CLOSES = date(2025, 2, 1), date(2025, 2, 28)
CALL = CallFacts(OPENS, CLOSES)
CHAIN = [S.SUBMITTED, S.COMPLETE, S.VETTING, S.ELIGIBLE, S.SELECTED, S.CONFIRMED, S.ATTENDED]


def test_the_way_from_submitted_to_attended_is_open() -> None:
    for now, to in pairwise(CHAIN):
        check_move(NOMINATION_MOVES, now, to, "nomination.move")


@pytest.mark.parametrize("now", NominationState)
@pytest.mark.parametrize("to", NominationState)
def test_only_the_listed_moves_of_a_nomination_are_allowed(
    now: NominationState, to: NominationState
) -> None:
    if to in NOMINATION_MOVES[now]:
        check_move(NOMINATION_MOVES, now, to, "nomination.move")
    else:
        with pytest.raises(RuleBroken) as refusal:
            check_move(NOMINATION_MOVES, now, to, "nomination.move")
        assert refusal.value.code == "nomination.move"


@pytest.mark.parametrize(
    ("now", "to"),
    [
        (S.SUBMITTED, S.SELECTED),
        (S.COMPLETE, S.SELECTED),
        (S.VETTING, S.SELECTED),
        (S.NOT_ELIGIBLE, S.SELECTED),
        (S.DECLINED, S.CONFIRMED),
        (S.REPLACED, S.CONFIRMED),
        (S.ATTENDED, S.NO_SHOW),
        (S.SELECTED, S.ATTENDED),
        (S.SELECTED, S.WITHDRAWN),
    ],
)
def test_nobody_gets_a_seat_past_vetting_selection_or_confirmation(
    now: NominationState, to: NominationState
) -> None:
    assert to not in NOMINATION_MOVES[now]


def test_every_state_can_be_reached() -> None:
    reached = {S.SUBMITTED}
    while more := {to for now in reached for to in NOMINATION_MOVES[now]} - reached:
        reached |= more
    assert reached == set(NominationState)


@pytest.mark.parametrize("day", [OPENS, CLOSES, OPENS + 9 * DAY])
def test_a_call_is_open_on_both_its_days(day: date) -> None:
    assert nomination.is_open(CALL, day)
    nomination.check_open(CALL, day)


@pytest.mark.parametrize(
    ("call", "day", "said"),
    [
        (CALL, OPENS - DAY, "opens on 2025-02-01"),
        (CALL, CLOSES + DAY, "closed on 2025-02-28"),
        (CallFacts(OPENS, CLOSES, is_cancelled=True), OPENS, "cancelled"),
    ],
)
def test_outside_its_days_a_call_takes_nobody_and_says_why(
    call: CallFacts, day: date, said: str
) -> None:
    assert not nomination.is_open(call, day)
    with pytest.raises(RuleBroken, match=said) as refusal:
        nomination.check_open(call, day)
    assert refusal.value.code == "call.closed"


def test_a_call_ends_after_it_opens_and_before_the_training_begins() -> None:
    nomination.check_call_days(OPENS, OPENS, None)
    nomination.check_call_days(OPENS, CLOSES, CLOSES)
    for days in [(CLOSES, OPENS, None), (OPENS, CLOSES, CLOSES - DAY)]:
        with pytest.raises(RuleBroken) as refusal:
            nomination.check_call_days(*days)
        assert refusal.value.code == "call.days"


def test_what_is_missing_is_named_in_the_order_of_the_form() -> None:
    complete = dict.fromkeys(nomination.NEEDED, "given")

    assert nomination.missing(complete) == ()
    found = nomination.missing(complete | {"languages": [], "name": ""})
    assert found == ("name", "languages")
    assert nomination.missing_words(found) == "name, languages"


@pytest.mark.parametrize("to", sorted(nomination.NEEDS_REASON))
def test_a_refusal_or_retreat_gives_its_reason(to: NominationState) -> None:
    with pytest.raises(RuleBroken) as refusal:
        nomination.check_reason(to, "  ")
    assert refusal.value.code == "nomination.reason"
    nomination.check_reason(to, "Posted elsewhere.")


@pytest.mark.parametrize("to", sorted(set(NominationState) - nomination.NEEDS_REASON))
def test_a_step_forward_needs_no_reason(to: NominationState) -> None:
    nomination.check_reason(to, "")
