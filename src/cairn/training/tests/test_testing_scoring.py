"""Answers and their marks: every type, every part of a mark, never above the maximum."""

from decimal import Decimal
from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.training.testing import answers, scoring
from cairn.training.testing.questions import Item, read
from cairn.training.tests.testing_examples import EVERY

D = Decimal


def item_of(kind: str) -> Item:
    return read(EVERY[kind]).items[0]


@pytest.mark.parametrize(
    ("kind", "answer", "mark"),
    [
        ("single", "b", "2"),
        ("single", "a", "0"),
        ("single", None, "0"),
        ("true-false", "false", "1"),
        ("true-false", "true", "0"),
        ("multiple", ["a", "c", "d"], "3"),
        ("multiple", ["a"], "1"),
        ("multiple", ["a", "c"], "2"),
        # two of three right, one of two wrong: 2/3 - 1/2 of 3 marks
        ("multiple", ["a", "b", "c"], "0.50"),
        ("multiple", ["a", "b"], "0"),
        ("multiple", ["b", "e"], "0"),
        ("multiple", ["a", "b", "c", "d", "e"], "0"),
        ("ordering", ["c", "a", "d", "b"], "3"),
        # the last moved to the front: both other neighbours kept
        ("ordering", ["b", "c", "a", "d"], "2"),
        ("ordering", ["d", "b", "c", "a"], "2"),
        ("ordering", ["b", "d", "a", "c"], "0"),
        ("matching", {"p1": "d", "p2": "a", "p3": "b"}, "3"),
        ("matching", {"p1": "d", "p3": "b"}, "2"),
        ("matching", {"p1": "d", "p2": "b", "p3": "a"}, "1"),
        ("matching", {"p1": "a", "p2": "b", "p3": "c"}, "0"),
        ("short", None, "0"),
    ],
)
def test_marks_by_key(kind: str, answer: Any, mark: str) -> None:
    item = item_of(kind)
    assert scoring.score(item, answers.checked(item, answer)) == D(mark)


def test_a_short_answer_waits_for_a_person() -> None:
    assert scoring.score(item_of("short"), "Invented answer") is None


def every_answer(item: Item) -> list[Any]:
    if item.prompts:
        return [
            {prompt: option for prompt, option in zip(item.prompts, chosen, strict=True) if option}
            for chosen in product(("", *item.options), repeat=len(item.prompts))
        ]
    if item.type == "ordering":
        return [list(order) for order in permutations(item.options)]
    if item.type == "multiple":
        sizes = range(len(item.options) + 1)
        return [list(chosen) for size in sizes for chosen in combinations(item.options, size)]
    return list(item.options)


