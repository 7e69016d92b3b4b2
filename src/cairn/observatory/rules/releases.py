"""What the public holds: the cells of every release so far, and what is known of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.observatory.rules.noise import HIDDEN, Protection
from cairn.observatory.rules.series import Thresholds
from cairn.observatory.rules.tables import Cell, Table

# Least and most persons that a cell can have; most None when nothing bounds it.
Bounds = tuple[int, int | None]
UNBOUNDED: Bounds = (0, None)


@dataclass(frozen=True)
class Release:
    """Tables that went out together over one population (the persons of one frozen extract).

    `known`: what the published figures and rules say of each cell; a cell that is missing is
    hidden. `shown`: the printed figures.
    """

    name: str
    population: str
    tables: tuple[Table, ...]
    shown: Mapping[Cell, int]
    known: Mapping[Cell, Bounds]

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], str]:
        return {
            (dimension.name, code.code): code.label
            for table in self.tables
            for dimension in table.dimensions
            for code in dimension.codes
        }

    def threshold(self, at: Cell, thresholds: Thresholds) -> int:
        """The threshold of a cell: that of the columns by which it is a part."""
        named = {name for name, _code in at}
        used = [each for table in self.tables for each in table.dimensions if each.name in named]
        return thresholds.of(used)

    def words(self, at: Cell) -> str:
        """The cell as a reader would say it."""
        if not at:
            return pgettext("cell of a table", "everybody")
        return ", ".join(self.labels.get(each, each[1]) for each in at)


def exact_release(
    name: str,
    population: str,
    tables: Iterable[Table],
    shown: Mapping[Cell, int | None],
    *,
    marked_small: Mapping[Cell, int] | None = None,
) -> Release:
    """A release of exact counts with hidden cells (None).

    `marked_small`: cells that the release itself marks as below a threshold, with it; leave out
    when all hidden cells look the same, as they should.
    """
    tables = tuple(tables)
    known: dict[Cell, Bounds] = {at: (0, k - 1) for at, k in (marked_small or {}).items()}
    known |= {at: (0, 0) for table in tables for at in table.impossible}
    figures = {at: number for at, number in shown.items() if number is not None}
    known |= {at: (number, number) for at, number in figures.items()}
    return Release(name, population, tables, figures, known)


def noised_release(
    name: str,
    population: str,
    tables: Iterable[Table],
    values: Mapping[Cell, int],
    protection: Mapping[Cell, Protection],
) -> Release:
    """A release of noised and rounded counts; `values` has HIDDEN where nothing is shown.

    What anybody knows: how far noise and rounding reach, and that a hidden cell was below the
    threshold before or after the noise.
    """
    known: dict[Cell, Bounds] = {}
    for at, value in values.items():
        least, most = protection[at].bounds(np.array([value]))
        known[at] = (int(least[0]), int(most[0]))
    figures = {at: value for at, value in values.items() if value != HIDDEN}
    return Release(name, population, tuple(tables), figures, known)


def persons_words(least: int, most: int | None) -> str:
    """A range of persons in words."""
    if most is None:
        return _("at least %(least)d") % {"least": least}
    if least == most:
        return _("exactly %(number)d") % {"number": least}
    return _("between %(least)d and %(most)d") % {"least": least, "most": most}
