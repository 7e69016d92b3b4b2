"""All records of assistance."""

from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.matching import MatchFeatures, MatchKey, Pair, PairDecision
from cairn.referral.models.persons import (
    KIND,
    Person,
    PersonQuerySet,
)

__all__ = [
    "KIND",
    "AccessPoint",
    "MatchFeatures",
    "MatchKey",
    "Pair",
    "PairDecision",
    "Person",
    "PersonQuerySet",
]
