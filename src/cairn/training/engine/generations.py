"""Generations of all events in rounds: each round takes those that the round before made possible.

A person's day of generation r is the last day of the first event that brought r or less. An event
has generation r + 1 at most when one of its linked trainers had that day before its first day: so
round r looks only at trainers whose day became earlier in round r - 1, and each event is taken
once. Work grows with the number of rows, not with rows times generations.
"""

from dataclasses import dataclass

import numpy as np

from cairn.training.engine.deliveries import NEVER, NO_GENERATION, Flags, Ints, Standing
from cairn.training.engine.lists import spread


@dataclass(frozen=True, slots=True)
class Reached:
    """`events`: generation of each event; `teachers`: of each linked trainer on its first day.

    NO_GENERATION where there is none: an event outside the cascade, a trainer not linked.
    """

    events: Ints
    teachers: Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows as `reach` wants them.

    `teach_event`, `is_linked`: sorted by person, whose rows begin at `teach_offsets`.
    `seat_person`: sorted by event, whose rows begin at `seat_offsets`. `starts`, `ends`,
    `is_root`: of events.
    """

    starts: Ints
    ends: Ints
    is_root: Flags
    teach_offsets: Ints
    teach_event: Ints
    is_linked: Flags
    seat_offsets: Ints
    seat_person: Ints


def reach(columns: Columns, standing: Standing) -> Reached:
    """Generations by the rules of the package. `standing`: what persons bring along."""
    persons = len(columns.teach_offsets) - 1
    events = np.full(len(columns.starts), NO_GENERATION, np.int64)
    teachers = np.full(len(columns.teach_event), NO_GENERATION, np.int64)
    since = np.full(persons, NEVER, np.int64)
    teaches = columns.teach_offsets[1:] > columns.teach_offsets[:-1]
    # Who brings a generation along has to teach here to matter, and joins in the round of it.
    waiting = np.argsort(standing.generations, kind="stable")
    waiting = waiting[teaches[standing.persons[waiting]]]
    place, generation = 0, 0
    earlier = np.zeros(0, np.int64)
    while True:
        stop = place + int(
            np.searchsorted(standing.generations[waiting[place:]], generation, side="right")
        )
        joining, place = waiting[place:stop], stop
        if len(joining):
            people, days = standing.persons[joining], standing.days[joining]
            better = days < since[people]
            np.minimum.at(since, people[better], days[better])
            earlier = np.concatenate([earlier, people[better]])
        taken = _taught(columns, np.unique(earlier), since, teachers, generation)
        if generation == 0 and columns.is_root.any():
            taken = np.concatenate([taken, np.flatnonzero(columns.is_root)])
        taken = np.unique(taken[events[taken] == NO_GENERATION])
        generation += 1
        events[taken] = generation
        earlier = _completed(columns, taken, since, teaches)
        if not len(earlier):
            if place >= len(waiting):
                return Reached(events, teachers)
            generation = max(generation, int(standing.generations[waiting[place]]))


def _taught(columns: Columns, people: Ints, since: Ints, teachers: Ints, generation: int) -> Ints:
    """Events that began after the day of one of `people`; notes the generation at each."""
    begin = columns.teach_offsets[people]
    counts = columns.teach_offsets[people + 1] - begin
    rows = spread(begin, counts)
    days = np.repeat(since[people], counts)
    in_time = columns.is_linked[rows] & (days < columns.starts[columns.teach_event[rows]])
    rows = rows[in_time]
    fresh = rows[teachers[rows] == NO_GENERATION]
    teachers[fresh] = generation
    found: Ints = columns.teach_event[rows]
    return found


def _completed(columns: Columns, taken: Ints, since: Ints, teaches: Flags) -> Ints:
    """Participants of the events taken whose day became earlier, and who teach somewhere."""
    begin = columns.seat_offsets[taken]
    counts = columns.seat_offsets[taken + 1] - begin
    people = columns.seat_person[spread(begin, counts)]
    days = np.repeat(columns.ends[taken], counts)
    better = (days < since[people]) & teaches[people]
    people, days = people[better], days[better]
    np.minimum.at(since, people, days)
    found: Ints = people
    return found
