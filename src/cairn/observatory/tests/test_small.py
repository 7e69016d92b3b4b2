"""Counting without an engine gives the very same extract and cube."""

import numpy as np
import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory import engine as package
from cairn.observatory.engine import cube, extract, small, stored
from cairn.observatory.rules.series import groupings
from cairn.observatory.tests import scene

SIZES = (12, 6, 4, 3)
ROWS = 4_000


def frozen(persons: list[str] | None = None) -> tuple[extract.Extract, extract.Extract]:
    series, columns = scene.series(SIZES), scene.records(ROWS, SIZES)
    who = persons or scene.persons(ROWS)
    return (
        extract.freeze(series, who, columns, secret=scene.SECRET),
        small.freeze(series, who, columns, secret=scene.SECRET),
    )


@pytest.mark.parametrize("repeated", [False, True])
def test_duckdb_and_plain_counting_give_the_same_cube(repeated: bool) -> None:
    pytest.importorskip("duckdb")
    who = [f"invented-{number // 2 if repeated else number}" for number in range(ROWS)]
    theirs, own = frozen(who)
    assert own.digest() == theirs.digest()
    wanted = list(groupings(own.series))
    one, other = small.count(own, wanted), cube.count(theirs, wanted)
    assert stored.cube_digest(one) == stored.cube_digest(other)
    assert one.persons == other.persons == (ROWS // 2 if repeated else ROWS)


def test_what_is_stored_comes_back() -> None:
    _theirs, own = frozen()
    again = stored.unpack_extract(stored.pack_extract(own))
    assert again.digest() == own.digest()
    counted = small.count(own, [("column01", "column02")])
    back = stored.unpack_cube(stored.pack_cube(counted))
    assert stored.cube_digest(back) == stored.cube_digest(counted)
    assert back.persons == ROWS


def test_the_order_of_records_says_nothing() -> None:
    _theirs, own = frozen()
    order = np.random.default_rng(1).permutation(ROWS)
    shuffled = extract.Extract(
        own.series,
        {name: column[order] for name, column in own.columns.items()},
        own.keys[order],
    )
    assert shuffled.digest() != own.digest()
    assert stored.in_order(shuffled).digest() == stored.in_order(own).digest()


def test_more_records_than_fit_ask_for_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "MOST_RECORDS", ROWS - 1)
    with pytest.raises(RuleBroken) as refused:
        frozen()
    assert refused.value.code == "observatory.engine"
    assert "analytics" in refused.value.remedy
    monkeypatch.setattr(package, "NEEDED", ("a_package_that_is_not_there",))
    with pytest.raises(RuleBroken) as missing:
        package.check_installed()
    assert missing.value.code == "observatory.engine"


def test_codes_outside_the_list_are_refused() -> None:
    columns = scene.records(10, SIZES)
    columns["column01"][3] = "elsewhere"
    with pytest.raises(RuleBroken) as refused:
        small.freeze(scene.series(SIZES), scene.persons(10), columns, secret=scene.SECRET)
    assert refused.value.code == "observatory.code"
    assert "elsewhere" in refused.value.message
