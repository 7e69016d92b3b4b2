"""What waits for somebody in training: groups for the home of each role."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.queries.waiting import Waiting
from cairn.training.models import (
    Call,
    CascadeReport,
    KitCheckout,
    Nomination,
    RefusedRecord,
    TestSitting,
    TrainingEvent,
    VettingCheck,
)
from cairn.training.rules.nomination import NominationState
from cairn.training.rules.states import CheckoutState, EventState, ReportState
from cairn.training.rules.vetting import VettingState


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for `actor` in training; empty groups are left out. At most nine queries."""
    asked: list[tuple[Permission, Callable[[Actor], Waiting]]] = [
        (Permission.EVENT_RUN, _refused),
        (Permission.EVENT_RUN, _to_mark),
        (Permission.EVENT_RUN, _running),
        (Permission.TRAINING_DECIDE, _to_select),
        (Permission.TRAINING_DECIDE, _to_verify),
        (Permission.TRAINING_EDIT, _to_report),
        (Permission.KIT_OPERATE, _on_kits),
        (Permission.VETTING_OPEN, _to_vet),
        (Permission.NOMINATION_MAKE, _calls),
    ]
    groups = [group(actor) for permission, group in asked if actor.may(permission)]
    return [group for group in groups if group.count]


def _oldest(rows: QuerySet[Any], moment: str) -> tuple[int, datetime | None]:
    sums = rows.order_by().aggregate(count=Count("pk", distinct=True), oldest=Min(moment))
    return sums["count"], sums["oldest"]


def _first_event(rows: QuerySet[Any], name: str) -> str:
    """The page `name` of the event of the first row, or the list of events."""
    reference = rows.values_list("event__reference", flat=True).first()
    if reference is None:
        return reverse("training:events")
    return reverse(name, args=[reference])


def _refused(actor: Actor) -> Waiting:
    rows = RefusedRecord.objects.visible_to(actor).filter(resolved_at=None)
    count, oldest = _oldest(rows, "received_at")
    href = _first_event(rows.order_by("received_at"), "training:refused")
    return Waiting(
        _("Marks and answers that could not be taken"), count, _("Look at each"), href, oldest
    )


def _to_mark(actor: Actor) -> Waiting:
    rows = TestSitting.objects.visible_to(actor).filter(
        needs_marking=True, handed_in_at__isnull=False
    )
    count, oldest = _oldest(rows, "handed_in_at")
    href = _first_event(rows.order_by("handed_in_at"), "training:tests")
    return Waiting(_("Tests with short answers to mark"), count, _("Mark them"), href, oldest)


def _running(actor: Actor) -> Waiting:
    rows = TrainingEvent.objects.worked_on(actor).filter(state=EventState.RUNNING)
    count = rows.count()
    reference = rows.order_by("starts").values_list("reference", flat=True).first()
    href = reverse("training:event", args=[reference]) if reference else reverse("training:events")
    return Waiting(_("Trainings that are running"), count, _("Open the desk"), href)


def _to_select(actor: Actor) -> Waiting:
    rows = Nomination.objects.visible_to(actor).filter(
        state=NominationState.ELIGIBLE, call__closes_on__lt=timezone.localdate()
    )
    count, oldest = _oldest(rows, "proposed_at")
    return Waiting(
        _("Nominated people who wait for a selection"),
        count,
        _("Select"),
        reverse("training:calls"),
        oldest,
    )


def _to_verify(actor: Actor) -> Waiting:
    rows = CascadeReport.objects.visible_to(actor).filter(state=ReportState.SENT)
    count, oldest = _oldest(rows, "reported_at")
    return Waiting(
        _("Trainings reported by counts that nobody has looked at"),
        count,
        _("Check them"),
        reverse("training:reports"),
        oldest,
    )


def _to_report(actor: Actor) -> Waiting:
    rows = TrainingEvent.objects.worked_on(actor).filter(state=EventState.DELIVERED)
    count = rows.count()
    reference = rows.order_by("starts").values_list("reference", flat=True).first()
    href = (
        reverse("training:closing", args=[reference]) if reference else reverse("training:events")
    )
    return Waiting(
        _("Trainings that were held and have no closing report"), count, _("Report"), href
    )


def _on_kits(actor: Actor) -> Waiting:
    rows = KitCheckout.objects.visible_to(actor).filter(state=CheckoutState.OUT)
    count, oldest = _oldest(rows, "checked_out_at")
    return Waiting(
        _("Trainings that are on a kit"),
        count,
        _("Bring them back"),
        reverse("training:kits"),
        oldest,
    )


def _to_vet(actor: Actor) -> Waiting:
    rows = VettingCheck.objects.visible_to(actor).filter(
        state__in=(VettingState.REQUESTED, VettingState.RECEIVED)
    )
    oldest = rows.order_by().aggregate(oldest=Min("requested_on"))["oldest"]
    since = timezone.make_aware(datetime.combine(oldest, time())) if oldest else None
    return Waiting(
        _("Vetting checks without a result"),
        rows.count(),
        _("Record the result"),
        reverse("training:vetting"),
        since,
    )


def _calls(actor: Actor) -> Waiting:
    today = timezone.localdate()
    agencies = [scope.organisation_id for scope in actor.scopes_with(Permission.NOMINATION_MAKE)]
    rows = Call.objects.filter(
        allocations__agency__in=agencies, opens_on__lte=today, closes_on__gte=today
    )
    closes = rows.order_by().aggregate(first=Min("closes_on"))["first"]
    until = timezone.make_aware(datetime.combine(closes, time(23, 59))) if closes else None
    return Waiting(
        _("Open calls with seats for your agency"),
        rows.distinct().count(),
        _("Nominate"),
        reverse("training:calls"),
        until,
        is_due=True,
    )
