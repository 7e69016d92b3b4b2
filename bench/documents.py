"""Documents: 49 projects as PDF (under 2 s), and 5,000 invented ones (under 60 s and 1 GB)."""

import sys
from collections.abc import Sequence
from datetime import date

from bench import scene
from bench.measure import measure, report

TODAY = date(2026, 1, 1)
MANY = 5_000


def load_real() -> None:
    from cairn.access.queries import SYSTEM
    from cairn.portfolio.actions.seed import load_seed

    load_seed(SYSTEM)


def tell(done: int, total: int, what: str) -> None:
    print(f"\r{what}: {done} of {total}   ", end="", file=sys.stderr, flush=True)


def folder() -> int:
    """Bytes of the partnership folder as PDF."""
    from cairn.access.queries import SYSTEM
    from cairn.portfolio import reports

    return len(reports.folder(SYSTEM, "pdf", "en", today=TODAY, progress=tell))


def pages() -> int:
    """How many project pages were made as PDF."""
    from cairn.access.queries import SYSTEM
    from cairn.portfolio import reports

    return sum(1 for _ in reports.project_pages(SYSTEM, "en", today=TODAY, progress=tell))


def main(arguments: Sequence[str]) -> int:
    many = int(arguments[0]) if arguments else MANY
    scene.set_up()
    load_real()
    measured = [
        measure("49 real projects, folder", folder, runs=3, prepare=scene.set_up),
        measure("49 real projects, pages", pages, runs=3, prepare=scene.set_up),
    ]
    from cairn.portfolio.models import Project

    Project.objects.update(part_of=None)
    scene.load(many)
    measured.append(measure(f"{many} invented projects, folder", folder, prepare=scene.set_up))
    print(file=sys.stderr)
    print(report(measured))
    return 0
