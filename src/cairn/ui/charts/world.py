"""The world in colour bands: countries with a value, links, tooltips, and nobody lost."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import pycountry
from babel import Locale
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, override

from cairn.ui.charts import figures, svg
from cairn.ui.charts.bands import Band, band_of, make_bands
from cairn.ui.charts.logs import refused
from cairn.ui.charts.paths import SCALE, Outline, outline
from cairn.ui.charts.renderer import RendererFailed, placed_marks
from cairn.ui.charts.shapes import Area, BoundariesRefused, boundary_path, is_code, read_areas
from cairn.ui.formats import locale

# The sentence that United Nations publications print under their maps.
DISCLAIMER = gettext_lazy(
    "The boundaries and names shown and the designations used on this map do not imply official "
    "endorsement or acceptance by the United Nations."
)
# Areas of the shipped file that have no ISO 3166-1 code. Kosovo is named as United Nations
# documents name it, by Security Council resolution 1244 (1999).
AREAS_WITHOUT_CODE: Mapping[str, str | Promise] = {
    "Kosovo": gettext_lazy("Kosovo (under Security Council resolution 1244)"),
    "Northern Cyprus": gettext_lazy("northern Cyprus"),
    "Somaliland": gettext_lazy("Somaliland"),
}
WIDTH = 720
# Width to height of the whole Equal Earth projection (Savric, Patterson, Jenny 2018).
ASPECT = 2.05458
# The map is cut at 169 degrees West, between the two continents, not through Chukotka.
CENTRE_MERIDIAN = 11
# In tenths of a unit: margin, radius of a circle, and the area (12 square pixels at full size)
# below which a shape with a value gets a circle as well, because nobody would see it.
MARGIN, RADIUS, SMALL = 40, 34, 1200


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A map and what the page prints around it.

    `svg`: the picture, empty when it could not be drawn. `bands`: the legend from low to high,
    empty without values. `without_shape`: codes that have a value and stand nowhere on the map.
    `without_code`: names of areas drawn without a value because no country code is theirs. `note`:
    the sentences to print below every map.
    """

    svg: SafeString
    bands: tuple[Band, ...]
    without_shape: tuple[str, ...]
    without_code: tuple[str, ...]
    legend_title: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """An area as drawn: `outline` is None for a place that is only a point.

    Two are equal when they are the same object, so that a map can be kept under its places.
    """

    area: Area
    outline: Outline | None
    centre: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    description: str
    unit: str
    language: str
    direction: str


def world_map(
    values: Mapping[str, float],
    *,
    title: str,
    description: str,
    legend_title: str,
    language: str,
    direction: str,
    bands: Sequence[float] | None = None,
    hrefs: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    unit: str = "USD",
) -> MapPicture:
    """A map of `values` by ISO 3166-1 alpha-3, in the Equal Earth projection, without Antarctica.

    `bands`: None for five bands of about equally many countries, or one to four rising thresholds.
    `hrefs`: where a country with a value leads. `names`: what countries are called, by alpha-3;
    the language's own names (CLDR) fill the gaps. `unit` as in `bar_chart`.

    The picture is empty (logged) when the boundary file or the library fails. Raises ValueError
    for a code that is not alpha-3, a value that is not finite, bad thresholds, an unsafe address.
    """
    for code, value in values.items():
        if not is_code(code):
            raise ValueError(f"{code!r} is not an ISO 3166-1 alpha-3 code.")
        if not math.isfinite(value):
            raise ValueError(f"The value of {code} is {value!r}: leave out what is not known.")
    known = {code: float(value) for code, value in values.items()}
    frame = _Frame(str(title), str(description), unit, language, direction)
    with override(language):
        limits, legend = make_bands(list(known.values()), bands, unit=unit)
        tones = {code: legend[band_of(value, limits)].tone for code, value in known.items()}
        try:
            places = _places(*_fingerprint(boundary_path()))
        except RendererFailed as failure:
            picture, places = refused(failure.code), ()
        except BoundariesRefused as failure:
            picture, places = refused("charts.boundaries", str(failure)), ()
        else:
            picture = _draw(
                places,
                tuple(sorted(known.items())),
                tuple(sorted(tones.items())),
                _fixed(hrefs, known),
                _fixed(names, {place.area.code: 0 for place in places}),
                frame,
            )
        shown = {place.area.code for place in places}
        without_code = tuple(_own_name(place.area) for place in places if not place.area.code)
        return MapPicture(
            svg=picture,
            bands=legend,
            without_shape=tuple(sorted(set(known) - shown)) if places else (),
            without_code=without_code,
            legend_title=str(legend_title),
            note=_note(without_code),
        )


def _fixed(
    texts: Mapping[str, str] | None, wanted: Mapping[str, float]
) -> tuple[tuple[str, str], ...]:
    """The part of a mapping that matters, in a form that can key a cache."""
    return tuple(
        sorted((code, str(text)) for code, text in (texts or {}).items() if code in wanted)
    )


def _note(without_code: Sequence[str]) -> str:
    if not without_code:
        return str(DISCLAIMER)
    return gettext("%(disclaimer)s Drawn with a dashed line and without a value: %(names)s.") % {
        "disclaimer": DISCLAIMER,
        "names": ", ".join(without_code),
    }


def _fingerprint(path: Path) -> tuple[Path, int, int]:
    """Path, time of change and size: a changed file is read again."""
    try:
        state = path.stat()
    except OSError as failure:
        raise BoundariesRefused(f"{path.name} cannot be read: {failure.strerror}.") from failure
    return path, state.st_mtime_ns, state.st_size


