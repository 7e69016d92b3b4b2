"""What may follow what, by which standard, decided by whom: every pair, no database."""

import inspect
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from cairn.core.errors import RuleBroken
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import (
    MOVES,
    NEGATIVE,
    STAGES,
    STANDARDS,
    Standard,
    State,
)

# Written out a second time, as a reader of the reference study would: E3, "Identification".
ALLOWED = {
    ("detected", "under-assessment"),
    ("detected", "discontinued"),
    ("under-assessment", "reasonable-grounds"),
    ("under-assessment", "no-reasonable-grounds"),
    ("under-assessment", "discontinued"),
    ("reasonable-grounds", "conclusive-positive"),
    ("reasonable-grounds", "conclusive-negative"),
    ("reasonable-grounds", "deferred"),
    ("reasonable-grounds", "discontinued"),
    ("no-reasonable-grounds", "under-review"),
    ("conclusive-negative", "under-review"),
    ("under-review", "upheld"),
    ("under-review", "overturned"),
    ("upheld", "under-assessment"),
    ("overturned", "under-assessment"),
    ("overturned", "conclusive-positive"),
    ("overturned", "conclusive-negative"),
    ("overturned", "deferred"),
    ("overturned", "discontinued"),
    ("deferred", "conclusive-positive"),
    ("deferred", "conclusive-negative"),
    ("deferred", "discontinued"),
    ("no-reasonable-grounds", "under-assessment"),
    ("conclusive-negative", "under-assessment"),
    ("discontinued", "under-assessment"),
}
OUTCOMES = [state for state in State if state != State.DETECTED]
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("now", State)
@pytest.mark.parametrize("to", State)
def test_only_listed_outcomes_are_allowed(now: State, to: State) -> None:
    if (now.value, to.value) in ALLOWED:
        rules.check_outcome(now, to)
        assert to in rules.possible_outcomes(now)
        return
    with pytest.raises(RuleBroken) as refusal:
        rules.check_outcome(now, to)
    assert refusal.value.code == "decision.move"
    assert to not in rules.possible_outcomes(now)


def test_nobody_is_found_not_to_be_a_victim_without_an_assessment() -> None:
    before = {now for now in State for to in NEGATIVE if to in MOVES[now]}
    assert before == {
        State.UNDER_ASSESSMENT,
        State.REASONABLE_GROUNDS,
        State.DEFERRED,
        State.OVERTURNED,
    }
    assert State.CONCLUSIVE_NEGATIVE not in MOVES[State.UNDER_ASSESSMENT]


@pytest.mark.parametrize("negative", sorted(NEGATIVE))
def test_every_negative_decision_can_be_taken_up_again(negative: State) -> None:
    assert State.UNDER_ASSESSMENT in MOVES[negative]


@pytest.mark.parametrize("now", State)
def test_a_review_is_never_decided_but_asked_for(now: State) -> None:
    assert State.UNDER_REVIEW not in rules.decidable(now)
    with pytest.raises(RuleBroken) as refusal:
        rules.check_decidable(now, State.UNDER_REVIEW)
    assert refusal.value.code == "decision.move"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_short_reason_belongs_to_its_outcomes(outcome: State) -> None:
    for ground in rules.GROUNDS[outcome]:
        rules.check_ground(outcome, ground)
    for ground in set(rules.Ground) - set(rules.GROUNDS[outcome]):
        with pytest.raises(RuleBroken) as refusal:
            rules.check_ground(outcome, ground)
        assert refusal.value.code == "decision.ground"


def test_the_state_is_that_of_the_last_decision() -> None:
    assert rules.state_of([]) == State.DETECTED
    assert rules.state_of(["under-assessment", "reasonable-grounds"]) == State.REASONABLE_GROUNDS
    for outcome in OUTCOMES:
        assert rules.state_of([outcome.value]) == outcome


def test_no_day_takes_part_in_any_decision() -> None:
    for function in (
        rules.state_of,
        rules.possible_outcomes,
        rules.check_outcome,
        rules.check_standard,
        rules.check_decider,
    ):
        named = inspect.signature(function).parameters
        assert not {name for name in named if "day" in name or "date" in name or "at" == name}
        assert "today" not in inspect.getsource(function)
        assert "now()" not in inspect.getsource(function)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_stage_a_standard_and_consequences(outcome: State) -> None:
    assert outcome in STAGES
    assert STANDARDS[outcome]
    assert rules.CONSEQUENCES[outcome]


