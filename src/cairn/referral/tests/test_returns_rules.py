"""Rules of returns: every step, everything that blocks, and what a concern may still do."""

from datetime import date, timedelta
from itertools import product

import pytest

from cairn.referral.rules import returns as rules
from cairn.referral.rules.returns import (
    LEFT,
    PREPARED,
    RETURN_MOVES,
    Danger,
    Found,
    Readiness,
    ReturnState,
    Wish,
)
from cairn.referral.tests.referrals_made import refused

S = ReturnState
TODAY = date(2026, 5, 20)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
STEPS = {
    (S.NOT_CONSIDERED, S.COUNSELLED),
    (S.COUNSELLED, S.COUNSELLED),
    (S.COUNSELLED, S.RISK_ASSESSED),
    (S.COUNSELLED, S.DECLINED),
    (S.RISK_ASSESSED, S.COUNSELLED),
    (S.RISK_ASSESSED, S.RISK_ASSESSED),
    (S.RISK_ASSESSED, S.BLOCKED),
    (S.RISK_ASSESSED, S.PRE_DEPARTURE),
    (S.RISK_ASSESSED, S.DECLINED),
    (S.BLOCKED, S.RISK_ASSESSED),
    (S.BLOCKED, S.DECLINED),
    (S.DECLINED, S.COUNSELLED),
    (S.PRE_DEPARTURE, S.TRAVELLING),
    (S.PRE_DEPARTURE, S.BLOCKED),
    (S.PRE_DEPARTURE, S.RISK_ASSESSED),
    (S.PRE_DEPARTURE, S.DECLINED),
    (S.TRAVELLING, S.RECEIVED),
    (S.RECEIVED, S.REINTEGRATION),
    (S.REINTEGRATION, S.MONITORED),
    (S.MONITORED, S.MONITORED),
    (S.MONITORED, S.CLOSED),
    (S.CONCERN, S.CLOSED),
    *((left, S.CONCERN) for left in (*LEFT, S.CLOSED)),
}


@pytest.mark.parametrize("before", ReturnState)
@pytest.mark.parametrize("after", ReturnState)
def test_a_return_takes_the_steps_of_the_study_and_no_other(
    before: ReturnState, after: ReturnState
) -> None:
    if (before, after) in STEPS:
        rules.check_return_move(before, after)
    else:
        with refused("return.move"):
            rules.check_return_move(before, after)


def test_nobody_travels_who_was_blocked_or_said_no_without_a_new_assessment() -> None:
    """From each of them, every way to the journey leads through an assessment."""
    for start in (S.BLOCKED, S.DECLINED, S.COUNSELLED, S.NOT_CONSIDERED):
        reached: set[ReturnState] = set()
        waiting = [start]
        while waiting:
            state = waiting.pop()
            onward = RETURN_MOVES[state] - {S.RISK_ASSESSED} - reached
            reached |= onward
            waiting += onward
        assert not reached & {S.PRE_DEPARTURE, S.TRAVELLING}, start


def test_who_has_left_can_always_be_feared_for_and_arrives_once() -> None:
    assert {state for state, onward in RETURN_MOVES.items() if S.CONCERN in onward} == {
        *LEFT,
        S.CLOSED,
    }
    assert {state for state, onward in RETURN_MOVES.items() if S.RECEIVED in onward} == {
        S.TRAVELLING
    }
    reached: set[ReturnState] = set()
    waiting = [S.RECEIVED]
    while waiting:
        onward = RETURN_MOVES[waiting.pop()] - reached
        reached |= onward
        waiting += onward
    assert not reached & {S.RECEIVED, S.TRAVELLING, *PREPARED}


def test_a_person_can_say_no_until_the_journey_begins() -> None:
    able = {state for state, onward in RETURN_MOVES.items() if S.DECLINED in onward}
    assert able == {S.COUNSELLED, S.RISK_ASSESSED, S.BLOCKED, S.PRE_DEPARTURE}


FLAGS = ("is_wanted", "has_partner", "is_partner_excluded", "is_guarded", "is_determined")


