"""Tables with their margins, and the sums by which cells of all of them hang together.

A cell is named by its conditions alone: women in area A are one cell, whichever table shows them.
So tables that share margins, or break one margin down differently, are linked without a word.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cairn.observatory.rules.series import Dimension

# (dimension, code) pairs in the order of names; a dimension that is not named is all of it.
Cell = tuple[tuple[str, str], ...]


def cell(conditions: Iterable[tuple[str, str]]) -> Cell:
    """The name of a cell; the code "" (all) says nothing and is left out."""
    return tuple(sorted((name, code) for name, code in conditions if code))


@dataclass(frozen=True)
class Table:
    """A table with all its margins, and a row for each wider code. `name` is for readers.

    `impossible`: cells that everybody knows to be empty; nothing is hidden by hiding them.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    impossible: frozenset[Cell] = frozenset()

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(self._cells([("", *each.by_code) for each in self.dimensions]))

    def _cells(self, codes: Sequence[Sequence[str]]) -> Iterator[Cell]:
        names = [each.name for each in self.dimensions]
        for chosen in product(*codes):
            yield cell(zip(names, chosen, strict=True))

    @cached_property
    def inner(self) -> tuple[Cell, ...]:
        """The cells of leaves, which no other cells of this table add up to."""
        return tuple(self._cells([each.leaves for each in self.dimensions]))

    def sums(self) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        """(cell, the cells that add up to it): along each dimension, at each wider code."""
        for place, dimension in enumerate(self.dimensions):
            others = [("", *each.by_code) for at, each in enumerate(self.dimensions) if at != place]
            names = [each.name for at, each in enumerate(self.dimensions) if at != place]
            for chosen in product(*others):
                rest = list(zip(names, chosen, strict=True))
                for wider, below in dimension.children.items():
                    yield (
                        cell([*rest, (dimension.name, wider)]),
                        tuple(cell([*rest, (dimension.name, code)]) for code in below),
                    )

    def filled(self, leaves: Mapping[Cell, int]) -> dict[Cell, int]:
        """Every cell of the table counted up from its inner cells; absent ones are empty."""
        found = dict.fromkeys(self.cells, 0)
        for inner in self.inner:
            if number := leaves.get(inner, 0):
                at = dict(inner)
                wider = [
                    [(each.name, code) for code in each.wider(at[each.name])]
                    for each in self.dimensions
                ]
                for conditions in product(*wider):
                    found[cell(conditions)] += number
        return found


@dataclass(frozen=True)
class Sums:
    """All cells of some tables, once each, and their sums: `matrix @ counts == 0`."""

    cells: tuple[Cell, ...]
    matrix: csr_array

    @cached_property
    def place(self) -> Mapping[Cell, int]:
        return {each: place for place, each in enumerate(self.cells)}


def linked(tables: Iterable[Table]) -> Sums:
    """The system of several tables over the same persons."""
    place: dict[Cell, int] = {}
    sums: set[tuple[Cell, tuple[Cell, ...]]] = set()
    for table in tables:
        for each in table.cells:
            place.setdefault(each, len(place))
        sums.update(table.sums())
    rows = [(place[whole], [place[part] for part in parts]) for whole, parts in sorted(sums)]
    return Sums(tuple(place), sum_matrix(rows, len(place)))


def sum_matrix(rows: Sequence[tuple[int, Sequence[int]]], cells: int) -> csr_array:
    """One row for each (whole, parts): parts - whole = 0."""
    starts = np.cumsum([0, *(len(parts) + 1 for _, parts in rows)])
    columns = np.array([at for whole, parts in rows for at in (whole, *parts)], np.int32)
    signs = np.ones(len(columns))
    signs[starts[:-1]] = -1
    return csr_array((signs, columns, starts), shape=(len(rows), cells))


def as_counts(sums: Sums, counts: Mapping[Cell, int]) -> NDArray[np.int64]:
    """The counts in the order of the system. Raises ValueError when they do not add up."""
    found = np.array([counts[each] for each in sums.cells], np.int64)
    if np.any(sums.matrix @ found):
        raise ValueError("These counts do not add up to their margins.")
    return found
