"""The watch: rounds with their own period, claimed so that two watches at once do no harm."""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from cairn.oversight.actions import chain, unusual_access, watch
from cairn.oversight.actions.findings import note_once
from cairn.oversight.models import Round
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Finding, Outcome, Task
from cairn.oversight.queries.rounds import CHAIN

log = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROUNDS: list[Task] = [
    Task("keys", 5 * MINUTE, watch.check_keys),
    Task(CHAIN, 5 * MINUTE, chain.verify_chain),
    Task("clock", MINUTE, watch.check_clock),
    Task("emergencies", MINUTE, watch.watch_emergencies),
    Task("unusual-access", MINUTE, unusual_access.look_for_unusual_access),
    Task("erasures", 10 * MINUTE, watch.finish_erasures),
    Task("exports", 10 * MINUTE, watch.tidy_exports),
    Task("sessions", 10 * MINUTE, watch.tidy_sessions),
    Task("retention", HOUR, watch.count_due),
    Task("removal", HOUR, watch.tidy_records),
    Task("orphans", 24 * HOUR, watch.look_for_orphans, longest=2 * HOUR),
]
# A watch that sleeps longer would be late when the clock is set, or another watch ends.
LONGEST_SLEEP = 20.0
# Periods are kept to about this many seconds, so that several rounds run in one waking.
TOGETHER = timedelta(seconds=2)
# A moment noted by another watch may lie this far ahead of one's own reading of the clock: one
# waits up to 20 seconds for the database between reading it and writing. More is a clock set back.
AHEAD = timedelta(minutes=1)


def add(task: Task) -> None:
    """A round of another context, called when it starts; adding it twice does no harm."""
    if task.name not in [each.name for each in ROUNDS]:
        ROUNDS.append(task)


def keep(stop: Event, rounds: Sequence[Task] = ROUNDS) -> None:
    """Run rounds as they fall due, until `stop` is set."""
    while not stop.is_set():
        _drop_dead_connections()
        try:
            for _each in run_due(rounds, stop=stop):
                pass
            pause = seconds_to_next(rounds)
        except Exception as problem:  # the database may be away for a while; the watch stays
            log.error("watch.stumbled error=%s", type(problem).__name__)  # no text: may hold values
            _drop_dead_connections()
            pause = LONGEST_SLEEP
        stop.wait(pause)


def run_due(
    rounds: Sequence[Task] = ROUNDS, *, stop: Event | None = None, all_now: bool = False
) -> Iterator[tuple[Task, Outcome | None]]:
    """Run each round that is due; with `all_now` every one that nobody else is just running.

    Yields each round with its outcome, None where another watch was first.
    """
    rows = _rows(rounds)
    for task in rounds:
        if stop is not None and stop.is_set():
            return
        now = timezone.now()
        if all_now or is_due(rows[task.name], task, now):
            yield task, run_one(task, all_now=all_now)


def is_due(row: Round, task: Task, now: datetime) -> bool:
    """True when the period is over, or the clock was set back behind the last start."""
    if row.started_at is None:
        return True
    return not row.started_at <= now < row.started_at + task.period - TOGETHER


def seconds_to_next(rounds: Sequence[Task] = ROUNDS) -> float:
    """How long nothing is due, in seconds: at least one, at most LONGEST_SLEEP."""
    now = timezone.now()
    rows = _rows(rounds)
    waits = [LONGEST_SLEEP]
    for task in rounds:
        started = rows[task.name].started_at
        if started is not None:
            waits.append((started + task.period - TOGETHER - now).total_seconds())
    return max(1.0, min(waits))


def run_one(task: Task, *, all_now: bool = False) -> Outcome | None:
    """Claim a round, run it, write down what came of it; None when another watch has it.

    Whatever goes wrong inside is logged by its kind, raises an alert, and stays inside.
    """
    row = claim(task, timezone.now(), all_now=all_now)
    if row is None:
        return None
    began = time.monotonic()
    try:
        outcome = task.run(row.facts)
    except Exception as problem:  # one round never stops the others
        error = type(problem).__name__
        log.error("watch.round_failed name=%s error=%s", task.name, error)  # no text: see above
        outcome = Outcome(Finding.FAILED, {**row.facts, "error": error})
        _drop_dead_connections()
        _tell_of_failure(task, error)
    facts = {**outcome.facts, "milliseconds": int((time.monotonic() - began) * 1000)}
    if outcome.finding is not Finding.FAILED:
        facts.pop("error", None)
    _write_down(row, outcome.finding, facts)
    return outcome


def claim(task: Task, now: datetime, *, all_now: bool = False) -> Round | None:
    """Take a round for `task.longest`; None when it is taken or was just run by another.

    One UPDATE decides, so that of two watches one gets it. A claim or a start that lies further
    in the future than it could was made before the clock was set back, and does not count.
    """
    latest = now + AHEAD
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    free |= Q(claimed_until__gt=latest + task.longest)
    due = Q(started_at=None) | Q(started_at__gt=latest)
    due |= Q(started_at__lte=now - task.period + TOGETHER)
    rows = Round.objects.filter(free, name=task.name)
    if not all_now:
        rows = rows.filter(due)
    if not rows.update(claimed_until=now + task.longest, started_at=now):
        return None
    return Round.objects.get(name=task.name)


def _write_down(row: Round, finding: Finding, facts: dict[str, Any]) -> None:
    """The outcome, unless the round took so long that another watch has claimed it since."""
    mine = Round.objects.filter(name=row.name, claimed_until=row.claimed_until)
    mine.update(claimed_until=None, ended_at=timezone.now(), verdict=finding.value, facts=facts)


def _drop_dead_connections() -> None:
    """Let go of connections that were lost, so that the next question makes a new one."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _tell_of_failure(task: Task, error: str) -> None:
    """An alert a day for each round that does not work; itself never a reason to stop."""
    try:
        with transaction.atomic():
            note_once(
                AlertKind.ROUND_FAILED,
                window=f"{task.name} {timezone.now():%Y%m%d}",
                facts={"round": task.name, "error": error},
            )
    except Exception as problem:
        log.error("watch.alert_failed name=%s error=%s", task.name, type(problem).__name__)


def _rows(rounds: Sequence[Task]) -> dict[str, Round]:
    """What is known of each round, those that never ran included."""
    names = [task.name for task in rounds]
    rows = {row.name: row for row in Round.objects.filter(name__in=names)}
    for name in names:
        if name not in rows:
            rows[name], _is_new = Round.objects.get_or_create(name=name)
    return rows
