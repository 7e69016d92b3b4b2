"""Files of the portfolio: the rules of the screens, and only what a file says is changed."""

from decimal import Decimal

import pytest
from django.test import Client

from cairn.imports.actions import Report
from cairn.imports.tests.files import Rows, bring, csv_bytes
from cairn.portfolio.models import Phase, PrintedFigure, Project, Receipt, SourceDocument
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories, invented

pytestmark = pytest.mark.django_db

RECEIPT = ("agreement", "received_on", "amount_usd")
SPENDING = ("agreement", "spent_on", "amount_usd")
FOREIGN = ("agreement", "received_on", "amount", "currency", "rate", "rate_source")


def read(kind: str, *rows: tuple[str, ...]) -> Report:
    return bring(kind, csv_bytes(rows))


def problem_of(report: Report) -> tuple[int, str, str]:
    (problem,) = report.problems
    return problem["row"], problem["column"], problem["code"]


@pytest.mark.parametrize(
    ("kind", "rows", "problem"),
    [
        ("receipts", [RECEIPT, ("A-1", "2026-02-01", "100.01")], (2, "amount_usd", "exceeds")),
        (
            "receipts",
            [RECEIPT, ("A-1", "2026-02-01", "60"), ("A-1", "2026-02-02", "60")],
            (3, "amount_usd", "exceeds"),
        ),
        ("receipts", [RECEIPT, ("A-1", "2026-01-14", "10")], (2, "received_on", "date")),
        (
            "receipts",
            [FOREIGN, ("A-1", "2026-02-01", "10", "EUR", "1.1", "invented")],
            (2, "currency", "currency"),
        ),
        ("expenditures", [SPENDING, ("A-1", "2026-02-01", "10")], (2, "amount_usd", "exceeds")),
        ("expenditures", [SPENDING, ("A-1", "2026-01-14", "10")], (2, "spent_on", "date")),
    ],
)
def test_a_file_of_money_is_held_to_the_rules_of_the_screens(
    kind: str, rows: Rows, problem: tuple[int, str, str]
) -> None:
    invented.agreement(invented.pledge(invented.project()))
    row, column, rule = problem
    report = read(kind, *map(tuple, rows))
    assert problem_of(report) == (row, column, f"funding.{rule}")
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("kind", ["receipts", "expenditures"])
def test_money_does_not_come_or_go_in_the_future(kind: str) -> None:
    invented.agreement(invented.pledge(invented.project()))
    header = RECEIPT if kind == "receipts" else SPENDING
    report = read(kind, header, ("A-1", "2099-01-01", "10"))
    assert problem_of(report) == (2, header[1], "cell.future")


def test_an_agreement_can_be_filled_spent_and_read_in_again() -> None:
    agreement = invented.agreement(invented.pledge(invented.project()))
    received = [RECEIPT, ("A-1", "2026-02-01", "60"), ("A-1", "2026-02-02", "40")]
    spent = [SPENDING, ("A-1", "2026-03-01", "100")]
    for counted in ("created", "unchanged"):
        for kind, rows in (("receipts", received), ("expenditures", spent)):
            report = read(kind, *rows)
            assert report.problems == []
            assert report.counts[counted] == len(rows) - 1
    assert sum(each.usd for each in agreement.expenditures.all()) == Decimal(100)


def test_a_measurement_does_not_end_before_it_starts() -> None:
    factories.indicator(factories.project())
    report = read(
        "measurements",
        ("project_id", "indicator_number", "period_start", "period_end", "value", "source"),
        ("X01", "1.1.1", "2025", "2024", "5", "Invented report"),
    )
    assert problem_of(report) == (2, "period_end", "date.order")


def test_a_file_without_the_column_of_budgets_leaves_them_alone() -> None:
    factories.project()
    read("phases", ("project_id", "number", "name", "budget_usd"), ("X01", "1", "First", "500"))
    report = read("phases", ("project_id", "number", "name"), ("X01", "1", "Preparation"))
    assert report.counts["changed"] == 1
    phase = Phase.objects.get()
    assert (phase.name, phase.stated_budget) == ("Preparation", Decimal(500))


def test_an_empty_cell_takes_a_printed_figure_and_a_source_back() -> None:
    project = factories.project(places=())
    SourceDocument.objects.create(code="900", title="Invented source")
    header = ("project_id", "shortfall_as_printed", "source")
    read("narratives", header, ("X01", "US$ 5", "900"))
    assert read("narratives", header, ("X01", "", "")).counts["changed"] == 1
    assert PrintedFigure.objects.get(project=project).text == ""
    assert Project.objects.get().source is None
    assert read("narratives", header, ("X01", "", "")).counts["unchanged"] == 1


def test_a_part_of_an_unknown_country_is_shown_as_it_stands(client: Client) -> None:
    factories.indicator(factories.project(publication=Publication.PUBLIC))
    read(
        "measurements",
        (
            "project_id",
            "indicator_number",
            "period_start",
            "period_end",
            "value",
            "disaggregation",
            "source",
        ),
        ("X01", "1.1.1", "2024", "2024", "5", "country=ZZZ", "Invented report"),
    )
    assert "ZZZ" in client.get("/projects/X01/").content.decode()