@pytest.mark.parametrize("found", [None, *Found])
@pytest.mark.parametrize("flags", list(product([True, False], repeat=len(FLAGS))))
def test_a_departure_lacks_what_is_not_there_and_nothing_else(
    found: Found | None, flags: tuple[bool, ...]
) -> None:
    ready = Readiness(found, **dict(zip(FLAGS, flags, strict=True)))
    lacking = {
        "return.unsafe": found not in {Found.SAFE, Found.SAFEGUARDS},
        "return.wish": not ready.is_wanted,
        "return.partner": not ready.has_partner,
        "return.excluded": ready.has_partner and ready.is_partner_excluded,
        "person.guardian": not ready.is_guarded,
        "return.child": not ready.is_determined,
    }
    codes = [each.code for each in rules.lacks(ready)]
    assert codes == [code for code, is_lacking in lacking.items() if is_lacking]
    if codes:
        with refused(codes[0]):
            rules.check_departure(ready)
    else:
        rules.check_departure(ready)


@pytest.mark.parametrize("wish", Wish)
def test_only_a_yes_that_names_a_country_is_a_yes(wish: Wish) -> None:
    said = rules.check_wish(wish, TODAY, "MDA", TODAY)
    assert said == (TODAY if wish is Wish.YES else None)
    with refused("return.day"):
        rules.check_wish(wish, TOMORROW, "MDA", TODAY)
    if wish is Wish.YES:
        with refused("return.country"):
            rules.check_wish(wish, TODAY, "", TODAY)
    else:
        assert rules.check_wish(wish, TODAY, "", TODAY) is None


@pytest.mark.parametrize("found", Found)
@pytest.mark.parametrize("has_danger", [True, False])
@pytest.mark.parametrize("has_safeguards", [True, False])
def test_an_assessment_says_on_what_it_rests(
    found: Found, has_danger: bool, has_safeguards: bool
) -> None:
    dangers = [Danger.DEBT.value] if has_danger else []
    safeguards = "A safe house there" if has_safeguards else " "
    given = (found, dangers, TODAY, "Asked the person", safeguards, TODAY)
    if found is Found.SAFEGUARDS and not has_safeguards:
        with refused("return.safeguards"):
            rules.check_assessment(*given)
    elif found is Found.SAFE and has_danger:
        with refused("return.dangers"):
            rules.check_assessment(*given)
    else:
        rules.check_assessment(*given)
    with refused("return.sources"):
        rules.check_assessment(found, dangers, TODAY, " ", safeguards, TODAY)
    with refused("return.day"):
        rules.check_assessment(found, dangers, TOMORROW, "Asked", safeguards, TODAY)


@pytest.mark.parametrize(
    ("before", "held_on", "received_on", "code"),
    [
        (None, TODAY, YESTERDAY, ""),
        (None, YESTERDAY, YESTERDAY, ""),
        (YESTERDAY, TODAY, YESTERDAY, "return.visited"),
        (None, YESTERDAY, TODAY, "return.day"),
        (None, TOMORROW, YESTERDAY, "return.day"),
        (None, TODAY, None, "return.day"),
    ],
)
def test_a_visit_is_written_down_once_after_the_arrival(
    before: date | None, held_on: date, received_on: date | None, code: str
) -> None:
    if code:
        with refused(code):
            rules.check_visit(before, held_on, received_on, TODAY)
    else:
        rules.check_visit(before, held_on, received_on, TODAY)


def test_small_rules_of_returns() -> None:
    rules.check_none_open(False)
    with refused("return.open"):
        rules.check_none_open(True)
    rules.check_to_come(TODAY, TODAY)
    with refused("return.day"):
        rules.check_to_come(YESTERDAY, TODAY)
    with refused("return.day"):
        rules.check_past(TOMORROW, TODAY)
    rules.check_visits(0, is_wish=False)
    rules.check_visits(2, is_wish=True)
    with refused("return.visits"):
        rules.check_visits(1, is_wish=False)
    rules.check_concern("Seen with them again")
    with refused("return.words"):
        rules.check_concern("  ")
    with refused("person.is-erased"):
        rules.check_not_erased(TODAY)


@pytest.mark.parametrize("now", ReturnState)
@pytest.mark.parametrize("seen", [None, *ReturnState])
def test_who_saw_another_state_is_told(now: ReturnState, seen: ReturnState | None) -> None:
    if seen in {None, now}:
        rules.check_seen(now, seen)
    else:
        with refused("return.meanwhile"):
            rules.check_seen(now, seen)
