"""The nightly half of the benchmark `duplicates`: everything compared with everything by Splink."""

import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import measure
from bench.rows import row_of

TARGET_PRECISION = 0.95
TARGET_SECONDS = 60.0
TARGET_MIB = 2_048.0

Pair = tuple[int, int, int]  # two numbers of records, and how many share their rarest key


def link_register(organisation_id: str, truth: str, folder: str) -> dict[str, float]:
    """In a process of its own: gather, link, judge; what was right."""
    if folder:
        sys.path.append(folder)
    from cairn.referral import linkage

    owners = array("Q", Path(truth).read_bytes())
    began = time.perf_counter()
    register = linkage.gathered(UUID(organisation_id))
    gathered = time.perf_counter()
    whose = array("Q", (_owner(owners, register.id_of(at)) for at in range(len(register))))
    found: Counter[str] = Counter()
    with linkage.Engine() as engine:
        started = time.perf_counter()
        engine.take(register)
        register.drop_keys()
        taken = time.perf_counter()
        pairs = engine.pairs()
        first = next(pairs, None)
        linked = time.perf_counter()
        for left, other, _comparison in linkage.judged(
            register, _noted(first, pairs, whose, found)
        ):
            found["pairs"] += 1
            found["right"] += whose[left] == whose[other]
    judged = time.perf_counter()
    return {
        "gather": gathered - began,
        "take": taken - started,
        "link": linked - taken,
        "judge": judged - linked,
        "candidates": found["candidates"],
        "engine_precision": found["engine_right"] / max(1, found["candidates"]),
        "engine_right": found["engine_right"],
        "pairs": found["pairs"],
        "right": found["right"],
    }


def _owner(owners: Sequence[int], own: UUID) -> int:
    """Whose record this is; one that the benchmark did not make is nobody else's."""
    row = row_of(own)
    return owners[row] if row < len(owners) else len(owners) * 10


def _noted(
    first: Pair | None, others: Iterator[Pair], whose: Sequence[int], found: Counter[str]
) -> Iterator[Pair]:
    """The pairs of the engine one after the other, as at night; counted on their way."""
    for left, other, holders in chain([first] if first else [], others):
        found["candidates"] += 1
        found["engine_right"] += whose[left] == whose[other]
        yield left, other, holders


def true_pairs(owners: Sequence[int]) -> int:
    """How many pairs of records are of one person."""
    counts: dict[int, int] = {}
    for owner in owners:
        counts[owner] = counts.get(owner, 0) + 1
    return sum(count * (count - 1) // 2 for count in counts.values())


def overnight(organisation: Any, owner: Sequence[int], folder: str) -> bool:
    """Compare everything with everything, and say how fast, how large and how right."""
    import django
    from django.db import connections

    with tempfile.NamedTemporaryFile(suffix=".truth") as truth:
        Path(truth.name).write_bytes(array("Q", owner).tobytes())
        for each in connections.all():
            each.close()
        measured = measure.measure(
            "register", link_register, str(organisation.pk), truth.name, folder,
            prepare=django.setup,
        )  # fmt: skip
    got, wanted = measured.answer, true_pairs(owner)
    seconds = got["take"] + got["link"] + got["judge"]
    precision = got["right"] / max(1, got["pairs"])
    print(
        f"\nThe whole register, {len(owner):,} records, {wanted:,} true pairs\n"
        f"  read and uncovered {got['gather']:7.1f} s\n"
        f"  into DuckDB        {got['take']:7.1f} s\n"
        f"  Splink             {got['link']:7.1f} s, {got['candidates']:,.0f} pairs, precision "
        f"{got['engine_precision']:.3f}, recall {got['engine_right'] / wanted:.3f}\n"
        f"  judged             {got['judge']:7.1f} s, {got['pairs']:,.0f} pairs, precision "
        f"{precision:.3f} (at least {TARGET_PRECISION}), recall {got['right'] / wanted:.3f}\n"
        f"  linked in {seconds:.1f} s (at most {TARGET_SECONDS:.0f}), {measured.wall_s:.1f} s with "
        f"reading; {measured.peak_mib:,.0f} MiB (at most {TARGET_MIB:,.0f})"
    )
    return (
        precision >= TARGET_PRECISION
        and seconds <= TARGET_SECONDS
        and measured.peak_mib <= TARGET_MIB
    )
