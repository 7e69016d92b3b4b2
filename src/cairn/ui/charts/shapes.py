"""Country shapes: the shipped boundary file or a deployment's own, checked, as GeoJSON features."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry
from django.conf import settings

SHIPPED = Path(__file__).parent / "boundaries" / "world.geojson"
# Larger files give a page of more than 100 kB; the shipped file has 7,929 positions in 121 kB.
MOST_BYTES = 3 * 1024 * 1024
MOST_POSITIONS = 16_000
ALPHA3 = re.compile(r"[A-Z]{3}")
# ISO 3166-1 leaves XAA to XZZ to users; a deployment may code an area that has no other code.
USER_ASSIGNED = re.compile(r"X[A-Z]{2}")

Position = list[float]
Ring = list[Position]


class BoundariesRefused(ValueError):
    """A boundary file cannot be used. The message says where and what to do, for the operator."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a boundary file.

    `code`: ISO 3166-1 alpha-3, or empty for an area without one. `name`: as the file gives it,
    empty when it gives none. `geometry`: GeoJSON, outer rings clockwise as the library wants them.
    """

    code: str
    name: str
    geometry: dict[str, Any]

    @property
    def is_point(self) -> bool:
        return bool(self.geometry["type"] == "Point")


def boundary_path() -> Path:
    """The file in use: settings.BOUNDARIES where a deployment names one, else the shipped file."""
    return Path(getattr(settings, "BOUNDARIES", "") or SHIPPED)


def read_areas(path: Path) -> tuple[Area, ...]:
    """The areas of a boundary file, in its order.

    The file is a GeoJSON FeatureCollection in degrees (WGS 84). Each feature has an `id` of ISO
    3166-1 alpha-3, or no id and a `properties.name`; a Polygon, MultiPolygon or, for a place too
    small to draw, a Point. Raises BoundariesRefused.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise BoundariesRefused(
                f"{path.name} has {size:,} bytes, the limit is {MOST_BYTES:,}: simplify the shapes."
            )
        collection = json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise BoundariesRefused(f"{path.name} cannot be read: {failure.strerror}.") from failure
    except (ValueError, RecursionError) as failure:
        if isinstance(failure, BoundariesRefused):
            raise
        raise BoundariesRefused(f"{path.name} is not JSON in UTF-8: {failure}.") from failure
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise BoundariesRefused(
            f"{path.name} is not a GeoJSON FeatureCollection: export the layer as GeoJSON."
        )
    features = collection.get("features")
    if not isinstance(features, list) or not features:
        raise BoundariesRefused(f"{path.name} has no features.")
    areas = tuple(_area(feature, number) for number, feature in enumerate(features, start=1))
    _check_whole(areas, path.name)
    return areas


def _check_whole(areas: Sequence[Area], name: str) -> None:
    """What only shows over all features: a code twice, too many positions."""
    seen: set[str] = set()
    for area in areas:
        if area.code and area.code in seen:
            raise BoundariesRefused(
                f"{name} has {area.code} twice: join its parts into one MultiPolygon."
            )
        seen.add(area.code)
    positions = sum(_positions(area.geometry) for area in areas)
    if positions > MOST_POSITIONS:
        raise BoundariesRefused(
            f"{name} has {positions:,} positions, the limit is {MOST_POSITIONS:,}: "
            "simplify the shapes, or use a smaller scale."
        )


def _area(feature: object, number: int) -> Area:
    place = f"Feature {number}"
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BoundariesRefused(f"{place} is not a GeoJSON Feature.")
    properties = feature.get("properties") or {}
    name = properties.get("name", "") if isinstance(properties, dict) else ""
    if not isinstance(name, str):
        raise BoundariesRefused(f"{place}: properties.name is not text.")
    code = feature.get("id", "")
    if code in ("", None):
        if not name.strip():
            raise BoundariesRefused(
                f"{place} has neither an id nor a name: give it an ISO 3166-1 alpha-3 id, or a "
                "properties.name when it has no code."
            )
        code = ""
    elif not isinstance(code, str) or not is_code(code):
        raise BoundariesRefused(
            f"{place} has the id {code!r}, which is not an ISO 3166-1 alpha-3 code such as KEN."
        )
    return Area(code, name.strip(), _geometry(feature.get("geometry"), code or name, place))


def is_code(code: str) -> bool:
    """Whether `code` is an alpha-3 code of ISO 3166-1, user-assigned ones (X..) included."""
    if not ALPHA3.fullmatch(code):
        return False
    if USER_ASSIGNED.fullmatch(code):
        return True
    known: object = pycountry.countries.get(alpha_3=code)
    return known is not None


def _geometry(geometry: object, name: str, place: str) -> dict[str, Any]:
    where = f"{place} ({name})"
    if not isinstance(geometry, dict):
        raise BoundariesRefused(f"{where} has no geometry.")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        return {"type": kind, "coordinates": _position(coordinates, where)}
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(coordinates, where)}
    if kind == "MultiPolygon" and isinstance(coordinates, list) and coordinates:
        return {"type": kind, "coordinates": [_polygon(part, where) for part in coordinates]}
    raise BoundariesRefused(
        f"{where} has a geometry {kind!r}: use Polygon, MultiPolygon, or Point for a small place."
    )


def _polygon(rings: object, where: str) -> list[Ring]:
    if not isinstance(rings, list) or not rings:
        raise BoundariesRefused(f"{where} has a polygon without a ring.")
    return [_ring(ring, where, is_outer=index == 0) for index, ring in enumerate(rings)]


def _ring(positions: object, where: str, *, is_outer: bool) -> Ring:
    if not isinstance(positions, list) or len(positions) < 4:
        raise BoundariesRefused(f"{where} has a ring of fewer than four positions.")
    ring = [_position(position, where) for position in positions]
    if ring[0] != ring[-1]:
        raise BoundariesRefused(f"{where} has a ring that does not end where it starts.")
    # On a sphere a ring has two sides. GeoJSON (RFC 7946) turns outer rings counterclockwise, the
    # library clockwise; files of both habits are about, so each ring is turned by its own area.
    return ring[::-1] if (_signed_area(ring) > 0) == is_outer else ring


def _position(position: object, where: str) -> Position:
    if not isinstance(position, list) or len(position) < 2:
        raise BoundariesRefused(f"{where} has a position that is not [longitude, latitude].")
    for value, limit in zip(position, (180, 90), strict=False):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or abs(value) > limit or math.isnan(value):
            raise BoundariesRefused(
                f"{where} has the position {position[:2]!r}: longitudes go from -180 to 180, "
                "latitudes from -90 to 90, in degrees (WGS 84)."
            )
    return [float(position[0]), float(position[1])]


def _signed_area(ring: Ring) -> float:
    """Twice the area in square degrees, positive when counterclockwise.

    A step of more than half the globe is a step over the 180th meridian.
    """
    total, shift = 0.0, 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        left = x1 + shift
        if x2 - x1 > 180:
            shift -= 360
        elif x2 - x1 < -180:
            shift += 360
        total += left * y2 - (x2 + shift) * y1
    return total


def _positions(geometry: dict[str, Any]) -> int:
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return 1
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return sum(len(ring) for polygon in polygons for ring in polygon)
