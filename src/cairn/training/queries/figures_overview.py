"""Figures over all trainings: learning by event, coverage of units, use of trainers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.core.partial_dates import PartialDate
from cairn.training.measures import cascade_figures, followup, gain, shares
from cairn.training.measures.figure import Figure, conceal_small
from cairn.training.models import (
    Affiliation,
    Enrolment,
    Practitioner,
    Staffing,
    TestSitting,
    TrainerProfile,
    TrainingEvent,
    TrainingSession,
    UnitStrength,
)
from cairn.training.rules.choices import TEACHING, Profession, Sex, TestWave
from cairn.training.rules.roster import RENEWAL_MONTHS, months_later
from cairn.training.rules.states import DELIVERED, EnrolmentState

# How alike people of one class are, where nothing better is known. Source: the check value of the
# training study, section 7.
USUAL_CORRELATION = 0.05
YEAR_DAYS = 365
Pairs = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class EventRow:
    """Learning at one event: gain and passing, hidden where fewer than five sat both tests."""

    reference: str
    title: str
    starts: str
    gain: Figure
    passed: Figure


@dataclass(frozen=True, slots=True)
class Learning:
    """Gain by event, over all, and the warning that people of one class resemble each other."""

    rows: tuple[EventRow, ...]
    whole: Figure
    nested: Figure


def learning(actor: Actor) -> Learning:
    """Every event at which both tests were sat, the latest first. Three queries."""
    events = {row.pk: row for row in TrainingEvent.objects.visible_to(actor)}
    marks: dict[UUID, dict[UUID, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    judged: dict[UUID, list[bool]] = defaultdict(list)
    scored = TestSitting.objects.filter(
        event__in=TrainingEvent.objects.visible_to(actor),
        needs_marking=False,
        mark__isnull=False,
        maximum__gt=0,
        handed_in_at__isnull=False,
        wave__in=(TestWave.PRE, TestWave.POST),
    )
    for event, member, wave, mark, maximum, cut in scored.values_list(
        "event", "enrolment", "wave", "mark", "maximum", "form__cut_score"
    ):
        reached = float(mark or 0) / float(maximum or 1)
        marks[event][member][wave] = reached
        if wave == TestWave.POST and cut is not None:
            judged[event].append(reached >= float(cut) - 1e-9)
    pairs = {
        event: [
            (both[TestWave.PRE], both[TestWave.POST]) for both in people.values() if len(both) == 2
        ]
        for event, people in marks.items()
    }
    rows = sorted(pairs, key=lambda event: (events[event].starts, events[event].reference))
    return _learning([events[event] for event in reversed(rows)], pairs, judged)


def _learning(
    events: Sequence[TrainingEvent], pairs: dict[UUID, Pairs], judged: dict[UUID, list[bool]]
) -> Learning:
    together = [pair for event in events for pair in pairs[event.pk]]
    classes = [len(pairs[event.pk]) for event in events if pairs[event.pk]]
    gains = conceal_small([gain.gain(pairs[event.pk], 1) for event in events])
    return Learning(
        rows=tuple(
            EventRow(
                event.reference,
                event.title,
                event.starts,
                figure,
                shares.share("pass-rate", sum(judged[event.pk]), len(judged[event.pk])),
            )
            for event, figure in zip(events, gains, strict=True)
        ),
        whole=gain.gain(together, 1),
        nested=followup.design_effect(
            sum(classes) / len(classes) if classes else 0, USUAL_CORRELATION
        ),
    )


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One target unit: strength as a source says, and those trained and current among it."""

    label: str
    place: str
    profession: str
    source: str
    trained: int
    coverage: Figure
    parity: Figure


@dataclass(frozen=True, slots=True)
class _Served:
    """Trained and current people who serve in one place, by sex."""

    agency: UUID | None
    unit: str
    country: str
    area: str
    profession: str
    sex: str
    count: int


def coverage(actor: Actor, *, today: date) -> list[CoverageRow]:
    """The newest strength of each target unit with its coverage. Three queries.

    Trained and current: completed a training within RENEWAL_MONTHS. Who serves where is as it is
    recorded now. People reported as counts only are in no unit, so they are not part of it.
    """
    strengths = _newest(
        UnitStrength.objects.visible_to(actor).select_related("organisation", "unit")
    )
    served = _served(months_later(today, -RENEWAL_MONTHS))
    return [_coverage_row(each, served) for each in strengths]


