"""Maps: colour bands, every country with a value, and boundary files."""

import gzip
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry
import pytest
from defusedxml.ElementTree import fromstring
from django.template.loader import render_to_string
from django.utils.translation import override

from cairn.ui.charts import DISCLAIMER, BoundariesRefused, read_areas, world
from cairn.ui.charts.bands import band_of, make_bands
from cairn.ui.charts.paths import outline
from cairn.ui.charts.shapes import SHIPPED
from cairn.ui.tests.pictures import SVG, boundary_file, draw_map, mark_of, square

EVERY_CODE = sorted(country.alpha_3 for country in pycountry.countries if country.alpha_3 != "ATA")


# Bands


def test_bands_hold_about_equally_many_and_name_their_real_ends() -> None:
    limits, bands = make_bands([float(n) for n in range(1, 24)], None, unit="")
    assert [band.count for band in bands] == [5, 5, 4, 5, 4]
    assert [band.tone for band in bands] == [1, 2, 3, 4, 5]
    assert bands[0].label == "1 to 5"
    assert (bands[-1].lower, bands[-1].upper) == (20, 23)
    assert [band_of(value, limits) for value in (1, 5, 6, 23)] == [0, 0, 1, 4]


@pytest.mark.parametrize("values", [[7.0], [7.0] * 9, [1, 1, 1, 1, 1, 1, 9.0], [1, 2.0, 3], []])
def test_equal_values_are_never_parted_and_no_band_is_empty(values: list[float]) -> None:
    _, bands = make_bands(values, None, unit="")
    assert sum(band.count for band in bands) == len(values)
    assert all(band.count for band in bands)
    assert len(bands) <= len(set(values))
    for low, high in pairwise(bands):
        assert low.upper is not None
        assert high.lower is not None
        assert low.upper < high.lower
        assert low.tone < high.tone


def test_given_thresholds_belong_to_the_band_above_them() -> None:
    limits, bands = make_bands([0, 10, 99, 100], [10, 100], unit="")
    assert [band.count for band in bands] == [1, 2, 1]
    assert [band.label for band in bands] == ["under 10", "10 to under 100", "100 or more"]
    assert [band.tone for band in bands] == [1, 3, 5]
    assert band_of(10, limits) == 1


@pytest.mark.parametrize("limits", [[], [3, 2], [2, 2], [1, 2, 3, 4, 5], [1, float("nan")]])
def test_thresholds_that_make_no_bands_are_refused(limits: list[float]) -> None:
    with pytest.raises(ValueError, match="threshold"):
        make_bands([1.0], limits, unit="")


# The map


def test_every_country_with_a_value_is_somewhere_on_the_map() -> None:
    picture = draw_map(dict.fromkeys(EVERY_CODE, 1.0) | {"ATA": 1.0})
    assert picture.without_shape == ("ATA",)
    marks = [mark for mark in fromstring(picture.svg) if mark.get("aria-label")]
    assert len(marks) == len(EVERY_CODE) == 248
    for mark in marks:
        shapes = [child for child in mark if child.tag in {f"{SVG}path", f"{SVG}circle"}]
        assert shapes, mark.get("aria-label")


@pytest.mark.parametrize(("code", "name"), [("TUV", "Tuvalu"), ("MDV", "Maldives"), ("LUX", "Lux")])
def test_small_states_are_circles(code: str, name: str) -> None:
    mark = mark_of(draw_map({code: 1, "BRA": 2}).svg, name)
    assert mark.find(f"{SVG}circle") is not None


def test_large_countries_are_not_circles() -> None:
    mark = mark_of(draw_map({"TUV": 1, "BRA": 2}).svg, "Brazil")
    assert mark.find(f"{SVG}circle") is None
    assert mark.find(f"{SVG}path") is not None


def test_the_largest_map_is_at_most_35_kilobytes_compressed() -> None:
    values = {code: 1_234_567.0 * (place + 1) for place, code in enumerate(EVERY_CODE)}
    links = {code: f"/countries/{code.lower()}/" for code in EVERY_CODE}
    for language in ("en", "ar"):
        picture = draw_map(values, hrefs=links, language=language)
        assert len(gzip.compress(picture.svg.encode(), 6)) < 35_000


def test_countries_with_a_value_carry_name_figure_link_and_tone() -> None:
    values = {"KEN": 10, "MLI": 20, "NER": 30, "TCD": 40, "LBY": 5_000_000}
    picture = draw_map(values, hrefs={"LBY": "/countries/lby/"}, language="fr")
    libya = mark_of(picture.svg, "Libye")
    assert libya.tag == f"{SVG}a"
    assert libya.get("href") == "/countries/lby/"
    assert libya.get("class") == "chart-band-5"
    said = re.sub("[\u00a0\u202f]", " ", libya.findtext(f"{SVG}title", ""))
    assert said == "Libye : 5 000 000 $US"
    assert mark_of(picture.svg, "Kenya").get("class") == "chart-band-1"
    assert mark_of(picture.svg, "Kenya").tag == f"{SVG}g"
    assert [band.count for band in picture.bands] == [1] * 5


