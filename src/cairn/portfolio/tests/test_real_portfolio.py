"""The figures of the real portfolio, against sums made here from the files themselves."""

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC
from cairn.core.tables import Sheet, write_xlsx
from cairn.imports.actions import import_file
from cairn.portfolio import reports
from cairn.portfolio.actions.results import compute_measurement
from cairn.portfolio.actions.seed import FILES, FOLDER
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    Finding,
    Measurement,
    OutcomeRecord,
    Pledge,
    Project,
    ProjectCountry,
)
from cairn.portfolio.queries import totals
from cairn.portfolio.queries.listing import Filters, projects
from cairn.portfolio.queries.project import payloads
from cairn.portfolio.rules import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_portfolio")]
TODAY = date(2026, 1, 2)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counted() -> list[dict[str, str]]:
    """Projects whose money counts: those that lie in no other one."""
    return [row for row in rows("projects") if not row["programme"]]


def pledged() -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("pledges"):
        sums[row["project_id"]] += Decimal(row["amount_usd"])
    return sums


def folder() -> dict[str, Any]:
    page: dict[str, Any] = json.loads(reports.folder(SYSTEM, "json", "en", today=TODAY))
    return page


def test_the_total_counts_parts_of_programmes_once() -> None:
    given, total = pledged(), totals.total(projects(SYSTEM, Filters()))
    budgets = [row for row in counted() if row["budget_usd"]]
    assert total.projects == len(counted()) == 43
    assert total.budget == sum(Decimal(row["budget_usd"]) for row in budgets)
    assert total.pledged == sum(given.values())
    assert total.shortfall == sum(
        Decimal(row["budget_usd"]) - given.get(row["id"], Decimal(0)) for row in budgets
    )
    assert total.parts == ["P02", "P03", "P04", "P06", "P07", "P08"]
    assert (total.without_budget, total.pledged_without_budget) == (1, Decimal(700_000))


def test_a_part_alone_counts_itself() -> None:
    total = totals.total(projects(SYSTEM, Filters(search="Organ Trafficking")))
    assert (total.projects, total.budget, total.parts) == (1, Decimal(100_000), [])


def test_totals_by_region_add_up_to_the_whole() -> None:
    found = projects(SYSTEM, Filters())
    total, lines = totals.total(found), totals.by_chapter(found)
    assert sum(line.projects for line in lines) == total.projects
    assert sum(line.budget or 0 for line in lines) == total.budget
    assert sum(line.pledged for line in lines) == total.pledged
    assert sum(line.shortfall or 0 for line in lines) == total.shortfall


def test_totals_by_donor_add_up_to_the_pledges() -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("pledges"):
        expected[row["donor"]] += Decimal(row["amount_usd"])
    lines = {line.name: line for line in totals.by_donor(SYSTEM, projects(SYSTEM, Filters()))}
    assert len(lines) == len(expected)
    assert lines["Norway"].pledged == expected["Norway"]
    assert lines["European Commission"].pledged == expected["European Commission"]
    assert lines[""].pledged == expected["(donor not named)"]
    assert sum(line.pledged for line in lines.values()) == sum(expected.values())


def test_the_findings_are_those_of_the_printed_folder() -> None:
    found = {
        (each["project"], each["field"]): (each["printed"], each["computed"], each["reason_code"])
        for each in reports.findings(SYSTEM, "en")
    }
    assert found == {
        ("P11", "budget_phases"): (3_500_000, 3_568_800, "rounding"),
        ("P11", "shortfall"): (2_831_200, 3_131_200, "phase_not_counted"),
        ("P18", "shortfall"): (427_814, 427_815, "rounding"),
        ("P21", "shortfall"): (797_703, 3_782_616, "pledge_not_listed"),
        ("P38", "shortfall"): (75_600, 756_000, "digit_missing"),
        ("P43", "budget"): (1906.876, 1_906_876, "separator"),
    }


def test_each_finding_says_project_field_printed_computed_difference_reason() -> None:
    for each in reports.findings(SYSTEM, "en"):
        assert each["difference"] == pytest.approx(each["computed"] - each["printed"])
        assert each["reason"]
        assert each["project"].startswith("P")


def test_the_folder_holds_every_project_under_one_heading() -> None:
    page = folder()
    listed = [reference for chapter in page["chapters"] for reference in chapter["projects"]]
    assert sorted(listed) == [row["id"] for row in rows("projects")]
    assert len(page["projects"]) == 49
    assert page["totals"]["overall"]["excludes"].count("P02") == 1
    assert {"id", "code", "title", "countries", "regions", "budget", "pledged", "shortfall"} <= set(
        page["projects"][0]
    )


