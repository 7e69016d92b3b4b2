"""Counting on engines: the same cube as by hand, the same noise on every engine."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.engine.extract import Extract, freeze, person_keys
from cairn.observatory.rules.attack import attack
from cairn.observatory.rules.noise import HIDDEN, default_protection
from cairn.observatory.rules.series import Thresholds, groupings
from cairn.observatory.tests import scene

pytest.importorskip("pyarrow", reason="the extra `analytics` is not installed")
pytest.importorskip("ibis", reason="the extra `analytics` is not installed")
pytest.importorskip("duckdb", reason="the extra `analytics` is not installed")

from cairn.observatory.engine.cube import (
    TABLE,
    Cube,
    Engine,
    audit,
    count,
    count_on,
    protect,
    quality_of,
)
from cairn.observatory.engine.tables import release_of

SIZES = (8, 5, 4, 3)
ROWS = 3_000


def extract(persons: Sequence[str] | None = None, rows: int = ROWS) -> Extract:
    series = scene.series(SIZES)
    return freeze(
        series,
        persons or scene.persons(rows),
        scene.records(rows, SIZES),
        secret=scene.SECRET,
    )


def by_hand(given: Extract, names: tuple[str, ...]) -> dict[tuple[int, ...], tuple[int, int]]:
    """Places -> persons counted once, and the exclusive or of their numbers."""
    there: dict[tuple[int, ...], set[int]] = {}
    for row, key in enumerate(given.keys.view(np.uint64).tolist()):
        places = tuple(int(given.columns[name][row]) for name in names)
        there.setdefault(places, set()).add(key)
    return {
        places: (len(keys), reduce(lambda one, other: one ^ other, keys))
        for places, keys in there.items()
    }


def as_mapping(cube: Cube, names: tuple[str, ...]) -> dict[tuple[int, ...], tuple[int, int]]:
    cells = cube.cells[names]
    rows = zip(cells.codes.tolist(), cells.counts.tolist(), cells.keys.tolist(), strict=True)
    return {tuple(places): (persons, key) for places, persons, key in rows}


@pytest.mark.parametrize("twice", [False, True])
def test_every_grouping_counts_each_person_once(twice: bool) -> None:
    persons = [f"invented-{row // 2 if twice else row}" for row in range(ROWS)]
    given = extract(persons)
    wanted = list(groupings(given.series))
    cube = count(given, wanted)
    assert cube.persons == len(set(persons))
    assert len(wanted) == 4 + 6 + 4
    for names in wanted:
        assert as_mapping(cube, names) == by_hand(given, names)


def test_the_same_persons_get_the_same_noise_in_another_table_and_another_year() -> None:
    """A column that all of a cell share adds nothing: both cells hold the same persons."""
    records = scene.records(ROWS, SIZES)
    records["column03"] = ["c000"] * ROWS
    series = scene.series(SIZES)
    first = freeze(series, scene.persons(ROWS), records, secret=scene.SECRET)
    order = np.random.default_rng(1).permutation(ROWS)
    again = freeze(
        series,
        [f"invented-{row}" for row in order],
        {name: [codes[row] for row in order] for name, codes in records.items()},
        secret=scene.SECRET,
    )
    wanted = [("column00", "column01"), ("column00", "column01", "column03")]
    values = []
    for given in (first, again):
        shown = protect(count(given, wanted), Thresholds(), default_protection())
        for names in wanted:
            cells = shown.cube.cells[names]
            places = map(tuple, cells.codes[:, :2].tolist())
            values.append(dict(zip(places, shown.values[names].tolist(), strict=True)))
    assert values[0] == values[1] == values[2] == values[3]
    assert len(set(values[0].values())) > 3


def test_another_secret_gives_other_noise_and_a_weak_one_is_refused() -> None:
    assert (person_keys(["a", "b"], scene.SECRET) == person_keys(["a", "b"], scene.SECRET)).all()
    other = bytes(reversed(scene.SECRET))
    assert (person_keys(["a", "b"], scene.SECRET) != person_keys(["a", "b"], other)).all()
    for weak in (b"", b"short", b"a" * 64):
        with pytest.raises(RuleBroken) as refused:
            person_keys(["a"], weak)
        assert refused.value.code == "observatory.secret"


def test_thresholds_are_those_of_the_columns_together() -> None:
    given = extract()
    cube = count(given, list(groupings(given.series)))
    shown = protect(cube, Thresholds(), default_protection())
    together = ("column00", "column02", "column03")
    for names, least in ((together, 20), (("column00", "column01", "column03"), 10)):
        counts, values = cube.cells[names].counts, shown.values[names]
        assert (values[counts < least] == HIDDEN).all()
        assert (counts[values != HIDDEN] >= least).all()
        assert shown.protections[names].threshold == least


@pytest.mark.parametrize(
    ("broken", "is_found"),
    [
        ({}, False),
        ({"noise": None, "base": 1}, True),
        ({"noise": None, "base": 1, "threshold": 1}, True),
    ],
)
def test_the_attack_on_the_cube_finds_what_is_not_protected(
    broken: dict[str, Any], is_found: bool
) -> None:
    given = extract()
    cube = count(given, list(groupings(given.series)))
    shown = protect(cube, Thresholds(), replace(default_protection(), **broken))
    verdict = audit(shown)
    assert bool(verdict.exact) is is_found
    assert verdict.hidden or broken.get("threshold") == 1
    for names, places, persons in verdict.exact:
        true = as_mapping(cube, names).get(places, (0, 0))[0]
        assert persons == true < shown.cube.persons
    assert 0.5 < quality_of(shown).kept <= 1


@pytest.mark.parametrize(("broken", "is_found"), [({}, False), ({"noise": None, "base": 1}, True)])
def test_tables_of_the_cube_hold_against_linear_programs(
    broken: dict[str, Any], is_found: bool
) -> None:
    given = extract()
    cube = count(given, list(groupings(given.series)))
    shown = protect(cube, Thresholds(), replace(default_protection(), **broken))
    wanted = [("column00", "column01", "column02"), ("column01", "column03")]
    release = release_of(shown, "first", "2024", wanted)
    assert release.shown[()] == shown.values[()][0]
    verdict = attack([release], Thresholds())
    assert bool(verdict.found) is is_found
    assert verdict.hidden


def test_codes_outside_the_list_are_named() -> None:
    series = scene.series(SIZES)
    records = scene.records(10, SIZES)
    records["column01"][3] = "elsewhere"
    with pytest.raises(RuleBroken, match="1 code outside its list: 'elsewhere'") as refused:
        freeze(series, scene.persons(10), records, secret=scene.SECRET)
    assert refused.value.code == "observatory.code"


def test_an_extract_that_changed_under_way_is_refused() -> None:
    series = scene.series(SIZES)
    records = scene.records(10, SIZES)
    records["column02"].append("c000")
    with pytest.raises(RuleBroken, match="not as long") as refused:
        freeze(series, scene.persons(10), records, secret=scene.SECRET)
    assert refused.value.code == "observatory.extract"


def test_the_hash_of_an_extract_changes_with_any_record() -> None:
    assert extract().digest() == extract().digest()
    moved = [*scene.persons(ROWS)[1:], "invented-0"]
    assert extract(moved).digest() != extract().digest()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RuleBroken, match=r"duckdb.*analytics") as refused:
        extract()
    assert refused.value.code == "observatory.engine"


def test_an_empty_extract_and_a_table_that_is_not_allowed_are_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        count(extract(rows=0), [("column00",)])
    assert refused.value.code == "observatory.empty"
    with pytest.raises(RuleBroken) as refused:
        count(extract(), [("column00", "shelter")])
    assert refused.value.code == "observatory.grouping"


@pytest.mark.processes
@pytest.mark.filterwarnings("ignore")
@pytest.mark.enable_socket
@pytest.mark.parametrize("twice", [False, True])
def test_spark_gives_the_same_cube_and_the_same_noise(twice: bool) -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    import pyarrow
    from pyspark.sql import SparkSession

    persons = [f"invented-{row // 2 if twice else row}" for row in range(ROWS)]
    given = extract(persons)
    wanted = list(groupings(given.series))
    here = count(given, wanted)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    try:
        session.createDataFrame(given.table().to_pandas()).createOrReplaceTempView(TABLE)
        there = count_on(
            Engine.SPARK,
            lambda query: pyarrow.Table.from_pandas(session.sql(query).toPandas()),
            given,
            wanted,
        )
    finally:
        session.stop()
    assert there.persons == here.persons
    for names in wanted:
        assert as_mapping(there, names) == as_mapping(here, names)
