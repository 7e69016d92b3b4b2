"""Trainers in the cascade: dormant ones, areas with nobody current, what one lost would cost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cairn.core.actor import Actor
from cairn.training.engine import Cascade, Loss, loss_of, pack
from cairn.training.models import CascadeNode, Practitioner
from cairn.training.queries import cascade_source, roster
from cairn.training.queries.cascade_rows import CreditRow, Filters, Rows, below, rows
from cairn.training.queries.cascade_source import EventRow, Source, batches, completions
from cairn.training.queries.roster import Trainer
from cairn.training.rules.roster import CAN_BE_ASKED, Standing

# Losses are worked out for those with most people to their credit: each is a computation.
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Area:
    """A country (alpha-3) and area (empty: not said) with its trainers. `current`: can be asked."""

    country: str
    area: str
    trainers: int
    current: int


@dataclass(frozen=True, slots=True)
class Dependence:
    """One trainer, by code, and what would be lost with them.

    `people`: credited to them. `areas`: where nobody current would be left.
    """

    practitioner: Practitioner
    generation: int | None
    people: float
    events: int
    loss: Loss
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """The page about trainers: `dormant`, `bare` (areas with nobody current), `dependence`."""

    dormant: list[Trainer]
    bare: list[Area]
    dependence: list[Dependence]
    trainers: int


def resting(actor: Actor, filters: Filters, *, today: date) -> Resting:
    """What the cascade of a scope rests on, for trainers whose records `actor` may see.

    A constant number of queries. Raises Project.DoesNotExist, TrainingEvent.DoesNotExist.
    """
    found = rows(actor, filters)
    listed = roster.trainers(actor, roster.Filters(), today=today)
    here = _of_scope(listed, filters)
    areas = _areas(here, found)
    credited = _credited(found.credits)
    shown = sorted(credited, key=lambda key: -sum(row.people for row in credited[key]))
    seen = _seen(actor, shown)
    first = [key for key in shown if key in seen][:MOST_SHOWN]
    made = cascade_source.source()
    engine = Cascade(pack(made.deliveries, roots=made.roots), full_beyond=1)
    places = dict(
        CascadeNode.objects.filter(practitioner__in=first).values_list("practitioner", "generation")
    )
    dependence = [
        Dependence(
            seen[key],
            places.get(key),
            sum(row.people for row in credited[key]),
            len(credited[key]),
            _loss(made, engine, key),
            bare_without(here, seen[key]),
        )
        for key in first
    ]
    dependence.sort(key=lambda each: (-each.loss.people, -each.people, each.practitioner.code))
    return Resting(
        [each for each in here if each.status.standing == Standing.DORMANT],
        [each for each in areas if not each.current],
        dependence,
        len(here),
    )


def _of_scope(listed: Iterable[Trainer], filters: Filters) -> list[Trainer]:
    """Trainers of the country asked for; a project or event does not bound where they serve."""
    if not filters.country:
        return list(listed)
    return [each for each in listed if each.practitioner.country == filters.country]


def _credited(credits: Iterable[CreditRow]) -> dict[UUID, list[CreditRow]]:
    found: dict[UUID, list[CreditRow]] = defaultdict(list)
    for row in credits:
        if row.trainer is not None:
            found[row.trainer].append(row)
    return found


def _seen(actor: Actor, keys: list[UUID]) -> dict[UUID, Practitioner]:
    """Those of `keys` whose records the actor may see."""
    found: dict[UUID, Practitioner] = {}
    for part in batches(keys):
        people = Practitioner.objects.visible_to(actor).filter(pk__in=part)
        found |= {person.pk: person for person in people}
    return found


def _areas(listed: Iterable[Trainer], found: Rows) -> list[Area]:
    """Every place that has a trainer or had a training, with its trainers."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in found.events.values():
        if row.country:
            counts[row.country, row.area] = counts[row.country, row.area]
    for each in listed:
        place = counts[each.practitioner.country, each.practitioner.area]
        place[0] += 1
        place[1] += each.status.standing in CAN_BE_ASKED
    return [Area(*key, *counts[key]) for key in sorted(counts) if key[0]]


