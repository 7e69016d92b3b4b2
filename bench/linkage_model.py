"""Learns the model of the nightly comparison from invented records whose answers are known.

Writes the probabilities into the settings that every engine of Splink takes. The seed is another
than that of the benchmark `duplicates`, which judges the model on records it was not learnt from.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import extras
from bench.invented_persons import register

SEED = 41
RANDOM_PAIRS = 3_000_000
FLOOR = 1e-6
PRIOR = 4e-7  # that two records drawn from a register of a million are of one person

_WORDS = ("w1", "w2", "w3", "w4")
_SHARED = " + ".join(
    f"(CASE WHEN {word}_l IN ({', '.join(f'{other}_r' for other in _WORDS)}) THEN 1 ELSE 0 END)"
    for word in _WORDS
)
_KNOWN = "{0}_l IS NULL OR {0}_r IS NULL"
_SAME = "{0}_l = {0}_r"


def _plain(name: str) -> tuple[str, list[tuple[str, str]]]:
    return name, [("null", _KNOWN.format(name)), ("same", _SAME.format(name)), ("else", "ELSE")]


COMPARISONS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "names",
        [
            ("three words", f"{_SHARED} >= 3"),
            ("all of two", f"{_SHARED} = 2 AND least(words_l, words_r) <= 2"),
            ("two words", f"{_SHARED} = 2"),
            ("the only word", f"{_SHARED} = 1 AND least(words_l, words_r) <= 1"),
            ("one word", f"{_SHARED} = 1"),
            ("else", "ELSE"),
        ],
    ),
    (
        "birth",
        [
            ("null", _KNOWN.format("year")),
            ("day", _SAME.format("born")),
            ("swapped", _SAME.format("folded")),
            ("year only", "year_l = year_r AND (born_l IS NULL OR born_r IS NULL)"),
            ("year", "year_l = year_r"),
            ("day of another year", _SAME.format("turning")),
            ("else", "ELSE"),
        ],
    ),
    *(_plain(name) for name in ("sex", "nationality", "paper", "phone", "mother")),
]


def count(connection: Any, pairs: str) -> dict[str, Counter[str]]:
    """Comparison -> label of level -> pairs, over the rows of the query `pairs` (left, right)."""
    cases = ", ".join(
        "CASE "
        + " ".join(f"WHEN {sql} THEN '{label}'" for label, sql in levels if sql != "ELSE")
        + f" ELSE 'else' END AS {name}"
        for name, levels in COMPARISONS
    )
    columns = [each[0] for each in connection.execute("DESCRIBE records").fetchall()]
    sides = ", ".join(f"{s}.{c} AS {c}_{s}" for s in "lr" for c in columns if c != "keys")
    joined = (
        f"SELECT {sides} FROM ({pairs}) AS pair JOIN records AS l ON l.unique_id = pair.one "  # noqa: S608
        "JOIN records AS r ON r.unique_id = pair.other"
    )
    connection.execute(f"CREATE OR REPLACE TABLE levels AS SELECT {cases} FROM ({joined})")  # noqa: S608
    return {
        name: Counter(
            dict(
                connection.execute(
                    f"SELECT {name}, count(*) FROM levels GROUP BY {name}"  # noqa: S608
                ).fetchall()
            )
        )
        for name, _levels in COMPARISONS
    }


def settings(same: dict[str, Counter[str]], chance: dict[str, Counter[str]]) -> dict[str, Any]:
    """Splink's settings: of each level how often it holds for one person and for any two."""
    comparisons = []
    for name, levels in COMPARISONS:
        made: list[dict[str, Any]] = []
        known = [label for label, _sql in levels if label != "null"]
        sums = [max(1, sum(each[name][label] for label in known)) for each in (same, chance)]
        for label, sql in levels:
            level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": label}
            if label == "null":
                level["is_null_level"] = True
            else:
                level["m_probability"] = round(max(FLOOR, same[name][label] / sums[0]), 6)
                level["u_probability"] = round(max(FLOOR, chance[name][label] / sums[1]), 9)
            made.append(level)
        comparisons.append({"output_column_name": name, "comparison_levels": made})
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": PRIOR,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]}
        ],
        "comparisons": comparisons,
    }


class Plain:
    """Marks without the vault's key: enough to learn from, as only equality counts."""

    def mark(self, text: str) -> int:
        code = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(code, "big", signed=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench linkage-model")
    parser.add_argument("rows", nargs="?", type=int, default=60_000)
    rows = parser.parse_args(arguments).rows
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    extras.obtain()
    import django

    django.setup()
    from cairn.referral import linkage
    from cairn.referral.queries.matching import hashed

    made, owners, plain = linkage.Register(), [], Plain()
    for number, _visit, _who, facts in register(rows, SEED):
        made.add(UUID(int=len(made)), hashed(plain, facts).packed)  # type: ignore[arg-type]
        owners.append(number)
    with linkage.Engine() as engine:
        engine.take(made)
        engine.connection.execute("CREATE TABLE owners (row BIGINT, owner BIGINT)")
        engine.connection.executemany("INSERT INTO owners VALUES (?, ?)", list(enumerate(owners)))
        same = count(
            engine.connection,
            "SELECT a.row AS one, b.row AS other FROM owners AS a JOIN owners AS b "
            "ON a.owner = b.owner AND a.row < b.row",
        )
        engine.connection.execute("SELECT setseed(0.5)")
        times = max(1, RANDOM_PAIRS // rows)
        any_two = count(
            engine.connection,
            f"SELECT row AS one, (row + 1 + floor(random() * {rows - 1})::BIGINT) % {rows} "  # noqa: S608
            f"AS other FROM owners, range({times})",
        )
    text = json.dumps(settings(same, any_two), indent=1, ensure_ascii=False)
    linkage.SETTINGS.write_text(text + "\n")
    for name, levels in COMPARISONS:
        print(name, {label: (same[name][label], any_two[name][label]) for label, _sql in levels})
    return 0
