"""The chain of results as a picture: five stones in a row, each with the figure it is known by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from cairn.ui.charts import svg

WIDE, NARROW = 720, 340
FONT, LINE, VALUE_LINE = 12, 15, 20
PAD, GAP, ROUND = 8, 26, 10
WIDE_HEIGHT, NARROW_HEIGHT = 132, 84
ARROW = 7


@dataclass(frozen=True, slots=True)
class Stone:
    """One step. `value`: its figure in words, or why there is none; `label`: what is counted.

    `is_told` False: the stone is drawn open, since its figure is not told. `href`: where it leads.
    """

    step: str
    value: str
    label: str
    period: str
    href: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    language: str
    direction: str
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width < WIDE

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"


def chain_picture(
    stones: Sequence[Stone], *, title: str, description: str, language: str, direction: str
) -> SafeString:
    """A wide and a narrow drawing; chart.css shows the one that fits. Empty for no stones.

    Wide: from the start of the line to its end; narrow: from top to bottom.
    """
    if not stones:
        return SafeString("")
    drawings = [
        _draw(tuple(stones), _Frame(title, description, language, direction, width))
        for width in (WIDE, NARROW)
    ]
    return format_html(
        '<div class="chart-fluid"><div class="chart-wide">{}</div>'
        '<div class="chart-narrow">{}</div></div>',
        *drawings,
    )


@lru_cache(maxsize=32)
def _draw(stones: tuple[Stone, ...], frame: _Frame) -> SafeString:
    count = len(stones)
    if frame.is_narrow:
        width, height = float(frame.width), float(NARROW_HEIGHT)
        whole = count * height + (count - 1) * GAP
    else:
        width, height = (frame.width - (count - 1) * GAP) / count, float(WIDE_HEIGHT)
        whole = height
    with override(frame.language):
        root = svg.picture(
            "chart-chain",
            box=f"0 0 {frame.width} {svg.number(whole)}",
            title=frame.title,
            description=frame.description,
            language=frame.language,
            direction=frame.direction,
        )
        for place, stone in enumerate(stones):
            along = place * ((height if frame.is_narrow else width) + GAP)
            x, y = (0.0, along) if frame.is_narrow else (along, 0.0)
            if frame.is_mirrored:
                x = frame.width - x - width
            if place:
                _arrow(root, x, y, width, height, frame)
            _stone(root, stone, x, y, width, height)
        return svg.markup(root)


def _stone(root: Element, stone: Stone, x: float, y: float, width: float, height: float) -> None:
    words = gettext("%(step)s: %(label)s, %(period)s: %(value)s") % {
        "step": stone.step,
        "label": stone.label,
        "period": stone.period,
        "value": stone.value,
    }
    group = svg.named(root, words, stone.href or None, kind="chart-row")
    SubElement(
        group,
        "rect",
        {
            "class": "chart-chain-stone" if stone.is_told else "chart-chain-stone chart-chain-open",
            "x": svg.number(x + 1),
            "y": svg.number(y + 1),
            "width": svg.number(width - 2),
            "height": svg.number(height - 2),
            "rx": svg.number(ROUND),
        },
    )
    room, middle = width - 2 * PAD, x + width / 2
    label = svg.fitted(stone.label, width=room, size=FONT, lines=3)
    top = y + PAD + LINE
    for rows, kind, step in (
        ([stone.step], "chart-amount", LINE),
        (svg.fitted(stone.value, width=room, size=FONT + 3, lines=1), "chart-chain-value", LINE),
        (label, "chart-label", LINE),
    ):
        svg.text(group, rows, kind=kind, x=middle, y=top, anchor="middle", step=step)
        top += VALUE_LINE + (len(rows) - 1) * step


def _arrow(root: Element, x: float, y: float, width: float, height: float, frame: _Frame) -> None:
    """From the stone before to this one."""
    if frame.is_narrow:
        middle = x + width / 2
        points = [
            (middle - ARROW, y - GAP / 2 - ARROW / 2),
            (middle + ARROW, y - GAP / 2 - ARROW / 2),
            (middle, y - GAP / 2 + ARROW),
        ]
    else:
        middle = y + height / 2
        turned = -1 if frame.is_mirrored else 1
        from_edge = x - GAP / 2 if not frame.is_mirrored else x + width + GAP / 2
        points = [
            (from_edge - turned * ARROW / 2, middle - ARROW),
            (from_edge - turned * ARROW / 2, middle + ARROW),
            (from_edge + turned * ARROW, middle),
        ]
    drawn = " ".join(f"{svg.number(one)},{svg.number(other)}" for one, other in points)
    SubElement(root, "polygon", {"class": "chart-chain-arrow", "points": drawn})
