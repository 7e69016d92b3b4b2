"""The panel with the referrals of a person, on the page of the record."""

from collections.abc import Mapping
from typing import Any

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models.referrals import Referral
from cairn.referral.rules.referrals import ENDS

SHOWN = 4


def panel(actor: Actor, person: Any) -> Mapping[str, Any] | None:
    """The newest referrals of the person, those that go on first. One query."""
    if not actor.may(Permission.REFERRAL_VIEW):
        return None
    rows = Referral.objects.sent_by(actor).filter(person=person).select_related("service")
    found = list(rows.order_by("-made_at")[:50])
    found.sort(key=lambda referral: referral.state in ENDS)
    may_send = actor.may_within(
        Permission.REFERRAL_SEND, person.organisation_id, person.unit_id, person.country
    )
    return {
        "referrals": found[:SHOWN],
        "count": len(found),
        "may_send": may_send and person.is_open,
        "person": person,
    }
