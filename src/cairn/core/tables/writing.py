"""Writing tables as CSV lines and XLSX workbooks: row by row, formulas defused, same bytes."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.tables.cells import defuse, safe_cell, text_of

# Excel, "Specifications and limits".
MAX_SHEET_ROWS = 1_048_576
MAX_CELL_TEXT = 32_767
MAX_SHEET_NAME = 31
# A double keeps 15 significant digits of any decimal number (IEEE 754).
_EXACT_DIGITS = 15
# Before this day Excel's calendar is one day off: it has a 29 February 1900.
_FIRST_EXCEL_DAY = date(1900, 3, 1)
# Stands in for "when": a workbook says nothing about the moment unless its caller does.
UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 - workbook properties have no zone
_QUOTED = re.compile(r'[",;\t\r\n]|^ | $')


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to write. `name` may be any text: what Excel does not allow in it is replaced."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_csv(
    columns: Sequence[object], rows: Iterable[Sequence[object]], *, bom: bool = False
) -> Iterator[str]:
    """Yield CSV lines, header first: commas, CRLF (RFC 4180), text that could run defused.

    `bom`: start with a byte order mark, which Excel needs to see that a file is UTF-8. Raises
    ValueError for a row whose length is not that of `columns`.
    """
    mark = "\ufeff" if bom else ""
    yield mark + _line(columns)
    for row in rows:
        _check_width(row, columns)
        yield _line(row)


def _line(values: Sequence[object]) -> str:
    cells = [safe_cell(value) for value in values]
    if cells == [""]:
        return '""\r\n'
    return ",".join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    """Every separator that a reader may guess is quoted, not the comma alone."""
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def write_xlsx(
    target: str | os.PathLike[str] | IO[bytes],
    sheets: Iterable[Sheet],
    *,
    title: str,
    right_to_left: bool = False,
    created: datetime = UNDATED,
) -> None:
    """Write a workbook row by row, in constant memory; the same input gives the same bytes.

    Numbers stay numbers (those with more than 15 digits become text, which keeps every digit),
    dates stay dates, moments with a time of day become ISO text, yes and no become booleans. Text
    that could run is defused. `title` and `created` go into the workbook's properties.

    Raises RuleBroken ("table.too_many_rows", "table.cell_too_long") where XLSX has no room, and
    ValueError for a row whose length is not that of its columns.
    """
    workbook = xlsxwriter.Workbook(
        target if not isinstance(target, os.PathLike) else os.fspath(target),
        {"constant_memory": True, "default_date_format": "yyyy-mm-dd"},
    )
    workbook.set_properties({"title": title, "created": created})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    taken: set[str] = set()
    with workbook:
        for sheet in sheets:
            page = workbook.add_worksheet(_sheet_name(sheet.name, taken))
            if right_to_left:
                page.right_to_left()
            _write_sheet(page, sheet, bold)


def _write_sheet(page: Any, sheet: Sheet, bold: object) -> None:
    page.freeze_panes(1, 0)
    for place, name in enumerate(sheet.columns):
        page.set_column(place, place, min(max(len(str(name)) + 2, 10), 40))
        page.write_string(0, place, _cell_text(name, 1), bold)
    for number, row in enumerate(sheet.rows, start=1):
        if number == MAX_SHEET_ROWS:
            raise _too_many_rows()
        _check_width(row, sheet.columns)
        for place, value in enumerate(row):
            _write_cell(page, number, place, value)


def _write_cell(page: Any, row: int, place: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, (int, float, Decimal)):
        text = text_of(value)
        if len(text.lstrip("-0").replace(".", "")) <= _EXACT_DIGITS:
            page.write_number(row, place, float(value))
        else:
            page.write_string(row, place, text)
    elif type(value) is date and value >= _FIRST_EXCEL_DAY:
        page.write_datetime(row, place, value)
    else:
        page.write_string(row, place, _cell_text(value, row + 1))


def _cell_text(value: object, row: int) -> str:
    text = defuse(text_of(value))
    if len(text) > MAX_CELL_TEXT:
        raise RuleBroken(
            "table.cell_too_long",
            _("A cell in row %(row)s has %(length)s characters; XLSX holds %(limit)s.")
            % {"row": row, "length": len(text), "limit": MAX_CELL_TEXT},
            _("Export the table as CSV instead."),
        )
    return text


def _too_many_rows() -> RuleBroken:
    return RuleBroken(
        "table.too_many_rows",
        _("The table has more rows than XLSX holds (%(limit)s).") % {"limit": MAX_SHEET_ROWS},
        _("Export the table as CSV instead, or narrow the filter."),
    )


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of []:*?/\\, each name once."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", name).strip().strip("'") or "Sheet"
    if plain.casefold() == "history":
        plain += " (1)"
    candidate, count = plain[:MAX_SHEET_NAME].strip(" '") or "Sheet", 1
    while candidate.casefold() in taken:
        count += 1
        ending = f" ({count})"
        candidate = plain[: MAX_SHEET_NAME - len(ending)] + ending
    taken.add(candidate.casefold())
    return candidate


def _check_width(row: Sequence[object], columns: Sequence[object]) -> None:
    if len(row) != len(columns):
        raise ValueError(f"A row has {len(row)} values for {len(columns)} columns.")
