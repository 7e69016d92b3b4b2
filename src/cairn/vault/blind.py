"""Blind indexes: equal texts give equal codes, and without the key nobody finds text or code."""

import hmac as plain_hmac
from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cairn.core.classification import Zone
from cairn.vault import envelope, keyring

# For ids that nobody can guess. A blind index of names could be tried out by whoever may ask
# often enough, so names of persons of concern do not go in here; those of trainees do, to find
# the same person under two spellings, and are asked for by limited pages only. Persons of concern
# are found again by a Batch: names stand in it together with other facts or under a cover.


def index(zone: Zone, purpose: str, text: str) -> str:
    """64 hex signs for `text`; other zones and purposes give unrelated ones.

    HMAC-SHA-256 under a key derived (HKDF) from the zone's named key `blind:PURPOSE:ZONE`.
    """
    return indexes(zone, purpose, [text])[0]


def indexes(zone: Zone, purpose: str, texts: Iterable[str]) -> list[str]:
    """The same for many, with one query to the key store."""
    key = _key(zone, purpose)
    codes = []
    for text in texts:
        code = hmac.HMAC(key, hashes.SHA256())
        code.update(text.encode())
        codes.append(code.finalize().hex())
    return codes


class Batch:
    """Short marks for many texts, and a cover for what is made of them; keys are derived once.

    `scope` parts the rows of one zone: equal texts of two scopes give unrelated marks. What is
    covered opens again here and nowhere else; whoever has the database alone cannot even count
    how often a mark stands in it. Not kept between requests.
    """

    __slots__ = ("_cipher", "_key", "_known", "_scope")

    def __init__(self, zone: Zone, purpose: str, scope: str) -> None:
        secret = _key(zone, purpose)
        self._scope = scope.encode()
        self._key = _derived(secret, b"marks\0" + self._scope)
        self._cipher = envelope.cipher(_derived(secret, b"cover\0" + self._scope))
        self._known: dict[str, int] = {}

    def mark(self, text: str) -> int:
        """The first 64 bits of HMAC-SHA-256 of `text`, as a signed number."""
        found = self._known.get(text)
        if found is None:
            code = plain_hmac.digest(self._key, text.encode(), "sha256")
            found = self._known[text] = int.from_bytes(code[:8], "big", signed=True)
            if len(self._known) > 200_000:  # a whole register in one go
                self._known.clear()
        return found

    def cover(self, plain: bytes, place: bytes) -> bytes:
        """`plain`, readable only here and with the same `place` (the row's own id)."""
        return envelope.seal(self._cipher, plain, self._scope + b"\0" + place)

    def uncover(self, covered: bytes, place: bytes) -> bytes:
        """What was covered. Raises Altered for another key, scope or place."""
        return envelope.unseal(self._cipher, covered, self._scope + b"\0" + place)


def _key(zone: Zone, purpose: str) -> bytes:
    raw = keyring.raw_key(keyring.named(f"blind:{purpose}:{zone}", zone))
    return _derived(raw, f"cairn blind index\0{zone}\0{purpose}".encode())


def _derived(secret: bytes, context: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=context).derive(secret)
