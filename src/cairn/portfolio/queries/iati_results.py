"""The results framework of one project as IATI tells it; small numbers of people stay out."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cairn.portfolio.iati import codes
from cairn.portfolio.iati.dividing import Span, span
from cairn.portfolio.iati.protecting import counts_people, is_small, releasable
from cairn.portfolio.iati.records import Indicator, Measured, Period, Result, Words
from cairn.portfolio.models import Measurement
from cairn.portfolio.models import Result as ResultRow
from cairn.portfolio.queries.iati_rows import Details

_YEAR = re.compile(r"(?:19|20)\d\d")


def results(project_key: Any, details: Details, period: Span | None) -> tuple[Result, ...]:
    """Results with their indicators; one without indicators has no place in the standard.

    `period`: of the project, for which the targets are.
    """
    found = []
    for key, level, statement in details.results.get(project_key, ()):
        indicators = tuple(
            _indicator(row, details, period) for row in details.indicators.get(key, ())
        )
        if indicators:
            kind = codes.ResultType.OUTCOME
            if level == ResultRow.Level.OUTPUT:
                kind = codes.ResultType.OUTPUT
            found.append(Result(kind, Words(statement), indicators))
    return tuple(found)


def _indicator(row: tuple[Any, ...], details: Details, period: Span | None) -> Indicator:
    key, name, unit, baseline, baseline_period, target, parted = row
    disaggregation = _parts(parted)
    is_people = counts_people(unit, disaggregation)
    year = _YEAR.search(baseline_period)
    is_percentage = "percent" in unit.casefold() or "%" in unit
    periods = [*_periods(details.measurements.get(key, ()), is_people=is_people)]
    if target is not None and period:
        # A target is a plan, not a number of persons who are there.
        periods.insert(0, Period(*period, targets=(Measured(target),)))
    return Indicator(
        measure=codes.PERCENTAGE if is_percentage else codes.UNIT,
        title=Words(name),
        baseline=(int(year.group()), baseline)
        if baseline is not None and year and not (is_people and is_small(baseline))
        else None,
        periods=tuple(periods),
    )


@lru_cache(maxsize=1024)
def _parts(parted: str) -> tuple[str, ...]:
    """By what an indicator is parted; few ways are in use."""
    return tuple(map(str, json.loads(parted or "[]")))


def _periods(rows: Any, *, is_people: bool) -> Iterator[Period]:
    """One for each period with a value; a computed value stands before one that was typed in."""
    by_period: dict[tuple[str, str], dict[str, dict[str, Decimal]]] = {}
    for first, last, dimension, value, origin in rows:
        by_period.setdefault((first, last), {}).setdefault(origin, {})[dimension] = value
    for (first, last), by_origin in by_period.items():
        values = by_origin.get(Measurement.Origin.COMPUTED) or next(iter(by_origin.values()))
        whole = Measured(values[""]) if "" in values else None
        parts = [Measured(value, (_dimension(name),)) for name, value in values.items() if name]
        shown = (
            releasable(whole, parts)
            if is_people
            else tuple(each for each in (whole, *parts) if each is not None)
        )
        covered = span(first, last)
        if shown and covered:
            yield Period(*covered, actuals=shown)


def _dimension(text: str) -> tuple[str, str]:
    """ "country=NPL" as its name and value; a bare word is a part of the whole."""
    name, sign, value = text.partition("=")
    return (name, value) if sign else ("part", text)
