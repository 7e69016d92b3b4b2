"""Attendance: what a set of marks says of minutes, whoever sent them and in which order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.training.rules import attendance as rules
from cairn.training.rules.attendance import Flag, Judgement, Mark, SessionTime
from cairn.training.rules.choices import MarkKind
from cairn.training.rules.completion import (
    CompletionRule,
    EndTest,
    Missing,
    missing_for_completion,
)

KATHMANDU = ZoneInfo("Asia/Kathmandu")
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MORNING = SessionTime("s1", NINE, NINE + timedelta(hours=3))


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return NINE.replace(hour=0) + timedelta(hours=hours, minutes=minutes)


def mark(kind: str, clock: str, **given: Any) -> Mark:
    given = {
        "id": f"{kind}-{clock}-{given.get('device', '')}-{given.get('sequence', 0)}",
        "session": "s1",
        "person": "p1",
        "offset": timedelta(),
        **given,
    }
    return Mark(kind=kind, at=at(clock), **given)


def presence(*marks: Mark) -> rules.Presence:
    return rules.presences(MORNING, marks)["p1"]


@pytest.mark.parametrize(
    ("marks", "minutes", "flags"),
    [
        ([("in", "09:00"), ("out", "12:00")], 180, set()),
        ([("in", "09:30"), ("out", "11:00")], 90, set()),
        # Before the session: only its own hours count.
        ([("in", "08:40"), ("out", "12:30")], 180, set()),
        # Out for coffee and in again.
        ([("in", "09:00"), ("out", "10:00"), ("in", "10:15"), ("out", "12:00")], 165, set()),
        ([("in", "10:00")], 120, {Flag.NO_EXIT}),
        ([("out", "10:00")], 60, {Flag.NO_ENTRY}),
        ([("in", "09:00"), ("out", "10:00"), ("out", "11:00")], 60, {Flag.EXIT_TWICE}),
        ([("in", "09:00"), ("in", "10:00"), ("out", "11:00")], 120, {Flag.ENTRY_TWICE}),
        # A badge held up twice.
        ([("in", "09:00"), ("in", "09:02"), ("out", "11:00")], 120, set()),
        ([("in", "12:30")], 0, {Flag.OUTSIDE, Flag.NO_EXIT}),
        ([("out", "08:30")], 0, {Flag.OUTSIDE, Flag.NO_ENTRY}),
        ([("present", "18:00")], 180, set()),
        ([("absent", "18:00")], 0, set()),
        # A statement made later corrects what the scanner saw, and its remarks.
        ([("in", "10:00"), ("present", "18:00")], 180, set()),
        ([("in", "09:00"), ("out", "12:00"), ("absent", "18:00")], 0, set()),
        ([("absent", "18:00"), ("present", "18:05")], 180, set()),
        # Entries and exits after a statement change it from then on.
        ([("present", "09:05"), ("out", "10:00")], 60, set()),
        ([("present", "09:05"), ("out", "10:00"), ("in", "11:00")], 120, {Flag.NO_EXIT}),
        ([("present", "09:05"), ("in", "10:00")], 180, set()),
        ([("absent", "09:30"), ("in", "10:00"), ("out", "11:00")], 60, set()),
        # Called absent at half past nine, seen leaving at eleven.
        ([("absent", "09:30"), ("out", "11:00")], 90, {Flag.NO_ENTRY}),
    ],
)
def test_minutes_follow_from_the_marks(
    marks: list[tuple[str, str]], minutes: int, flags: set[Flag]
) -> None:
    found = presence(*(mark(kind, clock) for kind, clock in marks))
    assert (found.minutes, set(found.flags)) == (minutes, flags)
    assert found.is_marked


def test_the_same_mark_sent_twice_counts_once() -> None:
    first = mark("in", "10:00")
    assert presence(first, first, first) == presence(first)


def test_one_id_with_two_contents_keeps_what_came_first_and_is_flagged() -> None:
    first = mark("in", "09:00", id="m", received_at=at("09:01"))
    second = mark("in", "11:00", id="m", received_at=at("09:02"))
    for marks in ([first, second], [second, first]):
        found = presence(*marks)
        assert found.minutes == 180
        assert Flag.CONFLICT in found.flags


def test_a_void_takes_a_mark_back_and_can_be_taken_back_itself() -> None:
    entry, exit_ = mark("in", "09:00"), mark("out", "10:00")
    void = mark("void", "10:05", id="v", corrects=exit_.id)
    again = mark("void", "10:06", id="w", corrects="v")
    assert presence(entry, exit_).minutes == 60
    assert presence(entry, exit_, void).minutes == 180
    assert presence(entry, exit_, void, again).minutes == 60


def test_nothing_is_known_of_somebody_whose_only_mark_was_taken_back() -> None:
    entry = mark("in", "09:00")
    found = presence(entry, mark("void", "09:01", corrects=entry.id))
    assert not found.is_marked
    assert found.minutes == 0


def test_a_correction_of_another_persons_mark_changes_nothing_and_is_flagged() -> None:
    other = mark("in", "09:00", id="other", person="p2")
    found = rules.presences(MORNING, [other, mark("void", "09:10", corrects="other")])
    assert found["p2"].minutes == 180
    assert found["p1"].flags == {Flag.STRAY_VOID}


def test_a_correction_waits_for_its_mark() -> None:
    entry = mark("in", "09:00")
    void = mark("void", "09:30", corrects=entry.id)
    assert not presence(void).is_marked
    assert not presence(void, entry).is_marked


def test_corrections_in_a_circle_take_back_nothing() -> None:
    first = mark("void", "09:00", id="a", corrects="b")
    second = mark("void", "09:01", id="b", corrects="a")
    assert presence(mark("in", "09:00"), first, second).minutes == 180


def test_a_long_chain_of_corrections_is_followed_to_its_end() -> None:
    chain = [mark("in", "09:00", id=0)]
    chain += [mark("void", "09:00", id=number, corrects=number - 1) for number in range(1, 5001)]
    # 5,000 corrections, each of the one before: the last stands, so the first is undone.
    assert presence(*chain).minutes == 180
    assert not presence(*chain[:-1]).is_marked


def test_a_clock_wrong_by_hours_is_corrected_when_the_offset_is_known() -> None:
    ahead = {"device": "kit", "offset": timedelta(hours=5, minutes=45)}
    found = presence(
        mark("in", "14:45", sequence=1, **ahead), mark("out", "16:45", sequence=2, **ahead)
    )
    assert found.minutes == 120
    assert found.flags == {Flag.CLOCK_CORRECTED}


def test_an_unknown_clock_is_flagged_and_the_sequence_keeps_the_order() -> None:
    unknown = {"device": "phone", "offset": None}
    # The clock was set back by two hours between entry and exit.
    found = presence(
        mark("in", "11:00", sequence=1, **unknown), mark("out", "09:30", sequence=2, **unknown)
    )
    assert {Flag.CLOCK_UNKNOWN, Flag.CLOCK_JUMPED} <= found.flags
    assert found.minutes == 0
    in_order = rules.placed(
        [mark("out", "09:30", sequence=2, **unknown), mark("in", "11:00", sequence=1, **unknown)]
    )
    assert [each.mark.kind for each in in_order] == ["in", "out"]


def test_marks_of_the_desk_have_no_sequence_between_them() -> None:
    in_order = rules.placed([mark("in", "09:00", sequence=9), mark("out", "10:00", sequence=1)])
    assert [each.mark.kind for each in in_order] == ["in", "out"]


def test_two_devices_are_brought_together_by_true_time() -> None:
    # The door phone is an hour behind, the desk is right.
    door = mark("in", "08:30", device="door", sequence=1, offset=timedelta(hours=-1))
    desk = mark("out", "11:30", device="desk", sequence=1)
    assert presence(desk, door).minutes == 120


@pytest.mark.parametrize(
    ("opened", "closed", "when", "expected"),
    [
        (None, None, "09:00", Judgement.NOT_OPEN),
        (None, None, None, Judgement.NOT_OPEN),
        ("08:45", None, "08:43", Judgement.TOO_EARLY),
        ("08:45", None, "08:44", Judgement.ACCEPTED),
        ("08:45", "12:15", "12:16", Judgement.ACCEPTED),
        ("08:45", "12:15", "12:17", Judgement.TOO_LATE),
        ("08:45", "12:15", None, Judgement.ACCEPTED),
    ],
)
def test_a_mark_counts_only_in_the_window(
    opened: str | None, closed: str | None, when: str | None, expected: Judgement
) -> None:
    moments = [at(clock) if clock else None for clock in (opened, closed, when)]
    assert rules.judge_window(*moments) is expected


def attended(times: list[SessionTime], *marks: Mark) -> rules.Attendance:
    return rules.attendance(times, marks, ["p1"], ZoneInfo("UTC"))["p1"]


def test_sessions_at_the_same_time_count_once() -> None:
    group = SessionTime("s2", at("10:00"), at("13:00"))
    found = attended(
        [MORNING, group],
        mark("in", "09:00"),
        mark("out", "10:30"),
        mark("in", "10:00", session="s2", id="x"),
        mark("out", "13:00", session="s2", id="y"),
    )
    assert (found.minutes, found.of_minutes, found.share) == (240, 240, 1)


def test_a_session_nobody_spoke_of_is_unmarked_and_not_present() -> None:
    later = SessionTime("s2", at("14:00"), at("17:00"))
    found = attended([MORNING, later], mark("present", "12:00"))
    assert found.unmarked == ("s2",)
    assert found.share == 0.5


def test_without_sessions_there_is_no_share() -> None:
    assert attended([]).share is None


def test_half_days_are_those_of_the_place() -> None:
    # 06:00 to 09:00 UTC is 11:45 to 14:45 in Kathmandu; 08:00 UTC is 13:45 there.
    times = [
        SessionTime("s1", at("06:00"), at("07:00")),
        SessionTime("s2", at("08:00"), at("10:00")),
        SessionTime("s3", at("08:00") + timedelta(days=1), at("09:00") + timedelta(days=1)),
    ]
    keys = [half.key for half in rules.half_days(times, KATHMANDU)]
    assert keys == ["2026-03-02-am", "2026-03-02-pm", "2026-03-03-pm"]
    assert [half.key for half in rules.half_days(times, ZoneInfo("UTC"))] == [
        "2026-03-02-am",
        "2026-03-03-am",
    ]


def test_a_half_day_counts_from_half_of_its_minutes() -> None:
    later = SessionTime("s2", at("14:00"), at("16:00"))
    half = mark("in", "10:30")  # 90 of 180 minutes
    short = mark("in", "15:01", session="s2", id="short")  # 59 of 120
    found = attended([MORNING, later], half, short)
    assert (found.half_days, found.of_half_days) == (1, 2)


def person(seconds: int, of: int = 36_000) -> rules.Attendance:
    return rules.Attendance("p1", seconds, of, frozenset(), ())


@pytest.mark.parametrize(
    ("rule", "seconds", "test", "tasks", "missing"),
    [
        (CompletionRule(80), 28_800, None, False, ()),
        (CompletionRule(80), 28_799, None, False, (Missing.MINUTES,)),
        (CompletionRule(80, 60), 36_000, None, False, (Missing.TEST_NOT_TAKEN,)),
        (CompletionRule(80, 60), 36_000, EndTest(None), False, (Missing.TEST_NOT_MARKED,)),
        (CompletionRule(80, 60), 36_000, EndTest(59.9), False, (Missing.SCORE,)),
        (CompletionRule(80, 60), 36_000, EndTest(60), False, ()),
        (CompletionRule(80, None, True), 36_000, None, False, (Missing.TASKS,)),
        (CompletionRule(80, None, True), 36_000, None, True, ()),
        (CompletionRule(80, 60), 0, EndTest(10), False, (Missing.MINUTES, Missing.SCORE)),
        (CompletionRule(0), 0, None, False, ()),
    ],
)
def test_completion_says_what_is_missing(
    rule: CompletionRule,
    seconds: int,
    test: EndTest | None,
    tasks: bool,
    missing: tuple[Missing, ...],
) -> None:
    assert missing_for_completion(rule, person(seconds), test, tasks) == missing


def test_nobody_completes_before_a_session_was_held() -> None:
    missing = missing_for_completion(CompletionRule(0), person(0, 0))
    assert missing == (Missing.NO_SESSIONS,)


@pytest.mark.parametrize(
    ("second", "expected"),
    [(("10:00", "11:00"), False), (("09:59", "11:00"), True), (("08:00", "09:00"), False)],
)
def test_sessions_that_touch_do_not_overlap(second: tuple[str, str], expected: bool) -> None:
    assert rules.overlaps((at("09:00"), at("10:00")), (at(second[0]), at(second[1]))) is expected


# Every mark that any number of phones may send of two persons, with clocks that are wrong.
OFFSETS = {"a": timedelta(), "b": timedelta(hours=-7), "c": None, "": timedelta()}


@st.composite
def mark_sets(draw: Callable[..., Any]) -> list[Mark]:
    count = draw(st.integers(1, 12))
    found = []
    for number in range(count):
        kind = draw(st.sampled_from(list(MarkKind)))
        device = draw(st.sampled_from(list(OFFSETS)))
        minutes = draw(st.integers(-120, 300))
        found.append(
            Mark(
                id=draw(st.integers(0, count)),
                session=draw(st.sampled_from(["s1", "s1", "s2"])),
                person=draw(st.sampled_from(["p1", "p2"])),
                kind=kind,
                at=NINE + timedelta(minutes=minutes) + (OFFSETS[device] or timedelta()),
                device=device,
                sequence=draw(st.integers(0, 5)),
                offset=OFFSETS[device],
                corrects=draw(st.integers(0, count)) if kind == MarkKind.VOID else None,
                received_at=NINE + timedelta(seconds=number),
            )
        )
    return found


@settings(max_examples=150, deadline=None)
@given(mark_sets(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repetition_say_nothing(marks: list[Mark], chance: Any) -> None:
    times = [MORNING, SessionTime("s2", at("11:00"), at("15:00"))]
    persons = ["p1", "p2"]
    shuffled = marks + chance.sample(marks, len(marks) // 2)
    chance.shuffle(shuffled)
    expected = rules.attendance(times, marks, persons, KATHMANDU)
    assert rules.attendance(times, shuffled, persons, KATHMANDU) == expected


@settings(max_examples=150, deadline=None)
@given(mark_sets())
def test_nobody_is_present_longer_than_the_sessions_lasted(marks: list[Mark]) -> None:
    times = [MORNING, SessionTime("s2", at("11:00"), at("15:00"))]
    for found in rules.attendance(times, marks, ["p1", "p2"], KATHMANDU).values():
        assert 0 <= found.seconds <= found.of_seconds == 6 * 3600
    for presence in rules.presences(MORNING, marks).values():
        edges = [edge for interval in presence.intervals for edge in interval]
        assert edges == sorted(edges)
        assert all(MORNING.starts <= edge <= MORNING.ends for edge in edges)


@settings(max_examples=100, deadline=None)
@given(mark_sets())
def test_taking_everything_back_leaves_nothing_said(marks: list[Mark]) -> None:
    chosen, _ = rules.distinct(mark for mark in marks if mark.session == "s1")
    plain = [mark for mark in chosen if mark.kind != MarkKind.VOID]
    voids = [
        Mark(("v", mark.id), "s1", mark.person, MarkKind.VOID, mark.at, corrects=mark.id)
        for mark in plain
    ]
    for presence in rules.presences(MORNING, plain + voids).values():
        assert not presence.is_marked
        assert presence.seconds == 0
