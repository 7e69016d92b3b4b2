"""Invented referrals that came as files: one that waits, one that was accepted."""

import json
from typing import Any

from cairn.referral.actions.exchange_brought import answer_brought, bring_referral, look_at
from cairn.referral.models import BroughtReferral
from cairn.referral.queries.exchange import own_services
from cairn.referral.rules.exchange import FORMAT, VERSION
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.web.demo_protection import COUNTRY, Home


def _document(number: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "code": f"K7Q-M2{'34'[number]}",
        "from": "Invented Far Agency",
        "to": "",
        "service": {"name": "", "kinds": ["health"], "country": COUNTRY, "area": ""},
        "sent_at": "",
        "need": "health",
        "urgency": ("urgent", "routine")[number],
        "purpose": "assistance",
        "basis": "consent",
        "area": "Invented Town",
        "language": "ne",
        "age_band": "adult",
        "exclusions": [],
        "categories": ["need"],
        "content": {"need": "Invented: asks for help that can be reached on foot."},
    }


def make_exchange(home: Home) -> int:
    """Bring two referrals to the first service of the partner, once; returns how many."""
    focal = home.actors["referral-focal-point"]
    services = own_services(focal)
    if not services or BroughtReferral.objects.visible_to(focal).exists():
        return 0
    for number in range(2):
        content = json.dumps(_document(number)).encode()
        looked = look_at(focal, services[0], content)
        made, _is_new = bring_referral(focal, services[0], content, looked.digest)
        if number:
            answer_brought(focal, made.code, BroughtState.ACCEPTED)
    return 2
