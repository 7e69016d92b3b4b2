"""Reports from the field with their claims, and the rate of outcomes for each training."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from cairn.core.actor import Actor
from cairn.training.measures import rates
from cairn.training.measures.figure import Figure
from cairn.training.models import ContributionClaim, FieldOutcomeReport, TrainingEvent
from cairn.training.queries.outcomes_counts import NOBODY, people_trained
from cairn.training.rules.choices import Strength
from cairn.training.rules.outcomes import strongest
from cairn.training.rules.states import DELIVERED


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of reports is narrowed to; empty: all."""

    kind: str = ""
    country: str = ""
    event: str = ""
    strength: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        return cls(**{name: query.get(name, "").strip()[:40] for name in cls.__slots__})


def reports(actor: Actor, filters: Filters) -> QuerySet[FieldOutcomeReport]:
    """Reports, newest first, with their claims. Two queries."""
    claims = ContributionClaim.objects.select_related("event").order_by("event__reference")
    rows: QuerySet[Any] = FieldOutcomeReport.objects.visible_to(actor)
    rows = rows.prefetch_related(Prefetch("claims", claims)).select_related("project", "printed")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.event:
        rows = rows.filter(claims__event__reference=filters.event)
    if filters.strength:
        rows = rows.filter(claims__strength=filters.strength)
    if filters.country:
        # A list of codes in JSON, read as text: the quotes keep a code whole.
        rows = rows.annotate(countries_text=Cast("countries", TextField()))
        rows = rows.filter(countries_text__contains=f'"{filters.country.upper()[:3]}"')
    return rows.distinct().order_by("-month", "reference")


def find_report(actor: Actor, reference: str) -> FieldOutcomeReport:
    """Raises FieldOutcomeReport.DoesNotExist."""
    found: FieldOutcomeReport = reports(actor, Filters()).get(reference=reference)
    return found


def strength_of(report: FieldOutcomeReport) -> Strength | None:
    """The strongest claim about a report whose claims are at hand."""
    return strongest(Strength(claim.strength) for claim in report.claims.all())


@dataclass(frozen=True, slots=True)
class Rate:
    """The outcomes that claim one training, for every 100 people that it trained."""

    event: TrainingEvent
    figure: Figure
    total: Decimal


def rates_by_event(actor: Actor) -> list[Rate]:
    """For each training that a report claims: outcomes for every 100 trained. Four queries."""
    claimed = (
        ContributionClaim.objects.filter(
            report__withdrawn_on=None, event__in=TrainingEvent.objects.visible_to(actor)
        )
        .order_by()
        .values("event")
        .annotate(total=Sum("report__count"))
    )
    totals: dict[Any, Decimal] = {row["event"]: row["total"] for row in claimed}
    events = TrainingEvent.objects.visible_to(actor).filter(pk__in=totals)
    people = people_trained(events)
    return [
        Rate(
            event,
            rates.outcome_rate(int(totals[event.pk]), people.get(event.pk, NOBODY).total),
            totals[event.pk],
        )
        for event in events.order_by("-starts", "reference")
    ]


def choices_of_events(actor: Actor) -> list[tuple[str, str]]:
    """Delivered trainings to choose from: (reference, words)."""
    rows = TrainingEvent.objects.visible_to(actor).filter(state__in=DELIVERED)
    return [(row.reference, f"{row.reference} · {row.title}") for row in rows.order_by("-starts")]
