"""Cube: all counts up to 3 of 12 columns, counted, protected and attacked, beside plain DuckDB.

Linked columns, 8 % not known, from a fixed seed; both sides start from the same strings in memory.
One run on two cores with nine others waiting for them, November 2026, processor time: counts alone
17.9 s in 1,842 MiB, counted and protected 10.7 s in 1,938 MiB, the attack not to be told from it.
371,830 cells, 99.85 % of the mass kept, mean error 3.9 %, none of 101,105 hidden cells found
exactly, 50 proved small. Of 100,000 persons: 2.6 s in 1,074 MiB; pac-synth 0.0.8 (up to three
columns, epsilon 8) 45.2 s in 2,446 MiB.
"""

import argparse
import importlib.util
from collections.abc import Sequence
from typing import Any

from bench.measure import measure, report

ROWS = 1_000_000
PAC_ROWS = 100_000
MOST_RATIO = 2.0
LIMIT_MIB = 2048

# What a run starts from, set by its own `prepare`.
ready: dict[str, Any] = {}


class Prepared:
    """Makes the records; can be sent to the process that is measured."""

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def __call__(self) -> None:
        import django
        import pyarrow

        from cairn.observatory.tests import scene

        django.setup()
        series = scene.series()
        ready["series"] = series
        ready["persons"] = scene.persons(self.rows)
        ready["columns"] = {
            name: pyarrow.array(series.by_name[name].leaves).take(pyarrow.array(chosen))
            for name, chosen in scene.places(self.rows).items()
        }


def plain() -> int:
    """The counts alone, in the engine's own words: how many cells."""
    import duckdb
    import pyarrow

    from cairn.observatory.rules.series import groupings

    sets = ",".join(f"({','.join(names)})" for names in groupings(ready["series"]))
    connection = duckdb.connect(config={"threads": 2})
    connection.register("records", pyarrow.table(ready["columns"]))
    query = f"select {','.join(ready['columns'])}, count(*) as persons from records"  # noqa: S608 - own names
    return int(connection.sql(f"{query} group by grouping sets ({sets})").to_arrow_table().num_rows)


def made() -> Any:
    """Frozen, counted with keys and protected."""
    from cairn.observatory.engine.cube import count, protect
    from cairn.observatory.engine.extract import freeze
    from cairn.observatory.rules.noise import default_protection
    from cairn.observatory.rules.series import Thresholds, groupings
    from cairn.observatory.tests.scene import SECRET

    series = ready["series"]
    extract = freeze(series, ready["persons"], ready["columns"], secret=SECRET)
    cube = count(extract, list(groupings(series)))
    return protect(cube, Thresholds(), default_protection())


def protected() -> int:
    return sum(len(values) for values in made().values.values())


def attacked() -> dict[str, float]:
    """The same and then the attack on all of it, with what the protection cost."""
    import numpy as np

    from cairn.observatory.engine.cube import audit, quality_of

    found = made()
    verdict, cost = audit(found), quality_of(found)
    unlike = [
        float(np.mean(values[values >= 0] != cells.counts[values >= 0]))
        for values, cells in zip(found.values.values(), found.cube.cells.values(), strict=True)
        if np.any(values >= 0)
    ]
    return {
        "exact": len(verdict.exact),
        "hidden": verdict.hidden,
        "proved_small": verdict.proved_small,
        "shown": cost.shown,
        "kept": cost.kept,
        "mean_error": cost.mean_error,
        "moved": sum(unlike) / len(unlike),
    }


def pac_synth() -> int:
    """Counts up to three columns with noise, as that library fits them: how many it keeps.

    In its own words at epsilon 8, the least protection that the study tried.
    """
    import pacsynth  # type: ignore[import-not-found,unused-ignore]

    columns = {name: each.to_pylist() for name, each in ready["columns"].items()}
    lines = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    wanted = pacsynth.DpAggregateSeededParametersBuilder().reporting_length(3).epsilon(8.0)
    found = pacsynth.DpAggregateSeededSynthesizer(wanted.build())
    found.fit(pacsynth.Dataset(lines))
    return len(found.get_dp_aggregates(";"))


def beside_pac_synth(rows: int) -> str:
    """Both on fewer records: the other one ends at 19 GB with a million (exchange study, d)."""
    if importlib.util.find_spec("pacsynth") is None:
        return "pac-synth is not here: pip install -r bench/requirements-pac-synth.txt."
    prepare = Prepared(min(rows, PAC_ROWS))
    ours = measure("counted and protected", protected, prepare=prepare)
    other = measure("pac-synth, fitted", pac_synth, prepare=prepare)
    return f"\n{prepare.rows:,} persons:\n" + report([ours, other], baseline=ours)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench cube", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args(arguments).rows
    from cairn.observatory.engine import NEEDED

    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        print(f"This needs the extra `analytics`: {', '.join(missing)}.")
        return 2
    prepare = Prepared(rows)
    base = measure("DuckDB, counts alone", plain, prepare=prepare)
    ours = measure("counted and protected", protected, prepare=prepare)
    whole = measure("and attacked", attacked, prepare=prepare)
    print(report([base, ours, whole], baseline=base))
    found = whole.answer
    print(
        f"{rows:,} persons, {ours.answer:,} cells that hold anybody, {found['shown']:,} shown; "
        f"{found['kept']:.2%} of the mass kept, mean error {found['mean_error']:.1%}, "
        f"{found['moved']:.0%} of shown figures moved.\n"
        f"Attack on {found['hidden']:,} hidden cells: {found['exact']} small cells found exactly, "
        f"{found['proved_small']:,} proved small."
    )
    print(beside_pac_synth(rows))
    wrong = []
    if ours.ratio(base) > MOST_RATIO:
        wrong.append(f"It takes more than {MOST_RATIO:g} times the counts alone.")
    if ours.peak_mib >= LIMIT_MIB:
        wrong.append(f"It takes {LIMIT_MIB} MiB or more.")
    if found["exact"]:
        wrong.append("Small cells can be found exactly.")
    print("\n".join(wrong) or "Within twice the time and 2 GB, and nothing small is found.")
    return 1 if wrong else 0
