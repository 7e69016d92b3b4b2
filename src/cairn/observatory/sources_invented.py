"""Invented persons, so that a demonstration has something to release. Never registered elsewhere.

Drawn from a fixed seed: the same persons in every installation, so that the figures of a tour
are always the same. Nobody of them exists, and no figure says anything about a country.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core import geography
from cairn.core.language import language
from cairn.observatory.rules.pipeline import Period
from cairn.observatory.rules.series import (
    UNKNOWN,
    Aspect,
    Code,
    CountingUnit,
    Dimension,
    FieldClass,
    Series,
)
from cairn.observatory.sources import Completeness, Row, Source
from cairn.observatory.sources_real import age, sex, unknown

PERSONS_A_YEAR = 6_000
FIRST_YEAR = 2020
_SEED = 1_511
# Countries under the sub-regions of M49, with how many of 1,000 invented persons each has.
_PLACES = {
    "m49-034": {"NPL": 130, "IND": 150, "BGD": 95, "LKA": 22, "BTN": 2},
    "m49-035": {"THA": 85, "PHL": 70, "VNM": 60, "LAO": 14, "TLS": 3},
    "m49-202": {"NGA": 110, "GHA": 42, "MWI": 30, "MLI": 28, "SYC": 2},
    "m49-039": {"ALB": 34, "SRB": 28, "ITA": 55, "MLT": 4},
}
_UNKNOWN_PLACE = 36
_FORMS = {"sexual": 460, "labour": 330, "begging": 60, "crime": 45, "organ": 5, UNKNOWN: 100}
_AGES = {"child": 300, "adult": 640, UNKNOWN: 60}
_SEXES = {"female": 640, "male": 320, "other": 6, UNKNOWN: 34}


def invented_series() -> Series:
    spoken = language()
    area = Dimension(
        "area",
        _("Country of exploitation"),
        FieldClass.AREA,
        (
            *(
                Code(wider, geography.region_name(wider.removeprefix("m49-"), spoken))
                for wider in _PLACES
            ),
            *(
                Code(code, geography.country_name(code, spoken), wider)
                for wider, codes in _PLACES.items()
                for code in codes
            ),
            unknown(),
        ),
        frozenset({Aspect.PLACE}),
    )
    origin = replace(area, name="origin", label=_("Country of citizenship"))
    form = Dimension(
        "form",
        _("Form of exploitation"),
        FieldClass.CATEGORY,
        (
            Code("sexual", _("sexual exploitation")),
            Code("labour", _("forced labour")),
            Code("begging", _("forced begging")),
            Code("crime", _("forced crime")),
            Code("organ", _("removal of organs")),
            unknown(),
        ),
    )
    return Series(
        "invented",
        _("Invented victims of trafficking, for demonstrations"),
        (age(), sex(), form, area, origin),
        CountingUnit.PERSON,
        _("Trafficking in persons: article 3 of the Palermo Protocol (2000)"),
        _("identified by an invented authority"),
        _("once, on the invented day of identification"),
        _("drawn by chance: nobody here exists"),
        _("eighteen countries, chosen for the demonstration"),
        (),
    )


@cache
def _year(year: int) -> tuple[tuple[date, str, tuple[tuple[str, str], ...]], ...]:
    """All persons of one year in the order of days."""
    draw = np.random.default_rng(_SEED + year)
    count = PERSONS_A_YEAR + 150 * (year - FIRST_YEAR)
    places = {code: n for codes in _PLACES.values() for code, n in codes.items()}
    places[UNKNOWN] = _UNKNOWN_PLACE
    days = np.sort(draw.integers(0, 365, count))
    area = _drawn(draw, places, count)
    # Two in three are exploited in the country that they are citizens of.
    origin = np.where(draw.random(count) < 0.66, area, _drawn(draw, places, count))
    columns = {
        "age": _drawn(draw, _AGES, count),
        "sex": _drawn(draw, _SEXES, count),
        "form": _drawn(draw, _FORMS, count),
        "area": area,
        "origin": origin,
    }
    first = date(year, 1, 1).toordinal()
    listed = {name: column.tolist() for name, column in columns.items()}
    return tuple(
        (
            date.fromordinal(first + int(days[at])),
            f"invented {year} {at}",
            tuple((name, column[at]) for name, column in listed.items()),
        )
        for at in range(count)
    )


def _drawn(draw: np.random.Generator, weights: dict[str, int], count: int) -> np.ndarray:
    chances = np.array(list(weights.values()), np.float64)
    return draw.choice(np.array(list(weights)), count, p=chances / chances.sum())


def invented_rows(period: Period) -> Iterator[Row]:
    """The invented persons of a period."""
    for year in range(period.since.year, period.until.year + 1):
        for day, person, codes in _year(year):
            if period.since <= day <= period.until:
                yield person, dict(codes)


def _completeness(period: Period) -> Sequence[Completeness]:
    """Invented as well: most countries report every month, two do not."""
    months = 12 if period.is_year else 3
    short = {"MLI": months - months // 3, "LAO": months - months // 4}
    spoken = language()
    return [
        (geography.country_name(code, spoken), short.get(code, months), months)
        for codes in _PLACES.values()
        for code, weight in codes.items()
        if weight >= 10
    ]


INVENTED = Source(
    "invented",
    gettext_lazy("Invented persons (demonstration)"),
    invented_series,
    invented_rows,
    _completeness,
    is_once=True,
)
