"""From a table to a plan: parse, check, compare. Writes nothing."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.tables import Table, fold
from cairn.core.tables.cells import without_unseen
from cairn.imports.kinds import Kind, Problem, Row
from cairn.imports.models import Outcome

CHUNK = 500
Item = TypeVar("Item")


def plan(kind: Kind, table: Table) -> Iterator[Row]:
    """Every row of `table`, parsed, checked and compared with what is on record.

    Raises RuleBroken ("import.columns") when columns are missing or unknown. Rows come in file
    order; a key that stood on an earlier row is refused ("import.twice"). A refused row that the
    kind could not name is named by its first cell.
    """
    check_columns(kind, table.keys)
    if table.problem_count > len(table.problems):
        raise RuleBroken(
            "table.problems",
            _("%(count)d cells hold formulas or errors, more than can be shown.")
            % {"count": table.problem_count},
            _("Replace formulas by their values in the whole file, and bring it again."),
        )
    cell_problems = {
        number: [
            Problem(fold(problem.column), problem.code, problem.message, problem.remedy)
            for problem in problems
        ]
        for number, problems in table.problems_by_row().items()
    }
    seen: dict[Hashable, int] = {}
    for chunk in in_chunks(table.rows):
        rows = [Row(number=row.number, values=row.cells) for row in chunk]
        for row in rows:
            _drop_unseen(row)
            row.problems.extend(cell_problems.get(row.number, ()))
            row.label = next(filter(None, row.values.values()), "")[:200]
            _parse(kind, row)
        kind.prepare([row for row in rows if not row.problems])
        _refuse_repeated(rows, seen)
        _compare(kind, rows)
        yield from rows


def check_columns(kind: Kind, columns: Iterable[str]) -> None:
    """Raise RuleBroken("import.columns") that names each missing and each unknown column."""
    given = list(columns)
    known = [column.name for column in kind.columns]
    missing = [name for name in kind.required if name not in given]
    unknown = [name for name in given if name not in known]
    said = []
    if missing:
        said.append(_("Missing: %(names)s.") % {"names": ", ".join(missing)})
    if unknown:
        said.append(_("Unknown: %(names)s.") % {"names": ", ".join(unknown)})
    if said:
        raise RuleBroken(
            "import.columns",
            _("Row 1: the columns are not those of “%(kind)s”.") % {"kind": kind.label}
            + " "
            + " ".join(said),
            _("The columns are: %(names)s.") % {"names": ", ".join(known)},
        )


def outcome_of(row: Row) -> Outcome:
    """What will be done with a row that was planned."""
    if row.problems:
        return Outcome.REFUSED
    if row.target is None:
        return Outcome.CREATED
    return Outcome.CHANGED if row.changes else Outcome.UNCHANGED


def fingerprint(rows: Iterable[Row]) -> str:
    """A digest of what a plan will do: the same file on the same records gives the same."""
    digest = hashlib.sha256()
    for row in rows:
        line = [row.number, outcome_of(row).value, str(row.key), row.changes]
        digest.update(json.dumps(line, default=str, sort_keys=True).encode())
    return digest.hexdigest()


def _drop_unseen(row: Row) -> None:
    """Leave out what nobody sees but what turns the text round, and say so."""
    seen = {name: without_unseen(text) for name, text in row.values.items()}
    for name, text in row.values.items():
        if seen[name] != text:
            row.notes.append(
                _("Invisible characters in “%(column)s” were left out.") % {"column": name}
            )
    row.values = seen


def _parse(kind: Kind, row: Row) -> None:
    refused = {problem.column for problem in row.problems}
    for column in kind.columns:
        if column.name in refused:
            continue
        text = row.values.get(column.name, "").strip()
        if not text:
            if column.required:
                row.problems.append(
                    Problem(
                        column.name,
                        "import.empty",
                        _("This cell is empty."),
                        _("Fill it in: %(help)s") % {"help": column.help},
                    )
                )
            row.cleaned[column.name] = (
                list(column.empty) if isinstance(column.empty, list) else column.empty
            )
            continue
        try:
            row.cleaned[column.name] = column.parse(text)
        except RuleBroken as error:
            row.refuse(column.name, error)


def _refuse_repeated(rows: list[Row], seen: dict[Hashable, int]) -> None:
    for row in rows:
        if row.problems:
            continue
        claims = [("", row.key)] if row.key is not None else []
        claims += row.unique
        for column, value in claims:
            first = seen.setdefault((column, value), row.number)
            if first == row.number:
                continue
            if column:
                row.problems.append(
                    Problem(
                        column,
                        "import.repeated",
                        _("“%(value)s” stands in row %(number)d too.")
                        % {"value": value, "number": first},
                        _("Give each record its own, or leave the cell empty."),
                    )
                )
            else:
                row.problems.append(
                    Problem(
                        "",
                        "import.twice",
                        _("This row is about the same record as row %(number)d.")
                        % {"number": first},
                        _("Keep one of the two, or join them into one row."),
                    )
                )


def _compare(kind: Kind, rows: list[Row]) -> None:
    keys = [row.key for row in rows if row.key is not None and not row.problems]
    known = kind.existing(keys) if keys else {}
    for row in rows:
        if row.key in known:
            row.target, row.before = known[row.key]


def in_chunks(rows: Iterable[Item]) -> Iterator[list[Item]]:
    """The rows in lists of at most CHUNK, so that memory stays flat."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
