"""Tables of a publication: which columns a reader may put together, and what stands where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.publication import (
    MOST_COLUMNS,
    At,
    Column,
    Columns,
    Publication,
    Value,
)

# With more codes than this across, a table is wider than a screen: its rows grow instead.
MOST_ACROSS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """`columns`: names in the order of the reader; `filters`: (column, code), one for each."""

    columns: Columns
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the labels down, and a value for each code across (one where nothing is)."""

    at: At
    labels: tuple[str, ...]
    values: tuple[Value, ...]

    @property
    def is_hidden(self) -> bool:
        return all(value is None for value in self.values)


@dataclass(frozen=True)
class Figures:
    """A table. `down`: the columns whose codes make rows; `across`: whose codes make columns.

    `lines`: every row of the code lists, also those in which everything is hidden.
    """

    down: tuple[Column, ...]
    across: Column | None
    across_codes: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def told(self) -> tuple[Line, ...]:
        """Rows with at least one figure."""
        return tuple(line for line in self.lines if not line.is_hidden)

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return sum(value is None for line in self.lines for value in line.values)


def check_asked(found: Publication, asked: Asked) -> Columns:
    """The grouping that answers.

    Raises RuleBroken ("observatory.column": not in the release; "observatory.code": not in the
    code list; "observatory.columns": these do not stand together).
    """
    filtered = [name for name, _code in asked.filters]
    for name in (*asked.columns, *filtered):
        if name not in found.by_name:
            raise RuleBroken(
                "observatory.column",
                _("There is no column “%(name)s” in this release.") % {"name": name[:40]},
                _("It has: %(names)s.") % {"names": ", ".join(found.names)},
            )
    for name, code in asked.filters:
        if code not in found.by_name[name].by_code:
            raise RuleBroken(
                "observatory.code",
                _("The column “%(name)s” has no code “%(code)s”.")
                % {"name": name, "code": code[:40]},
                _("The description of the release lists the codes of each column."),
            )
    names = (*asked.columns, *filtered)
    by = found.grouping(names)
    if by is None or len(set(names)) < len(names):
        raise RuleBroken(
            "observatory.columns",
            _("These columns do not stand together in what was published: %(names)s.")
            % {"names": ", ".join(names)},
            _("Take fewer columns, at most %(most)d with the filters, or others.")
            % {"most": MOST_COLUMNS},
        )
    return by


def figures(found: Publication, asked: Asked) -> Figures:
    """The table that answers. Raises as `check_asked`. A cell that is not listed is hidden."""
    by = check_asked(found, asked)
    cells = found.groupings[by]
    columns = [found.by_name[name] for name in asked.columns]
    lists = [_codes(column, place, by, cells) for place, column in _placed(columns, by)]
    across: Column | None = None
    across_codes: tuple[str, ...] = ()
    if len(columns) > 1 and len(lists[-1]) <= MOST_ACROSS:
        across, across_codes = columns[-1], lists[-1]
        columns, lists = columns[:-1], lists[:-1]
    fixed = dict(asked.filters)
    given = [*fixed, *(each.name for each in columns), *([across.name] if across else [])]
    order = [given.index(name) for name in by]
    known = tuple(fixed.values())

    def value(at: At, more: str) -> Value:
        codes = (*known, *at, more)
        return cells.get(tuple(codes[place] for place in order))

    lines = [
        Line(
            at,
            tuple(column.label_of(code) for column, code in zip(columns, at, strict=True)),
            tuple(value(at, more) for more in across_codes or ("",)),
        )
        for at in product(*lists)
    ]
    return Figures(tuple(columns), across, across_codes, tuple(lines))


def _placed(columns: Sequence[Column], by: Columns) -> list[tuple[int, Column]]:
    return [(by.index(column.name), column) for column in columns]


def _codes(column: Column, place: int, by: Columns, cells: Mapping[At, Value]) -> tuple[str, ...]:
    """Codes in the order of the list: those of records, and wider ones where cells name them."""
    used = {at[place] for at in cells}
    return tuple(
        each.code for each in column.codes if each.code not in column.wider or each.code in used
    )


def choices(found: Publication) -> list[Columns]:
    """Groupings that can be asked for, one column first."""
    return sorted((by for by in found.groupings if by), key=lambda by: (len(by), by))
