"""What the platform is told of referrals and their clocks."""

from cairn.referral.registry.told import Told

TOLD = Told()
