"""Assistance for the chain: only what the counts of assistance tell, by country and quarter."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.measures import Figure, Period, Question
from cairn.referral import chain, statistics
from cairn.referral.rules.counts import Quarter, settled_quarters
from cairn.referral.statistics import ACCEPTED, DECLINED, UNANSWERED, Counts, Grid, Tally
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.plans_made import given as served
from cairn.referral.tests.referrals_made import sides

WHO = [UUID(int=1), UUID(int=2)]


def last() -> Quarter:
    return settled_quarters(timezone.localdate())[0]


def asked(actor: Actor, code: str, country: str = "") -> tuple[Figure, ...]:
    period = Period.quarter(last().year, last().number)
    return measures.figures(actor, code, Question(period, country=country))


def counts(accepted: int, declined: int, unanswered: int, late: int = 0) -> Counts:
    """As a country would tell them: half by each of two organisations."""
    tally = Tally.empty()
    left = late
    for outcome, count in ((ACCEPTED, accepted), (DECLINED, declined), (UNANSWERED, unanswered)):
        for at in range(count):
            is_answered = outcome != UNANSWERED
            in_time = None if not is_answered else left <= 0
            left -= is_answered
            tally.add("health", "North", WHO[at % 2], outcome, 5.0, None, in_time)
    told, grid = statistics.protected(tally)
    line = told["all", ""]
    return Counts(line, (), (), grid, (), 0, Grid((), (), ()), statistics._in_time(tally, line))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counts]:
    """What countries tell, in place of records."""
    found = {
        "NPL": counts(60, 20, 20, late=30),
        "KEN": counts(3, 0, 0),
        "LBN": counts(20, 20, 0, late=4),
    }

    def by_country(_quarter: Quarter, country: str = "") -> dict[str, Counts]:
        return {country: found[country]} if country else found

    monkeypatch.setattr(chain, "assistance_by_country", by_country)
    return found


@pytest.fixture
def officer(db: None) -> Actor:
    return actor_of(user_with_role("programme-officer"))


def test_a_country_tells_what_its_counts_tell(officer: Actor, told: dict[str, Counts]) -> None:
    values = {
        code: asked(officer, f"referral.{code}", "NPL")[0].found.value
        for code in ("sent", "accepted", "in_time", "accepted_share", "in_time_share")
    }
    assert {code: str(value) for code, value in values.items()} == {
        "sent": "100",
        "accepted": "60",
        "in_time": "50",
        "accepted_share": "0.7500",
        "in_time_share": "0.5000",
    }


def test_few_late_answers_do_not_follow_from_those_in_time(
    officer: Actor, told: dict[str, Counts]
) -> None:
    (found,) = asked(officer, "referral.in_time", "LBN")
    assert (found.found.value, found.found.is_held_back) == (None, True)


def test_together_is_the_sum_of_what_countries_tell(
    officer: Actor, told: dict[str, Counts]
) -> None:
    (sent,) = asked(officer, "referral.sent")
    assert sent.found.value == 140
    assert sent.found.note
    (share,) = asked(officer, "referral.in_time_share")
    assert (str(share.found.value), share.found.rows) == ("0.5000", 100)


def test_where_only_few_were_sent_nothing_is_told(officer: Actor, told: dict[str, Counts]) -> None:
    for code in ("sent", "accepted", "accepted_share", "in_time"):
        (found,) = asked(officer, f"referral.{code}", "KEN")
        assert (found.found.value, found.found.is_held_back) == (None, True)


def test_the_public_is_told_nothing_and_a_supervisor_the_own_country(
    officer: Actor, told: dict[str, Counts]
) -> None:
    supervisor = actor_of(user_with_role("case-supervisor", name="narrow", country="NPL"))
    assert asked(PUBLIC, "referral.sent", "NPL") == ()
    assert asked(supervisor, "referral.sent", "LBN") == ()
    assert asked(supervisor, "referral.sent") == ()
    (found,) = asked(supervisor, "referral.sent", "NPL")
    assert found.found.value == 100
    assert "country=NPL" in found.measure.rows(supervisor, found.question)
    assert found.measure.rows(officer, found.question) == ""


@pytest.mark.django_db
def test_persons_and_services_are_told_over_the_threshold_only(
    django_assert_num_queries: Any,
) -> None:
    at = sides()
    officer = actor_of(user_with_role("programme-officer"))
    for _each in range(11):
        served(at.worker, at.person, starts_on=last().starts_on)
    with django_assert_num_queries(4), measures.together():
        services = asked(officer, "referral.services")
        persons = asked(officer, "referral.persons")
        asked(officer, "referral.sent")
    assert [(str(each.found.value), each.found.part) for each in services] == [
        ("11", ()),
        ("11", (("service", "livelihood"),)),
    ]
    assert all(each.found.value is None for each in persons)
    assert persons[0].found.is_held_back


@pytest.mark.django_db
def test_each_country_is_counted_as_by_itself() -> None:
    at = sides()
    for _each in range(11):
        served(at.worker, at.person, starts_on=last().starts_on)
    country = at.person.country
    assert statistics.assistance_by_country(last()) == {
        country: statistics.assistance(country, last())
    }
    assert statistics.assistance("KEN", last()).services == ()
