"""Reading CSV: UTF-8 only, separator taken from the header, quoting checked, formulas reported."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from cairn.core.tables.assembling import Assembled, Record, assemble
from cairn.core.tables.cells import is_formula
from cairn.core.tables.deadline import Deadline
from cairn.core.tables.shapes import CellProblem, TableRefused

_CHUNK = 64 * 1024
_SEPARATORS = ",;\t"
# UTF-16 text of mostly Latin letters is half NUL bytes; a tenth leaves room for other scripts.
_NUL_SHARE_OF_UTF16 = 0.1


def read_csv(file: IO[bytes], *, max_rows: int, deadline: Deadline) -> Assembled:
    """Read the CSV text in `file`. Raises TableRefused; see `reading.read_table`."""
    _check_encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        separator = _separator(text)
        text.seek(0)
        return assemble(
            deadline.over(_records(text, separator)),
            max_rows=max_rows,
            check_header=_check_text,
            check_cell=_check_text,
        )
    finally:
        text.detach()


def _records(text: Iterator[str], separator: str) -> Iterator[Record]:
    """Row numbers count records, as a spreadsheet program does: a quoted line break adds none."""
    number = 0
    try:
        # A space after the separator is layout; without this, a quotation mark behind it would
        # be taken as text and its commas as separators.
        for number, texts in enumerate(
            csv.reader(text, delimiter=separator, strict=True, skipinitialspace=True), start=1
        ):
            yield number, texts
    except csv.Error as problem:
        raise _broken(number + 1, str(problem)) from problem


def _broken(row: int, problem: str) -> TableRefused:
    if "field larger than field limit" in problem:
        return TableRefused(
            "table.cell_too_long",
            _("A cell in row %(row)s is longer than %(limit)s characters.")
            % {"row": row, "limit": csv.field_size_limit()},
            _("Look for a quotation mark that is opened and never closed."),
        )
    return TableRefused(
        "table.quoting",
        _("The quotation marks in row %(row)s do not match.") % {"row": row},
        _(
            "Close each quotation mark that opens a cell, and write a quotation mark inside a "
            "quoted cell twice."
        ),
    )


def _separator(text: IO[str]) -> str:
    """The separator that stands most often in the header line, outside quotation marks."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = started = False
    for character in text.read(_CHUNK):
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in "\r\n":
            if started:
                break
        elif character in counts:
            counts[character] += 1
        started = started or character not in " \r\n,;\t"
    best = max(counts.values())
    leaders = [separator for separator, count in counts.items() if count == best]
    if best == 0 or len(leaders) == 1:
        return leaders[0]
    raise TableRefused(
        "table.separator_unclear",
        _("The column names could be separated by commas, semicolons or tabs."),
        _("Put column names that contain such a character in double quotation marks."),
    )


def _check_text(row: int, column: str, text: str) -> CellProblem | None:
    if not is_formula(text):
        return None
    return CellProblem(
        row,
        column,
        "table.formula",
        _('Row %(row)s, column "%(column)s": the text could run as a formula in a spreadsheet.')
        % {"row": row, "column": column},
        _("Write the value itself; if it is meant as text, put an apostrophe in front of it."),
    )


def _check_encoding(file: IO[bytes]) -> None:
    """Refuse everything but UTF-8, naming the row and the byte (counted from 0)."""
    file.seek(0)
    start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _utf16()
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    taken = 0
    while True:
        chunk = file.read(_CHUNK)
        nul = chunk.find(b"\0")
        if nul >= 0:
            if start.count(b"\0") > len(start) * _NUL_SHARE_OF_UTF16:
                raise _utf16()
            raise _nul_byte(_row_at(file, taken + nul), taken + nul)
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as problem:
            offset = taken - waiting + problem.start
            raise _not_utf8(file, offset) from problem
        if not chunk:
            return
        taken += len(chunk)


def _row_at(file: IO[bytes], offset: int) -> int:
    """The row in which the byte at `offset` stands; line breaks in quotation marks are text."""
    file.seek(0)
    before = io.StringIO(file.read(offset).decode("utf-8-sig", errors="ignore"), newline="")
    rows, marks = 1, 0
    for line in before:
        marks += line.count('"')
        if line.endswith(("\n", "\r")) and marks % 2 == 0:
            rows += 1
    return rows


def _utf16() -> TableRefused:
    return TableRefused(
        "table.utf16",
        _('The file is written in UTF-16 ("Unicode text"), not in UTF-8.'),
        _('Open it in a spreadsheet program and save it as "CSV UTF-8".'),
    )


def _nul_byte(row: int, offset: int) -> TableRefused:
    return TableRefused(
        "table.nul_byte",
        _("Row %(row)s holds a NUL byte (byte %(offset)s), so this is not a text file.")
        % {"row": row, "offset": offset},
        _('Open it in a spreadsheet program and save it as "CSV UTF-8".'),
    )


def _not_utf8(file: IO[bytes], offset: int) -> TableRefused:
    row = _row_at(file, offset)
    file.seek(offset)
    byte = file.read(1)
    details = {"row": row, "offset": offset, "byte": byte.hex().upper()}
    try:
        details["letter"] = byte.decode("cp1252")
    except UnicodeDecodeError:
        message = _("Row %(row)s is not UTF-8: byte %(offset)s is %(byte)s.") % details
    else:
        message = (
            _(
                "Row %(row)s is not UTF-8: byte %(offset)s is %(byte)s, which stands for "
                '"%(letter)s" in the older encoding Windows-1252 (Latin-1).'
            )
            % details
        )
    return TableRefused(
        "table.encoding",
        message,
        _('Open it in a spreadsheet program and save it as "CSV UTF-8".'),
    )
