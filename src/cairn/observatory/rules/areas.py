"""Areas that are merged until each has enough persons to be drawn on a map."""

from collections.abc import Mapping

from cairn.observatory.rules.series import UNKNOWN, Dimension

# The part of a wider area whose own areas are too small to stand alone.
REST = "rest"


def merged_areas(dimension: Dimension, counts: Mapping[str, int], threshold: int) -> dict[str, str]:
    """Leaf -> the area in which it is drawn: itself, "rest-<wider>", a wider code, or "" (all).

    In each wider area the smallest areas are put together until what is put together has
    `threshold` persons; when that leaves fewer than two areas, the wider area stands for all of
    it. A single small area is never left to be worked out from the wider one. What is not known
    has no place on a map and stays apart: never merged into an area, "" when it is small.
    """
    drawn: dict[str, str] = {}
    _settle(dimension, "", counts, threshold, drawn)
    return drawn


def _settle(
    dimension: Dimension,
    wider: str,
    counts: Mapping[str, int],
    threshold: int,
    drawn: dict[str, str],
) -> int:
    """Settle all below `wider`; how many persons there are."""
    parts = [code for code in dimension.children.get(wider, ()) if code != UNKNOWN]
    persons = {}
    for code in parts:
        if code in dimension.children:
            persons[code] = _settle(dimension, code, counts, threshold, drawn)
        else:
            persons[code] = counts.get(code, 0)
            drawn[code] = code
    if not wider and UNKNOWN in dimension.by_code:
        drawn[UNKNOWN] = UNKNOWN if counts.get(UNKNOWN, 0) >= threshold else ""
    rest = _too_small(persons, threshold)
    if rest:
        name = f"{REST}-{wider}" if wider else REST
        name = wider if len(persons) - len(rest) < 1 else name
        for code in rest:
            for leaf in dimension.leaves_of(code):
                drawn[leaf] = name
    return sum(persons.values())


def _too_small(persons: Mapping[str, int], threshold: int) -> list[str]:
    """The areas to put together: all small ones, then the smallest others until it is enough."""
    found: list[str] = []
    together = 0
    for code in sorted(persons, key=lambda each: (persons[each], each)):
        if persons[code] >= threshold and (not found or (together >= threshold and len(found) > 1)):
            break
        found.append(code)
        together += persons[code]
    return found
