"""Reads for trainings that are reported by counts."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from cairn.core.actor import Actor
from cairn.training.models import CascadeReport, Staffing, Step, TrainingEvent
from cairn.training.rules import reports as rules
from cairn.training.rules.choices import Sex
from cairn.training.rules.events import read_day
from cairn.training.rules.states import ReportState


def reports(actor: Actor, *, state: str = "") -> QuerySet[CascadeReport]:
    """Reports, newest first, each with `total` and `women`."""
    found = CascadeReport.objects.visible_to(actor).select_related("event", "reported_by")
    if state in ReportState.values:
        found = found.filter(state=state)
    return found.annotate(
        total=Sum("counts__count"), women=Sum("counts__count", filter=Q(counts__sex=Sex.FEMALE))
    ).order_by("-reported_at", "pk")


def find(actor: Actor, report_id: UUID) -> CascadeReport:
    """One report with `total` and `women`. Raises CascadeReport.DoesNotExist."""
    found: CascadeReport = reports(actor).get(pk=report_id)
    return found


def lines(report: CascadeReport) -> list[Any]:
    """How many of whom, as they were reported. One query."""
    return list(report.counts.select_related("agency").order_by("-count", "sex"))


def samples(report: CascadeReport) -> list[Any]:
    """The samples that were taken, newest first."""
    return list(report.samples.all())


def steps(report: CascadeReport) -> list[Step]:
    """How the report came to where it stands, newest first."""
    return list(Step.objects.filter(subject="cascadereport", subject_id=report.pk))


def doubts(report: CascadeReport) -> list[str]:
    """What somebody should ask about a report; see rules.reports.doubts. Four queries."""
    event = report.event
    first, last = read_day(event.starts), read_day(event.ends or event.starts)
    hours = event.versions.aggregate(hours=Sum("hours"))["hours"]
    counts = [rules.Counted(sex=each.sex, count=each.count) for each in report.counts.all()]
    return rules.doubts(
        total=sum(each.count for each in counts),
        counts=counts,
        hours=report.hours,
        days=(last.last - first.first).days + 1 if first and last else 1,
        planned_hours=hours,
        same_day_elsewhere=_elsewhere(event, report.reported_by_id),
    )


def _elsewhere(event: TrainingEvent, practitioner: UUID | None) -> int:
    """Other events on the same first day where the reporter is entered."""
    if practitioner is None or len(event.starts) != 10:
        return 0
    same_day = Staffing.objects.filter(practitioner=practitioner, event__starts=event.starts)
    return same_day.exclude(event=event).values("event").distinct().count()
