"""Something sealed for whoever holds a link and, by another way, a number: nobody else opens it.

The key is made of both. Neither is stored, so whoever holds the database alone, or with the key
store, opens nothing. scrypt makes trying numbers dear for somebody who has the link as well.
What is written later, when neither is at hand, goes into a box (`posted`): its slot is a public key
(X25519), whose private half is sealed like everything else. All of it lies under the key of the
record that it is about as well (`covered`): that key alone opens nothing, and when it is destroyed,
link and number open nothing any more, in old copies neither.
"""

import hashlib
import secrets
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cairn.vault import envelope, keyring
from cairn.vault.errors import Altered, KeyGone, RootError

__all__ = [
    "Altered",
    "HandedKey",
    "KeyGone",
    "RootError",
    "covered",
    "mark_of",
    "new_number",
    "new_token",
    "posted",
    "uncovered",
]

DIGITS = 8
# 32 MiB and about a tenth of a second: RFC 7914 leaves the choice to the deployment.
COST = 2**15
_BLOCKS, _LANES = 8, 1
_TOKEN_BYTES = 24
_PUBLIC_BYTES = 32
_LATCH = "latch"


def new_token() -> str:
    """What stands in the link: 192 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_number() -> str:
    """What is told by another way: eight digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def mark_of(token: str) -> str:
    """By which a link is found: 64 hex signs of its hash; the token itself is not stored."""
    return hashlib.sha256(b"cairn link\0" + token.encode()).hexdigest()


class HandedKey:
    """The key of one link, from its token and number; `link`: the id that salts it."""

    def __init__(self, token: str, number: str, link: UUID) -> None:
        kdf = Scrypt(b"cairn handed\0" + link.bytes, 32, COST, _BLOCKS, _LANES)
        self._cipher = envelope.cipher(kdf.derive(f"{token}\0{number}".encode()))
        self._link = link.bytes

    def seal(self, plain: bytes, what: str) -> bytes:
        """Ciphertext that opens for the same token, number, link and `what` only."""
        return envelope.seal(self._cipher, plain, self._link + what.encode())

    def unseal(self, sealed: bytes, what: str) -> bytes:
        """The plain bytes. Raises Altered for a wrong number as for anything else."""
        return envelope.unseal(self._cipher, sealed, self._link + what.encode())

    def new_box(self) -> tuple[bytes, bytes]:
        """(slot, latch): anybody may put something in by the slot; the latch opens here only."""
        private = X25519PrivateKey.generate()
        slot = private.public_key().public_bytes_raw()
        return slot, self.seal(private.private_bytes_raw(), _LATCH)

    def taken(self, latch: bytes, post: bytes, what: str) -> bytes:
        """What was put into the box. Raises Altered."""
        private = X25519PrivateKey.from_private_bytes(self.unseal(latch, _LATCH))
        once, sealed = post[:_PUBLIC_BYTES], post[_PUBLIC_BYTES:]
        slot = private.public_key().public_bytes_raw()
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(once))
        except ValueError:  # too short, or a point that gives nothing away
            raise Altered("What lies in the box was not put there by its slot.") from None
        cipher = envelope.cipher(_box_key(shared, once, slot))
        return envelope.unseal(cipher, sealed, self._link + what.encode())


def posted(slot: bytes, link: UUID, plain: bytes, what: str) -> bytes:
    """`plain`, sealed for the box of a link: nobody here opens it again."""
    own = X25519PrivateKey.generate()
    once = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(slot))
    cipher = envelope.cipher(_box_key(shared, once, slot))
    return once + envelope.seal(cipher, plain, link.bytes + what.encode())


def covered(record_key: UUID, sealed: bytes, link: UUID, what: str) -> bytes:
    """What is sealed for a link, sealed once more under a record's data key.

    Raises KeyGone, Altered or RootError.
    """
    return envelope.seal(keyring.for_sealing(record_key), sealed, _cover(record_key, link, what))


def uncovered(record_key: UUID, cover: bytes, link: UUID, what: str) -> bytes:
    """What was covered, sealed for its link still. Raises KeyGone, Altered or RootError."""
    # Asked of the key store each time: a key that was destroyed a moment ago is not at hand.
    cipher = keyring.ciphers([record_key])[record_key]
    if isinstance(cipher, Exception):
        raise cipher
    return envelope.unseal(cipher, cover, _cover(record_key, link, what))


def _cover(record_key: UUID, link: UUID, what: str) -> bytes:
    return b"cairn handed cover\0" + record_key.bytes + link.bytes + what.encode()


def _box_key(shared: bytes, once: bytes, slot: bytes) -> bytes:
    """One key for one post; both public keys are part of it."""
    kdf = HKDF(hashes.SHA256(), envelope.KEY_BYTES, salt=None, info=b"cairn box\0" + once + slot)
    return kdf.derive(shared)
