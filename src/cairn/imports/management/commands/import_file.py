"""./cairn import-file KIND FILE: read a CSV or XLSX file in, all or nothing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.access.queries import SYSTEM
from cairn.core.errors import RuleBroken
from cairn.imports.actions import Report, import_file
from cairn.imports.kinds import every_kind


class Command(BaseCommand):
    help = "Read in a file. With --dry-run only say what would happen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help="one of: " + ", ".join(k.code for k in every_kind()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                report = import_file(
                    SYSTEM, options["kind"], path.name, stream, dry_run=options["dry_run"]
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except RuleBroken as error:
            raise CommandError(f"{error.code}: {error}") from None
        if options["format"] == "json":
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if report.problems:
            raise CommandError(f"{len(report.problems)} problems, nothing was changed.")

    def _tell(self, report: Report) -> None:
        for problem in report.problems:
            self.stdout.write(
                f"row {problem['row']}, {problem['column'] or 'row'}: "
                f"{problem['message']} {problem['remedy']} [{problem['code']}]"
            )
        counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
        self.stdout.write(f"{report.kind}: {counts}" + ("" if report.applied else " (not applied)"))
