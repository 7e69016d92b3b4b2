"""Keeps the derived cascade right: generations, credit and places of people follow the events.

Nothing here is typed in by anybody: each row can be computed anew at any time (`rebuild`), and
comes out the same as it was kept event by event.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.portfolio.models import Project
from cairn.training.engine import NO_GENERATION, Cascade, first_times, pack
from cairn.training.models import (
    CascadeCredit,
    CascadeNode,
    CascadePlan,
    CascadeTarget,
    Enrolment,
    Staffing,
    TrainingEvent,
)
from cairn.training.queries import cascade_source
from cairn.training.queries.cascade_source import Source, batches, completions, span
from cairn.training.rules import cascade as rules

# Any number that nothing else locks by: one change of the cascade is written at a time.
LOCK = 4_606_520
WRITTEN_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a computation came to. `changed`: rows that were not as they should be."""

    events: int
    people: int
    changed: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What a row of CascadeCredit has to say, apart from first times."""

    generation: int
    share: float
    named: int
    aggregate: int
    is_verified: bool


@transaction.atomic
def event_changed(event_id: UUID) -> Rebuilt:
    """Settle the cascade after one event was delivered, settled, verified or changed.

    Only what is downstream of it is computed. Called in the caller's transaction.
    """
    return _update({event_id})


@transaction.atomic
def people_changed(people: Iterable[UUID]) -> Rebuilt:
    """The same after records of people moved to another record (a merge, or its undoing)."""
    keys = sorted(people)
    events = {
        event
        for model in (Enrolment, Staffing)
        for event in model.objects.filter(practitioner__in=keys).values_list("event", flat=True)
    }
    CascadeNode.objects.filter(practitioner__in=keys).delete()
    return _update(events)


@transaction.atomic
def rebuild() -> Rebuilt:
    """Compute everything anew from the events."""
    _lock()
    made = cascade_source.source()
    cascade = Cascade(pack(made.deliveries, roots=made.roots))
    changed = _write_credits(CascadeCredit.objects.all(), _credits(made, cascade))
    firsts = {row.id: int(cascade.firsts[at]) for at, row in enumerate(made.events)}
    changed += _write_firsts(CascadeCredit.objects.all(), firsts)
    nodes = {}
    for number, person in enumerate(made.people):
        if person in made.begun:
            nodes[person] = (0, *made.begun[person])
        elif (node := cascade.node(number)) and node.since is not None and node.event is not None:
            since = date.fromordinal(node.since)
            nodes[person] = (node.generation, since, made.events[node.event].id)
    changed += _write_nodes(CascadeNode.objects.all(), nodes)
    return Rebuilt(len(made.events), len(made.people), changed)


def _lock() -> None:
    """One writer at a time; SQLite has no more than one anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _update(seeds: Collection[UUID]) -> Rebuilt:
    _lock()
    keys = cascade_source.downstream(seeds)
    made = cascade_source.source(keys)
    cascade = Cascade(
        pack(made.deliveries, roots=made.roots, persons=len(made.people)),
        standing=cascade_source.standing(made),
    )
    changed = 0
    credits = _credits(made, cascade)
    for part in batches(keys):
        inside = set(part)
        mine = {key: each for key, each in credits.items() if key[0] in inside}
        changed += _write_credits(CascadeCredit.objects.filter(event__in=part), mine)
    touched = _people_of(keys)
    changed += _settle_firsts(touched, keys)
    changed += _settle_nodes(touched, made)
    return Rebuilt(len(made.events), len(touched), changed)


def _people_of(keys: Collection[UUID]) -> set[UUID]:
    """Whoever takes part in these events, completed or not, and who teaches there."""
    found: set[UUID] = set()
    for part in batches(keys):
        for model in (Enrolment, Staffing):
            rows = model.objects.filter(event__in=part).order_by()
            found.update(rows.values_list("practitioner", flat=True))
    return found


def _credits(made: Source, cascade: Cascade) -> dict[tuple[UUID, UUID | None], Credit]:
    """(event, trainer) -> its row, for events that have a generation."""
    found: dict[tuple[UUID, UUID | None], Credit] = {}
    for at, row in enumerate(made.events):
        generation = int(cascade.generations[at])
        if generation == NO_GENERATION:
            continue
        delivery = made.deliveries[at]
        named, is_verified = int(cascade.seat_counts[at]), delivery.is_verified

        def credit(
            share: float,
            generation: int = generation,
            named: int = named,
            heads: int = delivery.heads,
            is_verified: bool = is_verified,
        ) -> Credit:
            return Credit(generation, share, named, heads, is_verified)

        teachers = cascade.teachers(at)
        linked = np.flatnonzero(teachers.is_linked)
        if not len(linked):
            found[row.id, None] = credit(1.0)
            continue
        minutes = teachers.minutes[linked]
        total = int(minutes.sum())
        for place, spent in zip(linked.tolist(), minutes.tolist(), strict=True):
            share = spent / total if total else 1 / len(linked)
            found[row.id, made.people[int(teachers.person[place])]] = credit(share)
    return found


