"""Something sealed for whoever holds a link and, by another way, a number: nobody else opens it.

The key is made of both. Neither is stored, so whoever holds the database alone, or with the key
store, opens nothing. scrypt makes trying numbers dear for somebody who has the link as well.
"""

import hashlib
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cairn.vault import envelope
from cairn.vault.errors import Altered

__all__ = ["Altered", "HandedKey", "mark_of", "new_number", "new_token"]

DIGITS = 8
# 32 MiB and about a tenth of a second: RFC 7914 leaves the choice to the deployment.
COST = 2**15
_BLOCKS, _LANES = 8, 1
_TOKEN_BYTES = 24


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
