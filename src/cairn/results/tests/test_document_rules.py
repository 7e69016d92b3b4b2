"""Fields, refused figures, contradictions, marks: rules without a database."""

import pytest

from cairn.core.errors import RuleBroken
from cairn.results.documents.composing import changes, marked
from cairn.results.rules import document_parts as parts
from cairn.results.rules import documents as rules
from cairn.results.rules.documents import MOVES, IssueState
from cairn.results.rules.fields import Field, check_narrative, conflicting, parsed, typed_figures
from cairn.results.tests.document_bodies import body_of_each


@pytest.mark.parametrize(
    "words",
    [
        "From 2019 to 2020, and in 2021-2023.",
        "On 3 March 2024, on February 12, 2025 and on 2024-02-29.",
        "20 and 21 September 2017",
        "20–21 September 2017",
        "le 3 mars 2024, en février 2025",
        "في 3 مارس 2024",
        "no number at all",
        "",
    ],
)
def test_years_and_dates_may_be_typed(words: str) -> None:
    assert check_narrative(words) == (() if not words else (words,))


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("140 officers", ["140"]),
        ("in 2019 12 cases", ["12"]),
        ("US$ 913,351 for P49", ["913,351", "P49"]),
        ("40% of them", ["40%"]),
        ("١٤٠ ضابطا", ["١٤٠"]),
        ("2101 people and 1899 more", ["2101", "1899"]),
        ("2024.5 of them", ["2024.5"]),
        ("12 cases in 2024", ["12"]),
        ("1,2024 of them", ["1,2024"]),
        ("½ of them, Ⅻ of ②", ["½", "Ⅻ", "②"]),
    ],
)
def test_figures_may_not_be_typed(words: str, typed: list[str]) -> None:
    assert list(typed_figures(words)) == typed
    with pytest.raises(RuleBroken) as refused:
        check_narrative(words)
    assert refused.value.code == "document.figure"
    assert all(each in refused.value.message for each in typed)


def test_fields_stand_in_their_places_and_have_one_spelling() -> None:
    text = (
        "[[event:E05 participants]] officers, [[outcome:O03]] cases, [[cite:S/RES/2331 (2016)]], "
        "[[tool:Affected for Life languages]], "
        "[[figure:a.b until=2020-12-31 since=2019-01-01 country=MLI part=women]]"
    )

    fields = [part for part in check_narrative(text) if isinstance(part, Field)]

    assert [field.code for field in fields] == [
        "event:E05 participants",
        "outcome:O03 value",
        "cite:S/RES/2331 (2016)",
        "tool:Affected for Life languages",
        "figure:a.b country=MLI part=women since=2019-01-01 until=2020-12-31",
    ]


@pytest.mark.parametrize(
    "symbol",
    ["S/RES/2331 (2016)", "A/RES/55/25", "CTOC/COP/2022/9", "resolution 55/25", "article 9(2)"],
)
def test_symbols_are_cited(symbol: str) -> None:
    assert parsed(f"[[cite:{symbol}]]") == (Field("cite", symbol),)


@pytest.mark.parametrize(
    "text",
    [
        "[[event:E05]]",
        "[[event:E05 shoes]]",
        "[[money:P49]]",
        "[[figure:a.b]]",
        "[[figure:a.b since=2020 until=2021]]",
        "[[figure:a.b since=2020-01-01 until=2020-12-31 colour=red]]",
        "[[cite:]]",
        "[[cite:47 officers were trained]]",
        "[[cite:S/RES/2331 and 47 more]]",
        "[[event:E05\nparticipants]]",
        "[[event:E05 participants",
        "event:E05 participants]]",
        "[[]]",
    ],
)
def test_what_is_no_field_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parsed(text)

    assert refused.value.code == "document.field"
    assert refused.value.remedy


def test_a_period_that_ends_before_it_starts_is_refused_where_it_is_written() -> None:
    with pytest.raises(RuleBroken):
        parsed("[[figure:a.b since=2021-01-01 until=2020-12-31]]")


def test_a_source_that_says_two_things_is_noticed() -> None:
    assert conflicting("raid; the source says 'in 2023' and 'January 2024' for the result") == (
        "in 2023",
        "January 2024",
    )
    assert conflicting("'no more than 35'") == ()
    assert conflicting("") == ()


@pytest.mark.parametrize("now", IssueState)
@pytest.mark.parametrize("to", IssueState)
def test_only_listed_moves_are_allowed(now: IssueState, to: IssueState) -> None:
    if to in MOVES[now]:
        rules.check_move(now, to)
        return
    with pytest.raises(RuleBroken):
        rules.check_move(now, to)


def test_nothing_comes_out_without_an_approval() -> None:
    assert [now for now in IssueState if IssueState.PUBLISHED in MOVES[now]] == [
        IssueState.APPROVED
    ]
    assert [now for now in IssueState if IssueState.APPROVED in MOVES[now]] == [
        IssueState.IN_REVIEW
    ]


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("January and February 2024", (2024, 2024)),
        ("2024-2026", (2024, 2026)),
        ("since 2008", (2008, 2026)),
        ("", None),
    ],
)
def test_a_period_in_words_has_years(words: str, years: tuple[int, int] | None) -> None:
    from datetime import date

    assert parts.years_in(words, today=date(2026, 1, 1)) == years


@pytest.mark.parametrize(
    ("theme", "words", "is_about"),
    [
        ("smuggling", "trafficking in persons", False),
        ("smuggling", "trafficking in persons and smuggling of migrants", True),
        ("smuggling", "criminal procedure", True),
        ("", "anything", True),
        ("research", "awareness of victims", False),
    ],
)
def test_words_tell_the_theme(theme: str, words: str, is_about: bool) -> None:
    assert parts.is_about(theme, words) is is_about


def figure(value: int, version: int = 1) -> dict[str, object]:
    code = "event:E77 participants"
    return {
        "field": code,
        "value": value,
        "text": str(value),
        "version": version,
        "definition": "Invented",
    }


def test_changes_name_what_is_new_what_differs_and_what_is_gone() -> None:
    other = figure(7) | {"field": "event:E78 participants"}

    found = changes([figure(18), other], [figure(21), figure(1) | {"field": "event:E79 women"}])

    assert [(each.field, each.before, each.now) for each in found] == [
        ("event:E77 participants", "18", "21"),
        ("event:E79 women", "", "1"),
        ("event:E78 participants", "7", ""),
    ]
    assert changes([figure(18)], [figure(18)]) == []
    # The same number counted in another way is another figure.
    assert len(changes([figure(18)], [figure(18, version=2)])) == 1


def test_a_mark_stands_at_the_figure_that_changed_and_at_no_other() -> None:
    from dataclasses import replace

    kept = [{**figure(31), "field": "three"}, {**figure(77), "field": "two"}]
    body = replace(body_of_each(), figures=({**figure(30), "field": "three"}, kept[1]))

    made = marked(body, kept, 4)

    from cairn.results.documents.blocks import runs_of

    runs = {run.figure: run for block in made.blocks for run in runs_of(block) if run.figure}
    assert (runs["three"].is_changed, runs["three"].mark) == (True, "issue 4: 31")
    assert not runs["two"].is_changed
