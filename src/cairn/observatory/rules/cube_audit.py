"""The attack on a whole cube of noised counts: ranges that squeeze each other until nothing moves.

A table by three columns is a part of tables by two, these of tables by one, these of the whole.
Along each of these sums, what is known of the parts bounds the whole, what is known of the whole
bounds each part. That is weaker than the linear program for one table (`attack`), and reaches
300,000 cells at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cairn.observatory.rules.noise import HIDDEN, Protection

Grouping = tuple[str, ...]
Dense = NDArray[np.int32]
MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class PublishedCells:
    """One grouping as anybody sees it: `codes[i]` and `values[i]` of the cells that are listed.

    `threshold`: below which no count may be known, whatever the protection was set to.
    """

    codes: NDArray[np.int32]
    values: NDArray[np.int64]
    protection: Protection
    threshold: int


@dataclass(frozen=True)
class CubeAudit:
    """`exact`: small cells found exactly, as (grouping, codes, count). `proved_small`: how many
    more are certainly below their threshold. `hidden`: cells attacked, empty ones included.
    """

    exact: tuple[tuple[Grouping, tuple[int, ...], int], ...]
    proved_small: int
    hidden: int
    rounds: int

    @property
    def passes(self) -> bool:
        return not self.exact


def audit_cube(sizes: Mapping[str, int], published: Mapping[Grouping, PublishedCells]) -> CubeAudit:
    """What sums over all groupings together tell of hidden cells.

    `sizes`: how many leaves each column has. Every cell of the code lists is attacked, also
    those that are listed nowhere: these are hidden as well.
    """
    least: dict[Grouping, Dense] = {}
    most: dict[Grouping, Dense] = {}
    for grouping, cells in published.items():
        least[grouping], most[grouping] = _known([sizes[name] for name in grouping], cells)
    links = _links(published)
    rounds = 0
    moved = True
    while moved and rounds < MOST_ROUNDS:
        moved = False
        rounds += 1
        for wide, narrow, axis in links:
            moved |= _squeeze(least, most, wide, narrow, axis)
    return _found(published, least, most, rounds)


def _known(shape: Sequence[int], cells: PublishedCells) -> tuple[Dense, Dense]:
    values = np.full(shape, HIDDEN, np.int64)
    values[tuple(cells.codes.T)] = cells.values if shape else cells.values[0]
    least, most = cells.protection.bounds(values)
    return least.astype(np.int32), most.astype(np.int32)


def _links(published: Mapping[Grouping, PublishedCells]) -> list[tuple[Grouping, Grouping, int]]:
    """(table, the same without one column, the place of that column)."""
    found = []
    for narrow in published:
        for axis in range(len(narrow)):
            wide = narrow[:axis] + narrow[axis + 1 :]
            if wide in published:
                found.append((wide, narrow, axis))
    return found


def _squeeze(
    least: dict[Grouping, Dense],
    most: dict[Grouping, Dense],
    wide: Grouping,
    narrow: Grouping,
    axis: int,
) -> bool:
    """One sum, both ways. True when a range became smaller."""
    low, high = least[narrow], most[narrow]
    fewest, highest = low.sum(axis=axis, dtype=np.int32), high.sum(axis=axis, dtype=np.int32)
    moved = bool(np.any(fewest > least[wide]) or np.any(highest < most[wide]))
    least[wide] = np.maximum(least[wide], fewest)
    most[wide] = np.minimum(most[wide], highest)
    spare = np.expand_dims(most[wide] - fewest, axis)
    lack = np.expand_dims(highest - least[wide], axis)
    upper, lower = np.minimum(high, low + spare), np.maximum(low, high - lack)
    moved |= bool(np.any(upper < high) or np.any(lower > low))
    least[narrow], most[narrow] = lower, upper
    return moved


def _found(
    published: Mapping[Grouping, PublishedCells],
    least: Mapping[Grouping, Dense],
    most: Mapping[Grouping, Dense],
    rounds: int,
) -> CubeAudit:
    exact: list[tuple[Grouping, tuple[int, ...], int]] = []
    proved = hidden = 0
    for grouping, cells in published.items():
        threshold = cells.threshold
        low, high = least[grouping], most[grouping]
        unseen = np.ones(low.shape, np.bool_)
        shown = cells.codes[cells.values != HIDDEN]
        if len(shown):
            unseen[tuple(shown.T)] = False
        hidden += int(unseen.sum())
        small = high < threshold
        certain = small & (low == high)
        proved += int((small & ~certain).sum())
        exact += [
            (grouping, tuple(codes), int(low[tuple(codes)]))
            for codes in np.argwhere(certain).tolist()
        ]
    return CubeAudit(tuple(exact), proved, hidden, rounds)
