"""A whole cascade in memory: computed once, then kept right as one event after another changes."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cairn.training.engine.columns import TeacherRows, linked, sort
from cairn.training.engine.credit import split
from cairn.training.engine.deliveries import (
    MINIMUM_SHARE,
    NO_GENERATION,
    Deliveries,
    Delivery,
    Flags,
    Ints,
    Standing,
)
from cairn.training.engine.generations import reach
from cairn.training.engine.lists import NOTHING
from cairn.training.engine.table import GenerationRow, first_times, table

# Beyond this part of all events a change is computed anew: event by event would take longer.
FULL_BEYOND = 0.1
# Unless there are so few that either takes no time.
ALWAYS_FEW = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What one change brought.

    `events`: ids whose generation, trainers or counts changed. `persons`: numbers of those whose
    own place may have. `is_whole`: everything was computed anew, so both are empty.
    """

    events: tuple[int, ...]
    persons: tuple[int, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A person's place: lowest generation, the day it was reached and by which event (id)."""

    generation: int
    since: int | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """What a linked trainer is credited with for one event; `named`, `heads` in PARTS."""

    event: int
    generation: int
    own_generation: int
    named: int
    heads: int


class Cascade:
    """Generations, credit and counts of all events, by the rules of the package.

    A linked trainer of an event does not count among its participants: nobody trains themselves.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        *,
        minimum_share: float = MINIMUM_SHARE,
        full_beyond: float = FULL_BEYOND,
        standing: Standing | None = None,
    ) -> None:
        """`standing`: what people bring along from events that are not among `deliveries`."""
        self.minimum_share = minimum_share
        self.full_beyond = full_beyond
        self.standing = standing or Standing.roots(())
        self._brought: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for person, generation, day in zip(
            *(each.tolist() for each in self.standing.columns), strict=True
        ):
            self._brought[person].append((generation, day))
        self._load(deliveries)

    def _load(self, source: Deliveries) -> None:
        found = sort(source, self.minimum_share)
        self.persons = source.persons
        self.ids = source.ids.copy()
        self.starts, self.ends = source.starts.copy(), source.ends.copy()
        self.heads, self.women = source.heads.copy(), source.women.copy()
        self.is_verified, self.is_root = source.is_verified.copy(), source.is_root.copy()
        self.exists = np.ones(len(self.ids), np.bool_)
        self.roots = frozenset(source.roots.tolist())
        self.seats, self.attended, self.taught = found.seats, found.attended, found.taught
        self._rows = found.teachers
        self._offsets = found.teach_offsets
        self._own: dict[int, TeacherRows] = {}
        self._row_of: dict[int, int] | None = None
        reached = reach(found.columns, self.standing.joined(Standing.roots(self.roots)))
        self.generations = reached.events
        self._rows.generation[found.by_person] = reached.teachers
        named = np.diff(found.seats.offsets)
        self._rows.named[:] = split(
            named, found.teach_event, self._rows.minutes, self._rows.is_linked
        )
        self._rows.heads[:] = split(
            self.heads, found.teach_event, self._rows.minutes, self._rows.is_linked
        )
        self.seat_counts = named
        self.firsts = first_times(
            np.repeat(np.arange(source.persons), np.diff(found.attended.offsets)),
            found.attended.values,
            self.generations,
            self.ends,
            self.is_verified,
            self.ids,
        )

    # Reading

    def row(self, event: int) -> int:
        """Row number of an event by its id. Raises KeyError."""
        return self._rows_by_id()[event]

    def _rows_by_id(self) -> dict[int, int]:
        if self._row_of is None:
            rows = np.flatnonzero(self.exists)
            self._row_of = dict(zip(self.ids[rows].tolist(), rows.tolist(), strict=True))
        return self._row_of

    def generation(self, event: int) -> int:
        """Generation of an event (by id), NO_GENERATION outside the cascade. Raises KeyError."""
        return int(self.generations[self.row(event)])

    def teachers(self, row: int) -> TeacherRows:
        """The trainers of the event in a row, linked or not."""
        own = self._own.get(row)
        if own is not None:
            return own
        if row + 1 >= len(self._offsets):
            return _no_teachers()
        return self._rows.part(int(self._offsets[row]), int(self._offsets[row + 1]))

    def credits(self, event: int) -> dict[int, tuple[int, int]]:
        """Person -> (named, heads) in PARTS, for the linked trainers of an event."""
        rows = self.teachers(self.row(event))
        return {
            int(rows.person[at]): (int(rows.named[at]), int(rows.heads[at]))
            for at in np.flatnonzero(rows.is_linked)
        }

    def taught_by(self, person: int) -> list[Taught]:
        """What a person taught as a linked trainer, by first day."""
        found = []
        events = self.taught[person]
        for row in events[np.lexsort((self.ids[events], self.starts[events]))].tolist():
            rows = self.teachers(row)
            at = int(np.flatnonzero(rows.person == person)[0])
            found.append(
                Taught(
                    int(self.ids[row]),
                    int(self.generations[row]),
                    int(rows.generation[at]),
                    int(rows.named[at]),
                    int(rows.heads[at]),
                )
            )
        return found

    def node(self, person: int) -> Node | None:
        """Where a person stands after everything they completed here; None outside the cascade."""
        if person in self.roots:
            return Node(0)
        rows = self.attended[person]
        rows = rows[self.generations[rows] != NO_GENERATION]
        if not len(rows):
            return None
        best = rows[np.lexsort((self.ids[rows], self.ends[rows], self.generations[rows]))[0]]
        return Node(int(self.generations[best]), int(self.ends[best]), int(self.ids[best]))

    def table(self) -> list[GenerationRow]:
        """Counts by generation."""
        kept = self.exists
        return table(
            self.generations[kept],
            self.seat_counts[kept],
            self.firsts[kept],
            self.heads[kept],
            self.women[kept],
            self.is_verified[kept],
        )

    def deliveries(self) -> Deliveries:
        """What the cascade now stands on, for computing it anew."""
        size = len(self.ids)
        seat_event, seat_person = self.seats.all_rows(size)
        event = np.repeat(np.arange(len(self._offsets) - 1), np.diff(self._offsets))
        own = np.fromiter(self._own, np.int64, len(self._own))
        kept = ~np.isin(event, own)
        parts = [self._rows, *self._own.values()]
        chosen = [kept, *(np.ones(len(each.person), np.bool_) for each in self._own.values())]
        row = np.full(size, -1, np.int64)
        row[self.exists] = np.arange(int(self.exists.sum()))
        teach_event = np.concatenate(
            [event[kept], np.repeat(own, [len(each.person) for each in self._own.values()])]
        ).astype(np.int64)
        pairs = list(zip(parts, chosen, strict=True))
        return Deliveries(
            persons=self.persons,
            ids=self.ids[self.exists],
            starts=self.starts[self.exists],
            ends=self.ends[self.exists],
            teach_event=row[teach_event],
            teach_person=np.concatenate([each.person[at] for each, at in pairs]),
            teach_minutes=np.concatenate([each.minutes[at] for each, at in pairs]),
            teach_share=np.concatenate([each.share[at] for each, at in pairs]),
            seat_event=row[seat_event],
            seat_person=seat_person,
            heads=self.heads[self.exists],
            women=self.women[self.exists],
            is_verified=self.is_verified[self.exists],
            is_root=self.is_root[self.exists],
            roots=np.array(sorted(self.roots), np.int64),
        )

    # Changing

    def put(self, delivery: Delivery) -> Change:
        """A new event, or what one now is. Raises DeliveryRefused, and then nothing changed."""
        delivery.check()
        try:
            row = self.row(delivery.event)
        except KeyError:
            row = self._add(delivery)
        return self._replace(row, delivery)

    def remove(self, event: int) -> Change:
        """An event that did not take place. Raises KeyError."""
        row = self.row(event)
        change = self._replace(row, Delivery(event, int(self.starts[row]), int(self.ends[row])))
        # The row may have moved, when everything was computed anew.
        self.exists[self.row(event)] = False
        self._rows_by_id().pop(event)
        return change

    def put_roots(self, roots: Iterable[int]) -> Change:
        """Other root trainers than before."""
        new = frozenset(roots)
        moved = sorted(new ^ self.roots)
        self.roots = new
        self.persons = max(self.persons, max(moved, default=-1) + 1)
        rows = {row for each in moved for row in self.taught[each].tolist()}
        settled = self._settle([(int(self.starts[row]), row) for row in rows])
        if settled is None:
            return self._whole()
        return self._count(settled, None, NOTHING, NOTHING, extra=moved)

    def _add(self, new: Delivery) -> int:
        row = len(self.ids)
        self.ids = np.append(self.ids, new.event)
        self.starts, self.ends = np.append(self.starts, new.starts), np.append(self.ends, new.ends)
        self.heads, self.women = np.append(self.heads, 0), np.append(self.women, 0)
        self.is_verified, self.is_root = (
            np.append(self.is_verified, new.is_verified),
            np.append(self.is_root, False),
        )
        self.exists = np.append(self.exists, True)
        self.generations = np.append(self.generations, NO_GENERATION)
        self.seat_counts = np.append(self.seat_counts, 0)
        self.firsts = np.append(self.firsts, 0)
        self._rows_by_id()[new.event] = row
        return row

    def _replace(self, row: int, new: Delivery) -> Change:
        """Put an event in the place of what it was, and settle all that follows from it."""
        old_seats, old_end = self.seats[row], int(self.ends[row])
        was_verified, old_heads = bool(self.is_verified[row]), int(self.heads[row])
        has_moved = self._write_teachers(row, new)
        rows = self._own[row]
        wanted = set(new.completed).difference(rows.person[rows.is_linked].tolist())
        had = set(old_seats.tolist())
        seats, people = old_seats, old_seats
        if wanted != had:
            for person in had - wanted:
                self.attended[person] = self.attended[person][self.attended[person] != row]
            for person in wanted - had:
                self.attended[person] = np.append(self.attended[person], row)
            seats = np.array(sorted(wanted), np.int64)
            people = np.array(sorted(wanted | had), np.int64)
            self.seats[row] = seats
            self.seat_counts[row] = len(seats)
            self.persons = max(self.persons, int(seats.max(initial=-1)) + 1)
        self.starts[row], self.ends[row] = new.starts, new.ends
        self.heads[row], self.women[row] = new.heads, new.women
        self.is_verified[row], self.is_root[row] = new.is_verified, new.is_root
        if has_moved or wanted != had or new.heads != old_heads:
            one = np.zeros(len(rows.person), np.int64)
            rows.named[:] = split(np.array([len(seats)]), one, rows.minutes, rows.is_linked)
            rows.heads[:] = split(np.array([new.heads]), one, rows.minutes, rows.is_linked)
        # Whoever took or takes part may now teach later events as somebody of another generation.
        dirty = [(new.starts, row)]
        if wanted != had or new.ends != old_end:
            dirty += self._later(people, min(old_end, new.ends))
        settled = self._settle(dirty)
        if settled is None:
            return self._whole()
        settled.setdefault(row, int(self.generations[row]))
        return self._count(settled, (row, old_end, was_verified), old_seats, seats)

    def _write_teachers(self, row: int, new: Delivery) -> bool:
        """Put the trainers of an event; whether anything about them is not as it was."""
        old = self.teachers(row)
        given = sorted(new.teachers, key=lambda each: each.person)
        person = np.array([each.person for each in given], np.int64)
        minutes = np.array([each.minutes for each in given], np.int64)
        share = np.array([each.share for each in given], np.float64)
        if (
            person.tolist() == old.person.tolist()
            and minutes.tolist() == old.minutes.tolist()
            and share.tolist() == old.share.tolist()
        ):
            self._own[row] = old
            return False
        nothing = np.zeros(len(given), np.int64)
        is_linked = linked(share, self.minimum_share)
        self._own[row] = TeacherRows(
            person, minutes, share, is_linked, nothing - 1, nothing, nothing.copy()
        )
        taught, teaches = set(old.person[old.is_linked].tolist()), set(person[is_linked].tolist())
        for each in taught - teaches:
            self.taught[each] = self.taught[each][self.taught[each] != row]
        for each in teaches - taught:
            self.taught[each] = np.append(self.taught[each], row)
        self.persons = max(self.persons, int(person.max(initial=-1)) + 1)
        return True

    def _later(self, people: Ints, after: int) -> list[tuple[int, int]]:
        """(first day, row) of what `people` taught later than a day."""
        _, rows = self.taught.rows(people)
        if not len(rows):
            return []
        starts = self.starts[rows]
        return list(
            {
                (start, row)
                for start, row in zip(starts.tolist(), rows.tolist(), strict=True)
                if start > after
            }
        )

    def _settle(self, dirty: list[tuple[int, int]]) -> dict[int, int] | None:
        """Generations of `dirty` events and of all that follow, in the order of time.

        Whatever an event depends on ended before it began, so each is looked at once. Returns the
        rows that changed with the generation they had, or None when there are so many that all
        is better computed anew.
        """
        heapq.heapify(dirty)
        most = max(ALWAYS_FEW, int(self.full_beyond * len(self.ids))) if self.full_beyond else 0
        changed: dict[int, int] = {}
        last, looked = -1, 0
        while dirty:
            _, row = heapq.heappop(dirty)
            if row == last:
                continue
            last, looked = row, looked + 1
            if looked > most:
                return None
            had = int(self.generations[row])
            generation, has_changed = self._one(row)
            if has_changed or generation != had:
                changed[row] = had
            if generation != had:
                self.generations[row] = generation
                for later in self._later(self.seats[row], int(self.ends[row])):
                    heapq.heappush(dirty, later)
        return changed

    def _one(self, row: int) -> tuple[int, bool]:
        """(generation of one event, whether that of one of its trainers changed)."""
        rows = self.teachers(row)
        start = int(self.starts[row])
        lowest, is_changed = NO_GENERATION, False
        for at in np.flatnonzero(rows.is_linked).tolist():
            own = self._before(int(rows.person[at]), start)
            if own != rows.generation[at]:
                rows.generation[at] = own
                is_changed = True
            if own != NO_GENERATION and (lowest == NO_GENERATION or own < lowest):
                lowest = own
        if self.is_root[row]:
            return 1, is_changed
        return (NO_GENERATION if lowest == NO_GENERATION else lowest + 1), is_changed

    def _before(self, person: int, day: int) -> int:
        """The lowest generation that a person had reached before a day."""
        if person in self.roots:
            return 0
        brought = self._brought.get(person, ())
        lowest = [generation for generation, last in brought if last < day]
        rows = self.attended[person]
        if len(rows):
            found = self.generations[rows[self.ends[rows] < day]]
            lowest += found[found != NO_GENERATION].tolist()
        return min(lowest, default=NO_GENERATION)

    def _count(
        self,
        settled: dict[int, int],
        replaced: tuple[int, int, bool] | None,
        old_seats: Ints,
        seats: Ints,
        *,
        extra: Iterable[int] = (),
    ) -> Change:
        """Count anew who takes part in an event that changed: take away as it was, add as it is.

        `settled`: rows that changed, with the generation they had. `replaced`: row, former last day
        and verification of the event put in the place of itself; `old_seats`, `seats`: its own.
        """
        own = replaced[0] if replaced else -1
        moved = [row for row, had in settled.items() if had != self.generations[row] and row != own]
        parts = [old_seats, seats, *(self.seats[row] for row in moved)]
        people = old_seats if not moved and seats is old_seats else np.unique(np.concatenate(parts))
        person, event = self.attended.rows(people)
        others = event != own
        person, event = person[others], event[others]
        rows = np.unique(np.append(event, own)) if replaced else np.unique(event)
        at, own_at = np.searchsorted(rows, event), np.searchsorted(rows, own)

        def count(here: Ints, generations: Ints, ends: Ints, is_verified: Flags) -> Ints:
            return first_times(
                np.concatenate([person, here]),
                np.concatenate([at, np.full(len(here), own_at, np.int64)]),
                generations,
                ends,
                is_verified,
                self.ids[rows],
            )

        now_at = self.generations[rows], self.ends[rows], self.is_verified[rows]
        then_at = tuple(each.copy() for each in now_at)
        for place, row in enumerate(rows.tolist()):
            then_at[0][place] = settled.get(row, then_at[0][place])
        if replaced:
            then_at[1][own_at], then_at[2][own_at] = replaced[1:]
        difference = count(seats, *now_at) - count(old_seats, *then_at)
        self.firsts[rows] += difference
        ids = {*self.ids[rows[difference != 0]].tolist(), *(int(self.ids[row]) for row in settled)}
        return Change(tuple(sorted(ids)), tuple(sorted({*people.tolist(), *extra})))

    def _whole(self) -> Change:
        self._load(self.deliveries())
        return Change((), (), is_whole=True)


def _no_teachers() -> TeacherRows:
    return TeacherRows(
        NOTHING,
        NOTHING,
        np.zeros(0, np.float64),
        np.zeros(0, np.bool_),
        NOTHING,
        NOTHING,
        NOTHING,
    )
