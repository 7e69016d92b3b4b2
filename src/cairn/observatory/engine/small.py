"""Counting without an engine, up to 50,000 records: what the core can do with numpy alone.

The same extract and the same cube as those of DuckDB; a test holds one against the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from cairn.core.errors import RuleBroken
from cairn.observatory.engine.cube import Cells, Cube, Grouping, empty_extract
from cairn.observatory.engine.extract import Extract, Places, foreign_codes, person_keys
from cairn.observatory.rules.series import Dimension, Series, check_groupings, check_series

MOST_RECORDS = 50_000


def freeze(
    series: Series,
    persons: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    *,
    secret: bytes,
) -> Extract:
    """As `extract.freeze`, for lists. Raises RuleBroken as that one does, and
    ("observatory.engine") above MOST_RECORDS.
    """
    check_series(series)
    if len(persons) > MOST_RECORDS:
        raise RuleBroken(
            "observatory.engine",
            _("%(records)d records are more than can be counted without an engine.")
            % {"records": len(persons)},
            _("Install the extra “analytics”."),
        )
    coded = {each.name: _placed(each, columns[each.name]) for each in series.dimensions}
    return Extract(series, coded, person_keys(persons, secret))


def _placed(dimension: Dimension, values: Sequence[str]) -> Places:
    at = {code: place for place, code in enumerate(dimension.leaves)}
    strange = {value for value in values if value not in at}
    if strange:
        raise foreign_codes(dimension, strange)
    places = np.fromiter((at[value] for value in values), np.uint16, len(values))
    return places.astype(np.uint8) if len(at) <= 256 else places


def count(extract: Extract, groupings: Sequence[Grouping]) -> Cube:
    """The cube of these groupings and the number of all, as `cube.count` gives it.

    Raises RuleBroken ("observatory.grouping", "observatory.empty").
    """
    check_groupings(extract.series, groupings)
    if not len(extract):
        raise empty_extract()
    cells = {grouping: _counted(extract, grouping) for grouping in [(), *groupings]}
    return Cube(extract.series, cells, int(cells[()].counts[0]))


def _counted(extract: Extract, grouping: Grouping) -> Cells:
    """Each person once in each cell; the key of a cell joins its persons by exclusive or."""
    sizes = [len(extract.series.by_name[name].leaves) for name in grouping]
    places = np.zeros(len(extract), np.int64)
    for name, size in zip(grouping, sizes, strict=True):
        places = places * size + extract.columns[name]
    keys = extract.keys.view(np.uint64)
    order = np.lexsort((keys, places))
    places, keys = places[order], keys[order]
    fresh = np.ones(len(places), np.bool_)
    fresh[1:] = (places[1:] != places[:-1]) | (keys[1:] != keys[:-1])
    places, keys = places[fresh], keys[fresh]
    found, starts, counts = np.unique(places, return_index=True, return_counts=True)
    return Cells(
        _codes(found, sizes),
        counts.astype(np.int64),
        np.bitwise_xor.reduceat(keys, starts),
    )


def _codes(places: NDArray[np.int64], sizes: Sequence[int]) -> NDArray[np.int32]:
    codes = np.zeros((len(places), len(sizes)), np.int32)
    for column in range(len(sizes) - 1, -1, -1):
        places, codes[:, column] = np.divmod(places, sizes[column])
    return codes


def by_leaf(extract: Extract, name: str) -> dict[str, int]:
    """Records by each code of one column."""
    leaves = extract.series.by_name[name].leaves
    counts = np.bincount(extract.columns[name], minlength=len(leaves))
    return dict(zip(leaves, counts.tolist(), strict=True))


def recoded(extract: Extract, dimension: Dimension, becomes: Mapping[str, str]) -> Extract:
    """The extract with another code list for one column. `becomes`: old leaf -> new leaf."""
    old = extract.series.by_name[dimension.name]
    at = {code: place for place, code in enumerate(dimension.leaves)}
    turned = np.array([at[becomes[leaf]] for leaf in old.leaves], np.uint16)
    series = replace(
        extract.series,
        dimensions=tuple(
            dimension if each.name == dimension.name else each for each in extract.series.dimensions
        ),
    )
    return Extract(
        series,
        {**extract.columns, dimension.name: turned[extract.columns[dimension.name]]},
        extract.keys,
    )
