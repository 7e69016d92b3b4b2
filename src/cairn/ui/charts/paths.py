"""Outlines as short SVG paths: whole tenths of a unit, relative steps, nothing drawn twice."""

import re
from dataclasses import dataclass

SUBPATH = re.compile(r"M([^MZ]+)(?:Z|$)")
SCALE = 10


@dataclass(frozen=True, slots=True)
class Outline:
    """A path in tenths of the library's units. `box`: left, top, right, bottom; `area` squared."""

    path: str
    box: tuple[int, int, int, int]
    area: float


def outline(path: str) -> Outline | None:
    """The library's absolute path ("M1.234,5.678L...Z") in tenths; None when nothing is left.

    Rings that shrink to a line at this scale are dropped.
    """
    pieces: list[str] = []
    xs: list[int] = []
    ys: list[int] = []
    area = 0.0
    at = (0, 0)
    for subpath in SUBPATH.findall(path):
        ring = _ring(subpath)
        ring_area = _area(ring)
        if len(ring) < 3 or ring_area == 0:
            continue
        area += ring_area
        xs += [x for x, _ in ring]
        ys += [y for _, y in ring]
        pieces.append(_relative(ring, at))
        at = ring[0]
    if not pieces:
        return None
    return Outline("".join(pieces), (min(xs), min(ys), max(xs), max(ys)), abs(area))


def _ring(subpath: str) -> list[tuple[int, int]]:
    """Points in tenths without repeats and without points in the middle of a straight line."""
    ring: list[tuple[int, int]] = []
    for pair in subpath.split("L"):
        x, _, y = pair.partition(",")
        point = (round(float(x) * SCALE), round(float(y) * SCALE))
        if ring and ring[-1] == point:
            continue
        if len(ring) > 1 and _is_straight(ring[-2], ring[-1], point):
            ring.pop()
        ring.append(point)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def _is_straight(first: tuple[int, int], middle: tuple[int, int], last: tuple[int, int]) -> bool:
    ax, ay = middle[0] - first[0], middle[1] - first[1]
    bx, by = last[0] - middle[0], last[1] - middle[1]
    return ax * by == ay * bx and ax * bx + ay * by > 0


def _area(ring: list[tuple[int, int]]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _relative(ring: list[tuple[int, int]], start: tuple[int, int]) -> str:
    """One closed ring; after `z` the pen is where the ring before began (`start`)."""
    x, y = start
    steps: list[str] = []
    for next_x, next_y in ring:
        down = str(next_y - y)
        steps.append(f"{next_x - x}{down if down[0] == '-' else ' ' + down}")
        x, y = next_x, next_y
    rest = "".join(step if step[0] == "-" else " " + step for step in steps[1:])
    return f"m{steps[0]}{'l' + rest.lstrip() if rest else ''}z"
