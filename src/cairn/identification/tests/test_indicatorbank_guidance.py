"""Bands of guidance: what raises them, what never does, and that nothing unseen counts as no."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from cairn.identification.indicatorbank import guidance
from cairn.identification.indicatorbank.guidance import BANDS, Kind, Reason, band, is_lower, shown
from cairn.identification.indicatorbank.lists import field_rows, shipped

# Two signs of each kind, invented, in an order in which kinds are mixed.
SIGNS: list[dict[str, Any]] = [
    {"code": f"{kind.value}-{number}", "kind": kind.value, "settings": [], "profiles": []}
    for number in (1, 2)
    for kind in Kind
]
AGES = ("adult", "maybe-child", "child")


def seen(*codes: str) -> dict[str, str]:
    return dict.fromkeys(codes, "yes")


def drawn(times: int = 400) -> Iterator[dict[str, str]]:
    """Answers as an officer may leave them: some signs untouched."""
    chance = random.Random(5)  # noqa: S311 - not a secret
    for _time in range(times):
        answers = {sign["code"]: chance.choice(["yes", "no", "unknown", ""]) for sign in SIGNS}
        yield {code: said for code, said in answers.items() if said}


@pytest.mark.parametrize(
    ("age", "codes", "expected", "reason"),
    [
        ("adult", ["means-1", "exploitation-1"], "concern", Reason.MEANS_WITH_EXPLOITATION),
        ("adult", ["means-1", "act-1"], "concern", Reason.MEANS_WITH_ACT),
        ("adult", ["danger-1"], "concern", Reason.DANGER),
        ("adult", ["act-1", "exploitation-1"], "unclear", Reason.NO_MEANS_SEEN),
        ("adult", ["exploitation-1", "exploitation-2"], "unclear", Reason.ONE_PART),
        ("adult", ["act-1"], "unclear", Reason.ONE_PART),
        ("adult", ["means-1", "means-2"], "unclear", Reason.ONE_PART),
        ("adult", ["context-1"], "none", Reason.CONTEXT_ONLY),
        ("adult", ["context-1", "context-2"], "none", Reason.CONTEXT_ONLY),
        ("child", ["exploitation-1"], "concern", Reason.CHILD_EXPLOITED),
        ("maybe-child", ["exploitation-1"], "concern", Reason.CHILD_EXPLOITED),
        ("child", ["act-1", "child-1"], "concern", Reason.CHILD_SEVERAL),
        ("child", ["act-1"], "unclear", Reason.ONE_PART),
        ("child", ["context-1"], "none", Reason.CONTEXT_ONLY),
        ("adult", [], "unclear", Reason.NOTHING_ANSWERED),
        ("adult", ["not-of-this-list"], "unclear", Reason.NOT_IN_LIST),
    ],
)
def test_what_signs_give_which_band(
    age: str, codes: list[str], expected: str, reason: Reason
) -> None:
    found = band(age, seen(*codes), SIGNS)
    assert (found.band, found.why[0].reason) == (expected, reason)


def test_nothing_seen_is_no_concern_only_when_everything_asked_could_be_checked() -> None:
    assert band("adult", {"means-1": "no"}, SIGNS).band == "none"
    unchecked = band("adult", {"means-1": "no", "act-1": "unknown"}, SIGNS)
    assert (unchecked.band, unchecked.why[0].signs) == ("unclear", ("act-1",))


def test_the_reason_names_the_signs_that_it_rests_on_and_no_others() -> None:
    found = band("adult", seen("exploitation-2", "means-1", "context-1"), SIGNS)
    assert found.why[0].signs == ("means-1", "exploitation-2")
    assert [each.reason for each in found.why[1:]] == [Reason.CONTEXT_BESIDE]


def test_one_more_sign_seen_never_lowers_the_band() -> None:
    for answers in drawn(150):
        for age in AGES:
            before = BANDS.index(band(age, answers, SIGNS).band)
            for sign in SIGNS:
                if sign["kind"] != Kind.CONTEXT:
                    more = answers | {sign["code"]: "yes"}
                    assert BANDS.index(band(age, more, SIGNS).band) >= before


def test_could_not_check_never_says_less_than_no() -> None:
    for answers in drawn():
        doubted = {code: "unknown" if said == "no" else said for code, said in answers.items()}
        for age in AGES:
            with_no = BANDS.index(band(age, answers, SIGNS).band)
            assert BANDS.index(band(age, doubted, SIGNS).band) >= with_no


def test_a_child_is_never_told_less_than_an_adult() -> None:
    for answers in drawn():
        adult, child = (band(age, answers, SIGNS).band for age in ("adult", "child"))
        assert BANDS.index(child) >= BANDS.index(adult)
        assert band("maybe-child", answers, SIGNS) == band("child", answers, SIGNS)


def test_a_child_needs_no_means() -> None:
    for answers in drawn():
        without = {
            code: said
            for code, said in answers.items()
            if not code.startswith("means") or said != "yes"
        }
        if any(without.get(f"exploitation-{number}") == "yes" for number in (1, 2)):
            assert band("child", without, SIGNS).band == "concern"


def test_circumstances_change_no_band() -> None:
    for answers in drawn():
        if not any(said for code, said in answers.items() if not code.startswith("context")):
            continue
        without = {code: said for code, said in answers.items() if not code.startswith("context")}
        assert band("adult", answers, SIGNS).band == band("adult", without, SIGNS).band


def test_the_order_of_answers_does_not_matter() -> None:
    for answers in drawn(50):
        turned = dict(reversed(answers.items()))
        assert band("adult", turned, SIGNS) == band("adult", answers, SIGNS)


def test_what_is_asked_next_completes_the_picture_and_was_not_answered() -> None:
    found = band("adult", seen("means-1") | {"act-1": "unknown", "act-2": "no"}, SIGNS)
    assert found.ask == ("act-1", "exploitation-1", "exploitation-2")


def test_nobody_goes_on_questioning_a_child() -> None:
    assert all(band("maybe-child", answers, SIGNS).ask == () for answers in drawn(100))


def test_own_judgement_upwards_is_free_and_downwards_needs_a_reason() -> None:
    assert is_lower("none", "unclear")
    assert is_lower("unclear", "concern")
    assert not is_lower("concern", "none")
    assert not is_lower("concern", "concern")
    assert not is_lower("", "concern")


def test_a_phone_shows_signs_of_its_setting_and_profile_in_their_order() -> None:
    signs = [
        {"code": "a", "kind": "act", "settings": ["mine"], "profiles": []},
        {"code": "b", "kind": "act", "settings": [], "profiles": ["labour"]},
        {"code": "c", "kind": "act", "settings": [], "profiles": []},
    ]
    assert [each["code"] for each in shown(signs, "mine", "police")] == ["a", "c"]
    assert [each["code"] for each in shown(signs, "camp", "labour")] == ["b", "c"]


def vignette(age: str, *codes: str) -> str:
    """The band by the shipped signs."""
    signs = [{"code": row.code, "kind": row.kind} for row in field_rows(shipped())]
    assert set(codes) <= {each["code"] for each in signs}
    return guidance.band(age, seen(*codes), signs).band


@pytest.mark.parametrize(
    ("age", "codes", "expected"),
    [
        # Smuggling only: somebody arranged and was paid for the way, nobody holds the traveller.
        ("adult", ["fled-conflict"], "none"),
        ("adult", ["journey-paid-by-others", "fled-conflict"], "unclear"),
        ("adult", ["knows-not-where"], "unclear"),
        # Bad work without anybody held there: rights at work.
        ("adult", ["no-pay", "hours-without-rest"], "unclear"),
        ("adult", ["dangerous-work", "lives-at-work"], "unclear"),
        ("adult", ["documents-with-others", "knows-not-where"], "concern"),
        ("adult", ["may-not-leave-work", "no-pay"], "concern"),
        ("adult", ["money-for-organ", "scar-without-papers"], "concern"),
        ("adult", ["never-out-alone", "no-room-of-own"], "concern"),
        ("child", ["child-with-armed-group"], "concern"),
        ("maybe-child", ["young-person-there"], "concern"),
        ("child", ["child-without-own", "knows-not-where"], "concern"),
        ("child", ["child-without-own"], "unclear"),
        ("adult", ["danger-now"], "concern"),
    ],
)
def test_scenes_from_the_field_lead_to_the_band_that_practice_expects(
    age: str, codes: list[str], expected: str
) -> None:
    assert vignette(age, *codes) == expected
