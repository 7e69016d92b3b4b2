"""./cairn iati-import FILE: take aid data (IATI) in, or with --dry-run say what it would do."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.portfolio.actions.iati import compare_iati, take_iati
from cairn.portfolio.queries.iati_comparison import Comparison


class Command(BaseCommand):
    help = (
        "Take the activities of this publisher in an IATI file in, all or nothing; with --dry-run "
        "say what is new, differs from the records, or cannot be read. Activities of other "
        "publishers are told of and never taken in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--most", type=int, default=1000, help="activities to tell of")
        parser.add_argument("--standard", type=Path, help="folder with the files of the standard")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["standard"] and not options["dry_run"]:
            raise CommandError("--standard goes with --dry-run: it complains, it changes nothing.")
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                given: dict[str, Any] = {"today": timezone.localdate(), "most": options["most"]}
                found = (
                    compare_iati(SYSTEM, stream, standard=options["standard"], **given)
                    if options["dry_run"]
                    else take_iati(SYSTEM, stream, **given)
                )
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror or error}") from None
        if options["format"] == "json":
            self.stdout.write(json.dumps(found.as_record(), ensure_ascii=False, indent=2))
        else:
            self._tell(found)
        if found.refusal:
            raise CommandError(
                f"{found.refusal['code']}: {found.refusal['message']} {found.refusal['remedy']}"
            )
        if not options["dry_run"] and not found.applied:
            raise CommandError(
                f"Nothing was taken in: {found.blocking} activities of this publisher are refused."
            )

    def _tell(self, found: Comparison) -> None:
        for note in found.notes:
            self.stdout.write(note)
        for line in found.lines:
            self.stdout.write(f"line {line.line}, {line.identifier}: {line.outcome}")
            for name, (before, after) in line.differences.items():
                stays = " (the record stays)" if name in line.kept else ""
                self.stdout.write(f"  {name}: {before or '-'} -> {after or '-'}{stays}")
            for each in line.complaints:
                self.stdout.write(
                    f"  line {each['line']}, {each['element']}: {each['message']} "
                    f"{each['remedy']} [{each['code']}, {each['severity']}]"
                )
            if line.foreign:
                self.stdout.write(f"  of other standards: {', '.join(line.foreign)}")
        counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
        self.stdout.write(f"{found.read} read: {counts}; {found.complaints} complaints")
        if found.applied:
            self.stdout.write("taken in")
