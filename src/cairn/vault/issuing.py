"""The installation's signature on certificates: ES256, which the browser of every phone checks.

A key pair of its own, kept like the one of `signing`: whoever checks certificates relies on
nothing that the log rests on, and the two are renewed apart.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cairn.vault import roots, signing
from cairn.vault.models import SigningKey
from cairn.vault.router import ALIAS

KIND = "es256"
_CURVE = ec.SECP256R1()
_LENGTH = 32  # bytes of a number on P-256


@dataclass(frozen=True, slots=True)
class Signer:
    """The current key, open in this process for as long as one piece of work lasts.

    `sign`: message in; r and s out, 32 bytes each (RFC 7518, section 3.4).
    """

    key_id: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class IssuingKey:
    """What others keep to check certificates. `x`, `y`: 32 bytes each."""

    key_id: str
    x: bytes
    y: bytes
    made_at: datetime
    is_current: bool


def signer() -> Signer:
    """Open the current key; the first one is made here. Raises RootError or Altered."""
    row = _rows().filter(is_current=True).first() or _first()
    raw = roots.configured().unwrap(row.root_id, bytes(row.wrapped), signing.bound(row.pk))
    private = ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(_LENGTH, "big") + s.to_bytes(_LENGTH, "big")

    return Signer(row.pk, sign)


def public_keys() -> list[IssuingKey]:
    """Every public key that certificates were ever signed with, newest first; none before that."""
    return [
        IssuingKey(
            row.pk,
            bytes(row.public)[1 : 1 + _LENGTH],
            bytes(row.public)[1 + _LENGTH :],
            row.made_at,
            row.is_current,
        )
        for row in _rows()
    ]


def renew() -> str:
    """A new key signs from now on and is named; certificates of older ones still check."""
    with transaction.atomic(using=ALIAS):
        _rows().filter(is_current=True).update(is_current=False)
        return _make().pk


def _rows() -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(kind=KIND)


def _first() -> SigningKey:
    try:
        with transaction.atomic(using=ALIAS):
            return _make()
    except IntegrityError:  # another process was first
        return _rows().get(is_current=True)


def _make() -> SigningKey:
    private = ec.generate_private_key(_CURVE)
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key_id = hashlib.sha256(public).hexdigest()[:16]
    secret = private.private_numbers().private_value.to_bytes(_LENGTH, "big")
    root_id, wrapped = roots.configured().wrap(secret, signing.bound(key_id))
    return SigningKey.objects.create(
        id=key_id, kind=KIND, public=public, root_id=root_id, wrapped=wrapped,
        made_at=timezone.now(),
    )  # fmt: skip