def _newest(strengths: Iterable[UnitStrength]) -> list[UnitStrength]:
    found: dict[tuple[object, ...], UnitStrength] = {}
    for row in strengths:
        key = (row.organisation_id, row.unit_id, row.country, row.area, row.profession)
        if key not in found or row.as_of > found[key].as_of:
            found[key] = row
    return list(found.values())


def _served(since: date) -> list[_Served]:
    """People who completed since that day, by place; in a unit and without it. Two queries."""
    current = (
        Enrolment.objects.filter(
            state=EnrolmentState.COMPLETED, event__state__in=DELIVERED, completed_on__gte=since
        )
        .values("practitioner")
        .annotate(last=Max("completed_on"))
        .values("practitioner")
    )
    people = Practitioner.objects.kept().filter(pk__in=current)
    where = ("agency", "country", "area", "profession", "sex")
    whole = people.values(*where).annotate(count=Count("pk", distinct=True)).order_by()
    found = [_Served(unit="", **row) for row in whole]
    in_units = (
        Affiliation.objects.filter(practitioner__in=people, ends_on=None)
        .exclude(unit_name="")
        .values(
            "agency",
            "unit_name",
            "practitioner__country",
            "practitioner__area",
            "practitioner__profession",
            "practitioner__sex",
        )
        .annotate(count=Count("practitioner", distinct=True))
        .order_by()
    )
    found += [
        _Served(
            row["agency"],
            row["unit_name"],
            row["practitioner__country"],
            row["practitioner__area"],
            row["practitioner__profession"],
            row["practitioner__sex"],
            row["count"],
        )
        for row in in_units
    ]
    return found


def _coverage_row(strength: UnitStrength, served: list[_Served]) -> CoverageRow:
    unit = strength.unit.name if strength.unit else ""
    inside = [
        row
        for row in served
        if row.agency == strength.organisation_id
        and row.unit == unit
        and row.country == strength.country
        and strength.area in ("", row.area)
        and strength.profession in ("", row.profession)
    ]
    trained = sum(row.count for row in inside)
    women = sum(row.count for row in inside if row.sex == Sex.FEMALE)
    known = women + sum(row.count for row in inside if row.sex == Sex.MALE)
    place = [geography.country_name(strength.country, language()), strength.area]
    return CoverageRow(
        label=_label(strength.organisation, unit),
        place=", ".join(part for part in place if part),
        profession=str(Profession(strength.profession).label) if strength.profession else "",
        source=strength.source,
        trained=trained,
        coverage=shares.coverage(trained, strength.total, strength.as_of),
        parity=shares.parity(women, known, strength.women or 0, strength.total),
    )


def _label(organisation: Organisation, unit: str) -> str:
    return ", ".join(part for part in (organisation.display_name, unit) if part)


def trainer_use(actor: Actor, *, today: date) -> Figure:
    """Days taught / days that employers let trainers go, over 12 months. Three queries.

    Only trainers whose days are recorded count. A day of an event without sessions counts whole.
    """
    since = months_later(today, -12)
    days = {
        pk: count or 0
        for pk, count in TrainerProfile.objects.filter(practitioner__in=Practitioner.objects.kept())
        .exclude(travel_days=None)
        .values_list("practitioner", "travel_days")
    }
    taught: dict[UUID, set[date]] = defaultdict(set)
    staffed = Staffing.objects.filter(
        practitioner__in=list(days),
        role__in=[role.value for role in TEACHING],
        event__in=TrainingEvent.objects.visible_to(actor).filter(state__in=DELIVERED),
    ).select_related("event")
    rows = list(staffed.prefetch_related("sessions"))
    sessions: dict[UUID, list[TrainingSession]] = defaultdict(list)
    events = [row.event_id for row in rows]
    for session in TrainingSession.objects.filter(Q(event__in=events)):
        sessions[session.event_id].append(session)
    for row in rows:
        own = list(row.sessions.all()) or sessions[row.event_id]
        spent = {session.starts_at.date() for session in own} or _event_days(row.event)
        taught[row.practitioner_id] |= {day for day in spent if since < day <= today}
    delivered = sum(len(spent) for spent in taught.values())
    return cascade_figures.trainer_use(delivered, sum(days.values()), len(days))


def _event_days(event: TrainingEvent) -> set[date]:
    """The days of an event whose dates are known to the day; none for a month or a year."""
    if len(event.starts) != 10 or len(event.ends) != 10:
        return set()
    first, last = PartialDate.parse(event.starts).first, PartialDate.parse(event.ends).last
    return {date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)}
