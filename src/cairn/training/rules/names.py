"""Names of trainees: keys that find possible duplicates unseen, and a comparison to read.

A key is stored only as a keyed hash of the zone. What is found is a hint: merging needs two
fields that agree, and a person who decides (the training study, section 5, number 11).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations, product

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz

from cairn.training.rules.name_forms import (
    ABBREVIATIONS,
    ARABIC_OPENINGS,
    ARABIC_SOUNDS,
    FAMILY_OF,
    LATIN_DOUBTFUL,
    LATIN_GROUPS,
    LATIN_OPENINGS,
    LATIN_SOUNDS,
    OPENS_A_NAME,
    PARTICLES,
    PARTICLES_ARABIC,
    SERVANT_ARABIC,
)

# Judgements of this platform, all on the side of showing a reviewer one pair too many.
MOST_WORDS = 6  # words of a name that make keys; further ones are as a rule titles
MOST_READINGS = 6  # ways in which one word is read
MOST_KEYS = 40  # keys of one name
NAME_AGREES = 85  # of 100: from here on two names count as a field that agrees
_SOUNDS_ALIKE = 92  # two words of one script with the same consonants
_OTHER_SCRIPT = 90  # the same consonants in two scripts: vowels cannot be compared
_ONE_FAMILY = 95  # registers' forms of one name: Mohamed, Mamadou
_EXTRA_WORD = 4  # taken off for each word that only one of the names has
_TWO_NAMES = 60  # at most, for two words that are known to be different names: Hassan, Hussein


class KeyKind(TextChoices):
    """How much two names share when they share a key of this kind."""

    WORDS = "words", gettext_lazy("same words, in whatever order")
    SOUND = "sound", gettext_lazy("same sound of all words")
    PAIR = "pair", gettext_lazy("same sound of two words")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What names are looked up by. `text` is plain: it is hashed before it is stored."""

    kind: KeyKind
    text: str


# -- words -------------------------------------------------------------------------------------

_APART = re.compile(r"[\s\-‐‑–—_/.,;:()\[\]\"«»·]+")
_SILENT = re.compile(r"['’‘ʼʿʾ`´ـ]")
_REPEATED = re.compile(r"(.)\1+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SERVANT_JOINED = re.compile(r"^abd(?:[aeiou]+|(?=[rnsz]))(l?)([a-z]{2,})$")
# Stroked and joined letters that have no decomposition.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d"}
)


def fold(text: str) -> str:
    """`text` in small letters without accents, Arabic vowel signs and lengthening strokes."""
    plain = unicodedata.normalize("NFKD", _SILENT.sub("", text)).casefold().translate(_PLAIN)
    return unicodedata.normalize(
        "NFC", "".join(sign for sign in plain if not unicodedata.combining(sign))
    )


def is_arabic(word: str) -> bool:
    """True when `word` is written in Arabic letters."""
    return any("\u0600" <= sign <= "\u06ff" for sign in word)


@lru_cache(maxsize=20_000)
def words(name: str) -> tuple[str, ...]:
    """The words that matter, folded, in the order in which they stand.

    Particles and articles fall away, short forms are written out, "Abd al-X" and "Abdul X" and
    "Abu X" become one word. A name of particles only keeps them.
    """
    found = [word for part in _APART.split(fold(name)) for word in _LETTERS.findall(part)]
    kept = [word for word in found if word not in PARTICLES and word not in PARTICLES_ARABIC]
    return tuple(_joined(kept or found))


def _joined(found: Sequence[str]) -> Iterator[str]:
    waiting = ""
    for word in found:
        word = ABBREVIATIONS.get(word, word)
        if waiting:
            yield waiting + _without_article(word)
            waiting = ""
        elif begins := OPENS_A_NAME.get(word):
            waiting = begins
        else:
            yield word
    if waiting:
        yield waiting


def _without_article(word: str) -> str:
    if is_arabic(word):
        return word[2:] if word.startswith("ال") and len(word) > 3 else word
    return re.sub(r"^(?:al|el|ul)(?=[a-z]{4,})", "", word)


# -- sounds ------------------------------------------------------------------------------------


