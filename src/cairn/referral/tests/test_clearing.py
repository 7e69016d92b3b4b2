"""Clearing: basis, protocol, recipient, categories, guardian; what an emergency passes."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, Urgency
from cairn.referral.rules.clearing import SAVES_LIFE, check_cleared


@dataclass(frozen=True, slots=True)
class Covers:
    categories: frozenset[str]


ALL = Covers(frozenset(DataCategory.values))
GOOD: dict[str, Any] = {
    "ground": ALL,
    "protocol": ALL,
    "excluded": None,
    "categories": ["need", "contact"],
    "guarded": True,
    "is_child": False,
    "urgency": Urgency.ROUTINE,
}


def met(**changes: Any) -> str:
    """The code of the refusal, or an empty text."""
    try:
        check_cleared(**(GOOD | changes))
    except RuleBroken as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"ground": None}, "referral.no-basis"),
        ({"protocol": None}, "referral.no-protocol"),
        ({"protocol": None, "is_within": True}, ""),
        ({"excluded": "implicated-force"}, "referral.excluded"),
        ({"categories": []}, "referral.categories"),
        ({"categories": ["gold"]}, "referral.categories"),
        ({"ground": Covers(frozenset({"need"}))}, "referral.categories"),
        ({"protocol": Covers(frozenset({"need"}))}, "referral.categories"),
        ({"protocol": Covers(frozenset()), "is_within": True}, ""),
        ({"is_child": True}, ""),
        ({"is_child": True, "guarded": False}, "referral.guardian"),
        ({"is_child": False, "guarded": False}, ""),
        ({"urgency": Urgency.URGENT, "emergency_reason": "life", "ground": None},
         "referral.no-basis"),
        ({"urgency": Urgency.EMERGENCY, "ground": None}, "referral.no-basis"),
        ({"urgency": Urgency.EMERGENCY, "emergency_reason": "  ", "ground": None},
         "referral.no-basis"),
        ({"urgency": Urgency.EMERGENCY, "emergency_reason": "life", "ground": None}, ""),
        ({"urgency": Urgency.EMERGENCY, "emergency_reason": "life", "protocol": None}, ""),
    ],
)  # fmt: skip
def test_what_stops_a_referral(changes: dict[str, Any], code: str) -> None:
    assert met(**changes) == code


@pytest.mark.parametrize("category", DataCategory)
def test_in_danger_only_what_saves_life_goes_without_an_agreement(category: DataCategory) -> None:
    danger = {"urgency": Urgency.EMERGENCY, "emergency_reason": "Invented danger to life"}
    alone = met(**danger, ground=None, protocol=None, categories=[category.value])
    assert (alone == "") is (category in SAVES_LIFE)
    # What every agreement covers goes in danger too.
    assert met(**danger, categories=[category.value]) == ""
    narrow = met(**danger, protocol=Covers(frozenset({"need"})), categories=[category.value])
    assert (narrow == "") is (category in SAVES_LIFE)


@pytest.mark.parametrize(
    ("ground", "protocol", "guarded", "is_child", "urgency", "reason", "within"),
    list(
        product(
            (None, ALL), (None, ALL), (False, True), (False, True), Urgency, ("", "life"),
            (False, True),
        )
    ),
)  # fmt: skip
def test_nothing_ever_passes_an_excluded_recipient(
    ground: Covers | None,
    protocol: Covers | None,
    guarded: bool,
    is_child: bool,
    urgency: Urgency,
    reason: str,
    within: bool,
) -> None:
    given = {
        "ground": ground,
        "protocol": protocol,
        "guarded": guarded,
        "is_child": is_child,
        "urgency": urgency,
        "emergency_reason": reason,
        "is_within": within,
    }
    assert met(**given, excluded="conflict-of-interest") == "referral.excluded"
    is_vital = urgency is Urgency.EMERGENCY and bool(reason)
    stands = ground is not None and (protocol is not None or within)
    stands = stands and (guarded or not is_child)
    assert (met(**given) == "") is (is_vital or stands)
