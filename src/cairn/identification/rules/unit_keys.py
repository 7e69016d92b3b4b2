"""Reception keys: who may hold one, how it is wrapped under words that a person knows, its ends.

A reception key is a pair on the curve P-256. Phones seal reports to the public half; the private
half exists only wrapped: once for each holder under the reading passphrase, once under the recovery
code that lies in the unit's safe, for a day under a code that one member tells another by mouth.
"""

import secrets
import unicodedata
from datetime import date, datetime, timedelta
from os import urandom
from typing import TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import ALPHABET

Copy = TypeVar("Copy")

# NIST SP 800-63B-4 (2025) asks for 15 signs where a password stands alone and 8 beside a second
# factor. This one stands beside a session with a second factor, and its wrapped key can only be
# tried out by whoever also has the installation's zone key: twelve is the judgement here.
SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 12, 200
# "aaaaaaaaaaaa" is long and no secret: this many different signs at least. A judgement.
DIFFERENT_SIGNS = 5
# A code that is given by mouth waits for one day (a judgement: the next shift is there by then).
HANDOVER_WAITS = timedelta(hours=24)
# Phones that were out of reach seal to the key they know; a new one ends after this many days.
KEY_LASTS_DAYS = 90
# scrypt (RFC 7914) with r=8, p=1 and N=2^15: 32 MiB and about a tenth of a second for each try.
COST = 15
_BLOCK, _PARALLEL, _KEY = 8, 1, 32
_MOST_COST = 20  # a blob that asks for more memory than a gigabyte is not one of ours
_FORMAT, _SALT, _NONCE = 1, 16, 12
_HEAD = 2 + _SALT + _NONCE
# Sixteen signs of 24 are 73 bits for a day; twenty-eight are 128 bits for as long as the key lives.
_HANDOVER_SIGNS, _RECOVERY_SIGNS, _GROUP = 16, 28, 4


class WrongPassphrase(RuleBroken):
    """The passphrase does not unwrap the key: a refusal that is counted and recorded."""

    def __init__(self) -> None:
        super().__init__(
            "key.passphrase",
            _("This is not your reading passphrase."),
            _("Type it again. If it is lost, a colleague can hand the key over to you anew."),
        )


class WrongCode(RuleBroken):
    """A code that was told by mouth, or lies in the safe, does not unwrap the key."""

    def __init__(self) -> None:
        super().__init__(
            "key.code",
            _("This is not the code."),
            _("Look at it again: 0 and O, 1 and I are never in it."),
        )


def check_passphrase(passphrase: str, *, name: str = "") -> str:
    """The passphrase in the form that is used (NFKC, no blanks around it).

    `name`: the user name, which it may not hold. Raises RuleBroken("key.passphrase-weak").
    """
    tidy = normal(passphrase)
    if len(tidy) > LONGEST_PASSPHRASE:
        raise RuleBroken("key.passphrase-weak", _("This passphrase is too long."))
    if len(tidy) < SHORTEST_PASSPHRASE or len(set(tidy.casefold())) < DIFFERENT_SIGNS:
        raise RuleBroken(
            "key.passphrase-weak",
            _("This passphrase is too easy to guess."),
            _("Take at least %(count)d signs: four words that do not belong together are good.")
            % {"count": SHORTEST_PASSPHRASE},
        )
    if name and name.casefold() in tidy.casefold():
        raise RuleBroken(
            "key.passphrase-weak", _("A reading passphrase does not hold your user name.")
        )
    return tidy


