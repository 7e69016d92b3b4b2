"""What training counts for the chain of results: trainings, people, trainers, what they report."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import geography, measures
from cairn.core.actor import Actor
from cairn.core.intervals import SMALL_BELOW, garwood, wilson
from cairn.core.language import language
from cairn.core.measures import (
    Counted,
    Found,
    Measure,
    Question,
    Scope,
    Step,
    Unit,
    Words,
    decimal_of,
)
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.models import Project
from cairn.training.measures.figure import (
    SMALL_CELL,
    cells_to_hide,
    mean_of,
    t_quantile,
    variance_of,
)
from cairn.training.models import (
    CascadeCredit,
    ContributionClaim,
    Credential,
    Enrolment,
    FieldOutcomeReport,
    HeadCount,
    TestSitting,
    TrainingEvent,
)
from cairn.training.queries.outcomes_counts import People, people_trained, total_of
from cairn.training.rules.choices import EventKind, Participation, Profession, Sex, TestWave
from cairn.training.rules.states import DELIVERED, CredentialState, EnrolmentState

EVERYWHERE = frozenset(Scope)
# The part of those of whom a dimension is not known.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Reached:
    """Trainings of a question and the people who completed them."""

    events: int
    people: People


def events_asked_about(actor: Actor, question: Question) -> QuerySet[TrainingEvent]:
    """Delivered trainings that ended within the period, as `actor` may know of them.

    Found once for all that is asked together.

    A training of which only the year is known belongs to that year and to none of its quarters.
    Of a country: those whose participants came from it, or, where that is not known, which took
    place there; a joint training counts for each. Meetings train nobody.
    """
    chosen = measures.once(("training.events", actor, question), lambda: _chosen(actor, question))
    return TrainingEvent.objects.filter(pk__in=chosen)


def _chosen(actor: Actor, question: Question) -> list[UUID]:
    found = TrainingEvent.objects.filter(state__in=DELIVERED).exclude(kind=EventKind.MEETING)
    if not actor.may(Permission.TRAINING_VIEW):
        # What a source printed, of projects that are open: as the public register of events.
        open_ones = Project.objects.open_to(actor).values("pk")
        found = found.filter(Q(project=None) | Q(project__in=open_ones), printed__isnull=False)
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project)
        found = found.filter(project__in=asked.values("pk"))
    rows = found.order_by().values_list("pk", "starts", "ends", "from_countries", "place_countries")
    return [
        pk
        for pk, starts, ends, origins, places in rows.iterator(chunk_size=2000)
        if _ended_within(question, ends or starts)
        and (not question.country or question.country in (origins or places))
    ]


def _ended_within(question: Question, day: str) -> bool:
    if not day:
        return False
    known = PartialDate.parse(day)
    return question.period.first <= known.first and known.last <= question.period.last


def _between_within(question: Question, trained: str | None, reported_at: datetime) -> bool:
    """Without a month: whether all the time from the training to the report lies in the period."""
    if not trained:
        return False
    last = timezone.localdate(reported_at)
    return (
        question.period.first <= PartialDate.parse(trained).first and last <= question.period.last
    )


def reached(actor: Actor, question: Question) -> Reached:
    """Three queries, however many trainings there are."""

    def counted() -> Reached:
        events = events_asked_about(actor, question)
        return Reached(events.count(), total_of(people_trained(events).values()))

    return measures.once(("training.reached", actor, question), counted)


def _trainings(actor: Actor, question: Question) -> Iterator[Found]:
    count = reached(actor, question).events
    yield Found(Decimal(count), rows=count)


def _people(actor: Actor, question: Question) -> Iterator[Found]:
    """All, then by sex, and for those who see trainings by country and by what people are.

    A part that is too small a group is held back, with what would give it away.
    """
    found = reached(actor, question)
    people = found.people
    yield Found(Decimal(people.total), rows=found.events)
    if people.sexed:
        unknown = people.total - people.sexed
        by_sex = {"female": people.women, "male": people.men}
        yield from _parts("sex", by_sex | ({UNKNOWN: unknown} if unknown else {}))
    if people.total and actor.may(Permission.TRAINING_VIEW):
        events = events_asked_about(actor, question)
        for name, asked_as in (("country", "country"), ("profession", "profession")):
            yield from _parts(name, _split(events, asked_as))


def _parts(name: str, counts: Mapping[str, int]) -> Iterator[Found]:
    hidden = cells_to_hide(list(counts.values()))
    for place, (value, count) in enumerate(counts.items()):
        is_hidden = place in hidden
        yield Found(
            None if is_hidden else Decimal(count), part=((name, value),), is_held_back=is_hidden
        )


def _split(events: QuerySet[TrainingEvent], field: str) -> dict[str, int]:
    """How many completed by a field of the participants, most first. Two queries."""
    named = (
        Enrolment.objects.filter(event__in=events, state=EnrolmentState.COMPLETED)
        .exclude(event__participation=Participation.AGGREGATE)
        .order_by()
        .values_list(field)
        .annotate(count=Count("pk"))
    )
    reported = (
        HeadCount.objects.filter(report__event__in=events)
        .order_by()
        .values_list(field)
        .annotate(total=Sum("count"))
    )
    counts: Counter[str] = Counter()
    for value, count in (*named, *reported):
        counts["" if value == Profession.NOT_STATED else value] += count
    return {value or UNKNOWN: count for value, count in counts.most_common()}


def _women(actor: Actor, question: Question) -> Iterator[Found]:
    """Held back where a part by sex is: with the whole, the share would give that part away."""
    people = reached(actor, question).people
    parts = (people.women, people.men, people.total - people.sexed)
    if people.sexed < SMALL_CELL or cells_to_hide(parts):
        yield Found(None, is_held_back=bool(people.sexed))
        return
    low, high = wilson(people.women, people.sexed)
    share = people.women / people.sexed
    yield Found(decimal_of(share), low=decimal_of(low), high=decimal_of(high), rows=people.sexed)


def _trainers(actor: Actor, question: Question) -> Iterator[Found]:
    events = events_asked_about(actor, question)
    found = CascadeCredit.objects.filter(event__in=events.values("pk"), trainer__isnull=False)
    count = found.order_by().values("trainer").distinct().count()
    if not count:
        # Who taught is on record of few trainings: nothing on record is not nobody.
        yield Found(None, rows=0)
    elif not actor.may(Permission.TRAINING_VIEW) and count < SMALL_CELL:
        yield Found(None, is_held_back=True)
    else:
        yield Found(Decimal(count), rows=count)


def _certificates(actor: Actor, question: Question) -> Iterator[Found]:
    """Of the holders' trainings, not of the holders: nobody is asked about one by one."""
    if not actor.may(Permission.TRAINING_VIEW):
        return
    day = question.period.last
    found = Credential.objects.filter(valid_from__lte=day)
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project)
        found = found.filter(event__project__in=asked.values("pk"))
    if question.country:
        found = found.filter(country=question.country)
    valid = Q(valid_until=None) | Q(valid_until__gte=day)
    gone = Q(state__in=(CredentialState.REVOKED, CredentialState.SUPERSEDED))
    counted = found.aggregate(ever=Count("pk"), now=Count("pk", filter=valid & ~gone))
    if counted["ever"]:
        yield Found(Decimal(counted["now"]), rows=counted["now"])
    else:
        yield Found(None, rows=0)


