"""Rules of plans, services given, placements and claims, in every case they know."""

from datetime import date, timedelta

import pytest

from cairn.referral.rules import matters, plans
from cairn.referral.rules.plans import (
    MATTER_MOVES,
    PLAN_ENDS,
    PLAN_MOVES,
    MatterState,
    PlanState,
)
from cairn.referral.rules.services import ServiceType
from cairn.referral.tests.referrals_made import refused

P, M = PlanState, MatterState
TODAY = date(2026, 5, 20)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
# The whole machine, as the study on casework draws it; nothing else is a step.
STEPS = {
    (P.PROPOSED, P.AGREED),
    (P.PROPOSED, P.ENDED_BY_PERSON),
    (P.AGREED, P.ACTIVE),
    (P.AGREED, P.ENDED_BY_PERSON),
    (P.ACTIVE, P.UNDER_REVIEW),
    (P.UNDER_REVIEW, P.ACTIVE),
    *((before, end) for before in (P.ACTIVE, P.UNDER_REVIEW) for end in PLAN_ENDS),
    *((end, P.ACTIVE) for end in PLAN_ENDS),
}
CLAIMED = {
    (M.NOTICED, M.RAISED),
    (M.RAISED, M.CONSIDERED),
    (M.CONSIDERED, M.APPLIED),
    (M.CONSIDERED, M.PARTLY),
    (M.CONSIDERED, M.NOT_APPLIED),
    (M.APPLIED, M.REMEDIED),
    (M.PARTLY, M.REMEDIED),
    (M.PARTLY, M.RAISED),
    (M.NOT_APPLIED, M.RAISED),
    (M.DROPPED, M.RAISED),
    *((before, M.DROPPED) for before in (M.NOTICED, M.RAISED, M.CONSIDERED)),
}


@pytest.mark.parametrize("before", PlanState)
@pytest.mark.parametrize("after", PlanState)
def test_a_plan_takes_the_steps_of_the_study_and_no_other(
    before: PlanState, after: PlanState
) -> None:
    if (before, after) in STEPS:
        plans.check_plan_move(before, after)
    else:
        with refused("plan.move"):
            plans.check_plan_move(before, after)


def test_every_plan_that_ended_can_be_taken_up_again() -> None:
    assert set(PLAN_MOVES) == set(PlanState)
    assert {end for end in PLAN_ENDS if P.ACTIVE in PLAN_MOVES[end]} == PLAN_ENDS
    assert len(PLAN_ENDS) == 4


@pytest.mark.parametrize("before", MatterState)
@pytest.mark.parametrize("after", MatterState)
def test_a_claim_takes_these_steps_and_no_other(before: MatterState, after: MatterState) -> None:
    if (before, after) in CLAIMED:
        plans.check_matter_move(before, after)
    else:
        with refused("matter.move"):
            plans.check_matter_move(before, after)


def test_only_a_remedy_ends_a_claim_for_good() -> None:
    assert [state for state, onward in MATTER_MOVES.items() if not onward] == [M.REMEDIED]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), 6, date(2026, 9, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int, later: date
) -> None:
    assert plans.months_after(day, months) == later


@pytest.mark.parametrize("kind", ServiceType)
def test_work_and_training_are_asked_about_three_times_and_nothing_else_is(
    kind: ServiceType,
) -> None:
    found = plans.follow_ups(kind, date(2026, 1, 31))
    if kind in {ServiceType.LIVELIHOOD, ServiceType.VOCATIONAL_TRAINING}:
        assert found == (
            (3, date(2026, 4, 30)),
            (6, date(2026, 7, 31)),
            (12, date(2027, 1, 31)),
        )
    else:
        assert found == ()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_fine"),
    [
        (TODAY, None, True),
        (YESTERDAY, TODAY, True),
        (TODAY, TODAY, True),
        (TOMORROW, None, False),
        (TODAY, YESTERDAY, False),
        (YESTERDAY, TOMORROW, False),
    ],
)
def test_a_service_has_begun_and_ends_after_that(
    starts_on: date, ends_on: date | None, is_fine: bool
) -> None:
    if is_fine:
        plans.check_episode(starts_on, ends_on, TODAY)
    else:
        with refused("episode.days"):
            plans.check_episode(starts_on, ends_on, TODAY)


