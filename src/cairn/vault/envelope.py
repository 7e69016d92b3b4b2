"""The bytes of a sealed thing: format byte, nonce, ciphertext with tag. AES-256-GCM throughout."""

from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cairn.vault.errors import Altered

KEY_BYTES = 32
_FORMAT = 1
_NONCE = 12  # bytes; the length that NIST SP 800-38D recommends for GCM
_BODY = 1 + _NONCE
_FIRST = bytes([_FORMAT])
# A random nonce allows 2^32 seals under one key (NIST SP 800-38D, 8.3). A data key seals the
# fields of one person, a zone key wraps data keys: both stay far below.


def new_key() -> bytes:
    return urandom(KEY_BYTES)


def cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(key: AESGCM, plain: bytes, bound: bytes) -> bytes:
    """Seal `plain`; it opens only with the same key and the same `bound` bytes."""
    nonce = urandom(_NONCE)
    return _FIRST + nonce + key.encrypt(nonce, plain, bound)


def unseal(key: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    """The plain bytes. Raises Altered for any other key, place, length or format."""
    try:
        if sealed[0] == _FORMAT:
            return key.decrypt(sealed[1:_BODY], sealed[_BODY:], bound)
    except (InvalidTag, ValueError, IndexError):  # the last two: too short
        pass
    raise Altered("The sealed bytes do not belong to this key and place.")
