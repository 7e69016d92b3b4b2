"""All records of assistance."""

from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.exchange import BroughtReferral
from cairn.referral.models.experts import Expert
from cairn.referral.models.matching import MatchFeatures, MatchKey, Pair, PairDecision
from cairn.referral.models.outbox import OutboxMessage
from cairn.referral.models.outside import OneTimeLink
from cairn.referral.models.persons import (
    KIND,
    Person,
    PersonQuerySet,
)
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import (
    Alias,
    BestInterests,
    Conflict,
    Guardian,
    NeedsAssessment,
    RiskAssessment,
)
from cairn.referral.models.plans import (
    FollowUp,
    Goal,
    Matter,
    MatterStep,
    Plan,
    PlanStep,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.models.protocols import Protocol, Signature
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan, ReturnRisk, ReturnStep
from cairn.referral.models.risks import RecipientRisk
from cairn.referral.models.services import Confirmation, ProtectedLocation, Service
from cairn.referral.models.sharing import (
    HandOver,
    HandOverLine,
    LateNote,
    Moved,
    ShareAgreement,
    ShareStep,
    ShareVersion,
)

__all__ = [
    "KIND",
    "AccessPoint",
    "Alias",
    "BestInterests",
    "BroughtReferral",
    "Confirmation",
    "Conflict",
    "Consent",
    "ConsentStep",
    "Expert",
    "FollowUp",
    "Goal",
    "Guardian",
    "HandOver",
    "HandOverLine",
    "Identity",
    "LateNote",
    "MatchFeatures",
    "MatchKey",
    "Matter",
    "MatterStep",
    "MonitoringVisit",
    "Moved",
    "NeedsAssessment",
    "OneTimeLink",
    "OutboxMessage",
    "Pair",
    "PairDecision",
    "Person",
    "PersonQuerySet",
    "Plan",
    "PlanStep",
    "ProtectedLocation",
    "Protocol",
    "RecipientRisk",
    "Referral",
    "ReferralEvent",
    "ReturnPlan",
    "ReturnRisk",
    "ReturnStep",
    "RiskAssessment",
    "SafetyPlan",
    "Service",
    "ServiceEpisode",
    "ShareAgreement",
    "ShareStep",
    "ShareVersion",
    "Signature",
]
