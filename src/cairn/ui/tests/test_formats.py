"""Numbers, money, shares and times are read the same way by everybody."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.template import Context, Template
from django.utils import timezone as zones
from django.utils import translation

from cairn.ui import formats

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)


def clock(hours: float, *, is_due: bool = True) -> str:
    when = NOW + timedelta(hours=hours)
    return formats.clock_reading(when, now=NOW, is_due=is_due).distance


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "US$\u00a06,576,097"),
        ("fr", "6\u202f576\u202f097\u00a0$US"),
        ("ar", "6,576,097\u00a0US$"),
        ("ru", "6\u00a0576\u00a0097\u00a0US$"),
    ],
)
def test_dollars_say_which_dollars_in_every_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert formats.money_text(6576097) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("756.50", "US$\u00a0756.50"),
        (0, "US$\u00a00"),
        (None, "not known"),
        ("Varies by programme", "Varies by programme"),
        ("NaN", "NaN"),
    ],
)
def test_an_amount_shows_cents_only_where_there_are_some(amount: object, shown: str) -> None:
    assert formats.money_text(amount) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.374, "37%"), (0, "0%"), (1, "100%"), (0.001, "<1%"), (0.999, ">99%"), (1.4, "140%")],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(ratio: float, shown: str) -> None:
    assert formats.percent_text(ratio) == shown


def test_a_share_that_nobody_knows_is_not_zero() -> None:
    assert formats.percent_text(None) == "not known"


@pytest.mark.parametrize(
    ("hours", "shown"),
    [(3, "in 3 h"), (26, "in 26 h"), (-26, "26 h late"), (300, "in 12 days"), (0.5, "in 30 min")],
)
def test_a_deadline_says_how_far_it_is_and_keeps_hours_up_to_two_days(
    hours: float, shown: str
) -> None:
    assert clock(hours) == shown


def test_what_happened_is_never_late() -> None:
    reading = formats.clock_reading(NOW - timedelta(hours=26), now=NOW, is_due=False)
    assert reading.distance == "26 h ago"
    assert not reading.is_late


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh-hans"])
def test_every_united_nations_language_has_distances(language: str) -> None:
    with translation.override(language):
        assert clock(3) != clock(26) != clock(-26)


def test_a_day_counts_in_days_and_today_is_today() -> None:
    def read(day: date) -> formats.ClockReading:
        return formats.clock_reading(day, now=NOW, is_due=True)

    assert read(date(2026, 3, 12)).distance == "today"
    assert read(date(2026, 3, 15)).distance == "in 3 days"
    assert read(date(2026, 3, 10)).distance == "2 days late"
    assert read(date(2026, 3, 15)).exact == "15 Mar 2026"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "UTC"), (180, "UTC+3"), (330, "UTC+5:30"), (-210, "UTC-3:30")]
)
def test_an_exact_time_names_its_zone(minutes: int, shown: str) -> None:
    zone = timezone(timedelta(minutes=minutes))
    with zones.override(zone):
        assert formats.moment_text(NOW).endswith(shown)


def test_a_clock_is_shown_as_distance_and_exactly() -> None:
    drawn = Template("{% clock when kind='due' now=now %}").render(
        Context({"when": NOW - timedelta(hours=26), "now": NOW})
    )
    assert '<time datetime="2026-03-11T12:30:00+00:00">26 h late</time>' in drawn
    assert "11 Mar 2026, 12:30 UTC" in drawn
    assert "data-late" in drawn


def test_money_keeps_its_direction() -> None:
    assert Template("{% money 5 %}").render(Context()) == '<bdi class="money">US$\u00a05</bdi>'


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [(1, 2, "50.0"), (3, 2, "100.0"), (-1, 2, "0.0"), (1, 0, "0.0"), (None, 5, "0.0")],
)
def test_a_bar_stays_inside_its_cell(part: object, whole: object, width: str) -> None:
    drawn = Template("{% bar part whole %}").render(Context({"part": part, "whole": whole}))
    assert f'class="bar-part" width="{width}"' in drawn


def test_names_of_countries_follow_the_language_and_unknown_codes_stay_codes() -> None:
    template = Template("{{ 'FRA'|country }} {{ 'XYZ'|country }} {{ ''|country }}")
    assert template.render(Context()) == "France XYZ not known"
