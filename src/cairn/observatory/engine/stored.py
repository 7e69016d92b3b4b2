"""Extracts and cubes as bytes between two steps, and the hash of what they hold.

The bytes are sealed by whoever stores them. The hash is of the content in a fixed order, and not
of the bytes: the same records give the same hash on every engine and in every version of numpy.
"""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.observatory.engine.cube import Cells, Cube
from cairn.observatory.engine.extract import Extract
from cairn.observatory.rules.records import series_from, series_record

HEAD, KEYS = "head", "keys"


def in_order(extract: Extract) -> Extract:
    """The same records sorted: the order in which a database gave them says nothing."""
    columns = [extract.columns[each.name] for each in extract.series.dimensions]
    order = np.lexsort((*reversed(columns), extract.keys))
    return Extract(
        extract.series,
        {name: column[order] for name, column in extract.columns.items()},
        extract.keys[order],
    )


def pack_extract(extract: Extract) -> bytes:
    columns = {f"column-{name}": column for name, column in extract.columns.items()}
    return _packed({"series": series_record(extract.series)}, {KEYS: extract.keys, **columns})


def unpack_extract(packed: bytes) -> Extract:
    head, arrays = _unpacked(packed)
    series = series_from(head["series"])
    columns = {each.name: arrays[f"column-{each.name}"] for each in series.dimensions}
    return Extract(series, columns, arrays[KEYS])


def cube_digest(cube: Cube) -> str:
    """SHA-256 (hex) over every cell in the order of its codes."""
    found = hashlib.sha256(json.dumps(series_record(cube.series), sort_keys=True).encode())
    for grouping in sorted(cube.cells):
        cells = _sorted(cube.cells[grouping])
        found.update("\x1f".join(grouping).encode() + b"\x1e")
        for array in (cells.codes.astype(np.int32), cells.counts.astype(np.int64), cells.keys):
            found.update(np.ascontiguousarray(array).tobytes() + b"\x1e")
    return found.hexdigest()


def pack_cube(cube: Cube) -> bytes:
    groupings = sorted(cube.cells)
    arrays: dict[str, NDArray[Any]] = {}
    for place, grouping in enumerate(groupings):
        cells = _sorted(cube.cells[grouping])
        arrays |= {
            f"{place}-codes": cells.codes,
            f"{place}-counts": cells.counts,
            f"{place}-keys": cells.keys,
        }
    head = {
        "series": series_record(cube.series),
        "groupings": [list(each) for each in groupings],
        "persons": cube.persons,
    }
    return _packed(head, arrays)


def unpack_cube(packed: bytes) -> Cube:
    head, arrays = _unpacked(packed)
    cells = {
        tuple(grouping): Cells(
            arrays[f"{place}-codes"], arrays[f"{place}-counts"], arrays[f"{place}-keys"]
        )
        for place, grouping in enumerate(head["groupings"])
    }
    return Cube(series_from(head["series"]), cells, head["persons"])


def _sorted(cells: Cells) -> Cells:
    if not cells.codes.shape[1]:
        return cells
    order = np.lexsort(cells.codes.T[::-1])
    return Cells(cells.codes[order], cells.counts[order], cells.keys[order])


def _packed(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    into = BytesIO()
    said = np.frombuffer(json.dumps(head).encode(), np.uint8)
    np.savez_compressed(into, allow_pickle=False, **{HEAD: said, **arrays})
    return into.getvalue()


def _unpacked(packed: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    with np.load(BytesIO(packed), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    return json.loads(arrays.pop(HEAD).tobytes()), arrays
