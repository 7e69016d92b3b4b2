"""What the platform is told of recipients without an account, exchange formats, counts."""

from cairn.referral.registry.told import Told

TOLD = Told()
