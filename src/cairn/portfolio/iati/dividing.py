"""Splitting money over years and a hundred per cent over shares, exact to the last digit.

Rule for budgets: a period is cut at every turn of the year, so that no part is longer than a year
and parts of different projects can be added up by calendar year. Each part gets its share by days;
the cents are rounded on the running sum, so that the parts add up to the whole to the cent.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WHOLE = Decimal(100)


def by_year(starts: date, ends: date, amount: Decimal) -> Iterator[tuple[date, date, Decimal]]:
    """(first day, last day, amount) of each calendar year from `starts` to `ends`, inclusive.

    Raises ValueError when `ends` is before `starts`.
    """
    if ends < starts:
        raise ValueError("A period cannot end before it starts.")
    days = (ends - starts).days + 1
    given = Decimal(0)
    first = starts
    while first <= ends:
        last = min(date(first.year, 12, 31), ends)
        passed = (last - starts).days + 1
        due = (amount * passed / days).quantize(CENT, ROUND_HALF_UP) if last < ends else amount
        yield first, last, due - given
        given = due
        if last == ends:
            return
        first = last + timedelta(days=1)


def equal_shares(count: int) -> list[Decimal | None]:
    """`count` percentages that add up to exactly 100; a single one needs none.

    What does not divide goes to the first, a hundredth each: 33.34, 33.33, 33.33.
    """
    if count == 1:
        return [None]
    return list(weighted_shares([1] * count))


def weighted_shares(weights: list[int]) -> list[Decimal]:
    """Percentages by weight, two decimals, that add up to exactly 100."""
    total = sum(weights)
    shares = [(WHOLE * weight / total).quantize(CENT, ROUND_DOWN) for weight in weights]
    left = int((WHOLE - sum(shares, Decimal(0))) / CENT)
    return [share + (CENT if place < left else 0) for place, share in enumerate(shares)]
