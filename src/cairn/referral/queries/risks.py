"""Who is kept out as a recipient: for everybody; on what ground, for whoever may know it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cairn.referral.models.risks import RecipientRisk


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
