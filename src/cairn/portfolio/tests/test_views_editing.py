"""Pages that enter and change a project, decide its state and what the public sees."""

from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.portfolio.actions.projects import edit_project
from cairn.portfolio.models import Decision, Project
from cairn.portfolio.rules import Publication, State
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db

TYPED = {
    "reference": "X01",
    "code": "",
    "title": "Invented project",
    "language": "en",
    "places": "Nepal\nSénégal",
    "starts": "2025-02",
    "ends": "2026",
    "budget_usd": "1500",
    "beneficiaries": "police officers\n\nprosecutors",
    "outline": "Invented outline",
}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("programme-officer"))
    return client


def as_role(role: str) -> Client:
    client = Client()
    client.force_login(user_with_role(role))
    return client


def test_an_officer_enters_a_project(officer: Client) -> None:
    answer = officer.post("/projects/new/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/projects/X01/")
    project = Project.objects.get()
    assert (project.budget_usd, project.starts) == (D(1500), "2025-02")
    assert project.beneficiaries == ["police officers", "prosecutors"]
    assert {each.country for each in project.countries.all()} == {"NPL", "SEN"}
    assert project.publication == Publication.WITHHELD


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("title", "", "required"),
        ("reference", "a/b", "valid"),
        ("places", "Nepal\nAtlantis", "Atlantis"),
        ("starts", "03/02/2025", "is not a date"),
        ("ends", "2024", "lies before the start"),
        ("budget_usd", "1.906", "can be read as"),
        ("budget_usd", "-5", "negative"),
        ("language", "tlh", "valid choice"),
    ],
)
def test_a_slip_of_the_pen_is_told_at_its_field_and_nothing_typed_is_lost(
    officer: Client, field: str, typed: str, told: str
) -> None:
    answer = officer.post("/projects/new/", {**TYPED, field: typed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert told in str(form.errors[field])
    text = answer.content.decode()
    assert "Invented outline" in text
    assert "prosecutors" in text
    assert not Project.objects.exists()


def test_a_reference_that_is_taken_is_refused_at_its_field(officer: Client) -> None:
    invented.project()
    answer = officer.post("/projects/new/", TYPED)
    assert answer.status_code == 409
    assert "X01" in str(answer.context["form"].errors["reference"])


def test_an_officer_changes_a_project(officer: Client) -> None:
    invented.project()
    page = officer.get("/projects/X01/edit/")
    assert 'name="version" value="1"' in page.content.decode()
    answer = officer.post("/projects/X01/edit/", {**TYPED, "version": "1", "title": "Renamed"})
    assert answer.status_code == 302
    stored = Project.objects.get()
    assert (stored.title, stored.version) == ("Renamed", 2)


def test_saving_a_form_as_it_was_opened_changes_no_field(officer: Client) -> None:
    project = invented.project()
    form = officer.get("/projects/X01/edit/").context["form"]
    sent = {bound.name: bound.field.prepare_value(bound.value()) for bound in form}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    before = {name: getattr(project, name) for name in ("title", "budget_usd", "starts", "outline")}
    assert officer.post("/projects/X01/edit/", sent).status_code == 302
    stored = Project.objects.get()
    assert {name: getattr(stored, name) for name in before} == before
    assert [each.printed for each in stored.places.all()] == ["Nepal"]


def test_when_somebody_was_faster_both_values_are_shown_and_saving_again_decides(
    officer: Client,
) -> None:
    invented.project()
    edit_project(SYSTEM, "X01", ["Kenya"], {"title": "By somebody else"}, version=1)
    answer = officer.post("/projects/X01/edit/", {**TYPED, "version": "1", "title": "By me"})
    assert answer.status_code == 409
    rows = {row["field"].name: (row["now"], row["typed"]) for row in answer.context["conflict"]}
    assert rows["title"] == ("By somebody else", "By me")
    assert rows["places"] == ("Kenya", "Nepal\nSénégal")
    text = answer.content.decode()
    assert "By somebody else" in text
    assert 'name="version" value="2"' in text
    assert Project.objects.get().title == "By somebody else"
    officer.post("/projects/X01/edit/", {**TYPED, "version": "2", "title": "By me"})
    assert Project.objects.get().title == "By me"


def test_an_edit_that_would_give_a_reduced_project_away_is_refused(officer: Client) -> None:
    invented.project(publication=Publication.REDUCED)
    answer = officer.post(
        "/projects/X01/edit/", {**TYPED, "version": "1", "title": "Courts of Nepal"}
    )
    assert answer.status_code == 409
    assert "withheld" in str(answer.context["form"].errors["title"])


PAGES = ["/projects/X01/edit/", "/projects/X01/state/", "/projects/X01/publication/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "publication", "status"),
    [
        ("trainer", Publication.WITHHELD, 403),
        ("donor", Publication.PUBLIC, 403),
        ("donor", Publication.REDUCED, 404),
        ("donor", Publication.WITHHELD, 404),
        ("programme-officer", Publication.WITHHELD, 200),
    ],
)
def test_the_pages_of_work_are_open_to_whom_they_concern(
    path: str, role: str, publication: Publication, status: int
) -> None:
    invented.project(publication=publication)
    assert as_role(role).get(path).status_code == status


@pytest.mark.parametrize("path", [*PAGES, "/projects/new/"])
def test_visitors_are_sent_to_sign_in(client: Client, path: str) -> None:
    invented.project()
    for answer in (client.get(path), client.post(path, {})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_only_possible_moves_are_offered_and_the_others_say_why(officer: Client) -> None:
    project = invented.project(state=State.APPROVED)
    page = officer.get("/projects/X01/state/")
    assert page.context["possible"] == []
    assert [each["state"] for each in page.context["barred"]] == [
        State.PARTLY_FUNDED,
        State.FULLY_FUNDED,
    ]
    assert "Record a pledge first." in page.content.decode()
    invented.pledge(project, usd=400)
    page = officer.get("/projects/X01/state/")
    assert page.context["possible"] == [State.PARTLY_FUNDED]


def test_a_move_needs_a_basis_and_is_kept_with_it(officer: Client) -> None:
    invented.project()
    answer = officer.post("/projects/X01/state/", {"to": "appraised", "basis": ""})
    assert answer.status_code == 422
    answer = officer.post(
        "/projects/X01/state/", {"to": "appraised", "basis": "Minutes of the board"}
    )
    assert answer.status_code == 302
    assert Project.objects.get().state == State.APPRAISED
    decision = Decision.objects.first()
    assert decision is not None
    assert decision.basis == "Minutes of the board"


@pytest.mark.parametrize("to", ["active", "unheard-of", ""])
def test_a_move_that_is_not_offered_cannot_be_sent(officer: Client, to: str) -> None:
    invented.project()
    answer = officer.post("/projects/X01/state/", {"to": to, "basis": "A note"})
    assert answer.status_code == 422
    assert Project.objects.get().state == State.CONCEPT


def test_the_last_state_offers_nothing(officer: Client) -> None:
    invented.project(state=State.EVALUATED)
    text = officer.get("/projects/X01/state/").content.decode()
    assert '<form class="form"' not in text
    assert "nothing left to decide" in text


SECRET = ("Nepal", "NPL", "Norway", "Invented secret outline", "X01")


def secret_project() -> Project:
    project = invented.project(title="Courts of Nepal")
    Project.objects.update(outline="Invented secret outline")
    invented.pledge(project)
    return project


def preview_of(text: str) -> str:
    """The part of the page that shows what the public would get."""
    return text[
        text.index('<section id="preview"') : text.index("</section>", text.index('id="preview"'))
    ]


def test_the_preview_shows_the_reduced_page_and_stores_nothing(officer: Client) -> None:
    secret_project()
    before = Project.objects.values().get()
    answer = officer.post(
        "/projects/X01/publication/",
        {"do": "preview", "to": "reduced", "public_title": "Invented courts", "basis": ""},
    )
    assert answer.status_code == 200
    shown = preview_of(answer.content.decode())
    assert "Invented courts" in shown
    assert "Country withheld for safety" in shown
    for word in SECRET:
        assert word not in shown
    assert Project.objects.values().get() == before


def test_the_preview_says_when_a_title_tells_the_country(officer: Client) -> None:
    secret_project()
    answer = officer.post(
        "/projects/X01/publication/",
        {"do": "preview", "to": "reduced", "public_title": "Népal, courts", "basis": ""},
    )
    assert "publication.title" in preview_of(answer.content.decode())


def test_a_public_project_warns_that_it_cannot_be_called_back(officer: Client) -> None:
    project = secret_project()
    assert "cannot be called back" in officer.get("/projects/X01/publication/").content.decode()
    type(project).objects.update(publication=Publication.WITHHELD)
    assert "cannot be called back" not in officer.get("/projects/X01/publication/").content.decode()


def decide(client: Client, **sent: Any) -> Any:
    typed = {"do": "decide", "to": "reduced", "public_title": "Invented courts", "basis": "Safety"}
    return client.post("/projects/X01/publication/", {**typed, **sent})


def test_a_decision_is_in_force_at_once(officer: Client) -> None:
    secret_project()
    assert decide(officer).status_code == 302
    stored = Project.objects.get()
    assert (stored.publication, stored.public_title) == (Publication.REDUCED, "Invented courts")
    assert Client().get("/projects/X01/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"public_title": "Courts of Nepal"}, 409, "public_title"),
        ({"public_title": ""}, 409, "public_title"),
        ({"basis": ""}, 422, "basis"),
        ({"to": "secret"}, 422, "to"),
    ],
)
def test_a_decision_that_is_refused_changes_nothing(
    officer: Client, sent: dict[str, str], status: int, field: str
) -> None:
    secret_project()
    answer = decide(officer, **sent)
    assert answer.status_code == status
    assert field in answer.context["form"].errors
    assert Project.objects.get().publication == Publication.PUBLIC
