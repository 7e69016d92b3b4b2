"""./cairn backup: encrypted copies of records and of keys, proven by restoring them."""

import signal
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cairn.vault.backups import archive, making
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import KEYS, RECORDS


class Command(BaseCommand):
    help = (
        "Copy records with their files, and the key store apart from them, encrypted under the "
        "root key. Each copy is restored into an empty place and compared before it counts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--into", type=Path, metavar="DIR", help="default: backups/ in the home; better a disk "
            "of another machine",
        )  # fmt: skip
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--keys-only", action="store_true", help="only the key store")
        which.add_argument("--without-keys", action="store_true", help="only the records")
        parser.add_argument("--no-verify", action="store_true", help="do not restore it to see")
        parser.add_argument(
            "--key-days",
            type=int,
            default=making.KEY_COPY_DAYS,
            metavar="N",
            help="copies of the key store older than this are removed (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        into = (options["into"] or Path(settings.HOME) / "backups").expanduser().resolve()
        if options["key_days"] < 1:
            raise CommandError("--key-days is at least 1.")
        kinds = [KEYS] if options["keys_only"] else [RECORDS]
        if not options["keys_only"] and not options["without_keys"]:
            kinds.append(KEYS)
        signal.signal(signal.SIGTERM, _end)
        try:
            for kind in kinds:
                made = making.back_up(kind, into, verify=not options["no_verify"], tell=self._tell)
                proof = "verified by restoring it" if made.verified else "NOT VERIFIED"
                self._tell(f"{made.path}: {archive.size(made.bytes)}, {made.rows:,} rows, {proof}.")
            now = datetime.now(UTC)
            gone = making.expire_key_copies(into, days=options["key_days"], now=now)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        self._tell(f"Copies of keys older than {options['key_days']} days removed: {gone}.")
        self._tell("The root key is in none of them: keep its copy elsewhere.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Being asked to end runs the same clean-up as any other error."""
    sys.exit(128 + number)
