"""What waits for somebody around reports and decisions: groups for the home of each role."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.models import DeviceAlert, HeldEnvelope, PaperForm
from cairn.identification.queries import procedures, triage
from cairn.oversight.queries.waiting import Waiting


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for `actor`, the most pressing first; empty groups are left out.

    At most four queries besides those of the queue of reports.
    """
    asked: list[tuple[Permission, Callable[[Actor], Waiting]]] = [
        (Permission.DEVICE_VIEW, _alerts),
        (Permission.REPORT_RELEASE, _held),
        (Permission.PROCEDURE_DECIDE, _to_decide),
        (Permission.PAPER_ENTER, _to_shred),
    ]
    groups = triage.waiting(actor) if actor.may(Permission.REPORT_VIEW) else []
    groups += [group(actor) for permission, group in asked if actor.may(permission)]
    return [group for group in groups if group.count]


def _oldest(rows: QuerySet[Any], moment: str) -> tuple[int, datetime | None]:
    sums = rows.order_by().aggregate(count=Count("pk"), oldest=Min(moment))
    return sums["count"], sums["oldest"]


def _alerts(actor: Actor) -> Waiting:
    count, oldest = _oldest(DeviceAlert.objects.visible_to(actor).filter(seen_at=None), "at")
    return Waiting(
        _("Officers who say that they are not safe"),
        count,
        _("Look at once"),
        reverse("field:devices"),
        oldest,
    )


def _held(actor: Actor) -> Waiting:
    rows = HeldEnvelope.objects.visible_to(actor).filter(settled_at=None)
    count, oldest = _oldest(rows, "received_at")
    return Waiting(
        _("Envelopes that could not be taken as reports"),
        count,
        _("Settle"),
        reverse("identification:held"),
        oldest,
    )


def _to_decide(actor: Actor) -> Waiting:
    count, oldest = _oldest(procedures.waiting(actor), "opened_on")
    since = timezone.make_aware(datetime.combine(oldest, time())) if oldest else None
    return Waiting(
        _("Procedures that wait for a decision"),
        count,
        _("Decide"),
        reverse("identification:procedures"),
        since,
    )


def _to_shred(actor: Actor) -> Waiting:
    rows = PaperForm.objects.visible_to(actor).filter(shredded_at=None)
    count, oldest = _oldest(rows.exclude(entered_at=None), "entered_at")
    return Waiting(
        _("Paper forms that were entered and lie there still"),
        count,
        _("Shred"),
        reverse("field:paper"),
        oldest,
    )
