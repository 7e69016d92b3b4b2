"""`training_seed`: makes records of training from the printed records of the portfolio."""

from typing import Any

from django.core.management.base import BaseCommand

from cairn.access.queries import SYSTEM
from cairn.training.actions.seed import load_programme


class Command(BaseCommand):
    help = (
        "Makes training events, teams, outcomes and requests from the events, outcomes and "
        "requests that the portfolio holds as printed. Doing it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_programme(SYSTEM)
        self.stdout.write(
            f"{done.events} events, {done.teams} teams, {done.taskings} tasks, "
            f"{done.outcomes} outcomes, {done.requests} requests, "
            f"{done.measurements} computed measurements."
        )
        if done.left:
            self.stdout.write(f"Left as printed, no outcomes of training: {', '.join(done.left)}.")
