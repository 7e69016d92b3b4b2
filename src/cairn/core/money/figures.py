"""One figure, such as "1.234,56": which numbers it can stand for.

The house form is English: commas group thousands, a point stands before decimals. A figure that
fits it, or that can only mean one thing in any of the forms in use, is clear. A point or comma
that does not fit has two readings, as a separator of decimals and as one that was put in the wrong
place. The forms are those of CLDR (number symbols and grouping), of the SI brochure (9th edition,
5.4.4: thin spaces) and of ISO 80000-1, 7.3.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

ARABIC_DECIMAL = "\u066b"
# What stands for the space, apostrophe, comma and minus in print.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2008\u2009\u202f", " "),
        **dict.fromkeys("\u2019\u02bc\u066c", "'"),
        "\u060c": ",",
        **dict.fromkeys("\u2212\u2010\u2011", "-"),
        # Marks of direction and joining: they show nothing.
        **dict.fromkeys("\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
    }
)
# Three-digit groups behind spaces come first: a space followed by anything else ends the figure.
FIGURE = r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,\u066b][0-9]+)?|[0-9]+(?:[.,'\u066b][0-9]+)*"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number that a figure can stand for.

    `convention`: how it was read: "plain" (no separator), "grouped" (separators group digits),
    "decimal_point", "decimal_comma", "decimal_arabic", "sum" (of several amounts), "one_of_several"
    (amounts that nothing joins), "in_brackets" (a figure in brackets, which accounts use for
    minus).
    """

    value: Decimal
    convention: str


def canonical(text: str) -> str:
    """`text` with ASCII digits, spaces, apostrophes, commas and minus signs; no bidi marks."""
    folded = text.translate(_SIGNS)
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in folded
    )


def readings_of(figure: str, *, is_scaled: bool = False) -> tuple[Reading, ...]:
    """The readings of a canonical `figure` (see FIGURE): one when clear, two when not.

    - No separator: clear.
    - One kind of separator, several times, digits in threes or in the Indian way (12,34,567):
      grouped, clear.
    - One space or apostrophe before three digits: grouped, clear.
    - One comma before exactly three digits ("1,234"): grouped, clear.
    - One comma otherwise ("756,00"): two readings, unless the figure starts with a zero ("0,50").
    - One point before exactly three digits ("1.234"): two readings, unless what stands before it
      cannot be a group ("0.125", "1234.567").
    - One point otherwise ("1234.50"): decimals, clear.
    - Two kinds, groups in order, last separator different ("1.234,56", "1 234,5"): decimals,
      clear; but before exactly three digits ("1,906.876") two readings.
    - Anything else ("12,34.5", "1,2345,67"): two readings.
    - `is_scaled` (million or the like follows): one point or comma before one or two digits is
      decimal and clear ("3,5 million"), before three digits it has two readings.
    """
    pieces = re.split(r"([.,' \u066b])", figure)
    groups, separators = pieces[0::2], pieces[1::2]
    if not separators:
        return (Reading(Decimal(figure), "plain"),)
    whole = Reading(Decimal("".join(groups)), "grouped")
    last = separators[-1]
    if last in " '":
        fraction = Reading(_fraction(groups), "decimal_point")
    else:
        fraction = Reading(_fraction(groups), _CONVENTIONS[last])
    meant = _clear_meaning(groups, separators, is_scaled=is_scaled)
    if meant is None:
        return (fraction, whole)
    return (whole,) if meant == "whole" else (fraction,)


_CONVENTIONS = {".": "decimal_point", ",": "decimal_comma", ARABIC_DECIMAL: "decimal_arabic"}


def _fraction(groups: list[str]) -> Decimal:
    return Decimal("".join(groups[:-1]) + "." + groups[-1])


def _clear_meaning(groups: list[str], separators: list[str], *, is_scaled: bool) -> str | None:
    """ "whole", "fraction", or None when both are possible."""
    last, tail = separators[-1], groups[-1]
    if len(separators) == 1:
        return _with_one(groups, last, is_scaled=is_scaled)
    if len(set(separators)) == 1:
        return "whole" if last != ARABIC_DECIMAL and _is_grouped(groups) else None
    earlier = set(separators[:-1])
    if len(earlier) > 1 or last in earlier or last in " '" or not _is_grouped(groups[:-1]):
        return None
    if last == ARABIC_DECIMAL:
        return "fraction"
    return None if len(tail) == 3 else "fraction"


def _with_one(groups: list[str], separator: str, *, is_scaled: bool) -> str | None:
    fits_group = _is_grouped(groups)
    if separator == ARABIC_DECIMAL:
        return "fraction"
    if separator in " '":
        return "whole" if fits_group else None
    if is_scaled and len(groups[-1]) <= 2:
        return "fraction"
    if fits_group:
        return "whole" if separator == "," and not is_scaled else None
    return "fraction" if separator == "." or groups[0] == "0" else None


def _is_grouped(groups: list[str]) -> bool:
    """Digits in threes, or in twos before a last three as in South Asia; no leading zero."""
    first, rest = groups[0], groups[1:]
    if first.startswith("0") or not rest or len(rest[-1]) != 3:
        return False
    if len(first) <= 3 and all(len(group) == 3 for group in rest):
        return True
    return len(first) <= 2 and len(rest) > 1 and all(len(group) == 2 for group in rest[:-1])
