"""Lists of numbers for many keys, packed into two columns, with a few of them replaced later."""

from typing import Final

import numpy as np

from cairn.training.engine.deliveries import Flags, Ints

NOTHING: Final = np.zeros(0, np.int64)


def offsets_of(keys: Ints, size: int) -> Ints:
    """Where the rows of each of `size` keys begin, for rows sorted by key; one more at the end."""
    found = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=size), out=found[1:])
    return found


def spread(starts: Ints, counts: Ints) -> Ints:
    """Row numbers start, start + 1, ... (count of them) of each range, one after the other."""
    total = int(counts.sum())
    if not total:
        return NOTHING
    ends = np.cumsum(counts)
    rows = np.arange(total, dtype=np.int64)
    rows += np.repeat(starts - (ends - counts), counts)
    return rows


class Lists:
    """For each key from 0 a list of numbers. Replacing one costs no more than its length."""

    def __init__(self, offsets: Ints, values: Ints) -> None:
        self.offsets = offsets
        self.values = values
        self.replaced: dict[int, Ints] = {}

    @property
    def size(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, key: int) -> Ints:
        replaced = self.replaced.get(key)
        if replaced is not None:
            return replaced
        if key >= self.size:
            return NOTHING
        return self.values[self.offsets[key] : self.offsets[key + 1]]

    def __setitem__(self, key: int, values: Ints) -> None:
        self.replaced[key] = values

    def rows(self, keys: Ints) -> tuple[Ints, Ints]:
        """(key, value) for all lists of `keys`, each key named once."""
        if self.replaced:
            own = np.fromiter((int(key) in self.replaced for key in keys), np.bool_, len(keys))
            moved = keys[own]
            keys = keys[~own]
        else:
            moved = NOTHING
        keys = keys[keys < self.size]
        begin = self.offsets[keys]
        counts = self.offsets[keys + 1] - begin
        first, second = np.repeat(keys, counts), self.values[spread(begin, counts)]
        if not len(moved):
            return first, second
        parts = [self.replaced[int(key)] for key in moved]
        return (
            np.concatenate([first, np.repeat(moved, [len(part) for part in parts])]),
            np.concatenate([second, *parts]),
        )

    def all_rows(self, size: int) -> tuple[Ints, Ints]:
        """(key, value) of everything, for keys below `size`."""
        return self.rows(np.arange(size, dtype=np.int64))


def member(values: Ints, of: Ints) -> Flags:
    """Whether each of `values` stands in the sorted `of`."""
    if not len(of):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(of, values)
    at[at == len(of)] = 0
    found: Flags = of[at] == values
    return found
