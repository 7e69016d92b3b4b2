"""Dates known to the year, the month or the day."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.partial_dates import PartialDate, PartialDateRefused, check_order, span_text

parse = PartialDate.parse


def refusal(text: str) -> PartialDateRefused:
    with pytest.raises(PartialDateRefused) as caught:
        parse(text)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "month", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", "month", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-03", "day", date(2024, 2, 3), date(2024, 2, 3)),
        (" 2024-02-29 ", "day", date(2024, 2, 29), date(2024, 2, 29)),
        ("٢٠٢٤-٠٢", "month", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_date_covers_all_days_that_it_may_be(
    text: str, precision: str, first: date, last: date
) -> None:
    found = parse(text)
    assert (found.precision, found.first, found.last) == (precision, first, last)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("2024-13", "month"),
        ("2024-00", "month"),
        ("2024-02-30", "day"),
        ("2023-02-29", "day"),
        ("2024-02-00", "day"),
        ("0204", "year"),
        ("2204-01", "year"),
        ("2024-2", "shape"),
        ("24-02-03", "shape"),
        ("03/02/2024", "shape"),
        ("2024-02-03T10:00", "shape"),
        ("2024–2026", "shape"),
        ("soon", "shape"),
        ("-2024", "shape"),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(text).code == f"date.{code}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Feb 2024", "2024-02"),
        ("February 2024", "2024-02"),
        ("Sept. 2024", "2024-09"),
        ("février 2024", "2024-02"),
        ("mai 2024", "2024-05"),
        ("فبراير 2024", "2024-02"),
    ],
)
def test_a_month_in_words_is_answered_with_how_to_write_it(text: str, written: str) -> None:
    found = refusal(text)
    assert found.code == "date.shape"
    assert written in found.remedy


def test_a_day_without_a_month_cannot_be_made() -> None:
    with pytest.raises(PartialDateRefused):
        PartialDate(2024, None, 3)


def test_dates_sort_by_first_day_and_the_less_exact_first() -> None:
    texts = ["2023-12-31", "2024", "2024-01", "2024-01-01", "2024-01-02", "2024-02", "2025"]
    assert [str(found) for found in sorted(map(parse, reversed(texts)))] == texts
    for earlier, later in pairwise(map(parse, texts)):
        assert earlier < later
        assert later > earlier
        assert earlier <= later
        assert earlier != later


def test_a_date_does_not_compare_with_other_things() -> None:
    with pytest.raises(TypeError):
        assert parse("2024") < date(2024, 1, 1)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]))
def test_the_written_form_is_read_back(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert str(parse(text)) == text
    assert parse(text).first <= day <= parse(text).last
    assert PartialDate.of(day) == parse(day.isoformat())


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("2024", "en", "2024"),
        ("2024-02", "en", "February 2024"),
        ("2024-02-03", "en", "3 February 2024"),
        ("2024-02", "fr", "février 2024"),
        ("2024-02-03", "fr", "3 février 2024"),
        ("2024-02", "ar", "فبراير 2024"),
        ("2024-02-03", "ar", "3 فبراير 2024"),
        ("2024-02", "zh-hans", "2024年2月"),
        ("2024-02", "xx", "February 2024"),
    ],
)
def test_a_date_is_shown_as_the_language_writes_it(text: str, language: str, shown: str) -> None:
    assert parse(text).display(language) == shown


@pytest.mark.parametrize(
    ("start", "end", "language", "shown"),
    [
        ("2024-02", "2026-01", "en", "February 2024 – January 2026"),
        ("2024-02", "2026-01", "fr", "février 2024 – janvier 2026"),
        ("2024-02", "2026-01", "ar", "فبراير 2024 – يناير 2026"),
        ("2024-02", "2024-05", "en", "February – May 2024"),
        ("2009", "2010", "en", "2009–2010"),
        ("2024", "2024", "en", "2024"),
        ("2025-02-03", "2025-02-05", "en", "3–5 February 2025"),
        ("2025-02-03", "2025-02-05", "fr", "3–5 février 2025"),
        ("2025-02-20", "2025-02-25", "en", "20–25 February 2025"),
        ("2025-02-27", "2025-03-02", "en", "27 February 2025 – 2 March 2025"),
        ("2024", "2024-05-06", "en", "2024 – 6 May 2024"),
        ("2024-02", None, "en", "From February 2024"),
        (None, "2026-01", "en", "Until January 2026"),
        (None, None, "en", ""),
    ],
)
def test_a_span_says_each_thing_once(
    start: str | None, end: str | None, language: str, shown: str
) -> None:
    found = span_text(parse(start) if start else None, parse(end) if end else None, language)
    # Which spaces stand round the dash is CLDR's choice and changes between its releases.
    assert found.replace("\u2009", " ") == shown


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-05", "2024"), ("2024", "2024-01-01"), ("2024-02-03", "2024-02"), ("2024", "2024")],
)
def test_an_end_that_may_lie_after_the_start_is_accepted(start: str, end: str) -> None:
    check_order(parse(start), parse(end))
    check_order(None, parse(end))
    check_order(parse(start), None)


@pytest.mark.parametrize(
    ("start", "end"), [("2024-05", "2024-04"), ("2024", "2023"), ("2024-05-02", "2024-05-01")]
)
def test_an_end_that_certainly_lies_before_the_start_is_refused(start: str, end: str) -> None:
    with pytest.raises(PartialDateRefused) as caught:
        check_order(parse(start), parse(end))
    assert caught.value.code == "date.order"
    assert start in caught.value.message
    assert end in caught.value.message
