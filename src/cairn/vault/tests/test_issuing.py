"""The key of certificates: P-256, apart from the key that signs the log, renewed on its own."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cairn.vault import health, issuing, rotation, signing
from cairn.vault.models import SigningKey

pytestmark = pytest.mark.django_db

MESSAGE = b"an invented certificate"


def verify(key: issuing.IssuingKey, signature: bytes, message: bytes) -> None:
    public = ec.EllipticCurvePublicNumbers(
        int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big"), ec.SECP256R1()
    ).public_key()
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))


def test_what_is_signed_verifies_with_the_published_key_only() -> None:
    signer = issuing.signer()
    signature = signer.sign(MESSAGE)
    (key,) = issuing.public_keys()
    assert (key.key_id, key.is_current, len(signature)) == (signer.key_id, True, 64)
    verify(key, signature, MESSAGE)
    with pytest.raises(InvalidSignature):
        verify(key, signature, MESSAGE + b".")


def test_the_secret_half_is_not_stored_in_the_clear() -> None:
    issuing.signer()
    row = SigningKey.objects.get(kind=issuing.KIND)
    assert len(bytes(row.public)) == 65
    assert len(bytes(row.wrapped)) > 32


def test_certificates_and_the_log_have_keys_of_their_own() -> None:
    signature = signing.sign(MESSAGE)
    issuing.signer()
    assert {row.kind for row in SigningKey.objects.filter(is_current=True)} == {"ed25519", "es256"}
    assert [key.key_id for key in signing.public_keys()] == [signature.key_id]
    assert [key.key_id for key in issuing.public_keys()] == [issuing.signer().key_id]
    issuing.renew()
    assert signing.sign(MESSAGE).key_id == signature.key_id


def test_older_certificates_still_check_after_a_renewal() -> None:
    old = issuing.signer()
    signature = old.sign(MESSAGE)
    new = issuing.renew()
    assert issuing.signer().key_id == new != old.key_id
    keys = {key.key_id: key for key in issuing.public_keys()}
    assert [key.is_current for key in keys.values()].count(True) == 1
    verify(keys[old.key_id], signature, MESSAGE)


def test_a_new_root_key_opens_it_too_and_nothing_else_does() -> None:
    key_id = issuing.signer().key_id
    rotation.rotate_root()
    assert issuing.signer().key_id == key_id
    assert health.check() == []
    SigningKey.objects.filter(pk=key_id).update(wrapped=b"\1" + b"x" * 60)
    assert [problem.code for problem in health.check()] == ["store.altered"]
