"""Sorts the rows of many events so that each event and each person finds its own quickly."""

from dataclasses import dataclass

import numpy as np

from cairn.training.engine.deliveries import ROUNDING, Deliveries, Flags, Floats, Ints
from cairn.training.engine.generations import Columns
from cairn.training.engine.lists import Lists, member, offsets_of


@dataclass(slots=True)
class TeacherRows:
    """The trainers of one event, or of all, row by row.

    `is_linked`: taught enough to be the trainer of its participants. `generation`: reached before
    its first day. `named`, `heads`: credit for participants by name and by number, in PARTS.
    """

    person: Ints
    minutes: Ints
    share: Floats
    is_linked: Flags
    generation: Ints
    named: Ints
    heads: Ints

    def part(self, begin: int, end: int) -> "TeacherRows":
        """Some of the rows. What is written to the part is written to the whole."""
        rows = slice(begin, end)
        return TeacherRows(
            self.person[rows],
            self.minutes[rows],
            self.share[rows],
            self.is_linked[rows],
            self.generation[rows],
            self.named[rows],
            self.heads[rows],
        )


@dataclass(frozen=True, slots=True)
class Sorted:
    """Everything of some deliveries, found by event and by person.

    `teachers`: sorted by event, whose rows begin at `teach_offsets`; `teach_event`: of each row;
    `by_person`: the same rows in the order of persons, as `columns` has them.
    """

    columns: Columns
    teachers: TeacherRows
    teach_event: Ints
    teach_offsets: Ints
    by_person: Ints
    seats: Lists
    attended: Lists
    taught: Lists


def linked(share: Floats, minimum: float) -> Flags:
    """Whether a share of the objectives makes somebody the trainer of those who completed them."""
    found: Flags = share >= minimum - ROUNDING
    return found


def sort(source: Deliveries, minimum_share: float) -> Sorted:
    """Rows by event and by person, a person once in an event, nobody their own trainer."""
    events, persons = max(source.events, 1), max(source.persons, 1)
    order = np.argsort(source.teach_event * persons + source.teach_person, kind="stable")
    teach_event = source.teach_event[order]
    teach_person = source.teach_person[order]
    share = source.teach_share[order]
    is_linked = linked(share, minimum_share)
    nothing = np.zeros(len(order), np.int64)
    teachers = TeacherRows(
        teach_person,
        source.teach_minutes[order],
        share,
        is_linked,
        nothing - 1,
        nothing,
        nothing.copy(),
    )
    seat_keys = source.seat_event * persons + source.seat_person
    seat_keys.sort()
    kept = np.ones(len(seat_keys), np.bool_)
    np.not_equal(seat_keys[1:], seat_keys[:-1], out=kept[1:])
    own = teach_event[is_linked] * persons + teach_person[is_linked]
    if len(seat_keys) and len(own):
        at = np.searchsorted(seat_keys, own)
        at = at[at < len(seat_keys)]
        own_at = at[member(seat_keys[at], own)]
        kept[own_at] = False
    if not kept.all():
        seat_keys = seat_keys[kept]
    seat_event, seat_person = np.divmod(seat_keys, persons)
    person_keys = seat_person * events + seat_event
    person_keys.sort()
    attending, attended = np.divmod(person_keys, events)
    by_person = np.argsort(teach_person, kind="stable")
    real = by_person[is_linked[by_person]]
    size = source.persons
    seats = Lists(offsets_of(seat_event, source.events), seat_person)
    columns = Columns(
        starts=source.starts,
        ends=source.ends,
        is_root=source.is_root,
        teach_offsets=offsets_of(teach_person, size),
        teach_event=teach_event[by_person],
        is_linked=is_linked[by_person],
        seat_offsets=seats.offsets,
        seat_person=seat_person,
    )
    return Sorted(
        columns,
        teachers,
        teach_event,
        offsets_of(teach_event, source.events),
        by_person,
        seats,
        Lists(offsets_of(attending, size), attended),
        Lists(offsets_of(teach_person[real], size), teach_event[real]),
    )
