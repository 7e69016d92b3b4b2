"""What the screens about protocols read, and whether one is in force between two organisations."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cairn.referral.models.protocols import Protocol


def _holding(purpose: str, today: date, country: str | None) -> QuerySet[Protocol]:
    """Protocols in force for a purpose; `country` None: wherever they hold."""
    # The quotation marks keep one code from being found inside another, on every database.
    rows = Protocol.objects.in_force(today).filter(purposes__icontains=f'"{purpose}"')
    return rows if country is None else rows.filter(Q(country="") | Q(country=country))


def in_force(
    sender_id: UUID,
    recipient_id: UUID,
    purpose: str,
    today: date,
    *,
    country: str | None = None,
) -> Protocol | None:
    """The protocol on which the sender may tell the recipient something for `purpose`, or None.

    Both are parties, all have signed, and `today` lies within. Of several the one that holds
    longest. `country`: where it must hold (ISO 3166-1 alpha-3); None: anywhere. One query.
    """
    rows = _holding(purpose, today, country).filter(parties=sender_id).filter(parties=recipient_id)
    return rows.order_by("-ends_on", "-version", "code").first()


def partners_in_force(
    sender_id: UUID, purpose: str, today: date, *, country: str | None = None
) -> frozenset[UUID]:
    """Organisations with which the sender has a protocol in force for `purpose`. One query."""
    through = Protocol.parties.through.objects
    own = _holding(purpose, today, country).filter(parties=sender_id)
    found = through.filter(protocol__in=own.values("pk")).exclude(organisation=sender_id)
    return frozenset(found.values_list("organisation_id", flat=True))
