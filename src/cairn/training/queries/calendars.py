"""What the calendar of an event holds, found by the secret part of its address."""

from datetime import date, datetime
from typing import Any

from django.utils.crypto import constant_time_compare

from cairn.core.models import AuditEntry
from cairn.training.models import TrainingEvent
from cairn.training.rules.events import read_day
from cairn.training.rules.states import EventState

_TENTATIVE = frozenset(
    {EventState.IDEA, EventState.PLANNED, EventState.CALL_OPEN, EventState.SELECTION,
     EventState.POSTPONED}
)  # fmt: skip


def event_of_secret(secret: str) -> TrainingEvent | None:
    """The event whose calendar this is; None for an address that is not, or no more, in use."""
    if len(secret) < 40:
        return None
    found = TrainingEvent.objects.filter(secret=secret).first()
    return found if found and constant_time_compare(found.secret, secret) else None


def changed_at(event: TrainingEvent) -> datetime:
    """When the event was last changed, by the log. One query."""
    newest = (
        AuditEntry.objects.filter(
            subject_type="training.TrainingEvent",
            subject_id=str(event.pk),
            code__startswith="training_event.",
        )
        .order_by("-sequence")
        .values_list("at", flat=True)
        .first()
    )
    return newest or event.created_at


def status(event: TrainingEvent) -> str:
    """STATUS of RFC 5545: "CONFIRMED", "TENTATIVE" or "CANCELLED"."""
    state = EventState(event.state)
    if state == EventState.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if state in _TENTATIVE else "CONFIRMED"


def entries(event: TrainingEvent) -> list[dict[str, Any]]:
    """The sessions of the event, or its days while it has none, as exports.calendar.Entry takes.

    Two queries. No title: calendars are copied to telephones and to other firms' servers.
    """
    shared: dict[str, Any] = {
        "reference": event.reference,
        "changes": event.changes,
        "changed_at": changed_at(event),
        "status": status(event),
        "zone": event.time_zone,
    }
    sessions = [
        {
            **shared,
            "id": each.pk,
            "number": number,
            "starts": each.starts_at,
            "ends": each.ends_at,
            "place": ", ".join(part for part in (each.room, event.place) if part),
        }
        for number, each in enumerate(event.sessions.all(), 1)
    ]
    return sessions or _whole(event, shared)


def _whole(event: TrainingEvent, shared: dict[str, Any]) -> list[dict[str, Any]]:
    first = read_day(event.starts)
    last = read_day(event.ends) or first
    if first is None or last is None or "day" not in {first.precision, last.precision}:
        return []
    starts: date = first.first
    return [{**shared, "id": event.pk, "starts": starts, "ends": last.last, "place": event.place}]