def test_countries_of_the_folder_are_alpha_3_codes() -> None:
    by_id = {row["id"]: row for row in folder()["projects"]}
    assert by_id["P20"]["countries"] == sorted(
        ["AGO", "BWA", "COD", "LSO", "MDG", "MWI", "MUS", "MOZ", "NAM", "ZAF", "SWZ", "TZA", "ZMB",
         "ZWE"]
    )  # fmt: skip
    assert by_id["P49"]["countries"] == ["CAF", "COD", "JOR", "NPL", "SDN", "SEN", "SSD"]
    assert by_id["P48"]["countries"] == []
    assert "019" in {region["code"] for region in by_id["P48"]["regions"]}


def test_members_of_a_group_are_those_of_the_year_of_the_source() -> None:
    """South Sudan joined the African Union in 2011; Morocco came back to it in 2017."""
    union = ProjectCountry.objects.filter(project__reference="P11", via="AU")
    members = set(union.values_list("country", flat=True))
    assert "BDI" in members
    assert not {"SSD", "MAR"} & members


def test_a_donor_that_is_the_recipient_state_is_marked() -> None:
    page = json.loads(reports.project_page(SYSTEM, "P44", "json", "en", today=TODAY))["project"]
    marked = {pledge["donor"]: pledge["donor_is_recipient"] for pledge in page["pledges"]}
    assert marked == {"Canada": False, "Sweden": False, "Colombia": True}


def test_the_project_page_computes_its_achievements() -> None:
    page = json.loads(reports.project_page(SYSTEM, "P49", "json", "en", today=TODAY))["project"]
    assert [event["participants"] for event in page["events"]] == [22, 30, 29, 28]
    assert page["shortfall"] == page["budget"] == 913_351
    assert len(page["requests"]) == 7
    assert {outcome["id"] for outcome in page["outcomes"]} == {"O01", "O02"}
    text = page["duration"]["text"].replace("\u2009", " ")
    assert text == "February 2024 – January 2026"


def test_a_project_without_a_printed_budget_has_no_shortfall() -> None:
    page = json.loads(reports.project_page(SYSTEM, "P09", "json", "en", today=TODAY))["project"]
    assert (page["budget"], page["shortfall"], page["pledged"]) == (None, None, 700_000)
    assert page["budget_as_printed"] == "Varies by programme"


def test_states_are_inferred_and_say_so() -> None:
    states = dict(Project.objects.values_list("reference", "state"))
    assert states["P49"] == State.ACTIVE
    assert states["P12"] == State.PARTLY_FUNDED
    assert states["P36"] == State.APPROVED
    assert states["P10"] == State.CONCEPT
    bases = {basis for basis in Project.objects.values_list("decisions__basis", flat=True)}
    assert all(str(basis).startswith("inferred:") for basis in bases)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    ("kind", "start"), [("pdf", b"%PDF-"), ("html", b"<!DOCTYPE html>"), ("json", b"{")]
)
def test_both_documents_come_in_every_kind_and_language(
    language: str, kind: str, start: bytes
) -> None:
    page = reports.project_page(SYSTEM, "P49", kind, language, today=TODAY)
    whole = reports.folder(SYSTEM, kind, language, today=TODAY)
    assert page.lstrip().startswith(start)
    assert whole.lstrip().startswith(start)


def test_the_web_page_stands_alone_and_names_its_language() -> None:
    page = reports.project_page(SYSTEM, "P49", "html", "ar", today=TODAY).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "<style>" in page
    assert "<script" not in page
    assert "http" not in page.partition("<body>")[0]


def test_the_report_command_writes_a_file(tmp_path: Path) -> None:
    target = tmp_path / "page.json"
    call_command("report", "project-page", "P49", "--format", "json", "--out", str(target))
    assert json.loads(target.read_text())["project"]["id"] == "P49"


def test_the_report_command_names_an_unknown_project() -> None:
    with pytest.raises(CommandError, match="P99"):
        call_command("report", "project-page", "P99", stderr=StringIO())


def test_the_public_folder_leaves_out_withheld_projects() -> None:
    Project.objects.filter(reference="P36").update(publication="withheld")
    page = json.loads(reports.folder(PUBLIC, "json", "en", today=TODAY))
    assert "P36" not in {row["id"] for row in page["projects"]}
    assert page["totals"]["overall"]["projects"] == 42