def readings(word: str) -> tuple[str, ...]:
    """The ways in which a folded word may stand: as it is, without article, as its family."""
    found = [word]
    if is_arabic(word):
        if word.startswith(SERVANT_ARABIC + "ال"):
            found[0] = SERVANT_ARABIC + _without_article(word[3:])
        elif word.startswith("ابو") and len(word) > 5:
            found.append(word[3:])
        else:
            found[0] = _without_article(word)
    elif match := _SERVANT_JOINED.match(word):
        article, rest = match.groups()
        found[0] = "abd" + rest
        if article:
            found.append("abdl" + rest)
    else:
        found += [match for match in _stripped(word) if match != word]
    if family := FAMILY_OF.get(word) or FAMILY_OF.get(found[0]):
        found.append(family)
    return tuple(dict.fromkeys(found))


def _stripped(word: str) -> Iterator[str]:
    """Without an article or particle that was written together with the name."""
    yield re.sub(r"^(?:al|el)(?=[a-z]{4,})", "", word)
    yield re.sub(r"^(?:abou|abu)(?=[a-z]{4,})", "", word)
    yield re.sub(r"^ben(?=[a-z]{3,})", "", word)
    yield re.sub(r"^di(?=[aeou])", "j", word)  # Diallo, Jallow; Ndiaye, Njie stand below
    yield re.sub(r"^ndi(?=[aeou])", "nj", word)


@lru_cache(maxsize=20_000)
def sounds(word: str) -> tuple[str, ...]:
    """The consonants of a folded word in coarse classes, one text for each way to read it.

    Latin and Arabic spellings of one name have a text in common. Words in other scripts stand as
    they are. At most MOST_READINGS texts, in a fixed order.
    """
    found: list[str] = []
    for reading in readings(word):
        if is_arabic(reading):
            found += _arabic_sounds(reading)
        elif reading.isascii():
            found += _latin_sounds(reading)
        else:
            found.append(reading)
    return tuple(dict.fromkeys(found))[:MOST_READINGS]


def _latin_sounds(word: str) -> list[str]:
    word = _REPEATED.sub(r"\1", word)
    for pattern, sound in LATIN_GROUPS:
        word = re.sub(pattern, sound, word)
    opening = LATIN_OPENINGS.get(word[:1], "")
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        pair = word[at : at + 2]
        if pair in LATIN_DOUBTFUL:
            parts.append(LATIN_DOUBTFUL[pair])
            at += 2
            continue
        sign = word[at]
        parts.append(LATIN_DOUBTFUL.get(sign) or (LATIN_SOUNDS.get(sign, sign),))
        at += 1
    return [opening + "".join(choice) for choice in _limited(parts)]


def _arabic_sounds(word: str) -> list[str]:
    word = _REPEATED.sub(r"\1", word)
    opening = ARABIC_OPENINGS.get(word[:1], "")
    parts = [ARABIC_SOUNDS.get(sign, ("",)) for sign in word]
    return [opening + "".join(choice) for choice in _limited(parts)]


