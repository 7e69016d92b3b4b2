"""Releases of one series over time: what may be joined by a line, and what may not. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cairn.observatory.rules.publication import STATEMENTS, Break, Publication, Value

# Codes of periods as SDMX writes them: a year, a half, a quarter, a month.
_PERIOD = re.compile(r"([12]\d{3})(?:-(?:Q([1-4])|S([12])|(0[1-9]|1[0-2])))?", re.ASCII)
# Longer than this is a year, shorter a quarter: releases are of one or the other.
LONGEST_QUARTER = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """Everybody in the release of one period.

    `is_joined`: it compares with the moment before it; where it does not, `breaks` says what
    changed, or `changed` which statements differ.
    """

    since: date
    until: date
    value: Value
    code: str
    is_joined: bool
    breaks: tuple[Break, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments in the order of time, all quarters or all years."""

    moments: tuple[Moment, ...]
    is_yearly: bool

    @property
    def is_broken(self) -> bool:
        return any(not moment.is_joined for moment in self.moments[1:])


def is_year(found: Publication) -> bool:
    return (found.until - found.since).days > LONGEST_QUARTER


def timelines(releases: Iterable[Publication]) -> list[Timeline]:
    """Quarters and years apart; of two releases of one period the first given counts."""
    found: dict[bool, dict[tuple[date, date], Publication]] = {}
    for each in releases:
        found.setdefault(is_year(each), {}).setdefault((each.since, each.until), each)
    return [
        Timeline(tuple(_moments([by[period] for period in sorted(by)])), is_yearly)
        for is_yearly, by in sorted(found.items())
    ]


def _moments(ordered: list[Publication]) -> Iterable[Moment]:
    before: Publication | None = None
    for each in ordered:
        breaks = breaks_between(before, each) if before else ()
        changed = tuple(
            name
            for name in STATEMENTS
            if before is not None and before.statements[name] != each.statements[name]
        )
        is_joined = before is not None and not breaks and not changed
        yield Moment(each.since, each.until, each.whole, each.code, is_joined, breaks, changed)
        before = each


def breaks_between(before: Publication, after: Publication) -> tuple[Break, ...]:
    """Breaks, said by either, after the first day of the one and up to the last of the other."""
    known = {each.on: each for each in (*before.breaks, *after.breaks)}
    return tuple(each for on, each in sorted(known.items()) if before.since < on <= after.until)


def starts_on(code: str) -> date | None:
    """The first day of a period such as 2025, 2025-S2, 2025-Q3 or 2025-07; None for others."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return None
    year, quarter, half, month = found.groups()
    if quarter:
        return date(int(year), 3 * int(quarter) - 2, 1)
    if half:
        return date(int(year), 6 * int(half) - 5, 1)
    return date(int(year), int(month or 1), 1)


def breaks_before(codes: Sequence[str], breaks: Iterable[Break]) -> list[tuple[Break, ...]]:
    """For each period of a column, the breaks since the start of the one before it.

    A break within a period parts it from both of its neighbours: what it holds is of two kinds.
    The first has none; so has a code that is no period.
    """
    starts = [starts_on(code) for code in codes]
    ordered = sorted(breaks, key=lambda each: each.on)
    found: list[tuple[Break, ...]] = []
    for place, start in enumerate(starts):
        before = starts[place - 1] if place else None
        after = starts[place + 1] if place + 1 < len(starts) else None
        if before is None or start is None:
            found.append(())
            continue
        found.append(
            tuple(
                each for each in ordered if before < each.on and (after is None or each.on < after)
            )
        )
    return found
