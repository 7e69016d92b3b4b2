"""What the screens of assistance read."""

from cairn.referral.queries.person import (
    CLEAR,
    Caseload,
    Filters,
    caseload,
    code_of,
    colleagues,
    duty_list,
    find_person,
    listed_persons,
    units,
)

__all__ = [
    "CLEAR",
    "Caseload",
    "Filters",
    "caseload",
    "code_of",
    "colleagues",
    "duty_list",
    "find_person",
    "listed_persons",
    "units",
]
