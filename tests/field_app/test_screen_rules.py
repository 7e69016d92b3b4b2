"""The rules of the screens, run in the browser: path, places, what is sealed, what is odd."""

from itertools import product
from typing import Any

import pytest

from cairn.identification.envelopes.content import check_content, check_identity
from tests.field_app.conftest import App

pytestmark = pytest.mark.processes

ALL_STEPS = [
    *("danger", "emergency", "privacy", "child", "childpath", "who", "observed", "meaning"),
    *("where", "consent", "handover"),
]
OUTCOMES = ("emergency", "refer", "child-referral", "information", "nothing")


def point(code: str, **given: Any) -> dict[str, Any]:
    """An invented place for everybody, open to all needs that are `given`."""
    everybody: dict[str, Any] = {"ages": [], "sexes": [], "languages": [], "area": ""}
    return {"code": code, "needs": ["health"], **everybody, **given}


def wanted(**given: Any) -> dict[str, Any]:
    return {"needs": [], "age": "adult", "sex": "", "language": "", "area": "", **given}


def test_the_path_is_the_one_of_the_study_and_only_danger_and_a_child_open_a_side_step(
    app: App,
) -> None:
    for danger, age in product(("now", "no"), ("adult", "maybe-child", "child")):
        steps = app.run("screens", "path", {"danger": danger, "age": age})
        left_out = {"emergency"} if danger == "no" else set()
        left_out |= {"childpath"} if age == "adult" else set()
        assert [name for name, _number in steps] == [
            step for step in ALL_STEPS if step not in left_out
        ]
        assert sorted({number for _name, number in steps}) == list(range(1, 10))


def test_only_places_that_fit_are_shown_and_the_nearest_fit_comes_first(app: App) -> None:
    women = point("women", sexes=["female"])
    children = point("children", ages=["child"], needs=["child", "health"])
    near = point("near", area="north")
    speaks = point("speaks", languages=["ar"])
    law = point("law", needs=["legal"])
    every = [law, women, children, speaks, near]
    cases: list[list[Any]] = [
        [every, wanted(needs=["legal"])],
        [every, wanted(needs=["health"], sex="male", area="north", language="ar")],
        [every, wanted(needs=["health"], age="maybe-child", sex="female")],
        [every, wanted(needs=["asylum"])],
        [[point("bare") | {"languages": None}], wanted()],
    ]
    cases[4][0][0].pop("languages")
    assert app.run("screens", "places", cases) == [
        ["law"],
        ["near", "speaks"],
        ["children", "women", "speaks", "near"],
        [],
        ["bare"],
    ]


def test_what_is_sealed_is_what_the_unit_accepts_and_a_name_only_when_the_person_agrees(
    app: App,
) -> None:
    least = {
        "danger": "no", "age": "adult", "outcome": "nothing", "setting": "", "steps": [],
        "seen": {}, "needs": [], "offered": [], "consent_for": [], "profile": "police",
    }  # fmt: skip
    facts = {"list": "2026-1", "app": "0123456789abcdef"}
    sealed = app.run("screens", "sealable", [least, facts])
    assert check_content(sealed) == ""
    assert sealed == {
        "v": 1, "danger": "no", "age": "adult", "outcome": "nothing", "profile": "police",
        "consent": "not-asked", **facts,
    }  # fmt: skip
    refused = {**least, "consent": "no", "consent_for": ["clinic"]}
    assert "consent_for" not in app.run("screens", "sealable", [refused, facts])
    agreed = {**least, "consent": "only", "consent_for": ["clinic"]}
    sealed = app.run("screens", "sealable", [agreed, facts])
    assert (check_content(sealed), sealed["consent_for"]) == ("", ["clinic"])
    lowered = {**least, "band": "concern", "judgement": "none", "judgement_reason": ""}
    sealed = app.run("screens", "sealable", [lowered, facts])
    assert (check_content(sealed), sealed["band"], "judgement" in sealed) == ("", "concern", False)
    name = {"name": "Invented Name", "phone": " "}
    cases = [[name, consent] for consent in ("yes", "only", "no", "not-asked")]
    found = app.run("screens", "identities", [*cases, [{"name": " "}, "yes"]])
    assert found == [{"v": 1, "name": "Invented Name"}] * 2 + [None] * 3
    assert check_identity(found[0]) == ""


def test_an_end_that_does_not_fit_is_asked_about_and_the_one_that_fits_stands_first(
    app: App,
) -> None:
    calm = {"danger": "no", "age": "adult", "consent": "yes", "band": "none"}
    oddities: dict[str, tuple[dict[str, str], set[str]]] = {
        "odd.danger": ({"danger": "now"}, {"nothing"}),
        "odd.child": ({"age": "maybe-child"}, {"refer", "information", "nothing"}),
        "odd.no": ({"consent": "no"}, {"refer"}),
        "odd.concern": ({"band": "concern"}, {"nothing"}),
    }
    for key, (changes, outcomes) in oddities.items():
        found = app.run("screens", "odd", [[{**calm, **changes}, outcome] for outcome in OUTCOMES])
        assert {one for one, keys in zip(OUTCOMES, found, strict=True) if key in keys} == outcomes
    assert app.run("screens", "odd", [[calm, outcome] for outcome in OUTCOMES]) == [[]] * 5
    given = {**calm, "band": "concern", "offered": ["x"]}
    cases = [given, given | {"danger": "now"}, given | {"age": "child"}, given | {"consent": "no"}]
    assert app.run("screens", "firstOutcomes", cases) == [
        "refer",
        "emergency",
        "child-referral",
        "information",
    ]


def test_the_page_that_hides_the_app_converts_rightly(app: App) -> None:
    cases = [
        ["length", 1, "mi", "km"],
        ["weight", 1, "lb", "g"],
        ["volume", 1, "gal", "l"],
        ["temperature", 100, "c", "f"],
        ["temperature", -40, "f", "c"],
    ]
    assert app.run("screens", "converted", cases) == pytest.approx(
        [1.609344, 453.59237, 3.785411784, 212, -40]
    )
