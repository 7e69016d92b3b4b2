"""./cairn scrub: a copy of the records that is safe for demonstrations and tests."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.vault.backups import scrubbing
from cairn.vault.backups.errors import BackupError


class Command(BaseCommand):
    help = (
        "Copy the records into a new SQLite database, each field kept, emptied, replaced by an "
        "invented value or left out, as it is declared. Without files and without keys."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--into", type=Path, required=True, metavar="DIR", help="a folder that is not there yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        into: Path = options["into"].expanduser().resolve()
        try:
            done = scrubbing.scrub(into, tell=self._tell)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        with transaction.atomic():
            audit.record(
                Actor(is_system=True), "records.scrubbed", rows=done.rows, left_out=done.left_out
            )
        self._tell(
            f"{done.path}: {done.rows:,} rows; {done.replaced} kinds of fields replaced, "
            f"{done.emptied} emptied; {done.left_out:,} rows left out."
        )
        self._tell("Texts of a programme may name people too: read the copy before you give it on.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