def test_countries_without_a_value_have_a_tooltip_and_no_voice() -> None:
    root = fromstring(draw_map({"KEN": 1}).svg)
    blank = next(group for group in root if group.get("class") == "map-none")
    assert blank.get("aria-hidden") == "true"
    titles = {title.text for title in blank.iter(f"{SVG}title")}
    assert "Chad: no value" in titles
    assert not any(title and title.startswith("Kenya") for title in titles)


def test_the_page_can_say_what_countries_are_called() -> None:
    picture = draw_map({"COD": 1}, names={"COD": "Democratic Republic of the Congo"})
    assert mark_of(picture.svg, "Democratic Republic of the Congo").tag == f"{SVG}g"


def test_areas_without_a_code_are_drawn_dashed_and_named_in_the_note() -> None:
    picture = draw_map({"KEN": 1})
    uncoded = next(
        group for group in fromstring(picture.svg) if group.get("class") == "map-uncoded"
    )
    assert len(list(uncoded.iter(f"{SVG}path"))) == 3
    assert len(picture.without_code) == 3
    for name in ("Kosovo", "Cyprus", "Somaliland"):
        assert name in picture.note
    assert picture.note.startswith(str(DISCLAIMER))


@pytest.mark.parametrize("values", [{"XX": 1}, {"ken": 1}, {"QQQ": 1}, {"KEN": float("nan")}])
def test_a_map_refuses_codes_and_values_that_mean_nothing(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"alpha-3|leave out"):
        draw_map(values)


def test_a_map_without_values_is_still_a_map() -> None:
    picture = draw_map({})
    assert picture.bands == ()
    assert "map-none" in picture.svg


def test_no_outline_swallows_the_globe() -> None:
    places = world._places(*world._fingerprint(SHIPPED))
    areas = {place.area.code: place.outline.area for place in places if place.outline}
    assert max(areas, key=lambda code: areas[code]) == "RUS"
    assert areas["RUS"] < 0.1 * 7200 * 3400


def test_the_legend_of_a_page_names_each_band_and_the_note_follows() -> None:
    with override("en"):
        page = render_to_string(
            "ui/charts/map.html", {"map": draw_map({"KEN": 1, "MLI": 2, "TCD": 2})}
        )
        empty = render_to_string("ui/charts/map.html", {"map": None})
    assert page.count("<li>") == 3
    assert "(1 country)" in page
    assert "(2 countries)" in page
    assert "do not imply official endorsement" in page
    assert "<svg" in page
    assert empty.strip() == ""


# Boundary files


def inside(code: str, x: float, y: float) -> bool:
    """Whether a shipped shape covers a point (even-odd rule)."""
    geometry = next(area.geometry for area in read_areas(SHIPPED) if area.code == code)
    parts = geometry["coordinates"]
    rings = parts if geometry["type"] == "Polygon" else [ring for part in parts for ring in part]
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("place", "belongs", "not_to"),
    [
        ((34.1, 45.2), "UKR", "RUS"),  # Crimea: General Assembly resolution 68/262
        ((-15.0, 24.5), "ESH", "MAR"),  # Western Sahara: list of Non-Self-Governing Territories
        ((-53.0, 4.0), "GUF", "FRA"),
        ((16.0, 78.5), "SJM", "NOR"),
    ],
)
def test_shipped_shapes_follow_the_united_nations_where_the_source_file_says_so(
    place: tuple[float, float], belongs: str, not_to: str
) -> None:
    assert inside(belongs, *place)
    assert not inside(not_to, *place)


def test_the_shipped_file_is_small_and_holds_every_code_once() -> None:
    assert SHIPPED.stat().st_size < 150_000
    codes = [area.code for area in read_areas(SHIPPED) if area.code]
    assert sorted(codes) == EVERY_CODE


def test_a_deployment_draws_its_own_boundaries(tmp_path: Path, settings: Any) -> None:
    own = boundary_file(
        tmp_path, square("KEN", 10, 10), square(None, 30, 10, name="Disputed <hill>")
    )
    settings.BOUNDARIES = str(own)
    picture = draw_map({"KEN": 1, "MLI": 2})
    assert picture.without_shape == ("MLI",)
    assert picture.without_code == ("Disputed <hill>",)
    assert picture.svg.count("<path") == 2


