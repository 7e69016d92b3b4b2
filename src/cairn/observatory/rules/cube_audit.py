"""The attack on a whole cube of noised counts: ranges that squeeze each other until nothing moves.

A table by three columns is a part of tables by two, these of tables by one, these of the whole.
Along each of these sums, what is known of the parts bounds the whole, what is known of the whole
bounds each part. That is weaker than the linear program for one table (`attack`), and reaches
300,000 cells at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cairn.observatory.rules.levels import Rollup
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


@dataclass(frozen=True)
class _Link:
    """A sum that everybody knows: the cells of `wide` are those of `narrow` along `axis`, all of
    them together or, with `into`, those that each code of a wider column holds.
    """

    wide: Grouping
    narrow: Grouping
    axis: int
    into: NDArray[np.int32] | None = None

    def summed(self, cells: Dense) -> Dense:
        if self.into is None:
            return np.asarray(cells.sum(axis=self.axis, dtype=np.int32))
        order = np.argsort(self.into, kind="stable")
        starts = np.flatnonzero(np.diff(self.into[order], prepend=-1))
        return np.asarray(np.add.reduceat(cells.take(order, self.axis), starts, self.axis))

    def spread(self, cells: Dense) -> Dense:
        """A figure of the whole beside each of its parts."""
        if self.into is None:
            return np.expand_dims(cells, self.axis)
        return np.asarray(cells.take(self.into, self.axis))


def audit_cube(
    sizes: Mapping[str, int],
    published: Mapping[Grouping, PublishedCells],
    rollups: Iterable[Rollup] = (),
) -> CubeAudit:
    """What sums over all groupings together tell of hidden cells.

    `sizes`: how many leaves each column has. `rollups`: which columns are wider codes of others,
    whose figures are sums as well. Every cell of the code lists is attacked, also
    those that are listed nowhere: these are hidden as well.
    """
    least: dict[Grouping, Dense] = {}
    most: dict[Grouping, Dense] = {}
    for grouping, cells in published.items():
        least[grouping], most[grouping] = _known([sizes[name] for name in grouping], cells)
    links = [*_links(published), *_level_links(published, list(rollups))]
    rounds = 0
    moved = True
    while moved and rounds < MOST_ROUNDS:
        moved = False
        rounds += 1
        for link in links:
            moved |= _squeeze(least, most, link)
    return _found(published, least, most, rounds)


def _known(shape: Sequence[int], cells: PublishedCells) -> tuple[Dense, Dense]:
    values = np.full(shape, HIDDEN, np.int64)
    values[tuple(cells.codes.T)] = cells.values if shape else cells.values[0]
    least, most = cells.protection.bounds(values)
    return least.astype(np.int32), most.astype(np.int32)


def _links(published: Mapping[Grouping, PublishedCells]) -> Iterator[_Link]:
    """Each table with the same without one column."""
    for narrow in published:
        for axis in range(len(narrow)):
            wide = narrow[:axis] + narrow[axis + 1 :]
            if wide in published:
                yield _Link(wide, narrow, axis)


def _level_links(
    published: Mapping[Grouping, PublishedCells], rollups: Sequence[Rollup]
) -> Iterator[_Link]:
    """Each table with the same by a wider column in the place of one."""
    for narrow in published:
        for each in rollups:
            if each.narrow in narrow:
                axis = narrow.index(each.narrow)
                wide = (*narrow[:axis], each.wide, *narrow[axis + 1 :])
                if wide in published:
                    yield _Link(wide, narrow, axis, each.into)


def _squeeze(least: dict[Grouping, Dense], most: dict[Grouping, Dense], link: _Link) -> bool:
    """One sum, both ways. True when a range became smaller."""
    wide, narrow = link.wide, link.narrow
    low, high = least[narrow], most[narrow]
    fewest, highest = link.summed(low), link.summed(high)
    moved = bool(np.any(fewest > least[wide]) or np.any(highest < most[wide]))
    least[wide] = np.maximum(least[wide], fewest)
    most[wide] = np.minimum(most[wide], highest)
    spare = link.spread(most[wide] - fewest)
    lack = link.spread(highest - least[wide])
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
