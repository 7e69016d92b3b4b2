"""Compares what a source printed with what the records come to. Pure: no database."""

from dataclasses import dataclass
from decimal import Decimal

from cairn.core.money import likely_reason, read_money


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that does not agree, US dollars. `field`: a code of Finding.Field."""

    field: str
    printed: Decimal
    printed_text: str
    computed: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a project's money, US dollars; None: not printed, not on record."""

    budget: Decimal | None
    budget_text: str
    phases: tuple[Decimal, ...]
    pledges: tuple[Decimal, ...]
    printed_shortfall: Decimal | None
    shortfall_text: str


def differences(figures: Figures) -> list[Difference]:
    """Every difference between print and computation, in the order of Finding.Field."""
    found = []
    if figures.budget is not None:
        found += _budget_text(figures)
        found += _phases(figures)
        found += _shortfall(figures)
    return found


def _budget_text(figures: Figures) -> list[Difference]:
    """The printed text, read the way its document writes numbers, against the stated budget."""
    literal = literal_value(figures.budget_text)
    if figures.budget is None or literal is None or literal == figures.budget:
        return []
    return [
        Difference(
            "budget",
            literal,
            figures.budget_text,
            figures.budget,
            likely_reason(literal, figures.budget, is_shortfall=False),
        )
    ]


def _phases(figures: Figures) -> list[Difference]:
    total = sum(figures.phases, Decimal(0))
    if not figures.phases or figures.budget is None or total == figures.budget:
        return []
    reason = likely_reason(figures.budget, total, parts=figures.phases, is_shortfall=False)
    return [Difference("budget_phases", figures.budget, figures.budget_text, total, reason)]


def _shortfall(figures: Figures) -> list[Difference]:
    if figures.budget is None or figures.printed_shortfall is None:
        return []
    computed = max(figures.budget - sum(figures.pledges, Decimal(0)), Decimal(0))
    if computed == figures.printed_shortfall:
        return []
    reason = likely_reason(
        figures.printed_shortfall, computed, parts=figures.phases, pledges=figures.pledges
    )
    return [
        Difference("shortfall", figures.printed_shortfall, figures.shortfall_text, computed, reason)
    ]


def literal_value(text: str) -> Decimal | None:
    """What a printed amount says when taken at its word; None when it is no single figure.

    Where a separator can be read in two ways, the source's own convention counts: these
    documents are in English, with a comma between thousands and a point before decimals.
    """
    readings = read_money(text).readings
    if len(readings) == 1:
        return readings[0].value
    return next((each.value for each in readings if each.convention == "decimal_point"), None)