def test_a_changed_boundary_file_is_read_again(tmp_path: Path, settings: Any) -> None:
    settings.BOUNDARIES = str(boundary_file(tmp_path, square("KEN", 10, 10)))
    assert draw_map({"MLI": 2}).without_shape == ("MLI",)
    boundary_file(tmp_path, square("KEN", 10, 10), square("MLI", 30, 10))
    assert draw_map({"MLI": 2}).without_shape == ()


def test_the_direction_of_a_ring_does_not_matter(tmp_path: Path, settings: Any) -> None:
    turned = square("KEN", 10, 10)
    turned["geometry"]["coordinates"][0].reverse()
    boxes = []
    for feature in (square("KEN", 10, 10), turned):
        path = boundary_file(tmp_path, feature, square("MLI", -20, -20))
        world._places.cache_clear()
        boxes.append({p.area.code: p.outline.box for p in world._places(path, 0, 0) if p.outline})
    assert boxes[0] == boxes[1]


def test_a_ring_over_the_180th_meridian_stays_small(tmp_path: Path) -> None:
    feature = square("FJI", 0, -18)
    feature["geometry"]["coordinates"] = [
        [[178, -18], [-179, -18], [-179, -16], [178, -16], [178, -18]]
    ]
    path = boundary_file(tmp_path, feature, square("KEN", 30, 0), square("BRA", -60, -20))
    places = {place.area.code: place for place in world._places(path, 0, 0)}
    fiji = places["FJI"].outline
    assert fiji is not None
    left, _, right, _ = fiji.box
    assert right - left < 200


def point(x: Any, y: Any) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "id": "TUV", "properties": {}, "geometry": place}


def open_ring() -> Any:
    feature = square("KEN", 1, 1)
    feature["geometry"]["coordinates"][0].pop()
    return feature


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ([], "no features"),
        ([{"type": "Other"}], "Feature 1 is not a GeoJSON Feature"),
        ([square("KEN", 1, 1), square("KEN", 9, 9)], "has KEN twice"),
        ([square("QQQ", 1, 1)], "'QQQ', which is not an ISO 3166-1"),
        ([square("404", 1, 1)], "'404', which is not an ISO 3166-1"),
        ([square(None, 1, 1)], "neither an id nor a name"),
        ([square("KEN", 178, 1)], r"Feature 1 \(KEN\) has the position \[182"),
        ([point(500000.0, 9000000.0)], "longitudes go from -180 to 180"),
        ([point("1", 2)], "longitudes go"),
        ([point(10**400, 2)], "longitudes go"),
        ([point(float("nan"), 2)], "longitudes go"),
        ([open_ring()], "does not end where it starts"),
        ([{**square("KEN", 1, 1), "geometry": None}], "no geometry"),
        ([{**square("KEN", 1, 1), "geometry": {"type": "LineString"}}], "'LineString'"),
        (
            [{**square("KEN", 1, 1), "geometry": {"type": "Polygon", "coordinates": [[[1, 1]]]}}],
            "fewer than four",
        ),
    ],
)
def test_a_bad_boundary_file_is_refused_with_its_place(
    features: list[Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(BoundariesRefused, match=reason):
        read_areas(boundary_file(tmp_path, *features))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe{}", "is not JSON in UTF-8"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        (b" " * (3 * 1024 * 1024 + 1), "simplify"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    path.write_bytes(content)
    with pytest.raises(BoundariesRefused, match=reason):
        read_areas(path)


def test_a_file_with_too_many_positions_is_refused(tmp_path: Path) -> None:
    ring = [[0, 0], *([index % 90, 1] for index in range(16_000)), [0, 0]]
    feature = square("KEN", 1, 1)
    feature["geometry"]["coordinates"] = [ring]
    with pytest.raises(BoundariesRefused, match="16,002 positions"):
        read_areas(boundary_file(tmp_path, feature))


@pytest.mark.parametrize("name", ["absent.geojson", "."])
def test_a_boundary_file_that_cannot_be_used_leaves_the_page_standing(
    name: str, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNDARIES = str(tmp_path / name)
    picture = draw_map({"KEN": 1})
    assert picture.svg == ""
    assert [band.count for band in picture.bands] == [1]
    assert picture.note == str(DISCLAIMER)
    assert "charts.boundaries" in caplog.text


# Paths


def test_a_path_is_relative_whole_and_without_needless_points() -> None:
    drawn = outline("M0,0L0.5,0L1,0L1,0.02L1,1L0,1ZM5,5L5.01,5L5,5.01ZM3,3L4,3L4,4L3,4Z")
    assert drawn is not None
    assert drawn.path == "m0 0l10 0 0 10-10 0zm30 30l10 0 0 10-10 0z"
    assert drawn.box == (0, 0, 40, 40)
    assert drawn.area == 200


def test_a_shape_too_small_for_a_tenth_of_a_unit_has_no_path() -> None:
    assert outline("M5,5L5.01,5L5,5.01Z") is None
