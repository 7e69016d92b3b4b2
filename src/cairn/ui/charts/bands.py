"""Colour bands of a map: five of about equal size, or the thresholds that a page gives."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext

from cairn.ui.charts import figures

# Five tones are what a reader can still tell apart without colour, in print and on a dim screen.
TONES = 5


@dataclass(frozen=True, slots=True)
class Band:
    """One line of a legend.

    `tone`: 1 (weakest) to 5 (strongest), the number in the class `chart-band-N`. `lower`, `upper`:
    for bands of equal size the least and the greatest value inside, both included; for given
    thresholds `lower` is included, `upper` is not, and None is an open end. `count`: countries in
    it. `label`: the range in words.
    """

    tone: int
    lower: float | None
    upper: float | None
    count: int
    label: str


def make_bands(
    values: Sequence[float], thresholds: Sequence[float] | None, *, unit: str
) -> tuple[list[float], tuple[Band, ...]]:
    """The inner limits, rising (a value belongs to the band of the limits at or below it), and
    the bands from low to high.

    Without `thresholds` bands hold about equally many countries; equal values stay together, so
    there may be fewer than five. Raises ValueError unless there are one to four thresholds that
    rise.
    """
    if thresholds is None:
        limits = _quantiles(sorted(values))
    else:
        limits = [float(limit) for limit in thresholds]
        if not 1 <= len(limits) < TONES or not all(map(math.isfinite, limits)):
            raise ValueError(f"A map takes one to {TONES - 1} thresholds.")
        if any(low >= high for low, high in pairwise(limits)):
            raise ValueError("The thresholds of a map must rise.")
    if not values:
        return limits, ()
    members: list[list[float]] = [[] for _ in range(len(limits) + 1)]
    for value in sorted(values):
        members[band_of(value, limits)].append(value)
    bands = []
    for index, inside in enumerate(members):
        low: float | None
        high: float | None
        if thresholds is None:
            low, high = inside[0], inside[-1]
            label = _closed_label(low, high, unit)
        else:
            low = limits[index - 1] if index else None
            high = limits[index] if index < len(limits) else None
            label = _open_label(low, high, unit)
        bands.append(Band(tone(index, len(members)), low, high, len(inside), label))
    return limits, tuple(bands)


def band_of(value: float, limits: Sequence[float]) -> int:
    """The band, from 0, that `value` falls into."""
    return bisect_right(limits, value)


def tone(index: int, count: int) -> int:
    """Tones spread over the scale when there are fewer than five bands: 1, 3, 5 for three."""
    return TONES if count == 1 else 1 + round(index * (TONES - 1) / (count - 1))


def _quantiles(ordered: Sequence[float]) -> list[float]:
    """Limits that split `ordered` into at most five non-empty parts without parting equals."""
    limits: list[float] = []
    for part in range(1, TONES):
        at = math.ceil(len(ordered) * part / TONES)
        if at < len(ordered):
            limit = ordered[at]
            if limit > ordered[0] and limit not in limits:
                limits.append(limit)
    return limits


def _figure(value: float, unit: str) -> str:
    return figures.isolated(figures.short(value, unit))


def _closed_label(low: float, high: float, unit: str) -> str:
    first = _figure(low, unit)
    last = _figure(high, unit)
    if first == last:
        return first
    return gettext("%(low)s to %(high)s") % {"low": first, "high": last}


def _open_label(low: float | None, high: float | None, unit: str) -> str:
    if low is None:
        return gettext("under %(high)s") % {"high": _figure(high or 0, unit)}
    if high is None:
        return gettext("%(low)s or more") % {"low": _figure(low, unit)}
    return gettext("%(low)s to under %(high)s") % {
        "low": _figure(low, unit),
        "high": _figure(high, unit),
    }
