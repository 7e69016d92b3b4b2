"""Words of a name and the forms in which they are compared, whoever spelt them.

A word has an exact form; sounds, which clerks of several languages would write alike; loose
sounds, which forgive more; and near forms, which meet when one sound or letter is wrong.
Sounds keep consonants and the first vowel: that parts Hasan from Husayn, and joins what differs
in the vowels that nobody agrees on. The order of words says nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cairn.referral.matching.letters import in_latin
from cairn.referral.matching.tables import (
    FAMILY_OF,
    HORN_OPENINGS,
    KUNYA,
    OF_GOD,
    PARTICLES,
    TITLES,
)

MOST_WORDS = 6
MOST_SOUNDS = 8
SHORTEST_TYPED = 5

_SILENT = re.compile(r"['’‘ʼʿʾ`´ʻ]")
_APART = re.compile(r"[\s\-‐‑–—_/.,;:()\[\]\"«»·|]+")
# Letters that lose more than an accent when they are written plainly; the sounds come back below.
_MARKED = str.maketrans(
    {
        "š": "ŝ", "ş": "ŝ", "ș": "ŝ", "ś": "ŝ", "ṣ": "ŝ",
        "č": "ĉ", "ć": "ĉ", "ž": "ẑ", "ż": "ẑ", "ź": "ẑ",
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
        "ı": "i", "ə": "a", "ǝ": "e", "ɛ": "e", "ɔ": "o", "ħ": "h", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ƴ": "y", "ŋ": "n", "ɲ": "n",
    }
)  # fmt: skip
_KEPT_MARKS = {"ŝ": "s", "ĉ": "c", "ẑ": "z", "ç": "c"}
_PLAIN = str.maketrans(_KEPT_MARKS)


@dataclass(frozen=True, slots=True)
class Forms:
    """One word of a name. `is_common`: sharing it says little."""

    exact: str
    sounds: tuple[str, ...]
    loose: tuple[str, ...]
    near: tuple[str, ...]
    typed: tuple[str, ...]
    is_common: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The words that count, in the order in which they stand, and a father's name apart."""

    words: tuple[str, ...]
    patronymics: tuple[str, ...] = ()


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """`text` in small Latin letters; marks that change a sound stay as one letter each."""
    # NFC first: an accent may come as a sign of its own.
    composed = unicodedata.normalize("NFC", _SILENT.sub("", text)).casefold().translate(_MARKED)
    spelt = " ".join(in_latin(word) for word in _APART.split(composed) if word)
    bare = []
    for sign in spelt:
        if sign in _KEPT_MARKS or sign.isascii():
            bare.append(sign)
        else:
            parts = unicodedata.normalize("NFKD", sign)
            bare += [part for part in parts if part.isalnum() and not unicodedata.combining(part)]
    return "".join(bare)


# -- words -------------------------------------------------------------------------------------

# Before the article is lost: what stands behind it tells "servant of the X" from a name Abd.
_SERVANT_ARABIC = re.compile(r"\bعبد ?ال(\w{3,})")
_FATHERLY = re.compile(r"^(\w{3,}?)(?:[oeiy]?v)(?:ich|ych|itch|yč|ic|iĉ|na)$")
_SERVANT = re.compile(
    r"^c?abd(?:(?:[aeiou]{0,2}(?:l|ll))|(?:[aeiou]{1,2}(?=([rsdnztj])\1))|[aeiou]{0,2})([a-z]{3,})$"
)
_SERVANT_ALONE = re.compile(r"^c?abd(?:[aeiou]{0,2}(?:l|r|s|n|z|d)?)?$")
_OF_FAITH = re.compile(r"^([a-z]{3,}?)(?:[aeiou]{1,2}[dl])?d[ie]{1,2}ne?$")
_OF_ALLAH = re.compile(r"^([a-z]{3,}?)(?:[uo]{1,2}ll?ah?|all?ah)$")
# An article that was written together with the name: Elsayed. Read with and without it.
_ARTICLE_JOINED = re.compile(r"^(?:al|el)([b-df-hj-km-np-tv-z][a-z]{3,})$")
_HORN_JOINED = re.compile(rf"^({'|'.join(HORN_OPENINGS)})([a-z]{{4,}})$")


