"""The installation's signature (Ed25519) on what leaves it and must be recognised later."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cairn.vault import roots
from cairn.vault.models import SigningKey
from cairn.vault.router import ALIAS


@dataclass(frozen=True, slots=True)
class Signature:
    """`key_id`: 16 hex signs that name the public key; `value`: 64 bytes."""

    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What an outside party keeps to check signatures. `pem`: SubjectPublicKeyInfo."""

    key_id: str
    raw: bytes
    pem: str
    made_at: datetime
    is_current: bool


def sign(message: bytes) -> Signature:
    """Sign with the current key; the first one is made here. Raises RootError or Altered."""
    row = _rows().filter(is_current=True).first() or _first()
    raw = roots.configured().unwrap(row.root_id, bytes(row.wrapped), bound(row.pk))
    return Signature(row.pk, Ed25519PrivateKey.from_private_bytes(raw).sign(message))


def verify(message: bytes, signature: Signature) -> bool:
    """True when `signature` is this installation's on exactly this message, by any of its keys."""
    row = _rows().filter(pk=signature.key_id).first()
    if row is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes(row.public)).verify(signature.value, message)
    except InvalidSignature:
        return False
    return True


def public_keys() -> list[PublicKey]:
    """Every public key of this installation, newest first; the first one is made here."""
    if not _rows().exists():
        _first()
    return [_public(row) for row in _rows()]


def renew() -> PublicKey:
    """A new key signs from now on; what older ones signed still verifies."""
    with transaction.atomic(using=ALIAS):
        _rows().filter(is_current=True).update(is_current=False)
        return _public(_make())


def bound(key_id: str) -> bytes:
    """What the wrapped private half is tied to."""
    return b"cairn signing key\0" + key_id.encode()


def _rows() -> QuerySet[SigningKey]:
    """The keys of this kind: those of certificates are another's."""
    return SigningKey.objects.filter(kind="ed25519")


def _public(row: SigningKey) -> PublicKey:
    raw = bytes(row.public)
    pem = Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return PublicKey(row.pk, raw, pem.decode("ascii"), row.made_at, row.is_current)


def _first() -> SigningKey:
    try:
        with transaction.atomic(using=ALIAS):
            return _make()
    except IntegrityError:  # another process was first
        return _rows().get(is_current=True)


def _make() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()[:16]
    root_id, wrapped = roots.configured().wrap(private.private_bytes_raw(), bound(key_id))
    return SigningKey.objects.create(
        id=key_id, public=public, root_id=root_id, wrapped=wrapped, made_at=timezone.now()
    )
