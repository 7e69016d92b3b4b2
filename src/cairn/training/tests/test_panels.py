"""What training computes stands on a project's page and in its documents, for who may see it."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cairn.core.actor import PUBLIC
from cairn.portfolio import panels, reports
from cairn.portfolio.models import Project
from cairn.portfolio.tests import factories as portfolio
from cairn.training.models import CascadeReport, HeadCount, TrainingEvent
from cairn.training.panels import training_panel
from cairn.training.rules.choices import EventKind, Participation, Sex
from cairn.training.rules.states import EventState
from cairn.training.tests.factories import event, officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered() -> None:
    panels.register("training", training_panel)


def _training(project: Project | None, reference: str, women: int, men: int) -> None:
    made = event(
        reference,
        project=project,
        kind=EventKind.DIRECT,
        state=EventState.DELIVERED,
        participation=Participation.AGGREGATE,
    )
    report = CascadeReport.objects.create(event=made, reported_at=timezone.now())
    HeadCount.objects.create(report=report, count=women, sex=Sex.FEMALE)
    HeadCount.objects.create(report=report, count=men, sex=Sex.MALE)


def test_counts_and_shares_of_a_public_project_are_public(client: Client) -> None:
    project = portfolio.project()
    _training(project, "D01", 5, 17)
    page = client.get(f"/projects/{project.reference}/").content.decode()
    for words in ("Training, computed from records", "22.7%", "10.1%", "43.4%", "#training"):
        assert words in page
    assert "/training/events/" not in page


def test_a_project_without_training_has_no_panel(client: Client) -> None:
    project = portfolio.project()
    event("T01", project=project)
    assert panels.panels(officer(), project) == []
    assert (
        "computed from records"
        not in client.get(f"/projects/{project.reference}/").content.decode()
    )


def test_a_reduced_project_tells_nothing_of_its_trainings(client: Client) -> None:
    project = portfolio.project(publication="reduced", public_title="An invented project")
    _training(project, "D01", 5, 17)
    assert panels.panels(PUBLIC, project) == []
    page = client.get(f"/projects/{project.public_id}/").content.decode()
    assert "computed from records" not in page


def test_small_groups_are_hidden_on_the_public_page() -> None:
    project = portfolio.project()
    _training(project, "D01", 1, 2)
    (panel,) = panels.panels(PUBLIC, project)
    women = [figure for block in panel.blocks for figure in block.figures if figure.code == "women"]
    assert [(each.value, each.low) for each in women] == [(None, None)]


def test_trainings_of_no_project_stand_apart_and_are_not_counted() -> None:
    project = portfolio.project()
    _training(project, "D01", 5, 17)
    _training(None, "D02", 40, 120)
    _training(None, "D03", 7, 9)
    # Only what a source published stands on a page for everybody.
    TrainingEvent.objects.filter(reference="D02").update(printed=portfolio.event("E-D02"))
    (panel,) = panels.panels(PUBLIC, project)
    counted = {
        (block.title, figure.value)
        for block in panel.blocks
        for figure in block.figures
        if figure.code == "people-trained"
    }
    assert counted == {
        ("Who was trained", 22.0),
        ("Other trainings on record, of no project", 160.0),
    }


def test_the_panel_asks_as_many_queries_for_many_trainings() -> None:
    project, actor = portfolio.project(), officer()
    _training(project, "D01", 5, 17)

    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            training_panel(actor, project)
        return len(counted)

    few = asked()
    for number in range(2, 6):
        _training(project, f"D0{number}", 5, 17)
    assert asked() == few


@pytest.mark.parametrize("kind", ["json", "html"])
def test_the_documents_of_a_project_hold_the_same_figures(kind: str) -> None:
    project = portfolio.project()
    _training(project, "D01", 40, 120)
    made = reports.project_page(
        PUBLIC, project.reference, kind, "en", today=date(2026, 3, 2)
    ).decode()
    if kind == "html":
        assert "18.9%" in made
        return
    (panel,) = json.loads(made)["project"]["computed"]
    found = {figure["code"]: figure for block in panel["blocks"] for figure in block["figures"]}
    assert found["women"]["value"] == 0.25
    assert round(found["women"]["low"], 3) == 0.189
