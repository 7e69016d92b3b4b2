"""Writes about projects: outcome, refusals, audit entry."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import bare_actor
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.portfolio.actions.projects import (
    create_project,
    edit_project,
    move_project,
    publish_project,
)
from cairn.portfolio.models import Decision, Project
from cairn.portfolio.rules import Chapter, Publication, State
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
OFFICER = bare_actor("programme-officer")
TRAINER = bare_actor("trainer")
VALUES = {"title": "Invented project", "budget_usd": D(1000)}


def last_audit() -> AuditEntry:
    entry = AuditEntry.objects.first()
    assert entry is not None
    return entry


def test_a_new_project_is_a_concept_that_the_public_does_not_see() -> None:
    made = create_project(OFFICER, "X01", ["Nepal", "Senegal"], VALUES)
    stored = Project.objects.get(pk=made.pk)
    assert (stored.state, stored.publication) == (State.CONCEPT, Publication.WITHHELD)
    assert stored.chapter == Chapter.SEVERAL
    assert {each.country for each in stored.countries.all()} == {"NPL", "SEN"}
    assert not Project.objects.visible_to(PUBLIC).exists()
    assert last_audit().code == "project.created"
    assert Decision.objects.get().after == State.CONCEPT


@pytest.mark.parametrize("actor", [PUBLIC, TRAINER, bare_actor("donor")])
def test_who_may_not_enter_a_project(actor: Actor) -> None:
    with pytest.raises(PermissionDenied):
        create_project(actor, "X01", [], VALUES)
    assert not Project.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("reference", "code", "broken"),
    [("X01", "", "project.reference"), ("X02", "CODE1", "project.code")],
)
def test_reference_and_code_are_given_once(reference: str, code: str, broken: str) -> None:
    create_project(OFFICER, "X01", [], {**VALUES, "code": "CODE1"})
    with pytest.raises(RuleBroken) as told:
        create_project(OFFICER, reference, [], {**VALUES, "code": code})
    assert told.value.code == broken
    assert Project.objects.count() == 1


def test_two_projects_may_lack_a_code() -> None:
    create_project(OFFICER, "X01", [], {**VALUES, "code": ""})
    create_project(OFFICER, "X02", [], {**VALUES, "code": ""})
    assert Project.objects.count() == 2


def test_an_edit_changes_texts_places_findings_and_version() -> None:
    project = invented.project()
    invented.printed_shortfall(project, 1000)
    edit_project(OFFICER, "X01", ["Kenya"], {"title": "Another", "budget_usd": D(1500)}, version=1)
    stored = Project.objects.get()
    assert (stored.title, stored.budget_usd, stored.version) == ("Another", D(1500), 2)
    assert stored.chapter == Chapter.AFRICA
    assert "kenya" in stored.search
    assert stored.findings.get().difference == D(500)
    assert last_audit().facts == {"fields": ["title", "budget_usd"]}


def test_an_edit_of_an_older_version_is_refused_and_changes_nothing() -> None:
    invented.project()
    edit_project(OFFICER, "X01", ["Nepal"], {"title": "First"}, version=1)
    with pytest.raises(RuleBroken) as told:
        edit_project(OFFICER, "X01", ["Kenya"], {"title": "Second"}, version=1)
    assert told.value.code == "project.version"
    stored = Project.objects.get()
    assert stored.title == "First"
    assert [each.printed for each in stored.places.all()] == ["Nepal"]


def test_an_edit_may_not_give_a_reduced_project_away() -> None:
    invented.project(publication=Publication.REDUCED, public_title="Courts")
    Project.objects.update(public_title="")
    with pytest.raises(RuleBroken) as told:
        edit_project(OFFICER, "X01", ["Nepal"], {"title": "Courts of Nepal"}, version=1)
    assert told.value.code == "publication.title"
    assert Project.objects.get().title == "Invented project"


@pytest.mark.parametrize(
    ("actor", "publication", "outcome"),
    [
        (TRAINER, Publication.WITHHELD, PermissionDenied),
        (bare_actor("donor"), Publication.PUBLIC, PermissionDenied),
        (bare_actor("donor"), Publication.WITHHELD, Project.DoesNotExist),
        (PUBLIC, Publication.WITHHELD, Project.DoesNotExist),
    ],
)
def test_who_may_not_edit_move_or_publish(
    actor: Actor, publication: Publication, outcome: type[Exception]
) -> None:
    invented.project(publication=publication)
    before = AuditEntry.objects.count()
    with pytest.raises(outcome):
        edit_project(actor, "X01", [], {"title": "Taken over"}, version=1)
    with pytest.raises(outcome):
        move_project(actor, "X01", State.APPRAISED, basis="A note.")
    with pytest.raises(outcome):
        publish_project(actor, "X01", Publication.PUBLIC, public_title="", basis="")
    stored = Project.objects.get()
    assert (stored.title, stored.state, stored.publication) == (
        "Invented project",
        State.CONCEPT,
        publication,
    )
    assert AuditEntry.objects.count() == before


def test_a_move_is_a_dated_decision_with_its_basis() -> None:
    invented.project()
    move_project(OFFICER, "X01", State.APPRAISED, basis="  Minutes of the invented board. ")
    assert Project.objects.get().state == State.APPRAISED
    decision = Decision.objects.filter(kind="state").first()
    assert decision is not None
    assert (decision.before, decision.after) == (State.CONCEPT, State.APPRAISED)
    assert decision.basis == "Minutes of the invented board."
    assert last_audit().facts == {"before": "concept", "after": "appraised"}


@pytest.mark.parametrize(
    ("state", "to", "basis", "code"),
    [
        (State.CONCEPT, State.ACTIVE, "A note.", "portfolio.move"),
        (State.CONCEPT, State.APPRAISED, "  ", "portfolio.basis"),
        (State.APPROVED, State.FULLY_FUNDED, "A note.", "portfolio.funding"),
        (State.APPROVED, State.PARTLY_FUNDED, "A note.", "portfolio.funding"),
    ],
)
def test_moves_that_are_refused_change_nothing(
    state: State, to: State, basis: str, code: str
) -> None:
    invented.project(state=state)
    with pytest.raises(RuleBroken) as told:
        move_project(OFFICER, "X01", to, basis=basis)
    assert told.value.code == code
    assert Project.objects.get().state == state


def test_withdrawn_pledges_do_not_fund_a_project() -> None:
    pledge = invented.pledge(invented.project(state=State.APPROVED), usd=1000)
    type(pledge).objects.update(withdrawn_on=invented.SIGNED)
    with pytest.raises(RuleBroken) as told:
        move_project(OFFICER, "X01", State.FULLY_FUNDED, basis="A note.")
    assert told.value.code == "portfolio.funding"


def test_reducing_a_public_project_gives_it_an_address_that_nobody_knows() -> None:
    before = invented.project().public_id
    publish_project(
        OFFICER, "X01", Publication.REDUCED, public_title="Courts", basis="Safety of partners."
    )
    stored = Project.objects.get()
    assert (stored.publication, stored.public_title) == (Publication.REDUCED, "Courts")
    assert stored.public_id != before
    assert last_audit().facts == {"before": "public", "after": "reduced"}


@pytest.mark.parametrize(
    ("title", "public_title"),
    [("Courts of Nepal", ""), ("Courts", "Courts of Nepal"), ("Courts", "Népal, courts")],
)
def test_a_reduced_project_may_not_name_its_country(title: str, public_title: str) -> None:
    invented.project(title=title)
    with pytest.raises(RuleBroken) as told:
        publish_project(
            OFFICER, "X01", Publication.REDUCED, public_title=public_title, basis="Safety."
        )
    assert told.value.code == "publication.title"
    assert Project.objects.get().publication == Publication.PUBLIC


def test_the_installation_itself_needs_no_membership() -> None:
    invented.project()
    assert edit_project(SYSTEM, "X01", [], {"title": "Renamed"}, version=1).title == "Renamed"
