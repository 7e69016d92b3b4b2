"""Questions from rows of a spreadsheet: every type, translations, and each fault at its cell."""

from typing import Any

import pytest

from cairn.training.testing.questions import read
from cairn.training.testing.rows import COLUMNS, as_rows, assembled
from cairn.training.tests.testing_examples import EVERY

SINGLE = {
    "code": "Q-1",
    "type": "single",
    "language": "en",
    "objective": "identify.signs",
    "stem": "Invented: which sign?",
    "a": "A green hat",
    "b": "A held passport",
    "key": "b",
    "max_mark": "1,5",
}
FRENCH = {
    "code": "Q-1",
    "language": "fr",
    "stem": "Inventé : quel signe ?",
    "a": "Un chapeau vert",
    "b": "Un passeport retenu",
}
OTHERS = [
    {**SINGLE, "code": "Q-2", "type": "multiple", "c": "A song", "key": "a, c", "max_mark": ""},
    {**SINGLE, "code": "Q-3", "type": "ordering", "c": "A song", "key": "c > a > b"},
    {"code": "Q-4", "type": "true-false", "language": "en", "stem": "Invented.", "key": "TRUE"},
    {
        **SINGLE,
        "code": "Q-5",
        "type": "matching",
        "prompt_1": "Nurse",
        "prompt_2": "Guard",
        "key": "1b 2a",
    },
    {
        "code": "Q-6",
        "type": "short",
        "language": "en",
        "stem": "Invented?",
        "rubric": "2: names two signs | 1.5: says whom to tell",
    },
    {"code": "Q-7", "type": "case", "language": "en", "stem": "An invented bus stops."},
    {**SINGLE, "code": "Q-7", "item": "i1"},
    {
        "code": "Q-7",
        "item": "i2",
        "type": "short",
        "language": "en",
        "stem": "Invented?",
        "rubric": "1: says why",
    },
]


def numbered(*rows: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(rows, start=2))


def test_rows_of_every_type_become_questions() -> None:
    outcome = assembled(numbered(SINGLE, FRENCH, *OTHERS))
    assert outcome.faults == ()
    by_code = {each.code: each for each in outcome.questions}
    assert list(by_code) == [f"Q-{number}" for number in range(1, 8)]
    first = by_code["Q-1"]
    assert (first.objective, first.numbers) == ("identify.signs", (2, 3))
    assert first.question.languages == ("en", "fr")
    assert first.question.items[0].key == ("b",)
    assert str(first.question.max_mark) == "1.5"
    assert by_code["Q-2"].question.items[0].key == ("a", "c")
    assert by_code["Q-2"].question.max_mark == 1
    assert by_code["Q-3"].question.items[0].key == ("c", "a", "b")
    assert by_code["Q-4"].question.items[0].key == ("true",)
    assert by_code["Q-5"].question.items[0].key == ("b", "a")
    assert str(by_code["Q-6"].question.max_mark) == "3.5"
    assert by_code["Q-6"].question.texts["en"].items[""].rubric["r2"] == "says whom to tell"
    case = by_code["Q-7"].question
    assert [item.code for item in case.items] == ["i1", "i2"]
    assert case.texts["en"].story == "An invented bus stops."
    assert str(case.max_mark) == "2.5"


def test_a_rubric_is_translated_without_repeating_its_marks() -> None:
    french = {"code": "Q-6", "language": "fr", "stem": "?", "rubric": "deux signes | à qui parler"}
    outcome = assembled(numbered(OTHERS[4], french))
    assert outcome.faults == ()
    assert outcome.questions[0].question.texts["fr"].items[""].rubric == {
        "r1": "deux signes",
        "r2": "à qui parler",
    }


def test_a_case_is_translated_row_by_row() -> None:
    french = [
        {"code": "Q-7", "language": "fr", "stem": "Un autocar inventé s’arrête."},
        {**FRENCH, "code": "Q-7", "item": "i1"},
        {"code": "Q-7", "item": "i2", "language": "fr", "stem": "?", "rubric": "dit pourquoi"},
    ]
    outcome = assembled(numbered(*OTHERS[5:], *french))
    assert outcome.faults == ()
    assert outcome.questions[0].question.languages == ("en", "fr")


