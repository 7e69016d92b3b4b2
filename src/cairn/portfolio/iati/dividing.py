"""Splitting money over years and a hundred per cent over shares, exact to the last digit.

Rule for budgets: a period is cut at every turn of the year, so that no part is longer than a year
and parts of different projects can be added up by calendar year. Each part gets its share by days;
the cents are rounded on the running sum, so that the parts add up to the whole to the cent.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from cairn.core.partial_dates import PartialDate

CENT = Decimal("0.01")
WHOLE = Decimal(100)
Span = tuple[date, date]


@lru_cache(maxsize=4096)
def span(starts: str, ends: str, months: int | None = None) -> Span | None:
    """First and last day of a period, where both can be told; `months`: its length otherwise."""
    if not starts:
        return None
    first = PartialDate.parse(starts).first
    if ends:
        last = PartialDate.parse(ends).last
    elif months:
        last = _after(first, months)
    else:
        return None
    return (first, last) if first <= last else None


def _after(first: date, months: int) -> date:
    """The last day of a period of so many months."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    # The 28th is in every month; who starts on a 31st loses three days.
    return date(year, month + 1, min(first.day, 28)) - timedelta(days=1)


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


def divided(
    total: Decimal,
    lines: Iterable[tuple[Span, Decimal]],
    whole: Span | None,
) -> Iterator[tuple[date, date, Decimal]]:
    """A stated budget by calendar year: of its dated lines, where they add up to `total`.

    Else all of it over the period `whole`; nothing where that is not known.
    """
    given = sorted(lines)
    if sum((amount for _period, amount in given), Decimal(0)) != total:
        given = [(whole, total)] if whole else []
    for (starts, ends), amount in given:
        yield from by_year(starts, ends, amount)


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
