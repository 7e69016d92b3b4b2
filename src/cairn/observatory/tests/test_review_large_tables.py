"""Exact tables of very many cells are attacked cell by cell too, or refused."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np

from cairn.observatory.attacking import Issued, attacked
from cairn.observatory.engine.cube import Cells, Cube
from cairn.observatory.payloads import protected_tables
from cairn.observatory.rules.pipeline import Period
from cairn.observatory.rules.protecting import ALL, MOST_IN_CUBE
from cairn.observatory.tests import scene

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
SIZES = (120, 11, 11)


def cube() -> Cube:
    """30 persons in every cell of three columns but one, which holds 3."""
    series = scene.series(SIZES)
    names = [each.name for each in series.dimensions]
    inner = np.full(SIZES, 30)
    inner[7, 3, 2] = 3
    cells = {}
    for kept in product((False, True), repeat=3):
        grouping = tuple(name for name, is_kept in zip(names, kept, strict=True) if is_kept)
        summed = inner.sum(axis=tuple(at for at, is_kept in enumerate(kept) if not is_kept))
        codes = np.argwhere(np.ones(summed.shape, np.bool_)).astype(np.int32)
        codes = codes.reshape(summed.size, len(grouping))
        cells[grouping] = Cells(codes, summed.reshape(-1).astype(np.int64), np.zeros(0, np.uint64))
    return Cube(series, cells, int(inner.sum()))


def test_a_small_cell_of_a_very_large_table_is_found() -> None:
    given = cube()
    payload, _quality = protected_tables(given, replace(ALL, has_suppression=False))
    tables = sum(len(listed["cells"]) for listed in payload["groupings"])
    assert tables > MOST_IN_CUBE
    verdict = attacked(Issued("R-2026-01", "all", YEAR, payload), [])
    assert not verdict.passes
