"""One referral as a document of the own format."""

from collections.abc import Mapping
from typing import Any

from cairn.referral.models.referrals import Referral
from cairn.referral.rules.exchange import FORMAT, VERSION


def document(referral: Referral, content: Mapping[str, str]) -> dict[str, Any]:
    """As rules.exchange.SCHEMA says; of `content` only the kinds that may be told."""
    service, card = referral.service, referral.card
    return {
        "format": FORMAT,
        "version": VERSION,
        "code": referral.code,
        "from": referral.organisation.display_name,
        "to": referral.recipient.display_name,
        "service": {
            "name": service.name,
            "kinds": list(service.kinds),
            "country": service.country,
            "area": service.area,
        },
        "sent_at": referral.sent_at.isoformat() if referral.sent_at else "",
        "need": referral.need,
        "urgency": referral.urgency,
        "purpose": referral.purpose,
        "basis": referral.basis,
        "area": referral.place,
        "language": card.get("language") or "",
        "age_band": card.get("age_band") or "",
        "exclusions": list(card.get("exclusions", ())),
        "categories": list(referral.categories),
        "content": {
            name: text for name, text in content.items() if name in referral.categories and text
        },
    }
