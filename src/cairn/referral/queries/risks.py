"""Who is kept out as a recipient: for everybody; on what ground, for whoever may know it."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cairn.core.actor import Actor
from cairn.referral.models.risks import RecipientRisk
from cairn.referral.rules.risks import RiskGround


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Ground by id: of organisations as a whole, and of single services of others."""

    organisations: dict[UUID, str]
    services: dict[UUID, str]

    def ground(self, organisation_id: UUID, service_id: UUID | None = None) -> str | None:
        """On what ground nobody is referred there; None when somebody may be."""
        whole = self.organisations.get(organisation_id)
        return whole or (self.services.get(service_id) if service_id else None)


def kept_out(today: date) -> KeptOut:
    """All that is kept out on `today`. One query; take it once for a request and hand it on.

    It holds for everybody, so it asks no actor; its grounds are shown with risk:view only.
    """
    rows = RecipientRisk.objects.holding(today).order_by("starts_on", "code")
    found = KeptOut({}, {})
    for risk in rows.only("recipient", "service", "ground"):
        if risk.service_id is None:
            found.organisations[risk.recipient_id] = risk.ground
        else:
            found.services[risk.service_id] = risk.ground
    return found


def excluded(today: date) -> dict[UUID, str]:
    """Ground by id of the organisations to which nobody is referred. One query."""
    return kept_out(today).organisations


def ground_against(organisation_id: UUID, service_id: UUID | None, today: date) -> str | None:
    """On what ground nobody is referred to a service, or to its whole organisation. One query."""
    return kept_out(today).ground(organisation_id, service_id)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; an empty part narrows nothing."""

    ground: str = ""
    over: bool = False
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        ground = query.get("ground", "")
        return cls(
            ground=ground if ground in RiskGround.values else "",
            over=query.get("state") == "over",
            words=query.get("q", "").strip()[:80],
        )


def risks(actor: Actor, filters: Filters, today: date) -> QuerySet[RecipientRisk]:
    """Recipients that are left out, as far as the actor may know of them, newest first."""
    rows = RecipientRisk.objects.visible_to(actor).select_related("recipient", "service")
    is_over = Q(ended_on__lte=today) | Q(ends_on__lt=today)
    still = Q(ended_on=None) | Q(ended_on__gt=today)
    still &= Q(ends_on=None) | Q(ends_on__gte=today)
    rows = rows.filter(is_over) if filters.over else rows.filter(still)
    if filters.ground:
        rows = rows.filter(ground=filters.ground)
    if filters.words:
        rows = rows.filter(recipient__name__icontains=filters.words)
    return rows.defer("note").order_by("-starts_on", "code")


def find_risk(actor: Actor, code: str) -> RecipientRisk:
    """The one of this code. Raises RecipientRisk.DoesNotExist (also when not visible)."""
    rows = RecipientRisk.objects.visible_to(actor)
    found: RecipientRisk = rows.select_related("organisation", "recipient", "service").get(
        code=code
    )
    return found
