"""Names in other scripts as Latin letters: Arabic, Cyrillic, Ethiopic and the scripts of India.

Not a transliteration to be shown: it only has to meet the spellings of registers, which
`spelling` goes on to fold. `UNKNOWN` stands for a vowel that Arabic does not write.
"""

import re
import unicodedata
from functools import lru_cache

UNKNOWN = "?"

# Arabic with the letters that Persian, Urdu, Kurdish and Pashto add. Waw and ya are read as
# consonants or vowels by their neighbours, below.
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ة": "a",
    "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "gh",
    "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
    "ه": "h", "ھ": "h", "ہ": "h", "و": "w", "ؤ": "u", "ي": "y", "ی": "y", "ى": "a", "ئ": "y",
    "ء": "", "ـ": "", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e", "ټ": "t", "ډ": "d",
    "ړ": "r", "ښ": "sh", "ځ": "z", "څ": "ts", "ڕ": "r", "ڵ": "l", "ۆ": "o", "ێ": "e", "ە": "e",
    "ۀ": "a", "ۍ": "y", "ې": "e",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ђ": "dj", "ј": "j", "љ": "l", "њ": "n", "ћ": "ch", "џ": "dj", "ѓ": "g",
    "ќ": "k", "ѕ": "z", "қ": "k", "ғ": "g", "ң": "n", "ү": "u", "ұ": "u", "һ": "h", "ә": "a",
    "ө": "o", "ҳ": "h", "ҷ": "j",
}  # fmt: skip
_ARABIC_LETTER = re.compile(r"[\u0600-\u06ff]")
_LONG_U = re.compile(r"(?<=[^aeiou])w(?![aeiou])")
_LONG_I = re.compile(r"(?<=[^aeiou])y(?![aeiou])")
_INDIC = ("DEVANAGARI", "BENGALI", "GUJARATI", "GURMUKHI")
_SPOKEN = re.compile(r"(?:LETTER|SYLLABLE|VOWEL SIGN) (?:\w+ )*?([A-Z]+)$")


def in_latin(word: str) -> str:
    """`word` in Latin letters, in lower case; letters of unknown scripts stay as they are."""
    if word.isascii():
        return word
    if _ARABIC_LETTER.search(word):
        return _arabic(word)
    return "".join(_letters(word))


def _arabic(word: str) -> str:
    """Consonants and long vowels; the first vowel is marked as unknown where none is written."""
    if word.startswith("abdal"):  # "servant of", which `spelling` has read already
        return "abdal" + "".join(_ARABIC.get(sign, "") for sign in word[5:])
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    begins_open = word.startswith("ع")
    spelt = "".join(_ARABIC.get(sign, sign if sign.isalpha() else "") for sign in word)
    spelt = _LONG_I.sub("i", _LONG_U.sub("u", spelt))
    if begins_open and spelt[:1] not in {"a", "i", "u"}:
        return UNKNOWN + spelt
    if word.startswith(("ا", "أ")) and not word.startswith("ا" + "ل"):
        # A bare alif may carry any short vowel.
        return UNKNOWN + spelt[1:] if len(spelt) > 2 and spelt[1] not in "aeiou" else spelt
    opening = re.match(r"(?:kh|gh|sh|th|dh|zh|ch|ts|[^aeiou])", spelt)
    if opening and spelt[opening.end() : opening.end() + 1] not in {"a", "e", "i", "o", "u", ""}:
        return opening[0] + UNKNOWN + spelt[opening.end() :]
    return spelt


def _letters(word: str) -> list[str]:
    """Each sign as it sounds. Indian consonants carry an "a" until a vowel sign replaces it."""
    sounds: list[str] = []
    for sign in word:
        if sign in _CYRILLIC:
            sounds.append(_CYRILLIC[sign])
            continue
        name = _unicode_name(sign)
        if name.startswith("ETHIOPIC SYLLABLE "):
            sounds.append(_ethiopic(name))
        elif name.startswith(_INDIC):
            _add_indic(sounds, name)
        else:
            sounds.append(sign)
    if sounds and word and _unicode_name(word[-1]).startswith(_INDIC):
        # The last "a" of a word is written and not spoken.
        sounds[-1] = re.sub(r"(?<=[a-z])a$", "", sounds[-1]) if len(sounds) > 1 else sounds[-1]
    return sounds


@lru_cache(maxsize=4096)
def _unicode_name(sign: str) -> str:
    return unicodedata.name(sign, "")


def _ethiopic(name: str) -> str:
    """The Unicode name spells the syllable: GLOTTAL and PHARYNGEAL openings are silent."""
    syllable = name.rpartition(" ")[2].lower()
    if " GLOTTAL " in name or " PHARYNGEAL " in name:
        syllable = syllable[-1:]
    # The first order (-a in the names) sounds like a short e; the sixth (-e) is mostly silent.
    if syllable.endswith(("aa", "ee", "ii", "oo", "uu")):
        return syllable[:-1]
    return syllable[:-1] if syllable.endswith("e") and len(syllable) > 1 else syllable


def _add_indic(sounds: list[str], name: str) -> None:
    spoken = _SPOKEN.search(name)
    if "VIRAMA" in name:
        if sounds:
            sounds[-1] = re.sub(r"a$", "", sounds[-1])
    elif "ANUSVARA" in name or "CANDRABINDU" in name:
        sounds.append("n")
    elif spoken:
        text = spoken[1].lower()
        if "VOWEL SIGN" in name:
            if sounds:
                sounds[-1] = re.sub(r"a$", "", sounds[-1])
            sounds.append({"aa": "a", "ii": "i", "uu": "u"}.get(text, text))
        else:
            sounds.append({"aa": "a", "ii": "i", "uu": "u"}.get(text, text))