def bare_without(listed: Iterable[Trainer], lost: Practitioner) -> tuple[Area, ...]:
    """Areas whose only current trainer is `lost`."""
    own = (lost.country, lost.area)
    current = [
        each.practitioner.pk
        for each in listed
        if (each.practitioner.country, each.practitioner.area) == own
        and each.status.standing in CAN_BE_ASKED
    ]
    return (Area(*own, 1, 0),) if current == [lost.pk] else ()


def _loss(made: Source, engine: Cascade, key: UUID) -> Loss:
    number = made.number.get(key)
    return Loss() if number is None else loss_of(engine, number)


@dataclass(frozen=True, slots=True)
class TaughtLine:
    """One event that a trainer taught. `people`: credited; `share`: of the event."""

    event: EventRow
    generation: int
    share: float
    people: float


@dataclass(frozen=True, slots=True)
class BelowLine:
    """One generation below a trainer: events, seats by name, counted by number, trainers by code.

    `hidden`: trainers whose records the reader may not see.
    """

    generation: int
    events: int
    seats: int
    counted: int
    trainers: list[Practitioner]
    hidden: int


@dataclass(frozen=True, slots=True)
class Own:
    """A trainer's own page. `generation` None: not in the cascade."""

    practitioner: Practitioner
    generation: int | None
    since: str
    came_from: EventRow | None
    taught: list[TaughtLine]
    below: list[BelowLine]
    loss: Loss
    lost_events: list[EventRow]
    areas: tuple[Area, ...]

    @property
    def people(self) -> float:
        """All that is credited to the trainer."""
        return sum(line.people for line in self.taught)


def own_cascade(actor: Actor, code: str, *, today: date) -> Own:
    """What follows from one trainer's work. Raises Practitioner.DoesNotExist."""
    person = Practitioner.objects.visible_to(actor).get(code=code.upper())
    found = rows(actor, Filters())
    taught = [
        TaughtLine(found.events[row.event], row.generation, row.share, row.people)
        for row in found.credits
        if row.trainer == person.pk
    ]
    taught.sort(key=lambda line: (line.event.first, line.event.reference))
    node = CascadeNode.objects.filter(practitioner=person).first()
    made = cascade_source.source()
    loss = _loss(made, Cascade(pack(made.deliveries, roots=made.roots), full_beyond=1), person.pk)
    listed = roster.trainers(actor, roster.Filters(country=person.country), today=today)
    return Own(
        person,
        node.generation if node else None,
        node.since if node else "",
        found.events.get(node.event_id) if node else None,
        taught,
        _below(actor, found, {line.event.id for line in taught}),
        loss,
        [made.events[number] for number in loss.events],
        bare_without(listed, person),
    )


def _below(actor: Actor, found: Rows, seeds: set[UUID]) -> list[BelowLine]:
    """Everything taught below some events, by generation."""
    trained_in: dict[UUID, list[UUID]] = defaultdict(list)
    teaching = {row.trainer for row in found.credits if row.trainer}
    for part in batches(teaching):
        done = completions().filter(practitioner__in=part)
        for person, event in done.values_list("practitioner", "event"):
            if event in found.events:
                trained_in[person].append(event)
    reached = below(seeds, found.events, found.credits, trained_in)
    facts = {key: row for key, row in found.facts().items() if key in reached}
    by_event: dict[UUID, set[UUID]] = defaultdict(set)
    for person, events in trained_in.items():
        for event in events:
            by_event[event].add(person)
    everybody = {person for key in facts for person in by_event[key]}
    seen = _seen(actor, sorted(everybody))
    lines = []
    for generation in sorted({row.generation for row in facts.values()}):
        inside = [key for key, row in facts.items() if row.generation == generation]
        people = {person for key in inside for person in by_event[key]}
        known = sorted((seen[key] for key in people if key in seen), key=lambda each: each.code)
        lines.append(
            BelowLine(
                generation,
                len(inside),
                sum(facts[key].named for key in inside),
                sum(facts[key].aggregate for key in inside),
                known,
                len(people) - len(known),
            )
        )
    return lines
