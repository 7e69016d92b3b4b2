"""Brings the measurements of results frameworks up to date with what the contexts count."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.access.queries import SYSTEM
from cairn.core import measures
from cairn.core.actor import Actor
from cairn.core.measures import Figure, Measure, Period, Question, Scope
from cairn.core.partial_dates import PartialDate
from cairn.oversight.outcomes import Facts, Outcome
from cairn.portfolio.actions.results import compute_measurement
from cairn.portfolio.models import Indicator, Measurement, Project
from cairn.results.rules.chain import finished_years
from cairn.training.actions.outcomes_measured import MEASURES as BY_TRAINING
from cairn.training.actions.outcomes_measured import record_measures
from cairn.training.models import TrainingEvent

ROUND: Final = "measurements"
# How many values that were replaced are kept beside the one that stands.
EARLIER_KEPT: Final = 20


def keep_measurements(_facts: Facts) -> Outcome:
    """The nightly round."""
    return Outcome(facts={"changed": record_all(SYSTEM, timezone.localdate())})


def record_all(actor: Actor, today: date) -> int:
    """Compute what the indicators of every project ask for; how many measurements changed.

    Raises PermissionDenied.
    """
    require(actor, Permission.RESULT_RECORD)
    asking = (
        Indicator.objects.filter(result__project__in=Project.objects.open_to(actor))
        .exclude(measure="")
        .order_by()
        .values("result__project")
    )
    projects = Project.objects.filter(pk__in=asking).order_by("reference")
    return sum(record_project(actor, each, today) for each in projects)


def record_project(actor: Actor, project: Project, today: date) -> int:
    """The same of one project: of each measure that is asked for, each year that is over.

    What was typed in stays, with its source. A value that came out otherwise than before replaces
    it and keeps the earlier one in its provenance. What is not known or held back is not recorded.
    """
    changed = record_measures(actor, project)
    asked = _asked_of(project)
    if not asked:
        return changed
    periods = _periods(project, today)
    with measures.together():
        for each, dimensions in asked.items():
            # What stands today was not counted in the years before: it is taken when one ends.
            for period in periods[-1:] if each.is_stock else periods:
                changed += _record(actor, project, each, dimensions, period)
    return changed


def _asked_of(project: Project) -> dict[Measure, frozenset[str]]:
    """Measures that indicators of the project name, each with the dimensions asked for."""
    known = {each.code: each for each in measures.measures()}
    found: dict[Measure, frozenset[str]] = {}
    rows = Indicator.objects.filter(result__project=project).exclude(measure="")
    for code, dimensions in rows.values_list("measure", "disaggregation"):
        named = known.get(code)
        if named is None or code in BY_TRAINING or Scope.PROJECT not in named.scopes:
            continue
        asked = frozenset(dimensions) & frozenset(named.parts)
        found[named] = found.get(named, frozenset()) | asked
    return found


def _periods(project: Project, today: date) -> list[Period]:
    """The years of the project that are over; from its first training where it has no start."""
    days = [project.starts] if project.starts else []
    days += (
        TrainingEvent.objects.filter(project=project)
        .exclude(starts="")
        .order_by("starts")
        .values_list("starts", flat=True)[:1]
    )
    if not days:
        return []
    first = min(PartialDate.parse(day).first for day in days)
    last = PartialDate.parse(project.ends).last if project.ends else today
    return finished_years(first, max(last, first), today)


def _record(
    actor: Actor, project: Project, asked: Measure, dimensions: frozenset[str], period: Period
) -> int:
    question = Question(period, project=project.reference)
    figures = measures.figures(actor, asked.code, question)
    return sum(
        _write(actor, project, each, each.found.value)
        for each in figures
        if each.found.value is not None and _is_recorded(each, dimensions)
    )


def _is_recorded(figure: Figure, dimensions: frozenset[str]) -> bool:
    """The whole, and the parts by one dimension that is asked for."""
    part = figure.found.part
    return not part or (len(part) == 1 and part[0][0] in dimensions)


def _write(actor: Actor, project: Project, figure: Figure, value: Decimal) -> int:
    """1 when the value or the version of its measure is another than the one on record."""
    code = figure.measure.code
    dimension = ",".join("=".join(pair) for pair in figure.found.part)
    span = (figure.question.period.first.isoformat(), figure.question.period.last.isoformat())
    indicators = Indicator.objects.filter(result__project=project, measure=code)
    current = list(
        Measurement.objects.filter(
            indicator__in=indicators,
            origin=Measurement.Origin.COMPUTED,
            dimension=dimension,
            period_start=span[0],
            period_end=span[1],
        )
    )
    if figure.measure.is_stock and current:
        return 0
    stands = [
        each
        for each in current
        if each.value == value and each.provenance.get("version") == figure.measure.version
    ]
    if len(stands) == indicators.count():
        return 0
    compute_measurement(
        actor,
        code,
        value,
        project=project,
        period_start=span[0],
        period_end=span[1],
        provenance={**figure.provenance, **_earlier(current)},
        dimension=dimension,
    )
    return 1


def _earlier(current: list[Measurement]) -> dict[str, Any]:
    """What stood before, oldest first, so that a changed value can be followed."""
    if not current:
        return {}
    last = max(current, key=lambda each: each.recorded_at)
    before = {
        "value": str(last.value),
        "version": last.provenance.get("version"),
        "recorded_at": last.recorded_at.isoformat(),
    }
    return {"earlier": [*last.provenance.get("earlier", []), before][-EARLIER_KEPT:]}