@lru_cache(maxsize=10_000)
def words(name: str) -> Name:
    """The words of `name`. Particles and titles fall away, joined names are taken apart."""
    written = [word for word in _APART.split(unicodedata.normalize("NFC", name).casefold()) if word]
    written = _SERVANT_ARABIC.sub(r"abdal\1", " ".join(written)).split()
    folded: list[str] = []
    for word in _without(PARTICLES | TITLES, written):
        folded += _family_in_script(word) or fold(word).split()
    joined = list(_joined(_without(PARTICLES | TITLES, folded)))
    fathers = [word for word in joined if _FATHERLY.match(word) and len(word) > 6]
    if len(joined) - len(fathers) < 2 or len(joined) < 3:
        fathers = []
    rest = [word for word in joined if word not in fathers]
    longer = [word for word in rest if len(word) > 1] or rest
    return Name(tuple(longer[:MOST_WORDS]), tuple(map(_father, fathers)))


def _without(unmeant: frozenset[str], found: list[str]) -> list[str]:
    """Without these words, unless a single word were left: then it is somebody's name after all."""
    kept = [word for word in found if word not in unmeant]
    return kept if len(kept) > 1 else [word for word in found if word not in PARTICLES] or found


def _family_in_script(word: str) -> list[str]:
    """The common form of a name that is written in another script and known as a whole."""
    family = FAMILY_OF.get(word) if not word.isascii() else None
    return [family] if family else []


def _father(patronymic: str) -> str:
    found = _FATHERLY.match(patronymic)
    return found[1] if found else patronymic


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """ "Abd al-X" becomes one word, "Abu X" becomes X, "Gebremariam" two words."""
    position = 0
    while position < len(parts):
        word = parts[position]
        following = parts[position + 1] if position + 1 < len(parts) else ""
        position += 1
        if following and _SERVANT_ALONE.match(word):
            name = following
            if following[:2] in {"al", "el", "ul"} and following[2:] in OF_GOD:
                name = following[2:]
            if word.endswith(("l", "r", "s", "n", "z")) or name in OF_GOD:
                yield _servant_of(name)
                position += 1
                continue
        if following and word in KUNYA:
            if following.startswith(("bak", "bek")):
                yield "abubakr"
                position += 1
                continue
            if len(parts) > 2:
                continue
        yield from _taken_apart(word)


def _taken_apart(word: str) -> Iterable[str]:
    if word in FAMILY_OF:
        return (word,)
    if found := _SERVANT.match(word):
        return (_servant_of(found[2]),)
    if found := _HORN_JOINED.match(word):
        return (found[1], found[2])
    if len(word) > 6 and (found := _OF_FAITH.match(word)):
        return (re.sub(r"(?:[aeiou]d?|[aeiou]l|d)$", "", found[1]) or found[1], "din")
    if len(word) > 6 and (found := _OF_ALLAH.match(word)):
        return (found[1], "allah")
    return (word,)


def _servant_of(name: str) -> str:
    plain = re.sub(r"^([a-z])\1", r"\1", name)
    if re.fullmatch(r"l?[aeo]{1,2}h?[iy]?|lah|laye|[au]?ll?a+h?[iy]?", plain):
        return "abdallah"
    return f"abd{FAMILY_OF.get(plain, plain)}"


# -- sounds ------------------------------------------------------------------------------------

