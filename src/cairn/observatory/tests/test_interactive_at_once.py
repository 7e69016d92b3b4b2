"""Two open questions at once spend as if one had come after the other."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.observatory import sources
from cairn.observatory.actions import interactive
from cairn.observatory.models import BudgetEntry, BudgetYear
from cairn.observatory.queries import interactive as queries
from cairn.observatory.rules import budget
from cairn.observatory.tests import scene
from cairn.observatory.tests.test_interactive import SIZES, TODAY, Counter, rows

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "aa-invented"


@pytest.fixture(autouse=True)
def invented(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(queries, "is_open", lambda _actor, code, _year: code == CODE)
    sources.register(
        sources.Source(CODE, "Invented", lambda: scene.series(SIZES), rows, lambda _period: [])
    )
    yield
    sources.unregister(CODE)


def together(*questions: Sequence[str]) -> list[str]:
    """Ask all at the same moment: "new", "known" or the code of a refusal."""
    gate = Barrier(len(questions))

    def run(columns: Sequence[str]) -> str:
        try:
            gate.wait(timeout=10)
            found = interactive.ask(PUBLIC, CODE, 2025, columns, today=TODAY, mechanism=Counter())
        except RuleBroken as refusal:
            return refusal.code
        else:
            return "new" if found.is_new else "known"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(questions)) as pool:
        return sorted(pool.map(run, questions))


def test_two_questions_at_once_cannot_spend_the_same_rest() -> None:
    BudgetYear.objects.create(series=CODE, year=2025, yearly=budget.QUESTION)
    assert together(["column00"], ["column01"], ["column02"]) == [
        "budget.spent",
        "budget.spent",
        "new",
    ]
    assert BudgetYear.objects.get().spent == budget.QUESTION


def test_the_same_question_at_once_is_answered_out_of_one_spending() -> None:
    assert together(["column00"], ["column00"]) == ["known", "new"]
    assert BudgetEntry.objects.count() == 1
    assert BudgetYear.objects.get().spent == budget.QUESTION
