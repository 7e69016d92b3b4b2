"""Figures over time: points joined by a line only where they compare, gaps where one is hidden."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from cairn.ui.charts import figures, svg
from cairn.ui.formats import number_text

WIDE, NARROW = 720, 340
HEIGHTS = {WIDE: 260, NARROW: 220}
FONT, LINE = 12, 15
# Room for a figure such as 12,500 beside the axis, and for one line of words below it.
SIDE, FOOT, TOP, END = 56, 26, 16, 24
TICKS = 4
MOST_MOMENTS = 60
# So many labels fit below the axis of a drawing without touching each other.
LABELS = {WIDE: 8, NARROW: 4}


@dataclass(frozen=True, slots=True)
class TimePoint:
    """One moment. `value` None: hidden. `is_joined`: it compares with the moment before it.

    `note`: what changed where it does not. Raises ValueError for a value below zero.
    """

    label: str
    value: float | None
    is_joined: bool = True
    note: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        if self.value is not None and not (math.isfinite(self.value) and self.value >= 0):
            raise ValueError("A figure over time is a number from zero upwards.")


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    value_label: str
    language: str
    direction: str
    width: int
    count: int
    top: float

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"

    @property
    def height(self) -> int:
        return HEIGHTS[self.width]

    def x(self, place: float) -> float:
        """Where a moment stands; `place` counts from 0."""
        span = self.width - SIDE - END
        at = SIDE + span * (place + 0.5) / self.count
        return self.width - at if self.is_mirrored else at

    def y(self, value: float) -> float:
        return TOP + (self.height - TOP - FOOT) * (1 - value / self.top)


def time_chart(
    points: Sequence[TimePoint],
    *,
    title: str,
    description: str,
    value_label: str,
    language: str,
    direction: str,
) -> SafeString:
    """A wide and a narrow drawing; chart.css shows the one that fits. Earliest moment first.

    A hidden value leaves a gap, never a zero; where a moment does not compare with the one before
    it, no line joins them and a dashed line stands between. Empty without a single value. Raises
    ValueError for more than 60 moments or an unsafe address.
    """
    known = [point.value for point in points if point.value is not None]
    if not known:
        return SafeString("")
    if len(points) > MOST_MOMENTS:
        raise ValueError(f"A chart over time takes at most {MOST_MOMENTS} moments.")
    top = float(ticks(max(*known, 1))[-1])
    wide, narrow = (
        _draw(
            tuple(points),
            _Frame(
                str(title),
                str(description),
                str(value_label),
                language,
                direction,
                width,
                len(points),
                top,
            ),
        )
        for width in (WIDE, NARROW)
    )
    return format_html(
        '<div class="chart-fluid"><div class="chart-wide">{}</div>'
        '<div class="chart-narrow">{}</div></div>',
        wide,
        narrow,
    )


def ticks(most: float) -> list[int]:
    """Round figures for the axis, from zero to `most` or a little above."""
    rough = max(most / TICKS, 1)
    size = 10 ** math.floor(math.log10(rough))
    step = int(next(size * each for each in (1, 2, 5, 10) if size * each >= rough))
    return list(range(0, math.ceil(most / step) * step + 1, step))


@lru_cache(maxsize=32)
def _draw(points: tuple[TimePoint, ...], frame: _Frame) -> SafeString:
    with override(frame.language):
        root = svg.picture(
            "chart-times",
            box=f"0 0 {frame.width} {frame.height}",
            title=frame.title,
            description=frame.description,
            language=frame.language,
            direction=frame.direction,
        )
        _axes(root, points, frame)
        for run in runs(points):
            corners = [(frame.x(place), frame.y(points[place].value or 0)) for place in run]
            if len(corners) > 1:
                SubElement(root, "path", {"class": "chart-times-line", "d": _path(corners)})
        for place, point in enumerate(points):
            if place and not point.is_joined:
                _break(root, place, point, frame)
        for place, point in enumerate(points):
            _touch(root, place, point, frame)
        return svg.markup(root)


def runs(points: Sequence[TimePoint]) -> list[list[int]]:
    """Places of moments that one line joins: neither a hidden value nor a break in between."""
    found: list[list[int]] = []
    is_open = False
    for place, point in enumerate(points):
        if point.value is None:
            is_open = False
            continue
        if is_open and point.is_joined:
            found[-1].append(place)
        else:
            found.append([place])
        is_open = True
    return found


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in corners)


def _axes(root: Element, points: Sequence[TimePoint], frame: _Frame) -> None:
    group = SubElement(root, "g", {"class": "chart-times-axes", "aria-hidden": "true"})
    start, end = SIDE, frame.width - END
    if frame.is_mirrored:
        start, end = frame.width - SIDE, END
    anchor, gap = ("start", 6) if frame.is_mirrored else ("end", -6)
    for value in ticks(frame.top):
        y = frame.y(value)
        SubElement(group, "path", {"d": _path([(start, y), (end, y)])})
        words = [number_text(value)]
        at = {"x": start + gap, "y": y + FONT * 0.35}
        svg.text(group, words, kind="chart-amount", anchor=anchor, step=LINE, **at)
    every = max(1, math.ceil(len(points) / LABELS[frame.width]))
    for place in range(0, len(points), every):
        words, at = [points[place].label], {"x": frame.x(place), "y": frame.height - 8.0}
        svg.text(group, words, kind="chart-amount", anchor="middle", step=LINE, **at)


def _break(root: Element, place: int, point: TimePoint, frame: _Frame) -> None:
    x = frame.x(place - 0.5)
    path = _path([(x, TOP - 8), (x, frame.height - FOOT)])
    words = gettext("Before %(label)s the figures do not compare: %(what)s") % {
        "label": point.label,
        "what": point.note,
    }
    mark = svg.named(root, words, None, kind="chart-times-break")
    SubElement(mark, "path", {"d": path})


def _touch(root: Element, place: int, point: TimePoint, frame: _Frame) -> None:
    """A moment that says its figure: to a pointer, and to a screen reader."""
    if point.value is None:
        words = gettext("%(label)s: hidden") % {"label": point.label}
        group = svg.named(root, words, None, kind="chart-times-hidden")
        y = frame.height - FOOT - LINE * 0.4
        at = {"x": frame.x(place), "y": y}
        svg.text(group, ["…"], kind="chart-amount", anchor="middle", step=LINE, **at)
        return
    words = gettext("%(label)s: %(measure)s %(value)s") % {
        "label": point.label,
        "measure": frame.value_label,
        "value": figures.isolated(figures.exact(float(point.value), "")),
    }
    group = svg.named(root, words, point.href, kind="chart-times-point")
    at = {"cx": frame.x(place), "cy": frame.y(point.value), "r": 4.0}
    SubElement(group, "circle", {key: svg.number(value) for key, value in at.items()})