# One spelling each, in order. Where clerks of two languages mean two sounds by one spelling, the
# word gets both readings. The comment says whose spelling it is.
_ENDINGS: list[tuple[str, tuple[str, ...]]] = [
    (r"(?<=\w{2})(?:[oe]v|off|eff)(?:a|oi|oy)?$", ("ov",)),  # Slavic families, women and men
    (r"(?<=\w{2})[oe]w(?:a)?$", ("ov", "u")),  # the same in Polish and German; Getachew
    (r"(?<=\w{2})sk(?:aya|aia|aja|a|iy|ij|yi|yy|yj|ii|i|y|oho|ogo)$", ("sk",)),
    (r"wi?cz$|vi?cz$", ("viC",)),  # Polish
    (r"(?<=\w{2})(?:ich|itch|ych|iĉ)$", ("iC",)),
    (r"(?<=\w{2})ic$", ("iC", "ik")),  # South Slavic without the mark; Malic
    (r"(?<=\w{3})yna$", ("ina",)),  # Ukrainian
]
_READINGS: list[tuple[str, tuple[str, ...]]] = [
    (r"ksh|ks|kc", ("X",)),  # Lakshmi and Laxmi
    (r"^ou(?=[aei])", ("w",)),  # French Ouidad
    (r"ou|oo|uu|oe", ("u",)),  # French, English, Somali, Dutch
    (r"(?<=[aeiou])u(?=[aeiou])", ("w",)),  # French Diaouara
    (r"ee|ii|ie(?![aou])|ei|ey(?=[^aeiou])", ("i",)),  # English, Somali
    (r"aa|ae", ("a",)),  # Somali, Arabic in Latin letters
    (r"^yh|^jh(?=[aeio])", ("j",)),  # Andes: Yhon, Jhon
    (r"tch|tsch|czh?|ĉ(?=[ei])|tj(?=[aeo])", ("C",)),  # French, German, Polish
    (r"ĉ", ("C", "k")),
    (r"ŝ", ("S", "s")),  # a mark that was kept or lost
    (r"ẑ", ("j", "z")),
    (r"sch|sh|sj", ("S",)),
    (r"chh", ("C",)),  # Nepali
    (r"ch", ("S", "C", "k")),  # French; English and Spanish; Italian, German and Greek names
    (r"ph", ("f",)),
    (r"dj|dzh|dzs|zh|gi(?=[aou])", ("j",)),  # French, Slavic, Italian
    (r"(?:^|(?<=n))d[iy](?=[aeo])", ("j", "d")),  # Diallo and Jallow; and not Diana
    (r"kh", ("k", "h")),  # South Asia; Arabic
    (r"gh", ("g", "h")),
    (r"bh", ("b",)),
    (r"dh", ("d",)),  # South Asia, Arabic, Somali
    (r"th", ("t", "s")),  # South Asia; Arabic th that many write as s
    (r"jh", ("j",)),
    (r"^x(?=[aeiou])", ("h", "j", "s")),  # Somali; Iberian; Vietnamese and Chinese
    (r"(?<=[aeioul])x(?=[aeiou]|$)", ("X", "h")),  # Somali between vowels
    (r"x", ("X",)),
    (r"qu(?=[ei])", ("k",)),  # Spanish, French
    (r"gu(?=[ei])", ("g",)),
    (r"^(?:hu|gu)(?=a)", ("w",)),  # Andes: Huaman, Guaman, Waman
    (r"q", ("k", "g")),  # Arabic q that is g in Sudan, Libya, the Gulf
    (r"ck", ("k",)),
    (r"ç", ("s", "C")),
    (r"^c(?=[aou])", ("k", "")),  # and the Somali sign for ayn
    (r"(?<=[aeiou])c(?=[aou]|$)", ("k", "")),
    (r"^c(?=[ei])", ("s", "")),
    (r"sc(?=[ei])|c(?=[eiy])", ("s",)),
    (r"c", ("k",)),
    (r"g(?=[eiy])", ("g", "j")),
    (r"^j", ("j", "y", "h")),  # Balkans Jusuf, Spanish Jalid
    (r"^y(?=[aeou])", ("y", "j")),  # Andes: Yesica
    (r"ll(?=[aeo]$)|^ll", ("l", "y")),  # Spanish
    (r"ny(?=[aeou])|gn(?=[aeo])", ("n",)),  # ñ in plain letters, French
    (r"t[sz](?=[aeiou])", ("s", "t")),  # Ethiopia: Tsegaye, Segaye
    (r"^nj|^nd(?=j)", ("nj",)),
    (r"z", ("z", "s")),  # Somali, Latin America
    (r"v", ("v", "b")),  # Spanish, Bengali
    (r"w(?=[aeiou])", ("w", "v")),  # Persian, India
    (r"(?<=[aeou])i(?=[aeou])", ("y",)),
]  # fmt: skip
_COMPILED_ENDINGS = [(re.compile(pattern), new) for pattern, new in _ENDINGS]
_COMPILED = [(re.compile(pattern), new) for pattern, new in _READINGS]
_FIRST_VOWEL = re.compile(r"[aeiou?]|y(?![aeou])")
_VOWELS_SAID = {"a": "A", "e": "AI", "i": "I", "y": "I", "o": "U", "u": "U", "?": "AIU"}
_LOOSER = str.maketrans({"v": "b", "w": "b", "z": "s", "S": "s", "C": "s", "g": "k", "d": "t",
                         "y": "j", "q": "k", "h": "", "F": ""})  # fmt: skip


