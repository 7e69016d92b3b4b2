"""What the loss of one trainer would cost: what rests on them alone."""

from dataclasses import dataclass, replace

import numpy as np

from cairn.training.engine.cascade import Cascade
from cairn.training.engine.deliveries import NO_GENERATION, Delivery, Teacher


@dataclass(frozen=True, slots=True)
class Loss:
    """What would not be there had somebody never taught.

    `events`: ids that no chain of trainers would reach any more; `persons`: who completed only such
    events; `heads`: counted there. `later`: ids that would come in a later generation.
    """

    events: tuple[int, ...] = ()
    persons: int = 0
    heads: int = 0
    later: tuple[int, ...] = ()

    @property
    def people(self) -> int:
        """Persons by name and by number."""
        return self.persons + self.heads


def loss_of(cascade: Cascade, person: int) -> Loss:
    """Take `person` away from all that they taught, look, and put everything back as it was.

    `cascade` needs `full_beyond=1`, so that its rows stay where they are.
    """
    before = cascade.generations.copy()
    taught = [delivery_of(cascade, row) for row in cascade.taught[person].tolist()]
    if not taught:
        return Loss()
    for one in taught:
        others = tuple(each for each in one.teachers if each.person != person)
        # Trainers from outside who are named are those who make it a beginning.
        cascade.put(replace(one, teachers=others, is_root=one.is_root and bool(others)))
    after = cascade.generations
    lost = np.flatnonzero((before != NO_GENERATION) & (after == NO_GENERATION))
    later = np.flatnonzero(after > np.where(before == NO_GENERATION, after, before))
    people: set[int] = set()
    for row in lost.tolist():
        people.update(cascade.seats[row].tolist())
    found = Loss(
        tuple(cascade.ids[lost].tolist()),
        sum(cascade.node(each) is None for each in people),
        int(cascade.heads[lost].sum()),
        tuple(cascade.ids[later].tolist()),
    )
    for one in taught:
        cascade.put(one)
    return found


def delivery_of(cascade: Cascade, row: int) -> Delivery:
    """The event in a row, as it was put in."""
    rows = cascade.teachers(row)
    facts = zip(rows.person.tolist(), rows.minutes.tolist(), rows.share.tolist(), strict=True)
    return Delivery(
        int(cascade.ids[row]),
        int(cascade.starts[row]),
        int(cascade.ends[row]),
        tuple(Teacher(*each) for each in facts),
        tuple(cascade.seats[row].tolist()),
        int(cascade.heads[row]),
        int(cascade.women[row]),
        bool(cascade.is_verified[row]),
        bool(cascade.is_root[row]),
    )
