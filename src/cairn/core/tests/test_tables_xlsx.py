"""XLSX from outside: cells as text, and archives that were built to do harm."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cairn.core.tables import Table, TableRefused, read_table
from cairn.core.tables import xlsx_archive as archive_rules

HTCDS = Path(__file__).resolve().parents[5] / "shared/data/htcds"
SHEET = "xl/worksheets/sheet1.xml"
OPENING = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSING = "</sheetData></worksheet>"


def workbook(fill: Callable[[Any], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book)
    return stream.getvalue()


def plain() -> bytes:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Projects")
        sheet.write_row(0, 0, ["id", "budget"])
        sheet.write_row(1, 0, ["P01", 5])

    return workbook(fill)


def changed(content: bytes, parts: dict[str, str | bytes | None]) -> bytes:
    """The workbook with some parts replaced, added, or left out (None)."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(name).decode()


def read(content: bytes, **options: Any) -> Table:
    return read_table(io.BytesIO(content), filename="table.xlsx", **options)


def refusal(content: bytes, **options: Any) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read(content, **options)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


def test_every_kind_of_cell_comes_out_as_text() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        hours = book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, list("abcdefghijk"))
        sheet.write_row(1, 0, [5, 1234.5, 0.1 + 0.2, -7, 123456789012345, 1e20, True, False])
        sheet.write_datetime(2, 0, date(2024, 2, 3), day)  # type: ignore[arg-type, unused-ignore]
        sheet.write_datetime(2, 1, datetime(2024, 2, 3, 10, 5), moment)  # noqa: DTZ001
        sheet.write_datetime(2, 2, time(10, 5), moment)
        sheet.write_datetime(2, 3, timedelta(hours=26), hours)
        sheet.write_string(2, 4, " =kept ")
        sheet.write_string(2, 5, "=text")

    first, second = read(workbook(fill)).rows
    assert list(first.values_in_order)[:8] == [
        "5", "1234.5", "0.3", "-7", "123456789012345", "100000000000000000000", "yes", "no",
    ]  # fmt: skip
    assert list(second.values_in_order)[:2] == ["2024-02-03", "2024-02-03T10:05:00"]
    assert second["c"].startswith("10:05")
    assert second["d"] in {"26:00:00", "1900-01-01T02:00:00"}
    assert (second["e"], second["f"]) == (" =kept ", "=text")


def test_row_numbers_hold_when_the_table_starts_further_down_and_to_the_right() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("B3", ["id", "note"])
        sheet.write_row("B4", ["P01", "x"])
        sheet.write_row("B7", ["P02", "y"])

    found = refusal(workbook(fill))
    assert (found.code, "Column A" in found.message) == ("table.header_blank", True)

    def from_a(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A3", ["id", "note"])
        sheet.write_row("B4", ["x"])
        sheet.write_row("A7", ["P02", "y"])

    rows = read(workbook(from_a)).rows
    assert [(row.number, row["id"], row["note"]) for row in rows] == [
        (4, "", "x"),
        (7, "P02", "y"),
    ]


def test_cells_without_addresses_are_counted() -> None:
    sheet = (
        OPENING + '<row><c t="inlineStr"><is><t>a</t></is></c><c t="str"><v>b</v></c></row>'
        "<row><c><v>1</v></c><c><f>1+1</f><v>2</v></c></row>" + CLOSING
    )
    table = read(changed(plain(), {SHEET: sheet}))
    assert table.rows[0].cells == {"a": "1", "b": "2"}
    assert [(problem.row, problem.column) for problem in table.problems] == [(2, "b")]
    assert "B2" in table.problems[0].message


def test_formulas_are_reported_by_address_even_without_a_value() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "budget"])
        sheet.write_row(1, 0, ["P01", 5])
        sheet.write_formula(2, 1, "=SUM(B2:B2)", None, 5)
        sheet.write_formula(3, 3, '=""', None, "")

    table = read(workbook(fill))
    assert [(p.row, p.column, p.code) for p in table.problems] == [
        (3, "budget", "table.formula"),
        (4, "D", "table.formula"),
    ]
    assert "B3" in table.problems[0].message
    assert "D4" in table.problems[1].message


def test_a_formula_in_the_header_refuses_the_table() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '="id"', None, "id")
        sheet.write(1, 0, 5)

    found = refusal(workbook(fill))
    assert (found.code, "A1" in found.message) == ("table.formula", True)


