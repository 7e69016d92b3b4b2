"""What training counts for the chain: of whom, of when, and to whom it is told."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.core.measures import Figure, Period, Question, figures, together
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories as portfolio
from cairn.training.models import (
    CascadeCredit,
    CascadeReport,
    ContributionClaim,
    FieldOutcomeReport,
    HeadCount,
    TestForm,
    TrainingEvent,
)
from cairn.training.rules.choices import (
    Confidence,
    EventKind,
    OutcomeKind,
    Participation,
    Profession,
    Sex,
    Strength,
    TestWave,
)
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.tests.factories import acting, enrolment, event, officer, practitioner
from cairn.training.tests.results_scene import event_that_was_sat, sit

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)


def delivered(reference: str, **values: Any) -> TrainingEvent:
    return event(reference, **{"state": EventState.DELIVERED} | values)


def counted(at: TrainingEvent, **by_sex: int) -> None:
    """A report of how many took part, without naming them."""
    TrainingEvent.objects.filter(pk=at.pk).update(participation=Participation.AGGREGATE)
    report = CascadeReport.objects.create(event=at, reported_at=timezone.now())
    for sex, count in by_sex.items():
        HeadCount.objects.create(
            report=report,
            sex=Sex[sex.upper()],
            count=count,
            country="NPL",
            profession=Profession.POLICE,
        )


def printed(at: TrainingEvent) -> TrainingEvent:
    """As a source published it."""
    at.printed = portfolio.event(f"E-{at.reference}", of=at.project)
    at.save()
    return at


def told(actor: Actor, code: str, period: Period = YEAR, **about: str) -> dict[Any, Figure]:
    found = figures(actor, f"training.{code}", Question(period, **about))
    return {dict(each.found.part).get("sex", each.found.part): each for each in found}


def value(actor: Actor, code: str, period: Period = YEAR, **about: str) -> Any:
    found = told(actor, code, period, **about)
    return found[()].found.value if found else None


def test_a_training_of_which_only_the_year_is_known_belongs_to_no_quarter() -> None:
    boss = officer()
    delivered("T01", starts="2026", ends="")
    delivered("T02", starts="2026-03-30", ends="2026-04-02")
    delivered("T03", kind=EventKind.MEETING)
    event("T04")
    assert value(boss, "trainings") == 2
    assert value(boss, "trainings", Period.quarter(2026, 1)) == 0
    assert value(boss, "trainings", Period.quarter(2026, 2)) == 1


def test_a_joint_training_counts_for_each_country_that_it_came_from() -> None:
    boss = officer()
    delivered("T01", from_countries=["MLI", "NER"], place_countries=["SEN"])
    delivered("T02", from_countries=[], place_countries=["SEN"])
    assert [value(boss, "trainings", country=code) for code in ("MLI", "NER", "SEN")] == [1, 1, 1]
    assert value(boss, "trainings") == 2


def test_small_groups_are_held_back_with_what_gives_them_away() -> None:
    boss = officer()
    counted(delivered("T01"), female=3, male=40)
    found = told(boss, "people")
    assert found[()].found.value == 43
    assert [found[sex].found.value for sex in ("female", "male")] == [None, None]
    counted(delivered("T02"), female=9)
    found = told(boss, "people")
    assert [found[sex].found.value for sex in ("female", "male")] == [12, 40]


def test_people_are_told_by_country_and_profession_to_those_who_see_trainings() -> None:
    at = printed(delivered("T01"))
    counted(at, female=9, male=40)
    names = {name for part in told(officer(), "people") for name, _value in _pairs(part)}
    assert {"country", "profession"} <= names
    assert {name for part in told(PUBLIC, "people") for name, _value in _pairs(part)} == set()


def _pairs(part: Any) -> Any:
    return part if isinstance(part, tuple) else ()


def test_the_public_is_told_what_was_printed_of_open_projects() -> None:
    hidden = portfolio.project("X09", publication=Publication.WITHHELD)
    reduced = portfolio.project("X08", publication=Publication.REDUCED)
    seen = portfolio.project("X01")
    for number, project in enumerate((hidden, reduced, seen, None)):
        printed(delivered(f"T{number}", project=project))
    delivered("T9", project=seen)
    assert value(PUBLIC, "trainings") == 2
    assert value(PUBLIC, "trainings", project="X01") == 1
    for reference in ("X09", "X08", reduced.public_id):
        assert value(PUBLIC, "trainings", project=reference) == 0
        assert value(PUBLIC, "trainings", country="NPL") == 2
    assert value(acting(user_with_role("programme-officer")), "trainings", project="X09") == 1


def reported(at: TrainingEvent, count: int, **values: Any) -> FieldOutcomeReport:
    made = FieldOutcomeReport.objects.create(
        reference=f"FO-{at.reference}-{count}",
        kind=OutcomeKind.REFERRAL_MADE,
        month="2026-05",
        countries=["NPL"],
        count=Decimal(count),
        unit="cases",
        confidence=Confidence.MEDIUM,
        reported_at=timezone.now(),
        **values,
    )
    ContributionClaim.objects.create(
        report=made, event=at, strength=Strength.SELF_REPORTED, made_at=timezone.now()
    )
    return made


def test_what_came_of_a_training_that_is_withheld_is_told_to_nobody_outside() -> None:
    hidden = portfolio.project("X09", publication=Publication.WITHHELD)
    of_hidden, free = delivered("T01", project=hidden), delivered("T02")
    reported(of_hidden, 7, printed=portfolio.outcome("XO1"))
    reported(free, 5, printed=portfolio.outcome("XO2"))
    boss = acting(user_with_role("programme-officer"))
    assert (value(boss, "cases_supported"), value(PUBLIC, "cases_supported")) == (12, 5)
    found = told(PUBLIC, "cases_supported")[()].found
    assert found.low is not None
    assert found.low < 5


def test_a_report_without_a_month_belongs_to_a_time_that_holds_it_all() -> None:
    boss = officer()
    at = delivered("T01", starts="2024-03-02", ends="")
    FieldOutcomeReport.objects.filter(pk=reported(at, 12).pk).update(month="", countries=[])
    assert value(boss, "cases_supported") is None
    since = Period(date(2024, 1, 1), date(timezone.localdate().year, 12, 31))
    assert value(boss, "cases_supported", since) == 12
    assert value(boss, "cases_supported", Period.year(2024)) is None


def test_certificates_of_a_withheld_project_are_not_found_by_its_reference() -> None:
    portfolio.project("X09", publication=Publication.WITHHELD)
    vetting = acting(user_with_role("vetting-officer"))
    assert value(vetting, "certificates", project="X09") is None
    assert told(PUBLIC, "certificates") == {}


def test_few_trainers_are_not_told_to_the_public() -> None:
    at = printed(delivered("T01"))
    for number in range(2):
        CascadeCredit.objects.create(
            event=at,
            trainer=practitioner(f"Invented Trainer {number}"),
            generation=1,
            share=0.5,
        )
    assert value(officer(), "trainers_active") == 2
    assert told(PUBLIC, "trainers_active")[()].found.is_held_back


def test_knowledge_kept_is_of_those_who_sat_both_tests() -> None:
    at = event_that_was_sat()
    assert told(officer("first"), "retention")[()].found.value is None
    form = TestForm.objects.get(letter="A")
    later = ["1110", "1100", "1010", "1100", "1010", "1100", "1100", "1110"]
    for member, marks in zip(at.enrolments.order_by("personal_code"), later, strict=False):
        sit(member, form, TestWave.FOLLOW_UP, marks)
    found = told(officer("second"), "retention")[()].found
    # 18 right later for 24 right at the end, of the eight who sat both.
    assert (str(found.value), found.rows) == ("0.7500", 8)
    assert found.low is not None
    assert found.high is not None
    assert found.low < Decimal("0.75") < found.high


def test_a_share_does_not_give_away_the_few_that_the_parts_hold_back() -> None:
    boss = officer()
    counted(delivered("T1"), female=1, male=24)
    parts = told(boss, "people")
    assert parts["female"].found.is_held_back
    share = told(boss, "women_share")[()].found
    assert (share.value, share.low, share.rows, share.is_held_back) == (None, None, None, True)

    counted(delivered("T2"), female=7, male=8)
    assert str(told(boss, "women_share")[()].found.value) == "0.2000"


def test_everything_together_asks_the_database_a_fixed_number_of_times(
    django_assert_max_num_queries: Any,
) -> None:
    boss = officer()
    for number in range(6):
        at = delivered(f"T{number}")
        for _each in range(5):
            enrolment(at, state=EnrolmentState.COMPLETED, completed_on=timezone.localdate())
    with django_assert_max_num_queries(8), together():
        for code in ("trainings", "people", "women_share"):
            assert told(boss, code)
