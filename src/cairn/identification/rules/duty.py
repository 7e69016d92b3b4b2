"""Tokens of the duty check: twelve signs on a slip, of which the last finds typing errors.

The token says nothing about anybody; whoever types it learns yes or no, and nothing else.
"""

import secrets
import unicodedata
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from cairn.core import pseudonyms
from cairn.core.errors import RuleBroken

# The signs of every code here without C, which looks like G: twenty-three, a prime. With distinct
# weights below it, a weighted sum modulo 23 catches each single wrong sign and each two that
# changed places (the principle of ISBN-10 and of ISO/IEC 7064).
ALPHABET = pseudonyms.ALPHABET.replace("C", "")
_PRIME = len(ALPHABET)
LENGTH = 12
_QUARTER = 3
_MEANT = str.maketrans({"C": "G", "Z": "2", "S": "5", "B": "8", "U": "V"})
_DASHES = frozenset("-‐‑‒–—−ـ")
# Eleven signs are drawn from twenty-three: 9.5 * 10**14 tokens. At the limit of the page nobody
# finds one by guessing, and each guess is in the log.
Draw = Callable[[Sequence[str]], str]


def drawn(choose: Draw = secrets.choice) -> str:
    """A token as it is written on the slip: "K7Q-M2R-9GH-JKX"."""
    signs = "".join(choose(ALPHABET) for _each in range(LENGTH - 1))
    return written(signs + check_sign(signs))


def check_sign(signs: str) -> str:
    """The twelfth sign: the weights 1 to 12 times the signs sum up to 0 modulo 23."""
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    return ALPHABET[(-weighted * pow(LENGTH, -1, _PRIME)) % _PRIME]


def written(signs: str) -> str:
    """Twelve signs in groups of three, as people read them aloud."""
    return "-".join(signs[at : at + _QUARTER] for at in range(0, LENGTH, _QUARTER))


def tidied(typed: str) -> str:
    """A token as people type it, in its written form; "" when it was mistyped.

    Small letters, spaces, hyphens and digits of other scripts are all right, and a letter that
    looks like a sign of the alphabet stands for it.
    """
    signs = "".join(
        _digit(sign)
        for sign in unicodedata.normalize("NFKC", typed).upper()
        if not sign.isspace() and sign not in _DASHES and unicodedata.category(sign) != "Cf"
    ).translate(_MEANT)
    if len(signs) != LENGTH or set(signs) - set(ALPHABET) or check_sign(signs[:-1]) != signs[-1]:
        return ""
    return written(signs)


def check_token(typed: str) -> str:
    """The token in its written form; raises RuleBroken("duty.typing") when it was mistyped.

    That speaks of the typing alone and tells nobody which tokens there are.
    """
    token = tidied(typed)
    if not token:
        raise RuleBroken(
            "duty.typing",
            _("A sign is wrong or missing: a token has twelve signs, in four groups of three."),
            _("Look at the slip again."),
        )
    return token


def _digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)
