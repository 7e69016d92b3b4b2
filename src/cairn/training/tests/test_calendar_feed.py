"""The calendar feed: what a calendar program reads of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from cairn.training.exports.calendar import Entry, calendar

EVENT, SESSION = UUID(int=1), UUID(int=2)
CHANGED = datetime(2026, 2, 1, 12, tzinfo=UTC)


def entry(**given: Any) -> Entry:
    values: dict[str, Any] = {
        "id": SESSION,
        "reference": "E01",
        "number": 2,
        "starts": datetime(2026, 3, 28, 8, tzinfo=UTC),
        "ends": datetime(2026, 3, 28, 10, tzinfo=UTC),
        "changes": 3,
        "changed_at": CHANGED,
        "zone": "Europe/Madrid",
        "place": "Invented Hall",
    }
    return Entry(**{**values, **given})


def read(*entries: Entry, language: str = "en") -> Any:
    return Calendar.from_ical(calendar(entries, name="Cairn", language=language))


def only(*entries: Entry) -> Any:
    (found,) = read(*entries).walk("VEVENT")
    return found


def test_a_session_is_read_with_its_time_zone() -> None:
    found = only(entry())
    assert found.decoded("dtstart") == datetime(2026, 3, 28, 9, tzinfo=ZoneInfo("Europe/Madrid"))
    assert found["dtstart"].params["TZID"] == "Europe/Madrid"
    assert str(found["summary"]) == "E01, session 2"
    assert found["uid"] == f"{SESSION}@cairn"


def test_the_zone_comes_with_its_rules() -> None:
    zones = read(entry()).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["Europe/Madrid"]


def test_the_hour_on_the_wall_stays_over_summer_time() -> None:
    # Summer time begins in Madrid on 29 March 2026: 07:00 UTC is then 09:00 there.
    days = [
        entry(id=UUID(int=10 + day), starts=starts, ends=starts + timedelta(hours=1))
        for day, starts in enumerate(
            [datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)]
        )
    ]
    hours = [each.decoded("dtstart").hour for each in read(*days).walk("VEVENT")]
    assert hours == [9, 9]


def test_a_change_raises_the_sequence_under_the_same_id() -> None:
    before, after = only(entry()), only(entry(changes=4))
    assert before["uid"] == after["uid"]
    assert int(after["sequence"]) == int(before["sequence"]) + 1


@pytest.mark.parametrize("status", ["CONFIRMED", "TENTATIVE", "CANCELLED"])
def test_the_feed_says_the_status(status: str) -> None:
    found = only(entry(status=status))
    assert str(found["status"]) == status
    assert (str(found["transp"]) == "TRANSPARENT") is (status == "CANCELLED")


def test_an_event_by_days_ends_with_its_last_day() -> None:
    whole = entry(id=EVENT, number=0, starts=date(2026, 3, 2), ends=date(2026, 3, 4))
    found = only(whole)
    assert found.decoded("dtstart") == date(2026, 3, 2)
    assert found.decoded("dtend") == date(2026, 3, 5)
    assert str(found["summary"]) == "E01"


def test_programs_are_told_how_often_to_look_again() -> None:
    feed = read(entry())
    assert feed.decoded("refresh-interval") == timedelta(hours=1)
    assert str(feed["method"]) == "PUBLISH"


def test_signs_of_the_format_in_a_place_stay_text() -> None:
    found = only(entry(place="Hall; A, B\nEND:VEVENT"))
    assert str(found["location"]) == "Hall; A, B\nEND:VEVENT"
