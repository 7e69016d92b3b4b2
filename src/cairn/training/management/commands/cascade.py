"""./cairn cascade rebuild: computes generations, credit and places of people anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cairn.training.actions.cascade import rebuild


class Command(BaseCommand):
    help = "Compute the cascade anew from the events: who trained whom, credit, generations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("rebuild", help="everything, and say how many rows were not right")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rebuild()
        self.stdout.write(
            f"{done.events} events and {done.people} people: {done.changed} rows were changed."
        )