FAULTS: list[tuple[list[dict[str, Any]], int, str, str]] = [
    ([{**SINGLE, "code": ""}], 2, "code", "question.empty"),
    ([{**SINGLE, "stem": " "}], 2, "stem", "question.empty"),
    ([{**SINGLE, "language": ""}], 2, "language", "question.empty"),
    ([{**SINGLE, "code": "no blanks"}], 2, "code", "question.reference"),
    ([{**SINGLE, "item": "I 1"}], 2, "item", "question.codes"),
    ([{**SINGLE, "type": "riddle"}], 2, "type", "question.type"),
    ([{**SINGLE, "type": ""}], 2, "type", "question.type"),
    ([{**SINGLE, "key": "z"}], 2, "key", "question.key"),
    ([{**SINGLE, "key": "a b"}], 2, "key", "question.key"),
    ([{**SINGLE, "max_mark": "lots"}], 2, "max_mark", "question.mark"),
    ([{**SINGLE, "b": ""}], 2, "a", "question.options"),
    ([{**SINGLE, "b": "a GREEN hat"}], 2, "a", "question.same"),
    ([{**SINGLE, "language": "english"}], 2, "language", "question.language"),
    ([SINGLE, SINGLE], 3, "language", "question.twice"),
    ([SINGLE, {**FRENCH, "b": ""}], 3, "b", "question.empty"),
    ([SINGLE, {**FRENCH, "key": "a"}], 3, "key", "question.translation"),
    ([SINGLE, {**FRENCH, "max_mark": "9"}], 3, "max_mark", "question.translation"),
    ([SINGLE, {**SINGLE, "item": "i1"}], 3, "item", "question.case"),
    ([{**SINGLE, "item": "i1"}], 2, "item", "question.case"),
    ([{**OTHERS[4], "rubric": ""}], 2, "rubric", "question.rubric"),
    ([{**OTHERS[4], "rubric": "two signs"}], 2, "rubric", "question.rubric"),
    ([OTHERS[5]], 2, "item", "question.items"),
    ([*OTHERS[5:7], {**OTHERS[7], "rubric": "0: nothing"}], 4, "rubric", "question.rubric"),
    (
        [*OTHERS[5:], {"code": "Q-7", "language": "fr", "stem": "Un autocar."}],
        5,
        "",
        "question.empty",
    ),
]


@pytest.mark.parametrize(("rows", "number", "column", "code"), FAULTS)
def test_each_fault_names_its_row_and_cell_and_the_rest_goes_on(
    rows: list[dict[str, str]], number: int, column: str, code: str
) -> None:
    outcome = assembled([*numbered(*rows), (99, {**SINGLE, "code": "Q-99"})])
    assert (number, column, code) in {
        (fault.number, fault.column, fault.code) for fault in outcome.faults
    }
    assert all(fault.reason and fault.remedy for fault in outcome.faults)
    assert all(fault.column in {"", *COLUMNS} for fault in outcome.faults)
    assert [each.code for each in outcome.questions] == ["Q-99"]


@pytest.mark.parametrize("kind", EVERY)
def test_a_question_written_as_rows_reads_back_the_same(kind: str) -> None:
    question = read(EVERY[kind])
    rows = as_rows("Q-1", "identify.signs", question)
    outcome = assembled(numbered(*rows))
    assert outcome.faults == ()
    assert outcome.questions[0].question == question
    assert outcome.questions[0].objective == "identify.signs"


def test_codes_of_options_that_are_no_letters_become_letters() -> None:
    content = {
        "type": "single",
        "source_language": "en",
        "max_mark": "1",
        "options": ["red", "blue"],
        "key": ["blue"],
        "texts": {"en": {"stem": "Invented?", "options": {"red": "Red one", "blue": "Blue one"}}},
    }
    rows = as_rows("Q-1", "", read(content))
    assert (rows[0]["a"], rows[0]["b"], rows[0]["key"]) == ("Red one", "Blue one", "b")