@pytest.mark.parametrize("kind", ["single", "multiple", "true-false", "ordering", "matching"])
def test_only_the_right_answer_gets_all_and_no_answer_gets_more(kind: str) -> None:
    item = item_of(kind)
    marks = {}
    for answer in every_answer(item):
        mark = scoring.score(item, answers.checked(item, answer))
        assert mark is not None
        assert 0 <= mark <= item.max_mark
        marks[answers.as_typed(item, answer)] = mark
    full = [typed for typed, mark in marks.items() if mark == item.max_mark]
    right = dict(zip(item.prompts, item.key, strict=True)) if item.prompts else list(item.key)
    whole = right if kind in {"multiple", "ordering", "matching"} else item.key[0]
    assert full == [answers.as_typed(item, answers.checked(item, whole))]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("single", "z", "answer.choice"),
        ("single", 4, "answer.choice"),
        ("single", ["b"], "answer.choice"),
        ("multiple", "a", "answer.shape"),
        ("multiple", ["a", "z"], "answer.choice"),
        ("true-false", "perhaps", "answer.choice"),
        ("ordering", ["a", "b", "c"], "answer.places"),
        ("ordering", ["a", "a", "b", "c"], "answer.twice"),
        ("ordering", {"a": 1}, "answer.shape"),
        ("matching", {"p9": "a"}, "answer.choice"),
        ("matching", {"p1": "z"}, "answer.choice"),
        ("matching", ["a"], "answer.shape"),
        ("short", 4, "answer.shape"),
        ("short", "w" * 4_001, "answer.long"),
    ],
)
def test_what_is_no_answer_is_refused(kind: str, value: Any, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        answers.checked(item_of(kind), value)
    assert refusal.value.code == code
    assert refusal.value.remedy


@pytest.mark.parametrize("kind", ["single", "multiple", "ordering", "matching", "short"])
@pytest.mark.parametrize("blank", [None, "", [], {}])
def test_blank_is_not_answered(kind: str, blank: Any) -> None:
    assert answers.checked(item_of(kind), blank) is None


def test_choices_are_kept_in_the_order_of_the_options_and_once() -> None:
    assert answers.checked(item_of("multiple"), ["d", "a", "d"]) == ["a", "d"]


def test_text_is_stored_without_what_no_database_keeps() -> None:
    assert answers.checked(item_of("short"), "  keep \x00me ") == "keep me"
    assert answers.checked(item_of("short"), " \n ") is None


@pytest.mark.parametrize(
    ("kind", "form", "answer"),
    [
        ("single", {"q": ["b"]}, "b"),
        ("single", {}, None),
        ("multiple", {"q": ["d", "a"]}, ["a", "d"]),
        ("multiple", {"q": [""]}, None),
        ("ordering", {"q-a": ["2"], "q-b": ["4"], "q-c": ["1"], "q-d": ["3"]}, list("cadb")),
        ("ordering", {"q-a": [""], "q-b": [""]}, None),
        ("matching", {"q-p1": ["d"], "q-p2": [""], "q-p3": ["b"]}, {"p1": "d", "p3": "b"}),
        ("matching", {}, None),
        ("short", {"q": [" words "]}, "words"),
        ("true-false", {"q": ["true"]}, "true"),
    ],
)
def test_answers_are_read_from_forms(kind: str, form: dict[str, list[str]], answer: Any) -> None:
    assert answers.from_form(item_of(kind), "q", lambda name: form.get(name, [])) == answer


@pytest.mark.parametrize(
    "places", [{"a": "1", "b": "1", "c": "2", "d": "3"}, {"a": "1"}, {"a": "x", "b": "2"}]
)
def test_an_order_with_gaps_is_refused(places: dict[str, str]) -> None:
    form = {f"q-{code}": [place] for code, place in places.items()}
    with pytest.raises(RuleBroken) as refusal:
        answers.from_form(item_of("ordering"), "q", lambda name: form.get(name, []))
    assert refusal.value.code == "answer.places"


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("single", "b", "b"),
        ("single", " - ", None),
        ("multiple", "a,C d", ["a", "c", "d"]),
        ("multiple", "acd", ["a", "c", "d"]),
        ("true-false", "t", "true"),
        ("true-false", "False", "false"),
        ("ordering", "cadb", list("cadb")),
        ("matching", "1d 2a 3b", {"p1": "d", "p2": "a", "p3": "b"}),
        ("matching", "DAB", {"p1": "d", "p2": "a", "p3": "b"}),
        ("matching", "3b", {"p3": "b"}),
        ("short", "Two Words", "Two Words"),
    ],
)
def test_answers_are_keyed_in_from_paper(kind: str, typed: str, answer: Any) -> None:
    assert answers.from_sheet(item_of(kind), typed) == answer


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("single", "ab", "answer.shape"),
        ("single", "e", "answer.choice"),
        ("single", "1", "answer.choice"),
        ("multiple", "a7", "answer.choice"),
        ("multiple", "?", "answer.shape"),
        ("true-false", "x", "answer.choice"),
        ("ordering", "ab", "answer.places"),
        ("matching", "1a 2", "answer.shape"),
        ("matching", "9a", "answer.choice"),
        ("matching", "1a 1b", "answer.twice"),
    ],
)
def test_what_the_sheet_cannot_say_is_refused(kind: str, typed: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        answers.from_sheet(item_of(kind), typed)
    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["single", "multiple", "true-false", "ordering", "matching"])
