"""Figures over all trainings: learning by event, coverage of units, use of trainers."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.training.measures.figure import Flag
from cairn.training.models import TrainerProfile, UnitStrength
from cairn.training.queries import figures_overview as queries
from cairn.training.queries.figures import definitions, places
from cairn.training.rules.choices import Sex
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.tests import results_scene as scene
from cairn.training.tests.factories import agency, enrolment, event, practitioner, staffing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
BODY = "Invented Border Guard"


def strength(total: int, women: int | None, as_of: date) -> UnitStrength:
    return UnitStrength.objects.create(
        organisation=agency(BODY),
        country="NPL",
        total=total,
        women=women,
        as_of=as_of,
        source="An invented count",
    )


def completed(reference: str, count: int, day: date, *, women: int = 0) -> None:
    made = event(reference, state=EventState.DELIVERED)
    for number in range(count):
        who = practitioner(
            agency=agency(BODY), sex=Sex.FEMALE if number < women else Sex.MALE, country="NPL"
        )
        enrolment(made, who, state=EnrolmentState.COMPLETED, completed_on=day)


def test_learning_is_listed_event_by_event_with_a_warning_about_classes() -> None:
    scene.event_that_was_sat()
    found = queries.learning(SYSTEM)
    assert [row.reference for row in found.rows] == ["T01"]
    assert found.whole.value == pytest.approx(40)
    assert found.nested.value == pytest.approx(1 + 9 * 0.05)
    assert Flag.NESTED in found.nested.flags


def test_coverage_takes_the_newest_strength_and_people_who_are_current() -> None:
    strength(50, 4, date(2020, 1, 1))
    strength(100, 12, date(2026, 1, 1))
    completed("T01", 8, date(2026, 3, 4), women=2)
    completed("T02", 3, date(2023, 3, 4))
    (row,) = queries.coverage(SYSTEM, today=TODAY)
    assert row.trained == 8
    assert row.coverage.value == pytest.approx(0.08)
    assert row.coverage.low is not None
    assert "1 Jan 2026" in row.coverage.sentence
    assert row.parity.value == pytest.approx((2 / 8) / 0.12)


def test_a_unit_of_another_country_or_agency_covers_nobody() -> None:
    strength(100, None, date(2026, 1, 1))
    made = event("T01", state=EventState.DELIVERED)
    who = practitioner(agency=agency(BODY), country="SEN")
    enrolment(made, who, state=EnrolmentState.COMPLETED, completed_on=date(2026, 3, 4))
    (row,) = queries.coverage(SYSTEM, today=TODAY)
    assert row.trained == 0
    assert row.coverage.value == 0
    assert row.parity.value is None


def test_trainers_are_used_on_the_days_they_taught() -> None:
    made = event("T01", state=EventState.DELIVERED)
    who = practitioner("Invented Trainer")
    TrainerProfile.objects.create(practitioner=who, travel_days=30, listed_on=date(2026, 1, 1))
    silent = practitioner("Invented Silent Trainer")
    TrainerProfile.objects.create(practitioner=silent, listed_on=date(2026, 1, 1))
    staffing(made, who)
    staffing(made, silent)
    figure = queries.trainer_use(SYSTEM, today=TODAY)
    # Three days of an event without sessions, of thirty; the other's days are not recorded.
    assert figure.value == pytest.approx(0.1)
    assert figure.n == 1
    assert queries.trainer_use(SYSTEM, today=date(2028, 1, 1)).value == 0


def test_the_page_takes_the_same_queries_however_many_events(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    scene.event_that_was_sat()
    strength(100, 12, date(2026, 1, 1))
    client.force_login(user_with_role("training-officer", at=agency()))
    with django_assert_max_num_queries(24):
        page = client.get(reverse("training:overview")).content.decode()
    assert "40.0 percentage points more" in page
    assert "An invented count" in page


def test_every_figure_says_where_it_is_shown_or_that_it_is_not() -> None:
    assert [place.name for place in places("coverage")] == ["training:overview"]
    unused = {row.code for row in definitions() if not places(row.code)}
    assert unused == {
        *("gain-marks", "share", "difference", "cost-effective-reach", "return"),
        "outcome-rate-months",
    }
