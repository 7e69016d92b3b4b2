"""What the platform is told of assistance plans and returns."""

from cairn.referral.registry.told import Told

TOLD = Told()