def _write_credits(
    rows: QuerySet[CascadeCredit], wanted: Mapping[tuple[UUID, UUID | None], Credit]
) -> int:
    """Make `rows` what they should be; how many were not."""
    left = dict(wanted)
    gone, changed = [], []
    for row in rows:
        should = left.pop((row.event_id, row.trainer_id), None)
        if should is None:
            gone.append(row.pk)
            continue
        now = Credit(row.generation, row.share, row.named, row.aggregate, row.is_verified)
        if now != should:
            row.generation, row.share = should.generation, should.share
            row.named, row.aggregate = should.named, should.aggregate
            row.is_verified = should.is_verified
            changed.append(row)
    CascadeCredit.objects.filter(pk__in=gone).delete()
    fields = ["generation", "share", "named", "aggregate", "is_verified"]
    CascadeCredit.objects.bulk_update(changed, fields, batch_size=WRITTEN_AT_ONCE)
    CascadeCredit.objects.bulk_create(
        (
            CascadeCredit(
                event_id=event,
                trainer_id=trainer,
                generation=each.generation,
                share=each.share,
                named=each.named,
                aggregate=each.aggregate,
                is_verified=each.is_verified,
            )
            for (event, trainer), each in left.items()
        ),
        batch_size=WRITTEN_AT_ONCE,
    )
    return len(gone) + len(changed) + len(left)


def _settle_firsts(people: Collection[UUID], keys: Collection[UUID]) -> int:
    """How many persons each event counts for the first time, wherever `people` take part."""
    events = set(keys)
    for part in batches(people):
        events.update(completions().filter(practitioner__in=part).values_list("event", flat=True))
    others: set[UUID] = set()
    for part in batches(events):
        others.update(completions().filter(event__in=part).values_list("practitioner", flat=True))
    seats: list[tuple[UUID, UUID]] = []
    for part in batches(others):
        rows = completions().filter(practitioner__in=part)
        seats += rows.values_list("practitioner", "event")
    counted = _firsts_of(seats)
    changed = 0
    for part in batches(events):
        wanted = {event: counted.get(event, 0) for event in part}
        changed += _write_firsts(CascadeCredit.objects.filter(event__in=part), wanted)
    return changed


