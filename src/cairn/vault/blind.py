"""Blind indexes: equal texts give equal codes, and without the key nobody finds text or code."""

from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cairn.core.classification import Zone
from cairn.vault import keyring

# For ids that nobody can guess. A blind index of names could be tried out by whoever may ask
# often enough, so names of persons of concern do not go in here; those of trainees do, to find
# the same person under two spellings, and are asked for by limited pages only.


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


def _key(zone: Zone, purpose: str) -> bytes:
    raw = keyring.raw_key(keyring.named(f"blind:{purpose}:{zone}", zone))
    context = f"cairn blind index\0{zone}\0{purpose}".encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=context).derive(raw)
