"""Open questions: the ledger refuses past its budget, and the same question spends nothing."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.observatory import sources
from cairn.observatory.actions import interactive
from cairn.observatory.engine import private
from cairn.observatory.models import BudgetEntry, BudgetYear
from cairn.observatory.queries import interactive as queries
from cairn.observatory.rules import budget
from cairn.observatory.rules.pipeline import Period
from cairn.observatory.tests import scene

TODAY = date(2026, 11, 2)
ROWS = 400
SIZES = (6, 5, 3)


class Counter:
    """A mechanism that adds nothing and tells how often it was used."""

    def __init__(self) -> None:
        self.used = 0

    def __call__(self, counts: Sequence[int], _epsilon: Decimal) -> list[int]:
        self.used += 1
        return [number - 2 for number in counts]


def rows(_period: Period) -> list[tuple[str, dict[str, str]]]:
    columns = scene.records(ROWS, SIZES)
    return [
        (person, {name: codes[place] for name, codes in columns.items()})
        for place, person in enumerate(scene.persons(ROWS))
    ]


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A source of which every year counts as published."""
    monkeypatch.setattr(queries, "is_open", lambda _actor, code, _year: code == "aa-invented")
    source = sources.Source(
        "aa-invented", "Invented", lambda: scene.series(SIZES), rows, lambda _period: []
    )
    sources.register(source)
    yield source.code
    sources.unregister(source.code)


@pytest.mark.django_db
def test_the_same_question_in_another_order_spends_nothing(invented: str) -> None:
    adds = Counter()
    columns = ["column00", "column01"]
    first = interactive.ask(PUBLIC, invented, 2025, columns, today=TODAY, mechanism=adds)
    again = interactive.ask(PUBLIC, invented, 2025, columns[::-1], today=TODAY, mechanism=adds)
    assert (first.is_new, again.is_new, adds.used) == (True, False, 1)
    assert again.entry.cells == first.entry.cells
    year = BudgetYear.objects.get()
    assert (year.spent, year.entries.count()) == (budget.QUESTION, 1)
    assert AuditEntry.objects.filter(code="statistics.asked").count() == 1


@pytest.mark.django_db
def test_every_cell_of_the_code_lists_is_told_and_none_is_below_zero(invented: str) -> None:
    found = interactive.ask(
        PUBLIC, invented, 2025, ["column00", "column02"], today=TODAY, mechanism=Counter()
    )
    cells = {tuple(at): number for at, number in found.entry.cells}
    assert len(cells) == 6 * 3
    assert min(cells.values()) == 0


@pytest.mark.django_db
def test_a_question_past_the_budget_is_refused_and_leaves_nothing(invented: str) -> None:
    BudgetYear.objects.create(series=invented, year=2025, yearly="4.00", spent="3.90")
    adds = Counter()
    with pytest.raises(RuleBroken) as refusal:
        interactive.ask(PUBLIC, invented, 2025, ["column00"], today=TODAY, mechanism=adds)
    assert refusal.value.code == "budget.spent"
    assert (adds.used, BudgetEntry.objects.count()) == (0, 0)
    assert queries.standing(PUBLIC, invented, 2025).left == 0


@pytest.mark.django_db
def test_the_year_holds_sixteen_questions_and_not_one_more(invented: str) -> None:
    asked = [("column00",), ("column01",), ("column02",), ("column00", "column01")]
    held = BudgetYear.objects.create(series=invented, year=2025, yearly="0.75")
    for columns in asked[:3]:
        interactive.ask(PUBLIC, invented, 2025, columns, today=TODAY, mechanism=Counter())
    with pytest.raises(RuleBroken, match="spent"):
        interactive.ask(PUBLIC, invented, 2025, asked[3], today=TODAY, mechanism=Counter())
    held.refresh_from_db()
    assert held.spent == held.yearly
    assert budget.questions_left(Decimal(0)) == 16