def test_error_values_are_reported() -> None:
    sheet = (
        OPENING + '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>' + CLOSING
    )
    problem = read(changed(plain(), {SHEET: sheet})).problems[0]
    assert (problem.row, problem.column, problem.code) == (2, "a", "table.error_value")


def two_sheets() -> bytes:
    def fill(book: Any) -> None:
        book.add_worksheet("Empty")
        secret = book.add_worksheet("Hidden")
        secret.write_row(0, 0, ["h"])
        secret.hide()
        for name in ("One", "Two"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id"])
            sheet.write_row(1, 0, [name])

    return workbook(fill)


def test_the_first_visible_sheet_with_values_is_read_and_the_others_are_named() -> None:
    table = read(two_sheets())
    assert (table.sheet, table.rows[0]["id"]) == ("One", "One")
    assert '"One"' in table.notes[0]
    assert "Hidden, Two" in table.notes[0]


def test_a_named_sheet_is_read_and_an_unknown_one_refused_with_the_names() -> None:
    assert read(two_sheets(), sheet="Two").rows[0]["id"] == "Two"
    found = refusal(two_sheets(), sheet="Three")
    assert found.code == "table.sheet_unknown"
    assert "One" in found.remedy
    assert refusal(two_sheets(), sheet="Empty").code == "table.empty"


def test_merged_cells_refuse_the_table_only_where_it_stands() -> None:
    def fill(book: Any, reference: str) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2])
        sheet.merge_range(reference, "")

    found = refusal(workbook(lambda book: fill(book, "A2:B2")))
    assert (found.code, "A2:B2" in found.message) == ("table.merged_cells", True)
    assert read(workbook(lambda book: fill(book, "F10:G12"))).rows


def test_hashtags_row_limits_and_widths_hold_as_in_csv() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Country"])
        sheet.write_row(1, 0, ["#country"])
        sheet.write_column(2, 0, ["Nepal", "Mali"])

    assert len(read(workbook(fill), max_rows=2).rows) == 2
    assert refusal(workbook(fill), max_rows=1).code == "table.too_many_rows"

    def wide(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a"])
        sheet.write_row(1, 0, [1, 2])

    assert refusal(workbook(wide)).code == "table.row_too_long"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "table.macros"),
        ({"xl/workbook.bin": b"x"}, "table.kind_xlsb"),
        ({"word/document.xml": b"x"}, "table.kind_document"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "table.kind_ods"),
        ({"xl/workbook.xml": None}, "table.kind_zip"),
        ({SHEET: None}, "table.empty"),
        ({SHEET: OPENING}, "table.damaged"),
        ({SHEET: b"\0\1\2"}, "table.damaged"),
        ({"xl/_rels/workbook.xml.rels": None}, "table.damaged"),
        ({"xl/sharedStrings.xml": b"<sst/>"}, "table.damaged"),
        ({SHEET: OPENING + CLOSING}, "table.empty"),
    ],
)
def test_archives_that_are_no_plain_workbook_are_refused(
    parts: dict[str, str | bytes | None], code: str
) -> None:
    assert refusal(changed(plain(), parts)).code == code


