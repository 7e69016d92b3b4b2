"""One referral as a document of the own format."""

from collections.abc import Collection, Mapping
from typing import Any

from cairn.referral.models.referrals import Referral
from cairn.referral.rules.exchange import FORMAT, VERSION
from cairn.referral.rules.services import is_sheltered


def document(
    referral: Referral,
    content: Mapping[str, str],
    *,
    categories: Collection[str] | None = None,
    basis: str = "",
) -> dict[str, Any]:
    """As rules.exchange.SCHEMA says; of `content` only the kinds that may be told.

    `categories`, `basis`: what holds today, where that is less than when it was sent. Of a service
    whose place few may know of, neither the name nor the place is told.
    """
    service, card = referral.service, referral.card
    kept = [each for each in referral.categories if categories is None or each in categories]
    is_secret = is_sheltered(service.kinds, service.sensitivity)
    return {
        "format": FORMAT,
        "version": VERSION,
        "code": referral.code,
        "from": referral.organisation.display_name,
        "to": "" if is_secret else referral.recipient.display_name,
        "service": {
            "name": "" if is_secret else service.name,
            "kinds": list(service.kinds),
            "country": service.country,
            "area": "" if is_secret else service.area,
        },
        "sent_at": referral.sent_at.isoformat() if referral.sent_at else "",
        "need": referral.need,
        "urgency": referral.urgency,
        "purpose": referral.purpose,
        "basis": basis or referral.basis,
        "area": referral.place,
        "language": card.get("language") or "",
        "age_band": card.get("age_band") or "",
        "exclusions": list(card.get("exclusions", ())),
        "categories": kept,
        "content": {name: text for name, text in content.items() if name in kept and text},
    }