def test_an_explanation_lasts_as_long_as_the_figures() -> None:
    from cairn.portfolio.actions.findings import explain_finding, refresh_findings

    finding = Finding.objects.get(project__reference="P38", field="shortfall")
    explain_finding(SYSTEM, finding.pk, "A nought is missing in print.")
    refresh_findings([finding.project_id])
    assert Finding.objects.get(project__reference="P38", field="shortfall").explanation
    Project.objects.filter(reference="P38").update(budget_usd=800_000)
    refresh_findings([finding.project_id])
    assert not Finding.objects.get(project__reference="P38", field="shortfall").explanation


@pytest.mark.parametrize(("name", "kind"), FILES.items())
def test_every_file_reads_in_as_a_workbook_too_and_changes_nothing(name: str, kind: str) -> None:
    columns, *lines = csv_lines(name)
    book = BytesIO()
    write_xlsx(book, [Sheet(name, columns, lines)], title=name)
    book.seek(0)
    report = import_file(SYSTEM, kind, f"{name}.xlsx", book, dry_run=True)
    assert report.problems == []
    assert report.counts == {"created": 0, "changed": 0, "refused": 0, "unchanged": len(lines)}


def csv_lines(name: str) -> list[list[str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_budget_by_period_stands_beside_the_phases() -> None:
    table = (
        b"project_id,phase_number,starts,ends,amount,currency,rate,rate_source\n"
        b"P11,2,2011,2011,1000000,EUR,1.3,invented\n"
        b"P11,2,2012,2012,1900000,USD,,\n"
    )
    report = import_file(SYSTEM, "budgets", "budgets.csv", BytesIO(table))
    assert report.applied
    page = json.loads(reports.project_page(SYSTEM, "P11", "json", "en", today=TODAY))["project"]
    assert [period["usd"] for period in page["budget_periods"]] == [1_300_000, 1_900_000]
    assert [phase["budget"] for phase in page["phases"]] == [368_800, 3_200_000]


def test_what_a_later_context_computes_stands_beside_what_was_typed() -> None:
    project = Project.objects.get(reference="P49")
    typed = Measurement.objects.filter(indicator__result__project=project).count()
    written = compute_measurement(
        SYSTEM,
        "training.officers_trained",
        Decimal(90),
        project=project,
        period_start="2024",
        period_end="2025",
        provenance={"version": 1, "rows": 90},
    )
    assert [each.origin for each in written] == [Measurement.Origin.COMPUTED]
    assert Measurement.objects.filter(indicator__result__project=project).count() == typed + 1


@pytest.mark.parametrize(
    ("kind", "table", "model", "field"),
    [
        ("events", b"id,kind\nE03,training of trainers workshop\n", Event, "participants"),
        ("outcomes", b"id,kind,value,unit\nO01,selected,6,people\n", OutcomeRecord, "source"),
        ("requests", b"id,requested_by,request\nR01,POTC,follow-up\n", AssistanceRequest, "source"),
    ],
)
def test_a_column_that_the_file_does_not_have_leaves_the_record_alone(
    kind: str, table: bytes, model: type[Model], field: str
) -> None:
    reference = table.splitlines()[1].split(b",")[0].decode()
    before = model._default_manager.values_list(field, flat=True).get(reference=reference)
    assert import_file(SYSTEM, kind, f"{kind}.csv", BytesIO(table)).applied
    assert before
    assert model._default_manager.values_list(field, flat=True).get(reference=reference) == before


def test_a_pledge_keeps_its_note_when_the_file_has_none() -> None:
    Pledge.objects.filter(project__reference="P12").update(note="kept")
    table = b"project_id,donor,amount_usd\nP12,United States of America,260000\n"
    assert import_file(SYSTEM, "pledges", "pledges.csv", BytesIO(table)).applied
    pledge = Pledge.objects.get(project__reference="P12")
    assert (pledge.note, pledge.usd) == ("kept", Decimal(260_000))


def test_reading_all_projects_asks_hardly_more_than_reading_one() -> None:
    def queries(filters: Filters) -> int:
        with CaptureQueriesContext(connection) as asked:
            list(payloads(SYSTEM, projects(SYSTEM, filters)))
        return len(asked)

    # One project lacks some kinds of records, whose further levels are then not asked for.
    assert queries(Filters()) <= queries(Filters(country="NPL")) + 5
