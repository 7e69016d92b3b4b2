"""Tables out of a protected cube, as the public gets them and the attack reads them."""

from collections.abc import Sequence
from itertools import combinations, product

from cairn.observatory.engine.cube import Grouping, ProtectedCube
from cairn.observatory.rules.levels import base_of
from cairn.observatory.rules.noise import HIDDEN, Protection
from cairn.observatory.rules.releases import Release, noised_release
from cairn.observatory.rules.tables import Cell, Table, cell


def release_of(
    protected: ProtectedCube, name: str, population: str, groupings: Sequence[Grouping]
) -> Release:
    """A table for each grouping, with the margins and the wider codes that the cube has.

    Margins and wider codes are cells of their own, with noise of their own: they are never summed
    up from shown cells. Those that the cube was not asked for are not shown.
    """
    cube = protected.cube
    tables = [Table(", ".join(names), cube.dimensions(names)) for names in groupings]
    values: dict[Cell, int] = {}
    protection: dict[Cell, Protection] = {}
    for names in groupings:
        for size in range(len(names) + 1):
            for margin in combinations(names, size):
                for level in product(*(_levels(protected, name) for name in margin)):
                    if level in protected.values:
                        _fill(protected, level, values, protection)
    return noised_release(name, population, tables, values, protection)


def _levels(protected: ProtectedCube, name: str) -> list[str]:
    """The column and its wider ones, as far as the cube has them."""
    return [each for each in protected.cube.series.by_name if base_of(each) == name]


def _fill(
    protected: ProtectedCube,
    names: Grouping,
    values: dict[Cell, int],
    protection: dict[Cell, Protection],
) -> None:
    """Every cell of the code lists: one that is not listed looks like a hidden one."""
    dimensions = protected.cube.dimensions(names)
    named = [base_of(name) for name in names]
    for codes in product(*(each.leaves for each in dimensions)):
        at = cell(zip(named, codes, strict=True))
        values[at], protection[at] = HIDDEN, protected.protections[names]
    cells = protected.cube.cells[names]
    for places, value in zip(cells.codes.tolist(), protected.values[names].tolist(), strict=True):
        chosen = [each.leaves[place] for each, place in zip(dimensions, places, strict=True)]
        values[cell(zip(named, chosen, strict=True))] = value
