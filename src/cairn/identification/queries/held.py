"""What is held and waits for a supervisor: never its bytes, only what is known about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from cairn.core.actor import Actor
from cairn.identification.models import HeldEnvelope
from cairn.identification.rules.choices import HeldReason

_SHOWN = (
    "received_at", "reason", "channel", "size", "claimed_id", "settled_at", "settled_by",
    "settlement", "device__code", "device__organisation_id", "receiver__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. `reason`: a code of HeldReason; `state`: "open" or "settled".

    Empty is all. Whoever comes without having chosen sees what is open.
    """

    reason: str = ""
    state: str = "open"

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        reason, state = query.get("reason", ""), query.get("state", "open")
        return cls(
            reason=reason if reason in HeldReason.values else "",
            state=state if state in {"open", "settled"} else "",
        )


def held(actor: Actor, filters: Filters) -> QuerySet[HeldEnvelope]:
    """What the actor sees of what is held, newest first, without its bytes. One query."""
    rows = HeldEnvelope.objects.visible_to(actor)
    if filters.state:
        rows = rows.filter(settled_at__isnull=filters.state == "open")
    if filters.reason:
        rows = rows.filter(reason=filters.reason)
    return _slim(rows).order_by("-received_at", "pk")


def find(actor: Actor, held_id: UUID) -> HeldEnvelope:
    """One of them. Raises HeldEnvelope.DoesNotExist (also when not visible)."""
    found: HeldEnvelope = _slim(HeldEnvelope.objects.visible_to(actor)).get(pk=held_id)
    return found


def waiting(actor: Actor) -> QuerySet[HeldEnvelope]:
    """What waits for this supervisor, the longest first."""
    rows = HeldEnvelope.objects.visible_to(actor).filter(settled_at=None)
    return _slim(rows).order_by("received_at", "pk")


def waiting_since(actor: Actor) -> datetime | None:
    """Since when the oldest waits; None while nothing does. One query."""
    return waiting(actor).values_list("received_at", flat=True).first()


def _slim(rows: QuerySet[HeldEnvelope]) -> QuerySet[HeldEnvelope]:
    return rows.select_related("device", "receiver").only(*_SHOWN)
