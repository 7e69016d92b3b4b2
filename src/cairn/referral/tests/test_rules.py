"""Days, age bands, places and caseworkers of records."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cairn.core.errors import RuleBroken
from cairn.referral import rules
from cairn.referral.rules import AgeBand

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("band", "as_child"),
    [(AgeBand.ADULT, False), (AgeBand.CHILD, True), (AgeBand.AGE_DISPUTED, True)],
)
def test_a_doubt_about_age_counts_for_the_person(band: AgeBand, as_child: bool) -> None:
    assert rules.is_treated_as_child(band) is as_child


@pytest.mark.parametrize(
    ("opened", "closed", "keep", "code"),
    [
        (TODAY, None, None, ""),
        (TODAY + DAY, None, None, "person.opened"),
        (TODAY, TODAY, TODAY, ""),
        (TODAY, TODAY - DAY, None, "person.closed"),
        (TODAY - DAY, TODAY + DAY, None, "person.closed"),
        (TODAY, None, TODAY - DAY, "person.keep"),
        (TODAY - DAY, TODAY, TODAY - DAY, "person.keep"),
        (TODAY, None, TODAY + rules.KEEP_AT_MOST, ""),
        (TODAY, None, TODAY + rules.KEEP_AT_MOST + DAY, "person.keep"),
    ],
)
def test_days_of_a_record_stand_in_order(
    opened: date, closed: date | None, keep: date | None, code: str
) -> None:
    if not code:
        rules.check_days(opened, closed, keep, today=TODAY)
        return
    with pytest.raises(RuleBroken) as refusal:
        rules.check_days(opened, closed, keep, today=TODAY)
    assert refusal.value.code == code


def test_a_record_is_kept_as_decided_or_for_five_years() -> None:
    assert rules.kept_until(TODAY, TODAY + DAY) == TODAY + DAY
    assert rules.kept_until(TODAY, None) == TODAY + timedelta(days=1825)


def test_only_a_closed_record_refuses_change() -> None:
    rules.check_open(None)
    with pytest.raises(RuleBroken, match="closed"):
        rules.check_open(TODAY)


def test_a_caseworker_is_nobody_or_somebody_able() -> None:
    able, other = uuid4(), uuid4()
    rules.check_caseworker(None, frozenset())
    rules.check_caseworker(able, frozenset({able}))
    with pytest.raises(RuleBroken):
        rules.check_caseworker(other, frozenset({able}))


def test_a_unit_belongs_to_the_organisation_of_its_record() -> None:
    here, elsewhere = uuid4(), uuid4()
    rules.check_place(here, None)
    rules.check_place(here, here)
    with pytest.raises(RuleBroken):
        rules.check_place(here, elsewhere)
