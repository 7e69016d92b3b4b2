"""The cascade as figures: generations, quality, reproduction, activation, picture, plans."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.training.engine.deliveries import MINIMUM_SHARE
from cairn.training.measures import cascade_figures, gain, survival
from cairn.training.measures.cascade_figures import Generation
from cairn.training.measures.figure import SMALL_CELL, Figure, Unit, undefined
from cairn.training.measures.shares import share
from cairn.training.measures.survival import Activation, Ending, Spell
from cairn.training.models import (
    CascadeNode,
    CascadePlan,
    Deployment,
    HeadCount,
    Staffing,
    TestSitting,
)
from cairn.training.queries.cascade_rows import Filters, Rows, rows
from cairn.training.queries.cascade_source import (
    UNCOUNTED,
    batches,
    completions,
    delivered,
    span,
)
from cairn.training.rules.choices import TEACHING, EventKind, Sex, TestWave
from cairn.training.rules.states import DeploymentState
from cairn.ui.charts import CascadeLine, CascadeStone

FORMAT = "cairn/cascade/1"
# Reproduction counts twelve months from the day somebody became a trainer. Source: the training
# study, section 7.
WITHIN = timedelta(days=365)
# When the share of those who gave a first session is read off. Judgement: a quarter and a year.
READ_AT = (90, 365)
# Marks are compared with the cut score; rounding must not fail anybody.
HAIR = 1e-9
ROOTS = "roots"


@dataclass(slots=True)
class Tested:
    """Tests at the end of some events: marks as shares of the full mark, and who passed."""

    marks: list[float] = field(default_factory=list)
    judged: int = 0
    passed: int = 0

    def add(self, other: "Tested") -> None:
        self.marks += other.marks
        self.judged += other.judged
        self.passed += other.passed


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """One line of the table. `number` None: events that no trainer of the cascade taught.

    `persons`: by name, each once; `seats`: completions; `counted`: by number only. `women` of those
    whose sex is known (`sexed`).
    """

    number: int | None
    events: int
    persons: int
    seats: int
    counted: int
    counted_verified: int
    women: Figure
    quality: Figure
    step: Figure | None
    score: Figure
    reproduction: Figure | None

    @property
    def people(self) -> int:
        """Persons by name once, and heads."""
        return self.persons + self.counted

    @property
    def unverified(self) -> int:
        return self.counted - self.counted_verified


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of a plan beside what was reached (by its day, when it has one)."""

    target: Any
    reached: int

    @property
    def share(self) -> float | None:
        return self.reached / self.target.persons if self.target.persons else None


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page and the report show."""

    filters: Filters
    generations: list[GenerationLine]
    outside: GenerationLine | None
    figures: list[Figure]
    activation: Activation
    spells: list[Spell]
    stones: list[CascadeStone]
    lines: list[CascadeLine]
    undated: int

    def figure(self, code: str) -> Figure | None:
        return next((each for each in self.figures if each.code == code), None)


def cascade(
    actor: Actor, filters: Filters, *, today: date, minimum_share: float = MINIMUM_SHARE
) -> View:
    """The cascade of a scope. A constant number of queries for any number of events and people.

    Raises Project.DoesNotExist, TrainingEvent.DoesNotExist.
    """
    found = rows(actor, filters, minimum_share=minimum_share)
    tested = _tested(found)
    people = _people(found)
    heads = _women_counted(found)
    numbers = sorted(set(found.generations.values()))
    trainers = _trainers(found)
    lines: list[GenerationLine] = []
    before: Generation | None = None
    for number in numbers:
        line, now = _line(found, number, tested, people, heads, trainers, before)
        lines.append(line)
        before = now
    outside = None
    if len(found.generations) < len(found.events):
        outside, _unused = _line(found, None, tested, people, heads, trainers, None)
    spells = _spells(found, today)
    activation = survival.activation(spells)
    return View(
        filters,
        lines,
        outside,
        _figures(found, lines, tested, trainers, activation, today),
        activation,
        spells,
        *_picture(found, tested, trainers),
        sum(not row.is_dated for row in found.events.values()),
    )


def _line(
    found: Rows,
    number: int | None,
    tested: Mapping[UUID, Tested],
    people: "Mapping[int | None, Counted]",
    heads: Mapping[UUID, tuple[int, int, int, bool]],
    trainers: "Mapping[UUID, Trained]",
    before: Generation | None,
) -> tuple[GenerationLine, Generation]:
    generations = found.generations
    inside = [key for key in found.events if generations.get(key) == number]
    marks = Tested()
    for key in inside:
        if key in tested:
            marks.add(tested[key])
    counted = sum(heads[key][0] for key in inside if key in heads)
    verified = sum(heads[key][0] for key in inside if key in heads and heads[key][3])
    women = sum(heads[key][1] for key in inside if key in heads)
    sexed = sum(heads[key][2] for key in inside if key in heads)
    named = people.get(number, Counted())
    now = Generation(
        number or 0,
        named.persons + counted,
        counted,
        named.persons + verified,
        marks.judged,
        marks.passed,
    )
    reproduction = None
    if number is not None:
        own = [each.within for each in trainers.values() if each.generation == number]
        reproduction = cascade_figures.reproduction(number, own)
    line = GenerationLine(
        number,
        len(inside),
        named.persons,
        named.seats,
        counted,
        verified,
        _women(named.women + women, named.sexed + sexed, now.persons),
        cascade_figures.quality(now),
        cascade_figures.quality_step(now, before) if before else None,
        gain.mean_score("score-after", marks.marks, 1.0),
        reproduction,
    )
    return line, now


def _women(women: int, sexed: int, people: int) -> Figure:
    """The share of women among those whose sex is on record."""
    if people and not sexed:
        why = _("The sex of nobody is on record, so there is no share of women.")
        return undefined("women", 0, Unit.SHARE, why)
    return share("women", women, sexed)


@dataclass(frozen=True, slots=True)
class Counted:
    """Participants by name of one generation, each person once, and their completions."""

    persons: int = 0
    seats: int = 0
    women: int = 0
    sexed: int = 0


def _people(found: Rows) -> dict[int | None, Counted]:
    """Counts by generation, None for outside. One query (a batch of events in a scope)."""
    generations = found.generations
    persons: dict[int | None, set[UUID]] = defaultdict(set)
    women: dict[int | None, set[UUID]] = defaultdict(set)
    sexed: dict[int | None, set[UUID]] = defaultdict(set)
    seats: dict[int | None, int] = defaultdict(int)
    parts = [Q()] if found.is_whole else [Q(event__in=part) for part in batches(found.events)]
    for inside in parts:
        done = completions().filter(inside).values_list("event", "practitioner", "sex")
        for event, person, sex in done.iterator(chunk_size=10_000):
            if event not in found.events:
                continue
            number = generations.get(event)
            persons[number].add(person)
            seats[number] += 1
            if sex != Sex.NOT_STATED:
                sexed[number].add(person)
            if sex == Sex.FEMALE:
                women[number].add(person)
    return {
        number: Counted(len(persons[number]), seats[number], len(women[number]), len(sexed[number]))
        for number in persons
    }


def _women_counted(found: Rows) -> dict[UUID, tuple[int, int, int, bool]]:
    """Event -> (counted, women, of known sex, verified) of reports by number."""
    facts: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0])
    verified: dict[UUID, bool] = {}
    reports = (
        HeadCount.objects.filter(report__event__in=delivered())
        .exclude(report__state__in=UNCOUNTED)
        .order_by()
        .values_list("report__event", "report__state", "sex", "count")
    )
    for event, state, sex, count in reports:
        if event in found.events:
            here = facts[event]
            here[0] += count
            here[1] += count if sex == Sex.FEMALE else 0
            here[2] += count if sex != Sex.NOT_STATED else 0
            verified[event] = state == "verified"
    return {event: (*here, verified[event]) for event, here in facts.items()}  # type: ignore[misc]


def _tested(found: Rows) -> dict[UUID, Tested]:
    """Event -> its tests at the end. One query."""
    sittings = (
        TestSitting.objects.filter(
            wave=TestWave.POST,
            handed_in_at__isnull=False,
            needs_marking=False,
            mark__isnull=False,
            maximum__gt=0,
            event__in=delivered(),
        )
        .order_by()
        .values_list("event", "mark", "maximum", "form__cut_score")
    )
    tests: dict[UUID, Tested] = defaultdict(Tested)
    for event, mark, maximum, cut in sittings:
        if event not in found.events:
            continue
        reached = float(mark or 0) / float(maximum or 1)
        tests[event].marks.append(reached)
        if cut is not None:
            tests[event].judged += 1
            tests[event].passed += reached >= float(cut) - HAIR
    return tests


@dataclass(slots=True)
class Trained:
    """A qualified trainer of the scope. `within`: people credited in the first twelve months."""

    generation: int
    since: date
    event: UUID
    within: float = 0.0
    total: float = 0.0
    lately: int = 0


def _trainers(found: Rows) -> dict[UUID, Trained]:
    """Who could train: root trainers, graduates of a training of trainers, and who is qualified.

    One query. Those whose place in the cascade comes from an event of the scope.
    """
    passed = completions().filter(event__kind=EventKind.TOT).values("practitioner")
    nodes = CascadeNode.objects.filter(
        Q(generation=0) | Q(practitioner__in=passed) | Q(practitioner__qualifications__isnull=False)
    ).distinct()
    trained: dict[UUID, Trained] = {}
    for person, generation, since, event in nodes.order_by().values_list(
        "practitioner", "generation", "since", "event"
    ):
        if event in found.events:
            trained[person] = Trained(generation, span(since, since)[0], event)
    for row in found.credits:
        own = trained.get(row.trainer) if row.trainer else None
        if own is None:
            continue
        own.total += row.people
        if own.since <= found.events[row.event].first <= own.since + WITHIN:
            own.within += row.people
    return trained


def _spells(found: Rows, today: date) -> list[Spell]:
    """One spell for each graduate of a training of trainers in the scope. Three queries."""
    ended: dict[UUID, date] = {}
    graduates = completions().filter(event__kind=EventKind.TOT)
    for person, event in graduates.values_list("practitioner", "event"):
        if event in found.events and found.events[event].is_dated:
            last = found.events[event].last
            ended[person] = min(last, ended.get(person, last))
    taught: dict[UUID, date] = {}
    staffing = Staffing.objects.filter(
        practitioner__in=graduates.values("practitioner"),
        role__in=TEACHING,
        event__in=delivered(),
    ).order_by()
    for person, starts, ends in staffing.values_list(
        "practitioner", "event__starts", "event__ends"
    ):
        first = span(starts, ends)[0]
        if person in ended and first > ended[person]:
            taught[person] = min(first, taught.get(person, first))
    away: dict[UUID, date] = {}
    posts = Deployment.objects.filter(
        practitioner__in=graduates.values("practitioner"),
        state__in=(DeploymentState.IN_POST, DeploymentState.ENDED),
        actual_from__isnull=False,
    ).order_by()
    for person, left in posts.values_list("practitioner", "actual_from"):
        if left is not None and person in ended and left > ended[person]:
            away[person] = min(left, away.get(person, left))
    spells = []
    for person, last in ended.items():
        endings = [(today, 2, Ending.WATCHED)]
        if person in taught:
            endings.append((taught[person], 0, Ending.DELIVERED))
        if person in away:
            endings.append((away[person], 1, Ending.AWAY))
        day, _order, ending = min(endings)
        if day >= last:
            spells.append(Spell((day - last).days, ending))
    return spells


def _figures(
    found: Rows,
    lines: list[GenerationLine],
    tested: Mapping[UUID, Tested],
    trainers: Mapping[UUID, Trained],
    activation: Activation,
    today: date,
) -> list[Figure]:
    """What the page leads with."""
    generations = found.generations
    rows_of = []
    for line in lines:
        marks = Tested()
        for key, each in tested.items():
            if generations.get(key) == line.number:
                marks.add(each)
        rows_of.append(
            Generation(
                line.number or 0,
                line.people,
                line.counted,
                line.persons + line.counted_verified,
                marks.judged,
                marks.passed,
            )
        )
    for row in found.credits:
        event = found.events[row.event]
        own = trainers.get(row.trainer) if row.trainer else None
        if own and today - WITHIN < event.last <= today:
            own.lately += 1
    return [
        cascade_figures.effective_reach(rows_of),
        *(survival.activation_share(activation, day) for day in READ_AT),
        survival.median_activation(activation),
        cascade_figures.concentration([each.lately for each in trainers.values()]),
    ]


def _picture(
    found: Rows, tested: Mapping[UUID, Tested], trainers: Mapping[UUID, Trained]
) -> tuple[list[CascadeStone], list[CascadeLine]]:
    """Nodes: events with a generation, and the root trainers; lines: who taught whom."""
    stones, facts = [], found.facts()
    for key, row in facts.items():
        marks = tested.get(key, Tested())
        event = found.events[key]
        stones.append(
            CascadeStone(
                str(key),
                event.reference,
                row.generation,
                row.named + row.aggregate,
                marks.passed / marks.judged if marks.judged >= SMALL_CELL else None,
                bool(row.aggregate and not row.named),
            )
        )
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for row in found.credits:
        source = found.sources.get((row.event, row.trainer)) if row.trainer else None
        # A trainer who came out of an event beyond the scope is a beginning here.
        start = str(source) if source in facts else ROOTS
        weights[start, str(row.event)] += row.people
    # Where nobody knows how many came from outside, they are no node.
    if known := sum(each.generation == 0 for each in trainers.values()):
        stones.insert(0, CascadeStone(ROOTS, _("Root trainers"), 0, float(known)))
    lines = [CascadeLine(*pair, people) for pair, people in sorted(weights.items())]
    return stones, lines


def plans(actor: Actor) -> list[CascadePlan]:
    """Every plan with its targets. Two queries."""
    found = CascadePlan.objects.visible_to(actor).select_related("project", "root")
    return list(found.prefetch_related("targets"))


def plan_scope(plan: CascadePlan) -> Filters:
    """The part of the cascade that a plan is for."""
    return Filters(
        project=plan.project.reference or "" if plan.project else "",
        root=plan.root.reference if plan.root else "",
    )


def targets(actor: Actor, plan: CascadePlan) -> list[TargetLine]:
    """Targets of a plan against what was reached, by its own share of objectives.

    A person counts once in a generation and place; heads are added.
    """
    found = rows(actor, plan_scope(plan), minimum_share=float(plan.minimum_share))
    done: dict[UUID, set[UUID]] = defaultdict(set)
    for part in batches(found.events):
        pairs = completions().filter(event__in=part).values_list("event", "practitioner")
        for event, person in pairs:
            done[event].add(person)
    facts = found.facts()
    lines = []
    for target in plan.targets.all():
        inside = [
            key
            for key, row in facts.items()
            if row.generation == target.generation
            and (
                not target.country
                or target.country in {found.events[key].country, *found.events[key].countries}
            )
            and (not target.area or found.events[key].area == target.area)
            and (target.due_on is None or found.events[key].last <= target.due_on)
        ]
        persons = set().union(*(done[key] for key in inside))
        lines.append(TargetLine(target, len(persons) + sum(facts[key].aggregate for key in inside)))
    return lines