def test_letters_of_the_sheet_read_back_as_the_same_answer(kind: str) -> None:
    item = item_of(kind)
    for answer in every_answer(item):
        kept = answers.checked(item, answer)
        assert answers.from_sheet(item, answers.as_typed(item, kept)) == kept


def test_a_rubric_adds_up_line_by_line() -> None:
    item = item_of("short")
    assert scoring.rubric_mark(item, {"r1": "1.5", "r2": "1"}) == D("2.5")
    assert scoring.rubric_mark(item, {"r1": "1,5"}) == D("1.5")
    assert scoring.rubric_mark(item, {}) == 0


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ({"r1": "2.01"}, "mark.maximum"),
        ({"r2": 2}, "mark.maximum"),
        ({"r1": "-1"}, "mark.number"),
        ({"r1": "NaN"}, "mark.number"),
        ({"r1": "many"}, "mark.number"),
        ({"r1": True}, "mark.number"),
        ({"r1": "0.005"}, "mark.number"),
        ({"r9": "1"}, "mark.line"),
    ],
)
def test_marks_that_cannot_be_are_refused(marks: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        scoring.rubric_mark(item_of("short"), marks)
    assert refusal.value.code == code
    assert refusal.value.remedy


@pytest.mark.parametrize(
    ("marks", "mark", "difference"),
    [
        ([], None, "0"),
        (["2"], "2", "0"),
        (["2", "2.5"], "2.25", "0.5"),
        (["2.25", "3"], "2.63", "0.75"),
        (["1", "3"], None, "2"),
        (["1", "3", "2.5"], "2.75", "2"),
        (["0", "1", "2"], "1.5", "2"),
        (["3", "0", "0.5"], "0.25", "3"),
    ],
)
def test_markers_agree_or_a_third_looks(
    marks: list[str], mark: str | None, difference: str
) -> None:
    agreed = scoring.agreed(item_of("short"), [D(each) for each in marks])
    assert agreed.mark == (None if mark is None else D(mark))
    assert agreed.difference == D(difference)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=3))
def test_what_markers_come_to_lies_between_their_marks(cents: list[int]) -> None:
    marks = [D(each) / 100 for each in cents]
    agreed = scoring.agreed(item_of("short"), marks)
    if agreed.mark is not None:
        assert min(marks) <= agreed.mark <= max(marks)


def test_a_test_adds_up_and_waits_while_somebody_has_to_mark() -> None:
    single, short = item_of("single"), item_of("short")
    waiting = scoring.total([(single, "b", D(2)), (short, "words", None)])
    assert (waiting.mark, waiting.percent, waiting.waiting, waiting.answered) == (None, None, 1, 2)
    done = scoring.total([(single, "b", D(2)), (short, "words", D("1.5"))])
    assert (done.mark, done.highest, done.percent) == (D("3.5"), D(5), D("70.0"))
    assert scoring.total([]).percent is None


def test_a_score_above_the_maximum_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        scoring.total([(item_of("single"), "b", D("2.01"))])
    assert refusal.value.code == "mark.maximum"
    assert "2.01" in refusal.value.message


@pytest.mark.parametrize(
    ("mark", "cut", "passed"),
    [("7", "7", True), ("6.99", "7", False), (None, "7", None), ("7", None, None)],
)
def test_passing_reaches_the_cut_score(
    mark: str | None, cut: str | None, passed: bool | None
) -> None:
    as_number = [None if each is None else D(each) for each in (mark, cut)]
    assert scoring.is_passed(*as_number) is passed


def test_marks_are_written_without_needless_zeros() -> None:
    assert [scoring.plain(D(each)) for each in ("1.00", "2.50", "10", "0")] == [
        "1",
        "2.5",
        "10",
        "0",
    ]