def _readings(word: str) -> list[str]:
    found = [word]
    for pattern, choices in _COMPILED_ENDINGS:
        if pattern.search(word):
            found = [pattern.sub(choice, word) for choice in choices]
            break
    for pattern, choices in _COMPILED:
        if not any(pattern.search(each) for each in found):
            continue
        wider = [pattern.sub(choice, each) for each in found for choice in choices]
        found = list(dict.fromkeys(wider))[:MOST_SOUNDS]
    return found


def _sounds_of(read: str) -> Iterator[str]:
    """Consonants and the first vowel of one reading; without h as well; final -a is marked."""
    ends = "F" if read.endswith(("a", "ah")) else ""
    softly = ("", "F") if read.endswith(("e", "eh")) else (ends,)
    bare = re.sub(r"h+$", "", read) or read
    for spelt in dict.fromkeys((bare, bare.replace("h", ""))):
        first = _FIRST_VOWEL.search(spelt)
        if first is None:
            yield re.sub(r"(.)\1+", r"\1", spelt)
            continue
        before = spelt[: first.start()]
        after = re.sub(r"y(?![aeou])|(?<![aeou])y", "", spelt[first.end() :])
        after = re.sub(r"w(?![aeio])", "", after)
        after = re.sub(r"(?<=[mn])(?:m|n)(?=[bp])", "", after)
        after = re.sub(r"[aeiou?]", "", re.sub(r"([^aeiou])\1+", r"\1", after))
        for vowel in _VOWELS_SAID[first[0]]:
            for end in softly:
                yield f"{before}{vowel}{after}{end}"


@lru_cache(maxsize=200_000)
def forms(word: str) -> Forms:
    """The forms of one folded word."""
    family = FAMILY_OF.get(word.translate(_PLAIN))
    # A family's spellings are read as its common form, and as they stand: they meet those that
    # nobody has listed.
    sounds = _all_sounds(family)[:2] if family else []
    if found := _ARTICLE_JOINED.match(word):
        sounds += _all_sounds(found[1])[:2]
    sounds += _all_sounds(word)[: MOST_SOUNDS - len(sounds)]
    kept = tuple(dict.fromkeys(sounds))
    loose = tuple(dict.fromkeys(_loosened(sound) for sound in kept))
    exact = word.translate(_PLAIN).replace("?", "")
    # Common names differ from one another by one letter too often: Amina and Amira are sisters.
    typed = () if family else _mistyped(exact)
    return Forms(exact, kept, loose, _near(loose), typed, family is not None)


def _all_sounds(word: str) -> list[str]:
    sounds = [sound for reading in _readings(word) for sound in _sounds_of(reading)]
    return list(dict.fromkeys(sounds))


def _loosened(sound: str) -> str:
    plain = sound.translate(_LOOSER)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return re.sub(r"m$", "n", plain)


def _near(loose: Sequence[str]) -> tuple[str, ...]:
    """Each loose sound of four signs and more, whole; of five and more also without one of them."""
    found = []
    for sound in loose[:2]:
        if len(sound) >= 4:
            found.append(sound)
        if len(sound) >= 5:
            found += [sound[:gap] + sound[gap + 1 :] for gap in range(len(sound))]
    return tuple(dict.fromkeys(found))


def _mistyped(exact: str) -> tuple[str, ...]:
    """A word of five letters and more, whole and without one of them: meets what a slip makes."""
    if len(exact) < SHORTEST_TYPED:
        return ()
    return tuple(
        dict.fromkeys([exact, *(exact[:gap] + exact[gap + 1 :] for gap in range(len(exact)))])
    )
