"""What training counts for the chain of results: trainings, people, trainers, what they report."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.intervals import garwood, wilson
from cairn.core.measures import Counted, Found, Measure, Question, Scope, Step, Unit
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.models import Project
from cairn.training.measures.figure import SMALL_CELL, cells_to_hide
from cairn.training.models import CascadeCredit, Credential, FieldOutcomeReport, TrainingEvent
from cairn.training.queries.outcomes_counts import People, people_trained, total_of
from cairn.training.rules.choices import EventKind
from cairn.training.rules.states import DELIVERED, CredentialState

EVERYWHERE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Reached:
    """Trainings of a question and the people who completed them."""

    events: int
    people: People


def events_asked_about(actor: Actor, question: Question) -> QuerySet[TrainingEvent]:
    """Delivered trainings that ended within the period, as `actor` may know of them.

    A training of which only the year is known belongs to that year and to none of its quarters.
    Of a country: those whose participants came from it, or, where that is not known, which took
    place there; a joint training counts for each. Meetings train nobody.
    """
    found = TrainingEvent.objects.filter(state__in=DELIVERED).exclude(kind=EventKind.MEETING)
    if not actor.may(Permission.TRAINING_VIEW):
        # What a source printed, of projects that are open: as the public register of events.
        open_ones = Project.objects.open_to(actor).values("pk")
        found = found.filter(Q(project=None) | Q(project__in=open_ones), printed__isnull=False)
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project)
        found = found.filter(project__in=asked.values("pk"))
    rows = found.order_by().values_list("pk", "starts", "ends", "from_countries", "place_countries")
    chosen = [
        pk
        for pk, starts, ends, origins, places in rows.iterator(chunk_size=2000)
        if _ended_within(question, ends or starts)
        and (not question.country or question.country in (origins or places))
    ]
    return TrainingEvent.objects.filter(pk__in=chosen)


def _ended_within(question: Question, day: str) -> bool:
    if not day:
        return False
    known = PartialDate.parse(day)
    return question.period.first <= known.first and known.last <= question.period.last


def reached(actor: Actor, question: Question) -> Reached:
    """Three queries, however many trainings there are."""
    events = events_asked_about(actor, question)
    return Reached(events.count(), total_of(people_trained(events).values()))


def _trainings(actor: Actor, question: Question) -> Iterator[Found]:
    count = events_asked_about(actor, question).count()
    yield Found(Decimal(count), rows=count)


def _people(actor: Actor, question: Question) -> Iterator[Found]:
    """All, then women and men where neither is too small a group, nor gives the other away."""
    found = reached(actor, question)
    people = found.people
    yield Found(Decimal(people.total), rows=found.events)
    if people.sexed:
        unknown = people.total - people.sexed
        counts = (people.women, people.men, unknown)
        hidden = cells_to_hide(counts)
        for place, (name, count) in enumerate(
            zip(("female", "male", "unknown"), counts, strict=True)
        ):
            is_hidden = place in hidden
            yield Found(
                None if is_hidden else Decimal(count),
                part=(("sex", name),),
                is_held_back=is_hidden,
            )


def _women(actor: Actor, question: Question) -> Iterator[Found]:
    people = reached(actor, question).people
    if people.sexed < SMALL_CELL:
        yield Found(None, is_held_back=bool(people.sexed))
        return
    low, high = wilson(people.women, people.sexed)
    share = people.women / people.sexed
    yield Found(_decimal(share), low=_decimal(low), high=_decimal(high), rows=people.sexed)


def _trainers(actor: Actor, question: Question) -> Iterator[Found]:
    events = events_asked_about(actor, question)
    found = CascadeCredit.objects.filter(event__in=events.values("pk"), trainer__isnull=False)
    count = found.order_by().values("trainer").distinct().count()
    yield Found(Decimal(count), rows=count)


def _certificates(actor: Actor, question: Question) -> Iterator[Found]:
    """Of the holders' trainings, not of the holders: nobody is asked about one by one."""
    if not actor.may(Permission.TRAINING_VIEW):
        return
    day = question.period.last
    found = Credential.objects.filter(valid_from__lte=day).exclude(
        state__in=(CredentialState.REVOKED, CredentialState.SUPERSEDED)
    )
    found = found.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    if question.project:
        found = found.filter(event__project__reference=question.project)
    if question.country:
        found = found.filter(country=question.country)
    count = found.count()
    yield Found(Decimal(count), rows=count)