def reports_of(actor: Actor, question: Question) -> QuerySet[FieldOutcomeReport]:
    """What trained officers reported for months within the period, not withdrawn since."""
    found = FieldOutcomeReport.objects.filter(withdrawn_on=None, claims__isnull=False)
    if not actor.may(Permission.TRAINING_VIEW):
        open_ones = Project.objects.open_to(actor).values("pk")
        found = found.filter(Q(project=None) | Q(project__in=open_ones), printed__isnull=False)
        # Whoever does not see a training does not see what came of it either.
        of_others = ContributionClaim.objects.filter(event__project__isnull=False).exclude(
            event__project__in=open_ones
        )
        found = found.exclude(pk__in=of_others.values("report"))
    if question.project:
        asked = Project.objects.open_to(actor).filter(reference=question.project)
        found = found.filter(
            Q(project__in=asked.values("pk")) | Q(claims__event__project__in=asked.values("pk"))
        )
    rows = (
        found.order_by()
        .values_list("pk", "month", "month_until", "countries", "reported_at")
        .annotate(trained=Min("claims__event__starts", filter=~Q(claims__event__starts="")))
    )
    chosen = [
        pk
        for pk, month, until, countries, reported_at, trained in rows.iterator(chunk_size=2000)
        if (
            _ended_within(question, until or month)
            if month
            else _between_within(question, trained, reported_at)
        )
        and (not question.country or question.country in countries)
    ]
    return FieldOutcomeReport.objects.filter(pk__in=chosen, unit="cases")


