"""What the real sources give: persons of a period, by codes of their lists, and nothing else."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cairn.core.errors import RuleBroken
from cairn.identification.rules.procedures import State
from cairn.identification.tests.factories import NAME, authority, decide, procedure
from cairn.observatory import sources, sources_invented, sources_real
from cairn.observatory.rules.pipeline import Period, check_period, quarter_of
from cairn.observatory.rules.series import MAY_GROUP, check_series
from cairn.observatory.tests.pipeline_scene import FIRST, SECOND, YEAR
from cairn.referral.models import ServiceEpisode
from cairn.referral.tests.factories import person, provider

REAL = (sources_real.IDENTIFIED, sources_real.ASSISTED, sources_invented.INVENTED)


@pytest.mark.parametrize("source", REAL, ids=lambda each: each.code)
def test_each_series_says_what_a_reader_needs(source: sources.Source) -> None:
    series = source.series()
    check_series(series)
    assert all(each.field_class in MAY_GROUP for each in series.dimensions)
    with pytest.raises(RuleBroken) as refused:
        sources.source("nowhere")
    assert refused.value.code == "observatory.source"


@pytest.mark.django_db
@pytest.mark.parametrize("source", REAL[:2], ids=lambda each: each.code)
def test_an_empty_installation_counts_nobody(source: sources.Source) -> None:
    assert list(source.rows(YEAR)) == []
    assert list(source.completeness(YEAR)) == []


@pytest.mark.django_db(databases=["default", "keys"])
def test_whom_an_authority_identified_counts_once_by_codes_alone() -> None:
    officer = authority(country="NPL")
    for outcomes in (
        (State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS, State.CONCLUSIVE_POSITIVE),
        (State.UNDER_ASSESSMENT,),
    ):
        decide(officer, procedure(officer), *outcomes)
    today = timezone.localdate()
    rows = list(sources_real.IDENTIFIED.rows(Period(today, today)))
    assert [codes for _person, codes in rows] == [{"age": "adult", "country": "NPL"}]
    assert NAME not in str(rows)
    series = sources_real.identified_series()
    assert set(rows[0][1]) == set(series.by_name)
    assert all(code in series.by_name[name].leaves for name, code in rows[0][1].items())
    yesterday = today - timedelta(days=1)
    assert not list(sources_real.IDENTIFIED.rows(Period(yesterday, yesterday)))
    # One procedure is too few to say that anybody there reported.
    assert not sources_real.IDENTIFIED.completeness(Period(yesterday, today))


@pytest.mark.django_db(databases=["default", "keys"])
def test_who_was_helped_twice_counts_once() -> None:
    found = person(provider())
    day = date(2025, 2, 3)
    for number in (1, 2):
        ServiceEpisode.objects.create(
            person=found,
            number=number,
            code=f"invented.{number}",
            service_type="shelter",
            provider=found.organisation,
            starts_on=day,
            recorded_at=timezone.now(),
            recorded_by=uuid4(),
        )
    rows = list(sources_real.ASSISTED.rows(FIRST))
    assert len(rows) == 1
    series = sources_real.assisted_series()
    assert set(rows[0][1]) == set(series.by_name)
    assert all(code in series.by_name[name].leaves for name, code in rows[0][1].items())
    assert not list(sources_real.ASSISTED.rows(SECOND))


def test_invented_persons_are_always_the_same_and_fit_their_lists() -> None:
    rows = list(sources_invented.invented_rows(YEAR))
    assert 5_500 < len(rows) < 7_500
    assert rows == list(sources_invented.invented_rows(YEAR))
    series = sources_invented.invented_series()
    for each in series.dimensions:
        assert {codes[each.name] for _person, codes in rows} <= set(each.leaves)
    quarter = {person for person, _codes in sources_invented.invented_rows(FIRST)}
    assert quarter < {person for person, _codes in rows}


def test_invented_persons_are_registered_in_demonstrations_only() -> None:
    assert "invented" not in {each.code for each in sources.sources()}


def test_a_period_is_counted_when_late_entries_are_in() -> None:
    quarter = quarter_of(date(2025, 2, 14))
    assert (quarter.since, quarter.until) == (date(2025, 1, 1), date(2025, 3, 31))
    with pytest.raises(RuleBroken):
        check_period(quarter, date(2025, 4, 30))
    check_period(quarter, date(2025, 5, 1))
    with pytest.raises(RuleBroken):
        check_period(YEAR, date(2026, 3, 31))
    check_period(YEAR, date(2026, 4, 1))
    assert quarter_of(date(2024, 12, 31)) == Period(date(2024, 10, 1), date(2024, 12, 31))
