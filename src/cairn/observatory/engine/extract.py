"""The frozen extract: places in code lists and a keyed number for each person, nothing else.

No identifier of a person stands in it. The number is a keyed hash (BLAKE2b under a secret that
the caller holds): equal for the same person in every extract under the same secret, which is what
makes noise the same in every table and every year, and nothing without the secret.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from cairn.core.errors import RuleBroken
from cairn.observatory.engine import check_installed
from cairn.observatory.rules.series import Dimension, Series, check_series

# The column of the persons' numbers; no dimension may have this name.
KEY = "person_key"
LEAST_SECRET = 32


Places = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True)
class Extract:
    """`columns`: dimension -> place of the code among its leaves, one row for each record."""

    series: Series
    columns: Mapping[str, Places]
    keys: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    def table(self) -> Any:
        """As an Arrow table, which every engine reads."""
        import pyarrow

        return pyarrow.table({**self.columns, KEY: self.keys})

    def digest(self) -> str:
        """The hash of the artefact: same records, same order, same code lists."""
        found = hashlib.sha256(self.keys.tobytes())
        for name, column in sorted(self.columns.items()):
            leaves = "\x1f".join(self.series.by_name[name].leaves)
            found.update(f"{name}\x1e{leaves}\x1e".encode())
            found.update(column.tobytes())
        return found.hexdigest()


def person_keys(persons: Iterable[str], secret: bytes) -> NDArray[np.int64]:
    """One 64-bit number for each id of a person; signed, as every engine has such numbers.

    Raises RuleBroken("observatory.secret") for a secret that could be guessed.
    """
    if len(secret) < LEAST_SECRET or len(set(secret)) < LEAST_SECRET // 4:
        raise RuleBroken(
            "observatory.secret",
            _("The secret of the statistics is shorter than %(bytes)d random bytes.")
            % {"bytes": LEAST_SECRET},
        )
    keyed = hashlib.blake2b(digest_size=8, key=secret[:64], person=b"cairn-statistics")
    found = bytearray()
    for person in persons:
        one = keyed.copy()
        one.update(person.encode())
        found += one.digest()
    return np.frombuffer(bytes(found), np.int64)


def freeze(
    series: Series, persons: Sequence[str], columns: Mapping[str, Any], *, secret: bytes
) -> Extract:
    """The extract of these records; a person may stand in several.

    `columns`: for each dimension its codes, as a list or an Arrow array.

    Raises RuleBroken: "observatory.engine", "observatory.metadata", "observatory.dimension",
    "observatory.secret", "observatory.extract" (columns missing or of another length),
    "observatory.code".
    """
    check_installed()
    check_series(series)
    for dimension in series.dimensions:
        if dimension.name == KEY or len(columns.get(dimension.name, ())) != len(persons):
            raise RuleBroken(
                "observatory.extract",
                _("The column “%(name)s” is missing, or not as long as the list of persons.")
                % {"name": dimension.label},
                _("Take the extract again: it may have changed under way."),
            )
    coded = {each.name: placed(each, columns[each.name]) for each in series.dimensions}
    return Extract(series, coded, person_keys(persons, secret))


def placed(dimension: Dimension, values: Any) -> Places:
    """Each value's place among the leaves; `values` as in `freeze`.

    Raises RuleBroken("observatory.code").
    """
    import pyarrow
    from pyarrow import compute

    is_arrow = isinstance(values, pyarrow.Array | pyarrow.ChunkedArray)
    given = values if is_arrow else pyarrow.array(values, pyarrow.string())
    places = compute.index_in(given, value_set=pyarrow.array(dimension.leaves, pyarrow.string()))
    if places.null_count:
        raise foreign_codes(
            dimension, compute.unique(given.filter(compute.is_null(places))).to_pylist()
        )
    found = places.to_numpy(zero_copy_only=False)
    if len(dimension.leaves) <= 256:
        return np.asarray(found, np.uint8)
    return np.asarray(found, np.uint16)


def foreign_codes(dimension: Dimension, strange: Collection[object]) -> RuleBroken:
    """The refusal of codes that are not in the list of a dimension."""
    named = sorted(map(repr, strange))[:5]
    return RuleBroken(
        "observatory.code",
        ngettext(
            "“%(name)s” has %(count)d code outside its list: %(codes)s.",
            "“%(name)s” has %(count)d codes outside its list, such as %(codes)s.",
            len(strange),
        )
        % {"name": dimension.label, "count": len(strange), "codes": ", ".join(named)},
        _("Correct the records, or add the code to the list with its definition."),
    )