def normal(passphrase: str) -> str:
    """The same text for the same passphrase, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def wrapped(private: bytes, passphrase: str, bound: bytes, *, cost: int | None = None) -> bytes:
    """`private` under a key derived from `passphrase`; opens with the same `bound` bytes only."""
    power = COST if cost is None else cost
    salt, nonce = urandom(_SALT), urandom(_NONCE)
    head = bytes([_FORMAT, power]) + salt + nonce
    cipher = AESGCM(_derived(passphrase, salt, power))
    return head + cipher.encrypt(nonce, private, head + bound)


def unwrapped(blob: bytes, passphrase: str, bound: bytes) -> bytes:
    """The private key again. Raises WrongPassphrase for any other passphrase, place or bytes."""
    if len(blob) <= _HEAD or blob[0] != _FORMAT or not 1 <= blob[1] <= _MOST_COST:
        raise WrongPassphrase
    head, sealed = blob[:_HEAD], blob[_HEAD:]
    cipher = AESGCM(_derived(passphrase, head[2 : 2 + _SALT], head[1]))
    try:
        return cipher.decrypt(head[2 + _SALT :], sealed, head + bound)
    except InvalidTag:
        raise WrongPassphrase from None


def _derived(passphrase: str, salt: bytes, power: int) -> bytes:
    scrypt = Scrypt(salt=salt, length=_KEY, n=2**power, r=_BLOCK, p=_PARALLEL)
    return scrypt.derive(normal(passphrase).encode())


def bound(key_id: str, whose: str) -> bytes:
    """What a wrapped key is tied to: the key, and the holder (a user's id, or a use)."""
    return f"cairn reception key\0{key_id}\0{whose}".encode()


def handover_code() -> str:
    """A code for one day, in groups of four, to be told by mouth: "K7QM-2RPC-9HJK-4DFG"."""
    return _grouped(_HANDOVER_SIGNS)


def recovery_code() -> str:
    """The code for the safe: seven groups of four signs, shown once."""
    return _grouped(_RECOVERY_SIGNS)


def _grouped(signs: int) -> str:
    drawn = [secrets.choice(ALPHABET) for _ in range(signs)]
    return "-".join("".join(drawn[at : at + _GROUP]) for at in range(0, signs, _GROUP))


def tidied_code(typed: str) -> str:
    """A code as people type it in the form in which it wraps: signs alone, in capitals."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def last_day(today: date) -> date:
    """The day until which phones may seal to a key that is made today. Both ends included."""
    return today + timedelta(days=KEY_LASTS_DAYS)


def check_usable(destroyed_at: datetime | None) -> None:
    """Raise RuleBroken("key.destroyed"): nothing opens what was sealed to a destroyed key."""
    if destroyed_at is not None:
        raise RuleBroken(
            "key.destroyed",
            _("This key was destroyed. What was sealed to it cannot be opened by anybody."),
        )


def held(copy: Copy | None) -> Copy:
    """The copy of the key that somebody holds; RuleBroken("key.holder") when there is none."""
    if copy is None:
        raise RuleBroken(
            "key.holder",
            _("You do not hold the key to which this was sealed."),
            _("A colleague who holds it can hand it over to you."),
        )
    return copy


def check_new_holder(is_holder: bool) -> None:
    """Raise RuleBroken("key.holds-already") when somebody would come to hold a key twice."""
    if is_holder:
        raise RuleBroken("key.holds-already", _("This person holds the key already."))


def check_member(is_member: bool) -> None:
    """Raise RuleBroken("key.member") when a key would go to somebody who may not open reports."""
    if not is_member:
        raise RuleBroken(
            "key.member",
            _("This person may not open reports of this unit."),
            _("An administrator gives the role first; then the key can be handed over."),
        )


def handed_over(copy: Copy | None) -> Copy:
    """The copy that waits for somebody; RuleBroken("key.handover") when nobody handed one over."""
    if copy is None:
        raise RuleBroken(
            "key.handover",
            _("Nobody has handed this key over to you."),
            _("Ask a colleague who holds it."),
        )
    return copy


def check_handover(expires_at: datetime, taken_at: datetime | None, *, now: datetime) -> None:
    """Raise RuleBroken("key.handover") for a handover whose day is over, or that was taken."""
    if taken_at is not None or expires_at <= now:
        raise RuleBroken(
            "key.handover",
            _("This code is used or its day is over."),
            _("Ask your colleague to hand the key over once more."),
        )


def check_ending(holders: int) -> None:
    """Raise RuleBroken("key.last-holder") when nobody would be left who opens what was sealed.

    `holders`: how many people hold the key now. The recovery code does not count: whether it still
    lies in the safe is not known here.
    """
    if holders <= 1:
        raise RuleBroken(
            "key.last-holder",
            _("Nobody else holds this key: reports sealed to it could not be opened any more."),
            _("Hand it over to a colleague first, or have the key destroyed by two persons."),
        )


def check_retiring(is_current: bool) -> None:
    """Raise RuleBroken("key.current"): phones always need a key to seal to."""
    if is_current:
        raise RuleBroken(
            "key.current",
            _("Phones seal to this key."),
            _("Make a new key first; then this one can be put out of use."),
        )


def check_asked(asked_by: UUID | None) -> None:
    """Raise RuleBroken("key.not-asked") unless somebody asked that the key is destroyed."""
    if asked_by is None:
        raise RuleBroken("key.not-asked", _("Nobody has asked that this key is destroyed."))


def check_destruction(
    asked_by: UUID | None, who: UUID | None, *, is_current: bool, has_unopened: bool
) -> None:
    """Whether `who` may confirm that a key is destroyed, asked for by `asked_by`.

    Raises RuleBroken "key.current" (phones still seal to it), "key.unopened" (reports that nobody
    has read would be lost), "key.not-asked", "key.second-person".
    """
    check_retiring(is_current)
    if has_unopened:
        raise RuleBroken(
            "key.unopened",
            _("Reports that nobody has opened yet are sealed to this key."),
            _("Open them first: nothing that was received is lost here."),
        )
    check_asked(asked_by)
    if asked_by == who:
        raise RuleBroken(
            "key.second-person",
            _("Two persons destroy a key: one asks, another confirms."),
            _("Ask a colleague to confirm it."),
        )
