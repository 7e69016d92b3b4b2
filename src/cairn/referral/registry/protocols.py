"""What the platform is told of agreements on sharing, risks of recipients, routing, experts."""

from cairn.referral.registry.told import Told
from cairn.referral.subjects.protocols import EXPERT, RISK

TOLD = Told(
    tones={
        "WAITING": "protocol_draft expert_busy",
        "NEUTRAL": "protocol_to_come risk_to_come",
        "ACTIVE": "protocol_in_force expert_available",
        "ATTENTION": "risk_holds",
        "STOPPED": "protocol_expired protocol_ended expert_away",
        "DONE": "risk_over",
    },
    kinds=(EXPERT, RISK),
)
