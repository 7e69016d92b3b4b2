"""Which cells of exact tables are hidden so that no small one can be found, nor proved small.

Small cells are hidden first; then, for each that could still be worked out, the cheapest other
cells that let it be anything up to the threshold. Margins, wider codes and linked tables are all
sums of one system. That nothing can be found is checked by `attack`, which does not trust this.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cairn.observatory.rules.solver import ROUNDING, Program, Reals, push_up
from cairn.observatory.rules.tables import Cell, Sums, as_counts

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`small`: cells hidden for themselves. `complement`: hidden to protect these."""

    sums: Sums
    counts: NDArray[np.int64]
    small: Mask
    complement: Mask

    @property
    def hidden(self) -> Mask:
        return np.asarray(self.small | self.complement)

    def shown(self) -> dict[Cell, int | None]:
        """What is published: the exact count, or None where it is hidden."""
        return {
            each: None if hidden else int(number)
            for each, number, hidden in zip(
                self.sums.cells, self.counts.tolist(), self.hidden.tolist(), strict=True
            )
        }


def suppress(
    sums: Sums,
    counts: Mapping[Cell, int],
    thresholds: Mapping[Cell, int] | int,
    *,
    zeros_shown: frozenset[Cell] = frozenset(),
    complementary: bool = True,
) -> Pattern:
    """The pattern for tables over one population.

    `thresholds`: fewest that a cell may show, for all or for each. `zeros_shown`: cells where a
    zero tells nothing or is known to everybody. `complementary=False` is the broken protection
    of the tests.
    """
    numbers = as_counts(sums, counts)
    least = np.array(
        [thresholds if isinstance(thresholds, int) else thresholds[each] for each in sums.cells]
    )
    known = np.array([each in zeros_shown for each in sums.cells]) & (numbers == 0)
    small = (numbers < least) & ~known
    pattern = Pattern(sums, numbers, small, np.zeros(len(small), np.bool_))
    if not complementary or not small.any():
        return pattern
    return Pattern(sums, numbers, small, _Search(pattern, least, known).complement())


class _Search:
    """For each small cell, another table with the same shown cells in which it is not small.

    Each direction of change costs what it would hide; what is hidden already costs nothing. So
    the cheapest change, a linear program, says what to hide. Every answer is also a witness for
    all other small cells that it moves far enough, which saves asking for them.
    """

    def __init__(self, pattern: Pattern, least: NDArray[np.int64], known: Mask) -> None:
        self.pattern = pattern
        self.least = least
        self.size = len(pattern.counts)
        self.hidden = pattern.small.copy()
        # Dear by its count, and a little for each cell: few large cells against many small ones.
        self.dear = 3.0 + pattern.counts.astype(np.float64) ** 0.75
        counts = pattern.counts.astype(np.float64)
        rows = pattern.sums.matrix.shape[0]
        matrix = csr_array(hstack([pattern.sums.matrix, -pattern.sums.matrix]))
        upper = np.concatenate([np.where(known, 0.0, np.inf), counts])
        self.program = Program(
            matrix,
            np.zeros(rows),
            np.zeros(rows),
            np.zeros(2 * self.size),
            upper,
            bounds_change=True,
        )
        self.upper = upper
        free = np.where(self.hidden, 0.0, self.dear)
        self.program.price(range(2 * self.size), np.concatenate([free, free]))

    def complement(self) -> Mask:
        small = np.flatnonzero(self.pattern.small)
        need = self.least - self.pattern.counts
        # The largest first: what protects them often protects the smaller ones beside them.
        waiting = sorted(small.tolist(), key=lambda at: (need[at], at))
        reached = self._reached_already(waiting, need)
        for at in waiting:
            if reached[at] < need[at] - ROUNDING:
                change = self._change(at, float(need[at]))
                reached = np.maximum(reached, change)
                self._hide(np.abs(change) > ROUNDING)
        return np.asarray(self.hidden & ~self.pattern.small)

    def _reached_already(self, waiting: list[int], need: NDArray[np.int64]) -> Reals:
        """How far each small cell can rise while only small cells are hidden.

        The same question among few cells, and so much quicker; most need no more than this.
        """
        counts = self.pattern.counts
        places = np.flatnonzero(self.hidden)
        among = {at: place for place, at in enumerate(places.tolist())}
        matrix = csr_array(self.pattern.sums.matrix[:, places])
        sums = matrix @ counts[places].astype(np.float64)
        none, free = np.zeros(len(places)), np.full(len(places), np.inf)
        program = Program(matrix, sums, sums, none, free)
        reached = np.zeros(self.size)

        def learn(found: Reals) -> None:
            reached[places] = np.maximum(reached[places], found - counts[places])

        targets = np.array([among[at] for at in waiting])
        enough = need[waiting] - ROUNDING
        push_up(program, targets, lambda: reached[waiting] >= enough, learn)
        for at in waiting:
            if reached[at] < need[at] - ROUNDING:
                most, found = program.extreme(among[at], -1)
                if found is None:
                    reached[at] = most
                else:
                    learn(found)
        return reached

    def _change(self, at: int, need: float) -> Reals:
        """The cheapest change of the table that raises this cell by `need`."""
        self.program.bound(at, need, np.inf)
        self.program.bound(self.size + at, 0.0, 0.0)
        found = self.program.solve()
        self.program.bound(at, 0.0, self.upper[at])
        self.program.bound(self.size + at, 0.0, self.upper[self.size + at])
        if found is None:
            # To hide everything is always a way: more persons could be anywhere.
            raise RuntimeError("The solver gave up.")
        return np.asarray(found[: self.size] - found[self.size :])

    def _hide(self, used: Mask) -> None:
        fresh = np.flatnonzero(used & ~self.hidden)
        self.hidden[fresh] = True
        for places in (fresh, fresh + self.size):
            self.program.price(places.tolist(), np.zeros(len(places)))
