"""Releases of one series over time: what may be joined by a line, and what may not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cairn.observatory.rules.publication import STATEMENTS, Break, Publication, Value

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