@pytest.mark.parametrize("outcome", State)
@pytest.mark.parametrize("standard", Standard)
def test_a_finding_takes_its_own_standard_only(outcome: State, standard: Standard) -> None:
    wanted = {
        State.UNDER_ASSESSMENT: {"none"},
        State.REASONABLE_GROUNDS: {"grounds"},
        State.NO_REASONABLE_GROUNDS: {"grounds"},
        State.CONCLUSIVE_POSITIVE: {"balance", "sure"},
        State.CONCLUSIVE_NEGATIVE: {"balance", "sure"},
        State.DEFERRED: {"none"},
        State.DISCONTINUED: {"none"},
        State.UNDER_REVIEW: {"none"},
        State.UPHELD: {"grounds", "balance", "sure"},
        State.OVERTURNED: {"grounds", "balance", "sure"},
    }.get(outcome, set())
    if standard.value in wanted:
        rules.check_standard(outcome, standard)
        return
    with pytest.raises(RuleBroken) as refusal:
        rules.check_standard(outcome, standard)
    assert refusal.value.code == "decision.standard"


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("investigated", [True, False])
@pytest.mark.parametrize("by_profile", [True, False])
def test_who_investigated_does_not_decide_unless_the_profile_says_so(
    outcome: State, investigated: bool, by_profile: bool
) -> None:
    investigators = frozenset({ONE, OTHER}) if investigated else frozenset({OTHER})
    finds_nothing = outcome in {State.UNDER_ASSESSMENT, State.UNDER_REVIEW}
    is_free = not investigated or by_profile or finds_nothing
    if is_free:
        found = rules.check_decider(ONE, outcome, investigators, investigator_may_decide=by_profile)
        assert found == ONE
        return
    with pytest.raises(RuleBroken) as refusal:
        rules.check_decider(ONE, outcome, investigators, investigator_may_decide=by_profile)
    assert refusal.value.code == "decision.duties"


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("by_profile", [True, False])
def test_only_a_person_decides(outcome: State, by_profile: bool) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.check_decider(None, outcome, frozenset(), investigator_may_decide=by_profile)
    assert refusal.value.code == "decision.person"


@pytest.mark.parametrize("now", State)
def test_whoever_takes_over_is_a_person_and_another_one(now: State) -> None:
    for user_id, current in ((None, None), (ONE, ONE)):
        with pytest.raises(RuleBroken) as refusal:
            rules.check_investigator(now, user_id, current)
        assert refusal.value.code == "procedure.investigator"
    if now == State.CONCLUSIVE_POSITIVE:
        with pytest.raises(RuleBroken) as refusal:
            rules.check_investigator(now, ONE, OTHER)
        assert refusal.value.code == "procedure.ended"
    else:
        assert rules.check_investigator(now, ONE, OTHER) == ONE


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (rules.check_reasons, "decision.reasons"),
        (rules.check_authority, "decision.authority"),
        (rules.check_source, "profile.source"),
    ],
)
def test_what_must_be_written_is_not_blank(check: object, code: str) -> None:
    assert callable(check)
    check("something")
    with pytest.raises(RuleBroken) as refusal:
        check(" \n ")
    assert refusal.value.code == code


def test_days_of_the_record_stand_in_order() -> None:
    today, day = date(2026, 3, 10), timedelta(days=1)
    kept = rules.kept_until(today, None)
    assert kept == today + timedelta(days=3650)
    assert rules.kept_until(today, today) == today
    rules.check_days(today, kept, today=today)
    for opened, until, code in (
        (today + day, kept, "procedure.opened"),
        (today, today - day, "procedure.keep"),
        (today, today + rules.KEEP_AT_MOST + day, "procedure.keep"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            rules.check_days(opened, until, today=today)
        assert refusal.value.code == code


def test_an_erased_procedure_and_a_foreign_unit_are_refused() -> None:
    rules.check_not_erased(None)
    with pytest.raises(RuleBroken):
        rules.check_not_erased(date(2026, 3, 10))
    here = uuid4()
    rules.check_place(here, None)
    rules.check_place(here, here)
    with pytest.raises(RuleBroken):
        rules.check_place(here, uuid4())