def test_a_workbook_that_only_declares_macros_is_refused() -> None:
    types = part(plain(), "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert refusal(changed(plain(), {"[Content_Types].xml": types})).code == "table.macros"


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'


@pytest.mark.parametrize("declaration", [BILLION_LAUGHS, EXTERNAL])
@pytest.mark.parametrize(
    "name",
    [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"],
)
def test_document_types_and_entities_are_refused_in_every_part(name: str, declaration: str) -> None:
    head, body = part(plain(), name).split("?>", 1)
    found = refusal(changed(plain(), {name: f"{head}?>{declaration}{body}"}))
    assert found.code == "table.xml_declaration"


def test_a_sheet_of_nothing_but_spaces_that_inflates_a_thousandfold_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = changed(plain(), {SHEET: b" " * 30_000_000})
    assert len(content) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("was inflated"))
    assert refusal(content).code == "table.zip_bomb"


def test_many_parts_that_are_each_small_enough_are_added_up() -> None:
    parts: dict[str, str | bytes | None] = {f"x/{n}.xml": b" " * 1_000_000 for n in range(30)}
    assert refusal(changed(plain(), parts)).code == "table.zip_bomb"


def test_a_size_that_is_declared_too_small_is_never_believed() -> None:
    inflated = b" " * 30_000_000
    content = bytearray(changed(plain(), {SHEET: inflated}))
    small = struct.pack("<L", 500)
    place = content.find(struct.pack("<L", len(inflated)))
    while place >= 0:
        content[place : place + 4] = small
        place = content.find(struct.pack("<L", len(inflated)))
    assert refusal(bytes(content)).code in {"table.damaged", "table.zip_bomb"}


def test_what_is_really_inflated_is_counted_over_all_parts() -> None:
    content = changed(plain(), {SHEET: b" " * 4_000_000})
    archive = archive_rules.Archive(io.BytesIO(content))
    for _ in range(archive_rules.MAX_INFLATED // 4_000_000):
        assert sum(map(len, archive.stream(SHEET))) == 4_000_000
    with pytest.raises(TableRefused) as caught:
        list(archive.stream(SHEET))
    assert caught.value.code == "table.zip_bomb"


def test_an_archive_of_very_many_parts_is_not_opened() -> None:
    parts: dict[str, str | bytes | None] = {f"x/{n}": b"" for n in range(1_100)}
    assert refusal(changed(plain(), parts)).code == "table.zip_bomb"


def test_a_part_that_stands_twice_is_damage() -> None:
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a") as opened:
        opened.writestr("XL/worksheets/Sheet1.xml", OPENING + CLOSING)
    assert refusal(stream.getvalue()).code == "table.damaged"


def test_an_encrypted_archive_is_named_as_such() -> None:
    content = bytearray(plain())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 1)
    assert refusal(bytes(content)).code == "table.encrypted"


def test_a_stray_cell_in_the_last_corner_does_not_make_a_table_of_billions() -> None:
    sheet = part(plain(), SHEET).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>'
    )
    assert refusal(changed(plain(), {SHEET: sheet})).code == "table.too_many_cells"


@pytest.mark.parametrize("address", ["XFE1", "A1048577", "A0", "ZZZZ1", "a-1", ""])
def test_an_address_that_no_spreadsheet_has_is_damage(address: str) -> None:
    sheet = f'{OPENING}<row r="1"><c r="{address}"><v>5</v></c></row>{CLOSING}'
    assert refusal(changed(plain(), {SHEET: sheet})).code == "table.damaged"


def test_one_long_shared_text_used_by_every_cell_is_a_bomb() -> None:
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'x' * 32_000}</t></si></sst>"
    )
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4_000))
    content = changed(plain(), {SHEET: OPENING + rows + CLOSING, "xl/sharedStrings.xml": shared})
    assert refusal(content).code == "table.zip_bomb"


def test_a_shared_text_that_does_not_exist_is_damage() -> None:
    sheet = f'{OPENING}<row r="1"><c r="A1" t="s"><v>99</v></c></row>{CLOSING}'
    assert refusal(changed(plain(), {SHEET: sheet})).code == "table.damaged"


@pytest.mark.parametrize("number", ["inf", "-inf", "NaN", "1e999"])
def test_a_number_without_end_is_damage(number: str) -> None:
    sheet = part(plain(), SHEET).replace("<v>5</v>", f"<v>{number}</v>")
    assert refusal(changed(plain(), {SHEET: sheet})).code == "table.damaged"


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml"])
def test_an_encoding_that_nobody_knows_is_damage(name: str) -> None:
    text = part(plain(), name).replace('encoding="UTF-8"', 'encoding="A1"')
    assert refusal(changed(plain(), {name: text})).code == "table.damaged"


def test_no_damaged_byte_of_a_workbook_gets_past_the_reader() -> None:
    content = plain()
    for place in range(0, len(content), 29):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        try:
            table = read(bytes(broken))
        except TableRefused as problem:
            assert problem.code.startswith("table.")  # noqa: PT017 - any refusal will do
        else:
            assert table.keys == ("id", "budget")


def test_a_truncated_workbook_is_damage() -> None:
    assert refusal(plain()[:-400]).code == "table.damaged"


@pytest.mark.skipif(not HTCDS.exists(), reason="the shared field standards are not at hand")
def test_a_published_form_and_an_open_document_are_told_apart() -> None:
    with pytest.raises(TableRefused) as caught:
        read_table(HTCDS / "htcds_field_standards_2.0.ods", filename="a.ods")
    assert caught.value.code == "table.kind_ods"
    assert read_table(HTCDS / "htcds_fields_2.0.csv", filename="a.csv").keys[0] == "section"
    table = read_table(HTCDS / "htcds_xlsform.xlsx", filename="a.xlsx")
    assert table.rows
    assert table.notes
