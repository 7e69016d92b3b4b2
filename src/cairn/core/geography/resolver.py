"""Reading a printed place: into codes, into "still open", or into a refusal with suggestions."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from cairn.core.geography.areas import area, country, listed_countries
from cairn.core.geography.counted import open_place
from cairn.core.geography.index import display_names, index, kind_of
from cairn.core.geography.m49 import countries_in, regions_of
from cairn.core.geography.membership import members
from cairn.core.geography.normalise import key
from cairn.core.geography.records import Kind, Reason, Resolution, Suggestion

_BRACKETED = re.compile(r"^(?P<name>[^()]+?)\s*\((?P<bracket>[^()]+)\)$")
SUGGESTIONS = 3
# Of 100 in rapidfuzz: below 70 a single typing error in a short name is already passed and what
# comes up has little to do with what was typed (tried on the names in the six UN languages).
_NEAR = 70.0
# For a known name inside a longer text ("Government of Jordan"), which never counts in full.
_INSIDE = 90.0
_INSIDE_WEIGHT = 0.9
# One or two letters are near to everything.
_SHORTEST = 3


def resolve(text: str, language: str = "en") -> Resolution:
    """How a printed place is read. Never raises; never guesses.

    Only an exact name resolves: case, accents, apostrophes, hyphens, articles, brackets and spaces
    do not matter, a wrong letter does. ISO codes count in capitals only. Names of former States
    with several successors, names of several places and parts of countries are `unknown`, with
    the reason and what may be meant in `nearest`, named in `language`.
    """
    printed = text.strip()
    if not key(printed):
        return Resolution(text, Kind.UNKNOWN, reason=Reason.EMPTY)
    known = index()
    code = printed.replace(".", "")
    if code in known.abbreviations:
        return _settled(text, known.abbreviations[code], language)
    if code in known.codes:
        return Resolution(text, Kind.COUNTRY, (known.codes[code],))
    if printed in known.group_codes:
        return Resolution(text, Kind.GROUP, (printed,))
    if key(printed) in known.special:
        reason, codes = known.special[key(printed)]
        return _refused(text, reason, codes, language)
    if alpha3 := country(printed):
        return Resolution(text, Kind.COUNTRY, (alpha3,))
    if both := _bracketed(printed):
        return Resolution(text, both.kind, both.codes)
    if codes := area(printed) or ():
        return Resolution(text, kind_of(codes), codes)
    if found := open_place(printed):
        return Resolution(text, Kind.UNDETERMINED, found.codes, found.minimum, found.maximum)
    if codes := listed_countries(printed) or ():
        return Resolution(text, Kind.COUNTRY, codes)
    nearest = _nearest(key(printed), language)
    return Resolution(text, Kind.UNKNOWN, nearest=nearest, reason=Reason.NOT_FOUND)


def _bracketed(printed: str) -> Resolution | None:
    """ "Central African Republic (CAR)": a name and a bracket that read as the same place."""
    found = _BRACKETED.match(printed)
    if not found:
        return None
    outer, inner = resolve(found["name"]), resolve(found["bracket"])
    return outer if outer.codes and (outer.kind, outer.codes) == (inner.kind, inner.codes) else None


def resolve_list(text: str, separator: str = "|", language: str = "en") -> list[Resolution]:
    """One resolution for each part of a cell that holds several places; empty parts are left out.

    In printed order, doubles kept.
    """
    return [resolve(part, language) for part in text.split(separator) if part.strip()]


def expand(resolution: Resolution, on: date | None = None) -> frozenset[str]:
    """ISO alpha-3 codes of the countries that a place stands for.

    Groups are read on that day (see `members` for None). The world is every country. An
    undetermined or unknown place stands for none: which countries it will be is not known.
    """
    if resolution.kind in {Kind.UNDETERMINED, Kind.UNKNOWN}:
        return frozenset()
    return expand_codes(resolution.codes, on)


def expand_codes(codes: Iterable[str], on: date | None = None) -> frozenset[str]:
    """The countries of alpha-3, M49 and group codes together. KeyError for an unknown code."""
    found: set[str] = set()
    for code in codes:
        kind = kind_of((code,))
        if kind == Kind.COUNTRY:
            found.add(code)
        elif kind == Kind.GROUP:
            found |= members(code, on)
        else:
            found |= countries_in(code)
    return frozenset(found)


def region_codes(resolution: Resolution, on: date | None = None) -> tuple[str, ...]:
    """M49 codes under which a place is shown: as printed where it is a region, else computed.

    Regions keep their own code; countries and groups give their sub-regions. An undetermined
    place gives the regions in which its countries will be chosen. Sorted, each once.
    """
    own = {code for code in resolution.codes if code.isdigit()}
    others = [code for code in resolution.codes if not code.isdigit()]
    return tuple(sorted(own | set(regions_of(expand_codes(others, on)))))


def _settled(text: str, codes: tuple[str, ...], language: str) -> Resolution:
    """An abbreviation with one meaning, or the refusal of one with several."""
    if len(codes) == 1:
        return Resolution(text, kind_of(codes), codes)
    return _refused(text, Reason.AMBIGUOUS, codes, language)


def _refused(text: str, reason: Reason, codes: tuple[str, ...], language: str) -> Resolution:
    """A name that is known and refused, with everything it may mean, in the order of the table."""
    names = display_names(language)
    nearest = tuple(Suggestion(code, names[code], 100.0) for code in codes)
    return Resolution(text, Kind.UNKNOWN, nearest=nearest, reason=reason)


@cache
def _owners() -> dict[str, str]:
    """Every name that can be suggested, by key, and the one code it stands for."""
    known = index()
    areas = {name: codes[0] for name, codes in known.areas.items() if len(codes) == 1}
    return areas | known.countries


def _nearest(printed: str, language: str) -> tuple[Suggestion, ...]:
    """Up to three places whose name in any language is near `printed`, nearest first."""
    if len(printed) < _SHORTEST:
        return ()
    from rapidfuzz import fuzz, process  # only a refusal pays for it

    owners = _owners()
    best: dict[str, float] = {}
    for scorer, cutoff, weight in (
        (fuzz.ratio, _NEAR, 1.0),
        (fuzz.token_set_ratio, _INSIDE, _INSIDE_WEIGHT),
    ):
        hits = process.extract(printed, owners.keys(), scorer=scorer, score_cutoff=cutoff, limit=30)
        for name, score, _ in hits:
            code = owners[name]
            best[code] = max(best.get(code, 0.0), round(score * weight, 1))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:SUGGESTIONS]
    names = display_names(language)
    return tuple(Suggestion(code, names[code], score) for code, score in ranked)
