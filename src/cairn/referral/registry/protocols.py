"""What the platform is told of agreements on sharing, risks of recipients, routing, experts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.registry.told import Entry, Told
from cairn.referral.subjects.protocols import EXPERT, RISK
from cairn.referral.wording.protocols import NOTICES


def _place(notice: Any) -> str:
    """The protocol that a notice is about."""
    return reverse("referral:protocol", args=[notice.facts["protocol"]])


TOLD = Told(
    entries=(
        Entry("protocols", pgettext_lazy("navigation", "Protocols"), "PROTOCOL_VIEW", 330),
        Entry("risks", _("Left-out recipients"), "RISK_VIEW", 332),
        Entry("experts", pgettext_lazy("navigation", "Experts"), "EXPERT_VIEW", 334),
    ),
    tones={
        "WAITING": "protocol_draft expert_busy",
        "NEUTRAL": "protocol_to_come risk_to_come",
        "ACTIVE": "protocol_in_force expert_available",
        "ATTENTION": "risk_holds",
        "STOPPED": "protocol_expired protocol_ended expert_away",
        "DONE": "risk_over",
    },
    kinds=(EXPERT, RISK),
    notices=NOTICES,
    places={"protocol": _place},
)
