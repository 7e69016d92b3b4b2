"""Requests that came out of trainings: kind, age, next step, what answers them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from cairn.core.actor import Actor
from cairn.portfolio.models import AssistanceRequest
from cairn.portfolio.rules import RequestState
from cairn.training.models import TrainingRequest
from cairn.training.rules.choices import RequestKind
from cairn.training.rules.outcomes import NextStep, next_step


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of requests is narrowed to; empty: all."""

    kind: str = ""
    state: str = ""
    event: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        return cls(**{name: query.get(name, "").strip()[:40] for name in cls.__slots__})


def requests(actor: Actor, filters: Filters) -> QuerySet[AssistanceRequest]:
    """Requests with what training adds; those with the nearest next step first. One query."""
    rows = _with_training(actor).exclude(training=None)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.event:
        rows = rows.filter(training__raised_at__reference=filters.event)
    if filters.kind:
        # A list of codes in JSON, read as text: the quotes keep "tot" apart from a longer code.
        rows = rows.annotate(kinds_text=Cast("training__kinds", TextField()))
        rows = rows.filter(kinds_text__contains=f'"{filters.kind}"')
    return rows.order_by(F("training__next_step_by").asc(nulls_last=True), "reference")


def find_request(actor: Actor, reference: str) -> AssistanceRequest:
    """Any request, also one to which training added nothing yet.

    Raises AssistanceRequest.DoesNotExist.
    """
    return _with_training(actor).get(reference=reference)


def added_to(request: AssistanceRequest) -> TrainingRequest:
    """What training added to a request; unsaved and empty where it added nothing."""
    try:
        return request.training
    except TrainingRequest.DoesNotExist:
        return TrainingRequest(request=request)


def _with_training(actor: Actor) -> QuerySet[AssistanceRequest]:
    return AssistanceRequest.objects.visible_to(actor).select_related(
        "training__raised_at", "training__answered_by", "training__integrated", "project"
    )


def step_of(request: AssistanceRequest, *, today: date) -> NextStep:
    """What a request waits for, its age, and whether it is late."""
    return next_step(
        RequestState(request.state),
        received_on=request.received_on,
        by=request.training.next_step_by,
        today=today,
    )


def kind_labels(extra: TrainingRequest) -> list[str]:
    """The kinds of a request in words; a code that is unknown stays a code."""
    return [
        str(RequestKind(code).label) if code in RequestKind.values else code for code in extra.kinds
    ]


def by_kind(actor: Actor) -> list[tuple[RequestKind, int]]:
    """How many requests there are of each kind; one that has two kinds counts in both."""
    rows = TrainingRequest.objects.filter(request__in=AssistanceRequest.objects.visible_to(actor))
    counts = Counter(code for kinds in rows.values_list("kinds", flat=True) for code in kinds)
    return [(kind, counts[kind.value]) for kind in RequestKind if counts[kind.value]]
