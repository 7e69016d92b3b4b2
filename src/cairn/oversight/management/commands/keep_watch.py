"""`./cairn keep-watch`: the log, unusual access, what is over; again and again, or once."""

import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.oversight import watch
from cairn.oversight.actions.unusual_access import limits
from cairn.oversight.outcomes import Finding


class Command(BaseCommand):
    help = (
        "Keep watch until it is told to stop: the audit log, unusual access, emergency access, "
        "keys, clock, what is over. ./cairn up starts one; a second one does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="make every round once, say what was found, and end: status 1 when something is "
            "broken or could not be checked",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            limits()
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if options["once"]:
            self._once()
            return
        stop = Event()

        def note(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, note)
        watch.keep(stop)

    def _once(self) -> None:
        bad = []
        for task, outcome in watch.run_due(all_now=True):
            if outcome is None:
                self.stdout.write(f"{task.name:15} another watch is at it")
                continue
            counts = ", ".join(
                f"{name} {value}"
                for name, value in outcome.facts.items()
                if type(value) is int and value
            )
            self.stdout.write(f"{task.name:15} {outcome.finding.value:7} {counts}".rstrip())
            if outcome.finding in {Finding.BROKEN, Finding.FAILED}:
                bad.append(task.name)
        if bad:
            raise CommandError(f"Broken, or could not be checked: {', '.join(bad)}.", returncode=1)
