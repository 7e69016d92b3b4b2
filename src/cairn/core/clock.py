"""The clock that grants and the audit log go by: it never runs back behind what was recorded.

Somebody who sets a machine's clock back could make a grant of yesterday valid again. So time is
counted from the newest audit entry onwards, and within a process by the counter of the machine,
which cannot be set. What this does not do is in SECURITY.md, under "time".
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Literal

from django.utils import timezone

from cairn.core.models import AuditEntry

# A judgement: time servers correct by fractions of a second, leap seconds by one; people by more.
JUMP_SECONDS = 5.0


def _counter() -> float:
    """Seconds that only ever grow, also while the machine sleeps, where the system has such."""
    boot_time: int | None = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock was set. `seconds`: by how much at least, always above JUMP_SECONDS."""

    seconds: float
    direction: Literal["back", "forward"]


class Clock:
    """One process's view of time: the wall clock, held against the counter and the log.

    `wall` gives seconds since 1970 as the machine has them, `counter` seconds that only grow.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, counter: Callable[[], float] = _counter
    ) -> None:
        self._wall, self._counter = wall, counter
        self._lock = Lock()
        # Wall minus counter: the highest seen, and the one that `observe` last told of.
        self._highest = self._told = wall() - counter()
        self._newest: datetime | None = None
        self._newest_since = 0.0
        self._told_behind = False

    def after(self, newest: datetime | None) -> datetime:
        """The present (UTC), given the time of the newest audit entry; never before that.

        Where the machine's clock was set back, time goes on from the highest seen at the speed of
        the counter.
        """
        with self._lock:
            counted = self._counter()
            offset = self._wall() - counted
            self._highest = max(self._highest, offset)
            moment = timezone.now() + timedelta(seconds=self._highest - offset)
            if newest is None:
                return moment
            if newest != self._newest:
                self._newest, self._newest_since = newest, counted
            return max(moment, newest + timedelta(seconds=counted - self._newest_since)).astimezone(
                UTC
            )

    def observe(self, newest: datetime | None) -> Jump | None:
        """A jump of the machine's clock that was not told yet, or None.

        Against the counter both directions show; against the newest audit entry only a clock that
        is behind, which also shows what happened while this process was not running.
        """
        with self._lock:
            offset = self._wall() - self._counter()
            moved, self._told = offset - self._told, offset
            behind = behind_by(newest)
            is_news = behind > JUMP_SECONDS and not self._told_behind
            self._told_behind = behind > JUMP_SECONDS
        if abs(moved) > JUMP_SECONDS:
            return Jump(abs(moved), "forward" if moved > 0 else "back")
        return Jump(behind, "back") if is_news else None


def behind_by(newest: datetime | None) -> float:
    """By how many seconds the machine's clock is behind `newest`; 0 when it is not."""
    return max(0.0, (newest - timezone.now()).total_seconds()) if newest else 0.0


_this_process = Clock()


def newest_entry_at() -> datetime | None:
    """When the newest audit entry was made; None while there is none. One query."""
    return AuditEntry.objects.order_by("-sequence").values_list("at", flat=True).first()


def now() -> datetime:
    """The present (UTC), for everything that ends: never behind the newest audit entry.

    One query by primary key: take it once for a request and hand it on.
    """
    return _this_process.after(newest_entry_at())


def after(newest: datetime | None) -> datetime:
    """`now` for whoever has the time of the newest audit entry at hand."""
    return _this_process.after(newest)


def observe() -> Jump | None:
    """A jump of the clock since this process last asked, told once; None when it goes evenly."""
    return _this_process.observe(newest_entry_at())
