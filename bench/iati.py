"""Aid data: 5,000 activities out and in, against a bare lxml walk (at most 4 times); 100 MB flat.

Out is from the database to the file, in with every complaint. Holding a file against the database
reads both, so it stands for itself. Times are of the processor. Seen on a shared machine with two
cores: database to file 3.7 to 4.4 times the walk, records to file 0.8 to 1.0, in 2.0, 100 MB in
1.8 to 2.0 times its walk and 1 MiB above its memory.
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from bench import scene
from bench.measure import Measurement, measure, report

ROWS = 5_000
LARGE = 100 * 1024 * 1024
MOST_GROWTH = 32  # MiB above the bare walk of the same 100 MB
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def fill(count: int) -> None:
    """`count` projects with what a file tells of them: money in steps, results, places."""
    scene.set_up()
    from cairn.portfolio.models import (
        Agreement,
        Expenditure,
        Indicator,
        Measurement,
        Pledge,
        Project,
        Receipt,
        Result,
    )

    scene.load(count)
    Project.objects.update(
        publication="public", starts="2024-02", ends="2026-01", objectives="Invented objective."
    )
    pledges = list(Pledge.objects.all())
    agreements = Agreement.objects.bulk_create(
        Agreement(pledge=each, reference=f"A{place}", signed_on=date(2024, 3, 1),
                  amount=each.amount, usd=each.usd)
        for place, each in enumerate(pledges)
    )  # fmt: skip
    Receipt.objects.bulk_create(
        Receipt(agreement=each, received_on=date(2024, month, 1), amount=100, usd=100)
        for each in agreements
        for month in range(4, 8)
    )
    Expenditure.objects.bulk_create(
        Expenditure(agreement=each, spent_on=date(2025, month, 1), amount=50, usd=50)
        for each in agreements
        for month in range(1, 11)
    )
    results = Result.objects.bulk_create(
        Result(project=each, level="output", number="1", statement="Invented output")
        for each in Project.objects.all()
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(result=each, number=f"1.{place}", name="Invented indicator", unit="laws",
                  target=Decimal(20))
        for each in results
        for place in range(3)
    )  # fmt: skip
    Measurement.objects.bulk_create(
        Measurement(indicator=each, period_start=f"{year}-01", period_end=f"{year}-12",
                    value=Decimal(12), source="invented", recorded_at=NOW)
        for each in indicators
        for year in (2024, 2025)
    )  # fmt: skip


def records() -> list[Any]:
    from cairn.portfolio.exports import iati
    from cairn.portfolio.queries import iati as queries
    from cairn.portfolio.queries.listing import Filters

    found = queries.published(Filters())
    return list(queries.activities(found, iati.publisher(), today=NOW.date()))


_HELD: list[Any] = []


def hold() -> None:
    """The records in this process, before anything is timed."""
    import django

    django.setup()
    _HELD.extend(records())


def walk(path: str) -> int:
    """The floor: every element is met and its text and attributes are touched, nothing is kept."""
    from lxml import etree

    met = 0
    for _event, activity in etree.iterparse(path, tag="iati-activity"):
        for node in activity.iter("*"):
            met += 1
            _ = node.tag, node.text, node.items()
        activity.clear()
        while activity.getprevious() is not None:
            del activity.getparent()[0]
    return met


def write(path: str) -> int:
    """From records to the file."""
    from cairn.portfolio.exports import iati
    from cairn.portfolio.iati.writing import activities_file

    with open(path, "wb") as stream:
        stream.writelines(activities_file(iati.publisher(), _HELD, now=NOW))
    return len(_HELD)


def export(path: str) -> int:
    """From the database to the file, a chunk at a time."""
    from cairn.portfolio.exports import iati

    with open(path, "wb") as stream:
        stream.writelines(iati.every_activity(now=NOW))
    return Path(path).stat().st_size


def read(path: str) -> int:
    """Every activity read with all complaints."""
    from cairn.portfolio.iati.parsing import Document
    from cairn.portfolio.iati.reading import read_activity

    with open(path, "rb") as stream:
        return sum(len(read_activity(each).complaints) + 1 for each in Document(stream))


def compare(path: str) -> dict[str, int]:
    """Every activity read and held against its record."""
    from cairn.access.queries import SYSTEM
    from cairn.portfolio.queries.iati_comparison import compare as held

    with open(path, "rb") as stream:
        return held(SYSTEM, stream, today=NOW.date()).counts


def enlarge(source: Path, target: Path) -> None:
    """The same activities again and again, until the file has 100 MB."""
    content = source.read_bytes()
    start, end = content.index(b"<iati-activity "), content.index(b"</iati-activities>")
    with target.open("wb") as stream:
        stream.write(content[:start])
        while stream.tell() < LARGE:
            stream.write(content[start:end])
        stream.write(content[end:])


def set_up_django() -> None:
    import django

    django.setup()


def times(each: Measurement, floor: Measurement) -> float:
    """How many times the processor time of the walk."""
    return each.cpu_s / floor.cpu_s


def main(arguments: Sequence[str]) -> int:
    rows = int(arguments[0]) if arguments else ROWS
    fill(rows)
    with tempfile.TemporaryDirectory() as folder:
        path, large = Path(folder) / "activities.xml", Path(folder) / "large.xml"
        exported = measure("database to file", export, str(path), prepare=set_up_django)
        enlarge(path, large)
        ready = partial(measure, prepare=set_up_django)
        floor = ready(f"bare walk, {rows} activities", walk, str(path))
        written = measure("records to file", write, f"{folder}/w.xml", prepare=hold)
        taken = ready("file to records, all complaints", read, str(path))
        held = ready("file held against the database", compare, str(path))
        floor_large = ready("bare walk, 100 MB", walk, str(large))
        taken_large = ready("100 MB read, all complaints", read, str(large))
    lines = [exported, floor, written, taken, held, floor_large, taken_large]
    print(report(lines))
    for each in (exported, written, taken, held):
        speed = rows / each.cpu_s
        print(f"{each.label}: {speed:,.0f} activities/s, {times(each, floor):.1f} x the walk")
    print(
        f"100 MB: {times(taken_large, floor_large):.1f} x the walk, "
        f"{taken_large.peak_mib:.0f} MiB, the walk {floor_large.peak_mib:.0f} MiB"
    )
    assert held.answer["unchanged"] == rows, held.answer
    is_slow = max(times(each, floor) for each in (exported, written, taken)) > 4
    return int(is_slow or taken_large.peak_mib - floor_large.peak_mib > MOST_GROWTH)
