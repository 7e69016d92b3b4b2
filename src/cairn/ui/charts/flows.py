"""Movements between areas on the world map: curves from middle to middle, never from a point."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from cairn.ui.charts import figures, svg, world
from cairn.ui.charts.bands import band_of, make_bands
from cairn.ui.charts.logs import refused
from cairn.ui.charts.renderer import RendererFailed
from cairn.ui.charts.shapes import BoundariesRefused, boundary_path, is_code
from cairn.ui.charts.world import MapPicture

# More curves than this cover each other and the map.
MOST_FLOWS = 40
# How far a curve leaves the straight line, as a share of its length. Widths of the five tones in
# tenths of a unit, as in chart-statistics.css.
BEND = 0.18
WIDTHS = (9, 15, 23, 33, 45)
HEAD = 46


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """An area: what it is called, and the countries (alpha-3) that it is made of."""

    name: str
    countries: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a code that is not alpha-3: only areas with a shape are drawn."""
        for code in self.countries:
            if not is_code(code):
                raise ValueError(f"{code!r} is not an ISO 3166-1 alpha-3 code.")


@dataclass(frozen=True, slots=True)
class Flow:
    """`value` persons from one area to another, or within one (`start` is `end`)."""

    start: FlowEnd
    end: FlowEnd
    value: int

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ValueError("A flow of nobody is not drawn.")


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    language: str
    direction: str


def flow_map(
    flows: Sequence[Flow],
    *,
    title: str,
    description: str,
    legend_title: str,
    language: str,
    direction: str,
) -> MapPicture:
    """The largest MOST_FLOWS of `flows`, the strongest on top, under the bands of a legend.

    A flow within one area is a ring around its middle. `without_shape`: names of areas none of
    whose countries stands on the map. The picture is empty (logged) when the boundary file or the
    library fails, and without flows.
    """
    drawn = tuple(sorted(flows, key=lambda each: -each.value)[:MOST_FLOWS])
    frame = _Frame(str(title), str(description), language, direction)
    with override(language):
        limits, legend = make_bands([float(each.value) for each in drawn], None, unit="")
        places: tuple[world._Place, ...] = ()
        picture = SafeString("")
        try:
            places = world._places(*world._fingerprint(boundary_path()))
        except RendererFailed as failure:
            picture = refused(failure.code)
        except BoundariesRefused as failure:
            picture = refused("charts.boundaries", str(failure))
        middles = _middles(places, drawn)
        if drawn and places:
            tones = tuple(legend[band_of(float(each.value), limits)].tone for each in drawn)
            picture = _draw(places, drawn, tones, tuple(sorted(middles.items())), frame)
        lost = {end.name for each in drawn for end in (each.start, each.end)} - set(middles)
        without_code = tuple(world._own_name(place.area) for place in places if not place.area.code)
        return MapPicture(
            svg=picture,
            bands=legend,
            without_shape=tuple(sorted(lost)) if places else (),
            without_code=without_code,
            legend_title=str(legend_title),
            note=world._note(without_code),
        )


def _middles(
    places: Sequence[world._Place], flows: Sequence[Flow]
) -> Mapping[str, tuple[int, int]]:
    """Name of an area -> the middle of its shapes, the larger ones weighing more."""
    shapes = {place.area.code: place for place in places if place.area.code}
    found: dict[str, tuple[int, int]] = {}
    for end in {end for each in flows for end in (each.start, each.end)}:
        own = [shapes[code] for code in end.countries if code in shapes]
        if own:
            weights = [max(place.outline.area, 1) if place.outline else 1 for place in own]
            whole = sum(weights)
            x, y = (
                round(
                    sum(w * place.centre[axis] for w, place in zip(weights, own, strict=True))
                    / whole
                )
                for axis in (0, 1)
            )
            found[end.name] = (x, y)
    return found


@lru_cache(maxsize=8)
def _draw(
    places: tuple[world._Place, ...],
    flows: tuple[Flow, ...],
    tones: tuple[int, ...],
    middles: tuple[tuple[str, tuple[int, int]], ...],
    frame: _Frame,
) -> SafeString:
    root = svg.picture(
        "chart-map chart-flows",
        box=world._box(places),
        title=frame.title,
        description=frame.description,
        language=frame.language,
        direction=frame.direction,
    )
    land = SubElement(root, "g", {"class": "map-none", "aria-hidden": "true"})
    for place in places:
        if place.outline and place.area.code:
            SubElement(land, "path", {"d": place.outline.path})
    dashed = SubElement(root, "g", {"class": "map-uncoded", "aria-hidden": "true"})
    for place in places:
        if place.outline and not place.area.code:
            SubElement(dashed, "path", {"d": place.outline.path})
    at = dict(middles)
    # From below to above: what stays within an area, then movements, the strongest last.
    order = sorted(
        zip(flows, tones, strict=True),
        key=lambda pair: (pair[0].start != pair[0].end, pair[0].value),
    )
    for flow, tone in order:
        if flow.start.name in at and flow.end.name in at:
            _curve(root, flow, tone, at[flow.start.name], at[flow.end.name])
    return svg.markup(root)


def _curve(
    root: Element, flow: Flow, tone: int, start: tuple[int, int], end: tuple[int, int]
) -> None:
    words = {
        "start": flow.start.name,
        "end": flow.end.name,
        "value": figures.isolated(figures.exact(float(flow.value), "")),
    }
    is_within = flow.start == flow.end
    sentence = gettext("%(start)s to %(end)s: %(value)s")
    if is_within:
        sentence = gettext("Within %(start)s: %(value)s")
    mark = svg.named(root, sentence % words, None, kind=f"chart-flow chart-flow-{tone}")
    x0, y0 = start
    if is_within or start == end:
        circle = {"cx": str(x0), "cy": str(y0), "r": "60", "class": "chart-flow-ring"}
        SubElement(mark, "circle", circle)
        return
    x1, y1 = end
    across, down = x1 - x0, y1 - y0
    length = math.hypot(across, down)
    # Always to the left of its way, so that there and back are two curves.
    bend_x, bend_y = (x0 + x1) / 2 + BEND * down, (y0 + y1) / 2 - BEND * across
    path = f"M{x0} {y0}Q{bend_x:.0f} {bend_y:.0f} {x1} {y1}"
    SubElement(mark, "path", {"d": path, "class": "chart-flow-line"})
    along_x, along_y = (x1 - bend_x) / max(1.0, length), (y1 - bend_y) / max(1.0, length)
    size = math.hypot(along_x, along_y) or 1.0
    along_x, along_y = along_x / size, along_y / size
    head = HEAD + WIDTHS[tone - 1]
    back_x, back_y = x1 - head * along_x, y1 - head * along_y
    left = (back_x - head * 0.45 * along_y, back_y + head * 0.45 * along_x)
    right = (back_x + head * 0.45 * along_y, back_y - head * 0.45 * along_x)
    corners = "L".join(f"{x:.0f} {y:.0f}" for x, y in (left, (x1, y1), right))
    SubElement(mark, "path", {"d": f"M{corners}Z", "class": "chart-flow-head"})
