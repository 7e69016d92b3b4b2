"""A file of others held against the records: page, command, who may, and what is on record."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry
from cairn.portfolio.exports import iati
from cairn.portfolio.models import Project
from cairn.portfolio.queries.iati_comparison import Comparison, compare
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories
from cairn.portfolio.tests.iati_files import STANDARD, activity, document, needs_standard

pytestmark = pytest.mark.django_db
ADDRESS = "/aid-data/compare/"


def held(content: bytes, **options: Any) -> Comparison:
    return compare(SYSTEM, BytesIO(content), today=timezone.localdate(), **options)


def test_what_is_new_differs_and_is_the_same_is_told_apart() -> None:
    for name in ("X01", "X02"):
        factories.project(
            name, starts="2024-02-01", title="Invented activity", outline="Invented.", budget=None
        )
    Project.objects.filter(reference="X01").update(title="Another title")
    found = held(
        document(
            activity("XM-DAC-41128-X01").replace('status code="2"', 'status code="1"'),
            activity("XM-DAC-41128-X02").replace('status code="2"', 'status code="1"'),
            activity("XX-1-X01"),
            activity("XM-DAC-41128-X09"),
            activity("XM-DAC-41128-X02").replace('status code="2"', 'status code="9"'),
        )
    )
    assert found.counts == {
        "created": 1, "changed": 1, "unchanged": 1, "kept": 0, "other": 1, "refused": 1,
    }  # fmt: skip
    first = found.lines[0]
    assert (first.project, first.line) == ("X01", 2)
    assert first.differences == {"title": ["Another title", "Invented activity"]}
    assert [line.outcome for line in found.lines] == ["changed", "other", "created", "refused"]


def test_a_reduced_project_is_found_by_the_address_that_tells_nothing() -> None:
    factories.project("X01", publication=Publication.REDUCED)
    found = held(b"".join(iati.every_activity(now=timezone.now())))
    assert found.counts["unchanged"] == 1


def test_what_stops_half_way_is_told_with_what_was_read() -> None:
    found = held(document(activity(), "<iati-activity>\n<title></iati-activity>"))
    assert found.read == 1
    assert (found.refusal["code"], found.refusal["line"]) == ("iati.xml", 14)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ('version="2.02"', "2.02"),
        ("", "does not say"),
        ('version="3.0"', "no version"),
        ('version="2.03"', ""),
    ],
)
def test_other_versions_are_named(version: str, said: str) -> None:
    notes = held(document(activity(), version=version)).notes
    assert (said in " ".join(notes)) if said else not notes


def test_a_file_without_activities_says_so() -> None:
    assert held(document()).notes


def test_the_lines_told_of_are_bounded() -> None:
    found = held(document(*[activity(f"XX-1-{number}") for number in range(5)]), most=2)
    assert (len(found.lines), found.lines_left_out, found.read) == (2, 3, 5)


@needs_standard
def test_findings_against_the_standard_are_added() -> None:
    text = (
        activity().replace('status code="2"', 'status code="2" x="1"').replace("41128-X", "4-X", 1)
    )
    found = held(document(text), standard=STANDARD)
    codes = {each["code"] for each in found.lines[0].complaints}
    assert {"rule.1.1.21"} < codes
    assert any(code.startswith("schema.") for code in codes)


def bring(client: Client, content: bytes) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile("a.xml", content)})


def test_a_programme_officer_sees_what_differs_and_counts_are_on_record(client: Client) -> None:
    factories.project("X01", starts="2024-02-01")
    client.force_login(user_with_role("programme-officer"))
    assert client.get(ADDRESS).status_code == 200
    assert ADDRESS in client.get("/projects/").content.decode()
    bad = activity("XM-DAC-41128-X02", inner='\n<budget type="7"/>')
    page = bring(client, document(bad, activity()))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Invented project X01" in text
    assert "iati.code" in text
    entry = AuditEntry.objects.get(code="portfolio.compared")
    assert entry.facts == {
        "complaints": 5, "refusal": "", "created": 0, "changed": 1, "unchanged": 0, "kept": 0,
        "other": 0, "refused": 1,
    }  # fmt: skip


def test_a_refused_file_is_told_on_the_page(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    page = bring(client, b"<html><body/></html>").content.decode()
    assert "no IATI file" in page
    assert AuditEntry.objects.get(code="portfolio.compared").facts["refusal"] == "iati.root"


def test_a_file_that_is_too_large_is_refused(client: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    client.force_login(user_with_role("programme-officer"))
    assert bring(client, document(activity())).status_code in {409, 413}
    assert not AuditEntry.objects.filter(code="portfolio.compared").exists()


def test_markup_in_a_file_is_shown_as_text(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    text = activity().replace("Invented activity", "&lt;script&gt;alert(1)&lt;/script&gt;")
    assert b"<script>alert" not in bring(client, document(text)).content


@pytest.mark.parametrize("role", ["trainer", "statistics-officer", "participant"])
def test_who_may_not_import_may_not_compare(client: Client, role: str) -> None:
    client.force_login(user_with_role(role))
    assert client.get(ADDRESS).status_code == 403
    assert bring(client, document(activity())).status_code == 403
    assert not AuditEntry.objects.filter(code="portfolio.compared").exists()


def test_one_project_or_one_country_can_be_taken(client: Client) -> None:
    factories.project("X01", places=["Nepal"])
    factories.project("X02", places=["Kenya"])
    factories.project("X03", places=["Kenya"], publication=Publication.WITHHELD)
    hidden = factories.project("X04", places=["Kenya"], publication=Publication.REDUCED)
    client.force_login(user_with_role("programme-officer"))

    def taken(query: str) -> list[str]:
        content = client.get(f"/aid-data/activities.xml{query}").getvalue().decode()
        return [part.partition("<")[0] for part in content.split("<iati-identifier>")[1:]]

    assert taken("?project=X01") == ["XM-DAC-41128-X01"]
    assert taken("?country=KEN") == ["XM-DAC-41128-X02"]
    assert taken(f"?project={hidden.public_id}") == [f"XM-DAC-41128-{hidden.public_id}"]
    for address in ("X03", "X04", "X99"):
        assert client.get(f"/aid-data/activities.xml?project={address}").status_code == 404
    page = client.get("/projects/X04/").content.decode()
    assert f"activities.xml?project={hidden.public_id}" in page
    assert "activities.xml" not in client.get("/projects/X03/").content.decode()


def test_a_country_has_a_page_of_open_data(client: Client) -> None:
    factories.project("X01", places=["Nepal"])
    factories.project("X02", places=["Nepal"], publication=Publication.WITHHELD)
    client.force_login(user_with_role("programme-officer"))
    page = client.get("/countries/NPL/data/").content.decode()
    assert "X01" in page
    assert "X02" not in page
    assert "country=NPL" in page
    assert "/countries/NPL/data/" in client.get("/countries/NPL/").content.decode()
    assert client.get("/countries/KEN/data/").status_code == 200
    assert client.get("/countries/QQQ/data/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_of_hashtags_comes_when_it_is_asked_for(client: Client, kind: str) -> None:
    from cairn.core.tables import read_table

    factories.project("X01")
    content = client.get(f"/projects/export.{kind}?hxl=1").getvalue()
    plain = read_table(BytesIO(client.get(f"/projects/export.{kind}").getvalue()))
    table = read_table(BytesIO(content), filename=f"a.{kind}")
    # Reading in passes over the row of hashtags, so that both hold the same.
    assert [row.cells for row in table.rows] == [row.cells for row in plain.rows]
    if kind == "csv":
        assert b"\r\n#activity+code," in content


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_the_commands_write_and_compare(tmp_path: Path) -> None:
    factories.project("X01")
    factories.project("X02", publication=Publication.WITHHELD)
    path = tmp_path / "a.xml"
    assert "1 written" in run("iati_export", str(path))
    assert AuditEntry.objects.get(code="portfolio.exported").facts["kind"] == "iati-activities"
    told = json.loads(run("iati_import", str(path), "--dry-run", "--format", "json"))
    assert told["counts"]["unchanged"] == 1
    Project.objects.update(title="Changed")
    assert "title: Changed -> Invented project X01" in run("iati_import", str(path), "--dry-run")
    assert "organisation" in run("iati_export", str(path), "--organisation")
    with pytest.raises(CommandError, match="X02"):
        run("iati_export", str(path), "--project", "X02")
    with pytest.raises(CommandError, match="goes with --dry-run"):
        run("iati_import", str(path), "--standard", str(tmp_path))
    path.write_bytes(b"<x/>")
    with pytest.raises(CommandError, match=r"iati\.root"):
        run("iati_import", str(path), "--dry-run")
    with pytest.raises(CommandError, match="No such file"):
        run("iati_import", str(tmp_path / "none.xml"), "--dry-run")


@needs_standard
def test_the_command_checks_what_it_wrote(tmp_path: Path) -> None:
    factories.project("X01")
    told = run("iati_export", str(tmp_path / "a.xml"), "--standard", str(STANDARD))
    assert "Nothing in it is against the standard." in told
