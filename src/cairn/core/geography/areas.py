"""Printed regions, also joined ones, read into M49 codes and group codes.

How the printed regions of programme papers are read, and why:

- A region that M49 has is its M49 code, whatever the printing: "South-East Asia" is 035, "Latin
  America" is 419 (M49 keeps the Caribbean inside it), "Central Africa" is 017 (Middle Africa).
- "Middle East", "Gulf", "Middle East & North Africa" and "South East Europe" have no M49 region;
  they are groups of their own, with the reasoning in membership.py.
- "Central & Eastern Europe" is 151: M49 puts Czechia, Hungary, Poland and Slovakia in Eastern
  Europe and has no Central Europe.
- "East Asia and the Pacific" is 030, 035 and 009: programme papers put South-East Asia in it (the
  projects printed under it are in Cambodia, Indonesia, Viet Nam), and "South & East Asia &
  Pacific" adds 034.
- "West & Central Asia" is 145 and 143, word for word. The desk of that name at the UN Office on
  Drugs and Crime also serves Afghanistan, Iran and Pakistan, which M49 has in 034: a project's
  countries, where they are given, are the better guide.
- "Sub-Region - West Central Africa" is 011 and 017.
- "Pacific" is 009 (Oceania), Australia and New Zealand included.
- "Maghreb" is the Arab Maghreb Union, "Black Sea region" the BSEC members, "Baltic Sea region" the
  Council of the Baltic Sea States, "Arab States" the League of Arab States.
- "North America" is 003, with Central America and the Caribbean, as the M49 footnote has it.
- "the X region of A and B" is an area inside countries A and B and reads as these countries.
"""

import re

from cairn.core.geography.index import index, jumble
from cairn.core.geography.normalise import JOINTS, fold, joined_key, key, meaningful, turned, words

COUNTRY_WORDS = frozenset(
    "country countries state states nation nations pays etat etats pais paises estado estados"
    " بلد بلدا بلدان دول دوله страна страны стран государств государства".split()
)
_NOISE = COUNTRY_WORDS | frozenset(
    "member members membre membres miembro miembros parties party region regions regiones"
    " subregion subregions continent organization organisation organizacion initially all"
    " selected participating area zone wide اعضا منطقه اقليم".split()
)
_DIRECTIONS = frozenset(
    "north northern south southern east eastern west western central middle nord sud est ouest"
    " centre norte sur este oeste".split()
)
# Two-letter names of groups are country codes too: read only beside "Member States" and the like.
_BESIDE_NOISE = {"au": ("AU",), "ua": ("AU",), "eu": ("EU",), "ue": ("EU",)}
# "Bonaire, Sint Eustatius and Saba" has two joints, no country name has more.
_LONGEST_JOINED = 3
# What stands before a list of countries: "Border region between A and B", "countries, namely A".
_INSIDE = re.compile(
    r"\b(?:(?:sub-?)?(?:region|area|zone|frontera|frontiere|border|borders)"
    r"\s+(?:of|between|de|entre)|namely|viz|a savoir)[\s:]+(?P<list>.+)$"
)


def country(text: str) -> str | None:
    """ISO alpha-3 of a printed country name in any word order, or None. Codes are not read."""
    known = index()
    printed = key(text)
    if printed in known.countries:
        return known.countries[printed]
    if (other_way := turned(text)) and key(other_way) in known.countries:
        return known.countries[key(other_way)]
    return known.jumbled.get(jumble(printed)) if " " in printed else None


def _without_noise(parted: list[str]) -> list[str]:
    joined = re.sub(r"\bsub regions?\b", " ", " ".join(parted)).split()
    return [word for word in joined if word not in _NOISE]


def single(text: str) -> tuple[str, ...] | None:
    """The codes of one area that is known under this name, or None.

    "ECOWAS region", "Member States of BSEC Organization" and "Initially ASEAN Member States" lose
    the words around the name. An adjective ("European") counts only beside "countries".
    """
    known = index()
    if codes := known.areas.get(joined_key(text)):
        return codes
    parts = [meaningful(words(part)) for part in JOINTS.split(fold(text))]
    kept = [_without_noise(part) for part in parts]
    if kept == parts or not any(kept):
        return None
    rest = " and ".join(" ".join(part) for part in kept if part)
    if codes := known.areas.get(rest) or _BESIDE_NOISE.get(rest):
        return codes
    has_country = any(COUNTRY_WORDS.intersection(part) for part in parts)
    return known.adjectives.get(rest) if has_country else None


def _borrowed(parts: list[list[str]], at: int) -> tuple[str, ...] | None:
    """A part that is only a direction takes its noun from the next part, else the one before."""
    directions = parts[at]
    if not directions or not _DIRECTIONS.issuperset(directions):
        return None
    known = index().areas
    for other in [*parts[at + 1 :], *reversed(parts[:at])]:
        noun = [word for word in other if word not in _DIRECTIONS]
        if noun:
            for attempt in ([*directions, *noun], [*noun, *directions]):
                if codes := known.get(" ".join(attempt)):
                    return codes
    return None


def area(text: str) -> tuple[str, ...] | None:
    """Codes of a printed region or group, joined ones included, in printed order; None if unread.

    "North & West Africa" lends "Africa" to "North". Every part has to be read: half an
    understanding is none.
    """
    if whole := single(text):
        return whole
    parts = [part for part in JOINTS.split(fold(text)) if part]
    if len(parts) < 2:
        return None
    bare = [_without_noise(meaningful(words(part))) for part in parts]
    codes: list[str] = []
    is_area = False
    for at, part in enumerate(parts):
        found = single(part) or index().areas.get(" ".join(bare[at])) or _borrowed(bare, at)
        is_area = is_area or found is not None
        if found is None:
            alone = country(part)
            if alone is None:
                return None
            found = (alone,)
        codes.extend(found)
    return tuple(dict.fromkeys(codes)) if is_area else None


def listed_countries(text: str) -> tuple[str, ...] | None:
    """Alpha-3 codes of "A and B", "A, B & C", "the X region of A and B"; None if one is unread.

    A name that has "and" in it is taken whole: "Bosnia and Herzegovina, Montenegro and Serbia" is
    three countries.
    """
    folded = fold(text)
    inside = _INSIDE.search(folded)
    listed = inside["list"] if inside else folded
    parts = [part for part in JOINTS.split(listed.rstrip(". ")) if part]
    if len(parts) < 2 and not inside:
        return None
    codes: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + _LONGEST_JOINED), at, -1):
            alpha3 = country(" and ".join(parts[at:end]))
            if alpha3:
                codes.append(alpha3)
                at = end
                break
        else:
            return None
    return tuple(dict.fromkeys(codes)) or None
