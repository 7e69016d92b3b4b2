"""Which countries a text names: to keep a withheld country out of what is published.

Leans to naming too many rather than too few. It sees whole words only, in English, French, Arabic
and Spanish names and in English, French and Arabic adjectives; not towns, not Chinese or Russian.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from cairn.core.geography import tables
from cairn.core.geography.index import (
    PrintedName,
    cldr_names,
    curated_names,
    index,
    iso_names,
    keys_of,
    kind_of,
)
from cairn.core.geography.normalise import APOSTROPHES, fold, key, meaningful, words
from cairn.core.geography.records import Kind, Reason

_LANGUAGES = frozenset({"", "en", "fr", "ar", "es"})
# Names that are everyday words once accents and capitals are gone. Réunion is read apart.
_EVERYDAY = frozenset({"reunion"})
_REUNION = re.compile(r"\b[Ll]a Réunion\b|\bR[ée]union Island\b|\b[îÎiI]le de la R[ée]union\b")
# Longer names of areas and seas, in which a country's name or adjective names no country. The
# longest reading of the words wins, so listing them here silences the shorter one.
_SILENT = (
    "Latin American|North American|South American|Central American|Inter-American|Pan-American"
    "|Indian Ocean|Persian Gulf|American Samoa|latino-américain|nord-américain|sud-américain"
    "|centre-américain|océan Indien|South China Sea|English language|langue française"
    "|langue anglaise|French language|French-speaking|English-speaking"
    "|Spanish-speaking|Portuguese-speaking"
    "|Niger Delta|delta du Niger"
)
_LOUD = {"american samoa": ("ASM",), "niger delta": ("NGA",), "delta niger": ("NGA",)}
_ARABIC = re.compile(r"[\u0621-\u064a]")
# "and", "so", "in", "for", "as", glued to the next word; "for the" melts into one letter.
_GLUED = ("و", "ف", "ب", "ل", "ك")
# In Arabic مالي is Mali and "financial"; with the article it is only the second. قطري is Qatari and
# "of the country", as in "country office": no adjectives are derived for the two.
_NO_ARTICLE = frozenset({"مالي"})
_NOT_DERIVED = frozenset({"MLI", "QAT"})
# "Albania's" is Albania; "Lao People's Democratic Republic" is one name.
_POSSESSIVE = re.compile(rf"(?<!people)[{APOSTROPHES}]s\b", re.IGNORECASE)
_LONGEST = 8

_Owners = tuple[str, ...]


def _french_forms(masculine: str) -> Iterator[str]:
    """Masculine, feminine and plurals by the regular rules."""
    yield masculine
    if not masculine.endswith(("s", "x")):
        yield f"{masculine}s"
    if masculine.endswith("e"):
        return
    doubled = f"{masculine}ne" if masculine.endswith(("en", "on")) else f"{masculine}e"
    yield doubled
    yield f"{doubled}s"


def _arabic_forms(name: str) -> Iterator[str]:
    """Relative adjectives of a one-word Arabic country name, by the regular rule."""
    if " " in name or not _ARABIC.search(name):
        return
    stem = name.removeprefix("ال")
    stem = re.sub(r"(?:يا|ية|ا|ة|ي)$", "", stem)
    if len(stem) < 2:
        return
    for ending in ("ي", "ية", "يون", "يين", "يات"):
        yield stem + ending


def _demonyms() -> Iterator[PrintedName]:
    for row in tables.rows("demonyms"):
        alpha3 = row["alpha3"]
        for name in tables.parted(row["en"]):
            yield PrintedName(alpha3, "en", name)
            yield PrintedName(alpha3, "en", f"{name}s")
        for masculine in tables.parted(row["fr"]):
            for form in _french_forms(masculine):
                yield PrintedName(alpha3, "fr", form)
        for name in tables.parted(row["ar"]):
            yield PrintedName(alpha3, "ar", name)
            if " " not in name and name.endswith("ي"):
                for ending in ("ة", "ون", "ين", "ات"):
                    yield PrintedName(alpha3, "ar", name + ending)


def _all_names() -> Iterator[PrintedName]:
    for source in (curated_names(), cldr_names(), iso_names()):
        for printed in source:
            if printed.language not in _LANGUAGES:
                continue
            yield printed
            if printed.language == "ar" and printed.alpha3 not in _NOT_DERIVED:
                for form in _arabic_forms(printed.name):
                    yield PrintedName(printed.alpha3, "ar", form)
    yield from _demonyms()


@cache
def _mentions() -> dict[str, _Owners]:
    """Key to the countries it gives away; () for a phrase that names none."""
    found: dict[str, set[str]] = {}
    for printed in _all_names():
        for printed_key in keys_of(printed.name):
            if len(printed_key) > 2 and printed_key not in _EVERYDAY:
                found.setdefault(printed_key, set()).add(printed.alpha3)
    # An exact name belongs to its country alone: "Guinea" does not also give away its neighbours.
    settled = index().countries
    owners = {
        printed_key: (settled[printed_key],) if printed_key in settled else tuple(sorted(codes))
        for printed_key, codes in found.items()
    }
    for printed_key, (reason, codes) in index().special.items():
        # "America" is silent: it stands in "Latin America" too.
        if reason != Reason.NOT_LISTED and kind_of(codes) == Kind.COUNTRY:
            owners.setdefault(printed_key, codes)
    silent = {key(phrase): _LOUD.get(key(phrase), ()) for phrase in _SILENT.split("|")}
    plural = {f"{phrase}s": codes for phrase, codes in silent.items()}
    return owners | plural | silent


def _readings(word: str) -> Iterable[str]:
    """An Arabic word as it stands and without what is glued in front of it; others as they are."""
    yield word
    if not _ARABIC.match(word):
        return
    for glued in _GLUED:
        if word.startswith(glued) and len(word) > 3:
            rest = word[1:]
            yield rest
            yield rest.removeprefix("ال")
            if rest[0] == "ل":
                yield rest[1:]
            if rest.startswith(_GLUED) and len(rest) > 3:
                yield rest[1:].removeprefix("ال")


def _codes_in_capitals(text: str) -> set[str]:
    """Abbreviations such as DRC and UAE, and alpha-3 codes in brackets; capitals only."""
    known = index()
    bare = text.replace(".", "")
    found = {known.codes[word] for word in re.findall(r"\b(?:USA|US)\b", bare)}
    for word in re.findall(r"\b[A-Z][A-Za-z]{1,4}\b", bare):
        codes = known.abbreviations.get(word, ())
        if len(codes) == 1 and kind_of(codes) == Kind.COUNTRY:
            found.add(codes[0])
    bracketed = re.findall(r"\(([A-Z]{3})\)", text)
    return found | {word for word in bracketed if known.codes.get(word) == word}


def _may_stand(word: str, with_article: frozenset[str], printed_key: str) -> bool:
    """False for a name that means something else behind an article which `text` has there."""
    return printed_key not in _NO_ARTICLE or word not in with_article


def names_in(text: str) -> set[str]:
    """ISO alpha-3 codes of the countries that a text mentions by name, adjective or people.

    Whole words in English, French, Arabic and (names only) Spanish, old names and formal names
    included; a former State or an ambiguous name gives all that it may mean ("Congolese" is COD
    and COG). The longest reading wins: "South Sudan" does not mention Sudan, "Niger" is not
    Nigeria. Codes count in capitals only and, but for a few usual ones, not at all.
    """
    owners = _mentions()
    parted = meaningful(words(_POSSESSIVE.sub("", text)))
    with_article = frozenset(
        word.removeprefix("ال") for word in re.split(r"\W+", fold(text)) if word.startswith("ال")
    )
    found = _codes_in_capitals(text)
    if _REUNION.search(text):
        found.add("REU")
    at = 0
    while at < len(parted):
        at += _take(parted, at, owners, with_article, found)
    return found


def _take(
    parted: list[str],
    at: int,
    owners: dict[str, _Owners],
    with_article: frozenset[str],
    found: set[str],
) -> int:
    """Add what the longest reading at `at` mentions to `found`; how many words it took."""
    for length in range(min(_LONGEST, len(parted) - at), 0, -1):
        rest = parted[at + 1 : at + length]
        for first in _readings(parted[at]):
            printed_key = " ".join([first, *rest])
            if printed_key in owners and _may_stand(parted[at], with_article, printed_key):
                found.update(owners[printed_key])
                return length
    return 1
