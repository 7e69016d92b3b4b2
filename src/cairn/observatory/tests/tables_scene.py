"""Small invented tables, and every way in which people could be spread over them."""

from collections.abc import Mapping
from itertools import product

import numpy as np

from cairn.observatory.rules.series import Dimension
from cairn.observatory.rules.tables import Cell, Table, cell
from cairn.observatory.tests import scene

AREA = scene.dimension("area", 4)
SEX = scene.dimension("sex", 3)
AGE = scene.dimension("age", 3)
REGIONS = scene.in_regions(scene.dimension("area", 7), 3)


def table(*dimensions: Dimension, name: str = "table") -> Table:
    return Table(name, dimensions)


def counted(given: Table, numbers: list[int]) -> dict[Cell, int]:
    """All cells of the table; `numbers` fill the inner cells in their order."""
    return given.filled(dict(zip(given.inner, numbers, strict=True)))


def drawn(given: Table, seed: int, *, mean: float = 14.0) -> dict[Cell, int]:
    """Uneven counts, with small ones and empty ones among them."""
    draw = np.random.default_rng(seed)
    spread = draw.gamma(0.8, mean / 0.8, len(given.inner))
    return counted(given, draw.poisson(spread).tolist())


def spread(persons: Mapping[tuple[str, ...], int], *dimensions: Dimension) -> dict[Cell, int]:
    """Inner cells of a table by `dimensions` from the cells of a wider set of columns; the keys
    of `persons` are codes in the order of AREA, SEX and AGE.
    """
    names = [each.name for each in (AREA, SEX, AGE)]
    found: dict[Cell, int] = {}
    for codes, number in persons.items():
        at = dict(zip(names, codes, strict=True))
        where = cell((each.name, at[each.name]) for each in dimensions)
        found[where] = found.get(where, 0) + number
    return found


def everybody(seed: int) -> dict[tuple[str, ...], int]:
    draw = np.random.default_rng(seed)
    codes = list(product(AREA.leaves, SEX.leaves, AGE.leaves))
    return dict(zip(codes, draw.poisson(draw.gamma(0.7, 12.0, len(codes))).tolist(), strict=True))
