"""An area list in which areas of too few persons are put together, as a list of its own."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from cairn.observatory.rules.areas import merged_areas
from cairn.observatory.rules.series import UNKNOWN, Code, Dimension


def merged(
    dimension: Dimension, counts: Mapping[str, int], threshold: int
) -> tuple[Dimension, dict[str, str]]:
    """The shorter list, and leaf -> the code in it. `counts`: persons by leaf.

    A code that stands for several areas is named after them, so that the same name means the same
    areas in every release. "Not known" is never put together with an area.
    """
    drawn = merged_areas(dimension, counts, threshold)
    members: dict[str, list[str]] = defaultdict(list)
    for leaf in dimension.leaves:
        name = UNKNOWN if leaf == UNKNOWN else drawn[leaf]
        members[name].append(leaf)
    codes: list[Code] = []
    becomes: dict[str, str] = {}
    for name, leaves in members.items():
        code = _code(dimension, name, leaves)
        codes.append(code)
        becomes |= dict.fromkeys(leaves, code.code)
    return replace(dimension, codes=_with_wider(dimension, codes)), becomes


def _code(dimension: Dimension, name: str, leaves: list[str]) -> Code:
    members = tuple(sorted(leaves))
    if name in dimension.by_code:
        # A leaf, or a wider code that stands for all of it.
        known = dimension.by_code[name]
        return known if name in dimension.leaves else replace(known, members=members)
    parents = {dimension.by_code[leaf].parent for leaf in leaves}
    wider = parents.pop() if len(parents) == 1 else ""
    mark = hashlib.sha256("\x1f".join(members).encode()).hexdigest()[:8]
    if not wider:
        return Code(f"rest-{mark}", _("Other areas together"), "", members)
    label = _("Other areas of %(wider)s") % {"wider": dimension.by_code[wider].label}
    return Code(f"rest-{wider}-{mark}", label, wider, members)


def _with_wider(dimension: Dimension, codes: list[Code]) -> tuple[Code, ...]:
    """With the wider codes above; one that would contain a single code is left out."""
    found = {each.code: each for each in codes}
    for each in codes:
        for wider in dimension.wider(each.parent)[:-1] if each.parent else ():
            found.setdefault(wider, dimension.by_code[wider])
    while True:
        below: dict[str, list[str]] = defaultdict(list)
        for code in found.values():
            below[code.parent].append(code.code)
        lonely = [wider for wider, parts in below.items() if wider and len(parts) < 2]
        if not lonely:
            return tuple(found.values())
        for wider in lonely:
            parent = found.pop(wider).parent
            for part in below[wider]:
                found[part] = replace(found[part], parent=parent)
