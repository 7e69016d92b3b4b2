"""Hands what training counts to the results framework of a project: computed beside typed in."""

from collections.abc import Callable
from decimal import Decimal

from cairn.core.actor import Actor
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.actions.results import compute_measurement
from cairn.portfolio.models import Indicator, Measurement, Project
from cairn.training.queries.outcomes_counts import Training, Work, total_of, work_of
from cairn.training.rules.choices import EventKind

# Version of these measures, as a computed measurement carries it.
VERSION = 1


def _workshops(work: Work) -> int | None:
    return len(work.of_kind(EventKind.TOT))


def _trained(work: Work) -> int | None:
    return total_of(each.people for each in work.of_kind(EventKind.TOT)).total


def _women(work: Work) -> int | None:
    """None while the sex of nobody is recorded: not known is not zero."""
    people = total_of(each.people for each in work.of_kind(EventKind.TOT))
    return people.women if people.sexed else None


def _selected(work: Work) -> int | None:
    return sum(each.chosen for each in work.teams) if work.teams else None


def _pilots(work: Work) -> int | None:
    return sum(each.courses_done for each in work.teams) if work.teams else None


def _countries(work: Work) -> int | None:
    joint = work.of_kind(EventKind.SIMULATION)
    return len({code for each in joint for code in each.event.from_countries}) if joint else None


def _players(work: Work) -> int | None:
    joint = work.of_kind(EventKind.SIMULATION)
    return total_of(each.people for each in joint).total if joint else None


def _requests(work: Work) -> int | None:
    return work.requests[0] if work.requests else None


# The measures that indicators ask for by name, and the kinds of event each rests on (none: all).
MEASURES: dict[str, tuple[Callable[[Work], int | None], tuple[EventKind, ...]]] = {
    "training.workshops_delivered": (_workshops, (EventKind.TOT,)),
    "training.officers_trained": (_trained, (EventKind.TOT,)),
    "training.women_trained": (_women, (EventKind.TOT,)),
    "training.trainers_selected": (_selected, (EventKind.TOT,)),
    "training.pilot_courses_delivered": (_pilots, ()),
    "simulation.countries": (_countries, (EventKind.SIMULATION,)),
    "simulation.participants": (_players, (EventKind.SIMULATION,)),
    "portfolio.requests_received": (_requests, ()),
}


def record_measures(actor: Actor, project: Project) -> int:
    """Bring the computed measurements of `project` up to date; how many changed.

    Only where an indicator asks for the measure, its value is known and is not on record already.
    Raises PermissionDenied.
    """
    asked = set(
        Indicator.objects.filter(result__project=project, measure__in=MEASURES).values_list(
            "measure", flat=True
        )
    )
    work = work_of(actor, project) if asked else None
    if work is None or not work.trainings:
        return 0
    changed = 0
    for measure in sorted(asked):
        compute, kinds = MEASURES[measure]
        rows = work.of_kind(*kinds) if kinds else work.trainings
        value = compute(work)
        span = _span(rows)
        if value is None or span is None or _stands(project, measure, value, span):
            continue
        compute_measurement(
            actor,
            measure,
            Decimal(value),
            project=project,
            period_start=span[0],
            period_end=span[1],
            provenance={"measure": measure, "version": VERSION, "rows": len(rows)},
        )
        changed += 1
    return changed


def _span(rows: list[Training]) -> tuple[str, str] | None:
    """From the first day to the last day of the events, as partial dates."""
    starts = [each.event.starts for each in rows if each.event.starts]
    ends = [each.event.ends or each.event.starts for each in rows if each.event.starts]
    if not starts:
        return None
    return min(starts), max(ends, key=lambda text: PartialDate.parse(text).last)


def _stands(project: Project, measure: str, value: int, span: tuple[str, str]) -> bool:
    """Whether every indicator that asks for `measure` has this value for this period already."""
    indicators = Indicator.objects.filter(result__project=project, measure=measure)
    current = Measurement.objects.filter(
        indicator__in=indicators,
        origin=Measurement.Origin.COMPUTED,
        dimension="",
        period_start=span[0],
        period_end=span[1],
        value=value,
    )
    return current.count() == indicators.count()
