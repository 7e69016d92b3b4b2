"""Exact tables of very many cells are attacked cell by cell too, or refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.actions import releases
from cairn.observatory.attacking import Issued, attacked
from cairn.observatory.engine.cube import Cells, Cube
from cairn.observatory.models import Release
from cairn.observatory.payloads import protected_tables
from cairn.observatory.rules.pipeline import Period, Way
from cairn.observatory.rules.protecting import ALL, MOST_IN_CUBE, check_size, wanted_groupings
from cairn.observatory.rules.series import UNKNOWN
from cairn.observatory.tests import pipeline_scene, scene
from cairn.observatory.tests.pipeline_scene import Records, source_of

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


@pytest.mark.parametrize(
    ("sizes", "way", "is_refused"),
    [
        ((190, 4, 3), Way.TABLE, False),
        ((250, 4, 4), Way.TABLE, True),
        ((120, 120), Way.TABLE, False),
        ((200, 200), Way.TABLE, True),
        ((250, 9, 9), Way.CUBE, False),
    ],
)
def test_exact_tables_that_would_take_hours_are_refused(
    sizes: Sequence[int], way: Way, *, is_refused: bool
) -> None:
    series = scene.series(sizes)
    wanted = wanted_groupings(series, way, [[each.name for each in series.dimensions]])
    if not is_refused:
        check_size(series, way, wanted)
        return
    with pytest.raises(RuleBroken) as refusal:
        check_size(series, way, wanted)
    assert refusal.value.code == "observatory.large"
    assert refusal.value.remedy


@pytest.mark.django_db
@pytest.mark.parametrize("is_merged", [False, True])
def test_a_plan_of_very_large_tables_is_refused_before_anything_is_searched(
    *, is_merged: bool
) -> None:
    """At once; where areas are put together, when it is known how many are left."""
    areas = (*(f"area{number:03d}" for number in range(250)), UNKNOWN)
    series = pipeline_scene.small_series()
    wide = replace(
        series, dimensions=(*series.dimensions[:2], pipeline_scene.dimension("area", areas))
    )
    enough = {("f", "adult", area): 12 for area in areas}
    actor = pipeline_scene.actor()
    with source_of(Records(enough, series=wide)):
        plan = pipeline_scene.plan(Way.TABLE, is_merged=is_merged)
        with pytest.raises(RuleBroken) as refusal:
            releases.build(actor, releases.begin(actor, plan).code)
    assert refusal.value.code == "observatory.large"
    assert Release.objects.exists() is is_merged
