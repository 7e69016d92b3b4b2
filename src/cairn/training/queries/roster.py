"""The roster of trainers: for each, the dated facts, the ladder and the computed status.

By code only. A constant number of queries for any number of trainers.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cairn.core.actor import Actor
from cairn.core.partial_dates import PartialDate, PartialDateRefused
from cairn.training.models import (
    Availability,
    Deployment,
    Enrolment,
    Observation,
    Practitioner,
    Restriction,
    Staffing,
    TrainerQualification,
    TrainingEvent,
    TrainingSession,
    VettingCheck,
)
from cairn.training.rules import roster
from cairn.training.rules.choices import (
    TEACHING,
    AvailabilityKind,
    EventKind,
    LadderStep,
    StaffRole,
)
from cairn.training.rules.roster import Dates, Place, Standing, Status, Work
from cairn.training.rules.states import DELIVERED, DeploymentState, EnrolmentState

REFRESHERS = frozenset({EventKind.REFRESHER, EventKind.INSTRUCTOR_FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event that a trainer taught at. `sessions`: how many of its sessions, at least one.

    `families`: of the modules that it taught; empty when none is on record.
    """

    event: TrainingEvent
    role: StaffRole
    is_supervised: bool
    is_delivered: bool
    sessions: int
    families: frozenset[str]
    last_day: date | None


@dataclass(slots=True)
class Facts:
    """All that the roster knows of one trainer, from the records of one sweep."""

    practitioner: Practitioner
    qualifications: list[TrainerQualification] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    passed_tots: list[date | None] = field(default_factory=list)
    refreshers: list[date] = field(default_factory=list)
    vetted_until: date | None = None
    in_post: tuple[date, date | None] | None = None
    available: list[Availability] = field(default_factory=list)
    away: list[Availability] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)

    @property
    def best(self) -> TrainerQualification | None:
        """The highest qualification, the newest where there are several."""
        return max(
            self.qualifications,
            key=lambda each: (roster.STEPS.index(LadderStep(each.level)), each.since),
            default=None,
        )

    def work(self, family: str = "", language: str = "") -> Work:
        """What counts for the ladder, for one family and language, or for all where empty.

        An event without module or language on record counts for every one.
        """
        done = [
            each
            for each in self.deliveries
            if each.is_delivered
            and (not family or not each.families or family in each.families)
            and (not language or not each.event.languages or language in each.event.languages)
        ]
        passed = [each for each in self.observations if each.is_passed]
        held = any(
            (not family or each.family == family) and (not language or each.language == language)
            for each in self.qualifications
        )
        return Work(
            tot=len(self.passed_tots) or int(held),
            assisted=len({each.event.pk for each in done}),
            supervised=sum(each.sessions for each in done if each.is_supervised),
            co_delivered=len({each.event.pk for each in done if each.role != StaffRole.ASSISTANT}),
            observed=sum(each.kind != "assessing" for each in passed),
            led=len({each.event.pk for each in done if each.role == StaffRole.LEAD}),
            assessed=sum(each.kind == "assessing" for each in passed),
        )

    def dates(self, today: date) -> Dates:
        """The dated facts from which the status follows."""
        best = self.best
        standing = [
            each.since
            for each in self.restrictions
            if not each.country
            and each.since <= today
            and (each.until is None or today <= each.until)
        ]
        return Dates(
            qualified_on=best.since if best else self.practitioner.trainer.listed_on,
            valid_until=best.valid_until if best else None,
            last_delivery=_latest(each.last_day for each in self.deliveries if each.is_delivered),
            last_observed=_latest(
                each.observed_on for each in self.observations if each.kind == "delivery"
            ),
            last_refresher=_latest(self.refreshers),
            vetted_until=self.vetted_until,
            in_post=self.in_post,
            away=tuple((each.starts_on, each.ends_on) for each in self.away),
            restricted_since=min(standing, default=None),
        )


