"""A cascade as a picture: who trained whom, column by column, one for each generation."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, override

from cairn.ui.charts import figures, svg
from cairn.ui.formats import number_text, percent_text

# More than these are a thicket: the smallest of each generation are drawn as one.
MOST_NODES = 40
MOST_IN_A_COLUMN = 8
WIDE, NARROW = 720, 340
# A narrow picture has no room for more side by side.
MOST_IN_A_ROW = 4
LEAST_COLUMN = 72
LEAST_RADIUS, MOST_RADIUS = 6.0, 20.0
LEAST_LINK, MOST_LINK = 1.0, 14.0
FONT, LINE = 11, 14
HEADING = 2 * LINE + 12
PAD = 6
# Shares from which on a node has the middle and the strongest tone. Four of five is what many
# pass marks ask for; below three of five most of what was taught is at risk. A choice of this
# platform, written out in the legend.
THRESHOLDS = (0.6, 0.8)
KINDS = ("low", "middle", "high", "unknown")
TONES = {"low": 1, "middle": 3, "high": 5}


@dataclass(frozen=True, slots=True)
class CascadeStone:
    """One node: a training, or several drawn as one.

    `generation`: its column, from 0. `people`: its size. `quality`: 0 to 1, None where it was not
    measured. `is_counted`: its people are known by number only. `href`: where it leads. Raises
    ValueError for a figure out of range.
    """

    key: str
    label: str
    generation: int
    people: float
    quality: float | None = None
    is_counted: bool = False
    href: str | None = None

    def __post_init__(self) -> None:
        if self.generation < 0 or not (math.isfinite(self.people) and self.people >= 0):
            raise ValueError("A node has a generation and a number of people from zero upwards.")
        if self.quality is not None and not 0 <= self.quality <= 1:
            raise ValueError("The quality of a node is a share from 0 to 1.")


@dataclass(frozen=True, slots=True)
class CascadeLine:
    """Trainers who came out of one node taught `people` of another; both by key."""

    source: str
    target: str
    people: float


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    quality_label: str
    language: str
    direction: str
    width: int

    @property
    def is_narrow(self) -> bool:
        return self.width < WIDE

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    radius: float


def generation_chart(
    stones: Sequence[CascadeStone],
    lines: Sequence[CascadeLine],
    *,
    title: str,
    description: str,
    quality_label: str,
    language: str,
    direction: str,
) -> SafeString:
    """A wide and a narrow drawing with a legend; chart.css shows the one that fits.

    Wide: generations from the start of the line to its end; narrow: from top to bottom.
    `direction`: "ltr" or "rtl". `quality_label`: what the colour stands for ("Passed the test").
    Lines to keys that are not there are left out. Empty for no stones. Raises ValueError for an
    unsafe address.
    """
    if not stones:
        return SafeString("")
    with override(language):
        drawings = []
        for width in (WIDE, NARROW):
            kept, links = fold(stones, lines, most=_most_in_a_column(stones, width))
            frame = _Frame(
                str(title), str(description), str(quality_label), language, direction, width
            )
            drawings.append(_draw(tuple(kept), tuple(links), frame))
        return format_html(
            '<div class="chart-fluid">{}<div class="chart-wide">{}</div>'
            '<div class="chart-narrow">{}</div></div>',
            _legend(stones, str(quality_label)),
            *drawings,
        )


def fold(
    stones: Sequence[CascadeStone], lines: Sequence[CascadeLine], *, most: int
) -> tuple[list[CascadeStone], list[CascadeLine]]:
    """At most `most` stones a generation, the largest; the others as one, with their lines.

    The folded one is named "and n others", has the mean quality by people, and is counted only
    when all of it is.
    """
    columns: dict[int, list[CascadeStone]] = defaultdict(list)
    for stone in stones:
        columns[stone.generation].append(stone)
    kept: list[CascadeStone] = []
    became: dict[str, str] = {}
    for generation in sorted(columns):
        column = sorted(columns[generation], key=lambda each: (-each.people, each.label, each.key))
        shown, rest = (
            (column, []) if len(column) <= most else (column[: most - 1], column[most - 1 :])
        )
        kept += shown
        became |= {each.key: each.key for each in shown}
        if rest:
            folded = _folded(generation, rest)
            kept.append(folded)
            became |= {each.key: folded.key for each in rest}
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for line in lines:
        if line.source in became and line.target in became and line.people > 0:
            weights[became[line.source], became[line.target]] += line.people
    links = [CascadeLine(*pair, people) for pair, people in sorted(weights.items())]
    return kept, links


def _folded(generation: int, rest: Sequence[CascadeStone]) -> CascadeStone:
    measured = [each for each in rest if each.quality is not None]
    people = math.fsum(each.people for each in measured)
    quality = None
    if people:
        quality = math.fsum((each.quality or 0) * each.people for each in measured) / people
    label = ngettext("and %(count)s other", "and %(count)s others", len(rest)) % {
        "count": number_text(len(rest))
    }
    return CascadeStone(
        f"others-{generation}",
        label,
        generation,
        math.fsum(each.people for each in rest),
        None if quality is None else min(quality, 1.0),
        all(each.is_counted for each in rest),
    )


def kind_of(quality: float | None) -> str:
    """Which shape and tone a node has: "low", "middle", "high" or "unknown"."""
    if quality is None:
        return "unknown"
    return KINDS[sum(quality >= limit for limit in THRESHOLDS)]


def _most_in_a_column(stones: Iterable[CascadeStone], width: int) -> int:
    columns = len({each.generation for each in stones})
    most = MOST_IN_A_COLUMN if width >= WIDE else MOST_IN_A_ROW
    return max(2, min(most, MOST_NODES // columns))


@lru_cache(maxsize=32)
def _draw(
    stones: tuple[CascadeStone, ...], lines: tuple[CascadeLine, ...], frame: _Frame
) -> SafeString:
    columns = _columns(stones, lines)
    largest = max(each.people for each in stones) or 1.0
    radii = {each.key: _radius(each.people / largest) for each in stones}
    places, width, height = (_stacked if frame.is_narrow else _side_by_side)(columns, radii, frame)
    root = svg.picture(
        "chart-cascade",
        box=f"0 0 {svg.number(width)} {svg.number(height)}",
        title=frame.title,
        description=frame.description,
        language=frame.language,
        direction=frame.direction,
    )
    _headings(root, columns, places, width, frame)
    heaviest = max((each.people for each in lines), default=1.0)
    labels = {each.key: each.label for each in stones}
    for line in lines:
        _link(root, line, places, heaviest, labels, frame)
    for stone in stones:
        _stone(root, stone, places[stone.key], width / max(len(columns), 1), frame)
    return svg.markup(root)


def _columns(
    stones: Sequence[CascadeStone], lines: Sequence[CascadeLine]
) -> dict[int, list[CascadeStone]]:
    """Stones by generation; inside it near those who trained them, so that lines cross less."""
    found: dict[int, list[CascadeStone]] = defaultdict(list)
    for stone in sorted(stones, key=lambda each: each.generation):
        found[stone.generation].append(stone)
    heights: dict[str, float] = {}
    above: dict[str, list[CascadeLine]] = defaultdict(list)
    for line in lines:
        above[line.target].append(line)
    for column in found.values():
        middle: dict[str, float] = {}
        for place, stone in enumerate(column):
            known = [line for line in above[stone.key] if line.source in heights]
            weight = sum(line.people for line in known)
            middle[stone.key] = (
                sum(heights[line.source] * line.people for line in known) / weight
                if weight
                else place / len(column)
            )
        column.sort(key=lambda each: (each.key.startswith("others-"), middle[each.key]))
        heights |= {each.key: place / len(column) for place, each in enumerate(column)}
    return dict(found)


def _radius(share: float) -> float:
    """Areas are in proportion to people, from a size on that can still be seen and touched."""
    return max(LEAST_RADIUS, MOST_RADIUS * math.sqrt(share))


def _side_by_side(
    columns: Mapping[int, Sequence[CascadeStone]], radii: Mapping[str, float], frame: _Frame
) -> tuple[dict[str, _Place], float, float]:
    """Generations as columns."""
    width = max(frame.width, LEAST_COLUMN * len(columns))
    step = width / len(columns)
    cell = 2 * MOST_RADIUS + 2 * LINE + 2 * PAD
    tallest = max(map(len, columns.values()))
    places = {}
    for index, column in enumerate(columns.values()):
        x = step * (index + 0.5)
        top = HEADING + (tallest - len(column)) * cell / 2
        for row, stone in enumerate(column):
            y = top + row * cell + MOST_RADIUS + PAD
            places[stone.key] = _Place(width - x if frame.is_mirrored else x, y, radii[stone.key])
    return places, width, HEADING + tallest * cell


def _stacked(
    columns: Mapping[int, Sequence[CascadeStone]], radii: Mapping[str, float], frame: _Frame
) -> tuple[dict[str, _Place], float, float]:
    """Generations one below the other."""
    cell = HEADING / 2 + 2 * MOST_RADIUS + 2 * LINE + 4 * PAD
    places = {}
    for index, column in enumerate(columns.values()):
        y = index * cell + HEADING / 2 + MOST_RADIUS + PAD
        for row, stone in enumerate(column):
            x = frame.width * (row + 0.5) / len(column)
            places[stone.key] = _Place(
                frame.width - x if frame.is_mirrored else x, y, radii[stone.key]
            )
    return places, frame.width, len(columns) * cell


def _headings(
    root: Element,
    columns: Mapping[int, Sequence[CascadeStone]],
    places: Mapping[str, _Place],
    width: float,
    frame: _Frame,
) -> None:
    for generation, column in columns.items():
        words = generation_name(generation)
        if frame.is_narrow:
            x = width if frame.is_mirrored else 0.0
            y = min(places[each.key].y for each in column) - MOST_RADIUS - PAD
            anchor = "end" if frame.is_mirrored else "start"
            svg.text(root, [words], kind="chart-amount", x=x, y=y, anchor=anchor, step=LINE)
            continue
        room = width / len(columns) - PAD
        rows = svg.fitted(words, width=room, size=FONT, lines=2)
        x = places[column[0].key].x
        svg.text(root, rows, kind="chart-amount", x=x, y=LINE, anchor="middle", step=LINE)


def generation_name(generation: int) -> str:
    """What a column is called."""
    if generation == 0:
        return gettext("Root trainers")
    return gettext("Generation %(number)s") % {"number": number_text(generation)}


def _link(
    root: Element,
    line: CascadeLine,
    places: Mapping[str, _Place],
    heaviest: float,
    labels: Mapping[str, str],
    frame: _Frame,
) -> None:
    one, other = places[line.source], places[line.target]
    thick = max(LEAST_LINK, MOST_LINK * line.people / heaviest)
    n = svg.number
    if frame.is_narrow:
        middle = (one.y + other.y) / 2
        curve = f"C{n(one.x)} {n(middle)} {n(other.x)} {n(middle)} {n(other.x)} {n(other.y)}"
    else:
        middle = (one.x + other.x) / 2
        curve = f"C{n(middle)} {n(one.y)} {n(middle)} {n(other.y)} {n(other.x)} {n(other.y)}"
    group = SubElement(root, "g", {"class": "chart-cascade-line", "aria-hidden": "true"})
    words = gettext("From %(source)s to %(target)s: %(people)s") % {
        "source": figures.isolated(labels[line.source]),
        "target": figures.isolated(labels[line.target]),
        "people": _people(line.people),
    }
    SubElement(group, "title").text = svg.clean(words)
    SubElement(group, "path", {"d": f"M{n(one.x)} {n(one.y)}{curve}", "stroke-width": n(thick)})


def _stone(root: Element, stone: CascadeStone, place: _Place, room: float, frame: _Frame) -> None:
    kind = kind_of(stone.quality)
    group = svg.named(root, _words(stone, frame), stone.href, kind="chart-row")
    _shape(group, kind, place, is_counted=stone.is_counted)
    if frame.is_narrow:
        room = frame.width / MOST_IN_A_ROW
    label = svg.fitted(stone.label, width=room - PAD, size=FONT, lines=1)
    y = place.y + place.radius + LINE
    svg.text(group, label, kind="chart-label", x=place.x, y=y, anchor="middle", step=LINE)
    amount = [figures.short(round(stone.people, 1), "")]
    svg.text(group, amount, kind="chart-amount", x=place.x, y=y + LINE, anchor="middle", step=LINE)


def _shape(parent: Element, kind: str, place: _Place, *, is_counted: bool) -> None:
    """High a disc, middle a square, low a triangle, unknown a diamond: no colour is needed."""
    x, y, r = place.x, place.y, place.radius
    look = f"chart-band-{TONES[kind]}" if kind in TONES else "chart-cascade-unknown"
    look += " chart-cascade-counted" if is_counted else ""
    attributes = {"class": f"chart-cascade-stone {look}"}
    if kind == "high":
        place_of = {"cx": x, "cy": y, "r": r}
        SubElement(parent, "circle", attributes | {k: svg.number(v) for k, v in place_of.items()})
        return
    corners = {
        "middle": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "low": [(0, -1.1), (1.1, 0.85), (-1.1, 0.85)],
        "unknown": [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)],
    }[kind]
    points = " ".join(f"{svg.number(x + a * r)},{svg.number(y + b * r)}" for a, b in corners)
    SubElement(parent, "polygon", attributes | {"points": points})


def _people(people: float) -> str:
    shown = round(people, 1)
    figure = number_text(int(shown) if shown == int(shown) else shown)
    return ngettext("%(count)s person", "%(count)s people", 1 if shown == 1 else 2) % {
        "count": figures.isolated(figure)
    }


def _words(stone: CascadeStone, frame: _Frame) -> str:
    """The node in a sentence: what a screen reader says and a pointer shows."""
    words = {
        "label": figures.isolated(stone.label),
        "generation": generation_name(stone.generation),
        "people": _people(stone.people),
        "quality": frame.quality_label,
        "share": figures.isolated(percent_text(stone.quality)),
    }
    if stone.quality is None and stone.is_counted:
        sentence = gettext("%(label)s, %(generation)s: %(people)s, counted, not measured")
    elif stone.quality is None:
        sentence = gettext("%(label)s, %(generation)s: %(people)s, not measured")
    elif stone.is_counted:
        sentence = gettext("%(label)s, %(generation)s: %(people)s, counted, %(quality)s %(share)s")
    else:
        sentence = gettext("%(label)s, %(generation)s: %(people)s, %(quality)s %(share)s")
    return sentence % words


def _legend(stones: Sequence[CascadeStone], quality_label: str) -> SafeString:
    """Shapes in words, only those that the picture has."""
    low, high = (figures.isolated(percent_text(limit)) for limit in THRESHOLDS)
    ranges = {
        "high": gettext("%(high)s or more") % {"high": high},
        "middle": gettext("%(low)s to under %(high)s") % {"low": low, "high": high},
        "low": gettext("under %(low)s") % {"low": low},
    }
    shown = {kind_of(each.quality) for each in stones}
    entries = [
        (kind, False, f"{figures.isolated(quality_label)}: {ranges[kind]}")
        for kind in reversed(KINDS)
        if kind in ranges
    ]
    entries.append(("unknown", False, gettext("Not measured")))
    entries = [each for each in entries if each[0] in shown]
    if any(each.is_counted for each in stones):
        entries.append(("unknown", True, gettext("Dashed outline: people are counted, not named")))
    size = gettext("The larger the shape and the wider the line, the more people.")
    return format_html(
        '<ul class="chart-legend">{}</ul><p class="chart-note">{}</p>',
        format_html_join(
            "",
            "<li>{} {}</li>",
            ((_key(kind, is_counted=is_counted), words) for kind, is_counted, words in entries),
        ),
        size,
    )


def _key(kind: str, *, is_counted: bool) -> SafeString:
    root = Element(
        "svg",
        {"class": "chart-svg chart-key-shape", "viewBox": "0 0 20 20", "aria-hidden": "true"},
    )
    _shape(root, kind, _Place(10, 10, 7.5), is_counted=is_counted)
    return svg.markup(root)
