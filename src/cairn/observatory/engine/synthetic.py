"""Invented rows that follow a published cube, and how far they are from it.

Rows are drawn from published figures alone, so they tell nothing that the release does not; what
they cost is accuracy, which is printed with them. From 50,000 persons up: below that the error
would be read as fact (exchange study, d and e5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.publication import Publication

LEAST_PERSONS = 50_000
Chances = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Error:
    """Of all published tables by so many columns: how many, and the sum of differences between
    the rows (scaled to the same number of persons) and the figures, as a share of the figures.
    """

    columns: int
    tables: int
    share: float


@dataclass(frozen=True, slots=True)
class Synthetic:
    """`rows`: codes in the order of `names`. `errors`: to be printed wherever rows are given."""

    names: tuple[str, ...]
    rows: list[tuple[str, ...]]
    errors: tuple[Error, ...]


def check_size(publication: Publication) -> int:
    """The persons of a release. RuleBroken("synthetic.few") for fewer than 50,000."""
    whole = publication.whole
    if whole is None or whole < LEAST_PERSONS:
        raise RuleBroken(
            "synthetic.few",
            _("Invented rows are made of releases of %(least)d persons or more.")
            % {"least": LEAST_PERSONS},
            _("Use the protected tables: they are nearer to the truth."),
        )
    return whole


def synthesise(publication: Publication, *, rows: int, seed: int = 0) -> Synthetic:
    """`rows` invented rows; the same for the same release and seed.

    Column after column is drawn given the one or two earlier columns that tell most of it, from
    the published table of these together; what a release hides is drawn never.

    Raises RuleBroken ("synthetic.few", "synthetic.tables": a column without a published table).
    """
    check_size(publication)
    tables = _tables(publication)
    names = tuple(name for name in publication.names if (name,) in tables)
    if not names or not tables[(names[0],)].sum():
        raise RuleBroken(
            "synthetic.tables",
            _("The release has no table by a single column."),
            _("Build an open cube."),
        )
    draw = np.random.default_rng([seed, *publication.code.encode()])
    drawn: dict[str, Places] = {}
    for name in names:
        drawn[name] = _drawn(draw, tables, drawn, name, rows)
    leaves = {name: publication.by_name[name].leaves for name in names}
    lists = [np.array(leaves[name], object)[drawn[name]].tolist() for name in names]
    errors = _errors(tables, drawn, rows)
    return Synthetic(names, list(zip(*lists, strict=True)), errors)


def _tables(publication: Publication) -> dict[tuple[str, ...], Chances]:
    """Each published table as an array over the leaves of its columns; hidden is nobody."""
    found = {}
    for names, cells in publication.groupings.items():
        columns = [publication.by_name[name] for name in names]
        at = [{code: place for place, code in enumerate(each.leaves)} for each in columns]
        table = np.zeros([len(each.leaves) for each in columns])
        for codes, value in cells.items():
            if value and all(code in places for code, places in zip(codes, at, strict=True)):
                table[tuple(p[code] for code, p in zip(codes, at, strict=True))] = value
        order = sorted(range(len(names)), key=lambda place: publication.names.index(names[place]))
        found[tuple(names[place] for place in order)] = table.transpose(order)
    return found


def _drawn(
    draw: np.random.Generator,
    tables: Mapping[tuple[str, ...], Chances],
    earlier: Mapping[str, Places],
    name: str,
    rows: int,
) -> Places:
    """A column given those before it; where a table shows nobody, given fewer of them."""
    found = np.full(rows, -1, np.int64)
    for given in [*_best(tables, list(earlier), name), ()]:
        open_rows = np.flatnonzero(found < 0)
        if not len(open_rows):
            break
        table = tables[(*given, name)].reshape(-1, tables[(name,)].size)
        sizes = [tables[(each,)].size for each in given]
        at = np.zeros(len(open_rows), np.int64)
        for each, size in zip(given, sizes, strict=True):
            at = at * size + earlier[each][open_rows]
        upto = np.cumsum(table, axis=1)[at]
        has_any = upto[:, -1] > 0
        lots = draw.random(len(open_rows)) * upto[:, -1]
        chosen = (upto <= lots[:, None]).sum(axis=1)
        found[open_rows[has_any]] = chosen[has_any]
    return found


def _best(
    tables: Mapping[tuple[str, ...], Chances], earlier: Sequence[str], name: str
) -> list[tuple[str, ...]]:
    """The pair and then the single column, of those before, that tell most of this one."""
    chosen = []
    for size in (2, 1):
        known = [given for given in combinations(earlier, size) if (*given, name) in tables]
        if known:
            chosen.append(max(known, key=lambda given: _information(tables[(*given, name)])))
    return chosen


def _information(table: Chances) -> float:
    """Mutual information, in nats, of the last column and the others together."""
    flat = table.reshape(-1, table.shape[-1])
    if not flat.sum():
        return 0.0
    shares = flat / flat.sum()
    apart = shares.sum(axis=1, keepdims=True) * shares.sum(axis=0, keepdims=True)
    seen = shares > 0
    return float((shares[seen] * np.log(shares[seen] / apart[seen])).sum())


def _errors(
    tables: Mapping[tuple[str, ...], Chances], drawn: Mapping[str, Places], rows: int
) -> tuple[Error, ...]:
    found = []
    for size in (1, 2, 3):
        unlike = total = 0.0
        same = [names for names in tables if len(names) == size and set(names) <= set(drawn)]
        for names in same:
            table = tables[names]
            at = np.ravel_multi_index([drawn[name] for name in names], table.shape)
            counts = np.bincount(at, minlength=table.size).reshape(table.shape)
            unlike += float(np.abs(counts * (table.sum() / rows) - table).sum())
            total += float(table.sum())
        if total:
            found.append(Error(size, len(same), unlike / total))
    return tuple(found)
