"""Work in progress that only the machine reads: under a key of its own, and gone when it is done.

Meant for what stands in the database for a while between two steps of one piece of work, such as
the exact counts of a release of statistics. No page opens it; copies of the database hold noise
as soon as the key is destroyed.
"""

from uuid import UUID

from cairn.core.classification import Zone
from cairn.vault import envelope, keyring
from cairn.vault.errors import Altered, KeyGone, RootError

__all__ = ["Altered", "KeyGone", "RootError", "new_key", "seal", "unseal", "wipe"]


def new_key(zone: Zone) -> UUID:
    """A data key for one piece of work. Raises RootError."""
    return keyring.create(zone)


def seal(key: UUID, plain: bytes, place: str) -> bytes:
    """Ciphertext that opens with the same key and `place` only. Raises KeyGone or RootError."""
    return envelope.seal(keyring.for_sealing(key), plain, _bound(key, place))


def unseal(key: UUID, sealed: bytes, place: str) -> bytes:
    """The plain bytes. Raises KeyGone, Altered or RootError."""
    # Asked of the key store each time: a key that was destroyed a moment ago is not at hand.
    cipher = keyring.ciphers([key])[key]
    if isinstance(cipher, Exception):
        raise cipher
    return envelope.unseal(cipher, sealed, _bound(key, place))


def wipe(key: UUID) -> None:
    """Destroy the key: what it sealed is noise from now on, in backups too. Safe to repeat."""
    keyring.destroy(key)


def _bound(key: UUID, place: str) -> bytes:
    return b"cairn scratch\0" + key.bytes + place.encode()
