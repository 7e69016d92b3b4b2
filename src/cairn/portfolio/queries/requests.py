"""Reads for the pipeline of requests: how many stand at each step, and what comes next."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, Max, QuerySet, Value, When

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.lists import naming
from cairn.portfolio.models import AssistanceRequest, Event, Project
from cairn.portfolio.rules import RequestState, listed_request_moves

MOST_OFFERED = 300  # projects and events offered while a reference is typed


@dataclass(frozen=True, slots=True)
class RequestFilters:
    """What a reader asked the list for; empty means all. `country`: alpha-3."""

    state: str = ""
    country: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "RequestFilters":
        state, country = query.get("state", ""), query.get("country", "").upper()
        return cls(
            state if state in RequestState.values else "",
            country if re.fullmatch("[A-Z]{3}", country) else "",
        )


def requests(actor: Actor, filters: RequestFilters) -> QuerySet[AssistanceRequest]:
    """Requests that match, in the order of the pipeline, with `since` (of their state)."""
    order = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(RequestState)),
        output_field=IntegerField(),
    )
    found = (
        _in_country(AssistanceRequest.objects.visible_to(actor), filters.country)
        .select_related("after_event", "project")
        .annotate(since=Max("moves__moved_at"), place=order)
    )
    if filters.state:
        found = found.filter(state=filters.state)
    return found.order_by("place", "reference")


def _in_country(found: QuerySet[AssistanceRequest], country: str) -> QuerySet[AssistanceRequest]:
    return naming(found, country, "countries") if country else found


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the pipeline and how many requests stand there."""

    state: RequestState
    count: int


def steps(actor: Actor, filters: RequestFilters) -> list[Step]:
    """Every step with its count, for the filtered country. One query."""
    found = _in_country(AssistanceRequest.objects.visible_to(actor), filters.country)
    counts = Counter(found.order_by().values_list("state", flat=True))
    return [Step(state, counts[state.value]) for state in RequestState]


def countries(actor: Actor) -> list[tuple[str, str]]:
    """Countries that ask: (alpha-3, name), by name in the reader's language. One query."""
    codes = {
        code
        for listed in AssistanceRequest.objects.visible_to(actor).values_list(
            "countries", flat=True
        )
        for code in listed
    }
    named = [(code, geography.country_name(code, language())) for code in codes]
    return sorted(named, key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class Card:
    """A request as the list shows it. `since`: when it came to its state; `moves`: what is next."""

    reference: str
    requested_by: str
    countries: list[str]
    request: str
    state: RequestState
    event: str
    event_kind: str
    project: str
    received_on: date | None
    since: datetime | None
    moves: list[RequestState]
    source: str = ""


def card_of(row: AssistanceRequest) -> Card:
    """What a row of `requests` shows; asks nothing further."""
    state = RequestState(row.state)
    return Card(
        reference=row.reference,
        requested_by=row.requested_by,
        countries=row.countries,
        request=row.request,
        state=state,
        event=row.after_event.reference if row.after_event else "",
        event_kind=row.after_event.kind if row.after_event else "",
        project=row.project.reference if row.project else "",
        received_on=row.received_on,
        since=getattr(row, "since", None),
        moves=listed_request_moves(state),
        source=row.source,
    )


def find_request(actor: Actor, reference: str) -> AssistanceRequest:
    """A request with event, project and moves. Raises AssistanceRequest.DoesNotExist."""
    return (
        AssistanceRequest.objects.visible_to(actor)
        .select_related("after_event", "project")
        .prefetch_related("moves")
        .annotate(since=Max("moves__moved_at"))
        .get(reference=reference)
    )


def next_reference(actor: Actor) -> str:
    """The reference after the highest of the form R01."""
    numbers = [
        int(reference[1:])
        for reference in AssistanceRequest.objects.visible_to(actor)
        .filter(reference__regex=r"^R[0-9]{1,6}$")
        .values_list("reference", flat=True)
    ]
    return f"R{max(numbers, default=0) + 1:02d}"


def visible_events(actor: Actor) -> QuerySet[Event]:
    """Events that a form may name."""
    return Event.objects.visible_to(actor).order_by("reference")


def offered_projects(actor: Actor, request: AssistanceRequest) -> list[tuple[str, str, bool]]:
    """Projects to match a request with: (reference, title, works in a country that asks)."""
    visible = Project.objects.visible_to(actor)
    near = set(
        visible.filter(countries__country__in=request.countries).values_list("reference", flat=True)
    )
    rows = visible.order_by("reference").values_list("reference", "title")[:MOST_OFFERED]
    return sorted(
        ((reference, title, reference in near) for reference, title in rows),
        key=lambda row: (not row[2], row[0]),
    )


def visible_projects(actor: Actor) -> QuerySet[Project]:
    """Projects that a form may name."""
    return Project.objects.visible_to(actor)
