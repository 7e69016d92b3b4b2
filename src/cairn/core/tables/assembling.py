"""From numbered records to a table: header, hashtags, widths, limits; the same for every format."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cairn.core.tables.cells import undefuse
from cairn.core.tables.intake import empty
from cairn.core.tables.shapes import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PROBLEMS,
    CellProblem,
    Column,
    Row,
    TableRefused,
    column_letters,
    fold,
)

# HXL 1.1 Final: a hashtag is # and a word, attributes follow with +.
_HASHTAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")

Record = tuple[int, list[str]]
CheckCell = Callable[[int, str, str], CellProblem | None]


@dataclass(slots=True)
class Assembled:
    """The parts of a Table that every format builds the same way."""

    columns: tuple[Column, ...]
    header_row: int
    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    problem_count: int = 0
    notes: list[str] = field(default_factory=list)
    hashtags: dict[str, str] = field(default_factory=dict)

    def add_problem(self, problem: CellProblem) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def column_at(self, position: int) -> str:
        """The name of the column at `position` (from 0), or its letters."""
        if position < len(self.columns):
            return self.columns[position].name
        return column_letters(position)


def assemble(
    records: Iterable[Record], *, max_rows: int, check_header: CheckCell, check_cell: CheckCell
) -> Assembled:
    """Build the table from `records` (row number, texts as they stand in the file).

    `check_cell` looks at each text that is not empty (row, column name, text) and returns what is
    wrong with it; a problem that `check_header` returns refuses the whole table. Raises
    TableRefused for every fault of the header and for tables beyond the limits.
    """
    kept = _with_content(iter(records))
    header = next(kept, None)
    if header is None:
        raise empty()
    built = Assembled(columns=_columns(header, check_header), header_row=header[0])
    width = len(built.columns)
    places = {column.key: place for place, column in enumerate(built.columns)}
    for position, (number, texts) in enumerate(kept):
        if len(texts) > width and any(texts[width:]):
            raise _too_wide(number, texts, width)
        if position == 0 and _is_hashtag_row(texts):
            _take_hashtags(built, number, texts)
            continue
        if len(built.rows) == max_rows:
            raise too_many_rows(max_rows)
        if (len(built.rows) + 1) * width > MAX_CELLS:
            raise too_many_cells()
        values = [""] * width
        for place, text in enumerate(texts[:width]):
            if text:
                if problem := check_cell(number, built.columns[place].name, text):
                    built.add_problem(problem)
                values[place] = undefuse(text)
        built.rows.append(Row(number, places, tuple(values)))
    return built


def _with_content(records: Iterator[Record]) -> Iterator[Record]:
    return (record for record in records if any(text.strip() for text in record[1]))


def _columns(header: Record, check: CheckCell) -> tuple[Column, ...]:
    number, texts = header
    names = [text.strip() for text in texts]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise TableRefused(
            "table.too_many_columns",
            _("The table has %(count)s columns; an import takes at most %(limit)s.")
            % {"count": len(names), "limit": MAX_COLUMNS},
            _("Remove the columns that the import does not ask for."),
        )
    if not any(character.isalpha() for name in names for character in name):
        raise TableRefused(
            "table.no_header",
            _("Row %(row)s, the first row of the table, holds no column names.") % {"row": number},
            _("Put the column names in the first row, as in the template."),
        )
    columns: list[Column] = []
    seen: dict[str, str] = {}
    for place, (text, trimmed) in enumerate(zip(texts, names, strict=False)):
        if problem := check(number, trimmed, text):
            raise TableRefused(problem.code, problem.message, problem.remedy)
        name = undefuse(text).strip()
        if not name:
            raise _nameless(number, place)
        key = fold(name)
        if key in seen:
            raise _duplicate(seen[key], name)
        seen[key] = name
        columns.append(Column(name, key))
    return tuple(columns)


def _nameless(row: int, place: int) -> TableRefused:
    return TableRefused(
        "table.header_blank",
        _("Column %(letters)s has no name in row %(row)s.")
        % {"letters": column_letters(place), "row": row},
        _("Write a name above the column, or remove the column."),
    )


def _duplicate(first: str, second: str) -> TableRefused:
    if first == second:
        message = _('The column "%(name)s" stands twice in the header.') % {"name": first}
    else:
        message = _('The columns "%(first)s" and "%(second)s" count as the same name.') % {
            "first": first,
            "second": second,
        }
    return TableRefused(
        "table.duplicate_header",
        message,
        _("Rename or remove one of the two columns."),
    )


def _too_wide(row: int, texts: list[str], width: int) -> TableRefused:
    last = max(place for place, text in enumerate(texts) if text)
    return TableRefused(
        "table.row_too_long",
        _("Row %(row)s has %(cells)s cells, but the header names only %(columns)s columns.")
        % {"row": row, "cells": last + 1, "columns": width},
        _(
            "Put text that contains the separator in double quotation marks, or name the column in "
            "the header."
        ),
    )


def _is_hashtag_row(texts: list[str]) -> bool:
    return all(_HASHTAG.fullmatch(text.strip()) for text in texts if text.strip())


def _take_hashtags(built: Assembled, row: int, texts: list[str]) -> None:
    built.hashtags.update(
        (column.key, text.strip())
        for column, text in zip(built.columns, texts, strict=False)
        if text.strip()
    )
    built.notes.append(
        _("Row %(row)s holds HXL hashtags; it is not read as a record.") % {"row": row}
    )


def too_many_rows(max_rows: int) -> TableRefused:
    return TableRefused(
        "table.too_many_rows",
        _("The table has more than %(limit)s rows, the most that an import takes.")
        % {"limit": max_rows},
        _("Split it into several files."),
    )


def too_many_cells() -> TableRefused:
    return TableRefused(
        "table.too_many_cells",
        _("The table spans more than %(limit)s cells, the most that an import takes.")
        % {"limit": MAX_CELLS},
        _("Delete rows and columns beyond the table that hold stray values, or split the file."),
    )
