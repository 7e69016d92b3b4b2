"""All allowed counts of an extract in one pass, with the key of the persons in each cell.

The expression is Ibis; grouping sets, which Ibis has no word for, are put into the query that it
compiles, which is then written in the dialect of the engine. DuckDB is the default; Spark gives
the same cube.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from cairn.core.errors import RuleBroken
from cairn.observatory.engine.extract import KEY, Extract
from cairn.observatory.rules.cube_audit import CubeAudit, PublishedCells, audit_cube
from cairn.observatory.rules.levels import at_level, base_of, rollups, with_levels
from cairn.observatory.rules.noise import Protection, Quality, Whole, quality
from cairn.observatory.rules.series import Dimension, Series, Thresholds, check_groupings

Grouping = tuple[str, ...]
TABLE = "extract"


@dataclass(frozen=True)
class Cells:
    """The cells of one grouping that hold anybody. `codes[i]`: places in the leaves of each
    column; `counts[i]`: different persons; `keys[i]`: exclusive or of their numbers.
    """

    codes: NDArray[np.int32]
    counts: Whole
    keys: NDArray[np.uint64]


@dataclass(frozen=True)
class Cube:
    """Exact counts: never shown, never stored unsealed. `persons`: how many stand behind it.

    The grouping () is everybody, in one cell.
    """

    series: Series
    cells: Mapping[Grouping, Cells]
    persons: int

    def dimensions(self, grouping: Grouping) -> tuple[Dimension, ...]:
        return tuple(self.series.by_name[name] for name in grouping)


class Engine(StrEnum):
    """Engines whose words for the query have been tested."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def count(extract: Extract, groupings: Sequence[Grouping], *, threads: int = 2) -> Cube:
    """The cube of these groupings and the number of all, on DuckDB.

    Raises RuleBroken ("observatory.grouping", "observatory.empty").
    """
    import duckdb

    with closing(duckdb.connect(config={"threads": threads})) as connection:
        connection.register(TABLE, extract.table())
        return count_on(
            Engine.DUCKDB,
            lambda query: connection.sql(query).to_arrow_table(),
            extract,
            groupings,
        )


def count_on(
    engine: Engine, run: Callable[[str], Any], extract: Extract, groupings: Sequence[Grouping]
) -> Cube:
    """The same on an engine that has the extract as a table named TABLE. `run(query)`: the
    answer as an Arrow table.
    """
    check_groupings(extract.series, groupings)
    if not len(extract):
        raise empty_extract()
    return _cube(extract, groupings, run(counting_query(engine, extract, groupings)))


def empty_extract() -> RuleBroken:
    """The refusal to count nobody."""
    return RuleBroken(
        "observatory.empty",
        _("The extract has no records."),
        _("Check the period and the source before a release is built."),
    )


def counting_query(engine: Engine, extract: Extract, groupings: Iterable[Grouping]) -> str:
    """One query: persons and their joined key by each grouping, and by none."""
    import ibis
    import sqlglot
    from ibis import _ as this
    from sqlglot import expressions

    groupings = list(groupings)
    names = _used(extract, groupings)
    # Where persons stand in several records, each counts once, and its number joins once.
    distinct = len(np.unique(extract.keys)) < len(extract)
    kinds = {name: str(column.dtype) for name, column in extract.columns.items()}
    table = ibis.table(kinds | {KEY: "int64"}, name=TABLE)
    counted = this[KEY].nunique() if distinct else this.count()
    query = table.group_by(names).aggregate(persons=counted, joined=this[KEY].bit_xor())
    # Compiled for one engine and written for another: Ibis has no exclusive or for Spark.
    tree: Any = sqlglot.parse_one(ibis.to_sql(query, dialect=Engine.DUCKDB), read=Engine.DUCKDB)
    sets = [
        expressions.Tuple(expressions=[expressions.column(name, quoted=True) for name in grouping])
        for grouping in [*groupings, ()]
    ]
    group = expressions.Group(grouping_sets=[expressions.GroupingSets(expressions=sets)])
    tree.find(expressions.Select).set("group", group)
    if distinct:
        for joined in list(tree.find_all(expressions.BitwiseXorAgg)):
            joined.set("this", expressions.Distinct(expressions=[joined.this]))
    return str(tree.sql(dialect=engine.value))