@pytest.mark.django_db
def test_the_database_itself_refuses_to_overspend(invented: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetYear.objects.create(series=invented, year=2025, yearly="1.00", spent="1.25")


@pytest.mark.django_db
def test_an_answer_is_never_changed_or_removed(invented: str) -> None:
    entry = interactive.ask(
        PUBLIC, invented, 2025, ["column00"], today=TODAY, mechanism=Counter()
    ).entry
    for change in (entry.save, entry.delete):
        with pytest.raises(TypeError):
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "columns", "code"),
    [
        (2026, ["column00"], "observatory.period"),
        (2025, [], "observatory.grouping"),
        (2025, ["name"], "observatory.grouping"),
    ],
)
def test_what_may_not_be_asked(invented: str, year: int, columns: list[str], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        interactive.ask(PUBLIC, invented, year, columns, today=TODAY, mechanism=Counter())
    assert refusal.value.code == code


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        budget.question_of(scene.series(), 2025, ["column00", "column01", "column02"])
    assert refusal.value.code == "budget.cells"


def test_a_person_in_several_records_counts_in_one_cell() -> None:
    series = scene.series(SIZES)
    codes = series.by_name["column02"].leaves
    several = [("one", {"column02": code}) for code in codes] + [("two", {"column02": codes[1]})]
    assert private.person_counts(series, ["column02"], several) == [1, 1, 0]
    assert private.person_counts(series, ["column02"], several[::-1]) == [1, 1, 0]


def test_a_code_outside_of_its_list_is_refused_and_not_named() -> None:
    with pytest.raises(RuleBroken) as refusal:
        private.person_counts(scene.series(SIZES), ["column02"], [("one", {"column02": "Nowhere"})])
    assert refusal.value.code == "observatory.code"
    assert "Nowhere" not in str(refusal.value)


def test_the_error_holds_nineteen_times_of_twenty() -> None:
    within = budget.error_bound(budget.QUESTION)
    a = 2.718281828459045 ** -float(budget.QUESTION)

    def beyond(t: int) -> float:
        return float(2 * a ** (t + 1) / (1 + a))

    assert beyond(within) <= 0.05 < beyond(within - 1)
    assert within == 12


def test_without_the_library_a_question_is_refused_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(private, "is_installed", lambda: False)
    with pytest.raises(RuleBroken) as refusal:
        private.noised([1, 2], budget.QUESTION)
    assert (refusal.value.code, bool(refusal.value.remedy)) == ("budget.engine", True)


def test_noise_of_the_library_has_the_size_that_is_told() -> None:
    pytest.importorskip("opendp", reason="the extra privacy is not installed")
    told = private.noised([1_000] * 4_000, budget.QUESTION)
    errors = [abs(number - 1_000) for number in told]
    within = sum(error <= budget.error_bound(budget.QUESTION) for error in errors) / len(errors)
    assert 0.93 < within < 0.98
    assert len(set(told)) > 10
    assert abs(sum(told) / len(told) - 1_000) < 1


@pytest.mark.django_db
def test_the_page_asks_once_and_shows_the_answer(
    client: Client, invented: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "is_installed", lambda: True)
    monkeypatch.setattr(private, "noised", Counter())
    address = f"/statistics/ask/?series={invented}"
    sent = client.post(address, {"year": "2025", "by": ["column02"]})
    assert sent.status_code == 302
    page: Any = client.get(sent["Location"])
    assert "within 12 persons" in page.content.decode()
    assert "15 new questions" in page.content.decode()
    assert client.post(address, {"year": "2025", "by": ["column02"]}).status_code == 302
    assert BudgetEntry.objects.count() == 1
    many = [f"column{place:02d}" for place in range(3)]
    assert client.post(address, {"year": "2024", "by": [*many, "column99"]}).status_code == 422


@pytest.mark.django_db
def test_a_year_without_a_published_release_is_closed(
    client: Client, invented: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert not queries.is_open(PUBLIC, invented, 2025)
    with pytest.raises(RuleBroken) as refusal:
        interactive.ask(PUBLIC, invented, 2025, ["column00"], today=TODAY, mechanism=Counter())
    assert refusal.value.code == "budget.closed"
    assert "No series is open" in client.get("/statistics/ask/").content.decode()


@pytest.mark.django_db
def test_the_page_says_that_the_library_is_missing(
    client: Client, invented: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "is_installed", lambda: False)
    address = f"/statistics/ask/?series={invented}"
    assert "OpenDP" in client.get(address).content.decode()
    refused = client.post(address, {"year": "2025", "by": ["column02"]})
    assert refused.status_code == 409
    assert not BudgetEntry.objects.exists()
    assert not BudgetYear.objects.exists()
