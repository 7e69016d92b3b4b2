"""Movements that a publication tells: from one area to another, only as published. Pure."""

from dataclasses import dataclass

from cairn.observatory.rules.publication import UNKNOWN_CODES, Column, Publication

# Parts of names by which a column is known as where persons come from.
FROM = ("origin", "citizenship", "nationality", "recruit", "from")


@dataclass(frozen=True, slots=True)
class Movement:
    """`value` persons, by code. `start` and `end` may be areas that were put together."""

    start: str
    end: str
    value: int


@dataclass(frozen=True)
class Movements:
    """`lines`: the movements shown, largest first. `hidden`: how many others are listed hidden."""

    start: Column
    end: Column
    lines: tuple[Movement, ...]
    hidden: int


def movements(found: Publication) -> Movements | None:
    """From origin to where exploitation happened; None where no such table was published."""
    pair = _pair(found)
    by = found.grouping([each.name for each in pair]) if pair else None
    if pair is None or by is None:
        return None
    start, end = pair
    places = by.index(start.name), by.index(end.name)
    lines, hidden = [], 0
    for at, value in found.groupings[by].items():
        first, second = at[places[0]], at[places[1]]
        if first in start.wider or second in end.wider:
            continue
        if value is None:
            hidden += 1
        elif value:
            lines.append(Movement(first, second, value))
    lines.sort(key=lambda each: (-each.value, each.start, each.end))
    return Movements(start, end, tuple(lines), hidden)


def drawn(found: Movements) -> list[Movement]:
    """Those of which both ends are known."""
    return [each for each in found.lines if not {each.start, each.end} & UNKNOWN_CODES]


def _pair(found: Publication) -> tuple[Column, Column] | None:
    """Two areas of which one is where persons come from."""
    if len(found.areas) < 2:
        return None
    come_from = [each for each in found.areas if any(part in each.name.lower() for part in FROM)]
    start = come_from[0] if come_from else None
    others = [each for each in found.areas if each not in come_from]
    return (start, others[0]) if start and others else None
