"""./cairn notices: write NOTICES.md from what is installed, or check that it is in step."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cairn.core.management import licences


class Command(BaseCommand):
    help = "Write NOTICES.md: every package with version and licence, from installed metadata."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit 1 when out of step, or when a licence is unwelcome",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = settings.ROOT
        run = licences.pinned((root / "requirements.txt").read_text())
        dev = licences.pinned((root / "requirements-dev.txt").read_text())
        try:
            running = licences.packages(run)
            building = licences.packages(
                {name: version for name, version in dev.items() if name not in run}
            )
        except LookupError as problem:
            raise CommandError(str(problem)) from None
        if unwelcome := licences.unwelcome(running):
            raise CommandError("\n".join(unwelcome))
        text = licences.as_text(running, building)
        path = root / "NOTICES.md"
        if not options["check"]:
            path.write_text(text)
            self.stdout.write(f"{len(running)} packages to run, {len(building)} to develop.")
        elif not path.exists() or path.read_text() != text:
            raise CommandError("NOTICES.md is out of step. Remedy: ./cairn notices")
