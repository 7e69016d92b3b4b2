"""What the platform is told of consent, and the rights of the person."""

from cairn.referral.registry.told import Told

TOLD = Told()
