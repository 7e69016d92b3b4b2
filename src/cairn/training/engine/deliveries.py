"""What the cascade is computed from: events with their days, trainers, participants and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_GENERATION = -1
# A trainer links to participants from this share of the objectives upwards (training study, 6.5).
MINIMUM_SHARE = 0.5
# Shares are quotients of small whole numbers: what rounding takes away must not cost the link.
ROUNDING = 1e-9


class DeliveryRefused(ValueError):
    """An event that cannot be counted as it is. `event`: its id."""

    def __init__(self, event: int, why: str) -> None:
        super().__init__(f"Event {event}: {why}")
        self.event = event


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody who taught at an event.

    `minutes`: taught. `share`: of the objectives that its participants completed, 0 to 1.
    """

    person: int
    minutes: int
    share: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event. Persons are numbers from 0.

    `starts`, `ends`: days as whole numbers (`date.toordinal`). `completed`: persons who completed
    it; one named twice counts once, one who taught them (see `Cascade`) not at all. `heads`:
    further participants known by number only, `women` of them women. `is_verified`: whether the
    numbers were checked. `is_root`: its trainers came from outside, so it is generation 1 whoever
    they are.
    """

    event: int
    starts: int
    ends: int
    teachers: tuple[Teacher, ...] = ()
    completed: tuple[int, ...] = ()
    heads: int = 0
    women: int = 0
    is_verified: bool = True
    is_root: bool = False

    def check(self) -> None:
        """Raise DeliveryRefused for what cannot be: negative counts, an end before the start."""
        if self.ends < self.starts:
            raise DeliveryRefused(self.event, "it ends before it starts.")
        if not 0 <= self.women <= self.heads:
            raise DeliveryRefused(self.event, "women are counted among all heads, from zero up.")
        if any(person < 0 for person in self.completed):
            raise DeliveryRefused(self.event, "persons are numbers from 0.")
        seen: set[int] = set()
        for teacher in self.teachers:
            if teacher.person < 0 or teacher.minutes < 0 or not 0 <= teacher.share <= 1:
                raise DeliveryRefused(
                    self.event,
                    "a trainer needs a number and minutes from 0, and a share of 0 to 1.",
                )
            if teacher.person in seen:
                raise DeliveryRefused(self.event, "a trainer is named once, with all minutes.")
            seen.add(teacher.person)


@dataclass(frozen=True, slots=True)
class Standing:
    """Generations reached elsewhere: person, generation, and the last day before it counts.

    Roots are generation 0 since ever (`roots`). Used to compute a part of a cascade on its own.
    """

    persons: Ints
    generations: Ints
    days: Ints

    @property
    def columns(self) -> tuple[Ints, Ints, Ints]:
        return self.persons, self.generations, self.days

    def joined(self, other: "Standing") -> "Standing":
        """Both together."""
        pairs = zip(self.columns, other.columns, strict=True)
        return Standing(*(np.concatenate(pair) for pair in pairs))

    @staticmethod
    def roots(persons: Iterable[int]) -> "Standing":
        """Root trainers: generation 0, since before any day."""
        numbers = np.unique(np.fromiter(persons, dtype=np.int64))
        return Standing(
            numbers, np.zeros(len(numbers), np.int64), np.full(len(numbers), LONG_AGO, np.int64)
        )


LONG_AGO = -(1 << 40)
NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Many events as columns; rows of `teach_*` and `seat_*` point to events by row number.

    `ids`: the caller's number of each event, all different. `persons`: how many persons there are
    (numbers 0 to persons - 1). `teach_share`: 0 to 1. Order of rows is free.
    """

    persons: int
    ids: Ints
    starts: Ints
    ends: Ints
    teach_event: Ints
    teach_person: Ints
    teach_minutes: Ints
    teach_share: Floats
    seat_event: Ints
    seat_person: Ints
    heads: Ints
    women: Ints
    is_verified: Flags
    is_root: Flags
    roots: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def events(self) -> int:
        return len(self.ids)


def pack(
    deliveries: Sequence[Delivery], *, roots: Iterable[int] = (), persons: int = 0
) -> Deliveries:
    """Events as columns. `persons`: at least so many. Raises DeliveryRefused."""
    seen: set[int] = set()
    for each in deliveries:
        each.check()
        if each.event in seen:
            raise DeliveryRefused(each.event, "it is there twice.")
        seen.add(each.event)
    teachers = [(row, each) for row, one in enumerate(deliveries) for each in one.teachers]
    seats = [(row, person) for row, one in enumerate(deliveries) for person in one.completed]
    root_list = sorted(set(roots))
    most = max(
        (each.person for _, each in teachers),
        default=-1,
    )
    most = max(most, max((person for _, person in seats), default=-1), *root_list, -1)
    return Deliveries(
        persons=max(persons, most + 1),
        ids=_ints(each.event for each in deliveries),
        starts=_ints(each.starts for each in deliveries),
        ends=_ints(each.ends for each in deliveries),
        teach_event=_ints(row for row, _ in teachers),
        teach_person=_ints(each.person for _, each in teachers),
        teach_minutes=_ints(each.minutes for _, each in teachers),
        teach_share=np.fromiter((each.share for _, each in teachers), np.float64),
        seat_event=_ints(row for row, _ in seats),
        seat_person=_ints(person for _, person in seats),
        heads=_ints(each.heads for each in deliveries),
        women=_ints(each.women for each in deliveries),
        is_verified=np.fromiter((each.is_verified for each in deliveries), np.bool_),
        is_root=np.fromiter((each.is_root for each in deliveries), np.bool_),
        roots=_ints(root_list),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
