"""Hidden tables and the attack on them. Where a protection is switched off, the attack succeeds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.attack import Audit, attack, check_audit
from cairn.observatory.rules.noise import default_protection
from cairn.observatory.rules.releases import Release, exact_release, noised_release
from cairn.observatory.rules.series import Thresholds
from cairn.observatory.rules.suppression import Pattern, suppress
from cairn.observatory.rules.tables import Cell, Table, as_counts, cell, linked
from cairn.observatory.tests.tables_scene import (
    AGE,
    AREA,
    REGIONS,
    SEX,
    counted,
    drawn,
    everybody,
    spread,
    table,
)

K = 10


def hidden(tables: list[Table], counts: dict[Cell, int], *, complementary: bool = True) -> Pattern:
    return suppress(linked(tables), counts, K, complementary=complementary)


def attacked(tables: list[Table], pattern: Pattern) -> Audit:
    return attack([exact_release("first", "2024", tables, pattern.shown())], Thresholds())


def test_margins_and_wider_codes_are_sums_of_their_parts() -> None:
    given_table = table(REGIONS, SEX)
    counts = drawn(given_table, 1)
    sums = linked([given_table])
    assert len(sums.cells) == (1 + 2 + 7) * (1 + 3)
    assert not np.any(sums.matrix @ as_counts(sums, counts))
    counts[cell([("area", "r0")])] += 1
    with pytest.raises(ValueError, match="do not add up"):
        as_counts(sums, counts)


def test_one_hidden_cell_in_a_row_is_found_and_two_are_not() -> None:
    given_table = table(AREA, SEX)
    counts = counted(given_table, [3, 20, 30, 40, 25, 35, 45, 50, 60, 15, 22, 33])
    alone = attacked([given_table], hidden([given_table], counts, complementary=False))
    assert [(each.least, each.is_exact) for each in alone.found] == [(3, True)]
    assert "area 0, sex 0 (2024): exactly 3" in alone.found[0].sentence
    with pytest.raises(RuleBroken, match="exactly 3") as refused:
        check_audit(alone)
    assert refused.value.code == "observatory.attack"

    pattern = hidden([given_table], counts)
    assert pattern.small.sum() == 1
    assert pattern.complement.sum() == 3
    audit = attacked([given_table], pattern)
    check_audit(audit)
    assert (audit.found, audit.proved_small, audit.hidden) == ((), (), 4)
    assert audit.sentences() == ["The attack found none of 4 hidden groups exactly."]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_nothing_small_is_found_nor_proved_small(seed: int) -> None:
    given_table = table(AREA, SEX)
    counts = drawn(given_table, seed)
    pattern = hidden([given_table], counts)
    shown = pattern.shown()
    assert all(number is None or number >= K for number in shown.values())
    audit = attacked([given_table], pattern)
    assert audit.found == audit.proved_small == ()


@pytest.mark.parametrize("seed", range(4))
def test_tables_with_wider_codes_and_three_columns_hold(seed: int) -> None:
    tables = [table(REGIONS, SEX, AGE)]
    counts = drawn(tables[0], seed)
    audit = attacked(tables, hidden(tables, counts))
    assert audit.found == ()
    assert audit.hidden


def test_switched_off_wider_codes_give_small_areas_away() -> None:
    tables = [table(REGIONS, SEX)]
    found = [
        len(attacked(tables, hidden(tables, drawn(tables[0], seed), complementary=False)).found)
        for seed in range(4)
    ]
    assert sum(found) > 0


def linked_tables(seed: int) -> tuple[list[Table], dict[Cell, int]]:
    persons = everybody(seed)
    pairs = [(AREA, SEX), (AREA, AGE), (SEX, AGE)]
    tables = [table(*pair, name=pair[0].name + pair[1].name) for pair in pairs]
    counts: dict[Cell, int] = {}
    for each in tables:
        counts |= each.filled(spread(persons, *each.dimensions))
    return tables, counts


@pytest.mark.parametrize("seed", range(4))
def test_tables_that_share_margins_are_hidden_together(seed: int) -> None:
    tables, counts = linked_tables(seed)
    assert attacked(tables, hidden(tables, counts)).found == ()


def test_tables_hidden_each_for_itself_give_each_other_away() -> None:
    """The mutation: linked tables that do not know of each other.

    Area 0 has 6 persons. By sex it is cheapest to hide area 1 with it, by age area 2: what one
    table hides the other one shows.
    """
    by_sex, by_age = table(AREA, SEX, name="by sex"), table(AREA, AGE, name="by age")
    rest = [30, 30, 30]
    first = counted(by_sex, [2, 2, 2, 5, 5, 50, 20, 20, 30, *rest])
    second = counted(by_age, [2, 2, 2, 20, 20, 20, 5, 5, 60, *rest])
    releases = [
        exact_release("by sex", "2024", [by_sex], hidden([by_sex], first).shown()),
        exact_release("by age", "2024", [by_age], hidden([by_age], second).shown()),
    ]
    assert all(attack([each], Thresholds()).passes for each in releases)
    found = attack(releases, Thresholds()).found
    assert (found[0].least, found[0].who) == (6, "area 0 (2024)")
    tables = [by_sex, by_age]
    assert attacked(tables, hidden(tables, first | second)).passes


def test_zeros_are_hidden_unless_everybody_knows_them() -> None:
    given_table = table(AREA, SEX)
    counts = counted(given_table, [0, 20, 30, 40, 25, 35, 45, 50, 60, 15, 22, 33])
    nobody = cell([("area", "c000"), ("sex", "c000")])
    assert hidden([given_table], counts).shown()[nobody] is None
    known = suppress(linked([given_table]), counts, K, zeros_shown=frozenset({nobody}))
    assert known.shown()[nobody] == 0
    assert not known.hidden.any()
    # Switched off: a zero that alone is hidden is found as surely as a three.
    audit = attacked([given_table], hidden([given_table], counts, complementary=False))
    assert [each.least for each in audit.found] == [0]


def test_a_cell_that_is_impossible_hides_nobody() -> None:
    nobody = cell([("area", "c000"), ("sex", "c000")])
    given_table = Table("table", (AREA, SEX), frozenset({nobody}))
    counts = counted(given_table, [0, 3, 30, 40, 25, 35, 45, 50, 60, 15, 22, 33])
    sums = linked([given_table])
    pattern = suppress(sums, counts, K, zeros_shown=frozenset({nobody}))
    assert attacked([given_table], pattern).passes
    # The row holds 0, 3 and 30: with the zero known, the 30 must go as well.
    assert pattern.shown()[cell([("area", "c000"), ("sex", "unknown")])] is None


def test_marking_small_cells_apart_tells_more() -> None:
    given_table = table(AREA, SEX)
    counts = counted(given_table, [9, 11, 30, 10, 40, 35, 45, 50, 60, 15, 22, 33])
    pattern = hidden([given_table], counts)
    small = {at for at, is_small in zip(pattern.sums.cells, pattern.small, strict=True) if is_small}
    marked = exact_release(
        "marked", "2024", [given_table], pattern.shown(), marked_small=dict.fromkeys(small, K)
    )
    audit = attack([marked], Thresholds())
    assert len(audit.found) + len(audit.proved_small) >= len(small) > 0
    assert attacked([given_table], pattern).proved_small == ()


def test_of_a_table_of_too_few_persons_nothing_is_left() -> None:
    given_table = table(AREA, SEX)
    counts = counted(given_table, [2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    pattern = hidden([given_table], counts)
    assert set(pattern.shown().values()) == {None}
    assert attacked([given_table], pattern).passes


def noised(given_table: Table, counts: dict[Cell, int], **broken: object) -> Release:
    protection = replace(default_protection(), **broken)  # type: ignore[arg-type]
    lots = np.random.default_rng(3).integers(0, 2**64, len(counts), np.uint64)
    values = protection.shown(np.array(list(counts.values())), lots)
    shown = dict(zip(counts, values.tolist(), strict=True))
    return noised_release("noised", "2024", [given_table], shown, dict.fromkeys(counts, protection))


def test_noise_and_rounding_leave_nothing_to_be_found_and_without_them_it_is() -> None:
    given_table = table(REGIONS, SEX)
    counts = drawn(given_table, 2, mean=30)
    assert attack([noised(given_table, counts)], Thresholds()).passes
    bare = attack([noised(given_table, counts, noise=None, base=1)], Thresholds())
    assert bare.found
    for each in bare.found:
        assert counts[each.group[1]] == each.least


def test_releases_that_contradict_each_other_are_an_error() -> None:
    given_table = table(AREA, SEX)
    counts = drawn(given_table, 7, mean=60)
    wrong = {at: number + 1 for at, number in counts.items()}
    with pytest.raises(ValueError, match="contradicts"):
        attack([exact_release("wrong", "2024", [given_table], wrong)], Thresholds())
