"""What waits for somebody: the desk's groups, and what a worker is told on their home."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.models import Membership
from cairn.access.permissions import Permission, person
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.models import (
    Alert,
    BreakGlass,
    Erasure,
    ExportRequest,
    Incident,
    Notice,
    SubjectRequest,
)
from cairn.oversight.queries.retention import due_count
from cairn.oversight.rules import (
    AlertState,
    ErasureState,
    ExportState,
    IncidentState,
    RequestState,
    ReviewState,
)
from cairn.oversight.subjects import kinds


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group of things that wait. `clock`: the moment that presses, or since when they wait.

    `is_due`: the clock is a limit, not a beginning.
    """

    label: str
    count: int
    verb: str
    href: str
    clock: datetime | None = None
    is_due: bool = False


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for `actor`, the most pressing first; empty groups are left out.

    At most eleven queries and one for each kind of record.
    """
    groups: list[Waiting] = []
    if actor.may(Permission.OVERSIGHT_REVIEW):
        groups += [_glass(actor), _alerts(actor)]
    if actor.may(Permission.INCIDENT_HANDLE):
        groups.append(_incidents(actor))
    if actor.may(Permission.EXPORT_APPROVE):
        groups.append(_exports(actor))
    if actor.may(Permission.SUBJECT_REQUEST_HANDLE):
        groups.append(_requests(actor))
    if actor.may(Permission.ERASURE_APPROVE):
        groups.append(_erasures(actor))
    if actor.may(Permission.ROLE_CONFIRM):
        groups.append(_roles())
    if actor.may(Permission.RETENTION_DECIDE):
        groups.append(_retention())
    groups.append(_own_exports(actor))
    groups.append(_notices(actor))
    return [group for group in groups if group.count]


def _oldest(rows: QuerySet[object], field: str) -> tuple[int, datetime | None]:  # type: ignore[type-var]
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(field))
    return found["count"], found["oldest"]


def _glass(actor: Actor) -> Waiting:
    rows = BreakGlass.objects.visible_to(actor).filter(review=ReviewState.WAITING)
    count, oldest = _oldest(rows.exclude(actor_id=person(actor)), "opened_at")
    return Waiting(
        _("Emergency accesses that nobody reviewed yet"),
        count,
        _("Review them"),
        reverse("oversight:glass-list"),
        oldest,
    )


def _alerts(actor: Actor) -> Waiting:
    rows = Alert.objects.visible_to(actor).filter(state=AlertState.OPEN)
    count, oldest = _oldest(rows, "first_at")
    return Waiting(
        _("Unusual access and other findings of the watch"),
        count,
        _("Look at them"),
        reverse("oversight:alerts"),
        oldest,
    )


def _incidents(actor: Actor) -> Waiting:
    open_states = [IncidentState.REPORTED, IncidentState.CONTAINED, IncidentState.ASSESSED]
    rows = Incident.objects.visible_to(actor).filter(state__in=open_states)
    count, first = _oldest(rows, "notify_by")
    return Waiting(
        _("Incidents that are open"),
        count,
        _("Handle them"),
        reverse("oversight:incidents"),
        first,
        is_due=True,
    )


def _exports(actor: Actor) -> Waiting:
    rows = ExportRequest.objects.visible_to(actor).filter(
        state=ExportState.ASKED, expires_at__gt=clock.now()
    )
    count, oldest = _oldest(rows.exclude(asked_by=person(actor)), "asked_at")
    return Waiting(
        _("Exports that somebody asked for"),
        count,
        _("Approve or refuse them"),
        reverse("oversight:exports") + f"?state={ExportState.ASKED}",
        oldest,
    )


def _requests(actor: Actor) -> Waiting:
    rows = SubjectRequest.objects.visible_to(actor).exclude(state=RequestState.NOTIFIED)
    found = rows.order_by().aggregate(count=Count("pk"), first=Min("answer_by"))
    return Waiting(
        _("Requests of persons about their own records"),
        found["count"],
        _("Answer them"),
        reverse("oversight:requests"),
        found["first"],
        is_due=True,
    )


def _erasures(actor: Actor) -> Waiting:
    rows = Erasure.objects.visible_to(actor).filter(state=ErasureState.ASKED)
    count, oldest = _oldest(rows.exclude(asked_by=person(actor)), "asked_at")
    return Waiting(
        _("Erasures that somebody asked for"),
        count,
        _("Decide them"),
        reverse("oversight:erasures") + f"?state={ErasureState.ASKED}",
        oldest,
    )


def _roles() -> Waiting:
    count, oldest = _oldest(Membership.objects.filter(confirmed_at=None), "granted_at")
    return Waiting(
        _("Roles that wait for a second person"),
        count,
        _("Confirm them"),
        reverse("access:people") + "?waiting=1",
        oldest,
    )


def _retention() -> Waiting:
    today = clock.now().date()
    return Waiting(
        _("Records whose time is over"),
        sum(due_count(kind, today) for kind in kinds()),
        _("Decide about them"),
        reverse("oversight:retention"),
    )


def _own_exports(actor: Actor) -> Waiting:
    own = ExportRequest.objects.filter(
        state=ExportState.APPROVED, expires_at__gt=clock.now(), asked_by=person(actor)
    )
    count, first = _oldest(own, "expires_at")
    return Waiting(
        _("Exports of yours that were approved"),
        count,
        _("Take them"),
        reverse("oversight:exports"),
        first,
        is_due=True,
    )


def _notices(actor: Actor) -> Waiting:
    rows = Notice.objects.visible_to(actor).filter(seen_at=None)
    count, oldest = _oldest(rows, "at")
    return Waiting(
        _("Notices that you have not seen"),
        count,
        _("Read them"),
        reverse("oversight:notices"),
        oldest,
    )
