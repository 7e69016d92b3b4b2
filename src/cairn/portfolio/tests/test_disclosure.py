"""What reduced and withheld projects must not tell, asked in roundabout ways."""

import json
import re

import pytest
from django.core.cache import caches
from django.test import Client

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.models import Programme, Project
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db
KINDS = ("json", "html")


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue().decode()


def reduce(reference: str, public_title: str = "") -> Project:
    publish_project(
        SYSTEM, reference, Publication.REDUCED, public_title=public_title, basis="people at risk"
    )
    return Project.objects.get(reference=reference)


@pytest.fixture
def whole() -> Project:
    """A public whole with one public, one reduced and one withheld part."""
    programme = Programme.objects.create(code="GLOX70", title="Invented programme")
    made = factories.project("X70", budget=1_000, code="GLOX70", programme=programme)
    for reference, budget in (("X71", 100), ("X72", 200), ("X73", 400)):
        factories.project(
            reference, places=["Bhutan"], budget=budget, part_of=made, programme=programme,
            title=f"Invented {reference}",
        )  # fmt: skip
    reduce("X72", "Something reduced")
    publish_project(SYSTEM, "X73", Publication.WITHHELD, public_title="", basis="people at risk")
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_public_whole_names_only_its_public_parts_in_documents(
    client: Client, whole: Project, kind: str
) -> None:
    page = body(client, f"/projects/X70/page.{kind}")
    assert "X72" not in page
    assert "X73" not in page
    if kind == "json":
        assert json.loads(page)["project"]["parts"] == ["X71"]


@pytest.mark.parametrize("publication", [Publication.REDUCED, Publication.WITHHELD])
def test_a_part_does_not_name_the_programme_of_a_whole_that_is_not_public(
    client: Client, whole: Project, publication: Publication
) -> None:
    publish_project(SYSTEM, "X70", publication, public_title="Something", basis="people at risk")
    for address in ("/projects/X71/page.json", "/projects/X71/", "/projects/folder.json"):
        page = body(client, address)
        assert "GLOX70" not in page, address
        assert "X70" not in page, address


def counted(client: Client, query: str) -> tuple[int, float]:
    """(projects, budget) of the public total over a filter."""
    caches["documents"].clear()  # records made without an action leave no entry that says so
    totals = json.loads(body(client, f"/projects/folder.json?{query}"))["totals"]["overall"]
    return totals["projects"], totals["budget"]


def test_sums_do_not_tell_which_whole_a_reduced_part_belongs_to(
    client: Client, whole: Project
) -> None:
    """Were it counted alone but not beside its whole, asking twice would tell."""
    alone = counted(client, "q=Something+reduced")
    factories.project("X79", budget=5, title="Something reduced too")
    beside = counted(client, "q=Something+reduced")
    Project.objects.filter(reference="X70").update(public_title="Something reduced")
    with_whole = counted(client, "q=Something+reduced")
    assert [alone, beside, with_whole] == [(0, 0), (1, 5), (2, 1_005)]


def test_sums_do_not_tell_which_part_lies_in_a_reduced_whole(
    client: Client, whole: Project
) -> None:
    reduce("X70", "Something larger")
    Project.objects.filter(reference="X71").update(public_title="Something larger")
    assert counted(client, "q=Something+larger") == (1, 1_000)
    Project.objects.filter(reference="X71").update(public_title="")
    assert counted(client, "q=Something+larger") == (1, 1_000)
    assert counted(client, "q=X71") == (0, 0)


def test_the_sum_over_everything_still_counts_each_dollar_once(
    client: Client, whole: Project
) -> None:
    assert counted(client, "")[1] == 1_000
    reduce("X70", "Something larger")
    assert counted(client, "")[1] == 1_000


def test_a_reduced_project_does_not_tell_its_language(client: Client) -> None:
    factories.project("X80", places=["Mauritania"], language="fr", title="Travail")
    reduce("X80")
    page = body(client, "/projects/")
    assert 'lang="fr" dir="auto"' not in page
    (row,) = json.loads(body(client, "/projects/export.json"))
    assert row["language"] == "en"


@pytest.mark.parametrize(
    "role", ["trainer", "exercise-control", "statistics-officer", "data-protection-officer"]
)
def test_the_folder_opens_to_whoever_may_take_the_list_out(client: Client, role: str) -> None:
    factories.project("X01", publication=Publication.WITHHELD)
    factories.project("X02")
    client.force_login(user_with_role(role))
    for kind in ("json", "html", "pdf"):
        assert client.get(f"/projects/folder.{kind}").status_code == 403, kind
    opened = json.loads(body(client, "/projects/folder.json?open=1"))
    assert [row["id"] for row in opened["projects"]] == ["X02"]
    offered = re.findall(r'href="(/projects/folder\.[^"]+)"', body(client, "/projects/folder/"))
    assert offered
    assert all("open=1" in address for address in offered)


def test_a_folder_of_all_projects_is_on_record(client: Client) -> None:
    factories.project("X01", publication=Publication.WITHHELD)
    client.force_login(user_with_role("legal-adviser"))
    body(client, "/projects/folder.json?state=approved")
    entry = AuditEntry.objects.get(code="portfolio.exported")
    assert entry.facts == {"count": 1, "filters": 1, "kind": "folder.json"}


def test_a_kept_document_is_not_handed_to_the_public(client: Client) -> None:
    factories.project("X01", publication=Publication.WITHHELD)
    factories.project("X02")
    staff = Client()
    staff.force_login(user_with_role("programme-officer"))
    assert "X01" in body(staff, "/projects/folder.json")
    assert "X01" not in body(client, "/projects/folder.json")
    assert client.get("/projects/X01/page.json").status_code == 404
    assert "X01" in body(staff, "/projects/X01/page.json")
    assert client.get("/projects/X01/page.json").status_code == 404


@pytest.mark.parametrize("wanted", ["", "/page.json", "/page.pdf", "/edit/", "/pledges/new/"])
def test_refusals_do_not_tell_a_withheld_project_from_none(client: Client, wanted: str) -> None:
    factories.project("X01", publication=Publication.WITHHELD)
    client.force_login(user_with_role("donor"))
    answers = [client.get(f"/projects/{reference}{wanted or '/'}") for reference in ("X01", "X99")]
    assert [answer.status_code for answer in answers] == [404, 404]
    own = re.compile("X01|X99|[0-9A-Za-z]{64}")  # what was asked, and each page's own token
    pages = [own.sub("", answer.content.decode()) for answer in answers]
    assert pages[0] == pages[1]


def test_an_address_from_before_leads_nowhere_once_reduced_again(client: Client) -> None:
    factories.project("X01", places=["Bhutan"], title="Invented")
    first = reduce("X01").public_id
    publish_project(SYSTEM, "X01", Publication.PUBLIC, public_title="", basis="safe")
    second = reduce("X01").public_id
    assert first != second
    assert client.get(f"/projects/{first}/").status_code == 404
    assert client.get("/projects/X01/").status_code == 404
    assert client.get(f"/projects/{second}/").status_code == 200
