"""Rows behind the cascade: events of a scope, credit, and which event each trainer came out of."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from cairn.core.actor import Actor
from cairn.portfolio.models import Project
from cairn.training.engine import NO_GENERATION, PARTS, Cascade, pack
from cairn.training.engine.deliveries import MINIMUM_SHARE
from cairn.training.models import CascadeCredit, TrainingEvent
from cairn.training.queries import cascade_source
from cairn.training.queries.cascade_source import EventRow, completions, delivered


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of the cascade: that below a project's events, below one event, in a country."""

    project: str = ""
    root: str = ""
    country: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        return cls(**{name: query.get(name, "").strip()[:20].upper() for name in cls.__slots__})

    @property
    def is_empty(self) -> bool:
        return not (self.project or self.root or self.country)


class CreditRow(NamedTuple):
    """A trainer's part of an event, with the counts of the whole event. `trainer` None: outside."""

    event: UUID
    trainer: UUID | None
    generation: int
    share: float
    named: int
    first_time: int
    aggregate: int
    is_verified: bool

    @property
    def people(self) -> float:
        """Participants credited to the trainer."""
        return self.share * (self.named + self.aggregate)


@dataclass(slots=True)
class Rows:
    """Everything of a scope. `events`, `credits`: in it; `below`: events below each event.

    `sources`: (event, trainer) -> event that the trainer came out of, None for a root trainer.
    """

    events: dict[UUID, EventRow] = field(default_factory=dict)
    credits: list[CreditRow] = field(default_factory=list)
    sources: dict[tuple[UUID, UUID], UUID | None] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def generations(self) -> dict[UUID, int]:
        """Event -> generation, for those that have one."""
        return {row.event: row.generation for row in self.credits}

    def facts(self) -> dict[UUID, CreditRow]:
        """Event -> one of its credits: named, counted, verified are those of the event."""
        return {row.event: row for row in self.credits}


def rows(actor: Actor, filters: Filters, *, minimum_share: float = MINIMUM_SHARE) -> Rows:
    """The rows of a scope that `actor` may see. Four queries, whatever the number of rows.

    `minimum_share`: from which share of the objectives a trainer links; another than the usual one
    is computed anew. Raises Project.DoesNotExist, TrainingEvent.DoesNotExist.
    """
    events = {row.id: row for row in cascade_source.event_rows(delivered(actor))}
    known = [row for row in _credits(minimum_share) if row.event in events]
    trainers = {row.trainer for row in known if row.trainer is not None}
    trained_in = _trained_in(trainers, events.keys())
    sources = _sources(known, events, trained_in)
    scope = _scope(actor, filters, events, known, trained_in)
    if scope is None:
        return Rows(events, known, sources)
    return Rows(
        {key: row for key, row in events.items() if key in scope},
        [row for row in known if row.event in scope],
        {key: source for key, source in sources.items() if key[0] in scope},
        is_whole=False,
    )


def _credits(minimum_share: float) -> list[CreditRow]:
    if minimum_share != MINIMUM_SHARE:
        return computed_credits(minimum_share)
    found = CascadeCredit.objects.order_by("event", "trainer").values_list(*CreditRow._fields)
    return [CreditRow(*row) for row in found]


def computed_credits(minimum_share: float) -> list[CreditRow]:
    """Credit with another share of objectives than the usual one, computed from the events."""
    made = cascade_source.source()
    cascade = Cascade(pack(made.deliveries, roots=made.roots), minimum_share=minimum_share)
    found = []
    for at, row in enumerate(made.events):
        generation = int(cascade.generations[at])
        if generation == NO_GENERATION:
            continue
        named, heads = int(cascade.seat_counts[at]), made.deliveries[at].heads
        first, is_verified = int(cascade.firsts[at]), made.deliveries[at].is_verified
        parts = cascade.credits(at)
        whole = (named + heads) * PARTS
        shares: dict[UUID | None, float] = {
            made.people[person]: sum(part) / whole if whole else 1 / len(parts)
            for person, part in parts.items()
        }
        for trainer, share in (shares or {None: 1.0}).items():
            found.append(
                CreditRow(row.id, trainer, generation, share, named, first, heads, is_verified)
            )
    return found


def _trained_in(trainers: Collection[UUID], events: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Trainer -> events that they completed."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    teaching = CascadeCredit.objects.exclude(trainer=None).values("trainer")
    for person, event in (
        completions().filter(practitioner__in=teaching).values_list("practitioner", "event")
    ):
        if person in trainers and event in events:
            found[person].append(event)
    return found


def _sources(
    known: Iterable[CreditRow],
    events: dict[UUID, EventRow],
    trained_in: dict[UUID, list[UUID]],
) -> dict[tuple[UUID, UUID], UUID | None]:
    """The event that gave each trainer the generation that counted: lowest, then earliest."""
    generations = {row.event: row.generation for row in known}
    found: dict[tuple[UUID, UUID], UUID | None] = {}
    for row in known:
        if row.trainer is None:
            continue
        first = events[row.event].first
        before = [
            (generations[event], events[event].last, events[event].reference, event)
            for event in trained_in.get(row.trainer, ())
            if event in generations and events[event].last < first
        ]
        found[row.event, row.trainer] = min(before)[3] if before else None
    return found


def _scope(
    actor: Actor,
    filters: Filters,
    events: dict[UUID, EventRow],
    known: Iterable[CreditRow],
    trained_in: dict[UUID, list[UUID]],
) -> set[UUID] | None:
    """Events of the part asked for; None for all."""
    if filters.is_empty:
        return None
    scope = set(events)
    if filters.project:
        project = Project.objects.visible_to(actor).get(reference=filters.project)
        scope &= below(
            {key for key, row in events.items() if row.project_id == project.pk},
            events,
            known,
            trained_in,
        )
    if filters.root:
        root = TrainingEvent.objects.visible_to(actor).get(reference=filters.root)
        scope &= below({root.pk}, events, known, trained_in)
    if filters.country:
        scope = {
            key for key in scope if filters.country in {events[key].country, *events[key].countries}
        }
    return scope


def below(
    seeds: set[UUID],
    events: dict[UUID, EventRow],
    known: Iterable[CreditRow],
    trained_in: dict[UUID, list[UUID]],
) -> set[UUID]:
    """`seeds`, and every event taught later by somebody who completed one of them or of those."""
    taught: dict[UUID, list[UUID]] = defaultdict(list)
    for row in known:
        if row.trainer is not None:
            taught[row.trainer].append(row.event)
    trainers_of: dict[UUID, list[UUID]] = defaultdict(list)
    for trainer, completed in trained_in.items():
        for event in completed:
            trainers_of[event].append(trainer)
    found: set[UUID] = set()
    new = seeds & set(events)
    while new:
        found |= new
        new = {
            later
            for event in new
            for trainer in trainers_of.get(event, ())
            for later in taught.get(trainer, ())
            if events[later].first > events[event].last
        } - found
    return found
