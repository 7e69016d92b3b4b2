"""Every write of assistance."""

from cairn.referral.actions.persons import (
    Facts,
    SealedTexts,
    assign_caseworker,
    change_person,
    close_person,
    enter_person,
    open_duty_list,
    open_person,
)

__all__ = [
    "Facts",
    "SealedTexts",
    "assign_caseworker",
    "change_person",
    "close_person",
    "enter_person",
    "open_duty_list",
    "open_person",
]
