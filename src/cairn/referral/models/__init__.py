"""All records of assistance."""

from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.experts import Expert
from cairn.referral.models.matching import MatchFeatures, MatchKey, Pair, PairDecision
from cairn.referral.models.persons import (
    KIND,
    Person,
    PersonQuerySet,
)
from cairn.referral.models.services import Confirmation, ProtectedLocation, Service
from cairn.referral.models.protocols import Protocol, Signature
from cairn.referral.models.risks import RecipientRisk

__all__ = [
    "KIND",
    "AccessPoint",
    "Confirmation",
    "Expert",
    "MatchFeatures",
    "MatchKey",
    "Pair",
    "PairDecision",
    "Person",
    "PersonQuerySet",
    "ProtectedLocation",
    "Protocol",
    "RecipientRisk",
    "Service",
    "Signature",
]