def _limited(parts: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for count, choice in enumerate(product(*parts)):
        if count == MOST_READINGS:
            return
        yield choice


# -- keys --------------------------------------------------------------------------------------


def keys(*names: str) -> frozenset[Key]:
    """The keys of somebody's names, in whichever scripts: at most MOST_KEYS for each.

    Order and particles make no difference. A name of one word has no pair, so it is found only by
    the whole: single words would let anybody who may search try out who is called what.
    """
    found: set[Key] = set()
    for name in names:
        found.update(_keys(name))
    return frozenset(found)


def _keys(name: str) -> list[Key]:
    chosen = words(name)[:MOST_WORDS]
    if not chosen:
        return []
    found = [Key(KeyKind.WORDS, " ".join(sorted(chosen)))]
    read = [sounds(word) for word in chosen]
    for count, choice in enumerate(product(*read)):
        if count == MOST_READINGS:
            break
        found.append(Key(KeyKind.SOUND, " ".join(sorted(choice))))
    for left, right in combinations(read, 2):
        for pair in product(left, right):
            # Two words of one consonant each ("Ba", "So") would join half a country.
            if sum(map(len, pair)) > 2:
                found.append(Key(KeyKind.PAIR, " ".join(sorted(pair))))
    return list(dict.fromkeys(found))[:MOST_KEYS]


def can_be_searched(name: str) -> bool:
    """True when `name` has the two words that a search by name needs."""
    return len(words(name)) >= 2


# -- comparison --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are. `score`: 0 to 100; `words`: what a reviewer reads."""

    score: int
    words: str

    @property
    def agrees(self) -> bool:
        """True when the names count as a field that agrees."""
        return self.score >= NAME_AGREES


def compare(left: Iterable[str], right: Iterable[str]) -> Likeness:
    """The likeness of two people's names, each in whichever scripts: that of the best pair."""
    pairs = product([name for name in left if words(name)], [n for n in right if words(n)])
    return max((_compare(*pair) for pair in pairs), key=lambda each: each.score, default=_none())


def _none() -> Likeness:
    return Likeness(0, _("Without a name there is nothing to compare."))


def _compare(left: str, right: str) -> Likeness:
    first, second = words(left)[:MOST_WORDS], words(right)[:MOST_WORDS]
    if first == second:
        return Likeness(100, _("Same name."))
    if sorted(first) == sorted(second):
        return Likeness(100, _("Same name in another order."))
    shorter, longer = sorted((first, second), key=len)
    score, order, weakest = _best_order(shorter, longer)
    extra = len(longer) - len(shorter)
    if len(shorter) == 1 and extra:
        # One word in common says little: many share it.
        return Likeness(min(round(score), _TWO_NAMES), _("Only one word of the names is alike."))
    points = max(0, round(score - _EXTRA_WORD * extra))
    if weakest < _TWO_NAMES or points < NAME_AGREES:
        capped = min(points, NAME_AGREES - 1)
        if capped < _TWO_NAMES:
            return Likeness(capped, _("Different names."))
        return Likeness(capped, _("The names are alike in part."))
    return Likeness(points, _sentence(shorter, longer, order, extra=extra, weakest=weakest))


def _best_order(
    shorter: Sequence[str], longer: Sequence[str]
) -> tuple[float, tuple[int, ...], float]:
    """(mean likeness, place in `longer` of each word of `shorter`, likeness of the worst pair)."""
    table = [[likeness_of_words(a, b) for b in longer] for a in shorter]
    best: tuple[float, tuple[int, ...], float] = (-1.0, (), 0.0)
    for order in permutations(range(len(longer)), len(shorter)):
        scores = [table[row][column] for row, column in enumerate(order)]
        mean = sum(scores) / len(scores)
        if mean > best[0]:
            best = (mean, order, min(scores))
    return best


@lru_cache(maxsize=50_000)
def likeness_of_words(left: str, right: str) -> float:
    """0 to 100 for two folded words."""
    if left == right:
        return 100.0
    families = FAMILY_OF.get(left), FAMILY_OF.get(right)
    if families[0] and families[0] == families[1]:
        return float(_ONE_FAMILY)
    spelt = 0.0 if is_arabic(left) != is_arabic(right) else fuzz.ratio(left, right)
    if families[0] and families[1]:
        return min(spelt, float(_TWO_NAMES))
    common = set(sounds(left)) & set(sounds(right))
    if not common:
        return spelt
    if is_arabic(left) != is_arabic(right):
        return float(_OTHER_SCRIPT)
    # Few consonants carry little: "Bah" and "Ba" are close in letters too, "Amy" and "Oumou" not.
    close = max(map(len, common)) >= 3 or spelt >= _TWO_NAMES
    return max(spelt, float(_SOUNDS_ALIKE)) if close else spelt


def _sentence(
    shorter: Sequence[str],
    longer: Sequence[str],
    order: Sequence[int],
    *,
    extra: int,
    weakest: float,
) -> str:
    if is_arabic("".join(shorter)) != is_arabic("".join(longer)):
        return _("Same sound, written in another script.")
    moved = list(order) != sorted(order)
    if extra and weakest == 100:
        return _("One name has more words; those of the other are all in it.")
    if extra:
        return _("One name has more words; those of the other are in it, spelled differently.")
    if moved:
        return _("Same name in another order, spelled differently.")
    return _("Same name, spelled differently.")
