"""How long reading one file may take: a file that is slow by design is given up."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from cairn.core.tables.shapes import TableRefused

# A judgement: a workbook of 3,000,000 cells, the most that the other limits let through, took 38 s
# on two busy cores (a CSV of as many 1.5 s); the rest is for slower machines.
MAX_SECONDS = 300.0
_LOOK_EVERY = 256

Item = TypeVar("Item")


class Deadline:
    """Counts from its making. The time is looked at between pieces, never in the middle of one."""

    def __init__(self, seconds: float | None = None) -> None:
        self._until = time.monotonic() + (MAX_SECONDS if seconds is None else seconds)

    def check(self) -> None:
        """Raise TableRefused("table.too_slow") once the time is over."""
        if time.monotonic() > self._until:
            raise TableRefused(
                "table.too_slow",
                _("Reading the file took too long, so it was given up. Nothing was kept."),
                _("Split it into several files, or leave out columns that are not needed."),
            )

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """`items`, until the time is over."""
        for place, item in enumerate(items):
            if place % _LOOK_EVERY == 0:
                self.check()
            yield item