@lru_cache(maxsize=2)
def _places(path: Path, _changed: int, _size: int) -> tuple[_Place, ...]:
    """Every area of the file, projected by the library. Independent of values, so done once."""
    areas = read_areas(path)
    features = [
        {"type": "Feature", "key": str(index), "properties": {}, "geometry": area.geometry}
        for index, area in enumerate(areas)
        if area.code != "ATA"
    ]
    marks = placed_marks(
        {
            "width": WIDTH,
            "height": round(WIDTH / ASPECT),
            "padding": 0,
            "autosize": {"type": "none"},
            "background": None,
            "view": {"stroke": None},
            "data": {"values": features},
            "projection": {"type": "equalEarth", "rotate": [-CENTRE_MERIDIAN, 0, 0]},
            "mark": {"type": "geoshape"},
            "encoding": {"description": {"field": "key", "type": "nominal"}},
        }
    )
    return tuple(
        place
        for mark in marks
        if (place := _place(areas[int(mark.key)], mark.element.get("d", "")))
    )


def _place(area: Area, path: str) -> _Place | None:
    if area.is_point:
        # The library draws a point as "Mx,ym0,ra...": its centre is the first pair.
        start = path.removeprefix("M").partition("m")[0]
        x, _, y = start.partition(",")
        if not y:
            raise RendererFailed("charts.unreadable")
        return _Place(area, None, (round(float(x) * SCALE), round(float(y) * SCALE)))
    drawn = outline(path)
    if drawn is None:
        x, _, y = path.removeprefix("M").partition("L")[0].partition(",")
        if not y:
            return None
        return _Place(area, None, (round(float(x) * SCALE), round(float(y) * SCALE)))
    left, top, right, bottom = drawn.box
    return _Place(area, drawn, ((left + right) // 2, (top + bottom) // 2))


@lru_cache(maxsize=16)
def _draw(
    places: tuple[_Place, ...],
    values: tuple[tuple[str, float], ...],
    tones: tuple[tuple[str, int], ...],
    hrefs: tuple[tuple[str, str], ...],
    names: tuple[tuple[str, str], ...],
    frame: _Frame,
) -> SafeString:
    known, tone_of, href_of, given = dict(values), dict(tones), dict(hrefs), dict(names)
    root = svg.picture(
        "chart-map",
        box=_box(places),
        title=frame.title,
        description=frame.description,
        language=frame.language,
        direction=frame.direction,
    )
    called = {place: given.get(place.area.code) or _called(place.area) for place in places}
    valued = sorted(
        (place for place in places if place.area.code in known),
        key=lambda place: (-tone_of[place.area.code], called[place]),
    )
    blank = [p for p in places if p.outline and p.area.code and p.area.code not in known]
    _group(root, "map-none", blank, called)
    # From below to above: shapes, the dashed lines of areas without a code, circles.
    for circles in (False, True):
        for place in valued:
            if _needs_circle(place) == circles:
                code = place.area.code
                words = gettext("%(country)s: %(value)s") % {
                    "country": called[place],
                    "value": figures.isolated(figures.exact(known[code], frame.unit)),
                }
                kind = f"chart-band-{tone_of[code]}"
                mark = svg.named(root, words, href_of.get(code), kind=kind)
                _shape(mark, place, with_circle=circles)
        if not circles:
            _group(root, "map-uncoded", [p for p in places if not p.area.code], called)
    return svg.markup(root)


def _group(
    root: Element, kind: str, places: Sequence[_Place], called: Mapping[_Place, str]
) -> None:
    """Areas without a value: a tooltip for the pointer, nothing for a screen reader."""
    parent = SubElement(root, "g", {"class": kind, "aria-hidden": "true"})
    for place in places:
        area = SubElement(parent, "g")
        words = gettext("%(country)s: no value") % {"country": called[place]}
        SubElement(area, "title").text = svg.clean(words)
        _shape(area, place, with_circle=place.outline is None)


def _shape(parent: Element, place: _Place, *, with_circle: bool) -> None:
    if place.outline:
        SubElement(parent, "path", {"d": place.outline.path})
    if with_circle:
        x, y = place.centre
        SubElement(parent, "circle", {"cx": str(x), "cy": str(y), "r": str(RADIUS)})


def _needs_circle(place: _Place) -> bool:
    return place.outline is None or place.outline.area < SMALL


def _box(places: Sequence[_Place]) -> str:
    """The view box around all that may be drawn, in tenths of a unit."""
    boxes = [place.outline.box if place.outline else place.centre * 2 for place in places]
    left = min(box[0] for box in boxes) - MARGIN
    top = min(box[1] for box in boxes) - MARGIN
    right = max(box[2] for box in boxes) + MARGIN
    bottom = max(box[3] for box in boxes) + MARGIN
    return f"{left} {top} {right - left} {bottom - top}"


def _called(area: Area) -> str:
    return _names(locale()).get(area.code) or _own_name(area)


def _own_name(area: Area) -> str:
    """What an area that CLDR does not name is called: the file's name, else its code."""
    return str(AREAS_WITHOUT_CODE.get(area.name, area.name)) or area.code


@cache
def _names(tongue: Locale) -> dict[str, str]:
    """Country names (CLDR) by alpha-3. At most as many entries as there are languages."""
    return {
        country.alpha_3: tongue.territories[country.alpha_2]
        for country in pycountry.countries
        if country.alpha_2 in tongue.territories
    }
