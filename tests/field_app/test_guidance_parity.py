"""The phone and the desk make the same of what was seen: Python and JavaScript on shared cases."""

import random
from itertools import product
from typing import Any

import pytest

from cairn.identification.indicatorbank import guidance
from cairn.identification.indicatorbank.lists import field_rows, shipped
from cairn.identification.rules.choices import Setting, WorkerProfile
from tests.field_app.conftest import App

pytestmark = pytest.mark.processes

SIGNS: list[dict[str, Any]] = [
    {
        "code": row.code,
        "kind": row.kind,
        "settings": list(row.settings),
        "profiles": list(row.profiles),
    }
    for row in field_rows(shipped())
]


def cases() -> list[dict[str, Any]]:
    """Every pair of kinds seen for every age, and a thousand ways to leave the list."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    codes = [sign["code"] for sign in SIGNS]
    first = {sign["kind"]: sign["code"] for sign in reversed(SIGNS)}
    found: list[dict[str, Any]] = [{"age": age, "seen": {}} for age in ("adult", "child")]
    for age, (one, other) in product(
        ("adult", "maybe-child", "child"), product(first.values(), repeat=2)
    ):
        found.append({"age": age, "seen": {one: "yes", other: chance.choice(["yes", "unknown"])}})
    for _time in range(1_000):
        answered = chance.sample(codes, chance.randint(0, 12))
        seen = {code: chance.choice(["yes", "no", "no", "unknown"]) for code in answered}
        if chance.random() < 0.1:
            # Codes of another edition; these two are ordered differently by halves of signs.
            seen |= {"\ufb00-strange": "yes", "\U0001d400-strange": "yes"}
        found.append(
            {"age": chance.choice(["adult", "adult", "maybe-child", "child"]), "seen": seen}
        )
    return found


def test_the_phone_and_the_desk_make_the_same_of_a_thousand_cases(app: App) -> None:
    given = cases()
    expected = []
    for case in given:
        made = guidance.band(case["age"], case["seen"], SIGNS)
        expected.append(
            {
                "band": made.band,
                "why": [
                    {"reason": each.reason.value, "signs": list(each.signs)} for each in made.why
                ],
                "ask": list(made.ask),
            }
        )
    assert {each["band"] for each in expected} == set(guidance.BANDS)
    assert app.run("guidance", "bands", {"signs": SIGNS, "cases": given}) == expected


def test_the_phone_shows_the_same_signs_and_asks_for_the_same_reasons(app: App) -> None:
    places = list(product(Setting.values, WorkerProfile.values))
    expected = [[sign["code"] for sign in guidance.shown(SIGNS, *place)] for place in places]
    assert app.run("guidance", "shownAt", {"signs": SIGNS, "places": places}) == expected
    pairs = list(product(("", *guidance.BANDS, "other"), guidance.BANDS))
    assert app.run("guidance", "lower", pairs) == [guidance.is_lower(*pair) for pair in pairs]