def _firsts_of(seats: list[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """Event -> persons that count there, over all completions of some persons."""
    events = sorted({event for _person, event in seats})
    facts: dict[UUID, tuple[date, str, date]] = {}
    verified: dict[UUID, bool] = {}
    generations: dict[UUID, int] = {}
    for part in batches(events):
        for event, reference, starts, ends in (
            TrainingEvent.objects.filter(pk__in=part)
            .order_by()
            .values_list("pk", "reference", "starts", "ends")
        ):
            first, last = span(starts, ends)
            facts[event] = (first, reference, last)
        credits = CascadeCredit.objects.filter(event__in=part).order_by()
        for event, generation, is_verified in credits.values_list(
            "event", "generation", "is_verified"
        ):
            generations[event], verified[event] = generation, is_verified
    # Events that end on one day count in the order in which `source` numbers them.
    order = sorted(facts, key=lambda event: facts[event][:2])
    row = {event: at for at, event in enumerate(order)}
    people = {person: at for at, person in enumerate(sorted({each for each, _event in seats}))}
    found = first_times(
        np.array([people[person] for person, _event in seats], np.int64),
        np.array([row[event] for _person, event in seats], np.int64),
        np.array([generations.get(event, NO_GENERATION) for event in order], np.int64),
        np.array([facts[event][2].toordinal() for event in order], np.int64),
        np.array([verified.get(event, True) for event in order], np.bool_),
        np.arange(len(order)),
    )
    return {event: int(found[at]) for at, event in enumerate(order)}


def _write_firsts(rows: QuerySet[CascadeCredit], wanted: Mapping[UUID, int]) -> int:
    changed = []
    for row in rows:
        should = wanted.get(row.event_id, 0)
        if row.first_time != should:
            row.first_time = should
            changed.append(row)
    CascadeCredit.objects.bulk_update(changed, ["first_time"], batch_size=WRITTEN_AT_ONCE)
    return len(changed)


def _settle_nodes(people: Collection[UUID], made: Source) -> int:
    """The lowest generation of each of `people`, by everything that they completed."""
    changed = 0
    for part in batches(people):
        wanted: dict[UUID, tuple[int, date, UUID]] = {}
        best: dict[UUID, tuple[int, date, date, str, UUID]] = {}
        done = completions().filter(practitioner__in=part)
        credits = CascadeCredit.objects.filter(event__in=done.values("event")).order_by()
        generations = dict(credits.values_list("event", "generation").distinct())
        for person, event, reference, starts, ends in done.values_list(
            "practitioner", "event", "event__reference", "event__starts", "event__ends"
        ):
            if event in generations:
                first, last = span(starts, ends)
                here = (generations[event], last, first, reference, event)
                best[person] = min(here, best.get(person, here))
        for person in part:
            if person in made.begun:
                wanted[person] = (0, *made.begun[person])
            elif person in best:
                generation, since, _first, _reference, event = best[person]
                wanted[person] = (generation, since, event)
        rows = CascadeNode.objects.filter(practitioner__in=part)
        changed += _write_nodes(rows, wanted)
    return changed


def _write_nodes(rows: QuerySet[CascadeNode], wanted: Mapping[UUID, tuple[int, date, UUID]]) -> int:
    """Make the places of people what they should be; how many were not."""
    left = dict(wanted)
    gone, changed = [], []
    for row in rows:
        should = left.pop(row.practitioner_id, None)
        if should is None:
            gone.append(row.pk)
        elif (row.generation, row.since, row.event_id) != (should[0], f"{should[1]}", should[2]):
            row.generation, row.since, row.event_id = should[0], f"{should[1]}", should[2]
            changed.append(row)
    for part in batches(gone):
        CascadeNode.objects.filter(pk__in=part).delete()
    fields = ["generation", "since", "event"]
    CascadeNode.objects.bulk_update(changed, fields, batch_size=WRITTEN_AT_ONCE)
    CascadeNode.objects.bulk_create(
        (
            CascadeNode(
                practitioner_id=person, generation=generation, since=f"{since}", event_id=event
            )
            for person, (generation, since, event) in left.items()
        ),
        batch_size=WRITTEN_AT_ONCE,
    )
    return len(gone) + len(changed) + len(left)


# Plans


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a cascade is meant to reach: that of a project, or of one event (reference)."""

    title: str
    project: Project | None = None
    root: TrainingEvent | None = None
    minimum_share: Decimal = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """How many people one generation is to reach. `country`: alpha-3 or empty for everywhere."""

    generation: int
    persons: int
    country: str = ""
    area: str = ""
    due_on: date | None = None


@transaction.atomic
def make_plan(actor: Actor, facts: PlanFacts) -> CascadePlan:
    """Enter a plan. Raises PermissionDenied, RuleBroken ("cascade_plan.scope", "...share")."""
    require(actor, Permission.TRAINING_EDIT)
    rules.check_plan(
        has_project=facts.project is not None,
        has_root=facts.root is not None,
        minimum_share=facts.minimum_share,
    )
    plan = CascadePlan.objects.create(
        title=facts.title,
        project=facts.project,
        root=facts.root,
        minimum_share=facts.minimum_share,
    )
    audit.record(actor, "cascade_plan.entered", plan)
    return plan


@transaction.atomic
def add_target(actor: Actor, plan: CascadePlan, facts: TargetFacts) -> CascadeTarget:
    """Enter what one generation of a plan is to reach.

    Raises PermissionDenied, RuleBroken ("cascade_target.twice", "cascade_target.generation").
    """
    require(actor, Permission.TRAINING_EDIT)
    held = CascadePlan.objects.visible_to(actor).select_for_update().get(pk=plan.pk)
    same = held.targets.filter(
        generation=facts.generation,
        country=facts.country,
        area=facts.area,
        due_on=facts.due_on,
    )
    rules.check_target(facts.generation, is_known=same.exists())
    target = CascadeTarget.objects.create(
        plan=held,
        generation=facts.generation,
        persons=facts.persons,
        country=facts.country,
        area=facts.area.strip(),
        due_on=facts.due_on,
    )
    audit.record(actor, "cascade_target.entered", held, generation=facts.generation)
    return target


@transaction.atomic
def remove_target(actor: Actor, target_id: UUID) -> CascadePlan:
    """Take a target out of its plan. Raises CascadeTarget.DoesNotExist, PermissionDenied."""
    plans = CascadePlan.objects.visible_to(actor)
    target = CascadeTarget.objects.select_related("plan").get(pk=target_id, plan__in=plans)
    require(actor, Permission.TRAINING_EDIT)
    generation = target.generation
    target.delete()
    audit.record(actor, "cascade_target.removed", target.plan, generation=generation)
    return target.plan
