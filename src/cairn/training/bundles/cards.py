"""Who is who between a kit and its installation: keys on a card, and a mark to compare by eye."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

import pyrage
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import ALPHABET

_FIRST = "cairn-card-1"
_GROUPS, _SIGNS = 6, 3
_CHECK = 8
_KEY_BYTES = 32  # Ed25519, RFC 8032


@dataclass(frozen=True, slots=True)
class Card:
    """What one machine must know of another: to whom to encrypt, and whose signature to trust.

    `recipient`: an age recipient (X25519, "age1..."); `signer`: the raw Ed25519 public key.
    Nothing on it is secret.
    """

    recipient: str
    signer: bytes

    @property
    def text(self) -> str:
        """One line to copy, with a check sum at its end that finds slips of copying."""
        key = base64.urlsafe_b64encode(self.signer).decode().rstrip("=")
        body = f"{_FIRST} {self.recipient} {key}"
        return f"{body} {_check_sum(body)}"

    @property
    def mark(self) -> str:
        """Eighteen signs to compare by eye: 82 bits of the SHA-256 of both keys.

        Somebody who puts their own card in its place would have to find one with the same mark.
        """
        return mark_of(self.recipient.encode(), self.signer)


def mark_of(*parts: bytes) -> str:
    """Eighteen signs ("K7Q-M2R-...") that stand for `parts`; signs that are not misread."""
    digest = hashlib.sha256(b"".join(len(each).to_bytes(4, "big") + each for each in parts))
    number, signs = int.from_bytes(digest.digest(), "big"), []
    for _each in range(_GROUPS * _SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "-".join(
        "".join(signs[start : start + _SIGNS]) for start in range(0, len(signs), _SIGNS)
    )


def tidied_mark(typed: str) -> str:
    """A mark as people type it (small letters, blanks, no hyphens) in its written form, or ""."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != _GROUPS * _SIGNS or set(signs) - set(ALPHABET):
        return ""
    return "-".join(signs[start : start + _SIGNS] for start in range(0, len(signs), _SIGNS))


def of_text(text: str) -> Card:
    """The card in `text` (one line, blanks and line breaks do not matter).

    Raises RuleBroken ("kits.card").
    """
    words = text.split()
    if len(words) != 4 or words[0] != _FIRST:
        raise _not_a_card()
    body = " ".join(words[:3])
    try:
        signer = base64.urlsafe_b64decode(words[2] + "=" * (-len(words[2]) % 4))
        pyrage.x25519.Recipient.from_str(words[1])
    except (binascii.Error, ValueError, pyrage.RecipientError):
        raise _not_a_card() from None
    if words[3] != _check_sum(body) or len(signer) != _KEY_BYTES:
        raise _not_a_card()
    return Card(words[1], signer)


def _check_sum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:_CHECK]


def _not_a_card() -> RuleBroken:
    return RuleBroken(
        "kits.card",
        _("This is not the card of a machine, or a sign of it was lost on the way."),
        _(
            "On the kit, run “./cairn kit status”, and copy the whole line that begins with "
            "cairn-card."
        ),
    )
