"""Sealing in the browser: the RFC's numbers, and both ways with the server's own cryptography."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke as reference
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.identification.envelopes import content, format
from tests.field_app.conftest import App

pytestmark = pytest.mark.processes  # a browser

SUITE = reference.Suite(reference.KEM.P256, reference.KDF.HKDF_SHA256, reference.AEAD.AES_256_GCM)
# RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode,
# with the first encryption.
VECTOR = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
    "pkEm": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78"
    "e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    "skRm": "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    "pkRm": "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e"
    "539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
    "shared_secret": "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8",
    "key": "868c066ef58aae6dc589b6cfdd18f97e",
    "base_nonce": "4e0bc5018beba4bf004cca59",
    "exporter_secret": "14ad94af484a7ad3ef40e9f3be99ecc6fa9036df9d4920548424df127ee0d99f",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39"
    "513434",
}
REPORT = {"v": 1, "danger": "now", "age": "adult", "outcome": "refer", "seen": {"sign": "yes"}}
IDENTITY = {"v": 1, "name": "Nomen Inventum", "phone": "000"}
FACTS = {
    "id": "0b8f9f4e-6c1f-4b57-9d6b-2f4f5f0f6a11",
    "device": "K7Q-M4R",
    "seq": 7,
    "list": "2026-1",
    "now": 1_795_327_080_000,
    "content": REPORT,
    "identity": IDENTITY,
}


def reception_key() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return private, point


def test_the_browser_computes_the_numbers_of_the_rfc(app: App) -> None:
    given = {name: VECTOR[name] for name in ("info", "skEm", "pkEm", "pkRm", "pt", "aad")}
    computed = app.run("sealing", "vector", {"aead": 1, **given})
    assert computed.pop("enc") == VECTOR["pkEm"]
    assert computed == {name: VECTOR[name] for name in computed}
    sealed = {
        "aead": 1,
        "secret": VECTOR["skRm"],
        "point": VECTOR["pkRm"],
        "sealed": VECTOR["pkEm"] + VECTOR["ct"],
        "info": VECTOR["info"],
        "aad": VECTOR["aad"],
    }
    assert app.run("sealing", "opened", sealed) == VECTOR["pt"]
    for part in ("sealed", "info", "aad"):
        altered = sealed | {part: str(sealed[part])[:-2] + "00"}
        assert app.run("sealing", "opened", altered) == "refused"


def test_what_one_side_seals_the_other_opens_and_nothing_altered(app: App) -> None:
    private, point = reception_key()
    plain, info = "Nomen Inventum – ٣".encode(), b"cairn report 1\ncontent"
    sealed = app.run(
        "sealing", "sealed", {"point": point.hex(), "plain": plain.hex(), "info": info.hex()}
    )
    assert SUITE.decrypt(bytes.fromhex(sealed), private, info) == plain
    with pytest.raises(InvalidTag):
        SUITE.decrypt(bytes.fromhex(sealed), private, b"cairn report 1\nidentity")
    returned = SUITE.encrypt(plain, private.public_key(), info)
    secret = private.private_numbers().private_value.to_bytes(32, "big").hex()
    asked = {"aead": 2, "secret": secret, "point": point.hex(), "sealed": returned.hex(), "aad": ""}
    assert app.run("sealing", "opened", {**asked, "info": info.hex()}) == plain.hex()
    assert app.run("sealing", "opened", {**asked, "info": "00"}) == "refused"


def test_an_envelope_of_the_phone_is_what_the_server_expects(app: App) -> None:
    private, point = reception_key()
    made = app.run("sealing", "made", {"point": point.hex(), "facts": FACTS})
    assert made["isEnvelope"]
    envelope = format.parse(made["envelope"])
    assert envelope.made_at == datetime(2026, 11, 22, 5, 58, tzinfo=UTC)
    assert (envelope.device, envelope.sequence, envelope.is_urgent) == ("K7Q-M4R", 7, True)
    assert envelope.digest() == made["digest"] == made["again"]
    assert envelope.is_signed_by(bytes.fromhex(made["signer"]))
    code = format.code_of(envelope.id)
    assert (made["code"], made["reference"]) == (code, format.reference_of(code))
    plain = SUITE.decrypt(envelope.content, private, envelope.content_info())
    assert len(plain) == 1024
    assert content.read_padded(plain) == REPORT
    identity = SUITE.decrypt(envelope.identity, private, envelope.identity_info())
    assert content.read_padded(identity) == IDENTITY
    without = app.run(
        "sealing", "made", {"point": point.hex(), "facts": {**FACTS, "identity": None}}
    )
    assert without["envelope"]["identity"] == ""
    assert format.parse(without["envelope"]).digest() == without["digest"] != made["digest"]


def test_phone_and_server_refuse_the_same_contents(app: App) -> None:
    contents: list[dict[str, object]] = [
        REPORT,
        {**REPORT, "note": "x" * 500, "band": "concern", "judgement": "concern"},
        {**REPORT, "band": "concern", "judgement": "unclear", "judgement_reason": "explained"},
        {**REPORT, "band": "concern", "judgement": "unclear"},
        {**REPORT, "note": "x" * 501},
        {**REPORT, "name": "Nomen Inventum"},
        {**REPORT, "seen": {"sign": "perhaps"}},
        {**REPORT, "danger": "yes"},
        {**REPORT, "steps": "away"},
        {**REPORT, "v": 2},
        {key: value for key, value in REPORT.items() if key != "age"},
        {key: value for key, value in REPORT.items() if key != "outcome"},
    ]
    identities: list[dict[str, object]] = [
        IDENTITY,
        {"v": 1},
        {"name": "Nomen Inventum"},
        {**IDENTITY, "phone": "0" * 61},
        {**IDENTITY, "birth": "2000"},
    ]
    found = app.run("sealing", "flaws", {"contents": contents, "identities": identities})
    ours = [bool(flaw) for flaw in found["contents"] + found["identities"]]
    theirs = [bool(content.check_content(each)) for each in contents]
    assert ours == theirs + [bool(content.check_identity(each)) for each in identities]
    assert ours.count(False) == 5


def test_a_plain_text_is_filled_up_so_that_its_length_tells_little(app: App) -> None:
    texts = ["", "x" * 100, "x" * 1100, "ع" * 600]
    assert app.run("sealing", "paddedLengths", texts) == [1024, 1024, 2048, 2048]
    assert json.loads(content.padded({"v": 1}).decode()) == {"v": 1}


def test_the_key_that_is_good_for_longest_is_sealed_to(app: App) -> None:
    keys = [
        {"id": "old", "not_after": "2026-01-01"},
        {"id": "new", "not_after": "2027-01-01"},
        {"id": "older", "not_after": "2025-01-01"},
    ]
    assert app.run("sealing", "chosenKey", keys) == "new"
    shapes = [{}, None, {"v": 1}, FACTS]
    assert app.run("sealing", "isEnvelope", shapes) == [False] * 4


def test_signs_that_nobody_sees_are_left_out_before_sealing(app: App) -> None:
    private, point = reception_key()
    pasted = {**IDENTITY, "phone": "\u202a+000 11\u202c", "name": "Invented \U0001f511 Person"}
    facts = {**FACTS, "identity": pasted}
    envelope = format.parse(
        app.run("sealing", "made", {"point": point.hex(), "facts": facts})["envelope"]
    )
    plain = SUITE.decrypt(envelope.identity, private, envelope.identity_info())
    identity = content.read_padded(plain)
    assert (identity["phone"], identity["name"]) == ("+000 11", "Invented \U0001f511 Person")
    assert content.check_identity(identity) == ""