def _reports(actor: Actor, question: Question) -> Iterator[Found]:
    """With the interval of a count where few were reported."""
    rows = _reported(actor, question)
    if not rows:
        yield Found(None, rows=0)
        return
    count = sum(rows, Decimal(0))
    low, high = garwood(int(count)) if count < SMALL_BELOW else (None, None)
    yield Found(count, low=decimal_of(low), high=decimal_of(high), rows=len(rows))


def _reported(actor: Actor, question: Question) -> list[Decimal]:
    return measures.once(
        ("training.reports", actor, question),
        lambda: list(reports_of(actor, question).values_list("count", flat=True)),
    )


def _rate(actor: Actor, question: Question) -> Iterator[Found]:
    """Per officer trained, with Garwood's interval; nothing below five officers."""
    people = reached(actor, question).people.total
    rows = _reported(actor, question)
    if people < SMALL_CELL or not rows:
        yield Found(None, is_held_back=0 < people < SMALL_CELL)
        return
    cases = int(sum(rows, Decimal(0)))
    low, high = garwood(cases, people)
    yield Found(decimal_of(cases / people), low=decimal_of(low), high=decimal_of(high), rows=people)


def _retention(actor: Actor, question: Question) -> Iterator[Found]:
    """Mean score some months later for the mean score at the end, of those who sat both tests.

    The interval is that of a ratio of means over the same people. Source: Cochran 1977, section 6.
    """
    if not actor.may(Permission.TRAINING_VIEW):
        return
    sat: dict[UUID, dict[str, float]] = defaultdict(dict)
    rows = TestSitting.objects.filter(
        event__in=events_asked_about(actor, question).values("pk"),
        wave__in=(TestWave.POST, TestWave.FOLLOW_UP),
        needs_marking=False,
        mark__isnull=False,
        maximum__gt=0,
    ).values_list("enrolment", "wave", "mark", "maximum")
    for enrolment, wave, mark, maximum in rows.iterator(chunk_size=2000):
        sat[enrolment][wave] = float(mark or 0) / float(maximum or 1)
    pairs = [
        (each[TestWave.POST], each[TestWave.FOLLOW_UP]) for each in sat.values() if len(each) == 2
    ]
    first = mean_of([one for one, _later in pairs]) if pairs else 0.0
    if len(pairs) < SMALL_CELL or not first:
        yield Found(None, is_held_back=0 < len(pairs) < SMALL_CELL)
        return
    value = mean_of([later for _one, later in pairs]) / first
    spread = variance_of([later - value * one for one, later in pairs])
    wide = t_quantile(len(pairs) - 1) * math.sqrt(spread / len(pairs)) / first
    low, high = max(0.0, value - wide), value + wide
    yield Found(decimal_of(value), low=decimal_of(low), high=decimal_of(high), rows=len(pairs))


def _event_rows(actor: Actor, _question: Question) -> str:
    """The register of trainings, or what sources printed of it."""
    return reverse("training:events" if actor.may(Permission.TRAINING_VIEW) else "portfolio:events")


def _outcome_rows(actor: Actor, _question: Question) -> str:
    return reverse("training:outcomes") if actor.may(Permission.TRAINING_VIEW) else ""


def _words(dimension: str, value: str) -> Words:
    if value == UNKNOWN:
        return _("not known")
    if dimension == "country":
        return geography.country_name(value, language())
    return Sex(value).label if dimension == "sex" else Profession(value).label


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
        parts=("sex", "country", "profession"),
        words=_words,
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
        "training.retention",
        1,
        Step.TRAINING,
        _("Knowledge kept"),
        _(
            "Mean score some months later for the mean score at the end of the training, of those "
            "who sat both tests. Above 100 percent, more was known than at the end."
        ),
        _("Marks of tests by code. Cochran 1977: the interval of a ratio."),
        Unit.SHARE,
        Counted.STAFF,
        EVERYWHERE,
        _retention,
        rows=_event_rows,
    ),
    Measure(
        "training.cases_supported",
        1,
        Step.FIELD,
        _("Possible cases that trained officers reported"),
        _(
            "Counts that trained officers gave for the months of the period, where somebody "
            "claimed that a training contributed; it is not shown to be the cause. A count without "
            "a month belongs to a period that holds both the training and its report."
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
