"""Counts by generation: persons once, seats each time; by name and by number, verified and not."""

from dataclasses import dataclass

import numpy as np

from cairn.training.engine.deliveries import Flags, Ints

MOST_PACKED = 1 << 62


@dataclass(frozen=True, slots=True)
class GenerationRow:
    """One generation (NO_GENERATION: events that no trainer of the cascade taught).

    `persons`: who completed at least one event of it, each once; `seats`: completions. `heads`:
    participants known by number only, `women` of them women. Each for verified events and not.
    """

    generation: int
    events: int
    persons: int
    persons_unverified: int
    seats: int
    seats_unverified: int
    heads: int
    heads_unverified: int
    women: int
    women_unverified: int


def first_times(
    person: Ints, event: Ints, generations: Ints, ends: Ints, is_verified: Flags, ids: Ints
) -> Ints:
    """How many persons each event counts. `person`, `event` (row): of each seat, in any order.

    A person counts once in a generation: at the first verified event, else at the first. Events
    of one day count by their id.
    """
    events = len(ends)
    if not len(person):
        return np.zeros(events, np.int64)
    order = np.lexsort((ids, ends, ~is_verified))
    rank = np.empty(events, np.int64)
    rank[order] = np.arange(events)
    of = generations[event] + 1
    span = int(of.max()) + 1
    if (int(person.max()) + 1) * span * events < MOST_PACKED:
        keys = (person * span + of) * events + rank[event]
        keys.sort()
        group, place = np.divmod(keys, events)
        first = np.ones(len(keys), np.bool_)
        np.not_equal(group[1:], group[:-1], out=first[1:])
        counted = order[place[first]]
    else:
        by = np.lexsort((rank[event], of, person))
        first = np.ones(len(by), np.bool_)
        first[1:] = (np.diff(person[by]) != 0) | (np.diff(of[by]) != 0)
        counted = event[by[first]]
    return np.bincount(counted, minlength=events)


def table(
    generations: Ints,
    seats: Ints,
    firsts: Ints,
    heads: Ints,
    women: Ints,
    is_verified: Flags,
) -> list[GenerationRow]:
    """Rows from the lowest generation up, those outside the cascade last. All by event."""
    if not len(generations):
        return []
    size = int(generations.max()) + 2
    at = generations + 1

    def total(values: Ints, kept: Flags | None = None) -> Ints:
        chosen = values if kept is None else np.where(kept, values, 0)
        return np.bincount(at, weights=chosen, minlength=size).astype(np.int64)

    unverified = ~is_verified
    columns = [
        np.bincount(at, minlength=size),
        *(
            total(values, kept)
            for values in (firsts, seats, heads, women)
            for kept in (None, unverified)
        ),
    ]
    order = [*range(1, size), 0]
    return [
        GenerationRow(place - 1, *(int(column[place]) for column in columns))
        for place in order
        if columns[0][place]
    ]
