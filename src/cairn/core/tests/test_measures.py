"""The register of measures: one name, one meaning; persons by quarter and country only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.measures import (
    Counted,
    Found,
    Measure,
    Period,
    Question,
    Scope,
    Step,
    Unit,
)

WHOLE = Question(Period.year(2024))


def counting(_actor: Actor, question: Question) -> Iterator[Found]:
    yield Found(Decimal(2), part=(("sex", "female"),), rows=2)
    yield Found(Decimal(question.period.first.year), rows=5)


INVENTED = Measure(
    code="invented.measure",
    version=3,
    step=Step.TRAINING,
    label="Invented",
    definition="What is invented, and nothing else.",
    source="The inventor",
    unit=Unit.COUNT,
    counted=Counted.STAFF,
    scopes=frozenset(Scope),
    compute=counting,
    parts=("sex",),
)


@pytest.fixture(autouse=True)
def empty_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_MEASURES", {})


def test_a_figure_says_how_it_came_about_and_the_whole_comes_first() -> None:
    measures.register(INVENTED)
    whole, women = measures.figures(PUBLIC, "invented.measure", WHOLE)
    assert [each.found.value for each in (whole, women)] == [2024, 2]
    assert women.provenance == {
        "measure": "invented.measure",
        "version": 3,
        "since": "2024-01-01",
        "until": "2024-12-31",
        "country": "",
        "project": "",
        "part": {"sex": "female"},
        "rows": 2,
    }


def test_one_name_has_one_meaning() -> None:
    measures.register(INVENTED)
    measures.register(INVENTED)
    with pytest.raises(ValueError, match=r"invented\.measure"):
        measures.register(replace(INVENTED, version=4))
    with pytest.raises(KeyError):
        measures.figures(PUBLIC, "nobody.counts", WHOLE)


def test_measures_stand_in_the_order_of_the_chain() -> None:
    steps = [Step.DECISIONS, Step.MONEY, Step.HELP, Step.FIELD, Step.TRAINING]
    for step in steps:
        measures.register(replace(INVENTED, code=f"of.{step}", step=step))
    assert [each.step for each in measures.measures()] == list(Step)


def test_a_figure_is_told_only_of_what_its_definition_names() -> None:
    measures.register(replace(INVENTED, scopes=frozenset({Scope.COUNTRY})))
    measures.figures(PUBLIC, "invented.measure", Question(Period.year(2024), country="MLI"))
    for question in (WHOLE, Question(Period.year(2024), project="P01")):
        with pytest.raises(RuleBroken) as refused:
            measures.figures(PUBLIC, "invented.measure", question)
        assert refused.value.code == "measure.scope"


def test_persons_are_told_by_whole_quarters_and_never_by_project() -> None:
    persons = replace(
        INVENTED, counted=Counted.PERSONS, scopes=frozenset({Scope.COUNTRY, Scope.PROGRAMME})
    )
    measures.register(persons)
    measures.figures(PUBLIC, "invented.measure", Question(Period.quarter(2024, 4), country="MLI"))
    for period in (Period.year(2024), Period(date(2024, 1, 1), date(2024, 3, 30))):
        with pytest.raises(RuleBroken) as refused:
            measures.figures(PUBLIC, "invented.measure", Question(period, country="MLI"))
        assert refused.value.code == "measure.period"
    with pytest.raises(ValueError, match="by project"):
        replace(persons, scopes=frozenset({Scope.PROJECT}))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_quarters_fill_the_year(number: int) -> None:
    found = Period.quarter(2024, number)
    assert found.is_quarter
    follows = Period.quarter(2024, number + 1) if number < 4 else Period.quarter(2025, 1)
    assert found.after == follows.first
    assert not Period(found.first, found.after).is_quarter


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(RuleBroken) as refused:
        Period(date(2024, 2, 1), date(2024, 1, 31))
    assert refused.value.code == "measure.period"


def test_a_quarter_of_persons_is_told_when_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    persons = replace(
        INVENTED, counted=Counted.PERSONS, scopes=frozenset({Scope.COUNTRY, Scope.PROGRAMME})
    )
    measures.register(persons)
    question = Question(Period.quarter(2024, 4))
    for today, is_told in ((date(2025, 1, 21), False), (date(2025, 1, 22), True)):
        monkeypatch.setattr("cairn.core.measures.timezone.localdate", lambda today=today: today)
        found = measures.figures(PUBLIC, "invented.measure", question)
        assert found[0].found.is_held_back is not is_told
        assert (found[0].found.value is not None) is is_told


def test_what_is_asked_together_is_counted_once_and_then_forgotten() -> None:
    asked: list[int] = []

    def count() -> int:
        asked.append(1)
        return len(asked)

    with measures.together():
        assert [measures.once("key", count), measures.once("key", count)] == [1, 1]
    assert measures.once("key", count) == 2
    with measures.together():
        assert measures.once("key", count) == 3


def test_few_are_told_with_an_interval_and_many_without() -> None:
    few, many, none = measures.counted(12), measures.counted(30, sex="female"), measures.counted(0)
    assert (few.low or 0) < 12 < (few.high or 0)
    assert (many.low, many.part) == (None, (("sex", "female"),))
    assert none == Found(Decimal(0), rows=0)
    assert measures.counted(None).is_held_back


def test_a_share_is_taken_of_what_is_told() -> None:
    found = measures.share_of(5, 22)
    assert [str(each) for each in (found.value, found.low, found.high)] == [
        "0.2273",
        "0.1012",
        "0.4344",
    ]
    assert measures.share_of(None, 22).is_held_back
    assert measures.share_of(0, 0) == Found(None, rows=0)