def reports_of(actor: Actor, question: Question) -> QuerySet[FieldOutcomeReport]:
    """What trained officers reported for months within the period, not withdrawn since."""
    found = FieldOutcomeReport.objects.filter(withdrawn_on=None, claims__isnull=False)
    if not actor.may(Permission.TRAINING_VIEW):
        open_ones = Project.objects.open_to(actor).values("pk")
        found = found.filter(Q(project=None) | Q(project__in=open_ones), printed__isnull=False)
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project)
        found = found.filter(
            Q(project__in=asked.values("pk")) | Q(claims__event__project__in=asked.values("pk"))
        )
    rows = found.order_by().values_list("pk", "month", "month_until", "countries").distinct()
    chosen = [
        pk
        for pk, month, until, countries in rows.iterator(chunk_size=2000)
        if _ended_within(question, until or month)
        and (not question.country or question.country in countries)
    ]
    return FieldOutcomeReport.objects.filter(pk__in=chosen, unit="cases")


def _reports(actor: Actor, question: Question) -> Iterator[Found]:
    rows = list(reports_of(actor, question).values_list("count", flat=True))
    yield Found(sum(rows, Decimal(0)) if rows else None, rows=len(rows))


def _rate(actor: Actor, question: Question) -> Iterator[Found]:
    """Per officer trained, with Garwood's interval; nothing below five officers."""
    people = reached(actor, question).people.total
    rows = list(reports_of(actor, question).values_list("count", flat=True))
    if people < SMALL_CELL or not rows:
        yield Found(None, is_held_back=0 < people < SMALL_CELL)
        return
    cases = int(sum(rows, Decimal(0)))
    low, high = garwood(cases, people)
    yield Found(_decimal(cases / people), low=_decimal(low), high=_decimal(high), rows=people)


def _decimal(value: float) -> Decimal:
    """To four decimals, as measurements are kept."""
    return Decimal(repr(value)).quantize(Decimal("0.0001"))


def _event_rows(actor: Actor, _question: Question) -> str:
    return reverse("training:events") if actor.may(Permission.TRAINING_VIEW) else ""


def _outcome_rows(actor: Actor, _question: Question) -> str:
    return reverse("training:outcomes") if actor.may(Permission.TRAINING_VIEW) else ""


_LISTS = _("Lists of participants by code, and verified counts where nobody is listed.")
_REPORTS = _("Monthly reports of trained officers: a kind, an area and a count, no person.")

MEASURES = (
    Measure(
        "training.trainings",
        1,
        Step.TRAINING,
        _("Trainings"),
        _("Trainings that were delivered and ended within the period; meetings are not counted."),
        _("The register of trainings."),
        Unit.COUNT,
        Counted.EVENTS,
        EVERYWHERE,
        _trainings,
        rows=_event_rows,
    ),
    Measure(
        "training.people",
        1,
        Step.TRAINING,
        _("Officers trained"),
        _(
            "Those who completed a training that ended within the period: a seat each time, where "
            "somebody was trained twice. A joint training counts for each country it came from, so "
            "that countries do not add up."
        ),
        _LISTS,
        Unit.COUNT,
        Counted.STAFF,
        EVERYWHERE,
        _people,
        parts=("sex",),
        rows=_event_rows,
    ),
    Measure(
        "training.women_share",
        1,
        Step.TRAINING,
        _("Share of women"),
        _("Women among those whose sex is recorded as woman or man; Wilson's interval."),
        _("Wilson 1927, with the lists of participants."),
        Unit.SHARE,
        Counted.STAFF,
        EVERYWHERE,
        _women,
        rows=_event_rows,
    ),
    Measure(
        "training.trainers_active",
        1,
        Step.TRAINING,
        _("Trainers active"),
        _("Trainers who taught at a training that ended within the period, each once."),
        _("Who taught at which session."),
        Unit.COUNT,
        Counted.STAFF,
        EVERYWHERE,
        _trainers,
        rows=_event_rows,
    ),
    Measure(
        "training.certificates",
        1,
        Step.TRAINING,
        _("Certificates in force"),
        _("Certificates that are valid on the last day of the period and were not revoked."),
        _("The register of certificates."),
        Unit.COUNT,
        Counted.STAFF,
        EVERYWHERE,
        _certificates,
    ),
    Measure(
        "training.cases_supported",
        1,
        Step.FIELD,
        _("Possible cases that trained officers reported"),
        _(
            "Counts that trained officers gave for the months of the period, where somebody "
            "claimed that a training contributed. Training contributed; it is not shown to be the "
            "cause."
        ),
        _REPORTS,
        Unit.COUNT,
        Counted.EVENTS,
        EVERYWHERE,
        _reports,
        rows=_outcome_rows,
    ),
    Measure(
        "training.cases_per_officer",
        1,
        Step.FIELD,
        _("Possible cases for each officer trained"),
        _("Possible cases reported within the period for each officer trained within it."),
        _("Garwood 1936: the exact interval of a rate."),
        Unit.RATIO,
        Counted.EVENTS,
        EVERYWHERE,
        _rate,
        rows=_outcome_rows,
    ),
)


def register_measures() -> None:
    measures.register(*MEASURES)
