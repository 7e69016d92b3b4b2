"""Invented rows: only of large releases, only what was published, with the error printed."""

import numpy as np
import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.engine import synthetic
from cairn.observatory.rules.publication import Publication
from cairn.observatory.tests.indicators_scene import Cells, publication

COLUMNS = {
    "sex": ("f", "m", "unknown"),
    "age": ("child", "adult", "unknown"),
    "form": ("sexual", "labour", "unknown"),
}


def release(persons: int) -> Publication:
    """Three linked columns: forms depend on sex and age together."""
    draw = np.random.default_rng(7)
    shares = draw.dirichlet(np.ones(27)).reshape(3, 3, 3)
    counts = (shares * persons / 5).astype(int) * 5
    counts[counts < 10] = 0
    names = list(COLUMNS)
    groupings: dict[tuple[str, ...], Cells] = {(): [((), int(counts.sum()) // 5 * 5)]}
    for kept in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        gone = tuple(place for place in range(3) if place not in kept)
        table = counts.sum(axis=gone)
        groupings[tuple(names[place] for place in kept)] = [
            (
                [COLUMNS[names[place]][code] for place, code in zip(kept, at, strict=True)],
                int(table[at]) or None,
            )
            for at in np.ndindex(table.shape)
        ]
    return publication(groupings, columns=COLUMNS)


def test_a_release_of_fewer_persons_gives_no_rows() -> None:
    for small in (release(49_000), publication({("sex",): [(("f",), 60_000)]})):
        with pytest.raises(RuleBroken) as refusal:
            synthetic.synthesise(small, rows=10)
        assert refusal.value.code == "synthetic.few"


def test_rows_follow_the_published_tables_and_the_error_is_told() -> None:
    made = synthetic.synthesise(release(80_000), rows=40_000)
    assert made.names == ("sex", "age", "form")
    assert len(made.rows) == 40_000
    assert [(each.columns, each.tables) for each in made.errors] == [(1, 3), (2, 3), (3, 1)]
    assert all(0 < each.share < 0.05 for each in made.errors)


def test_what_the_release_hides_is_drawn_never() -> None:
    found = release(80_000)
    hidden = {at for at, value in found.groupings[("sex", "age", "form")].items() if value is None}
    drawn = set(synthetic.synthesise(found, rows=40_000).rows)
    assert not hidden & drawn


def test_the_same_release_gives_the_same_rows() -> None:
    found = release(60_000)
    first, again = (synthetic.synthesise(found, rows=500).rows for _time in range(2))
    assert first == again
    assert first != synthetic.synthesise(found, rows=500, seed=1).rows
