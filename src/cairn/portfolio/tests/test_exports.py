"""Taking the list away: what is in the files, who may take what, and that it is on record."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry
from cairn.portfolio import exports
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db


def taken(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue()


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    content = taken(client, f"/projects/export.csv{query}").decode("utf-8-sig")
    return list(csv.DictReader(StringIO(content)))


def signed_in(client: Client, role: str) -> Client:
    client.force_login(user_with_role(role))
    return client


def test_the_table_has_a_row_for_each_project_that_matches(client: Client) -> None:
    first = factories.project("X01", places=["Nepal", "Kenya"], budget=300, themes=["protection"])
    factories.pledge(first, usd=100)
    factories.project("X02", places=["Global"], budget=None)
    assert [row["id"] for row in table(client)] == ["X01", "X02"]
    row = table(client, "?country=NPL")[0]
    assert row["countries"] == "NPL|KEN"
    assert row["themes"] == "protection"
    assert (row["budget_usd"], row["pledged_usd"], row["shortfall_usd"]) == ("300", "100", "200")
    assert row["funded_share"] == "0.3333"
    unknown = table(client, "?share=unknown")[0]
    assert (unknown["budget_usd"], unknown["shortfall_usd"], unknown["funded_share"]) == (
        "",
        "",
        "",
    )


def test_the_order_of_the_list_is_that_of_the_file(client: Client) -> None:
    factories.project("X01", budget=1)
    factories.project("X02", budget=2)
    assert [row["id"] for row in table(client, "?sort=-budget")] == ["X02", "X01"]


def test_a_title_that_could_run_is_defused(client: Client) -> None:
    factories.project("X01", title="=HYPERLINK(1)")
    assert table(client)[0]["title"].startswith("'=")


def test_json_keeps_numbers_and_says_null_for_what_is_not_known(client: Client) -> None:
    factories.project("X01", budget=300)
    factories.project("X02", budget=None)
    first, second = json.loads(taken(client, "/projects/export.json"))
    assert first["budget_usd"] == 300
    assert second["budget_usd"] is None
    assert set(first) == set(exports.COLUMNS)


def test_an_empty_list_is_still_a_file(client: Client) -> None:
    assert json.loads(taken(client, "/projects/export.json")) == []
    assert table(client) == []


def test_the_workbook_says_what_each_column_holds(client: Client) -> None:
    factories.project("X01", budget=300)
    book = CalamineWorkbook.from_filelike(
        BytesIO(taken(client, "/projects/export.xlsx?state=approved"))
    )
    projects, about = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert projects[0] == list(exports.COLUMNS)
    assert projects[1][projects[0].index("budget_usd")] == 300
    described = {str(row[0]) for row in about}
    assert set(exports.COLUMNS) <= described
    assert any("state=approved" in str(row[1]) for row in about)


@pytest.mark.parametrize("kind", ["pdf", "exe", "CSV"])
def test_other_kinds_are_not_found(client: Client, kind: str) -> None:
    assert client.get(f"/projects/export.{kind}").status_code == 404


def test_staff_take_everything_and_it_is_on_record(client: Client) -> None:
    factories.project("X01")
    factories.project("X02", publication=Publication.WITHHELD)
    signed_in(client, "programme-officer")
    rows = table(client, "?state=approved")
    assert [row["publication"] for row in rows] == ["public", "withheld"]
    entry = AuditEntry.objects.get(code="portfolio.exported")
    assert entry.facts == {"kind": "csv", "count": 2, "filters": 1}
    assert entry.actor_roles == ["programme-officer"]


def test_open_data_is_the_same_for_everybody_and_not_on_record(client: Client) -> None:
    factories.project("X01")
    factories.project("X02", publication=Publication.WITHHELD)
    anonymous = taken(client, "/projects/export.csv?open=1")
    assert b"X02" not in anonymous
    signed_in(client, "programme-officer")
    assert taken(client, "/projects/export.csv?open=1") == anonymous
    assert not AuditEntry.objects.filter(code="portfolio.exported").exists()


@pytest.mark.parametrize("role", ["trainer", "statistics-officer", "data-protection-officer"])
def test_who_may_view_but_not_export_is_refused_and_pointed_to_open_data(
    client: Client, role: str
) -> None:
    signed_in(client, role)
    assert client.get("/projects/export.csv").status_code == 403
    assert not AuditEntry.objects.filter(code="portfolio.exported").exists()
    page = client.get("/projects/").content.decode()
    assert "/projects/export.csv" not in page
    assert "/data/" in page


@pytest.mark.parametrize("role", ["donor", "participant"])
def test_who_sees_what_the_public_sees_takes_what_the_public_takes(
    client: Client, role: str
) -> None:
    factories.project("X01")
    factories.project("X02", publication=Publication.WITHHELD)
    signed_in(client, role)
    rows = table(client)
    assert [row["id"] for row in rows] == ["X01"]
    assert "publication" not in rows[0]


def test_the_name_of_the_file_says_nothing_but_what_and_when(client: Client) -> None:
    name = client.get("/projects/export.csv?q=secret")["Content-Disposition"]
    assert "secret" not in name
    assert "cairn-projects-" in name


def test_long_tables_are_read_in_chunks_and_stay_in_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    for number in range(5):
        factories.project(f"X{number}")
    assert [row["id"] for row in table(client)] == [f"X{number}" for number in range(5)]