@dataclass(frozen=True, slots=True)
class Trainer:
    """One line of the roster."""

    facts: Facts
    status: Status
    place: Place

    @property
    def practitioner(self) -> Practitioner:
        return self.facts.practitioner

    @property
    def level(self) -> LadderStep | None:
        """What was awarded; the place on the ladder is what the record would allow."""
        return LadderStep(self.facts.best.level) if self.facts.best else None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of trainers is narrowed to; empty: all."""

    standing: str = ""
    level: str = ""
    language: str = ""
    country: str = ""
    family: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        return cls(**{name: query.get(name, "").strip()[:60] for name in cls.__slots__})


def trainers(actor: Actor, filters: Filters, *, today: date) -> list[Trainer]:
    """Trainers that `actor` may see, by code, those who need something first. Eleven queries."""
    rows = _listed(actor)
    if filters.country:
        rows = rows.filter(country=filters.country.upper())
    found = [
        each
        for each in assembled(rows, today=today)
        if (not filters.standing or each.status.standing == filters.standing)
        and (not filters.level or each.level == filters.level)
        and (not filters.language or _speaks(each.practitioner, filters.language))
        and (not filters.family or _teaches(each, filters.family))
    ]
    order = list(Standing)
    return sorted(
        found,
        key=lambda each: (
            order.index(each.status.standing),
            each.facts.dates(today).qualified_on,
            each.practitioner.code,
        ),
    )


def find_trainer(actor: Actor, code: str, *, today: date) -> Trainer:
    """One trainer by code. Raises Practitioner.DoesNotExist, also for who is on no roster."""
    row = _listed(actor).get(code=code.upper())
    return assembled(_listed(actor).filter(pk=row.pk), today=today)[0]


def _listed(actor: Actor) -> QuerySet[Practitioner]:
    rows: QuerySet[Practitioner] = Practitioner.objects.visible_to(actor).kept()
    return rows.exclude(trainer=None).select_related("trainer", "agency").order_by("code")


def _speaks(practitioner: Practitioner, language: str) -> bool:
    return any(each.get("code") == language for each in practitioner.languages)


def _teaches(trainer: Trainer, family: str) -> bool:
    return any(each.family == family for each in trainer.facts.qualifications)


def families() -> list[str]:
    """Families of modules that somebody is qualified for. One query."""
    rows = TrainerQualification.objects.order_by("family").values_list("family", flat=True)
    return list(rows.distinct())


def assembled(rows: QuerySet[Practitioner], *, today: date) -> list[Trainer]:
    """Each of `rows` with status and place on the ladder. Ten queries."""
    facts = {row.pk: Facts(row) for row in rows}
    _add_simple(facts)
    _add_deliveries(facts)
    _add_learning(facts)
    _add_absence(facts, today)
    return [
        Trainer(each, roster.status(each.dates(today), today=today), _place(each))
        for each in facts.values()
    ]


def _place(facts: Facts) -> Place:
    """The place on the ladder in the family and language of the highest qualification."""
    best = facts.best
    return roster.place_on_ladder(facts.work(best.family, best.language) if best else facts.work())


def _add_simple(facts: dict[UUID, Facts]) -> None:
    for row in TrainerQualification.objects.filter(practitioner__in=facts):
        facts[row.practitioner_id].qualifications.append(row)
    for seen in Observation.objects.filter(practitioner__in=facts).select_related("event"):
        facts[seen.practitioner_id].observations.append(seen)
    for held in Restriction.objects.filter(practitioner__in=facts):
        facts[held.practitioner_id].restrictions.append(held)
    clear = VettingCheck.objects.filter(practitioner__in=facts, state="cleared")
    for owner, until in clear.values_list("practitioner", "valid_until"):
        current = facts[owner].vetted_until
        facts[owner].vetted_until = max(day for day in (current, until) if day)


def _add_deliveries(facts: dict[UUID, Facts]) -> None:
    staffing = list(
        Staffing.objects.filter(practitioner__in=facts, role__in=TEACHING)
        .select_related("event", "event__edition")
        .order_by("-event__starts")
    )
    events = {each.event_id for each in staffing}
    families: dict[UUID, set[str]] = defaultdict(set)
    for path in ("versions__module__family", "edition__versions__module__family"):
        pairs = TrainingEvent.objects.filter(pk__in=events).values_list("pk", path)
        for event, family in pairs:
            if family:
                families[event].add(family)
    planned: dict[UUID, int] = defaultdict(int)
    for event in TrainingSession.objects.filter(event__in=events).values_list("event", flat=True):
        planned[event] += 1
    own: dict[UUID, int] = defaultdict(int)
    through = Staffing.sessions.through.objects.filter(staffing__in=[row.pk for row in staffing])
    for pk in through.values_list("staffing", flat=True):
        own[pk] += 1
    for row in staffing:
        facts[row.practitioner_id].deliveries.append(
            Delivery(
                event=row.event,
                role=StaffRole(row.role),
                is_supervised=row.supervised_by_id is not None,
                is_delivered=row.event.state in DELIVERED,
                sessions=own[row.pk] or planned[row.event_id] or 1,
                families=frozenset(families[row.event_id]),
                last_day=last_day(row.event),
            )
        )


def _add_learning(facts: dict[UUID, Facts]) -> None:
    """Trainings of trainers that were passed, and refreshers."""
    kinds = [EventKind.TOT, *REFRESHERS]
    rows = Enrolment.objects.filter(
        practitioner__in=facts, state=EnrolmentState.COMPLETED, event__kind__in=kinds
    )
    for owner, kind, day in rows.values_list("practitioner", "event__kind", "completed_on"):
        if kind == EventKind.TOT:
            facts[owner].passed_tots.append(day)
        elif day:
            facts[owner].refreshers.append(day)


def _add_absence(facts: dict[UUID, Facts], today: date) -> None:
    for said in Availability.objects.filter(practitioner__in=facts, ends_on__gte=today):
        is_away = said.kind == AvailabilityKind.AWAY
        (
            facts[said.practitioner_id].away if is_away else facts[said.practitioner_id].available
        ).append(said)
    posts = Deployment.objects.filter(practitioner__in=facts, state=DeploymentState.IN_POST)
    for post in posts.order_by("actual_from"):
        first = post.actual_from or post.planned_from
        if first:
            facts[post.practitioner_id].in_post = (first, post.actual_until or post.planned_until)


def last_day(event: TrainingEvent) -> date | None:
    """The last day of an event; None where it has none, or one that cannot be read."""
    text = event.ends or event.starts
    try:
        return PartialDate.parse(text).last if text else None
    except PartialDateRefused:
        return None


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many trainers stand where."""

    standing: Standing
    count: int


def tally(rows: Sequence[Trainer]) -> list[Tally]:
    """Every standing with its number, also those with nobody."""
    return [
        Tally(standing, sum(each.status.standing == standing for each in rows))
        for standing in Standing
    ]
