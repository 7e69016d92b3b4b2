"""What makes access unusual: each rule at its boundary, one step short of it and one beyond."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cairn.oversight import unusual
from cairn.oversight.unusual import DAY, HOUR, Limits, Opening, Rule, Sign

LIMITS = Limits()
CLOCK = ZoneInfo("UTC")
TRIPOLI = ZoneInfo("Africa/Tripoli")  # UTC+2 all year
NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # a Wednesday
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def number(value: int) -> UUID:
    return UUID(int=value)


ONE, OTHER = number(1), number(2)


def opening(at: datetime, record: int = 100, actor: UUID = ONE, **more: Any) -> Opening:
    return Opening(actor, number(record), at, more.pop("clocks", (CLOCK,)), **more)


def openings(count: int, step: timedelta, actor: UUID = ONE) -> list[Opening]:
    """`count` openings of different persons, from noon on."""
    return [opening(NOON + step * index, 100 + index, actor) for index in range(count)]


def counts(signs: list[Sign]) -> list[int]:
    return [sign.count for sign in signs]


@pytest.mark.parametrize(("persons", "told"), [(0, []), (19, []), (20, []), (21, [21]), (40, [40])])
def test_more_than_twenty_persons_in_an_hour_are_many(persons: int, told: list[int]) -> None:
    assert counts(unusual.many_persons(openings(persons, MINUTE), LIMITS, CLOCK)) == told


def test_the_same_person_again_does_not_count_again() -> None:
    again = [opening(NOON + MINUTE * index, 100 + index % 20) for index in range(59)]
    assert unusual.many_persons(again, LIMITS, CLOCK) == []


@pytest.mark.parametrize(
    ("apart", "told"), [(HOUR - SECOND, True), (HOUR, False), (HOUR + SECOND, False)]
)
def test_the_hour_slides_and_is_open_at_its_beginning(apart: timedelta, told: bool) -> None:
    moments = [opening(NOON, 1), *(opening(NOON + apart, 2 + index) for index in range(20))]
    assert bool(unusual.many_persons(moments, LIMITS, CLOCK)) is told


def test_an_hour_across_two_clock_hours_is_one_hour() -> None:
    early = [opening(NOON + 50 * MINUTE, 100 + index) for index in range(11)]
    late = [opening(NOON + 70 * MINUTE, 200 + index) for index in range(10)]
    (sign,) = unusual.many_persons([*late, *early], LIMITS, CLOCK)
    assert (sign.since, sign.until) == (NOON + HOUR, NOON + 2 * HOUR)
    assert (sign.count, sign.last_at) == (21, NOON + 70 * MINUTE)


def test_two_actors_do_not_add_up() -> None:
    both = openings(20, MINUTE, ONE) + openings(20, MINUTE, OTHER)
    assert unusual.many_persons(both, LIMITS, CLOCK) == []


def test_each_actor_has_one_sign_and_a_further_reading_raises_it() -> None:
    both = openings(21, SECOND, ONE) + openings(30, SECOND, OTHER)
    signs = unusual.many_persons(both, LIMITS, CLOCK)
    assert {(sign.actor, sign.count) for sign in signs} == {(ONE, 21), (OTHER, 30)}


def test_looking_again_later_finds_the_same_window() -> None:
    def place(sign: Sign) -> tuple[Any, ...]:
        return sign.rule, sign.actor, sign.record, sign.since

    (first,) = unusual.many_persons(openings(21, SECOND), LIMITS, CLOCK)
    (later,) = unusual.many_persons(openings(25, SECOND), LIMITS, CLOCK)
    assert place(first) == place(later)
    assert (first.count, later.count) == (21, 25)


@pytest.mark.parametrize(
    ("usual", "persons", "told"),
    [
        (None, 200, []),
        (1.0, 9, []),
        (1.0, 10, [10]),  # three times the usual would be 3: the least is 10
        (3.0, 9, []),
        (3.0, 10, [10]),
        (3.5, 10, []),
        (3.5, 11, [11]),
        (6.0, 17, []),
        (6.0, 18, [18]),
        (6.0, 25, [25]),
    ],
)
def test_a_day_is_held_against_the_own_usual_day(
    usual: float | None, persons: int, told: list[int]
) -> None:
    spread = openings(persons, 2 * MINUTE)
    assert counts(unusual.more_than_usual(spread, {ONE: usual}, LIMITS, CLOCK)) == told


def test_days_are_those_of_the_installation() -> None:
    late = datetime(2026, 3, 11, 21, 55, tzinfo=UTC)  # five before midnight in Tripoli
    spread = [opening(late + MINUTE * index, 100 + index) for index in range(14)]
    assert unusual.more_than_usual(spread, {ONE: 1.0}, LIMITS, TRIPOLI) == []
    (sign,) = unusual.more_than_usual(spread, {ONE: 1.0}, LIMITS, CLOCK)
    assert sign.count == 14


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ([], None),
        ([4, 4, 4, 4], None),
        ([4, 4, 4, 4, 4], 4),
        ([1, 2, 3, 4, 500], 3),
        ([1, 2, 3, 4, 5, 6], 3.5),
        ([0, 0, 0, 0, 4], None),  # days off are no days
    ],
)
def test_the_usual_day_is_the_median_of_the_days_with_work(
    days: list[int], usual: float | None
) -> None:
    today = date(2026, 3, 30)
    known = {today - DAY * (index + 1): count for index, count in enumerate(days)}
    assert unusual.usual_day(known, today, LIMITS) == usual


def test_the_usual_day_leaves_out_today_and_what_is_long_past() -> None:
    today = date(2026, 3, 30)
    five = {today - DAY * index: 4 for index in range(24, 29)}
    assert unusual.usual_day(five, today, LIMITS) == 4
    assert unusual.usual_day(five | {today: 900}, today, LIMITS) == 4
    too_old = {day - DAY: count for day, count in five.items()}
    assert unusual.usual_day(too_old, today, LIMITS) is None


@pytest.mark.parametrize(
    ("local", "out"),
    [
        (time(0, 0), True),
        (time(5, 59, 59), True),
        (time(6, 0), False),
        (time(12, 0), False),
        (time(19, 59, 59), False),
        (time(20, 0), True),
        (time(23, 59, 59), True),
    ],
)
@pytest.mark.parametrize("zone", ["Africa/Tripoli", "Asia/Kathmandu", "America/Bogota"])
def test_hours_are_those_of_the_place(local: time, out: bool, zone: str) -> None:
    place = ZoneInfo(zone)
    at = datetime.combine(date(2026, 3, 11), local, place).astimezone(UTC)
    assert unusual.is_out_of_hours(at, (place,), LIMITS) is out
    assert bool(unusual.out_of_hours([opening(at, clocks=(place,))], LIMITS, CLOCK)) is out


def test_a_country_with_two_clocks_is_out_of_hours_only_by_both() -> None:
    kinshasa, lubumbashi = ZoneInfo("Africa/Kinshasa"), ZoneInfo("Africa/Lubumbashi")  # +1, +2
    both = (kinshasa, lubumbashi)
    at = datetime(2026, 3, 11, 4, 30, tzinfo=UTC)  # 05:30 and 06:30
    assert unusual.is_out_of_hours(at, (kinshasa,), LIMITS)
    assert not unusual.is_out_of_hours(at, both, LIMITS)
    assert unusual.is_out_of_hours(at - HOUR, both, LIMITS)


@pytest.mark.parametrize("day", range(7))
def test_weekends_are_days_without_work_only_where_the_settings_say_so(day: int) -> None:
    monday = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    at = monday + DAY * day
    friday_and_saturday = Limits(weekend=frozenset({4, 5}))
    assert not unusual.is_out_of_hours(at, (CLOCK,), LIMITS)
    assert unusual.is_out_of_hours(at, (CLOCK,), friday_and_saturday) is (day in {4, 5})


@pytest.mark.parametrize("is_emergency", [False, True])
def test_emergency_access_by_night_is_left_to_its_review(is_emergency: bool) -> None:
    night = opening(NOON.replace(hour=2), is_own_caseload=False, is_emergency=is_emergency)
    assert bool(unusual.out_of_hours([night], LIMITS, CLOCK)) is not is_emergency
    assert bool(unusual.outside_caseload([night], CLOCK)) is not is_emergency


def test_emergency_access_counts_where_many_are_opened() -> None:
    many = [opening(NOON + SECOND * index, index, is_emergency=True) for index in range(21)]
    assert counts(unusual.many_persons(many, LIMITS, CLOCK)) == [21]


@pytest.mark.parametrize("is_own", [False, True])
def test_the_own_duty_list_is_work_and_another_list_is_not(is_own: bool) -> None:
    page = [opening(NOON, index, is_duty_line=True, is_own_caseload=is_own) for index in range(25)]
    assert bool(unusual.many_persons(page, LIMITS, CLOCK)) is not is_own
    assert bool(unusual.more_than_usual(page, {ONE: 2.0}, LIMITS, CLOCK)) is not is_own


def test_a_night_is_counted_by_persons() -> None:
    night = NOON.replace(hour=22)
    three = [opening(night + MINUTE * index, index % 3) for index in range(9)]
    (sign,) = unusual.out_of_hours(three, LIMITS, CLOCK)
    assert (sign.count, sign.last_at) == (3, night + 8 * MINUTE)


def test_one_person_outside_the_own_caseload_is_enough() -> None:
    own, strange = opening(NOON), opening(NOON, 200, is_own_caseload=False)
    assert unusual.outside_caseload([own], CLOCK) == []
    assert counts(unusual.outside_caseload([own, strange], CLOCK)) == [1]


@pytest.mark.parametrize(("people", "told"), [(5, []), (6, [6]), (9, [9])])
def test_more_than_five_people_at_one_record_are_many(people: int, told: list[int]) -> None:
    team = [opening(NOON + MINUTE * index, 7, number(index)) for index in range(people)]
    signs = unusual.many_readers(team, LIMITS, CLOCK)
    assert counts(signs) == told
    assert all(sign.actor is None and sign.record == number(7) for sign in signs)


@pytest.mark.parametrize(("apart", "told"), [(DAY - SECOND, True), (DAY, False)])
def test_people_of_another_day_do_not_count(apart: timedelta, told: bool) -> None:
    team = [opening(NOON, 7, number(1))]
    team += [opening(NOON + apart, 7, number(2 + index)) for index in range(5)]
    assert bool(unusual.many_readers(team, LIMITS, CLOCK)) is told


def test_five_people_who_come_back_are_five() -> None:
    team = [opening(NOON + MINUTE * index, 7, number(index % 5)) for index in range(20)]
    assert unusual.many_readers(team, LIMITS, CLOCK) == []


@pytest.mark.parametrize(
    ("count", "step", "told"),
    [
        (4, SECOND, []),
        (5, SECOND, [5]),
        (8, SECOND, [8]),
        (5, 2.5 * MINUTE - SECOND, [5]),
        (5, 2.5 * MINUTE, []),  # the first is exactly ten minutes ago
    ],
)
def test_five_refusals_in_ten_minutes_are_tries(
    count: int, step: timedelta, told: list[int]
) -> None:
    refusals = [(ONE, NOON + step * index) for index in range(count)]
    assert counts(unusual.refused_often(refusals, LIMITS, CLOCK)) == told


def test_refusals_of_two_actors_do_not_add_up() -> None:
    refusals = [(actor, NOON) for actor in (ONE, OTHER) for _ in range(4)]
    assert unusual.refused_often(refusals, LIMITS, CLOCK) == []


@pytest.mark.parametrize(
    ("persons", "before", "told"),
    [
        (4, MINUTE, []),
        (5, MINUTE, [5]),
        (5, HOUR, [5]),
        (5, HOUR + SECOND, []),
        (5, timedelta(), [5]),
        (5, -SECOND, []),  # read after the export was asked for
    ],
)
def test_five_persons_in_the_hour_before_an_export_are_told(
    persons: int, before: timedelta, told: list[int]
) -> None:
    read = openings(persons, timedelta())
    signs = unusual.before_export(read, [(ONE, NOON + before)], LIMITS, CLOCK)
    assert counts(signs) == told


def test_somebody_elses_export_is_not_held_against_the_reader() -> None:
    assert not unusual.before_export(openings(9, SECOND), [(OTHER, NOON + MINUTE)], LIMITS, CLOCK)


@pytest.mark.parametrize(
    ("persons", "left", "told"),
    [
        (4, DAY, []),
        (5, DAY, [5]),
        (5, 3 * DAY, [5]),
        (5, 3 * DAY + SECOND, []),
        (5, SECOND, [5]),
        (5, timedelta(), []),  # the role has ended: it opens nothing any more
    ],
)
def test_five_persons_in_the_last_three_days_of_a_role_are_told(
    persons: int, left: timedelta, told: list[int]
) -> None:
    read = openings(persons, timedelta())
    assert counts(unusual.before_end(read, {ONE: NOON + left}, LIMITS, CLOCK)) == told
    assert unusual.before_end(read, {OTHER: NOON + left}, LIMITS, CLOCK) == []


@pytest.mark.parametrize(
    ("at", "hour"),
    [(NOON, NOON), (NOON + HOUR - SECOND, NOON), (NOON + HOUR, NOON + HOUR)],
)
def test_hours_begin_at_the_full_hour(at: datetime, hour: datetime) -> None:
    assert unusual.window(Rule.MANY_PERSONS, at, TRIPOLI) == (hour, hour + HOUR)


def test_a_day_when_clocks_change_is_still_one_day() -> None:
    kyiv = ZoneInfo("Europe/Kyiv")
    since, until = unusual.window(Rule.OUT_OF_HOURS, datetime(2026, 3, 29, 12, tzinfo=kyiv), kyiv)
    assert until.astimezone(UTC) - since.astimezone(UTC) == 23 * HOUR
    assert since.time() == until.time() == time()


def test_every_rule_has_a_window() -> None:
    assert set(unusual.WINDOWS) == set(Rule)


def test_settings_change_limits() -> None:
    changes = {
        "many_persons": 50,
        "many_within": 30,
        "opens_at": "07:30",
        "weekend": [4, 5],
    }
    limits = unusual.limits_from(changes)
    assert (limits.many_persons, limits.many_within) == (50, 30 * MINUTE)
    assert (limits.opens_at, limits.weekend) == (time(7, 30), frozenset({4, 5}))
    assert limits.refusals == LIMITS.refusals
    assert unusual.limits_from({}) == LIMITS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("many_people", 5),
        ("many_persons", 0),
        ("many_persons", -3),
        ("many_persons", 2.5),
        ("many_persons", "many"),
        ("many_within", 0),
        ("opens_at", "25:00"),
        ("opens_at", "21:00"),
        ("weekend", [7]),
        ("weekend", 5),
    ],
)
def test_limits_without_sense_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"UNUSUAL_ACCESS: .*{name}"):
        unusual.limits_from({name: value})


@pytest.mark.parametrize(
    ("rule", "change", "quiet"),
    [
        (lambda limits: unusual.many_persons(openings(6, SECOND), limits, CLOCK),
         {"many_persons": 5}, {"many_persons": 6}),
        (lambda limits: unusual.refused_often([(ONE, NOON)] * 3, limits, CLOCK),
         {"refusals": 3}, {"refusals": 4}),
        (lambda limits: unusual.out_of_hours([opening(NOON)], limits, CLOCK),
         {"opens_at": "12:01"}, {"opens_at": "12:00"}),
    ],
)  # fmt: skip
def test_changed_limits_are_obeyed(
    rule: Callable[[Limits], list[Sign]], change: dict[str, Any], quiet: dict[str, Any]
) -> None:
    assert rule(unusual.limits_from(change))
    assert not rule(unusual.limits_from(quiet))
