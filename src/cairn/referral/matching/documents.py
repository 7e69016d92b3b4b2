"""Numbers of papers and telephones as they are compared."""

import unicodedata

SHORTEST_PAPER = 5
SHORTEST_PHONE = 7
COMPARED_DIGITS = 8


def _signs(text: str) -> str:
    """Letters and digits only; digits of any script as 0 to 9."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in plain if sign.isalnum()
    )


def paper(number: str) -> str:
    """A number of a paper; "" where it is too short to tell anybody from others.

    O and 0, I and 1 are typed for each other.
    """
    signs = _signs(str(number or "")).translate(str.maketrans("oil", "011"))
    return signs if len(signs) >= SHORTEST_PAPER and len(set(signs)) > 1 else ""


def phone(number: str) -> str:
    """The last digits of a telephone number, the same with and without the country's code."""
    digits = "".join(sign for sign in _signs(str(number or "")) if sign.isdigit())
    if len(digits) < SHORTEST_PHONE or len(set(digits)) == 1:
        return ""
    return digits[-COMPARED_DIGITS:]
