"""An invented series with its records: strongly linked columns, 8 % not known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cairn.observatory.rules.series import (
    UNKNOWN,
    Aspect,
    Code,
    CountingUnit,
    Dimension,
    FieldClass,
    Series,
)

SECRET = bytes(range(64))
SIZES = (80, 36, 12, 8, 6, 5, 5, 4, 4, 3, 3, 9)
SEED = 20_251_107
CLASSES = 40


def dimension(name: str, size: int, aspect: Aspect | None = None) -> Dimension:
    """Codes c000 .. and one for not known: `size` in all."""
    codes = [Code(f"c{place:03d}", f"{name} {place}") for place in range(size - 1)]
    field_class = FieldClass.AREA if aspect == Aspect.PLACE else FieldClass.CATEGORY
    return Dimension(
        name,
        name.title(),
        field_class,
        (*codes, Code(UNKNOWN, "not known")),
        frozenset({aspect} if aspect else ()),
    )


def series(sizes: Sequence[int] = SIZES) -> Series:
    aspects = [Aspect.PLACE, None, Aspect.CHILD, Aspect.SEX]
    aspects += [None] * len(sizes)
    return Series(
        "invented",
        "Invented persons",
        tuple(
            dimension(f"column{place:02d}", size, aspects[place])
            for place, size in enumerate(sizes)
        ),
        CountingUnit.PERSON,
        "Palermo Protocol, article 3",
        "presumed",
        "once in the year of first contact",
        "invented records",
        "all invented areas",
        (),
    )


def places(rows: int, sizes: Sequence[int] = SIZES) -> dict[str, NDArray[np.int64]]:
    """Columns of places in the code lists: 70 % follow one of a few profiles, the rest are
    spread unevenly.
    """
    draw = np.random.default_rng(SEED)
    profile = np.minimum(draw.zipf(1.3, rows), CLASSES) - 1
    found = {}
    for dim in series(sizes).dimensions:
        size = len(dim.leaves) - 1
        usual = draw.integers(0, size, CLASSES)[profile] + draw.integers(0, 2, rows)
        spread = np.minimum(draw.geometric(min(0.6, 1.8 / size), rows) - 1, size - 1)
        chosen = np.where(draw.random(rows) < 0.7, usual % size, spread)
        found[dim.name] = np.where(draw.random(rows) < 0.08, size, chosen)
    return found


def records(rows: int, sizes: Sequence[int] = SIZES) -> dict[str, list[str]]:
    """The same as codes."""
    by_name = series(sizes).by_name
    return {
        name: np.array(by_name[name].leaves, object)[chosen].tolist()
        for name, chosen in places(rows, sizes).items()
    }


def persons(rows: int) -> list[str]:
    return [f"invented-{number}" for number in range(rows)]


def in_regions(dim: Dimension, size: int) -> Dimension:
    """The same codes, each `size` of them in a wider one; "not known" stays at the top."""
    codes = [
        Code(each.code, each.label, "" if each.code == UNKNOWN else f"r{place // size}")
        for place, each in enumerate(dim.codes)
    ]
    regions = sorted({each.parent for each in codes} - {""})
    wider = [Code(region, f"region {region[1:]}") for region in regions]
    return replace(dim, codes=(*wider, *codes))
