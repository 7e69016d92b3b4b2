"""Questions as values: what is accepted, what is refused, and in which words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.training.testing.checking import problems
from cairn.training.testing.kinds import ContentRefused, QuestionType, direction
from cairn.training.testing.questions import Question, as_json, read
from cairn.training.testing.translations import missing_languages, told
from cairn.training.tests.testing_examples import EVERY, SINGLE, example

Change = Callable[[dict[str, Any]], Any]


def test_there_is_an_example_of_every_type() -> None:
    assert set(EVERY) == set(QuestionType.values)


@pytest.mark.parametrize("kind", EVERY)
def test_a_sound_question_reads_and_comes_back_the_same(kind: str) -> None:
    question = read(EVERY[kind])
    assert problems(EVERY[kind]) == ()
    assert read(as_json(question)) == question
    assert question.languages[0] == "en"


def test_a_case_is_worth_all_its_items() -> None:
    question = read(EVERY["case"])
    assert question.max_mark == Decimal(6)
    assert question.item("i2").type == QuestionType.SHORT
    with pytest.raises(KeyError):
        question.item("i9")


FAULTS: list[tuple[str, Change, str, str]] = [
    ("single", lambda q: q.update(type="riddle"), "type", "question.type"),
    ("single", lambda q: q.update(type=["single"]), "type", "question.type"),
    ("single", lambda q: q.update(max_mark="0"), "max_mark", "question.mark"),
    ("single", lambda q: q.update(max_mark="-1"), "max_mark", "question.mark"),
    ("single", lambda q: q.update(max_mark="1.005"), "max_mark", "question.mark"),
    ("single", lambda q: q.update(max_mark="101"), "max_mark", "question.mark"),
    ("single", lambda q: q.update(max_mark=True), "max_mark", "question.mark"),
    ("single", lambda q: q.pop("max_mark"), "max_mark", "question.mark"),
    ("single", lambda q: q.update(options=["a"]), "options", "question.options"),
    ("single", lambda q: q.update(options="abc"), "options", "question.options"),
    ("single", lambda q: q.update(options=list("abcdefghijk")), "options", "question.options"),
    ("single", lambda q: q.update(options=["a", "b", "b"]), "options", "question.codes"),
    ("single", lambda q: q.update(options=["a", "b", {}]), "options", "question.codes"),
    ("single", lambda q: q.update(key=["a", "b"]), "key", "question.key"),
    ("single", lambda q: q.update(key=[]), "key", "question.key"),
    ("single", lambda q: q.update(key=["z"]), "key", "question.key"),
    ("single", lambda q: q.update(key="b"), "key", "question.key"),
    ("multiple", lambda q: q.update(key=[]), "key", "question.key"),
    ("multiple", lambda q: q.update(key=list("abcde")), "key", "question.key"),
    ("multiple", lambda q: q.update(key=["a", "a"]), "key", "question.key"),
    ("true-false", lambda q: q.update(key=["perhaps"]), "key", "question.key"),
    ("true-false", lambda q: q.update(key=["true", "false"]), "key", "question.key"),
    ("ordering", lambda q: q.update(key=["a", "b", "c"]), "key", "question.key"),
    ("ordering", lambda q: q.update(key=list("abcd")), "key", "question.key"),
    ("matching", lambda q: q.update(prompts=["p1"]), "prompts", "question.prompts"),
    ("matching", lambda q: q["key"].pop("p2"), "key", "question.key"),
    ("matching", lambda q: q["key"].update(p2="z"), "key", "question.key"),
    ("matching", lambda q: q.update(key=["a"]), "key", "question.key"),
    ("short", lambda q: q.update(rubric=[]), "rubric", "question.rubric"),
    ("short", lambda q: q.update(max_mark="4"), "rubric", "question.rubric"),
    ("short", lambda q: q["rubric"][0].update(marks="0"), "rubric", "question.rubric"),
    ("short", lambda q: q["rubric"][1].update(code="r1"), "rubric", "question.codes"),
    ("case", lambda q: q.update(items=[]), "items", "question.items"),
    ("case", lambda q: q["items"][0].update(type="case"), "items.i1.type", "question.type"),
    ("case", lambda q: q["items"][0].update(code="i2"), "items", "question.codes"),
    ("case", lambda q: q["items"][0].update(key=["z"]), "items.i1.key", "question.key"),
    ("case", lambda q: q["texts"]["en"].pop("stem"), "texts.en.stem", "question.empty"),
    (
        "case",
        lambda q: q["texts"]["en"]["items"].pop("i3"),
        "texts.en.items.i3",
        "question.empty",
    ),
    (
        "case",
        lambda q: q["texts"]["en"]["items"]["i1"]["options"].pop("a"),
        "texts.en.items.i1.options.a",
        "question.empty",
    ),
    ("single", lambda q: q.update(texts={}), "texts", "question.texts"),
    ("single", lambda q: q.update(source_language="ar"), "source_language", "question.language"),
    (
        "single",
        lambda q: q["texts"].update({"Klingon!": {"stem": "?"}}),
        "texts.Klingon!",
        "question.language",
    ),
    ("single", lambda q: q["texts"].update(ar="text"), "texts.ar", "question.empty"),
    (
        "single",
        lambda q: q["texts"]["fr"].update(stem="   "),
        "texts.fr.stem",
        "question.empty",
    ),
    (
        "single",
        lambda q: q["texts"]["fr"]["options"].pop("c"),
        "texts.fr.options.c",
        "question.empty",
    ),
    (
        "single",
        lambda q: q["texts"]["fr"]["options"].update(c="un CHAPEAU vert "),
        "texts.fr.options",
        "question.same",
    ),
    (
        "single",
        lambda q: q["texts"]["en"].update(stem="w" * 4_001),
        "texts.en.stem",
        "question.long",
    ),
    (
        "matching",
        lambda q: q["texts"]["en"]["prompts"].pop("p3"),
        "texts.en.prompts.p3",
        "question.empty",
    ),
    (
        "short",
        lambda q: q["texts"]["en"]["rubric"].pop("r2"),
        "texts.en.rubric.r2",
        "question.empty",
    ),
]


@pytest.mark.parametrize(("kind", "change", "field", "code"), FAULTS)
def test_each_fault_names_field_reason_and_remedy(
    kind: str, change: Change, field: str, code: str
) -> None:
    content = example(kind)
    change(content)
    found = problems(content)
    assert (field, code) in {(each.field, each.code) for each in found}
    assert all(each.reason and each.remedy for each in found)
    with pytest.raises(ContentRefused) as refusal:
        read(content)
    assert refusal.value.problems == found
    assert refusal.value.code == found[0].code


def test_all_faults_are_told_at_once() -> None:
    content = example("single", max_mark="none", key=["z"])
    content["texts"]["fr"]["stem"] = ""
    assert [each.field for each in problems(content)] == ["max_mark", "key", "texts.fr.stem"]


@pytest.mark.parametrize("content", [None, [], "question", 4, {}, {"type": "case"}])
def test_what_is_no_question_is_refused_and_never_fails(content: Any) -> None:
    assert problems(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    kind=st.sampled_from(sorted(EVERY)),
    name=st.sampled_from(["key", "options", "prompts", "rubric", "items", "texts", "max_mark"]),
    value=JSON,
)
def test_any_value_in_any_field_is_read_or_refused(kind: str, name: str, value: Any) -> None:
    content = example(kind, **{name: value})
    if problems(content):
        with pytest.raises(ContentRefused):
            read(content)
    else:
        assert isinstance(read(content), Question)


def test_what_does_not_belong_to_a_question_is_dropped() -> None:
    content = example("single", secret="left over")
    content["texts"]["en"]["options"]["z"] = "An answer that is not offered"
    stored = as_json(read(content))
    assert "secret" not in stored
    assert set(stored["texts"]["en"]["options"]) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("wanted", "others", "language", "has_fallen_back"),
    [
        ("fr", (), "fr", False),
        ("fr-ca", (), "fr", False),
        ("ar", (), "en", True),
        ("ar", ("fr",), "fr", True),
        ("ar", ("sw", "fr-ca"), "fr", True),
    ],
)
def test_a_missing_translation_falls_back_and_says_to_which_language(
    wanted: str, others: tuple[str, ...], language: str, has_fallen_back: bool
) -> None:
    shown = told(read(SINGLE), wanted, others)
    assert (shown.language, shown.has_fallen_back) == (language, has_fallen_back)
    assert shown.texts is not None
    assert bool(shown.sentence("Language of the fallback")) is has_fallen_back
    if has_fallen_back:
        assert "Language of the fallback" in shown.sentence("Language of the fallback")


def test_languages_still_missing_are_listed() -> None:
    assert missing_languages(read(SINGLE), ["en", "fr", "ar"]) == ["ar"]


@pytest.mark.parametrize(("language", "expected"), [("ar", "rtl"), ("fa-af", "rtl"), ("fr", "ltr")])
def test_direction_follows_the_language(language: str, expected: str) -> None:
    assert direction(language) == expected
