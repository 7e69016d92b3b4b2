"""Invented portfolios for benchmarks: visibly invented, the same for the same size."""

import csv
import random
from pathlib import Path

SEED = 20
PLACES = (
    "Nepal", "Senegal", "Jordan", "South Sudan", "Sudan", "Kenya|Ethiopia", "Lao PDR", "Colombia",
    "Global", "AU Member States", "five pilot countries in Latin America", "Côte d'Ivoire|Guinea",
    "Viet Nam", "Ukraine", "Haiti", "Bangladesh", "Mali|Niger|Burkina Faso", "Albania", "Peru",
)  # fmt: skip
DONORS = ("Norway", "Sweden", "Japan", "Canada", "European Commission", "United States of America")
OUTLINE = "This project is invented for measuring. It trains officers who do not exist. " * 4


def set_up() -> None:
    """Django and an empty, migrated database in this process. Not timed."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def write_projects(path: Path, count: int) -> Path:
    """A CSV file of `count` projects as the import takes it."""
    chance = random.Random(SEED)  # noqa: S311 - figures of a benchmark
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["id", "code", "title", "countries", "region_as_printed", "duration_years",
             "budget_usd", "shortfall_usd_as_printed", "as_printed_note"]
        )  # fmt: skip
        for number in range(1, count + 1):
            budget = chance.randrange(50_000, 5_000_000)
            shortfall = "" if number % 20 else budget // 10  # one in twenty does not add up
            writer.writerow(
                [f"X{number:05}", f"INV{number:05}", f"Invented project {number:05}",
                 PLACES[number % len(PLACES)], "", 2, budget, shortfall, ""]
            )  # fmt: skip
    return path


def write_pledges(path: Path, count: int) -> Path:
    """A CSV file of one pledge to each of `count` projects."""
    chance = random.Random(SEED + 1)  # noqa: S311 - figures of a benchmark
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["project_id", "donor", "amount_usd"])
        for number in range(1, count + 1):
            writer.writerow(
                [f"X{number:05}", DONORS[number % len(DONORS)], chance.randrange(1_000, 50_000)]
            )
    return path


def as_xlsx(source: Path) -> Path:
    """The same table as a workbook."""
    from cairn.core.tables import Sheet, write_xlsx

    target = source.with_suffix(".xlsx")
    with source.open(encoding="utf-8", newline="") as stream:
        columns, *rows = csv.reader(stream)
        with target.open("wb") as out:
            write_xlsx(out, [Sheet("projects", columns, rows)], title="invented")
    return target


def load(count: int) -> None:
    """Put `count` invented projects with outlines and pledges into the database."""
    import tempfile

    from cairn.access.queries import SYSTEM
    from cairn.imports.actions import import_file
    from cairn.portfolio.models import Project

    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("projects", write_projects), ("pledges", write_pledges)):
            path = write(Path(folder) / f"{kind}.csv", count)
            with path.open("rb") as stream:
                report = import_file(SYSTEM, kind, path.name, stream)
            if not report.applied:
                raise RuntimeError(f"{kind}: {report.problems[:1]}")
    Project.objects.update(outline=OUTLINE, objectives=OUTLINE[:160])
