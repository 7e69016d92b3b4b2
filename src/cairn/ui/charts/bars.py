"""Horizontal bars: one row for each label, in the order given, with its figure beside it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from cairn.ui.charts import figures, svg
from cairn.ui.charts.logs import refused
from cairn.ui.charts.renderer import Mark, RendererFailed, placed_marks
from cairn.ui.formats import percent_text

# A picture with more rows is longer than four screens; a table serves better.
MOST_ROWS = 100
# Below this width there is no room for a column of labels: they stand above their bars.
COLUMN_FROM = 480
NARROW_WIDTH = 340
FONT, LINE = 13, 17
VALUE_FONT = 12
GAP = 8
BAR = 16
# Room for the tails of letters and the underline between a label and the bar below it.
TAIL = 8
LEAST_BAR = 1.0
RECTANGLE = re.compile(r"M(-?[\d.e-]+),(-?[\d.e-]+)h(-?[\d.e-]+)v(-?[\d.e-]+)h")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart.

    `value`: length of the bar, zero or more. `second`: what is stacked after it (a shortfall after
    what was pledged), None when the chart has one series. `share`: 0 to 1, printed in percent
    after the value; None prints nothing. `href`: where the row leads. Raises ValueError for a
    figure that is negative, infinite or not a number.
    """

    label: str
    value: float | Decimal
    share: float | None = None
    href: str | None = None
    second: float | Decimal | None = None

    def __post_init__(self) -> None:
        for figure in (self.value, self.second, self.share):
            if figure is not None and not (math.isfinite(figure) and figure >= 0):
                raise ValueError(f"A bar cannot show {figure!r}: give a number from zero upwards.")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a chart is drawn with, besides its rows; part of the key under which it is kept."""

    title: str
    description: str
    value_label: str
    second_label: str
    unit: str
    language: str
    direction: str
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width < COLUMN_FROM

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"

    @property
    def label_width(self) -> float:
        return self.width if self.is_narrow else round(self.width * 0.34)


def bar_chart(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    value_label: str,
    language: str,
    direction: str,
    width: int = 720,
    second_label: str = "",
    unit: str = "USD",
) -> SafeString:
    """Bars as SVG for a page of `language` and `direction` ("ltr" or "rtl").

    `value_label`, `second_label`: what the first and the stacked figure are ("Pledged",
    "Shortfall"); they stand in the name of each row. `unit`: an ISO 4217 code (figures are then
    amounts), another word, or empty. `width`: of the drawing, in units that are pixels at full
    size; below 480 labels stand above their bars. The picture itself always fills its container.

    Empty for no rows, and when the library fails (logged); the table beside it still serves.
    Raises ValueError for more than 100 rows or an unsafe address.
    """
    if len(rows) > MOST_ROWS:
        raise ValueError(f"A bar chart takes at most {MOST_ROWS} rows: group the smallest.")
    if not rows:
        return SafeString("")
    frame = _Frame(
        str(title),
        str(description),
        str(value_label),
        str(second_label),
        unit,
        language,
        direction,
        width,
    )
    fixed = tuple(
        Bar(str(row.label), row.value, row.share, row.href and str(row.href), row.second)
        for row in rows
    )
    try:
        return _draw(fixed, frame)
    except RendererFailed as failure:
        return refused(failure.code)


def fluid_bar_chart(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    value_label: str,
    language: str,
    direction: str,
    second_label: str = "",
    unit: str = "USD",
) -> SafeString:
    """The same bars drawn for a wide and for a narrow container; chart.css shows one of them.

    For pages, where the width is not known; with a legend where two series are stacked. Same
    arguments and errors as `bar_chart`.
    """
    wide, narrow = (
        bar_chart(
            rows,
            title=title,
            description=description,
            value_label=value_label,
            language=language,
            direction=direction,
            width=width,
            second_label=second_label,
            unit=unit,
        )
        for width in (720, NARROW_WIDTH)
    )
    if not wide or not narrow:
        return SafeString("")
    series = [("chart-first", value_label)] if second_label else []
    series += [("chart-second", second_label)] if second_label else []
    return format_html(
        '<div class="chart-fluid">{}<div class="chart-wide">{}</div>'
        '<div class="chart-narrow">{}</div></div>',
        legend(series),
        wide,
        narrow,
    )


def legend(series: Sequence[tuple[str, str]]) -> SafeString:
    """A list of (class of the mark, words); empty for none."""
    if not series:
        return SafeString("")
    items = format_html_join("", '<li><span class="chart-key {}"></span> {}</li>', series)
    return format_html('<ul class="chart-legend">{}</ul>', items)


@lru_cache(maxsize=64)
def _draw(rows: tuple[Bar, ...], frame: _Frame) -> SafeString:
    with override(frame.language):
        labels = [_label_lines(row, frame) for row in rows]
        amounts = [_amount(row, frame) for row in rows]
        heights = [_height(lines, frame) for lines in labels]
        total = float(sum(heights))
        marks = {
            mark.key: mark for mark in placed_marks(_specification(rows, amounts, heights, frame))
        }
        root = svg.picture(
            "chart-bars",
            box=f"0 0 {frame.width} {svg.number(total)}",
            title=frame.title,
            description=frame.description,
            language=frame.language,
            direction=frame.direction,
        )
        for index, row in enumerate(rows):
            _row(root, row, labels[index], marks, index, frame)
        return svg.markup(root)


def _specification(
    rows: Sequence[Bar], amounts: Sequence[str], heights: Sequence[float], frame: _Frame
) -> dict[str, object]:
    """Vega-Lite 6: bars and figures placed by the library; labels are ours, so that they wrap."""
    longest = max(float(row.value) + float(row.second or 0) for row in rows)
    room = max(svg.text_width(amount, VALUE_FONT) for amount in amounts) + GAP
    start = 0.0 if frame.is_narrow else frame.label_width + GAP
    end = float(frame.width) if frame.is_narrow else frame.width - room
    span = [frame.width - start, frame.width - end] if frame.is_mirrored else [start, end]
    bars: list[dict[str, object]] = []
    values: list[dict[str, object]] = []
    top = 0.0
    for index, row in enumerate(rows):
        first, both = float(row.value), float(row.value) + float(row.second or 0)
        middle = top + _middle(heights[index], frame)
        bars.append({"key": f"first-{index}", "from": 0, "to": first, "middle": middle})
        if row.second:
            bars.append({"key": f"second-{index}", "from": first, "to": both, "middle": middle})
        values.append({"key": f"amount-{index}", "to": both, "middle": middle})
        top += heights[index]
    x: dict[str, object] = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, longest or 1], "range": span, "nice": False, "padding": 0},
    }
    y: dict[str, object] = {
        "field": "middle",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, top], "range": [0, top], "nice": False, "padding": 0},
    }
    name = {"field": "key", "type": "nominal"}
    return {
        "width": frame.width,
        "height": top,
        "padding": 0,
        "autosize": {"type": "none"},
        "background": None,
        "view": {"stroke": None},
        "layer": [
            {
                "data": {"values": bars},
                "mark": {"type": "bar", "orient": "horizontal", "size": BAR},
                "encoding": {
                    "x": {**x, "field": "from"},
                    "x2": {"field": "to"},
                    "y": y,
                    "description": name,
                },
            },
            {
                "data": {"values": values},
                "mark": {"type": "circle"},
                "encoding": {"x": {**x, "field": "to"}, "y": y, "description": name},
            },
        ],
    }


def _row(
    root: Element,
    row: Bar,
    lines: Sequence[str],
    marks: Mapping[str, Mark],
    index: int,
    frame: _Frame,
) -> None:
    """One row: a link or group with its bars, its label and its figure."""
    group = svg.named(root, _name(row, frame), row.href, kind="chart-row")
    for kind, amount in (("first", row.value), ("second", row.second)):
        if amount:
            _rectangle(group, marks[f"{kind}-{index}"], f"chart-{kind}", frame)
    start, end = ("end", "start") if frame.is_mirrored else ("start", "end")
    edge, far = (frame.width, 0) if frame.is_mirrored else (0, frame.width)
    place = marks[f"amount-{index}"]
    if frame.is_narrow:
        base = place.y - BAR / 2 - TAIL
        label_at = base - LINE * (len(lines) - 1)
        figure_at, side = float(far), end
    else:
        base = place.y + FONT * 0.35
        label_at = base - LINE * (len(lines) - 1) / 2
        figure_at, side = place.x + (-GAP / 2 if frame.is_mirrored else GAP / 2), start
    svg.text(group, lines, kind="chart-label", x=edge, y=label_at, anchor=start, step=LINE)
    figure = [_amount(row, frame)]
    svg.text(group, figure, kind="chart-amount", x=figure_at, y=base, anchor=side, step=LINE)


def _rectangle(parent: Element, mark: Mark, kind: str, frame: _Frame) -> None:
    shape = RECTANGLE.match(mark.element.get("d", ""))
    if shape is None:
        raise RendererFailed("charts.unreadable")
    x, y, width, height = map(float, shape.groups())
    left, right = sorted((mark.x + x, mark.x + x + width))
    # What is there is seen, however small beside the longest bar.
    shown = max(right - left, LEAST_BAR)
    SubElement(
        parent,
        "rect",
        {
            "class": kind,
            "x": svg.number(right - shown if frame.is_mirrored else left),
            "y": svg.number(mark.y + min(y, y + height)),
            "width": svg.number(shown),
            "height": svg.number(abs(height)),
        },
    )


def _label_lines(row: Bar, frame: _Frame) -> list[str]:
    """At most two lines; a narrow picture shares the last line with the figure."""
    room = frame.label_width
    if frame.is_narrow:
        room -= svg.text_width(_amount(row, frame), VALUE_FONT) + 2 * GAP
    return svg.fitted(row.label, width=room, size=FONT, lines=2)


def _height(lines: Sequence[str], frame: _Frame) -> float:
    text = LINE * max(len(lines), 1)
    return text + TAIL + BAR + GAP if frame.is_narrow else max(text, BAR) + GAP


def _middle(height: float, frame: _Frame) -> float:
    """Where the middle of the bar lies in a row: its foot in a narrow picture, else its centre."""
    return height - GAP / 2 - BAR / 2 if frame.is_narrow else height / 2


def _amount(row: Bar, frame: _Frame) -> str:
    """The short figure beside the bar: the total of a stacked row, and the share."""
    figure = figures.short(float(row.value) + float(row.second or 0), frame.unit)
    if row.share is None:
        return figure
    return gettext("%(figure)s (%(share)s)") % {
        "figure": figure,
        "share": figures.isolated(percent_text(row.share)),
    }


def _name(row: Bar, frame: _Frame) -> str:
    """The row in words, in full: what a screen reader says and a pointer shows."""
    words = {
        "label": figures.isolated(row.label),
        "series": frame.value_label,
        "value": figures.isolated(figures.exact(float(row.value), frame.unit)),
    }
    if row.second is not None and row.share is not None:
        sentence = gettext("%(label)s: %(series)s %(value)s, %(other)s %(second)s, share %(share)s")
    elif row.second is not None:
        sentence = gettext("%(label)s: %(series)s %(value)s, %(other)s %(second)s")
    elif row.share is not None:
        sentence = gettext("%(label)s: %(series)s %(value)s, share %(share)s")
    else:
        sentence = gettext("%(label)s: %(series)s %(value)s")
    if row.second is not None:
        words["other"] = frame.second_label
        words["second"] = figures.isolated(figures.exact(float(row.second), frame.unit))
    if row.share is not None:
        words["share"] = figures.isolated(percent_text(row.share))
    return sentence % words
