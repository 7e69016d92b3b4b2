"""Where persons who are counted come from: the register of sources that releases are built of.

A source reads nothing but the `statistics.py` of the context that owns the records. It gives a
token and codes for each person, and never a name, a text, a day or a place narrower than an area.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.pipeline import Period
from cairn.observatory.rules.series import Series, check_series

# The token of a person (the same in every period), and dimension -> code.
Row = tuple[str, Mapping[str, str]]
# Who reports (a country or a unit, in words), in how many periods, of how many expected.
Completeness = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """`series()`: what is counted, in the language of the moment; `rows(period)`: the persons, one
    row each; `completeness(period)`: who reported how fully. `is_once`: a person stands in one
    quarter of a year at most, so that quarters add up to the year.
    """

    code: str
    label: str | Promise
    series: Callable[[], Series]
    rows: Callable[[Period], Iterable[Row]]
    completeness: Callable[[Period], Sequence[Completeness]]
    is_once: bool = False


_SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source. Raises ValueError for a code that another one has, RuleBroken for a series
    that does not say what it must (see rules.series.check_series).
    """
    if _SOURCES.get(source.code, source) is not source:
        raise ValueError(f"There are two sources {source.code}.")
    _SOURCES[source.code] = source


def unregister(code: str) -> None:
    """Take a source out again; for tests."""
    _SOURCES.pop(code, None)


def sources() -> list[Source]:
    """All of them, by code."""
    return [_SOURCES[code] for code in sorted(_SOURCES)]


def source(code: str) -> Source:
    """Raises RuleBroken("observatory.source") for one that is not known here."""
    found = _SOURCES.get(code)
    if found is None:
        raise RuleBroken(
            "observatory.source",
            _("There is no source “%(code)s” of statistics.") % {"code": code},
            _("Choose one of: %(codes)s.") % {"codes": ", ".join(sorted(_SOURCES)) or "–"},
        )
    return found


def checked_series(code: str) -> Series:
    """The series of a source. Raises RuleBroken, also unless all that a reader needs is said."""
    series = source(code).series()
    check_series(series)
    return series
