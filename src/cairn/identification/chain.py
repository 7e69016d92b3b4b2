"""What identification counts for the chain of results: reports that came in, and decisions.

Nobody sees a report here. Each country stands by itself, small counts are held back with whatever
would give them away, and all countries together are the sum of what each of them tells.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.held_back import Sum, added, shares_of_none, told
from cairn.core.measures import (
    Counted,
    Found,
    Measure,
    Period,
    Question,
    Scope,
    Step,
    Unit,
    Words,
    counted,
)
from cairn.identification.models import Decision, Report
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.procedures import State

PLACES: Final = frozenset({Scope.PROGRAMME, Scope.COUNTRY})
ALL, TRAINED, UNTRAINED = "all", "trained", "untrained"
# What a decision can come to; that an assessment was opened decides nothing about anybody.
OUTCOMES: Final = tuple(
    state.value for state in State if state not in {State.DETECTED, State.UNDER_ASSESSMENT}
)
# Whoever sees the programme or its statistics; others see what is released.
SEEN_BY: Final = (Permission.PORTFOLIO_VIEW, Permission.STATISTICS_VIEW)
# Of what is told of several countries together.
SUMMED: Final = _("The countries that tell a count, together; what one holds back is not in it.")

Told = Mapping[Hashable, int | None]
# What was counted under a name, and the organisation that knows of it.
Row = tuple[str, UUID | None, int]


def _moments(period: Period) -> tuple[datetime, datetime]:
    first, after = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (period.first, period.after)
    )
    return first, after


def _reports_by_country(question: Question) -> dict[str, Told]:
    """Reports of the period, duplicates not counted. One query."""
    since, until = _moments(question.period)
    rows = Report.objects.filter(received_at__gte=since, received_at__lt=until)
    if question.country:
        rows = rows.filter(receiver__country=question.country)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    grouped = (
        rows.exclude(state=ReportState.DUPLICATE)
        .order_by()
        .values_list("receiver__country", "receiver__organisation", "generation")
        .annotate(count=Count("pk"))
    )
    for country, organisation, generation, count in grouped:
        name = UNTRAINED if generation is None else str(generation)
        found[country].append((name, organisation, count))
    return {country: reports_told(rows) for country, rows in found.items()}


def reports_told(rows: Iterable[Row]) -> Told:
    """Of (generation or UNTRAINED, who received them, count): what may be told."""
    counts: Counter[Hashable] = Counter({ALL: 0, TRAINED: 0, UNTRAINED: 0})
    shares = shares_of_none()
    for name, organisation, count in rows:
        wholes = (ALL,) if name == UNTRAINED else (ALL, TRAINED)
        for key in (*wholes, name):
            counts[key] += count
            shares[key][organisation] += count
    generations = tuple(sorted(set(counts) - {ALL, TRAINED, UNTRAINED}, key=str))
    sums = [Sum(ALL, (TRAINED, UNTRAINED))]
    if generations:
        sums.append(Sum(TRAINED, generations))
    return told(counts, sums, shares)


def _decisions_by_country(question: Question) -> dict[str, Told]:
    """Decisions taken within the period, by what they came to. One query."""
    since, until = _moments(question.period)
    rows = Decision.objects.filter(
        decided_at__gte=since, decided_at__lt=until, outcome__in=OUTCOMES
    )
    if question.country:
        rows = rows.filter(procedure__country=question.country)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    grouped = (
        rows.order_by()
        .values_list("procedure__country", "procedure__organisation", "outcome")
        .annotate(count=Count("pk"))
    )
    for country, organisation, outcome, count in grouped:
        found[country].append((outcome, organisation, count))
    return {country: decisions_told(rows) for country, rows in found.items()}


def decisions_told(rows: Iterable[Row]) -> Told:
    """Of (outcome, authority, count): what may be told, every outcome and all together."""
    counts: Counter[Hashable] = Counter(dict.fromkeys((ALL, *OUTCOMES), 0))
    shares = shares_of_none()
    for outcome, organisation, count in rows:
        for key in (ALL, outcome):
            counts[key] += count
            shares[key][organisation] += count
    return told(counts, [Sum(ALL, OUTCOMES)], shares)


def _asked(
    actor: Actor,
    question: Question,
    name: str,
    count: Callable[[Question], dict[str, Told]],
    nothing: Told,
) -> tuple[Told, frozenset[Hashable]] | None:
    """What is told of the country, or of all countries together; None to those not told.

    With it the figures of which a country holds its own back.
    """
    if not actor.may_any(SEEN_BY):
        return None

    def together() -> tuple[Told, frozenset[Hashable]]:
        found = count(question)
        if question.country:
            return found.get(question.country, nothing), frozenset()
        lacking = {key for each in found.values() for key, value in each.items() if value is None}
        return added(found.values()) or nothing, frozenset(lacking)

    return measures.once((name, question), together)


def _whole(asked: tuple[Told, frozenset[Hashable]], key: Hashable) -> Found:
    found, lacking = asked
    return counted(found[key], note=SUMMED if key in lacking and found[key] is not None else "")


def _reports(actor: Actor, question: Question) -> Iterator[Found]:
    found = _asked(actor, question, "identification.reports", _reports_by_country, reports_told(()))
    if found is None:
        return
    yield _whole(found, ALL)
    yield counted(found[0][TRAINED], by=TRAINED)
    yield counted(found[0][UNTRAINED], by=UNTRAINED)


def _by_trained(actor: Actor, question: Question) -> Iterator[Found]:
    found = _asked(actor, question, "identification.reports", _reports_by_country, reports_told(()))
    if found is None:
        return
    yield _whole(found, TRAINED)
    for key in sorted(set(found[0]) - {ALL, TRAINED, UNTRAINED}, key=str):
        yield counted(found[0][key], generation=str(key))


def _decisions(actor: Actor, question: Question) -> Iterator[Found]:
    found = _asked(
        actor, question, "identification.decisions", _decisions_by_country, decisions_told(())
    )
    if found is None:
        return
    yield _whole(found, ALL)
    for outcome in OUTCOMES:
        # An outcome that never came about is left out where nothing of it is held back.
        if found[0][outcome] != 0:
            yield counted(found[0][outcome], outcome=outcome)


def _identified(actor: Actor, question: Question) -> Iterator[Found]:
    found = _asked(
        actor, question, "identification.decisions", _decisions_by_country, decisions_told(())
    )
    if found is not None:
        yield _whole(found, State.CONCLUSIVE_POSITIVE.value)


def _words(dimension: str, value: str) -> Words:
    if dimension == "outcome":
        return State(value).label
    if dimension == "by":
        return _("Trained officers") if value == TRAINED else _("Others")
    return gettext("Generation %(number)s") % {"number": value}


_RECEIVED = _("The register of receiving units: that a report came in, not what it says.")
_PROCEDURES = _("The decisions of identification authorities: their outcome and day.")

MEASURES = (
    Measure(
        "identification.reports",
        1,
        Step.FIELD,
        _("Reports of possible victims"),
        _(
            "Reports that came in within the quarter, known duplicates not counted. A report is "
            "what an officer noticed; nobody has been found to be a victim by it."
        ),
        _RECEIVED,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _reports,
        parts=("by",),
        words=_words,
    ),
    Measure(
        "identification.reports_trained",
        1,
        Step.FIELD,
        _("Reports by trained officers"),
        _(
            "Of the reports that came in within the quarter, those of officers who showed a "
            "certificate of training; by generation: 1 was taught by the programme itself, 2 by "
            "those whom it taught. Training contributed to them."
        ),
        _RECEIVED,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _by_trained,
        parts=("generation",),
        words=_words,
    ),
    Measure(
        "identification.decisions",
        1,
        Step.DECISIONS,
        _("Decisions in identification procedures"),
        _(
            "Decisions taken within the quarter, by what they came to. A procedure in which "
            "several were taken counts with each of them; openings are not counted."
        ),
        _PROCEDURES,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _decisions,
        parts=("outcome",),
        words=_words,
    ),
    Measure(
        "identification.identified",
        1,
        Step.DECISIONS,
        _("Persons identified as victims"),
        _("Conclusive positive decisions taken within the quarter by an authority with reasons."),
        _PROCEDURES,
        Unit.COUNT,
        Counted.PERSONS,
        PLACES,
        _identified,
    ),
)


def register_measures() -> None:
    measures.register(*MEASURES)
