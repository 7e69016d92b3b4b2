"""Noise of a known size on counts of persons: the only place that knows OpenDP, of the extra."""

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.series import Series

NEEDED = "opendp"


def is_installed() -> bool:
    return importlib.util.find_spec(NEEDED) is not None


def noised(counts: Sequence[int], epsilon: Decimal) -> list[int]:
    """The counts with two-sided geometric noise of scale 1 / epsilon; may be below zero.

    For counts of which one person is in one at most: their sum of differences is then 1. OpenDP
    itself says what that costs, and more than `epsilon` is never spent.

    Raises RuleBroken("budget.engine") where OpenDP is missing.
    """
    if not is_installed():
        raise RuleBroken(
            "budget.engine",
            _("Noise of a known size needs what is not installed here: %(missing)s.")
            % {"missing": "OpenDP"},
            _("Install the extra “privacy”."),
        )
    import opendp.prelude as dp  # type: ignore[import-not-found,unused-ignore]

    dp.enable_features("contrib")
    mechanism = dp.m.make_geometric(
        dp.vector_domain(dp.atom_domain(T=int)),
        dp.l1_distance(T=int),
        scale=float(1 / epsilon),
    )
    if mechanism.map(1) > float(epsilon) * (1 + 1e-9):
        raise ValueError("The mechanism spends more than it was given.")
    return [int(each) for each in mechanism([int(each) for each in counts])]


def cells_of(series: Series, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every cell of the code lists, in their order: which ones hold somebody is never told."""
    return list(product(*(series.by_name[name].leaves for name in columns)))


def person_counts(
    series: Series, columns: Sequence[str], rows: Iterable[tuple[str, Mapping[str, str]]]
) -> list[int]:
    """Persons in each of `cells_of`; whoever stands in several records counts in one cell, the
    first by its codes, which depends on nobody else.

    Raises RuleBroken("observatory.code") for a code outside of its list.
    """
    cells = {codes: place for place, codes in enumerate(cells_of(series, columns))}
    where: dict[str, int] = {}
    for person, codes in rows:
        place = cells.get(tuple(codes.get(name, "") for name in columns))
        if place is None:
            raise RuleBroken(
                "observatory.code",
                _("A record has a code outside of the list of its column."),
                _("Correct the records, or add the code to the list with its definition."),
            )
        where[person] = min(place, where.get(person, place))
    counts = [0] * len(cells)
    for place in where.values():
        counts[place] += 1
    return counts
