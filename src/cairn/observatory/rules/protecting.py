"""How a release is protected and attacked. Each part can be switched off, for the tests alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import prod

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.noise import BASE, FURTHEST, VARIANCE, Protection, noise_table
from cairn.observatory.rules.pipeline import Way
from cairn.observatory.rules.series import (
    MOST_DIMENSIONS,
    FieldClass,
    Series,
    Thresholds,
    check_groupings,
    groupings,
)

Grouping = tuple[str, ...]
# The cells of larger cubes are not asked one by one in a linear program: their ranges are wide and
# each question takes long, so ranges over all sums serve for what is by three columns.
MOST_IN_CUBE = 1_000
# With fewer shown figures the mean error would tell of single ones.
LEAST_FIGURES = 20
MOST_TABLES = 12
# Exact tables with their margins: which cells are hidden is searched cell by cell. 3,000 cells of
# three columns took 50 seconds on two processors, 6,000 more than three minutes; 10,000 of two
# columns took 12 seconds.
MOST_EXACT = 20_000
MOST_EXACT_OF_THREE = 4_000
OFF = Thresholds(0, ())


@dataclass(frozen=True, slots=True)
class How:
    """What is switched on: all of it, wherever something is published.

    `has_links`: earlier releases are attacked together with this one; `has_scan`: every pair of
    figures is subtracted.
    """

    has_threshold: bool = True
    has_noise: bool = True
    has_suppression: bool = True
    has_links: bool = True
    has_scan: bool = True
    has_programs: bool = True
    wanted: Thresholds = field(default_factory=Thresholds)

    @property
    def thresholds(self) -> Thresholds:
        """Those by which cells are hidden. The attack always goes by `wanted`."""
        return self.wanted if self.has_threshold else OFF

    def protection(self) -> Protection:
        """For an open cube."""
        least = self.thresholds.base or 1
        if not self.has_noise:
            return Protection(None, least, 1)
        return Protection(noise_table(FURTHEST, VARIANCE), least, BASE)


ALL = How()


def wanted_groupings(series: Series, way: str, columns: Sequence[Sequence[str]]) -> list[Grouping]:
    """What is counted: for a cube every allowed table of its columns, for tables those asked for
    with their margins; always in the order of the series.

    Raises RuleBroken ("observatory.grouping", "observatory.columns").
    """
    tables = [ordered(series, names) for names in columns]
    if not tables or not all(tables) or len(tables) > MOST_TABLES:
        raise RuleBroken(
            "observatory.columns",
            _("Choose at least one column, and at most %(most)d tables.") % {"most": MOST_TABLES},
        )
    if way == Way.TABLE:
        check_groupings(series, tables)
        return _with_margins(tables)
    chosen = {name for names in tables for name in names}
    check_groupings(series, [(name,) for name in chosen])
    return [names for names in groupings(series) if set(names) <= chosen]


def ordered(series: Series, names: Iterable[str]) -> Grouping:
    """The columns in the order of the series, strange ones last so that they are refused."""
    given = list(names)
    known = [each.name for each in series.dimensions if each.name in given]
    return (*known, *(name for name in given if name not in series.by_name))


def _with_margins(tables: Sequence[Grouping]) -> list[Grouping]:
    found: dict[Grouping, None] = {}
    for names in tables:
        for size in range(1, len(names) + 1):
            found |= dict.fromkeys(combinations(names, size))
    return sorted(found, key=lambda each: (len(each), each))


def largest(wanted: Iterable[Grouping]) -> list[Grouping]:
    """The groupings that are no margin of another one: the tables that are printed."""
    known = list(wanted)
    return [names for names in known if not any(set(names) < set(other) for other in known)]


def check_size(series: Series, way: str, wanted: Iterable[Grouping]) -> None:
    """Raise RuleBroken("observatory.large") for exact tables that would be searched for hours."""
    if way != Way.TABLE:
        return
    cells = {
        names: prod(len(series.by_name[name].by_code) + 1 for name in names)
        for names in largest(wanted)
    }
    of_three = sum(number for names, number in cells.items() if len(names) > 2)
    whole = sum(cells.values())
    if of_three > MOST_EXACT_OF_THREE:
        most, found = MOST_EXACT_OF_THREE, of_three
    elif whole > MOST_EXACT:
        most, found = MOST_EXACT, whole
    else:
        return
    raise RuleBroken(
        "observatory.large",
        _("These exact tables have %(cells)d cells; %(most)d are the most that can be protected.")
        % {"cells": found, "most": most},
        _("Leave out a column, have small areas put together, or choose the open cube."),
    )


def area_columns(series: Series) -> list[str]:
    """Columns whose codes may be merged."""
    return [each.name for each in series.dimensions if each.field_class == FieldClass.AREA]


def columns_of(text: str) -> list[list[str]]:
    """Columns as somebody types them: "sex,age;sex,area" are two tables."""
    parts = [part.strip() for part in text.split(";")]
    return [[name.strip() for name in part.split(",") if name.strip()] for part in parts if part]


__all__ = [
    "ALL",
    "LEAST_FIGURES",
    "MOST_DIMENSIONS",
    "MOST_IN_CUBE",
    "Grouping",
    "How",
    "area_columns",
    "check_size",
    "columns_of",
    "largest",
    "ordered",
    "wanted_groupings",
]
