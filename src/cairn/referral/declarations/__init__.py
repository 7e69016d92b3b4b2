"""What assistance keeps: of a person the least that serves, and the directory of services."""

from cairn.referral.declarations import (  # noqa: F401 - each declares its models
    consent,
    directory,
    exchange,
    matching,
    outside,
    persons,
    plans,
    protocols,
    referrals,
    sharing,
)
