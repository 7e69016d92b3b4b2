"""What the tests of charts and maps share: pictures with few words, and how to read them."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from cairn.ui.charts import Bar, MapPicture, bar_chart, world_map

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    Bar("Colombia", 8_000_000, share=0.34, href="/projects/P49/", second=2_000_000),
    Bar("Nigeria", 4_000_000, href="/projects/P12/?tab=a&page=2", second=1_000_000),
    Bar("Kenya", 0),
)


def chart(rows: Any = ROWS, **changes: Any) -> str:
    words = {
        "title": "Budget by project",
        "description": "Pledged and short, in US dollars.",
        "value_label": "Pledged",
        "second_label": "Shortfall",
        "language": "en",
        "direction": "ltr",
    }
    return bar_chart(rows, **{**words, **changes})


def draw_map(values: Any, **changes: Any) -> MapPicture:
    words = {
        "title": "Shortfall by country",
        "description": "What is still short.",
        "legend_title": "Shortfall",
        "language": "en",
        "direction": "ltr",
    }
    return world_map(values, **{**words, **changes})


def rectangles(picture: str, kind: str) -> list[tuple[float, float]]:
    """Left and right edge of each bar of a kind, from top to bottom."""
    found = fromstring(picture).iter(f"{SVG}rect")
    return [
        (float(bar.get("x", "")), float(bar.get("x", "")) + float(bar.get("width", "")))
        for bar in found
        if bar.get("class") == kind
    ]


def mark_of(picture: str, start: str) -> Element:
    """The one mark whose name begins with `start`."""
    found: list[Element] = [
        element
        for element in fromstring(picture).iter()
        if element.get("aria-label", "").startswith(start) and element.tag != f"{SVG}svg"
    ]
    assert len(found) == 1
    return found[0]


def square(code: str | None, x: float, y: float, size: float = 4, **properties: Any) -> Any:
    corners = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    feature: dict[str, Any] = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }
    if code is not None:
        feature["id"] = code
    return feature


def boundary_file(folder: Path, *features: Any) -> Path:
    path = folder / "own.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path
