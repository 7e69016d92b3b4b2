"""Bytes sealed under a named key of a zone: what is kept and is no field of a person's record.

Such bytes are not erased one by one: the key is the zone's own, and lives as long as the zone.
"""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cairn.core.classification import Zone
from cairn.vault import envelope, keyring


class Wraps:
    """Seals and unseals under the key `name` of `zone`; one look into the key store."""

    def __init__(self, zone: Zone, name: str) -> None:
        key_id = keyring.named(name, zone)
        found = keyring.ciphers([key_id])[key_id]
        if isinstance(found, Exception):
            raise found
        self._cipher: AESGCM = found

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Ciphertext that opens with the same `bound` bytes only."""
        return envelope.seal(self._cipher, plain, bound)

    def unseal(self, sealed: bytes, bound: bytes) -> bytes:
        """The plain bytes. Raises Altered."""
        return envelope.unseal(self._cipher, sealed, bound)
