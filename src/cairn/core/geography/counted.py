"""Places that are still open: "a maximum of six European countries", "to be identified".

Numbers are read as digits and as words up to twenty in English, French, Spanish and Arabic.
"""

import re
from dataclasses import dataclass

from cairn.core.geography.areas import COUNTRY_WORDS, area
from cairn.core.geography.normalise import JOINTS, fold, key, words

_NUMBER_WORDS: dict[int, str] = {
    1: "one un une uno una واحد",
    2: "two deux dos بلدين بلدان_اثنان اثنان اثنين",
    3: "three trois tres ثلاثه ثلاث",
    4: "four quatre cuatro اربعه اربع",
    5: "five cinq cinco خمسه خمس",
    6: "six seis سته ست",
    7: "seven sept siete سبعه سبع",
    8: "eight huit ocho ثمانيه ثماني",
    9: "nine neuf nueve تسعه تسع",
    10: "ten dix diez عشره عشر",
    11: "eleven onze once",
    12: "twelve douze doce dozen",
    13: "thirteen treize trece",
    14: "fourteen quatorze catorce",
    15: "fifteen quinze quince",
    16: "sixteen seize",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "twenty vingt veinte عشرون عشرين",
}
_NUMBERS = {word: number for number, line in _NUMBER_WORDS.items() for word in line.split()}

_MAXIMUM = re.compile(
    r"\b(?:an? maximum of|at (?:the )?most|up to|no more than|not more than|maximum|max"
    r"|au maximum|au plus|jusqu a|un maximum de|un maximo de|como maximo|hasta|بحد اقصي|حتي)\b"
)
_MINIMUM = re.compile(
    r"\b(?:an? minimum of|at least|no fewer than|not fewer than|no less than|not less than"
    r"|minimum|min|au moins|un minimum de|un minimo de|al menos|por lo menos|كحد ادني|علي الاقل)\b"
)
_RANGE_WORDS = frozenset("between entre بين".split())
_OPEN_WORDS = frozenset(
    "selected several various some certain pilot multiple different chosen beneficiary target"
    " participating priority quelques plusieurs divers diverses certains pilotes pilote choisis"
    " selectionnes beneficiaires varios algunos ciertos piloto pilotos seleccionados diversos"
    " مختاره عده بعض تجريبيه رايده رائده".split()
)
_SEVERAL = frozenset(
    "several multiple various plusieurs divers diverses varios diversos عده".split()
)
_OPEN_PHRASES = re.compile(
    r"\b(?:(?:still |yet )?to be (?:identified|determined|confirmed|selected|decided|defined|agreed"
    r"|announced)(?: later)?|tb[acdi]|not yet (?:identified|determined|known|selected)"
    r"|a (?:identifier|determiner|preciser|confirmer|definir)|por (?:determinar|definir|identificar"
    r"|confirmar)|a (?:determinar|definir)|سيحدد(?: لاحقا)?|ستحدد(?: لاحقا)?|يحدد لاحقا"
    r"|تحدد لاحقا|من المقرر تحديدها)\b"
)
_LINKS = frozenset(
    "in of from within across the a an to for at among throughout with d l de du des en dans parmi"
    " la le les los las del au aux a في من".split()
)
# Written out first: folded, "AU" would be the French "au".
_SHORT_GROUP_NAMES = {"AU": "African Union", "EU": "European Union", "UE": "European Union"}
_SHORT_GROUPS = re.compile(r"\b(?:AU|EU|UE)\b")
_OPEN_ALONE = frozenset(
    key(name)
    for name in (
        "Regional|Interregional|Inter-regional|Transregional|Subregional|Sub-regional|Multi-country"
        "|Multicountry|Multiple countries|Various countries|Various|Several countries|National"
        "|Undetermined|Not determined|Not specified|Unspecified|Varies|Varies by programme"
        "|Régional|Régionale|Interrégional|Plusieurs pays|Divers|Non déterminé|Non précisé"
        "|Regionales|Interregional|Varios países|Varios|إقليمي|إقليمية|أقاليمي|دون إقليمي"
        "|غير محدد|عدة بلدان|региональный|региональная|межрегиональный|区域|区域间"
    ).split("|")
)


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """Where countries will be chosen (codes, empty when open) and how many at least and at most."""

    codes: tuple[str, ...]
    minimum: int | None
    maximum: int | None


def _counts(
    numbers: list[int], folded: str, open_words: frozenset[str]
) -> tuple[int | None, int | None]:
    if len(numbers) >= 2:
        return min(numbers), max(numbers)
    if not numbers:
        return (2 if open_words & _SEVERAL else None), None
    if _MAXIMUM.search(folded):
        return None, numbers[0]
    if _MINIMUM.search(folded):
        return numbers[0], None
    return numbers[0], numbers[0]


def _number(word: str) -> int | None:
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    return _NUMBERS.get(word)


def open_place(text: str) -> OpenPlace | None:
    """How `text` leaves its countries open, or None when it does not, or is not understood.

    "Up to six" has no minimum, "at least three" no maximum, "several" at least two; "five" is
    exactly five. What is left after the count has to be an area that is known.
    """
    if key(text) in _OPEN_ALONE:
        return OpenPlace((), None, None)
    spelled = _SHORT_GROUPS.sub(lambda found: _SHORT_GROUP_NAMES[found[0]], text)
    folded = " ".join(words(JOINTS.sub(" and ", fold(spelled))))
    rest = _OPEN_PHRASES.sub(" ", folded)
    is_open = rest != folded
    parted = rest.split()
    has_country = bool(COUNTRY_WORDS.intersection(parted))
    counted = _MINIMUM.sub(" ", _MAXIMUM.sub(" ", rest)).split()
    numbers = [number for word in counted if (number := _number(word)) is not None]
    open_words = _OPEN_WORDS.intersection(counted)
    if not is_open and not (has_country and (numbers or open_words)):
        return None
    place = [
        word
        for word in counted
        if not (_number(word) or word in _OPEN_WORDS or word in _LINKS or word in _RANGE_WORDS)
    ]
    while place and place[0] == "and":
        place.pop(0)
    codes: tuple[str, ...] = ()
    if not COUNTRY_WORDS.issuperset(place):
        found = area(" ".join(place))
        if found is None:
            return None
        codes = found
    return OpenPlace(codes, *_counts(numbers, rest, open_words))
