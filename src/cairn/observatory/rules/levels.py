"""Wider codes as columns of their own: regions beside areas, one column for each level.

A region is counted as its areas are, from the records, so that whoever stands in two areas of it
counts once in it. Its figures hang together with those of the areas, and the attack knows how.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cairn.observatory.rules.series import Code, Dimension, Series

MARK = "@"


@dataclass(frozen=True)
class Rollup:
    """How the codes of a column lie in those of a wider one: `into[i]` is the place, among the
    leaves of `wide`, of the code that holds leaf i of `narrow`.
    """

    narrow: str
    wide: str
    into: NDArray[np.int32]


def base_of(name: str) -> str:
    """The column whose level this is; a column without levels is its own."""
    return name.partition(MARK)[0]


def depth(dimension: Dimension) -> int:
    """How many levels lie above the leaves."""
    return max(len(dimension.wider(leaf)) - 2 for leaf in dimension.leaves)


def at_level(dimension: Dimension, leaf: str, level: int) -> str:
    """What holds a leaf at a level, 0 being the top; a leaf that lies higher stands for itself."""
    chain = dimension.wider(leaf)[-2::-1]
    return chain[min(level, len(chain) - 1)]


def level_of(dimension: Dimension, level: int) -> Dimension:
    """The column of one level, with the codes that hold the leaves there."""
    there = dict.fromkeys(at_level(dimension, leaf, level) for leaf in dimension.leaves)
    codes = tuple(Code(code, dimension.by_code[code].label) for code in there)
    return replace(dimension, name=f"{dimension.name}{MARK}{level}", codes=codes)


def with_levels(series: Series) -> Series:
    """The series with a column for each level, right before the column itself. Two levels of one
    column never stand together: the narrower one says all.
    """
    dimensions: list[Dimension] = []
    refused = set(series.refused)
    for each in series.dimensions:
        same = [level_of(each, level) for level in range(depth(each))] + [each]
        dimensions += same
        names = [one.name for one in same]
        refused |= {frozenset({one, other}) for one in names for other in names if one != other}
        refused |= {
            frozenset(name if part == each.name else part for part in apart)
            for apart in series.refused
            if each.name in apart
            for name in names
        }
    return replace(series, dimensions=tuple(dimensions), refused=frozenset(refused))


def rollups(series: Series) -> Iterator[Rollup]:
    """Every pair of levels next to each other, of a series that has them as columns."""
    for each in series.dimensions:
        levels = depth(each) if MARK not in each.name else 0
        names = [f"{each.name}{MARK}{level}" for level in range(levels)] + [each.name]
        for level in range(levels):
            wide, narrow = series.by_name.get(names[level]), series.by_name.get(names[level + 1])
            if wide is None or narrow is None:
                continue
            at = {code: place for place, code in enumerate(wide.leaves)}
            held = {at_level(each, leaf, level + 1): leaf for leaf in each.leaves}
            into = [at[at_level(each, held.get(code, code), level)] for code in narrow.leaves]
            yield Rollup(narrow.name, wide.name, np.array(into, np.int32))
