"""One spelling for every way of printing a place name: what the index is keyed by."""

import re
import unicodedata
from functools import lru_cache

# Every mark that printers use as an apostrophe, the Arabic hamza-like modifier letters included.
APOSTROPHES = "'’‘‛ʼʻʾʿ`´′＇‹›"
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_POSSESSIVE = re.compile(rf"(?<=\w)[{APOSTROPHES}][sS]\b")

# Letters that do not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ə": "a",
        # Arabic: carriers of hamza, dotless ya, ta marbuta and the kashida are printed or left out
        # at will.
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ء": None,
        "ـ": None,
    }
)

# Articles, prepositions and "and" in the Latin-script and Russian UN languages. They carry no
# meaning in a country name: "the Gambia" is "Gambia", "Trinité-et-Tobago" is "Trinité Tobago".
_FILLERS = frozenset(
    "the of and le la les l de du des d et en el los las del y e da do dos das and и".split()
)
_ARABIC_ARTICLE = re.compile(r"^(و?)(?:ال)(?=\w{2,})")
_CJK = re.compile(r"[\u3400-\u9fff]")
_SEPARATORS = re.compile(r"[\W_]+", re.UNICODE)
_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "dem": "democratic",
    "rep": "republic",
    "isl": "islands",
    "is": "islands",
}


def fold(text: str) -> str:
    """`text` in lower case without accents, possessives or ligatures; spacing untouched."""
    # Some of these marks count as letters: they would not part "d" from "Ivoire".
    text = _APOSTROPHE.sub("'", _POSSESSIVE.sub("s", text))
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    # Cf: direction marks and zero-width joiners, which come along when Arabic is pasted.
    bare = "".join(
        letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return bare.translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of `text`, folded, fillers kept. Arabic words lose their article.

    A possessive joins its word ("People's" becomes "peoples"); any other apostrophe parts two
    words ("d'Ivoire" becomes "d", "ivoire"). Chinese is not parted: it prints no spaces.
    """
    parted = [word for word in _SEPARATORS.split(fold(text)) if word]
    return [_ARABIC_ARTICLE.sub(r"\1", word) for word in parted]


def meaningful(parted: list[str]) -> list[str]:
    """`parted` without fillers, abbreviations written out. Never empty unless `parted` is."""
    kept = [_ABBREVIATIONS.get(word, word) for word in parted if word not in _FILLERS]
    return kept or parted


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The index key of a printed name: two printings of one name have the same key."""
    joined = " ".join(meaningful(words(text)))
    return joined.replace(" ", "") if _CJK.search(joined) else joined


# What joins places in one printing: signs, and "and" in the Latin-script UN languages, Russian and
# Arabic (where it stands alone; mostly it is glued to the next word).
JOINTS = re.compile(r"\s*(?:[&+,;/،]|\b(?:as well as|ainsi que|and|et|y|e|и)\b|\sو\s)\s*")


def joined_key(text: str) -> str:
    """As `key`, but "and", "&" and commas count: South & East Asia is not South-East Asia."""
    parts = (key(part) for part in JOINTS.split(fold(text)))
    return " and ".join(part for part in parts if part)


_TURNED = re.compile(r"^(?P<head>[^(,،]+?)\s*[(,،]\s*(?P<rest>[^(),،]+?)\s*\)?[\s*]*$")


def turned(text: str) -> str | None:
    """ "Moldova, Republic of" and "Moldova (Republic of)" as "Republic of Moldova", else None."""
    found = _TURNED.match(text.strip())
    return f"{found['rest']} {found['head']}" if found else None
