"""The same records through Splink on DuckDB and on Spark (one machine): the same pairs."""

import importlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import extras
from bench.invented_persons import register
from bench.linkage_model import Plain

SEED = 17
MEMORY = "3g"
WORTH = 1e-6  # bits by which two engines may differ in adding the same numbers


def gathered(rows: int) -> Any:
    """Features of invented records, as they are kept, without a database."""
    from cairn.referral import linkage
    from cairn.referral.queries.matching import hashed

    made, plain = linkage.Register(), Plain()
    for _number, _visit, _who, facts in register(rows, SEED):
        made.add(UUID(int=len(made)), hashed(plain, facts).packed)  # type: ignore[arg-type]
    return made


Pairs = dict[tuple[int, int], float]


def on_duckdb(made: Any, copy: Path) -> Pairs:
    """The pairs of DuckDB; the table of records is left in `copy` for the other engine."""
    from cairn.referral import linkage

    with linkage.Engine() as engine:
        engine.take(made)
        engine.connection.execute(f"COPY records TO '{copy}' (FORMAT parquet)")
        found = engine.linker().inference.predict(
            threshold_match_weight=linkage.LEAST_WEIGHT, warning_mode="never"
        )
        rows = engine.connection.execute(
            f"SELECT unique_id_l, unique_id_r, match_weight FROM {found.physical_name}"  # noqa: S608
        ).fetchall()
    return {(left, right): weight for left, right, weight in rows}


def on_spark(copy: Path, work: Path) -> Pairs:
    """The pairs of Spark, with the same settings."""
    from cairn.referral import linkage

    sql: Any = importlib.import_module("pyspark.sql")
    backend: Any = importlib.import_module("splink.backends.spark")
    splink: Any = importlib.import_module("splink")
    options = {
        "spark.driver.memory": MEMORY,
        "spark.sql.shuffle.partitions": "8",
        "spark.default.parallelism": "8",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.local.dir": str(work),
    }
    builder = sql.SparkSession.builder.master("local[2]").appName("same pairs")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        api = backend.SparkAPI(spark_session=session, break_lineage_method="persist")
        table = api.register(session.read.parquet(str(copy)), table_name="records")
        linker = splink.Linker(table, linkage.model(), log_level=40, validate_settings=False)
        found = linker.inference.predict(
            threshold_match_weight=linkage.LEAST_WEIGHT, warning_mode="never"
        )
        rows = session.sql(
            f"SELECT unique_id_l, unique_id_r, match_weight FROM {found.physical_name}"  # noqa: S608
        ).collect()
        return {(row[0], row[1]): row[2] for row in rows}
    finally:
        session.stop()


def main(arguments: Sequence[str]) -> int:
    """`arguments`: how many records (100,000 if not said)."""
    rows = int(arguments[0]) if arguments else 100_000
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    extras.obtain()
    if shutil.which("java") is None:
        print("1 skipped: Spark needs Java (apt install default-jre-headless).")
        return 0
    import django

    django.setup()
    made = gathered(rows)
    with tempfile.TemporaryDirectory(prefix="cairn-bench-spark-") as name:
        copy = Path(name) / "records.parquet"
        began = time.perf_counter()
        duck = on_duckdb(made, copy)
        between = time.perf_counter()
        spark = on_spark(copy, Path(name))
        ended = time.perf_counter()
    other = duck.keys() ^ spark.keys()
    apart = max((abs(duck[pair] - spark[pair]) for pair in duck.keys() & spark.keys()), default=0.0)
    print(
        f"{rows:,} records: {len(duck):,} pairs on DuckDB in {between - began:.1f} s, "
        f"{len(spark):,} on Spark in {ended - between:.1f} s; {len(other)} differ, "
        f"weights by {apart:.1e} bits at most"
    )
    return 0 if duck and not other and apart <= WORTH else 1
