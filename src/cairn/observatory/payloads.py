"""What would be published, as plain types; and what the public can work with when it has it.

The attack reads a release through `release_of_payload`: exactly what goes out, and nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from cairn.observatory.engine.cube import Cube, ProtectedCube, protect, quality_of
from cairn.observatory.rules.noise import HIDDEN, Protection, Quality, noise_table, quality
from cairn.observatory.rules.pipeline import Way
from cairn.observatory.rules.protecting import LEAST_FIGURES, Grouping, How, largest
from cairn.observatory.rules.records import series_from, series_record
from cairn.observatory.rules.releases import Release, exact_release, noised_release
from cairn.observatory.rules.series import Aspect, Code, Dimension, Series, Thresholds
from cairn.observatory.rules.suppression import suppress
from cairn.observatory.rules.tables import Cell, Table, cell, linked

Payload = dict[str, Any]
# Tables of more cells than this list shown figures only; what is not listed is hidden.
MOST_LISTED = 5_000
TOGETHER = frozenset({Aspect.CHILD, Aspect.SEX, Aspect.PLACE})


def protected_cube(cube: Cube, how: How) -> tuple[Payload, Quality]:
    """Threshold, noise and rounding for every grouping; no zero is ever shown."""
    found = protect(cube, how.thresholds, how.protection())
    shown = [_cube_cells(found, names) for names in sorted(cube.cells, key=_order)]
    used = how.protection()
    payload = _payload(Way.CUBE, cube, shown) | {
        "protection": {
            "threshold": used.threshold,
            "threshold_together": _together(how.thresholds) or used.threshold,
            "rounding": used.base,
            "noise_furthest": used.noise.furthest if used.noise else 0,
            "noise_variance": used.noise.variance if used.noise else 0.0,
        }
    }
    return payload, quality_of(found)


def protected_tables(cube: Cube, how: How) -> tuple[Payload, Quality]:
    """Exact counts; small cells are hidden, with others by which they could be worked out."""
    tables = [Table(", ".join(names), cube.dimensions(names)) for names in _largest(cube)]
    counts: dict[Cell, int] = {}
    for each, names in zip(tables, _largest(cube), strict=True):
        counts |= each.filled(_leaves(cube, names))
    thresholds = {at: _threshold(cube.series, at, how.thresholds) for at in counts}
    zeros = frozenset(at for at in counts if at and not _zero_tells(cube.series, at))
    pattern = suppress(
        linked(tables), counts, thresholds, zeros_shown=zeros, complementary=how.has_suppression
    )
    shown = pattern.shown()
    by_names: dict[Grouping, list[dict[str, Any]]] = defaultdict(list)
    for at, value in shown.items():
        codes = dict(at)
        names = tuple(each.name for each in cube.series.dimensions if each.name in codes)
        by_names[names].append({"at": [codes[name] for name in names], "value": value})
    listed = [
        {"by": list(names), "cells": by_names[names]} for names in sorted(by_names, key=_order)
    ]
    payload = _payload(Way.TABLE, cube, listed) | {
        "protection": {
            "threshold": how.thresholds.base,
            "threshold_together": _together(how.thresholds),
            "rounding": 1,
            "noise_furthest": 0,
            "noise_variance": 0.0,
        }
    }
    values = np.array([HIDDEN if value is None else value for value in shown.values()], np.int64)
    return payload, quality(np.array([counts[at] for at in shown], np.int64), values)


def _payload(way: Way, cube: Cube, listed: list[dict[str, Any]]) -> Payload:
    return {
        "kind": way.value,
        "series": series_record(cube.series),
        "tables": [list(names) for names in _largest(cube)],
        "groupings": listed,
    }


def _order(names: Grouping) -> tuple[int, Grouping]:
    return len(names), names


def _largest(cube: Cube) -> list[Grouping]:
    return largest(sorted(cube.cells, key=_order))


def _together(thresholds: Thresholds) -> int:
    return max([thresholds.base, *(least for _aspects, least in thresholds.together)])


def _threshold(series: Series, at: Cell, thresholds: Thresholds) -> int:
    return thresholds.of([series.by_name[name] for name, _code in at])


def _zero_tells(series: Series, at: Cell) -> bool:
    return any(series.by_name[name].zero_tells for name, _code in at)


def _leaves(cube: Cube, names: Grouping) -> dict[Cell, int]:
    dimensions, cells = cube.dimensions(names), cube.cells[names]
    return {
        cell(
            (each.name, each.leaves[place]) for each, place in zip(dimensions, places, strict=True)
        ): number
        for places, number in zip(cells.codes.tolist(), cells.counts.tolist(), strict=True)
    }


def _cube_cells(found: ProtectedCube, names: Grouping) -> dict[str, Any]:
    """The cells of one grouping; a hidden one looks the same whether it holds anybody or not."""
    dimensions, cells = found.cube.dimensions(names), found.cube.cells[names]
    shown = {
        tuple(places): value
        for places, value in zip(cells.codes.tolist(), found.values[names].tolist(), strict=True)
        if value != HIDDEN
    }
    sizes = [len(each.leaves) for each in dimensions]
    places = list(np.ndindex(*sizes)) if np.prod(sizes) <= MOST_LISTED else sorted(shown)
    return {
        "by": list(names),
        "cells": [
            {
                "at": [each.leaves[i] for each, i in zip(dimensions, place, strict=True)],
                "value": shown.get(tuple(place)),
            }
            for place in places
        ],
    }


def figures(payload: Mapping[str, Any]) -> int:
    """How many figures it shows."""
    return sum(
        each["value"] is not None for listed in payload["groupings"] for each in listed["cells"]
    )


def cells_in_all(payload: Mapping[str, Any]) -> int:
    """How many cells the tables have by their code lists, shown or not."""
    series = series_from(payload["series"])
    found: set[Cell] = set()
    for table in tables_of(payload, series):
        found.update(table.cells if payload["kind"] == Way.TABLE else _inner(table))
    return len(found)


def _inner(table: Table) -> Iterable[Cell]:
    for names in _margins(table):
        yield from Table("", names).inner


def _margins(table: Table) -> Iterable[tuple[Any, ...]]:
    for size in range(len(table.dimensions) + 1):
        yield from combinations(table.dimensions, size)


def quality_record(payload: Mapping[str, Any], found: Quality) -> dict[str, Any]:
    """What protection cost, as coarse as it may be told.

    Shares in whole percent, and no mean error of a few figures: else exact counts could be worked
    out from them. `cells`: by the code lists, empty ones included.
    """
    shown, cells = figures(payload), cells_in_all(payload)
    return {
        "mass_kept": round(found.kept, 2),
        "mean_error": round(found.mean_error, 2) if shown >= LEAST_FIGURES else None,
        "cells": cells,
        "hidden": cells - shown,
    }


def tables_of(
    payload: Mapping[str, Any], series: Series, apart: Collection[str] = ()
) -> list[Table]:
    """The tables that are printed; `apart` as in `release_of_payload`."""
    by_name = {
        each.name: taken_apart(each) if each.name in apart else each for each in series.dimensions
    }
    return [
        Table(", ".join(names), tuple(by_name[name] for name in names))
        for names in payload["tables"]
    ]


def taken_apart(dimension: Dimension) -> Dimension:
    """The list with the areas that were put together below what they became: anybody knows them."""
    below = [Code(member, member, each.code) for each in dimension.codes for member in each.members]
    known = set(dimension.by_code)
    return replace(
        dimension, codes=(*dimension.codes, *(each for each in below if each.code not in known))
    )


def release_of_payload(
    payload: Mapping[str, Any], name: str, population: str, *, apart: Collection[str] = ()
) -> Release:
    """What the public holds: the figures, and what the published rules say of each cell.

    `apart`: dimensions of which another release has another list, so that the areas of both have
    to be held against each other.
    """
    series = series_from(payload["series"])
    tables = tables_of(payload, series, apart)
    if payload["kind"] == Way.TABLE:
        shown = {
            _named(listed["by"], each["at"]): each["value"]
            for listed in payload["groupings"]
            for each in listed["cells"]
        }
        return exact_release(name, population, tables, shown)
    values: dict[Cell, int] = {}
    protections: dict[Cell, Protection] = {}
    for listed in payload["groupings"]:
        dimensions = tuple(series.by_name[name] for name in listed["by"])
        own = protection_of(payload, series, listed["by"])
        for at in Table("", dimensions).inner:
            values[at], protections[at] = HIDDEN, own
        for each in listed["cells"]:
            if each["value"] is not None:
                values[_named(listed["by"], each["at"])] = each["value"]
    return noised_release(name, population, tables, values, protections)


def protection_of(payload: Mapping[str, Any], series: Series, names: Sequence[str]) -> Protection:
    """The published rule for the cells of one grouping of a cube."""
    said = payload["protection"]
    thresholds = Thresholds(said["threshold"], ((TOGETHER, said["threshold_together"]),))
    furthest = said["noise_furthest"]
    found = Protection(
        noise_table(furthest, said["noise_variance"]) if furthest else None,
        said["threshold"],
        said["rounding"],
    )
    # Where no threshold was set, the columns set none either.
    if said["threshold"] <= 1:
        return found
    return replace(found, threshold=thresholds.of([series.by_name[name] for name in names]))


def _named(by: Sequence[str], at: Sequence[str]) -> Cell:
    return cell(zip(by, at, strict=True))
