"""Vetting rules: moves, validity by date, and how all checks of a call stand together."""

from datetime import date, timedelta

import pytest

from cairn.core.errors import RuleBroken
from cairn.training.rules import vetting
from cairn.training.rules.states import check_move
from cairn.training.rules.vetting import VETTING_MOVES, Check, Standing, VettingState

S = VettingState
TODAY = date(2025, 3, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize("now", VettingState)
@pytest.mark.parametrize("to", VettingState)
def test_only_the_listed_moves_of_a_check_are_allowed(now: VettingState, to: VettingState) -> None:
    allowed = {
        (S.REQUESTED, S.RECEIVED),
        (S.REQUESTED, S.LAPSED),
        (S.RECEIVED, S.CLEARED),
        (S.RECEIVED, S.REFUSED),
        (S.RECEIVED, S.LAPSED),
        (S.CLEARED, S.REFUSED),
        (S.CLEARED, S.LAPSED),
    }
    if (now, to) in allowed:
        check_move(VETTING_MOVES, now, to, "vetting.move")
    else:
        with pytest.raises(RuleBroken) as refusal:
            check_move(VETTING_MOVES, now, to, "vetting.move")
        assert refusal.value.code == "vetting.move"


@pytest.mark.parametrize(
    ("valid_until", "expected"),
    [(TODAY, S.CLEARED), (TODAY + DAY, S.CLEARED), (TODAY - DAY, S.LAPSED), (None, S.CLEARED)],
)
def test_a_clearance_holds_to_the_end_of_its_last_day(
    valid_until: date | None, expected: VettingState
) -> None:
    assert vetting.state_on(S.CLEARED, valid_until, TODAY) == expected


@pytest.mark.parametrize("state", [S.REQUESTED, S.RECEIVED, S.REFUSED, S.LAPSED])
def test_only_a_clearance_lapses_by_date(state: VettingState) -> None:
    assert vetting.state_on(state, TODAY - DAY, TODAY) == state


@pytest.mark.parametrize(("days", "expected"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_clearance_of_the_last_sixty_days_is_shown_as_ending(days: int, expected: bool) -> None:
    assert vetting.ends_soon(S.CLEARED, TODAY + days * DAY, TODAY) is expected


def _check(state: VettingState, *, until: int | None = None, asked: int = -30) -> Check:
    return Check(
        "security",
        state,
        None if until is None else TODAY + until * DAY,
        TODAY + asked * DAY,
    )


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], Standing.MISSING),
        ([_check(S.REQUESTED)], Standing.WAITING),
        ([_check(S.RECEIVED)], Standing.WAITING),
        ([_check(S.REFUSED)], Standing.REFUSED),
        ([_check(S.LAPSED)], Standing.MISSING),
        ([_check(S.CLEARED, until=30)], Standing.CLEAR),
        ([_check(S.CLEARED, until=20)], Standing.CLEAR),
        ([_check(S.CLEARED, until=19)], Standing.ENDS_EARLY),
        ([_check(S.CLEARED, until=-1)], Standing.MISSING),
        ([_check(S.CLEARED, until=5), _check(S.REQUESTED)], Standing.WAITING),
        ([_check(S.CLEARED, until=30), _check(S.REFUSED, asked=-10)], Standing.REFUSED),
        ([_check(S.CLEARED, until=30, asked=-5), _check(S.REFUSED)], Standing.CLEAR),
        ([_check(S.REFUSED), _check(S.REQUESTED, asked=-3)], Standing.WAITING),
        ([_check(S.LAPSED), _check(S.CLEARED, until=90)], Standing.CLEAR),
    ],
)
def test_the_checks_of_a_kind_give_one_standing(checks: list[Check], expected: Standing) -> None:
    last = TODAY + 20 * DAY
    found = vetting.standings(checks, ["security"], today=TODAY, until=last)

    assert found == {"security": expected}


def test_an_event_in_the_past_asks_for_validity_today() -> None:
    found = vetting.standings(
        [_check(S.CLEARED, until=0)], ["security"], today=TODAY, until=TODAY - 40 * DAY
    )

    assert found["security"] == Standing.CLEAR


def test_the_worst_standing_is_the_one_shown() -> None:
    assert vetting.overall({}) == Standing.CLEAR
    assert vetting.overall({"a": Standing.CLEAR, "b": Standing.WAITING}) == Standing.WAITING
    assert (
        vetting.overall({"a": Standing.WAITING, "b": Standing.REFUSED, "c": Standing.ENDS_EARLY})
        == Standing.REFUSED
    )


def test_the_same_check_is_not_asked_for_twice_at_once() -> None:
    with pytest.raises(RuleBroken) as refusal:
        vetting.check_request("security", [_check(S.RECEIVED)])
    assert refusal.value.code == "vetting.open"
    vetting.check_request("medical", [_check(S.RECEIVED)])
    vetting.check_request("security", [_check(S.CLEARED, until=9), _check(S.REFUSED)])


def _result(**changes: object) -> None:
    values: dict[str, object] = {
        "issuer": "Human rights component",
        "requested_on": TODAY - 9 * DAY,
        "answered_on": TODAY,
        "valid_until": TODAY + 365 * DAY,
        "today": TODAY,
    } | changes
    state = values.pop("state", S.CLEARED)
    vetting.check_result(state, **values)  # type: ignore[arg-type]


def test_a_complete_answer_stands() -> None:
    _result()
    _result(state=S.REFUSED, valid_until=None)
    _result(valid_until=TODAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": "  "}, "vetting.issuer"),
        ({"answered_on": TODAY + DAY}, "vetting.days"),
        ({"answered_on": TODAY - 10 * DAY}, "vetting.days"),
        ({"valid_until": None}, "vetting.days"),
        ({"valid_until": TODAY - DAY}, "vetting.days"),
        ({"valid_until": TODAY + 6 * 366 * DAY}, "vetting.days"),
        ({"state": S.REFUSED, "issuer": ""}, "vetting.issuer"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        _result(**changes)
    assert refusal.value.code == code
