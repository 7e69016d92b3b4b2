"""What the platform is told of records that may be about the same person."""

from cairn.referral.registry.told import Told

TOLD = Told()
