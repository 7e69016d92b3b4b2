"""What the platform is told of assistance: every part, in order."""

from cairn.referral.registry import (
    consent,
    directory,
    matching,
    outside,
    persons,
    plans,
    protocols,
    referrals,
    sharing,
)

PARTS = (
    consent.TOLD,
    directory.TOLD,
    matching.TOLD,
    outside.TOLD,
    persons.TOLD,
    plans.TOLD,
    protocols.TOLD,
    referrals.TOLD,
    sharing.TOLD,
)
