"""The real programme as training records: what the sources print, computed, once."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import actor_with_role
from cairn.core.actor import PUBLIC
from cairn.core.models import Organisation
from cairn.portfolio import panels as portfolio_panels
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import Event as PrintedEvent
from cairn.portfolio.models import Measurement, OutcomeRecord, Project
from cairn.portfolio.panels import PanelFigure, panels
from cairn.training.actions.seed import load_programme
from cairn.training.models import (
    CascadeReport,
    FieldOutcomeReport,
    HeadCount,
    MobileTrainingTeam,
    TeamTasking,
    TrainingEvent,
    TrainingRequest,
)
from cairn.training.panels import training_panel
from cairn.training.rules.choices import EventKind, OutcomeKind, RequestKind, Sex

pytestmark = [pytest.mark.django_db, pytest.mark.processes]


@pytest.fixture(scope="module", autouse=True)
def programme(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The portfolio and its training records, taken back after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_seed(SYSTEM)
        load_programme(SYSTEM)
        portfolio_panels.register("training", training_panel)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def project() -> Project:
    return Project.objects.with_money().get(reference="P49")


def _figures(project: Project) -> dict[str, list[PanelFigure]]:
    found: dict[str, list[PanelFigure]] = {}
    panel = training_panel(actor_with_role("programme-officer"), project)
    assert panel is not None
    for block in panel.blocks:
        for figure in block.figures:
            found.setdefault(figure.code, []).append(figure)
    return found


def test_the_story_of_the_project_stands_as_training_records(project: Project) -> None:
    counts = {
        event.reference: sum(event.report.counts.values_list("count", flat=True))
        for event in TrainingEvent.objects.filter(project=project)
    }
    assert counts == {"E01": 22, "E02": 30, "E03": 29, "E04": 28}
    joint = TrainingEvent.objects.get(reference="E04")
    assert joint.kind == EventKind.SIMULATION
    assert sorted(joint.from_countries) == ["CAF", "COD", "SDN", "SSD"]
    team = MobileTrainingTeam.objects.get()
    assert team.chosen_at is not None
    assert (team.counted, team.chosen_at.reference, team.state) == (5, "E01", "tasked")
    assert TeamTasking.objects.get().courses == 2
    bay = HeadCount.objects.filter(report__event__reference="E08")
    assert set(bay.values_list("sex", "count")) == {(Sex.FEMALE, 40), (Sex.MALE, 120)}
    court = HeadCount.objects.filter(report__event__reference="E10")
    assert sorted(court.values_list("profession", "count")) == [
        ("judge", 20),
        ("police", 150),
        ("prosecutor", 200),
    ]


def test_requests_keep_what_was_asked_for_and_where(project: Project) -> None:
    rows = {
        row.request.reference: (row.kinds, row.raised_at.reference if row.raised_at else "")
        for row in TrainingRequest.objects.select_related("request", "raised_at")
    }
    assert len(rows) == 7
    both = [RequestKind.INSTRUCTOR_FOLLOW_UP, RequestKind.CURRICULUM]
    assert rows["R01"] == (both, "E03")
    assert rows["R07"] == ([RequestKind.WORKING_GROUP], "E04")


def test_outcomes_are_claims_and_figures_of_courts_stay_as_printed(project: Project) -> None:
    report = FieldOutcomeReport.objects.get(reference="O03")
    assert report.kind == OutcomeKind.IDENTIFICATION_SUPPORTED
    assert report.count == 12
    claim = report.claims.get()
    assert (claim.event.reference, claim.strength) == ("E05", "self-reported")
    kept = set(FieldOutcomeReport.objects.values_list("reference", flat=True))
    assert kept.isdisjoint({"O07", "O08", "O09", "O10"})
    assert OutcomeRecord.objects.filter(reference="O07").exists()


def test_reading_the_programme_in_again_changes_nothing(project: Project) -> None:
    before = (TrainingEvent.objects.count(), Organisation.objects.count())
    again = load_programme(SYSTEM)
    assert again.changed == 0
    assert (TrainingEvent.objects.count(), Organisation.objects.count()) == before
    assert PrintedEvent.objects.filter(training=None).count() == 0
    assert not CascadeReport.objects.filter(event__printed__participants=None).exists()


def test_the_page_computes_every_figure_with_its_interval(project: Project) -> None:
    found = _figures(project)
    trained = {figure.label: figure.value for figure in found["people-trained"]}
    assert trained["Trained to train others"] == 81
    assert trained["In the joint exercise"] == 28
    assert trained["People trained in all"] == 109
    assert found["countries-together"][0].value == 4
    chosen = found["team-chosen"][0]
    assert re.findall(r"[\d.]+%", chosen.shown) == ["22.7%", "10.1%", "43.4%"]
    assert "Asked for: 2." in found["pilot-courses"][0].sentence
    assert [round(figure.value or 0, 4) for figure in found["women"] if figure.value] == [0.25]
    bay = next(figure for figure in found["women"] if figure.value)
    assert re.findall(r"[\d.]+%", bay.shown) == ["25.0%", "18.9%", "32.2%"]
    rate = found["outcome-rate"][0]
    assert rate.n == 140
    assert [round(value or 0, 1) for value in (rate.value, rate.low, rate.high)] == [8.6, 4.4, 15.0]
    assert round(found["cost-completed"][0].value or 0) == 8379
    assert found["cost-completed"][0].flags


def test_the_results_framework_gets_what_was_computed(project: Project) -> None:
    computed = {
        row.indicator.measure: int(row.value)
        for row in Measurement.objects.filter(
            origin=Measurement.Origin.COMPUTED, indicator__result__project=project
        ).select_related("indicator")
    }
    assert computed == {
        "training.workshops_delivered": 3,
        "training.officers_trained": 81,
        "training.trainers_selected": 5,
        "training.pilot_courses_delivered": 0,
        "simulation.countries": 4,
        "simulation.participants": 28,
        "portfolio.requests_received": 7,
    }


def test_the_public_sees_counts_of_a_public_project_without_ways_to_records(
    project: Project,
) -> None:
    (panel,) = [each for each in panels(PUBLIC, project) if each.code == "training"]
    rows = [figure for block in panel.blocks for figure in block.figures]
    assert {figure.rows for figure in rows} == {""}
    assert "requests-raised" not in {figure.code for figure in rows}
    assert panel.address == ""


def test_a_project_whose_country_is_withheld_shows_no_training(project: Project) -> None:
    project.publication = "reduced"
    project.save(update_fields=["publication"])
    assert panels(PUBLIC, project) == []
