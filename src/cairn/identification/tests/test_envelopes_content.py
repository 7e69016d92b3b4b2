"""What may stand in a sealed report: each kind of flaw has its code, and nothing else passes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.identification.envelopes import content
from cairn.identification.envelopes.content import ContentFlaw, check_content, check_identity
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.identification.tests.envelopes import CONTENT

SHORTEST = {"v": 1, "danger": "now", "age": "child", "outcome": "emergency"}
WHOLE = CONTENT | {
    "steps": ["introduced"], "privacy": "alone", "interpreter": "unchecked", "language": "ar",
    "told": "yes", "judgement": "none", "judgement_reason": "explained", "needs": ["health"],
    "age_band": "18-24", "sex": "female", "area": "north-1", "offered": ["K7QM2R"],
    "consent": "only", "consent_for": ["shelter"], "contact": "safe-word", "app": "a1b2c3",
}  # fmt: skip


@pytest.mark.parametrize(
    "given_content", [SHORTEST, CONTENT, WHOLE], ids=["shortest", "usual", "whole"]
)
def test_contents_of_the_app_have_no_flaw(given_content: dict[str, Any]) -> None:
    assert check_content(given_content) == ""


def test_the_codes_of_profiles_and_settings_are_those_of_the_unit() -> None:
    assert set(WorkerProfile.values) == content.PROFILES
    assert set(Setting.values) == content.SETTINGS


@pytest.mark.parametrize("name", ["danger", "age", "outcome"])
def test_three_answers_are_always_there(name: str) -> None:
    assert check_content({key: value for key, value in WHOLE.items() if key != name}) == "missing"


@pytest.mark.parametrize(
    "name", sorted(set(WHOLE) - {"v", "danger", "age", "outcome", "judgement_reason"})
)
def test_everything_else_may_be_left_out(name: str) -> None:
    assert check_content({key: value for key, value in WHOLE.items() if key != name}) == ""


FLAWS = [
    ({"v": 2}, "version"), ({"v": True}, "version"), ({"v": None}, "version"),
    ({"verdict": "yes"}, "unknown-field"), ({"score": 3}, "unknown-field"),
    ({"danger": "later"}, "wrong-code"), ({"danger": ""}, "wrong-code"),
    ({"danger": 1}, "wrong-type"), ({"age": "17"}, "wrong-code"), ({"outcome": ""}, "wrong-code"),
    ({"profile": "spy"}, "wrong-code"), ({"setting": ""}, "wrong-code"),
    ({"band": "victim"}, "wrong-code"), ({"consent": ""}, "wrong-code"),
    ({"seen": []}, "wrong-type"), ({"seen": {"a": "maybe"}}, "wrong-code"),
    ({"seen": {"a": True}}, "wrong-code"), ({"seen": {"a b": "yes"}}, "wrong-code"),
    ({"seen": {f"s{n}": "no" for n in range(121)}}, "too-long"),
    ({"needs": "health"}, "wrong-type"), ({"needs": [1]}, "wrong-type"),
    ({"needs": ["<b>"]}, "wrong-code"), ({"needs": ["health"] * 61}, "too-long"),
    ({"language": "Arabic!"}, "wrong-code"), ({"language": 1}, "wrong-type"),
    ({"area": "x" * 41}, "wrong-code"), ({"area": None}, "wrong-type"),
    ({"note": "x" * 501}, "too-long"), ({"note": None}, "wrong-type"),
    ({"note": "<script>alert(1)</script>"}, "markup"), ({"note": "a </p> b"}, "markup"),
    ({"note": "a <!-- b"}, "markup"), ({"note": "&#x3c;b"}, "markup"),
    ({"note": "&lt;b"}, "markup"),
    ({"note": "a\x00b"}, "control-signs"), ({"note": "\u202eabc"}, "control-signs"),
    ({"note": "\ud800"}, "control-signs"),
    ({"facts": []}, "wrong-type"), ({"facts": {"verdict": ["yes"]}}, "wrong-code"),
    ({"judgement_reason": ""}, "judgement-reason"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "flaw"), FLAWS, ids=lambda each: str(each)[:40])
def test_each_flaw_has_its_code(changes: dict[str, Any], flaw: str) -> None:
    assert check_content(WHOLE | changes) == flaw


@pytest.mark.parametrize("other", [None, [], "text", 1])
def test_what_is_no_mapping_is_unreadable(other: Any) -> None:
    assert check_content(other) == check_identity(other) == "unreadable"


@pytest.mark.parametrize(
    "note",
    ["I saw 3 < 5 people & a car", "<3", "خرج الناس من المكان", "two\nlines\tand a tab", "x" * 500],
)
def test_plain_speech_is_no_markup(note: str) -> None:
    assert check_content(WHOLE | {"note": note}) == ""


@pytest.mark.parametrize("band", ["", *content.BANDS])
@pytest.mark.parametrize("judgement", ["", *content.BANDS])
@pytest.mark.parametrize("reason", ["", "explained"])
def test_only_a_judgement_below_what_was_shown_asks_for_a_reason(
    band: str, judgement: str, reason: str
) -> None:
    order = ["none", "unclear", "concern"]
    lower = bool(band and judgement) and order.index(judgement) < order.index(band)
    assert content.is_lower(judgement, band) is lower
    if band:
        flaw = check_content(
            WHOLE | {"band": band, "judgement": judgement, "judgement_reason": reason}
        )
        assert flaw == ("judgement-reason" if lower and not reason else "")


@pytest.mark.parametrize(
    ("identity", "flaw"),
    [
        ({"v": 1}, ""),
        ({"v": 1, "name": "Invented Person", "phone": "+000", "note": "x"}, ""),
        ({"v": 2}, "version"),
        ({"v": 1, "name": "x" * 201}, "too-long"),
        ({"v": 1, "phone": "0" * 61}, "too-long"),
        ({"v": 1, "note": "x" * 501}, "too-long"),
        ({"v": 1, "name": "<b>x"}, "markup"),
        ({"v": 1, "name": ["x"]}, "wrong-type"),
        ({"v": 1, "born": "2000"}, "unknown-field"),
    ],
)
def test_an_identity_holds_a_name_a_number_and_a_note(identity: Any, flaw: str) -> None:
    assert check_identity(identity) == flaw


@given(note=st.text(max_size=500))
def test_lengths_tell_only_blocks_and_the_content_comes_back(note: str) -> None:
    try:
        plain = content.padded(WHOLE | {"note": note})
    except UnicodeEncodeError:  # half a pair of signs: JavaScript cannot make bytes of it either
        return
    assert len(plain) % 1_024 == 0
    assert content.read_padded(plain) == WHOLE | {"note": note}


@pytest.mark.parametrize("plain", [b"", b"no json", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_unreadable(plain: bytes) -> None:
    with pytest.raises(ContentFlaw) as flaw:
        content.read_padded(plain)
    assert flaw.value.code == "unreadable"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


@given(name=st.sampled_from(sorted(WHOLE)), value=json_values)
def test_no_value_of_any_field_is_more_than_a_flaw(name: str, value: Any) -> None:
    flaw = check_content(WHOLE | {name: value})
    assert flaw == "" or flaw in {
        "version", "wrong-type", "wrong-code", "too-long", "markup", "control-signs",
        "judgement-reason",
    }  # fmt: skip
    json.dumps(flaw)
