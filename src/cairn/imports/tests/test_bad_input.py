"""Bad input: each gives row, field, reason and remedy, and nothing of its file is kept."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.apps import apps
from pytest_django import Settings

from cairn.access.queries import SYSTEM
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.core.tables import TableRefused
from cairn.imports.actions import import_file, stage_file
from cairn.imports.models import ImportBatch
from cairn.imports.tests.files import Rows, bring, csv_bytes, xlsx_bytes, zip_bomb
from cairn.portfolio.models import Project
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db

P = ("project_id", "donor", "amount_usd")
X = ("id", "title", "countries", "budget_usd", "starts", "ends")
E = ("id", "kind", "participants", "women")
GOOD_PLEDGE = ("X01", "Sweden", "10")


def counts() -> dict[str, int]:
    """How many records of each kind there are: nothing may be half-imported."""
    return {
        model._meta.label: model._default_manager.count()
        for name in ("core", "portfolio", "library")
        for model in apps.get_app_config(name).get_models()
    }


# name: (kind, rows, row, column, code); the file holds a good row too, which must not be kept.
CELLS: dict[str, tuple[str, Rows, int, str, str]] = {
    "unknown country": (
        "projects",
        [X, ("X02", "Good", "Kenya", "", "", ""), ("X03", "Bad", "Nepall", "", "", "")],
        3,
        "countries",
        "cell.country",
    ),
    "one unknown country among known ones": (
        "projects",
        [X, ("X03", "Bad", "Kenya|Atlantis|Nepal", "", "", "")],
        2,
        "countries",
        "cell.country",
    ),
    "donor twice": (
        "pledges",
        [P, ("X01", "Norway", "10"), ("X01", "Norvège", "20")],
        3,
        "",
        "import.twice",
    ),
    "donor that looks like a typing error": (
        "pledges",
        [P, GOOD_PLEDGE, ("X01", "Noway", "5")],
        3,
        "donor",
        "import.donor",
    ),
    "negative amount": (
        "pledges",
        [P, GOOD_PLEDGE, ("X01", "Norway", "-5")],
        3,
        "amount_usd",
        "amount.negative",
    ),
    "no amount": ("pledges", [P, ("X01", "Norway", "")], 2, "amount_usd", "funding.amount"),
    "amount of zero": ("pledges", [P, ("X01", "Norway", "0")], 2, "amount_usd", "cell.zero"),
    "amount with two readings": (
        "pledges",
        [P, GOOD_PLEDGE, ("X01", "Norway", "1.906")],
        3,
        "amount_usd",
        "amount.two_readings",
    ),
    "amount in words": (
        "pledges",
        [P, ("X01", "Norway", "3,5 million")],
        2,
        "amount_usd",
        "amount.not_a_number",
    ),
    "end before start": (
        "projects",
        [X, ("X02", "Bad", "", "", "2025-02", "2025-01-31")],
        2,
        "ends",
        "date.order",
    ),
    "date in another form": (
        "projects",
        [X, ("X02", "Bad", "", "", "03/02/2025", "")],
        2,
        "starts",
        "date.shape",
    ),
    "day that does not exist": (
        "projects",
        [X, ("X02", "Bad", "", "", "2025-02-30", "")],
        2,
        "starts",
        "date.day",
    ),
    "code of another project": (
        "projects",
        [("id", "code", "title"), ("X02", "TAKEN", "Bad")],
        2,
        "code",
        "import.code",
    ),
    "code twice in the file": (
        "projects",
        [("id", "code", "title"), ("X02", "NEW1", "Good"), ("X03", "NEW1", "Bad")],
        3,
        "code",
        "import.repeated",
    ),
    "record twice in the file": (
        "projects",
        [("id", "title"), ("X02", "One"), ("X02", "Two")],
        3,
        "",
        "import.twice",
    ),
    "empty cell that must be filled": (
        "projects",
        [("id", "title"), ("X02", "")],
        2,
        "title",
        "import.empty",
    ),
    "text that is too long": (
        "projects",
        [("id", "title"), ("X02", "a" * 401)],
        2,
        "title",
        "cell.long",
    ),
    "project that does not exist": (
        "pledges",
        [P, ("X77", "Norway", "10")],
        2,
        "project_id",
        "import.unknown",
    ),
    "more women than participants": (
        "events",
        [E, ("E90", "workshop", "22", "23")],
        2,
        "women",
        "import.women",
    ),
    "number with words": (
        "events",
        [E, ("E90", "workshop", "about 20", "")],
        2,
        "participants",
        "cell.whole",
    ),
    "code of no list": (
        "themes",
        [("project_id", "theme"), ("X01", "unheard-of")],
        2,
        "theme",
        "cell.choice",
    ),
    "currency that does not exist": (
        "pledges",
        [(*P, "amount", "currency", "rate"), ("X01", "Norway", "", "10", "XYZ", "2")],
        2,
        "currency",
        "cell.currency",
    ),
    "currency without a rate": (
        "pledges",
        [(*P, "amount", "currency"), ("X01", "Norway", "", "10", "EUR")],
        2,
        "rate",
        "funding.rate",
    ),
    "dollars that the rate does not give": (
        "pledges",
        [(*P, "amount", "currency", "rate"), ("X01", "Norway", "50", "10", "EUR", "1.1")],
        2,
        "amount_usd",
        "funding.rate",
    ),
    "day of an agreement without a day": (
        "agreements",
        [
            ("project_id", "donor", "reference", "signed_on", "amount_usd"),
            ("X01", "Norway", "A-1", "2026-01", "10"),
        ],
        2,
        "signed_on",
        "cell.day",
    ),
    "agreement on no pledge": (
        "agreements",
        [
            ("project_id", "donor", "reference", "signed_on", "amount_usd"),
            ("X01", "Norway", "A-1", "2026-01-02", "10"),
        ],
        2,
        "donor",
        "import.unknown",
    ),
    "years below zero": (
        "projects",
        [("id", "title", "duration_years"), ("X02", "Bad", "-1")],
        2,
        "duration_years",
        "amount.negative",
    ),
    "years beyond what a record holds": (
        "projects",
        [("id", "title", "duration_years"), ("X02", "Bad", "99999")],
        2,
        "duration_years",
        "amount.too_large",
    ),
    "number beyond what a record holds": (
        "phases",
        [("project_id", "number"), ("X01", "40000")],
        2,
        "number",
        "amount.too_large",
    ),
    "phase that ends before it starts": (
        "phases",
        [("project_id", "number", "starts", "ends"), ("X01", "1", "2025", "2024-12")],
        2,
        "ends",
        "date.order",
    ),
    "rate beyond what a record holds": (
        "pledges",
        [(*P[:2], "amount", "currency", "rate"), ("X01", "Norway", "10", "EUR", "10000000")],
        2,
        "rate",
        "cell.rate",
    ),
    "amount beyond what a record holds in US dollars": (
        "pledges",
        [(*P[:2], "amount", "currency", "rate"), ("X01", "Norway", f"{10**11}", "EUR", "99999")],
        2,
        "amount",
        "amount.too_large",
    ),
    "formula in a CSV": (
        "projects",
        [("id", "title"), ("X02", "Good"), ("X03", "=1+1")],
        3,
        "title",
        "table.formula",
    ),
}


@pytest.mark.once  # found before anything is written
# A workbook tells formulas from text, so text that looks like one is a CSV's trouble alone.
@pytest.mark.parametrize(
    ("name", "form"),
    [(name, csv_bytes) for name in CELLS]
    + [(name, xlsx_bytes) for name in CELLS if name != "formula in a CSV"],
)
def test_a_bad_cell_is_told_with_row_field_reason_and_remedy(
    name: str, form: Callable[[Rows], bytes]
) -> None:
    kind, rows, row, column, code = CELLS[name]
    invented.project()
    Project.objects.update(code="TAKEN")
    before = counts()
    report = bring(kind, form(rows), "invented.csv" if form is csv_bytes else "invented.xlsx")
    assert not report.applied
    (problem,) = report.problems
    assert (problem["row"], problem["column"], problem["code"]) == (row, column, code)
    assert problem["message"].strip()
    assert problem["remedy"].strip()
    assert counts() == before


def test_a_formula_in_a_workbook_is_refused_in_its_cell() -> None:
    before = counts()
    rows = [("id", "title"), ("X02", "Good"), ("X03", "=1+1")]
    report = bring("projects", xlsx_bytes(rows, formulas=True), "invented.xlsx")
    (problem,) = report.problems
    assert (problem["row"], problem["column"]) == (3, "title")
    assert problem["code"] == "table.formula"
    assert counts() == before


def test_every_bad_row_is_told_at_once() -> None:
    invented.project()
    report = bring(
        "pledges", csv_bytes([P, ("X01", "Norway", "-5"), ("X01", "Sweden", "x"), GOOD_PLEDGE])
    )
    assert [problem["row"] for problem in report.problems] == [2, 3]
    assert report.counts == {"created": 1, "changed": 0, "unchanged": 0, "refused": 2}


# name: (kind, content, filename, code)
FILES: dict[str, tuple[str, bytes, str, str]] = {
    "unknown column": (
        "pledges",
        csv_bytes([(*P, "colour"), (*GOOD_PLEDGE, "red")]),
        "a.csv",
        "import.columns",
    ),
    "missing column": (
        "pledges",
        csv_bytes([("project_id", "amount_usd"), ("X01", "10")]),
        "a.csv",
        "import.columns",
    ),
    "wrong encoding": (
        "pledges",
        csv_bytes([P, ("X01", "Norvège", "10")], "latin-1"),
        "a.csv",
        "table.encoding",
    ),
    "no bytes at all": ("pledges", b"", "a.csv", "table.empty"),
    "blank lines only": ("pledges", b"\r\n \r\n", "a.csv", "table.empty"),
    "zip bomb": ("projects", zip_bomb(), "a.xlsx", "table.zip_bomb"),
    "cut-off workbook": ("projects", xlsx_bytes([("id",)])[:400], "a.xlsx", "table.damaged"),
    "picture": ("projects", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "a.csv", "table.kind_unknown"),
    "PDF under the name of a table": (
        "projects",
        b"%PDF-1.7\n" + b"0" * 40,
        "a.csv",
        "table.kind_pdf",
    ),
    "column name twice": (
        "pledges",
        csv_bytes([(*P, "donor"), (*GOOD_PLEDGE, "Norway")]),
        "a.csv",
        "table.duplicate_header",
    ),
}


@pytest.mark.once  # found before anything is written
@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_whole_with_a_remedy(name: str) -> None:
    kind, content, filename, code = FILES[name]
    invented.project()
    before = counts()
    with pytest.raises(RuleBroken) as told:
        bring(kind, content, filename)
    assert told.value.code == code
    assert told.value.remedy.strip()
    assert counts() == before


def test_a_refusal_of_columns_names_the_missing_and_the_unknown() -> None:
    with pytest.raises(RuleBroken) as told:
        bring("pledges", csv_bytes([("project_id", "giver"), ("X01", "Norway")]))
    assert "Missing: donor." in str(told.value)
    assert "Unknown: giver." in str(told.value)


class Endless(BytesIO):
    """A stream of 100 MB that counts how much was asked of it."""

    size = 100 * 2**20

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        length = min(2**16, self.size - self.taken if size is None or size < 0 else size)
        self.taken += length
        return b"a" * length


@pytest.mark.parametrize("knows_its_size", [True, False])
def test_100_mb_are_refused_before_they_are_read(knows_its_size: bool, settings: Settings) -> None:
    stream = Endless()
    if not knows_its_size:
        stream.size = None  # type: ignore[assignment]
    for take in (import_file, stage_file):
        with pytest.raises(TableRefused) as told:
            take(SYSTEM, "projects", "a.csv", stream)
        assert told.value.code == "table.too_large"
        assert told.value.remedy
    assert stream.taken <= 2 * (settings.IMPORT_MAX_BYTES + 1)
    assert (stream.taken == 0) is knows_its_size
    assert not ImportBatch.objects.exists()


def test_refused_files_leave_no_donor_behind() -> None:
    invented.project()
    bring("pledges", csv_bytes([P, ("X01", "Invented Foundation", "5"), ("X01", "Norway", "-1")]))
    assert not Organisation.objects.exists()
    assert not AuditEntry.objects.filter(code="import.applied").exists()
