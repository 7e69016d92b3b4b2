"""Measurements of results frameworks: computed each night, typed-in ones untouched."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC
from cairn.oversight import watch
from cairn.portfolio.actions.results import record_measurement
from cairn.portfolio.models import Measurement, Project
from cairn.portfolio.tests import factories as portfolio
from cairn.results.actions.chain import ROUND, keep_measurements, record_all
from cairn.training.models import Enrolment, TrainingEvent
from cairn.training.rules.choices import Sex
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.tests.factories import enrolment, event

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def project() -> Project:
    made = portfolio.project("X01", starts="2024-05")
    at = event("T01", project=made, state=EventState.DELIVERED, starts="2025-03-01", ends="")
    for number in range(12):
        enrolment(
            at,
            state=EnrolmentState.COMPLETED,
            completed_on=TODAY,
            sex=Sex.FEMALE if number < 6 else Sex.MALE,
        )
    return made


def computed(measure: str = "training.people") -> list[tuple[str, str, str]]:
    rows = Measurement.objects.filter(
        indicator__measure=measure, origin=Measurement.Origin.COMPUTED
    ).order_by("period_start", "dimension")
    return [(each.period_start[:4], each.dimension, f"{each.value:.0f}") for each in rows]


def test_each_year_of_the_project_that_is_over_is_measured_once(project: Project) -> None:
    portfolio.indicator(project, "1.1", measure="training.people", disaggregation=["sex"])
    assert record_all(SYSTEM, TODAY) == 4
    assert computed() == [
        ("2024", "", "0"),
        ("2025", "", "12"),
        ("2025", "sex=female", "6"),
        ("2025", "sex=male", "6"),
    ]
    assert record_all(SYSTEM, TODAY) == 0
    found = Measurement.objects.get(period_start="2025-01-01", dimension="")
    assert found.provenance == {
        "measure": "training.people",
        "version": 1,
        "since": "2025-01-01",
        "until": "2025-12-31",
        "country": "",
        "project": "X01",
        "part": {},
        "rows": 1,
    }


def test_a_value_that_comes_out_otherwise_keeps_the_earlier_one(project: Project) -> None:
    portfolio.indicator(project, "1.1", measure="training.people")
    record_all(SYSTEM, TODAY)
    gone = Enrolment.objects.order_by("pk").first()
    assert gone is not None
    gone.delete()
    assert record_all(SYSTEM, TODAY) == 1
    assert computed() == [("2024", "", "0"), ("2025", "", "11")]
    found = Measurement.objects.get(period_start="2025-01-01")
    earlier = [(each["value"], each["version"]) for each in found.provenance["earlier"]]
    assert earlier == [("12.0000", 1)]


def test_what_was_typed_in_stays_beside_with_its_source(project: Project) -> None:
    made = portfolio.indicator(project, "1.1", measure="training.people")
    record_measurement(
        SYSTEM,
        made.pk,
        Decimal(99),
        period_start="2025-01-01",
        period_end="2025-12-31",
        source="Invented report",
    )
    record_all(SYSTEM, TODAY)
    typed = Measurement.objects.get(origin=Measurement.Origin.TYPED)
    assert (str(typed.value), typed.source) == ("99.0000", "Invented report")
    assert ("2025", "", "12") in computed()


def test_what_cannot_be_told_of_a_project_is_not_measured(project: Project) -> None:
    for number, code in enumerate(("referral.persons", "identification.decisions", "nobody.knows")):
        portfolio.indicator(project, f"1.{number}", measure=code)
    assert record_all(SYSTEM, TODAY) == 0
    assert not Measurement.objects.exists()


def test_a_stock_is_taken_when_a_year_ends_and_stands_from_then_on(project: Project) -> None:
    portfolio.indicator(project, "1.1", measure="portfolio.budget")
    record_all(SYSTEM, TODAY)
    Project.objects.update(budget_usd=5)
    record_all(SYSTEM, TODAY)
    assert computed("portfolio.budget") == [("2025", "", "100000")]
    record_all(SYSTEM, date(2027, 1, 2))
    assert computed("portfolio.budget") == [("2025", "", "100000"), ("2026", "", "5")]


def test_a_small_group_is_never_recorded(project: Project) -> None:
    Enrolment.objects.filter(sex=Sex.FEMALE).update(sex=Sex.MALE)
    one = Enrolment.objects.order_by("pk")[:2].values_list("pk", flat=True)
    Enrolment.objects.filter(pk__in=list(one)).update(sex=Sex.FEMALE)
    portfolio.indicator(project, "1.1", measure="training.people", disaggregation=["sex"])
    record_all(SYSTEM, TODAY)
    assert computed() == [("2024", "", "0"), ("2025", "", "12")]


def test_a_project_without_any_day_is_left_out() -> None:
    made = portfolio.project("X02")
    portfolio.indicator(made, "1.1", measure="training.people")
    assert not TrainingEvent.objects.exists()
    assert record_all(SYSTEM, TODAY) == 0


def test_the_round_runs_every_night_and_only_for_the_system(project: Project) -> None:
    portfolio.indicator(project, "1.1", measure="training.people")
    task = next(each for each in watch.ROUNDS if each.name == ROUND)
    assert task.run is keep_measurements
    outcome: Any = keep_measurements({})
    assert outcome.facts["changed"] == timezone.localdate().year - 2024
    with pytest.raises(PermissionDenied):
        record_all(PUBLIC, TODAY)
