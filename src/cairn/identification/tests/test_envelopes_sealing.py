"""Sealing: the vectors of RFC 9180, and that a sealed part opens in its own place alone."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from cairn.identification.envelopes import hpke as sealing

# RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
VECTOR = {
    name: bytes.fromhex(value)
    for name, value in {
        "info": "4f6465206f6e2061204772656369616e2055726e",
        "skEm": "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
        "pkEm": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
        "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
        "skRm": "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
        "pkRm": "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
        "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
        "shared_secret": "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8",
        "key": "868c066ef58aae6dc589b6cfdd18f97e",
        "base_nonce": "4e0bc5018beba4bf004cca59",
        "pt": "4265617574792069732074727574682c20747275746820626561757479",
        "aad": "436f756e742d30",
        "ct": "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab25"
        "23f39513434",
    }.items()
}


def extract(salt: bytes, suite: bytes, label: bytes, key: bytes) -> bytes:
    """LabeledExtract of the RFC, section 4."""
    code = hmac.HMAC(salt or bytes(32), hashes.SHA256())
    code.update(b"HPKE-v1" + suite + label + key)
    return code.finalize()


def expand(secret: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of the RFC, section 4."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(hashes.SHA256(), length, labelled).derive(secret)


def shared_secret(enc: bytes, private: bytes, other: bytes, receiver: bytes) -> bytes:
    """Encap and Decap of the RFC, section 4.1: the same secret from either side."""
    own = sealing.private_key(private)
    agreed = own.exchange(ec.ECDH(), sealing.public_key(other))
    suite = b"KEM" + (0x0010).to_bytes(2, "big")
    return expand(
        extract(b"", suite, b"eae_prk", agreed), suite, b"shared_secret", enc + receiver, 32
    )


def schedule(secret: bytes, info: bytes, aead: int, key_bytes: int) -> tuple[bytes, bytes]:
    """KeySchedule of the RFC, section 5.1, in base mode: key and nonce."""
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (0x0010, 0x0001, aead))
    context = (
        b"\0" + extract(b"", suite, b"psk_id_hash", b"") + extract(b"", suite, b"info_hash", info)
    )
    whole = extract(secret, suite, b"secret", b"")
    return (
        expand(whole, suite, b"key", context, key_bytes),
        expand(whole, suite, b"base_nonce", context, 12),
    )


def test_the_steps_of_the_standard_give_its_own_numbers() -> None:
    enc, receiver = VECTOR["pkEm"], VECTOR["pkRm"]
    assert sealing.public_of(VECTOR["skEm"]) == enc
    assert sealing.public_of(VECTOR["skRm"]) == receiver
    from_sender = shared_secret(enc, VECTOR["skEm"], receiver, receiver)
    from_receiver = shared_secret(enc, VECTOR["skRm"], enc, receiver)
    assert from_sender == from_receiver == VECTOR["shared_secret"]
    key, nonce = schedule(from_sender, VECTOR["info"], 0x0001, 16)
    assert (key, nonce) == (VECTOR["key"], VECTOR["base_nonce"])
    assert AESGCM(key).encrypt(nonce, VECTOR["pt"], VECTOR["aad"]) == VECTOR["ct"]


def test_the_library_opens_the_vector_of_the_standard() -> None:
    suite = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
    key, nonce = schedule(VECTOR["shared_secret"], VECTOR["info"], 0x0001, 16)
    blob = VECTOR["pkEm"] + AESGCM(key).encrypt(nonce, VECTOR["pt"], b"")
    opened = suite.decrypt(blob, sealing.private_key(VECTOR["skRm"]), VECTOR["info"])
    assert opened == VECTOR["pt"]


def test_our_suite_seals_as_the_steps_of_the_standard_say() -> None:
    receiver = sealing.new_private()
    point = sealing.public_of(receiver)
    blob = sealing.seal(point, b"invented words", b"some header")
    enc, sealed = blob[: sealing.POINT_BYTES], blob[sealing.POINT_BYTES :]
    secret = shared_secret(enc, receiver, enc, point)
    key, nonce = schedule(secret, b"some header", 0x0002, 32)
    assert AESGCM(key).decrypt(nonce, sealed, b"") == b"invented words"
    assert len(blob) == len(b"invented words") + sealing.OVERHEAD


def test_the_same_words_are_sealed_differently_each_time() -> None:
    point = sealing.public_of(sealing.new_private())
    assert sealing.seal(point, b"words", b"info") != sealing.seal(point, b"words", b"info")


def changed(blob: bytes) -> bytes:
    return blob[:-1] + bytes([blob[-1] ^ 1])


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda blob, info: (changed(blob), info),
        lambda blob, info: (bytes([4]) + bytes(64) + blob[65:], info),
        lambda blob, info: (blob, info + b" "),
        lambda blob, info: (blob[:-1], info),
        lambda blob, info: (blob[:40], info),
        lambda blob, info: (b"", info),
    ],
    ids=["changed", "other point", "other header", "shortened", "half", "empty"],
)
def test_nothing_opens_that_was_changed_or_moved(spoilt: Any) -> None:
    private = sealing.new_private()
    blob, info = spoilt(sealing.seal(sealing.public_of(private), b"words", b"info"), b"info")
    with pytest.raises(sealing.Unopened):
        sealing.open_(private, blob, info)


def test_another_key_opens_nothing() -> None:
    blob = sealing.seal(sealing.public_of(sealing.new_private()), b"words", b"info")
    with pytest.raises(sealing.Unopened):
        sealing.open_(sealing.new_private(), blob, b"info")


@pytest.mark.parametrize("point", [b"", b"\4" + bytes(64), b"\2" + bytes(32), bytes(65)])
def test_what_is_no_point_of_the_curve_is_no_key(point: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        sealing.seal(point, b"words", b"info")


def test_a_private_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.public_of(b"short")
    assert len(sealing.key_id(sealing.public_of(sealing.new_private()))) == 16
