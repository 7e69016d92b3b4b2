"""Personal test codes: what a participant types instead of signing in, "7K-QM-3R".

Five signs drawn by chance and a check sign. The signs are told apart by eye; the check sign catches
every single wrong sign and every two signs that changed places.
"""

import secrets
import unicodedata
from collections.abc import Callable, Container, Sequence

from cairn.core import pseudonyms

# The signs of every code here (no vowels; of 2 Z, 5 S, 8 B, U V only one) without C, which looks
# like G. That leaves twenty-three, a prime: with distinct weights below it a sum modulo 23 catches
# each single error and each transposition (the principle of ISBN-10 and of ISO/IEC 7064).
ALPHABET = pseudonyms.ALPHABET.replace("C", "")
_PRIME = len(ALPHABET)
_DRAWN = 5
LENGTH = _DRAWN + 1
# Signs that people write for one that is in the alphabet.
_MEANT = str.maketrans({"Z": "2", "S": "5", "B": "8", "U": "V", "C": "G"})
_DASHES = frozenset("-‐‑‒–—−ـ")
# 6.4 million codes: with a thousand participants one draw in 6,400 is taken already.
_TRIES = 20
Draw = Callable[[Sequence[str]], str]


def drawn(taken: Container[str], choose: Draw = secrets.choice) -> str:
    """A code that is not in `taken` (the event's codes). Raises RuntimeError after 20 draws."""
    for _ in range(_TRIES):
        signs = "".join(choose(ALPHABET) for _place in range(_DRAWN))
        code = written(signs + check_sign(signs))
        if code not in taken:
            return code
    raise RuntimeError("Twenty personal codes in a row are taken.")


def check_sign(signs: str) -> str:
    """The sixth sign: the weights 1 to 6 times the signs sum up to 0 modulo 23.

    `signs`: five signs of the alphabet, the first with weight 1.
    """
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    return ALPHABET[(-weighted * pow(LENGTH, -1, _PRIME)) % _PRIME]


def tidied(typed: str) -> str:
    """A code as people type it ("7k qm 3r", "٧KQM٣R") in its written form; "" when it is none.

    Small letters, spaces, hyphens and digits of other scripts are all right; a letter that looks
    like one of the alphabet stands for it. A wrong check sign gives "".
    """
    signs = "".join(
        _digit(sign)
        for sign in unicodedata.normalize("NFKC", typed).upper()
        if not sign.isspace() and sign not in _DASHES and unicodedata.category(sign) != "Cf"
    ).translate(_MEANT)
    if len(signs) != LENGTH or set(signs) - set(ALPHABET) or check_sign(signs[:-1]) != signs[-1]:
        return ""
    return written(signs)


def is_mistyped(typed: str) -> bool:
    """Whether `typed` has the length of a code but cannot be one: worth looking at it again."""
    signs = [sign for sign in typed if sign.isalnum()]
    return len(signs) == LENGTH and not tidied(typed)


def written(signs: str) -> str:
    """Six signs in pairs: no code of a person or a record is written so."""
    return f"{signs[:2]}-{signs[2:4]}-{signs[4:]}"


def _digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def latin_digits(typed: str) -> str:
    """`typed` with digits of other scripts as 0 to 9, for codes that are read elsewhere."""
    return "".join(map(_digit, typed))
