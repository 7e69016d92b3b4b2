"""What in a text would lead to a door: streets, coordinates, links to maps, landmarks. Pure.

Fields of a service that shelters people are read by many, and phones can be taken. What is caught
here is caught by form, in the scripts that are written where the platform is used; what tells the
very address of a place that is kept sealed is caught by `shingles`, whatever form it has.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken

_COORDINATES = re.compile(
    r"[-+]?\d{1,3}[.,]\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*[-+]?\d{1,3}[.,]\d{3,}|\d{1,3}\s*°\s*\d{1,2}"
)
_MAPS = re.compile(
    r"maps?\.(google|apple|app\.goo)|goo\.gl/|google\.[a-z.]+/maps|openstreetmap\.|osm\.(org|to)"
    r"|waze\.com|\bgeo:|what3words|w3w\.co|///\w+\.\w+\.\w+",
    re.IGNORECASE,
)
# Open Location Codes ("plus codes"): their own alphabet, a plus sign, two or three signs.
_PLUS_CODE = re.compile(r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)")
# Words for a street or a house, as they stand beside a number. Own list, from the languages in
# which services of the field are written: English, French, Spanish, Portuguese, German, Albanian,
# Turkish, Arabic, Ukrainian, Russian, Hindi and Nepali, Swahili, Somali.
_STREETS = frozenset(
    (
        "street st road rd avenue ave av lane ln boulevard blvd bd drive alley square plot "
        "house villa flat apartment apt floor building bldg block bloc compound gate door room "
        "rue route impasse allée chemin immeuble appartement étage maison lot porte "
        "calle avenida carrera callejón edificio apartamento piso casa rua travessa andar "
        "straße strasse str weg haus wohnung rruga rr pallati kati sokak sk cadde mahalle daire "
        "kat "
        "شارع طريق زقاق حارة بناية عمارة شقة طابق منزل بيت فيلا دار باب مبنى "
        "вулиця вул провулок пров проспект просп будинок буд квартира кв під'їзд поверх "
        "улица ул переулок пер дом подъезд этаж корпус "
        "मार्ग गली टोल घर मकान सड़क मंजिल barabara mtaa nyumba ghorofa wadada guri"
    ).split()
)
_LANDMARKS = re.compile(
    r"\b(behind|next to|opposite|across from|beside|in front of|at the corner of|derrière|à côté de"
    r"|en face d\w*|au coin d\w*|detrás de|al lado de|frente a|junto a|atrás de|ao lado de"
    r"|hinter|neben|gegenüber|prapa|përballë|pranë)\b|(?<!\w)(خلف|وراء|بجانب|بجوار|مقابل|أمام|جنب)(?!\w)"
    r"|(?<!\w)(позаду|навпроти|поруч із|напротив|рядом с|позади)(?!\w)",
    re.IGNORECASE,
)
# How far from a number the word for a street may stand: "12, rue de la Grande Paix".
_REACH = 5
_WORD = re.compile(r"[\w'’]+")

WORDS: Mapping[str, Promise] = {
    "coordinates": gettext_lazy("coordinates"),
    "map": gettext_lazy("a link or a code of a map"),
    "street": gettext_lazy("a street or a house with its number"),
    "landmark": gettext_lazy("how to find it by what is beside it"),
}


def signs(text: str) -> list[str]:
    """What in `text` leads to a door, as codes of WORDS; none for a town or a telephone."""
    folded = _folded(text)
    found = []
    if _COORDINATES.search(folded):
        found.append("coordinates")
    if _MAPS.search(folded) or _PLUS_CODE.search(text):
        found.append("map")
    if _has_street(folded):
        found.append("street")
    if _LANDMARKS.search(folded):
        found.append("landmark")
    return found


def _has_street(folded: str) -> bool:
    words = [word.strip("'’") for word in _WORD.findall(folded)]
    numbers = [place for place, word in enumerate(words) if any(sign.isdigit() for sign in word)]
    streets = [place for place, word in enumerate(words) if _is_street(word)]
    return any(abs(one - other) <= _REACH for one in numbers for other in streets if one != other)


def _is_street(word: str) -> bool:
    # German writes the street and its name as one word; Arabic its article before the word.
    return word in _STREETS or word.removeprefix("ال") in _STREETS or word.endswith("straße")


def _folded(text: str) -> str:
    """Small letters, one form of each sign, and digits of every script as those of Latin text."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("strasse", "straße")
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
        for sign in plain
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """A field that gives a place away, and by what (codes of WORDS)."""

    field: str
    signs: tuple[str, ...]

    @property
    def words(self) -> str:
        return ", ".join(str(WORDS[each]) for each in self.signs)


def findings(fields: Mapping[str, str]) -> list[Finding]:
    """The fields (name -> text) that would lead to a door."""
    found = ((name, signs(text)) for name, text in fields.items() if text)
    return [Finding(name, tuple(each)) for name, each in found if each]


def check_fields(fields: Mapping[str, str], labels: Mapping[str, Promise | str]) -> None:
    """Raise RuleBroken("service.address") for a text of a sheltering service that gives it away.

    `labels`: the words for each field.
    """
    if found := findings(fields):
        first = found[0]
        raise refusal(str(labels.get(first.field, first.field)), first.words)


def refusal(label: str, words: str) -> RuleBroken:
    return RuleBroken(
        "service.address",
        _("“%(field)s” says where a protected place is: %(what)s.")
        % {"field": label, "what": words},
        _("Leave it out. Write the town or district only, and enter the place as a sealed one."),
    )


def check_point(way: str, reach: str) -> None:
    """Raise RuleBroken("service.point") for an access point that may not lead to a shelter.

    An office with an open door is right as long as nobody sleeps there, which was said when it was
    entered; staff who come and a telephone need no description of a place.
    """
    if way != "door" and (found := signs(reach)):
        raise RuleBroken(
            "service.point",
            _("This way to the service describes a place: %(what)s.")
            % {"what": ", ".join(str(WORDS[each]) for each in found)},
            _("Choose an office or a telephone that leads to nobody's bed."),
        )


def shingles(text: str) -> frozenset[str]:
    """What tells one address from others: each number with the words beside it.

    Of an address without a number, each three words that follow each other. Words for streets do
    not count, so that "12 Rose Street" and "Rose Rd 12" are the same. At most sixty-four.
    """
    words = [
        word.strip("'’")
        for word in _WORD.findall(_folded(text))
        if not _is_street(word.strip("'’"))
    ]
    numbered = {
        f"{one}|{other}" if _is_number(one) else f"{other}|{one}"
        for one, other in _near(words)
        if _is_number(one) != _is_number(other)
    }
    if not numbered:
        numbered = {
            f"{one}|{other}|{third}"
            for (one, other), (_other, third) in pairwise(pairwise(words))
            if min(len(one), len(other), len(third)) > 1
        }
    return frozenset(sorted(numbered)[:64])


def _near(words: list[str]) -> Iterable[tuple[str, str]]:
    for distance in (1, 2):
        yield from zip(words, words[distance:], strict=False)


def _is_number(word: str) -> bool:
    return any(sign.isdigit() for sign in word)
