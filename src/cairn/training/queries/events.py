"""Reads for the list of events: filters, counts beside each event, states with their numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.core.partial_dates import span_text
from cairn.portfolio.models import Project
from cairn.training.models import (
    Enrolment,
    HeadCount,
    Material,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules.choices import EventKind, Sex
from cairn.training.rules.events import read_day
from cairn.training.rules.states import DELIVERED, EnrolmentState, EventState

# Neither came nor counts.
AWAY = (EnrolmentState.WITHDRAWN, EnrolmentState.NO_SHOW)
MOST_OFFERED = 300  # events and projects offered while a reference is typed


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the list for; empty means all. `country`: alpha-3; `year`: "2026"."""

    search: str = ""
    state: str = ""
    kind: str = ""
    country: str = ""
    year: str = ""
    own: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filters":
        state, kind = query.get("state", ""), query.get("kind", "")
        country, year = query.get("country", "").upper(), query.get("year", "")
        return cls(
            search=query.get("q", "").strip()[:80],
            state=state if state in EventState.values else "",
            kind=kind if kind in EventKind.values else "",
            country=country if re.fullmatch("[A-Z]{3}", country) else "",
            year=year if re.fullmatch("[0-9]{4}", year) else "",
            own=query.get("own") == "1",
        )

    @property
    def is_any(self) -> bool:
        return self != Filters()

    @property
    def active(self) -> int:
        """How many filters are set."""
        given = (self.search, self.state, self.kind, self.country, self.year, self.own)
        return sum(bool(each) for each in given)


def events(actor: Actor, filters: Filters) -> QuerySet[TrainingEvent]:
    """Events that match, newest first, each with the annotations of `counted`. One query."""
    found = TrainingEvent.objects.visible_to(actor)
    for name in ("state", "kind", "country"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.year:
        found = found.filter(starts__startswith=filters.year)
    if filters.own:
        own = Staffing.objects.filter(practitioner__user_id=actor.user_id).values("event")
        found = found.filter(pk__in=own) if actor.user_id else found.none()
    if filters.search:
        found = found.filter(
            Q(title__icontains=filters.search)
            | Q(reference__icontains=filters.search)
            | Q(place__icontains=filters.search)
            # Trainings are shared more widely than projects.
            | Q(
                project__reference__iexact=filters.search,
                project__in=Project.objects.open_to(actor),
            )
        )
    return counted(found).select_related("project").order_by("-starts", "reference")


def counted(found: QuerySet[TrainingEvent]) -> QuerySet[TrainingEvent]:
    """`found` with `participants`, `women` and `unstated` (sex not recorded) as annotations.

    `participants`: enrolled and not away, or the sum of a report by counts.
    """
    return found.annotate(
        participants=_people() + _heads(),
        women=_people(Sex.FEMALE) + _heads(Sex.FEMALE),
        unstated=_people(Sex.NOT_STATED) + _heads(Sex.NOT_STATED),
    )


def people_known(event: Any) -> int | None:
    """How many took part in a counted event; None when it is over and nobody said how many."""
    if not event.participants and event.state in DELIVERED:
        return None
    return int(event.participants)


def women_known(event: Any) -> int | None:
    """How many women a counted event had; None when nobody's sex is recorded: not known."""
    if event.women == 0 and event.unstated == event.participants:
        return 0 if event.participants == 0 and people_known(event) == 0 else None
    return int(event.women)


def _people(sex: str = "") -> Coalesce:
    rows = Enrolment.objects.filter(event=OuterRef("pk")).exclude(state__in=AWAY)
    if sex:
        rows = rows.filter(sex=sex)
    return _sum_of(rows.order_by().values("event").annotate(total=Count("pk")))


def _heads(sex: str = "") -> Coalesce:
    rows = HeadCount.objects.filter(report__event=OuterRef("pk"))
    if sex:
        rows = rows.filter(sex=sex)
    return _sum_of(rows.order_by().values("report__event").annotate(total=Sum("count")))


def _sum_of(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("total"), output_field=IntegerField()), 0)


def state_counts(actor: Actor, filters: Filters) -> list[tuple[EventState, int]]:
    """How many events of the other filters stand at each state, all states. One query."""
    rest = Filters(filters.search, "", filters.kind, filters.country, filters.year, filters.own)
    rows = events(actor, rest).order_by().values_list("state").annotate(Count("pk"))
    found = {state: count for state, count in rows.values_list("state", "pk__count")}
    return [(state, found.get(state.value, 0)) for state in EventState]


def countries(actor: Actor) -> list[tuple[str, str]]:
    """Countries that events are in, by name."""
    codes = (
        TrainingEvent.objects.visible_to(actor)
        .exclude(country="")
        .order_by()
        .values_list("country", flat=True)
        .distinct()
    )
    named = [(code, geography.country_name(code, language())) for code in codes]
    return sorted(named, key=lambda pair: pair[1])


def years(actor: Actor) -> list[str]:
    """Years that events begin in, newest first."""
    starts = (
        TrainingEvent.objects.visible_to(actor)
        .exclude(starts="")
        .order_by()
        .values_list("starts", flat=True)
        .distinct()
    )
    return sorted({each[:4] for each in starts}, reverse=True)


def find(actor: Actor, reference: str) -> TrainingEvent:
    """The event with what its pages need. Raises TrainingEvent.DoesNotExist."""
    rows = TrainingEvent.objects.visible_to(actor).select_related(
        "organisation", "project", "plan", "edition", "parent", "printed"
    )
    found: TrainingEvent = rows.get(reference=reference)
    return found


def days_in_words(event: TrainingEvent) -> str:
    """The days of an event as far as they are known: "2 to 4 March 2026"; empty when unknown."""
    return span_text(read_day(event.starts), read_day(event.ends), language())


def offered(actor: Actor) -> QuerySet[TrainingEvent]:
    """Events to choose from while a reference is typed, newest first."""
    return TrainingEvent.objects.visible_to(actor).order_by("-starts")[:MOST_OFFERED]


def find_session(actor: Actor, session_id: UUID) -> TrainingSession:
    """A session of an event that the actor sees. Raises TrainingSession.DoesNotExist."""
    events_seen = TrainingEvent.objects.visible_to(actor)
    rows = TrainingSession.objects.filter(event__in=events_seen).select_related("event")
    return rows.get(pk=session_id)


def find_staffing(actor: Actor, staffing_id: UUID) -> Staffing:
    """An entry of the staff of an event that the actor sees. Raises Staffing.DoesNotExist."""
    events_seen = TrainingEvent.objects.visible_to(actor)
    rows = Staffing.objects.filter(event__in=events_seen).select_related("event", "practitioner")
    return rows.get(pk=staffing_id)


def find_material(actor: Actor, material_id: UUID) -> Material:
    """A document of an event that the actor sees. Raises Material.DoesNotExist."""
    events_seen = TrainingEvent.objects.visible_to(actor)
    return (
        Material.objects.filter(event__in=events_seen).select_related("event").get(pk=material_id)
    )


def find_enrolment(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """A participant who is the actor's work. Raises Enrolment.DoesNotExist."""
    rows = Enrolment.objects.visible_to(actor).select_related("event", "practitioner", "agency")
    found: Enrolment = rows.get(pk=enrolment_id)
    return found


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """Organisations to choose from while a name is typed."""
    return Organisation.objects.visible_to(actor).order_by("name")[:MOST_OFFERED]