def test_the_end_of_a_service_is_written_once() -> None:
    plans.check_not_ended("")
    with refused("episode.ended"):
        plans.check_not_ended("done")


def test_a_service_stands_on_a_referral_that_was_accepted() -> None:
    plans.check_accepted(True)
    with refused("episode.referral"):
        plans.check_accepted(False)


@pytest.mark.parametrize(
    ("before", "seen_on", "code"),
    [
        (None, TODAY, ""),
        (None, YESTERDAY, ""),
        (None, YESTERDAY - timedelta(days=1), "follow-up.day"),
        (None, TOMORROW, "follow-up.day"),
        (YESTERDAY, TODAY, "follow-up.seen"),
    ],
)
def test_what_came_of_a_placement_is_seen_once_between_its_start_and_today(
    before: date | None, seen_on: date, code: str
) -> None:
    if not code:
        plans.check_follow_up(YESTERDAY, before, seen_on, TODAY)
    else:
        with refused(code):
            plans.check_follow_up(YESTERDAY, before, seen_on, TODAY)


def test_a_plan_is_agreed_on_a_day_that_has_come_and_reviewed_on_one_to_come() -> None:
    assert plans.check_agreed(TODAY, TODAY) == TODAY
    for agreed_on in (None, TOMORROW):
        with refused("plan.agreed"):
            plans.check_agreed(agreed_on, TODAY)
    plans.check_review(None, TODAY)
    plans.check_review(TOMORROW, TODAY)
    with refused("plan.review"):
        plans.check_review(TODAY, TODAY)


@pytest.mark.parametrize("state", PlanState)
def test_nothing_is_added_to_a_plan_that_ended(state: PlanState) -> None:
    if state in PLAN_ENDS:
        with refused("plan.ended"):
            plans.check_runs(state)
    else:
        plans.check_runs(state)


@pytest.mark.parametrize("now", PlanState)
@pytest.mark.parametrize("seen", [None, *PlanState])
def test_who_saw_another_state_is_told(now: PlanState, seen: PlanState | None) -> None:
    if seen in {None, now}:
        plans.check_seen(now, seen)
    else:
        with refused("plan.meanwhile"):
            plans.check_seen(now, seen)


def test_one_plan_runs() -> None:
    plans.check_none_runs(False)
    with refused("plan.runs"):
        plans.check_none_runs(True)


def test_goals_and_safety_plans_say_something() -> None:
    plans.check_goal("Own room", TODAY, TODAY)
    plans.check_goal("Own room", None, TODAY)
    plans.check_safety("Go to the neighbour")
    with refused("goal.words"):
        plans.check_goal(" ", None, TODAY)
    with refused("goal.day"):
        plans.check_goal("Own room", YESTERDAY, TODAY)
    with refused("safety.words"):
        plans.check_safety("\n")


def test_the_steps_of_a_claim_follow_each_other_and_name_who_decides() -> None:
    assert matters.check_day(TODAY, YESTERDAY, TODAY) == TODAY
    assert matters.check_day(YESTERDAY, None, TODAY) == YESTERDAY
    for day, last in ((TOMORROW, None), (YESTERDAY, TODAY)):
        with refused("matter.day"):
            matters.check_day(day, last, TODAY)
    with refused("matter.words"):
        matters.check_words(" ")
    for state in MatterState:
        if state is M.RAISED:
            with refused("matter.forum"):
                matters.check_forum(state, "")
        else:
            matters.check_forum(state, "")
        if state is M.NOT_APPLIED:
            with refused("matter.reason"):
                matters.check_reason(state, " ")
        else:
            matters.check_reason(state, "")
        matters.check_forum(state, "Invented court")
        matters.check_reason(state, "Invented reason")
