"""What counts as a difference between print and records."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from cairn.portfolio.findings import Figures, differences, literal_value

CLEAN = Figures(
    budget=D(1_000_000),
    budget_text="US$ 1,000,000",
    phases=(),
    pledges=(D(250_000),),
    printed_shortfall=D(750_000),
    shortfall_text="US$ 750,000",
)


def test_figures_that_agree_give_no_finding() -> None:
    assert differences(CLEAN) == []


def test_a_shortfall_that_does_not_follow_is_found_with_its_size() -> None:
    (found,) = differences(replace(CLEAN, printed_shortfall=D(740_000)))
    assert (found.field, found.printed, found.computed) == ("shortfall", D(740_000), D(750_000))


def test_phases_that_do_not_make_the_budget_are_found() -> None:
    (found,) = differences(replace(CLEAN, phases=(D(400_000), D(700_000))))
    assert (found.field, found.computed) == ("budget_phases", D(1_100_000))


def test_a_budget_printed_with_a_wrong_separator_is_found() -> None:
    (found,) = differences(replace(CLEAN, budget_text="US$ 1,000.000"))
    assert (found.field, found.reason) == ("budget", "separator")


def test_without_a_budget_nothing_can_be_said() -> None:
    assert differences(replace(CLEAN, budget=None, budget_text="Varies by programme")) == []


def test_pledges_beyond_the_budget_leave_no_shortfall() -> None:
    over = replace(CLEAN, pledges=(D(2_000_000),), printed_shortfall=D(0))
    assert differences(over) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("US$ 6,576,097", D(6_576_097)),
        ("US$ 3,5 million", D(3_500_000)),
        ("US$ 1,906.876", D("1906.876")),
        ("US$ $745,574.00", D(745_574)),
        ("Varies by programme", None),
        ("", None),
    ],
)
def test_a_printed_amount_is_taken_at_its_word(text: str, value: D | None) -> None:
    assert literal_value(text) == value
