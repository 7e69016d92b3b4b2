"""What the platform is told of agreements on sharing, risks of recipients, routing, experts."""

from cairn.referral.registry.told import Told

TOLD = Told()
