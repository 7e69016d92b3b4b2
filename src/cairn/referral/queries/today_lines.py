"""Lines and groups of what needs somebody now, as the page and the homes show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

# Lines under a group on the page; more are counted up to MOST, and stand in the group's own list.
SHOWN = 5
MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """`code`: of the record; `what`: in a few words; `due`: the clock; `href`: where it is done.

    `is_since`: the clock tells since when it waits, and not until when it has to be done.
    """

    code: str
    what: str
    due: date | datetime | None
    href: str
    is_late: bool = False
    is_emergency: bool = False
    is_since: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one sort that wait. `count` stops at MOST; `verb`: what is done with each."""

    key: str
    label: str
    verb: str
    href: str
    count: int
    lines: Sequence[Line]

    @property
    def is_more(self) -> bool:
        return self.count >= MOST

    @property
    def has_late(self) -> bool:
        return any(line.is_late for line in self.lines)


def group_of(
    key: str,
    label: str,
    verb: str,
    href: str,
    rows: QuerySet[Any],
    line: Callable[[Any], Line],
) -> Group:
    """The first lines, and how many there are up to MOST. Two queries at most."""
    first = list(rows[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else rows.order_by()[:MOST].count()
    return Group(key, label, verb, href, count, [line(row) for row in first[:SHOWN]])
