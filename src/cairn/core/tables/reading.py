"""The door for tables from outside: one function that reads a file or says why not."""

from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from cairn.core.tables.assembling import Assembled
from cairn.core.tables.csv_reading import read_csv
from cairn.core.tables.deadline import Deadline
from cairn.core.tables.intake import Source, held, kind_of
from cairn.core.tables.shapes import MAX_ROWS, Table
from cairn.core.tables.xlsx_reading import read_xlsx


def read_table(
    source: Source,
    *,
    filename: str = "",
    max_bytes: int | None = None,
    max_rows: int = MAX_ROWS,
    sheet: str | None = None,
) -> Table:
    """Read a CSV or XLSX table out of a binary stream or a path.

    What kind of file it is, is decided by its content; `filename` only serves for notes.
    `max_bytes`: settings.IMPORT_MAX_BYTES when None; no byte beyond it is ever held. `max_rows`
    counts records, without header, hashtag row and blank rows. `sheet`: the sheet of an XLSX
    workbook, otherwise the first visible one that holds anything.

    Values are text: ISO dates, "yes" and "no", numbers without trailing .0, and otherwise exactly
    what stands in the cell, except one apostrophe that defused it (see `cells`). Only column names
    are trimmed.

    Reading that takes longer than `deadline.MAX_SECONDS` is given up.

    Raises TableRefused (code `table.<reason>`, message and remedy translated) for whatever
    concerns the whole file. What concerns one cell, formulas above all, is in `Table.problems`.
    """
    limit = settings.IMPORT_MAX_BYTES if max_bytes is None else max_bytes
    with held(source, max_bytes=limit) as file:
        kind = "xlsx" if kind_of(file) == "zip" else "csv"
        chosen, built = _read(file, kind, max_rows, sheet)
    if note := _misnamed(filename, kind):
        built.notes.insert(0, note)
    return Table(
        columns=built.columns,
        rows=built.rows,
        kind=kind,
        filename=filename,
        problems=tuple(built.problems),
        problem_count=built.problem_count,
        notes=tuple(built.notes),
        hashtags=built.hashtags,
        sheet=chosen,
    )


def _read(
    file: IO[bytes], kind: str, max_rows: int, sheet: str | None
) -> tuple[str | None, Assembled]:
    deadline = Deadline()
    if kind == "csv":
        return None, read_csv(file, max_rows=max_rows, deadline=deadline)
    return read_xlsx(file, max_rows=max_rows, sheet=sheet, deadline=deadline)


def _misnamed(filename: str, kind: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    if kind == "csv" and suffix in {".xlsx", ".xls", ".ods"}:
        return _("The file is named like a workbook but holds CSV text; it was read as CSV.")
    if kind == "xlsx" and suffix in {".csv", ".txt", ".tsv"}:
        return _("The file is named like a text file but is a workbook; it was read as XLSX.")
    return ""
