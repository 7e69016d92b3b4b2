"""The states and clocks of a referral, every pair of them, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.referral.rules import referrals as rules
from cairn.referral.rules import referrals_clocks as clocks
from cairn.referral.rules.choices import Urgency
from cairn.referral.rules.referrals import ENDS, MOVES, WAITING, Feedback, Side, State
from cairn.referral.rules.referrals_clocks import Due, Times, due, times_of
from cairn.referral.rules.referrals_clocks import clocks as configured

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
S = State
# As drawn in the reference on referrals: from -> (to, who may), written out by hand.
ANSWER = {(S.ACCEPTED, "r"), (S.DECLINED, "r"), (S.REDIRECTED, "r")}
OVER = {(S.EXPIRED, "c"), (S.RECALLED, "s"), (S.WITHDRAWN, "p")}
DRAWN: dict[State, set[tuple[State, str]]] = {
    S.DRAFT: {(S.CLEARED, "s"), *OVER},
    S.CLEARED: {(S.SENT, "s"), *OVER},
    S.SENT: {(S.DELIVERED, "c"), (S.DELIVERED, "r"), *OVER},
    S.DELIVERED: {(S.ACKNOWLEDGED, "r"), *OVER},
    S.ACKNOWLEDGED: {(S.INFORMATION_REQUESTED, "r"), *ANSWER, *OVER},
    S.INFORMATION_REQUESTED: {(S.ACKNOWLEDGED, "s"), *ANSWER, *OVER},
    S.ACCEPTED: {(S.SERVICE_STARTED, "r"), (S.FEEDBACK_RETURNED, "c")},
    S.SERVICE_STARTED: {
        (S.COMPLETED, "r"),
        (S.NOT_REACHED, "r"),
        (S.STOPPED_BY_PERSON, "r"),
        (S.STOPPED_BY_PERSON, "p"),
        (S.STOPPED_BY_PROVIDER, "r"),
        (S.FEEDBACK_RETURNED, "c"),
    },
    S.COMPLETED: {(S.FEEDBACK_RETURNED, "r"), (S.FEEDBACK_RETURNED, "c")},
    S.NOT_REACHED: {(S.FEEDBACK_RETURNED, "r"), (S.FEEDBACK_RETURNED, "c")},
    S.STOPPED_BY_PERSON: {(S.FEEDBACK_RETURNED, "r"), (S.FEEDBACK_RETURNED, "c")},
    S.STOPPED_BY_PROVIDER: {(S.FEEDBACK_RETURNED, "r"), (S.FEEDBACK_RETURNED, "c")},
    S.FEEDBACK_RETURNED: {(S.CLOSED, "s"), (S.CLOSED, "c")},
}
LETTER = {Side.SENDER: "s", Side.RECIPIENT: "r", Side.CLOCK: "c", Side.PERSON: "p"}


@pytest.mark.parametrize("now", State)
@pytest.mark.parametrize("side", Side)
def test_only_drawn_moves_are_allowed_and_only_to_whoever_may(now: State, side: Side) -> None:
    for to in State:
        if (to, LETTER[side]) in DRAWN.get(now, set()):
            rules.check_move(now, to, side)
            continue
        with pytest.raises(RuleBroken) as refusal:
            rules.check_move(now, to, side)
        assert refusal.value.code in {"referral.move", "referral.taken-back", "referral.too-late"}


def test_an_answer_after_it_was_taken_back_is_told_so() -> None:
    for now, code in {
        S.RECALLED: "referral.taken-back",
        S.WITHDRAWN: "referral.taken-back",
        S.EXPIRED: "referral.too-late",
        S.DECLINED: "referral.move",
    }.items():
        with pytest.raises(RuleBroken) as refusal:
            rules.check_move(now, S.ACCEPTED, Side.RECIPIENT)
        assert refusal.value.code == code
        assert refusal.value.remedy


@given(st.lists(st.tuples(st.sampled_from(Side), st.sampled_from(State)), max_size=40))
def test_whatever_is_tried_an_end_is_never_left_and_nobody_accepts_what_was_taken_back(
    tried: list[tuple[Side, State]],
) -> None:
    now, seen = S.DRAFT, [S.DRAFT]
    for side, to in tried:
        try:
            rules.check_move(now, to, side)
        except RuleBroken:
            continue
        assert now not in ENDS
        now = to
        seen.append(now)
    if rules.TAKEN_BACK & set(seen):
        assert not rules.ACCEPTED_ON & set(seen)
        assert seen[-1] in rules.TAKEN_BACK


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("urgency", Urgency)
def test_left_alone_every_state_comes_to_an_end_within_thirty_days(
    state: State, urgency: Urgency
) -> None:
    clock, start = configured()[urgency], NOON
    now, step, moments = start, 0, 0
    times = times_of(state, urgency, since=start, sent_at=start, clock=clock)
    while state not in ENDS:
        assert times.next_at is not None
        now, moments = times.next_at, moments + 1
        kind = due(state, step)
        assert kind is not None
        to = _where(kind, state)
        if to is None:
            step += 1
            times = Times(None, None, now + clocks.wait_after(state, clock))
        else:
            rules.check_move(state, to, Side.CLOCK)
            state, step = to, 0
            times = times_of(state, urgency, since=now, sent_at=start, clock=clock)
        assert moments < 12
    assert now - start <= timedelta(days=30)
    assert due(state, 0) is None or state not in ENDS or times.next_at is None


def _where(kind: Due, state: State) -> State | None:
    """Where a step of the clock leads; None when it only reminds."""
    return {
        Due.EXPIRE: S.EXPIRED,
        Due.NO_NEWS: S.FEEDBACK_RETURNED,
        Due.TELL: S.FEEDBACK_RETURNED,
        Due.CLOSE: S.CLOSED,
    }.get(kind)


@pytest.mark.parametrize("state", State)
def test_ends_have_no_clock_and_all_else_has_one(state: State) -> None:
    times = times_of(state, "urgent", since=NOON, sent_at=NOON, clock=configured()["urgent"])
    assert (times.next_at is None) == (state in ENDS)
    assert (due(state, 0) is None) == (state in ENDS)


@pytest.mark.parametrize(
    ("urgency", "seen", "decided"),
    [
        ("emergency", timedelta(hours=1), timedelta(hours=4)),
        ("urgent", timedelta(hours=24), timedelta(hours=48)),
        ("routine", timedelta(days=3), timedelta(days=7)),
    ],
)
def test_the_clocks_are_those_of_the_reference(
    urgency: str, seen: timedelta, decided: timedelta
) -> None:
    clock = configured()[urgency]
    sent = times_of(S.SENT, urgency, since=NOON, sent_at=NOON, clock=clock)
    assert (sent.ack_by, sent.decide_by, sent.next_at) == (
        NOON + seen,
        NOON + decided,
        NOON + seen,
    )
    # Remind, focal point, another service, and the end exactly when it was to be decided.
    assert seen + 3 * clock.gap == decided
    noted = times_of(S.ACKNOWLEDGED, urgency, since=NOON, sent_at=NOON, clock=clock)
    assert noted.next_at == NOON + decided


def test_breaches_go_from_reminder_to_focal_point_to_another_service_to_the_end() -> None:
    for state in WAITING:
        steps = [due(state, step) for step in range(4)]
        assert steps == [Due.REMIND, Due.FOCAL_POINT, Due.ALTERNATE, Due.EXPIRE]


def test_a_question_gives_the_time_to_decide_again() -> None:
    clock = configured()["urgent"]
    late = NOON + timedelta(hours=47, minutes=50)
    asked = times_of(S.INFORMATION_REQUESTED, "urgent", since=late, sent_at=NOON, clock=clock)
    assert asked.next_at == late + clock.seen
    answered = times_of(S.ACKNOWLEDGED, "urgent", since=late, sent_at=NOON, clock=clock)
    assert answered.next_at == late + clock.gap


def test_a_clock_that_stood_still_takes_one_step_and_then_waits() -> None:
    wait = timedelta(hours=1)
    assert clocks.next_at(NOON, NOON + timedelta(minutes=1), wait) == NOON + wait
    a_day_later = NOON + timedelta(days=1)
    assert clocks.next_at(NOON, a_day_later, wait) == a_day_later + wait


def test_an_installation_sets_other_clocks_and_senseless_ones_are_refused() -> None:
    own = configured({"urgent.seen": 60, "urgent.decided": 120})
    assert own["urgent"].seen == timedelta(hours=1)
    assert own["routine"] == clocks.CLOCKS["routine"]
    for bad in ({"urgent": 5}, {"soon.seen": 5}, {"urgent.seen": 0}, {"urgent.decided": 5}):
        with pytest.raises(ValueError, match=r"clock|decision"):
            configured(bad)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("emergency", [True, False])
@pytest.mark.parametrize("taken_back", [True, False])
def test_words_open_on_acceptance_and_in_danger_to_life_at_once(
    state: State, emergency: bool, taken_back: bool
) -> None:
    is_open = rules.is_content_open(state, emergency=emergency, taken_back=taken_back)
    accepted = state in {S.ACCEPTED, S.SERVICE_STARTED, S.FEEDBACK_RETURNED, *rules.OUTCOMES}
    waits = state in {S.SENT, S.DELIVERED, S.ACKNOWLEDGED, S.INFORMATION_REQUESTED}
    assert is_open == (not taken_back and (accepted or (emergency and waits)))


@pytest.mark.parametrize("state", State)
def test_the_card_is_shown_from_sending_to_the_end_and_never_of_what_was_taken_back(
    state: State,
) -> None:
    assert rules.is_card_shown(state) == (state not in {S.DRAFT, S.CLEARED} and state not in ENDS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("code", Feedback)
def test_the_outcome_fits_how_the_help_ended(state: State, code: Feedback) -> None:
    fits = {
        S.COMPLETED: {Feedback.HELPED, Feedback.PARTLY},
        S.NOT_REACHED: {Feedback.NOT_REACHED},
        S.STOPPED_BY_PERSON: {Feedback.STOPPED_BY_PERSON},
        S.STOPPED_BY_PROVIDER: {Feedback.STOPPED_BY_PROVIDER},
    }
    if code in fits.get(state, set()):
        rules.check_feedback(state, code, 5)
    else:
        with pytest.raises(RuleBroken) as refusal:
            rules.check_feedback(state, code, None)
        assert refusal.value.code == "referral.feedback"


@pytest.mark.parametrize(
    ("rating", "holds"), [(None, True), (1, True), (5, True), (0, False), (6, False)]
)
def test_a_rating_is_one_to_five_or_none(rating: int | None, holds: bool) -> None:
    if holds:
        rules.check_feedback(S.COMPLETED, Feedback.HELPED, rating)
    else:
        with pytest.raises(RuleBroken) as refusal:
            rules.check_feedback(S.COMPLETED, Feedback.HELPED, rating)
        assert refusal.value.code == "referral.rating"


def test_words_of_a_kind_that_is_not_told_are_refused() -> None:
    rules.check_content({"health": "x"}, ["health", "need"])
    with pytest.raises(RuleBroken) as refusal:
        rules.check_content({"account": "x"}, ["health"])
    assert refusal.value.code == "referral.content"
    with pytest.raises(RuleBroken):
        rules.check_categories(["health", "gossip"])


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)
