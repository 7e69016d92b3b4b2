"""Small noise from the persons in a cell, threshold and rounding: what a cell may show.

The noise of a cell is drawn from its key, and the key from the persons in it: the same persons get
the same noise in every table and every year, so asking again or averaging teaches nothing. The
table of probabilities is published; what is secret is the key of the persons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

Whole = NDArray[np.int64]
HIDDEN = -1

# Figures of the published table: furthest step, variance, rounding (exchange study, d and e5).
FURTHEST = 5
VARIANCE = 4.0
BASE = 5


@dataclass(frozen=True)
class NoiseTable:
    """`chances[n, d + furthest]`: probability that a cell of n persons is moved by d.

    The last row holds for its own count and all above. An empty cell is never moved (row 0):
    noise on nothing would invent people, and what an empty cell tells is settled by hiding it.
    """

    furthest: int
    variance: float
    chances: NDArray[np.float64]

    def draw(self, counts: Whole, keys: NDArray[np.uint64]) -> Whole:
        """The noise of each cell. Depends on nothing but the count and the key."""
        rows = np.minimum(counts, len(self.chances) - 1)
        lots = (_mixed(keys) >> np.uint64(11)).astype(np.float64) / float(1 << 53)
        noise = np.zeros(len(counts), np.int64)
        for row, upto in enumerate(np.cumsum(self.chances, axis=1)):
            here = rows == row
            places = np.searchsorted(upto / upto[-1], lots[here], side="right")
            noise[here] = places - self.furthest
        return noise

    def published(self) -> list[dict[str, float | int | bool]]:
        """The table for the metadata of a release: one line for each count and step."""
        last = len(self.chances) - 1
        return [
            {"count": count, "and_more": count == last, "step": step, "chance": float(chance)}
            for count, row in enumerate(self.chances)
            for step, chance in zip(range(-self.furthest, self.furthest + 1), row, strict=True)
            if chance
        ]


@cache
def noise_table(furthest: int = FURTHEST, variance: float = VARIANCE) -> NoiseTable:
    """The table in which as little as possible is assumed but its bounds.

    Each row has the greatest entropy of all that keep within `furthest`, never below zero, with
    mean zero (so that sums stay right on average) and the variance, or the nearest to it that a
    small count allows.
    """
    steps = np.arange(-furthest, furthest + 1)
    rows = [np.where(steps == 0, 1.0, 0.0)]
    rows += [_row(steps, count, variance) for count in range(1, furthest + 1)]
    return NoiseTable(furthest, variance, np.array(rows))


def _row(steps: Whole, count: int, variance: float) -> NDArray[np.float64]:
    allowed = steps >= -count

    def weights(tilt: float, spread: float) -> NDArray[np.float64]:
        logs = np.where(allowed, tilt * steps - spread * steps**2, -np.inf)
        found = np.exp(logs - logs.max())
        return np.asarray(found / found.sum())

    def miss(unknown: NDArray[np.float64]) -> list[float]:
        found = weights(*unknown)
        mean = float(found @ steps)
        return [mean, float(found @ steps**2) - mean**2 - wanted]

    # A cell of one can move down by one only: the variance that mean zero allows is smaller.
    wanted = min(variance, 0.75 * count * steps[-1])
    solved = root(miss, [0.0, 1 / (2 * wanted)], method="hybr")
    if not solved.success:
        raise ValueError(f"No noise of variance {wanted} within {steps[-1]} for {count}.")
    return weights(*solved.x)


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys of persons join by exclusive or, which is linear; after this nothing is (splitmix64)."""
    found = keys.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(found ^ (found >> np.uint64(31)))


def chance_of_seeing_one(table: NoiseTable) -> float:
    """Greatest chance, over all counts, that one person more is seen as exactly one more.

    Two sets that differ in one person have keys, and so noise, that are independent. Without
    rounding: with it a difference of one is never seen at all.
    """
    rows = [*table.chances, table.chances[-1]]
    return max(float(now @ later) for now, later in pairwise(rows))


def bias_of_rounding(table: NoiseTable, base: int = BASE) -> float:
    """Greatest mean error that rounding to the nearest leaves, over counts far from zero."""
    steps = np.arange(-table.furthest, table.furthest + 1)
    return max(
        abs(float(table.chances[-1] @ (rounded(count + steps, base) - count)))
        for count in range(100, 100 + base)
    )


def rounded(values: Whole, base: int = BASE) -> Whole:
    """To the nearest multiple of `base`, halves up.

    To the nearest and not by lot: the noise before it already spreads over several multiples,
    which leaves a bias below a tenth of a person and adds half the error that a lot would.
    """
    return np.asarray((values + base // 2) // base * base)


@dataclass(frozen=True, slots=True)
class Protection:
    """How cells are protected; every part can be switched off, for the tests that then must fail.

    `zeros_shown`: an empty cell appears as 0; only where a zero tells nothing.
    """

    noise: NoiseTable | None = None
    threshold: int = 10
    base: int = BASE
    zeros_shown: bool = False

    @property
    def reach(self) -> int:
        """How far a shown value can lie from the true one."""
        return (self.noise.furthest if self.noise else 0) + self.base // 2

    def shown(self, counts: Whole, keys: NDArray[np.uint64]) -> Whole:
        """What each cell shows, HIDDEN where nothing.

        Hidden is what has fewer persons than the threshold, and also what only the noise brings
        below it: that a cell is hidden then proves nothing about it.
        """
        moved = counts + self.noise.draw(counts, keys) if self.noise else counts
        seen = (counts >= self.threshold) & (moved >= self.threshold)
        values = np.where(seen, rounded(moved, self.base), HIDDEN)
        return np.where(counts == 0, 0, values) if self.zeros_shown else values

    def bounds(self, values: Whole) -> tuple[Whole, Whole]:
        """What anybody knows of the true counts, from the published rules alone: least and most."""
        furthest = self.noise.furthest if self.noise else 0
        least = np.where(values == HIDDEN, 0, np.maximum(values - self.reach, self.threshold))
        most = np.where(values == HIDDEN, self.threshold - 1 + furthest, values + self.reach)
        if self.zeros_shown:
            least, most = np.where(values == 0, 0, least), np.where(values == 0, 0, most)
        return least, most


def default_protection(threshold: int = 10) -> Protection:
    """Threshold, noise and rounding to 5: what goes out unless a release says otherwise."""
    return Protection(noise_table(), threshold)


@dataclass(frozen=True, slots=True)
class Quality:
    """What protection cost. `kept`: share of all counted that stands in shown cells.

    `mean_error`: mean of |shown - true| / true over shown cells; `cells`, `shown`: how many.
    """

    cells: int
    shown: int
    kept: float
    mean_error: float

    def as_record(self) -> Mapping[str, float | int]:
        return {
            "cells": self.cells,
            "shown": self.shown,
            "kept": self.kept,
            "mean_error": self.mean_error,
        }


def quality(counts: Whole, values: Whole) -> Quality:
    seen = (values != HIDDEN) & (counts > 0)
    total = int(counts.sum())
    errors = np.abs(values[seen] - counts[seen]) / counts[seen]
    return Quality(
        cells=int((counts > 0).sum()),
        shown=int(seen.sum()),
        kept=float(counts[seen].sum() / total) if total else 1.0,
        mean_error=float(errors.mean()) if len(errors) else 0.0,
    )
