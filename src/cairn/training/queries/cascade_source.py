"""What the cascade is computed from: delivered events with their trainers, participants, counts.

Everything is read in a constant number of queries, by ids; nothing that names anybody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from cairn.core.actor import Actor
from cairn.core.partial_dates import PartialDate, PartialDateRefused
from cairn.training.engine import Delivery, Standing, Teacher
from cairn.training.models import (
    CascadeCredit,
    Enrolment,
    HeadCount,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules.choices import TEACHING, EventKind, Sex
from cairn.training.rules.states import DELIVERED, EnrolmentState, ReportState

# A meeting of experts trains nobody.
NO_TRAINING = frozenset({EventKind.MEETING})
# Reports whose counts nobody stands for: not sent yet, or disputed.
UNCOUNTED = frozenset({ReportState.DRAFT, ReportState.DISPUTED})
# An event without a date may have been at any time: nobody's generation rests on it.
EVER = (date(1900, 1, 1), date(2100, 12, 31))
# One query takes so many keys at once; SQLite allows 32,766 values in a statement.
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class EventRow:
    """A delivered event. `first`, `last`: the earliest and latest day that its dates allow."""

    id: UUID
    reference: str
    kind: str
    project_id: Any
    country: str
    countries: tuple[str, ...]
    area: str
    first: date
    last: date
    is_root: bool
    is_dated: bool


@dataclass(slots=True)
class Source:
    """Events and people as the engine wants them, with the ids that its numbers stand for."""

    events: list[EventRow] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    number: dict[UUID, int] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    roots: set[int] = field(default_factory=set)
    begun: dict[UUID, tuple[date, UUID]] = field(default_factory=dict)

    def person(self, key: UUID) -> int:
        """The number of a person, made at the first time."""
        found = self.number.get(key)
        if found is None:
            found = self.number[key] = len(self.people)
            self.people.append(key)
        return found


def delivered(actor: Actor | None = None) -> QuerySet[TrainingEvent]:
    """Events that trained somebody: delivered, and no mere meeting. With `actor`: that they see."""
    found = TrainingEvent.objects.visible_to(actor) if actor else TrainingEvent.objects.all()
    return found.filter(state__in=DELIVERED).exclude(kind__in=NO_TRAINING)


def completions() -> QuerySet[Enrolment]:
    """Who completed a delivered event. Nobody trains themselves: its own trainers do not count."""
    own = Staffing.objects.filter(
        event=OuterRef("event"), practitioner=OuterRef("practitioner"), role__in=TEACHING
    )
    rows = Enrolment.objects.filter(~Exists(own), state=EnrolmentState.COMPLETED)
    return rows.filter(event__in=delivered()).order_by()


def event_rows(rows: QuerySet[TrainingEvent]) -> list[EventRow]:
    """Events by first day, then reference. One query."""
    found = []
    names = (
        *("pk", "reference", "kind", "project_id", "country", "place_countries", "area"),
        *("starts", "ends", "is_generation_root"),
    )
    for (
        pk,
        reference,
        kind,
        project,
        country,
        countries,
        area,
        starts,
        ends,
        is_root,
    ) in rows.order_by().values_list(*names):
        first, last = span(starts, ends)
        found.append(
            EventRow(
                pk,
                reference,
                kind,
                project,
                country,
                tuple(countries),
                area,
                first,
                last,
                is_root,
                (first, last) != EVER,
            )
        )
    return sorted(found, key=lambda each: (each.first, each.reference))


def span(starts: str, ends: str) -> tuple[date, date]:
    """First day that `starts` allows and last day that `ends` allows; EVER where not known."""
    try:
        first = PartialDate.parse(starts).first
        last = PartialDate.parse(ends).last if ends else PartialDate.parse(starts).last
    except PartialDateRefused:
        return EVER
    return (first, last) if first <= last else EVER


def batches(keys: Collection[UUID]) -> Iterable[list[UUID]]:
    """The keys in parts that one query takes."""
    every = sorted(keys)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]


def source(only: Collection[UUID] | None = None) -> Source:
    """Delivered events (those of `only`, or all) with everything the engine asks for.

    Roots are trainers of events whose trainers came from outside who had completed nothing before
    the first such event: they are generation 0.
    """
    made = Source()
    if only is None:
        made.events = event_rows(delivered())
    else:
        made.events = [
            row for part in batches(only) for row in event_rows(delivered().filter(pk__in=part))
        ]
        made.events.sort(key=lambda each: (each.first, each.reference))
    keys = [row.id for row in made.events] if only is not None else None
    teachers = _teachers(keys)
    seats = _seats(keys)
    heads = _heads(keys)
    for number, row in enumerate(made.events):
        count, women, is_verified = heads.get(row.id, (0, 0, True))
        taught = {
            made.person(person): (minutes, share)
            for person, (minutes, share) in sorted(teachers.get(row.id, {}).items())
        }
        made.deliveries.append(
            Delivery(
                number,
                row.first.toordinal(),
                row.last.toordinal(),
                tuple(Teacher(person, *facts) for person, facts in taught.items()),
                tuple(made.person(person) for person in seats.get(row.id, ())),
                count,
                women,
                is_verified,
                row.is_root,
            )
        )
    _find_roots(made)
    return made


def _find_roots(made: Source) -> None:
    """Trainers who bring the beginning along; asks what they completed anywhere. Two queries."""
    trainers = {made.people[each.person] for one in made.deliveries for each in one.teachers}
    begun: dict[UUID, tuple[date, UUID]] = {}
    for part in batches(trainers):
        rows = Staffing.objects.filter(
            practitioner__in=part, role__in=TEACHING, event__is_generation_root=True
        ).filter(event__in=delivered())
        for person, event, starts, ends in rows.order_by().values_list(
            "practitioner", "event", "event__starts", "event__ends"
        ):
            here = span(starts, ends)[0], event
            begun[person] = min(here, begun.get(person, here))
    earlier = set()
    for part in batches(begun.keys()):
        for person, starts, ends in (
            completions()
            .filter(practitioner__in=part)
            .values_list("practitioner", "event__starts", "event__ends")
        ):
            if span(starts, ends)[1] < begun[person][0]:
                earlier.add(person)
    made.begun = {person: here for person, here in begun.items() if person not in earlier}
    made.roots = {made.person(person) for person in made.begun}


def _teachers(keys: list[UUID] | None) -> dict[UUID, dict[UUID, tuple[int, float]]]:
    """Event -> trainer -> (minutes, share of the objectives). Five queries a batch."""
    found: dict[UUID, dict[UUID, tuple[int, float]]] = {}
    for part in [None] if keys is None else batches(keys):
        found |= _teachers_of(part)
    return found


def _teachers_of(part: list[UUID] | None) -> dict[UUID, dict[UUID, tuple[int, float]]]:
    inside = Q() if part is None else Q(event__in=part)
    staffing = list(
        Staffing.objects.filter(inside, role__in=TEACHING, event__in=delivered())
        .order_by()
        .values_list("pk", "event", "practitioner", "hours")
    )
    minutes: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for pk, event, starts, ends in (
        TrainingSession.objects.filter(inside, event__in=delivered())
        .order_by()
        .values_list("pk", "event", "starts_at", "ends_at")
    ):
        minutes[event][pk] = int((ends - starts).total_seconds() // 60)
    objectives: dict[UUID, set[UUID]] = defaultdict(set)
    through = TrainingSession.objectives.through.objects
    in_part = Q() if part is None else Q(trainingsession__event__in=part)
    for session, objective in through.filter(in_part).values_list(
        "trainingsession", "learningobjective"
    ):
        objectives[session].add(objective)
    own: dict[UUID, set[UUID]] = defaultdict(set)
    in_part = Q() if part is None else Q(staffing__event__in=part)
    for pk, session in Staffing.sessions.through.objects.filter(in_part).values_list(
        "staffing", "trainingsession"
    ):
        own[pk].add(session)
    sessions: dict[tuple[UUID, UUID], set[UUID]] = defaultdict(set)
    hours: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for pk, event, person, taught in staffing:
        sessions[event, person] |= own.get(pk) or set(minutes[event])
        if taught is not None:
            hours[event, person] += round(taught * 60)
    found: dict[UUID, dict[UUID, tuple[int, float]]] = defaultdict(dict)
    for (event, person), held in sessions.items():
        spent = hours.get((event, person)) or sum(minutes[event].get(each, 0) for each in held)
        found[event][person] = (spent, covered(held, minutes[event], objectives))
    return found


def covered(
    held: Collection[UUID],
    minutes: Mapping[UUID, int],
    objectives: Mapping[UUID, Collection[UUID]],
) -> float:
    """Share of an event's objectives that the sessions `held` cover.

    Where no session names objectives, the share of its time; without sessions, all of it.
    """
    every = {each for session in minutes for each in objectives.get(session, ())}
    if every:
        own = {each for session in held for each in objectives.get(session, ())}
        return len(own & every) / len(every)
    total = sum(minutes.values())
    if not total:
        return 1.0
    return sum(minutes.get(session, 0) for session in held) / total


def _seats(keys: list[UUID] | None) -> dict[UUID, list[UUID]]:
    """Event -> who completed it. One query a batch."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for part in [None] if keys is None else batches(keys):
        inside = Q() if part is None else Q(event__in=part)
        for event, person in completions().filter(inside).values_list("event", "practitioner"):
            found[event].append(person)
    return found


