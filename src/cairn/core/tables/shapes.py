"""What a table that was read looks like, what may be wrong with it, and the limits of each."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cairn.core.errors import RuleBroken

# Judgements, not standards: they bound memory (about 100 bytes a cell) and leave room for the
# largest import that the platform promises (10,000 rows of 20 columns) a hundred times over.
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 3_000_000
# Cell problems kept with their words; the rest is only counted.
MAX_PROBLEMS = 1_000


class TableRefused(RuleBroken):
    """The whole file is refused, nothing of it was read. `code` is `table.<reason>`."""


def fold(name: str) -> str:
    """The key of a column name: case, width of letters, spaces and hyphens do not matter.

    "Budget  USD", "budget-usd" and "BUDGET_USD" all give "budget_usd".
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    return re.sub(r"[\s\-_]+", "_", unicodedata.normalize("NFKC", plain))


def column_letters(position: int) -> str:
    """The letters over the column at `position`, counted from 0, in a spreadsheet: 0 is A."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` as it stands in the header, trimmed; `key` is `fold(name)`."""

    name: str
    key: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that may not be imported.

    `row`: as a spreadsheet program numbers it, the header being 1 unless blank rows stand above.
    `column`: the name in the header, or the letters of a column that has no name. `message` and
    `remedy` are sentences in the reader's language.
    """

    row: int
    column: str
    code: str
    message: str
    remedy: str


class Row(Mapping[str, str]):
    """One record: `number` is its row in the file, counted from 1; values are text, "" if empty.

    Iterates over column keys. Looking up takes a key or any spelling that folds to it.
    """

    __slots__ = ("_places", "number", "values_in_order")

    def __init__(self, number: int, places: Mapping[str, int], values: tuple[str, ...]) -> None:
        self.number = number
        self.values_in_order = values
        self._places = places

    def __getitem__(self, name: str) -> str:
        place = self._places.get(name)
        if place is None:
            place = self._places[fold(name)]
        return self.values_in_order[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"Row({self.number}, {dict(self)!r})"

    @property
    def cells(self) -> dict[str, str]:
        """Column key -> text."""
        return dict(zip(self._places, self.values_in_order, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be read.

    `rows`: records in file order without blank rows. `problems`: cells that may not be imported,
    at most MAX_PROBLEMS of `problem_count`; their text stays in `rows` as it stood, for a preview,
    so an importer has to look at `problem_count` first. `notes`: translated sentences about what
    was passed over. `hashtags`: column key -> HXL tag. `kind`: "csv" or "xlsx". `sheet`: the sheet
    that was read.
    """

    columns: tuple[Column, ...]
    rows: list[Row]
    kind: str
    filename: str = ""
    problems: tuple[CellProblem, ...] = ()
    problem_count: int = 0
    notes: tuple[str, ...] = ()
    hashtags: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns)

    def problems_by_row(self) -> dict[int, list[CellProblem]]:
        """Row number -> its problems, for a preview that goes row by row."""
        found: dict[int, list[CellProblem]] = {}
        for problem in self.problems:
            found.setdefault(problem.row, []).append(problem)
        return found
