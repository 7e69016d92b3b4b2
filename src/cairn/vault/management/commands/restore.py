"""./cairn restore: put copies back into an empty place, and say what stays shut."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.vault.backups import manifest, restoring
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.restoring import Restored


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty place: a folder, or a PostgreSQL database. Nothing is "
        "overwritten. Keys that were destroyed since the backup are destroyed again."
    )
    # The database of this installation may be the one that is lost.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="an archive, or its sheet")
        parser.add_argument(
            "--into",
            required=True,
            metavar="URL-or-HOME",
            help="a folder to become an installation's home, or postgres://user@host/name",
        )
        parser.add_argument(
            "--keys", type=Path, metavar="FILE", help="the copy of the key store to put back too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, into = manifest.archive_of(options["file"].resolve()), options["into"]
        keys = options["keys"] and manifest.archive_of(options["keys"].resolve())
        try:
            place = restoring.target(into)
            if keys is None and manifest.read(path).kind == manifest.KEYS:
                again = restoring.restore_keys(path, place, tell=self._tell)
                self._tell("The key store is back.")
                self._destroyed(again)
                return
            done = restoring.restore(path, place, keys, tell=self._tell)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        self._report(done)

    def _report(self, done: Restored) -> None:
        self._tell(
            f"Restored the records of {done.made_at}: {done.rows:,} rows, {done.files:,} files, "
            f"{done.entries:,} audit entries, chain whole."
        )
        if done.migrated:
            self._tell(f"The copy was older: {done.migrated} migrations applied.")
        self._tell("Everybody has to sign in anew.")
        if done.key_copy:
            self._tell(f"Restored the key store of {done.key_copy}.")
            self._destroyed(done.destroyed_again)
        readable = done.sealed - sum(done.shut.values())
        self._tell(f"Sealed records: {done.sealed:,}; readable: {readable:,}.")
        if count := done.shut.get("erased"):
            self._tell(
                f"  {count:,} cannot be read, as their keys were destroyed. What stands beside "
                "their sealed values is back: erase it again."
            )
        if count := done.shut.get("no-key"):
            self._tell(f"  {count:,} cannot be read, as their keys are not here.")
        self._tell("The root key was not in the backup: put its copy in place before you start.")

    def _destroyed(self, again: int) -> None:
        self._tell(f"Keys destroyed since that copy, and destroyed again now: {again:,}.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
