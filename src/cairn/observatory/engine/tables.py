"""Tables out of a protected cube, as the public gets them and the attack reads them."""

from collections.abc import Sequence
from itertools import combinations

from cairn.observatory.engine.cube import Grouping, ProtectedCube
from cairn.observatory.rules.noise import HIDDEN, Protection
from cairn.observatory.rules.releases import Release, noised_release
from cairn.observatory.rules.tables import Cell, Table, cell


def release_of(
    protected: ProtectedCube, name: str, population: str, groupings: Sequence[Grouping]
) -> Release:
    """A table for each grouping, with the margins that the cube has.

    Margins are cells of their own, with noise of their own: they are never summed up from shown
    cells. A wider code or a margin that the cube was not asked for is not shown.
    """
    cube = protected.cube
    tables = [Table(", ".join(names), cube.dimensions(names)) for names in groupings]
    values: dict[Cell, int] = {}
    protection: dict[Cell, Protection] = {}
    for names in groupings:
        for size in range(len(names) + 1):
            for margin in combinations(names, size):
                if margin in protected.values:
                    _fill(protected, margin, values, protection)
    return noised_release(name, population, tables, values, protection)


def _fill(
    protected: ProtectedCube,
    names: Grouping,
    values: dict[Cell, int],
    protection: dict[Cell, Protection],
) -> None:
    """Every cell of the code lists: one that is not listed looks like a hidden one."""
    dimensions = protected.cube.dimensions(names)
    for each in Table("", dimensions).inner:
        values[each], protection[each] = HIDDEN, protected.protections[names]
    cells = protected.cube.cells[names]
    for places, value in zip(cells.codes.tolist(), protected.values[names].tolist(), strict=True):
        codes = [each.leaves[place] for each, place in zip(dimensions, places, strict=True)]
        values[cell(zip(names, codes, strict=True))] = value