def _used(extract: Extract, groupings: Iterable[Grouping]) -> list[str]:
    wanted = set().union(*groupings)
    return [name for name in extract.columns if name in wanted]


def _cube(extract: Extract, groupings: Sequence[Grouping], found: Any) -> Cube:
    """Sorted out by grouping: a column that a row was not grouped by is empty there."""
    names = _used(extract, groupings)
    counts = found["persons"].to_numpy().astype(np.int64)
    keys = found["joined"].to_numpy().astype(np.int64).view(np.uint64)
    codes, masks = {}, np.zeros(len(counts), np.int64)
    for place, name in enumerate(names):
        column = found[name].combine_chunks()
        masks |= (
            np.asarray(column.is_valid().to_numpy(zero_copy_only=False)).astype(np.int64) << place
        )
        codes[name] = np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False), np.int32)
    order = np.argsort(masks, kind="stable")
    kinds, starts = np.unique(masks[order], return_index=True)
    rows = dict(zip(kinds.tolist(), np.split(order, starts[1:]), strict=True))
    cells = {}
    for grouping in [(), *groupings]:
        mask = sum(1 << names.index(name) for name in grouping)
        here = rows.get(mask, order[:0])
        together = np.array([codes[name][here] for name in grouping], np.int32)
        together = together.reshape(len(grouping), len(here)).T
        cells[grouping] = Cells(together, counts[here], keys[here])
    return Cube(extract.series, cells, int(counts[rows[0]].sum()))


def widened(extract: Extract) -> Extract:
    """The extract with a column for each level of wider codes (see `rules.levels`), so that they
    are counted, protected and attacked like all others.
    """
    series = with_levels(extract.series)
    columns = dict(extract.columns)
    for each in series.dimensions:
        if each.name not in columns:
            own, level = base_of(each.name), int(each.name.rpartition("@")[2])
            narrow = extract.series.by_name[own]
            at = {code: place for place, code in enumerate(each.leaves)}
            turned = [at[at_level(narrow, leaf, level)] for leaf in narrow.leaves]
            columns[each.name] = np.array(turned, np.uint16)[extract.columns[own]]
    return Extract(
        series, {each.name: columns[each.name] for each in series.dimensions}, extract.keys
    )


@dataclass(frozen=True)
class ProtectedCube:
    """What a cube may show: `values` beside the codes of its cells, HIDDEN where nothing.

    A cell that is not listed holds nobody; in a release it looks as a hidden one.
    """

    cube: Cube
    protections: Mapping[Grouping, Protection]
    values: Mapping[Grouping, Whole]


def protect(cube: Cube, thresholds: Thresholds, protection: Protection) -> ProtectedCube:
    """Each grouping under the threshold of its set of variables."""
    protections, values = {}, {}
    for grouping, cells in cube.cells.items():
        least = thresholds.of(cube.dimensions(grouping))
        own = replace(protection, threshold=least if protection.threshold > 1 else 1)
        protections[grouping] = own
        values[grouping] = own.shown(cells.counts, cells.keys)
    return ProtectedCube(cube, protections, values)


def audit(protected: ProtectedCube, thresholds: Thresholds | None = None) -> CubeAudit:
    """The attack on what the cube shows. See `rules.cube_audit`."""
    thresholds = thresholds or Thresholds()
    cube = protected.cube
    sizes = {each.name: len(each.leaves) for each in cube.series.dimensions}
    published = {
        grouping: PublishedCells(
            cells.codes,
            protected.values[grouping],
            protected.protections[grouping],
            thresholds.of(cube.dimensions(grouping)),
        )
        for grouping, cells in cube.cells.items()
    }
    return audit_cube(sizes, published, rollups(cube.series))


def quality_of(protected: ProtectedCube) -> Quality:
    """What protection cost over all groupings."""
    counts = [cells.counts for cells in protected.cube.cells.values()]
    return quality(np.concatenate(counts), np.concatenate(list(protected.values.values())))
