"""Rules of assistance. Pure."""

from cairn.referral.rules.persons import (
    KEEP_AT_MOST,
    KEEP_FOR,
    AgeBand,
    check_caseworker,
    check_days,
    check_open,
    check_place,
    is_treated_as_child,
    kept_until,
)

__all__ = [
    "KEEP_AT_MOST",
    "KEEP_FOR",
    "AgeBand",
    "check_caseworker",
    "check_days",
    "check_open",
    "check_place",
    "is_treated_as_child",
    "kept_until",
]
