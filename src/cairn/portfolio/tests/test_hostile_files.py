"""Files that somebody means ill with: links that run, addresses that break pages, decisions."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cairn.access.permissions import Permission
from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import actor_with_role, bare_actor, user_with_role
from cairn.core.models import AuditEntry
from cairn.imports.actions import Report, apply_batch, import_file, stage_file
from cairn.imports.models import ImportBatch
from cairn.imports.reading import read_batch
from cairn.imports.tests.files import bring, csv_bytes
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import Decision, Document, Project
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db
PROJECTS = ("id", "title", "countries", "publication")


def codes(report: Report) -> list[str]:
    return [problem["code"] for problem in report.problems]


def projects(*rows: tuple[str, ...]) -> Report:
    return bring("projects", csv_bytes([PROJECTS, *rows]))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//elsewhere.example/",
        "file:///etc/passwd",
        " javascript:alert(1)",
    ],
)
def test_an_address_that_would_run_is_refused(address: str) -> None:
    factories.project("X01")
    rows = [("project_id", "title", "address"), ("X01", "Invented", address)]
    assert codes(bring("documents", csv_bytes(rows))) == ["cell.address"]


def test_an_address_on_record_that_would_run_never_becomes_a_link(client: Client) -> None:
    made = factories.project("X01")
    Document.objects.create(project=made, title="Invented paper", address="javascript:alert(1)")
    Document.objects.create(project=made, title="Good paper", address="https://example.org/a")
    for address in ("/projects/X01/", "/projects/X01/page.html", "/projects/X01/page.json"):
        page = client.get(address).content.decode()
        assert "Invented paper" in page or address.endswith("html"), address
        assert "javascript:alert" not in page, address
    assert "https://example.org/a" in client.get("/projects/X01/").content.decode()


@pytest.mark.parametrize("reference", ["A/B", "new", "Folder", "a b", 'x"y', "..", "<b>", "Ж1"])
def test_a_reference_that_breaks_addresses_is_refused(reference: str) -> None:
    quoted = '"' + reference.replace('"', '""') + '"'
    content = f"id,title\r\n{quoted},Invented\r\n".encode()
    assert codes(bring("projects", content)) == ["cell.reference"]
    content = f"id,requested_by,request\r\n{quoted},somebody,help\r\n".encode()
    assert codes(bring("requests", content)) == ["cell.reference"]


def test_hostile_texts_are_shown_as_text_everywhere(client: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    made = factories.project("X01", title=evil, outline=evil, beneficiaries=[evil])
    factories.pledge(made, factories.donor(evil, country=""), note=evil)
    factories.partner(made, evil)
    factories.event("XE1", of=made, kind=evil, place=evil, agencies=[evil])
    factories.outcome("XO1", of=made, kind=evil, note=evil)
    factories.finding(made, explanation=evil, printed_text=evil)
    factories.indicator(made, unit=evil)
    Document.objects.create(project=made, title=evil, kind=evil)
    factories.request("XR1", requested_by=evil, request=evil, project=made)
    client.force_login(user_with_role("programme-officer"))
    for address in (
        "/projects/", "/projects/?view=charts", "/projects/?view=map", "/projects/X01/",
        "/projects/X01/page.html", "/projects/folder.html", "/donors/", "/events/",
        "/countries/NPL/", "/findings/", "/requests/", "/requests/XR1/", "/requests/XR1/move/",
        "/projects/X01/edit/", "/projects/X01/pledges/new/", "/projects/X01/publication/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<img src=x" not in answer.content.decode(), address


def test_forced_directions_are_left_out_of_cells_and_file_names() -> None:
    title = "Invented \u202e000,1 $SU\u202c \x07title \u200fkept"
    report = projects(("X01", title, "Nepal", "public"))
    assert report.applied
    assert Project.objects.get().title == "Invented 000,1 $SU title \u200fkept"
    batch = stage_file(SYSTEM, "projects", "x\u202efdp.csv", _stream(("X02", "a", "Nepal", "")))
    assert batch.filename == "xfdp.csv"


def _stream(*rows: tuple[str, ...]) -> Any:
    from io import BytesIO

    return BytesIO(csv_bytes([PROJECTS, *rows]))


def test_a_preview_says_that_something_unseen_was_left_out() -> None:
    batch = stage_file(SYSTEM, "projects", "x.csv", _stream(("X01", "a\u202eb", "Nepal", "")))
    read_batch(batch.pk)
    assert batch.rows.get().notes == ["Invisible characters in “title” were left out."]


def test_what_is_read_in_stays_withheld_until_somebody_decides(client: Client) -> None:
    projects(("X01", "Invented", "Nepal", ""))
    assert Project.objects.get().publication == Publication.WITHHELD
    assert client.get("/projects/X01/").status_code == 404


def test_reading_in_what_is_public_needs_the_permission_to_publish() -> None:
    importer = bare_actor("programme-officer")
    held = frozenset(importer.permissions - {Permission.PORTFOLIO_PUBLISH})
    actor = type(importer)(name="Invented", permissions=held)
    with pytest.raises(PermissionDenied):
        import_file(actor, "projects", "x.csv", _stream(("X01", "a", "Nepal", "public")))
    factories.project("X02", title="a", publication=Publication.WITHHELD)
    with pytest.raises(PermissionDenied):
        import_file(actor, "projects", "x.csv", _stream(("X02", "a", "Nepal", "public")))
    import_file(actor, "projects", "x.csv", _stream(("X02", "b", "Nepal", "withheld")))
    assert Project.objects.get(reference="X02").title == "b"


def test_what_a_file_changes_of_publication_is_a_decision_with_a_new_address(
    client: Client,
) -> None:
    factories.project("X01", title="Invented")
    publish_project(SYSTEM, "X01", Publication.REDUCED, public_title="", basis="risk")
    publish_project(SYSTEM, "X01", Publication.PUBLIC, public_title="", basis="safe")
    known = Project.objects.get().public_id
    assert projects(("X01", "Invented", "Nepal", "reduced")).applied
    assert client.get(f"/projects/{known}/").status_code == 404
    decision = Decision.objects.order_by("-pk")[0]
    assert (decision.kind, decision.before, decision.after) == ("publication", "public", "reduced")
    entry = AuditEntry.objects.get(code="project.publication_read_in")
    assert entry.facts == {"projects": ["X01"]}


def test_a_file_cannot_make_the_title_of_a_reduced_project_tell_its_country() -> None:
    report = projects(("X01", "Work in Nepal", "Nepal", "reduced"))
    assert codes(report) == ["publication.title"]
    factories.project("X02", places=["Bhutan"], title="Invented")
    publish_project(
        SYSTEM, "X02", Publication.REDUCED, public_title="Help near Nepal", basis="risk"
    )
    assert codes(projects(("X02", "Invented", "Nepal", ""))) == ["publication.title"]


def test_files_of_others_are_not_there_to_see_apply_or_discard(client: Client) -> None:
    officer = actor_with_role("programme-officer")
    batch = stage_file(officer, "projects", "x.csv", _stream(("X01", "a", "Nepal", "")))
    client.force_login(user_with_role("training-officer"))
    for address in ("", "progress/", "apply/"):
        assert client.get(f"/imports/{batch.pk}/{address}").status_code == 404, address
    for address in ("apply/", "discard/"):
        assert client.post(f"/imports/{batch.pk}/{address}").status_code == 404, address
    with pytest.raises(ImportBatch.DoesNotExist):
        apply_batch(actor_with_role("donor"), batch.pk)


def test_loading_the_reference_files_again_keeps_what_was_decided(client: Client) -> None:
    load_seed(SYSTEM)
    assert Project.objects.filter(publication=Publication.PUBLIC).count() == 49
    publish_project(SYSTEM, "P49", Publication.WITHHELD, public_title="", basis="risk")
    load_seed(SYSTEM)
    assert client.get("/projects/P49/").status_code == 404
