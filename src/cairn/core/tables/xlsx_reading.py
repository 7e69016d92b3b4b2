"""Reading XLSX: every part is checked first, and only a clean copy reaches the cell reader."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import IO, Protocol, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from cairn.core.tables.assembling import Assembled, Record, assemble
from cairn.core.tables.cells import number_text, text_of
from cairn.core.tables.deadline import Deadline
from cairn.core.tables.intake import empty
from cairn.core.tables.shapes import CellProblem, TableRefused, column_letters
from cairn.core.tables.xlsx_archive import (
    Archive,
    SheetPart,
    XmlParser,
    check_is_workbook,
    damaged,
    sheet_parts,
)
from cairn.core.tables.xlsx_sheet import Cell, SharedTexts, SheetScan, holds_values

_IN_MEMORY = 8 * 1024 * 1024


def read_xlsx(
    file: IO[bytes], *, max_rows: int, sheet: str | None, deadline: Deadline
) -> tuple[str, Assembled]:
    """Read one sheet of the workbook in `file`: its name and table. Raises TableRefused."""
    archive = Archive(file, deadline)
    check_is_workbook(archive)
    parts, shared = sheet_parts(archive)
    chosen, others = _choose(archive, parts, sheet)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        clean = cast(IO[bytes], spooled)
        scan = _clean_copy(archive, shared, chosen, clean)
        _check_merged(scan)
        clean.seek(0)
        built = _read_sheet(clean, chosen.name, max_rows, deadline)
    _report(scan, built)
    if others:
        built.notes.append(_several_sheets(chosen.name, others))
    return chosen.name, built


def _choose(
    archive: Archive, parts: list[SheetPart], wanted: str | None
) -> tuple[SheetPart, list[str]]:
    """The sheet to read, and the names of the other sheets that hold values."""
    filled = [part for part in parts if _is_filled(archive, part)]
    if wanted is not None:
        chosen = next((part for part in parts if part.name == wanted), None)
        if chosen is None:
            raise _unknown_sheet(wanted, parts)
    else:
        chosen = next((part for part in filled if part.is_visible), None)
    if chosen is None or chosen not in filled:
        raise empty()
    return chosen, [part.name for part in filled if part is not chosen]


def _is_filled(archive: Archive, part: SheetPart) -> bool:
    with closing(archive.stream(part.entry)) as chunks:
        return holds_values(chunks)


def _clean_copy(
    archive: Archive, shared: list[str], chosen: SheetPart, clean: IO[bytes]
) -> SheetScan:
    """Write a new workbook with the checked parts alone, and scan the sheet on the way.

    Whatever trick the original archive plays (doubled, overlapping or misdeclared entries), the
    cell reader sees only what was inflated and checked here.
    """
    texts = SharedTexts()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for entry in shared:
            is_texts = entry.lower().endswith("sharedstrings.xml")
            _copy_part(archive, entry, copy, texts if is_texts else XmlParser())
        scan = SheetScan(texts.lengths)
        _copy_part(archive, chosen.entry, copy, scan)
    return scan


class _Fed(Protocol):
    def feed(self, chunk: bytes, *, last: bool = ...) -> None: ...


def _copy_part(archive: Archive, entry: str, copy: zipfile.ZipFile, parser: _Fed) -> None:
    with copy.open(archive.name_of(entry), "w", force_zip64=True) as target:
        for chunk in archive.stream(entry):
            parser.feed(chunk)
            target.write(chunk)
    parser.feed(b"", last=True)


def _read_sheet(clean: IO[bytes], name: str, max_rows: int, deadline: Deadline) -> Assembled:
    try:
        with CalamineWorkbook.from_filelike(clean) as workbook:
            return assemble(
                deadline.over(_records(workbook.get_sheet_by_name(name))),
                max_rows=max_rows,
                check_header=_accept,
                check_cell=_accept,
            )
    except CalamineError as problem:
        raise damaged() from problem


def _accept(_row: int, _column: str, _text: str) -> CellProblem | None:
    """Text of a workbook is text, whatever it starts with; formulas are found in its XML."""
    return None


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    """Rows come from row 1 on, columns only from the first one that holds anything."""
    if sheet.start is None:
        return
    margin = [""] * sheet.start[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, margin + [_text(value) for value in values]


def _text(value: int | float | str | bool | time | date | datetime | timedelta) -> str:
    if isinstance(value, float):
        if not isfinite(value):
            raise damaged()
        return number_text(value)
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return text_of(value)


def _check_merged(scan: SheetScan) -> None:
    touching = [merged for merged in scan.merged if scan.covers(merged)]
    if not touching:
        return
    raise TableRefused(
        "table.merged_cells",
        ngettext(
            "The cells %(ranges)s are merged, so it is not clear which row or column they are in.",
            "%(count)s ranges of cells are merged (%(ranges)s), so it is not clear which row or "
            "column they are in.",
            len(touching),
        )
        % {"count": len(touching), "ranges": ", ".join(touching[:3])},
        _("Unmerge the cells and write the value into each cell that it holds for."),
    )


def _report(scan: SheetScan, built: Assembled) -> None:
    """Turn the scan's formulas and error values into cell problems, in the order of the file."""
    for cell in scan.formulas:
        if cell[0] <= built.header_row:
            problem = _formula(cell, built)
            raise TableRefused(problem.code, problem.message, problem.remedy)
    found = [(cell, _formula) for cell in scan.formulas]
    formulas = set(scan.formulas)
    found += [(cell, _error_value) for cell in scan.errors if cell not in formulas]
    for cell, words in sorted(found, key=lambda pair: pair[0]):
        built.add_problem(words(cell, built))
    built.problem_count += scan.formula_count - len(scan.formulas)


def _address(cell: Cell) -> str:
    return f"{column_letters(cell[1])}{cell[0]}"


def _formula(cell: Cell, built: Assembled) -> CellProblem:
    return CellProblem(
        cell[0],
        built.column_at(cell[1]),
        "table.formula",
        _("Cell %(address)s holds a formula. Only values are taken.") % {"address": _address(cell)},
        _('Copy the cell and paste it back with "Paste values".'),
    )


def _error_value(cell: Cell, built: Assembled) -> CellProblem:
    return CellProblem(
        cell[0],
        built.column_at(cell[1]),
        "table.error_value",
        _("Cell %(address)s holds an error such as #REF! instead of a value.")
        % {"address": _address(cell)},
        _("Write the value itself into the cell, or leave the cell empty."),
    )


def _unknown_sheet(wanted: str, parts: list[SheetPart]) -> TableRefused:
    return TableRefused(
        "table.sheet_unknown",
        _('The workbook has no sheet named "%(wanted)s".') % {"wanted": wanted},
        _("Choose one of these sheets: %(names)s.")
        % {"names": ", ".join(part.name for part in parts[:20])},
    )


def _several_sheets(read: str, others: list[str]) -> str:
    return ngettext(
        'Only the sheet "%(read)s" was read. Another sheet also holds values: %(others)s.',
        'Only the sheet "%(read)s" was read. %(count)s other sheets also hold values: %(others)s.',
        len(others),
    ) % {"read": read, "count": len(others), "others": ", ".join(others[:20])}
