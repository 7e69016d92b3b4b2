"""Sealing to a receiving unit's public key: HPKE base mode (RFC 9180) on P-256.

The suite is DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, with empty associated data. P-256
and not X25519, because the WebCrypto of older phones lacks the latter.
"""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT_BYTES = 65  # an uncompressed point of P-256, which is also the encapsulated key
TAG_BYTES = 16
OVERHEAD = POINT_BYTES + TAG_BYTES
_PRIVATE_BYTES = 32
_CURVE = ec.SECP256R1()
_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

PrivateKey = ec.EllipticCurvePrivateKey | bytes
PublicKey = ec.EllipticCurvePublicKey | bytes


class Unopened(Exception):
    """The sealed bytes do not belong to this key and this header, or were changed."""


def seal(public: PublicKey, plain: bytes, info: bytes) -> bytes:
    """Encapsulated key (65 bytes) and ciphertext of `plain`, which opens only with the same `info`.

    `public`: a key, or its uncompressed point. Raises ValueError for what is no point of P-256.
    """
    return _SUITE.encrypt(plain, public_key(public), info)


def open_(private: PrivateKey, blob: bytes, info: bytes) -> bytes:
    """The plain bytes again. `private`: a key, or its number as 32 bytes. Raises Unopened."""
    try:
        return _SUITE.decrypt(blob, private_key(private), info)
    except (InvalidTag, ValueError):
        raise Unopened("These sealed bytes do not open with this key.") from None


def new_private() -> bytes:
    """The number of a fresh private key, 32 bytes."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return number.to_bytes(_PRIVATE_BYTES, "big")


def public_of(private: PrivateKey) -> bytes:
    """The uncompressed point (65 bytes) that belongs to a private key."""
    key = private_key(private).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(public: bytes) -> str:
    """How a key is named in envelopes: 16 hex signs of the hash of its uncompressed point."""
    return hashlib.sha256(public).hexdigest()[:16]


def private_key(given: PrivateKey) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError for bytes that are no private key of P-256."""
    if isinstance(given, bytes):
        if len(given) != _PRIVATE_BYTES:
            raise ValueError("A private key of P-256 has 32 bytes.")
        return ec.derive_private_key(int.from_bytes(given, "big"), _CURVE)
    return given


def public_key(given: PublicKey) -> ec.EllipticCurvePublicKey:
    """Raises ValueError for bytes that are no uncompressed point of P-256."""
    if isinstance(given, bytes):
        if len(given) != POINT_BYTES:
            raise ValueError("An uncompressed point of P-256 has 65 bytes.")
        return _point(given)
    return given


@lru_cache(maxsize=4_096)  # the phones of a large service; checking a point costs as a signature
def _point(given: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, given)
