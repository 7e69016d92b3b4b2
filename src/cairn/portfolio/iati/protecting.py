"""Keeping small numbers of people out of what is published.

Threshold: the statistics study, e5: a cell of fewer than 10 persons is not published. An aid file
is read without anybody who could ask back, so that what may be a number of people is one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from cairn.portfolio.iati.records import Measured

THRESHOLD = 10
# Units that count no people: whatever else a unit may say is taken for people.
_THINGS = frozenset(
    """countries country states meetings visits units percent % laws law drafts documents document
    tools tool guides manuals workshops courses events requests modules systems strategies plans
    plan agreements protocols policies procedures publications provinces offices institutions
    networks databases languages days months years usd dollars""".split()
)
_PEOPLE_DIMENSIONS = frozenset(
    {"sex", "gender", "age", "women", "men", "girls", "boys", "children"}
)
_WORD = re.compile(r"[^\W\d_]+|%")


@lru_cache(maxsize=1024)
def counts_people(unit: str, disaggregation: tuple[str, ...] = ()) -> bool:
    """Whether values of this indicator may be numbers of persons."""
    words = [word.casefold() for word in _WORD.findall(unit)]
    parted = {word.casefold() for text in disaggregation for word in _WORD.findall(str(text))}
    if parted & _PEOPLE_DIMENSIONS:
        return True
    return not words or not (set(words) <= _THINGS or words == ["yes", "no"])


def is_small(value: Decimal) -> bool:
    """A number of people that could point at one of them; nobody at all is not small."""
    return 0 < value < THRESHOLD


def releasable(whole: Measured | None, parts: Sequence[Measured]) -> tuple[Measured, ...]:
    """The values of one period that may be published, when they are numbers of people.

    Parts stand together or not at all: with one left out, the rest and the whole would tell it.
    They are left out as well when the whole less all of them would be small.
    """
    kept: list[Measured] = []
    if whole is not None and not is_small(whole.value):
        kept.append(whole)
    rest = whole.value - sum((part.value for part in parts), Decimal(0)) if whole else Decimal(0)
    is_safe = all(part.value == 0 or not is_small(part.value) for part in parts)
    if parts and is_safe and not is_small(abs(rest)) and (whole is None or kept):
        kept.extend(parts)
    return tuple(kept)
