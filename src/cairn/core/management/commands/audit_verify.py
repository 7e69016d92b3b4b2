"""./cairn audit-verify: walk the audit chain and name the first entry that is broken."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.core import audit


class Command(BaseCommand):
    help = "Verify the audit chain. Exit status 1 and the first broken entry when it does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            metavar="SEQUENCE:HASH",
            help="a line that an earlier run printed and somebody kept outside",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = audit.verify(self._checkpoint(options["checkpoint"]))
        if verdict.broken_at is not None:
            raise CommandError(
                f"Broken at entry {verdict.broken_at}: {verdict.reason}. "
                f"{verdict.entries} entries before it hold.",
                returncode=1,
            )
        self.stdout.write(f"{verdict.entries} entries, chain whole.")
        self.stdout.write(f"checkpoint {verdict.entries}:{verdict.last_hash}")

    def _checkpoint(self, text: str | None) -> tuple[int, str] | None:
        if not text:
            return None
        sequence, _, value = text.removeprefix("checkpoint ").partition(":")
        if not sequence.isdigit() or len(value) != 64:
            raise CommandError(f"{text!r} is not SEQUENCE:HASH as audit-verify prints it.")
        return int(sequence), value
