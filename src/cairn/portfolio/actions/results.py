"""Writes about results: measurements typed in, and those that later contexts compute."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.models import Indicator, Measurement, Project


@transaction.atomic
def record_measurement(
    actor: Actor,
    indicator_id: int,
    value: Decimal,
    *,
    period_start: str,
    period_end: str,
    source: str,
    dimension: str = "",
) -> Measurement:
    """Type in a measurement with its source; a second one for the same period replaces the first.

    Raises Indicator.DoesNotExist (not visible), PermissionDenied, RuleBroken ("result.period",
    "result.source").
    """
    indicator = Indicator.objects.get(
        pk=indicator_id, result__project__in=Project.objects.open_to(actor)
    )
    require(actor, Permission.RESULT_RECORD)
    _check_period(period_start, period_end)
    if not source.strip():
        raise RuleBroken(
            "result.source",
            _("A measurement that is typed in has a source."),
            _("Name the document or the person's office that it comes from."),
        )
    measurement, created = Measurement.objects.update_or_create(
        indicator=indicator,
        period_start=period_start,
        period_end=period_end,
        dimension=dimension,
        origin=Measurement.Origin.TYPED,
        defaults={
            "value": value,
            "source": source.strip(),
            "recorded_at": timezone.now(),
            "author_id": actor.user_id,
        },
    )
    audit.record(actor, "measurement.recorded", measurement, created=created)
    return measurement


@transaction.atomic
def compute_measurement(
    actor: Actor,
    measure: str,
    value: Decimal,
    *,
    project: Project,
    period_start: str,
    period_end: str,
    provenance: Mapping[str, object],
    dimension: str = "",
) -> list[Measurement]:
    """The hook for later contexts: hand in what they computed for the measure named `measure`.

    Writes one computed measurement for each indicator of `project` that asks for this measure;
    what people typed in stays beside it. `provenance`: version of the measure, number of rows.
    Raises PermissionDenied, RuleBroken ("result.period").
    """
    require(actor, Permission.RESULT_RECORD)
    _check_period(period_start, period_end)
    written = []
    for indicator in Indicator.objects.filter(result__project=project, measure=measure):
        measurement, _created = Measurement.objects.update_or_create(
            indicator=indicator,
            period_start=period_start,
            period_end=period_end,
            dimension=dimension,
            origin=Measurement.Origin.COMPUTED,
            defaults={
                "value": value,
                "provenance": dict(provenance),
                "recorded_at": timezone.now(),
                "author_id": actor.user_id,
            },
        )
        written.append(measurement)
    audit.record(actor, "measurement.computed", project, measure=measure, count=len(written))
    return written


def _check_period(start: str, end: str) -> None:
    if PartialDate.parse(end).last < PartialDate.parse(start).first:
        raise RuleBroken(
            "result.period",
            _("The period would end before it starts."),
            _("Check both dates."),
        )
