"""A share that falls in steps over time (Kaplan-Meier), with its interval and who left early."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from cairn.ui.charts import figures, svg
from cairn.ui.formats import number_text, percent_text

WIDE, NARROW = 720, 340
HEIGHTS = {WIDE: 280, NARROW: 230}
FONT, LINE = 12, 15
# Room for "100%" beside the axis, and for two lines below it.
SIDE, FOOT, TOP, END = 46, 40, 12, 14
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
TICKS = 5
MOST_STEPS = 500
CROSS = 4


@dataclass(frozen=True, slots=True)
class StepPoint:
    """The share from a day on: 0 to 1, with its interval where there is one.

    Raises ValueError for a share or a day out of range.
    """

    day: float
    share: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        shares = [each for each in (self.share, self.low, self.high) if each is not None]
        if not (math.isfinite(self.day) and self.day >= 0):
            raise ValueError("A step is on a day from zero upwards.")
        if not all(0 <= each <= 1 for each in shares):
            raise ValueError("A step leads to a share from 0 to 1.")


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    day_label: str
    share_label: str
    language: str
    direction: str
    width: int
    until: float

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"

    @property
    def height(self) -> int:
        return HEIGHTS[self.width]

    def x(self, day: float) -> float:
        """Where a day stands: from the start of the line to its end."""
        at = SIDE + (self.width - SIDE - END) * day / self.until
        return self.width - at if self.is_mirrored else at

    def y(self, share: float) -> float:
        return TOP + (self.height - TOP - FOOT) * (1 - share)


def step_chart(
    points: Sequence[StepPoint],
    *,
    title: str,
    description: str,
    day_label: str,
    share_label: str,
    language: str,
    direction: str,
    until: float | None = None,
    censored: Sequence[float] = (),
) -> SafeString:
    """A wide and a narrow drawing; chart.css shows the one that fits.

    `points`: each step, any order; before the first the share is 1. `until`: last day observed
    (days), the last step where it is not given. `censored`: days on which somebody left before
    it could happen, marked by a cross stroke. `day_label`, `share_label`: words of the axes.
    Empty for no points. Raises ValueError for more than 500 steps.
    """
    if not points:
        return SafeString("")
    if len(points) > MOST_STEPS:
        raise ValueError(f"A step chart takes at most {MOST_STEPS} steps: group the days.")
    ordered = tuple(sorted(points, key=lambda each: each.day))
    left = tuple(sorted(float(each) for each in censored))
    end = max(until or 0, ordered[-1].day, *left, 1)
    wide, narrow = (
        _draw(
            ordered,
            left,
            _Frame(
                str(title),
                str(description),
                str(day_label),
                str(share_label),
                language,
                direction,
                width,
                float(end),
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


@lru_cache(maxsize=32)
def _draw(points: tuple[StepPoint, ...], censored: tuple[float, ...], frame: _Frame) -> SafeString:
    with override(frame.language):
        root = svg.picture(
            "chart-steps",
            box=f"0 0 {frame.width} {frame.height}",
            title=frame.title,
            description=frame.description,
            language=frame.language,
            direction=frame.direction,
        )
        _axes(root, frame)
        bounds = [each for each in points if each.low is not None and each.high is not None]
        if bounds:
            upper = _stairs([(each.day, each.high or 0.0) for each in bounds], frame)
            lower = _stairs([(each.day, each.low or 0.0) for each in bounds], frame)
            path = _path([*upper, *reversed(lower)]) + "Z"
            SubElement(root, "path", {"class": "chart-steps-interval", "d": path})
        stairs = _stairs([(each.day, each.share) for each in points], frame)
        SubElement(root, "path", {"class": "chart-steps-line", "d": _path(stairs)})
        for day in censored:
            _cross(root, day, points, frame)
        for point in points:
            _touch(root, point, frame)
        return svg.markup(root)


def _stairs(steps: Sequence[tuple[float, float]], frame: _Frame) -> list[tuple[float, float]]:
    """Corners from day 0 at share 1 to the last day observed."""
    found = [(frame.x(0), frame.y(1))]
    for day, share in steps:
        found += [(frame.x(day), found[-1][1]), (frame.x(day), frame.y(share))]
    return [*found, (frame.x(frame.until), found[-1][1])]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in corners)


def _axes(root: Element, frame: _Frame) -> None:
    group = SubElement(root, "g", {"class": "chart-steps-axes", "aria-hidden": "true"})
    start, end = frame.x(0), frame.x(frame.until)
    anchor = "start" if frame.is_mirrored else "end"
    gap = 6 if frame.is_mirrored else -6
    for share in SHARES:
        y = frame.y(share)
        SubElement(group, "path", {"d": _path([(start, y), (end, y)])})
        svg.text(
            group,
            [percent_text(share)],
            kind="chart-amount",
            x=start + gap,
            y=y + FONT * 0.35,
            anchor=anchor,
            step=LINE,
        )
    foot = frame.height - FOOT + LINE
    for day in ticks(frame.until):
        svg.text(
            group,
            [number_text(day)],
            kind="chart-amount",
            x=frame.x(day),
            y=foot,
            anchor="middle",
            step=LINE,
        )
    svg.text(
        group,
        [frame.day_label],
        kind="chart-amount",
        x=(start + end) / 2,
        y=foot + LINE,
        anchor="middle",
        step=LINE,
    )


def ticks(until: float) -> list[int]:
    """Round days for the axis, from zero, about five."""
    rough = max(until / TICKS, 1)
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * each for each in (1, 2, 3, 5, 10) if size * each >= rough)
    return list(range(0, int(until) + 1, int(step)))


def _share_at(day: float, points: Sequence[StepPoint]) -> float:
    share = 1.0
    for point in points:
        if point.day <= day:
            share = point.share
    return share


def _cross(root: Element, day: float, points: Sequence[StepPoint], frame: _Frame) -> None:
    x, y = frame.x(day), frame.y(_share_at(day, points))
    path = _path([(x, y - CROSS), (x, y + CROSS)])
    mark = SubElement(root, "path", {"class": "chart-steps-left", "d": path})
    words = gettext("Day %(day)s: left before it happened") % {"day": number_text(day)}
    SubElement(mark, "title").text = svg.clean(words)


def _touch(root: Element, point: StepPoint, frame: _Frame) -> None:
    """A point that says its step: to a pointer, and to a screen reader."""
    words = {
        "day": figures.isolated(number_text(point.day)),
        "label": frame.share_label,
        "share": figures.isolated(percent_text(point.share)),
    }
    sentence = gettext("Day %(day)s: %(label)s %(share)s") % words
    if point.low is not None and point.high is not None:
        sentence = gettext("Day %(day)s: %(label)s %(share)s, interval %(low)s to %(high)s") % {
            **words,
            "low": figures.isolated(percent_text(point.low)),
            "high": figures.isolated(percent_text(point.high)),
        }
    group = svg.named(root, sentence, None, kind="chart-steps-point")
    at = {"cx": frame.x(point.day), "cy": frame.y(point.share), "r": 3.0}
    SubElement(group, "circle", {key: svg.number(value) for key, value in at.items()})
