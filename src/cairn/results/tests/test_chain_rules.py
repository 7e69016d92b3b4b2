"""Which time the chain is asked about: what stands in an address, and when persons are told of."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cairn.core.measures import Counted, Period, measures
from cairn.results.rules.chain import (
    EARLIEST,
    HEADLINES,
    Asked,
    finished_years,
    period_for,
    quarters_of,
    years,
)

days = st.dates(date(EARLIEST, 1, 1), date(2060, 12, 31))
TODAY = date(2026, 11, 22)


@given(st.text(max_size=6), st.text(max_size=3), days)
def test_whatever_stands_in_an_address_is_a_time_of_the_choice(
    year: str, quarter: str, today: date
) -> None:
    asked = Asked.read(year, quarter, today)
    assert asked.year in {0, *years(today)}
    assert asked.quarter in range(5)
    assert asked.year or not asked.quarter
    assert asked.period(today).first.year >= EARLIEST


@given(st.integers(EARLIEST, 2026), st.integers(0, 4))
def test_a_time_that_was_chosen_is_read_back(year: int, quarter: int) -> None:
    asked = Asked.read(str(year), str(quarter), TODAY)
    assert asked == Asked(year, quarter)
    expected = Period.quarter(year, quarter) if quarter else Period.year(year)
    assert asked.period(TODAY) == expected


@given(days, st.sampled_from(list(Counted)), st.integers(EARLIEST, 2060))
def test_persons_are_told_of_one_quarter_that_stands_and_all_else_of_the_time_asked(
    today: date, counted: Counted, year: int
) -> None:
    asked = Period.year(year)
    found = period_for(counted, asked, today)
    if counted is not Counted.PERSONS:
        assert found == asked
        return
    assert found.is_quarter
    assert asked.first <= found.first <= found.last <= asked.last
    standing = [each for each in quarters_of(asked) if each.is_settled(today)]
    assert found == (standing[-1] if standing else quarters_of(asked)[0])


@given(days, st.integers(0, 4000), days)
def test_only_years_that_are_over_are_recorded(first: date, later: int, today: date) -> None:
    found = finished_years(first, first + timedelta(days=later), today)
    assert all(each.last < today for each in found)
    assert [each.first.year for each in found] == sorted({each.first.year for each in found})


def test_every_step_is_known_by_a_measure_of_its_own() -> None:
    known = {each.code: each for each in measures()}
    for step, codes in HEADLINES.items():
        assert [known[code].step for code in codes] == [step] * len(codes)
