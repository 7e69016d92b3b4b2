"""What the platform is told of shares, hand-overs, and the duty list."""

from cairn.referral.registry.told import Told

TOLD = Told()
