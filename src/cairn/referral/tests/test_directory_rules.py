"""How services stand as time goes on, when they are open, and what is refused at their entry."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.referral.rules import services as rules
from cairn.referral.rules.hours import spans_of, week
from cairn.referral.rules.services import Capacity, Sensitivity, Standing

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATELY = date(2026, 11, 20)
FACTS: dict[str, Any] = {
    "kinds": ["health"],
    "needs": ["health"],
    "exclusions": [],
    "sensitivity": "public",
}


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "open"), (14, "open"), (15, "not-known"), (60, "not-known"), (61, "stale")],
)
def test_what_was_said_of_capacity_gets_old(days: int, expected: str) -> None:
    said = NOW - timedelta(days=days)
    found = rules.standing(Capacity.OPEN, said, said.date(), None, NOW)
    assert found == Standing(expected)
    assert rules.is_offered(found) is (expected != "stale")


@pytest.mark.parametrize(
    ("capacity", "expected", "offered"),
    [
        ("open", Standing.OPEN, True),
        ("waiting-list", Standing.WAITING_LIST, True),
        ("closed", Standing.FULL, False),
        ("", Standing.NOT_KNOWN, True),
    ],
)
def test_what_was_said_lately_is_shown_as_said(
    capacity: str, expected: Standing, offered: bool
) -> None:
    found = rules.standing(capacity, NOW if capacity else None, LATELY, None, NOW)
    assert found == expected
    assert rules.is_offered(found) is offered


def test_an_entry_looked_at_lately_is_offered_though_its_capacity_is_forgotten() -> None:
    said = NOW - timedelta(days=200)
    assert rules.standing("closed", said, LATELY, None, NOW) == Standing.NOT_KNOWN


def test_a_service_that_was_taken_out_is_offered_to_nobody() -> None:
    assert rules.standing("open", NOW, LATELY, NOW, NOW) == Standing.TAKEN_OUT
    assert not rules.is_offered(Standing.TAKEN_OUT)


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "expected"),
    [
        ({}, "", "2026-11-23T12:00", None),
        ({"mon": []}, "", "2026-11-23T12:00", None),
        ({"mon": [["08:00", "16:00"]]}, "", "2026-11-23T08:00", True),
        ({"mon": [["08:00", "16:00"]]}, "", "2026-11-23T15:59", True),
        ({"mon": [["08:00", "16:00"]]}, "", "2026-11-23T16:00", False),
        ({"mon": [["08:00", "16:00"]]}, "", "2026-11-24T12:00", False),
        ({"mon": [["08:00", "12:00"], ["14:00", "16:00"]]}, "", "2026-11-23T13:00", False),
        ({"mon": [["08:00", "12:00"], ["14:00", "16:00"]]}, "", "2026-11-23T15:00", True),
        ({"mon": [["00:00", "24:00"]]}, "", "2026-11-23T23:59", True),
        ({"mon": [["20:00", "06:00"]]}, "", "2026-11-23T23:00", True),
        ({"mon": [["20:00", "06:00"]]}, "", "2026-11-24T05:59", True),
        ({"mon": [["20:00", "06:00"]]}, "", "2026-11-24T06:00", False),
        ({"sun": [["20:00", "06:00"]]}, "", "2026-11-23T01:00", True),
        # Noon in UTC is a quarter to six in the evening in Kathmandu.
        ({"mon": [["17:00", "18:00"]]}, "Asia/Kathmandu", "2026-11-23T12:00", True),
        ({"mon": [["12:00", "13:00"]]}, "Asia/Kathmandu", "2026-11-23T12:00", False),
    ],
)
def test_whether_somebody_is_there(
    hours: Mapping[str, Any], zone: str, moment: str, expected: bool | None
) -> None:
    rules.check_hours(hours, zone)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert rules.is_open_at(hours, zone, at) is expected


@pytest.mark.parametrize(
    "hours",
    [
        {"someday": [["08:00", "16:00"]]},
        {"mon": [["8", "16"]]},
        {"mon": [["08:00"]]},
        {"mon": [["25:00", "26:00"]]},
        {"mon": [["08:00", "08:00"]]},
        {"mon": [["24:00", "08:00"]]},
        {"mon": [["01:00", "02:00"]] * 5},
    ],
)
def test_times_that_are_none_are_refused(hours: Mapping[str, Any]) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_hours(hours, "")
    assert refused.value.code == "service.hours"
    assert refused.value.remedy


def test_a_time_zone_that_is_none_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_hours({}, "Moon/Crater")
    assert refused.value.code == "service.zone"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kinds": []}, "service.kinds"),
        ({"kinds": ["gold"]}, "service.kinds"),
        ({"needs": []}, "service.needs"),
        ({"needs": ["health", "gold"]}, "service.needs"),
        ({"exclusions": ["gold"]}, "service.exclusions"),
        ({"ages": ["gold"]}, "service.ages"),
        ({"sexes": ["gold"]}, "service.sexes"),
        ({"capacity": "gold"}, "service.capacity"),
        ({"sensitivity": ""}, "service.sensitivity"),
        ({"sensitivity": "secret"}, "service.sensitivity"),
        ({"kinds": ["shelter", "health"]}, "service.sensitivity"),
    ],
)
def test_what_is_missing_or_unknown_is_refused_with_its_code(
    changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_service(**FACTS | changed)
    assert refused.value.code == code


@pytest.mark.parametrize("sensitivity", ["restricted", "protected"])
def test_a_shelter_is_entered_as_what_it_is(sensitivity: str) -> None:
    rules.check_service(**FACTS)
    rules.check_service(**FACTS | {"kinds": ["shelter"], "sensitivity": sensitivity})


@pytest.mark.parametrize(
    ("kinds", "sensitivity", "expected"),
    [
        (["health"], "public", False),
        (["health"], "restricted", False),
        (["health"], "protected", True),
        (["health"], "", True),
        (["health"], "no such word", True),
        (["shelter"], "restricted", True),
        (["legal-aid", "shelter"], "public", True),
    ],
)
def test_a_place_stays_out_of_public_fields_unless_it_is_said_to_be_harmless(
    kinds: list[str], sensitivity: str, expected: bool
) -> None:
    assert rules.is_sheltered(kinds, sensitivity) is expected


@pytest.mark.parametrize("sensitivity", Sensitivity)
@pytest.mark.parametrize("kind", rules.ServiceType)
def test_every_kind_is_entered_with_every_sensitivity_but_a_public_shelter(
    kind: str, sensitivity: str
) -> None:
    given = FACTS | {"kinds": [kind], "sensitivity": sensitivity}
    if (kind, sensitivity) != ("shelter", "public"):
        rules.check_service(**given)
        return
    with pytest.raises(RuleBroken):
        rules.check_service(**given)


@pytest.mark.parametrize("phone", ["", "+256 000 000 000", "116"])
def test_a_number_that_can_be_called_is_taken(phone: str) -> None:
    rules.check_phone(phone)


def test_words_are_no_telephone_number() -> None:
    with pytest.raises(RuleBroken):
        rules.check_phone("ask for Ana")


@pytest.mark.parametrize(
    ("left", "used", "revoked", "is_live"),
    [(1, None, None, True), (0, None, None, False), (1, NOW, None, False), (1, None, NOW, False)],
)
def test_a_link_is_used_once_and_within_its_days(
    left: int, used: datetime | None, revoked: datetime | None, is_live: bool
) -> None:
    expires = NOW + timedelta(seconds=left)
    if is_live:
        rules.check_link(expires, used, revoked, NOW)
        return
    with pytest.raises(RuleBroken) as refused:
        rules.check_link(expires, used, revoked, NOW)
    assert refused.value.code == "service.link"


def test_days_with_the_same_times_stand_together() -> None:
    day, night = [["08:00", "12:00"], ["13:00", "17:00"]], [["20:00", "06:00"]]
    hours = {"mon": day, "tue": day, "wed": day, "fri": day, "sat": night, "sun": night}
    assert week(hours) == [
        ("Monday – Wednesday", "08:00-12:00, 13:00-17:00"),
        ("Friday", "08:00-12:00, 13:00-17:00"),
        ("Saturday – Sunday", "20:00-06:00"),
    ]
    assert week({}) == week(None) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("8-12", [["08:00", "12:00"]]),
        ("08:00-12:00, 14.30 – 16h45", [["08:00", "12:00"], ["14:30", "16:45"]]),
        ("20:00-06:00", [["20:00", "06:00"]]),
        ("0-24", [["00:00", "24:00"]]),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, expected: list[list[str]]) -> None:
    assert spans_of(typed) == expected


@pytest.mark.parametrize("typed", ["morning", "8", "8-8", "25-26", "8-12-16", "24-3"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        spans_of(typed)
    assert refused.value.code == "service.hours"
