"""Reading in 10,000 rows: projects from CSV and XLSX, then pledges (under 20 s and 400 MB each)."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import scene
from bench.measure import measure, report

ROWS = 10_000


def import_rows(kind: str, path: str) -> dict[str, int]:
    """What is timed: read, check, compare and store one file."""
    from cairn.access.queries import SYSTEM
    from cairn.imports.actions import import_file

    with open(path, "rb") as stream:
        done = import_file(SYSTEM, kind, os.path.basename(path), stream)
    if not done.applied:
        raise RuntimeError(str(done.problems[:1]))
    return done.counts


def main(arguments: Sequence[str]) -> int:
    rows = int(arguments[0]) if arguments else ROWS
    scene.set_up()
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        projects = scene.write_projects(Path(folder) / "projects.csv", rows)
        pledges = scene.write_pledges(Path(folder) / "pledges.csv", rows)
        workbook = scene.as_xlsx(projects)
        for label, kind, path in (
            (f"{rows} projects, CSV, new", "projects", projects),
            (f"{rows} projects, XLSX, unchanged", "projects", workbook),
            (f"{rows} pledges, CSV, new", "pledges", pledges),
        ):
            measured.append(measure(label, import_rows, kind, str(path), prepare=scene.set_up))
    print(report(measured))
    return 0