def _heads(keys: list[UUID] | None) -> dict[UUID, tuple[int, int, bool]]:
    """Event -> (counted, women among them, verified by a sample). One query a batch."""
    found: dict[UUID, tuple[int, int, bool]] = {}
    for part in [None] if keys is None else batches(keys):
        inside = Q() if part is None else Q(report__event__in=part)
        rows = (
            HeadCount.objects.filter(inside)
            .exclude(report__state__in=UNCOUNTED)
            .order_by()
            .values_list("report__event", "report__state")
            .annotate(people=Sum("count"), women=Sum("count", filter=Q(sex=Sex.FEMALE)))
        )
        for event, state, people, women in rows:
            found[event] = (people or 0, women or 0, state == ReportState.VERIFIED)
    return found


def downstream(seeds: Iterable[UUID]) -> set[UUID]:
    """Events that may change when those of `seeds` do: taught by whoever took part or taught there.

    Two queries for each generation on the way down.
    """
    found: set[UUID] = set()
    new = set(seeds)
    while new:
        found |= new
        people: set[UUID] = set()
        for part in batches(new):
            for model in (Enrolment, Staffing):
                rows = model.objects.filter(event__in=part).order_by()
                people.update(rows.values_list("practitioner", flat=True))
        new = set()
        for part in batches(people):
            rows_taught = Staffing.objects.filter(practitioner__in=part, role__in=TEACHING)
            new.update(rows_taught.filter(event__in=delivered()).values_list("event", flat=True))
        new -= found
    return found


def standing(made: Source) -> Standing:
    """What the trainers of a part of the cascade bring along from events outside of it.

    By the generations that are on record for those events. Two queries a batch.
    """
    inside = {row.id for row in made.events}
    trainers = {made.people[each.person] for one in made.deliveries for each in one.teachers}
    persons, reached, days = [], [], []
    for part in batches(trainers):
        done = completions().filter(practitioner__in=part)
        credits = CascadeCredit.objects.filter(event__in=done.values("event"))
        generations = dict(credits.order_by().values_list("event", "generation").distinct())
        for person, event, starts, ends in done.values_list(
            "practitioner", "event", "event__starts", "event__ends"
        ):
            if event not in inside and event in generations:
                persons.append(made.number[person])
                reached.append(generations[event])
                days.append(span(starts, ends)[1].toordinal())
    return Standing(
        np.array(persons, np.int64), np.array(reached, np.int64), np.array(days, np.int64)
    )
