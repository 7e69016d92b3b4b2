"""Envelopes: what their header ties, how each kind of bad input is told, batches and receipts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from cairn.identification.envelopes import base64url, batches, format, hpke, receipts
from cairn.identification.envelopes.format import Envelope, Refused
from cairn.identification.tests.envelopes import CONTENT, Phone, signer

NOW = datetime(2026, 11, 22, 5, 58, tzinfo=UTC)
UNIT = hpke.new_private()
PHONE = Phone("K7Q-M2R", hpke.public_of(UNIT))


@pytest.fixture(scope="module")
def item() -> dict[str, Any]:
    return PHONE.report(NOW, identity={"v": 1, "name": "Invented Person"})


def test_an_envelope_is_read_as_it_was_written(item: dict[str, Any]) -> None:
    envelope = format.parse(item)
    assert envelope.as_mapping() == item
    assert format.parse(json.dumps(item).encode()) == envelope
    assert envelope.is_signed_by(PHONE.public)


def test_the_header_has_its_lines_in_the_agreed_order() -> None:
    envelope = Envelope(
        id="0f8fad5b-d9cb-469f-a165-70867728950e", device="K7Q-M2R", sequence=7,
        key="0123456789abcdef", made_at=NOW, edition="2026-1", is_urgent=True,
        content=b"", identity=b"",
    )  # fmt: skip
    lines = [
        "cairn report 1", "0f8fad5b-d9cb-469f-a165-70867728950e", "K7Q-M2R", "7",
        "0123456789abcdef", "2026-11-22T05:58:00Z", "2026-1", "1",
    ]  # fmt: skip
    assert envelope.header() == "\n".join(lines)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert envelope.signed_text().decode() == "\n".join([*lines, empty, empty])
    assert envelope.content_info().decode().splitlines()[-1] == "content"
    assert envelope.identity_info().decode().splitlines()[-1] == "identity"


@pytest.mark.parametrize(
    "change",
    [
        {"is_urgent": True}, {"edition": "2026-2"}, {"sequence": 99}, {"device": "K7Q-M2T"},
        {"key": "0" * 16}, {"made_at": NOW.replace(minute=59)}, {"identity": b""},
        {"id": "0f8fad5b-d9cb-469f-a165-70867728950e"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_whatever_is_changed_outside_breaks_signature_and_digest(
    item: dict[str, Any], change: dict[str, Any]
) -> None:
    envelope = format.parse(item)
    other = replace(envelope, **change)
    assert not other.is_signed_by(PHONE.public)
    assert other.digest() != envelope.digest()
    if "identity" not in change:
        with pytest.raises(hpke.Unopened):
            hpke.open_(UNIT, other.content, other.content_info())


def test_the_two_sealed_parts_cannot_change_places(item: dict[str, Any]) -> None:
    envelope = format.parse(item)
    hpke.open_(UNIT, envelope.identity, envelope.identity_info())
    with pytest.raises(hpke.Unopened):
        hpke.open_(UNIT, envelope.identity, envelope.content_info())


def bad(**changes: Any) -> dict[str, Any]:
    return changes


CUT = PHONE.report(NOW)["content"][:-40]
BAD = [
    (bad(v=2), "wrong-version"),
    (bad(v="1"), "wrong-version"),
    (bad(v=True), "wrong-version"),
    (bad(more="x"), "unreadable"),
    (bad(id="K7QM2R"), "unreadable"),
    (bad(id="0F8FAD5B-D9CB-469F-A165-70867728950E"), "unreadable"),
    (bad(id="0f8fad5b-d9cb-169f-a165-70867728950e"), "unreadable"),
    (bad(id=None), "unreadable"),
    (bad(device="K7QM2R"), "unreadable"),
    (bad(device="K7Q-M2A"), "unreadable"),
    (bad(device=""), "unreadable"),
    (bad(seq=0), "unreadable"),
    (bad(seq=-1), "unreadable"),
    (bad(seq=2**31), "unreadable"),
    (bad(seq=1.0), "unreadable"),
    (bad(seq=True), "unreadable"),
    (bad(key="0123"), "unreadable"),
    (bad(made_at="2026-11-22T05:58:00+01:00"), "unreadable"),
    (bad(made_at="2026-13-22T05:58:00Z"), "unreadable"),
    (bad(made_at="٢٠٢٦-11-22T05:58:00Z"), "unreadable"),
    (bad(list=""), "unreadable"),
    (bad(list="<b>"), "unreadable"),
    (bad(urgent=2), "unreadable"),
    (bad(urgent=True), "unreadable"),
    (bad(content=1), "unreadable"),
    (bad(content="++//"), "unreadable"),
    (bad(content=""), "truncated"),
    (bad(content=CUT), "truncated"),
    (bad(identity="AAAA"), "truncated"),
    (bad(sig=""), "unreadable"),
    (bad(sig="AAAA"), "truncated"),
    (bad(sig="\ud800"), "unreadable"),
    (bad(content="A" * 70_000), "oversize"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD, ids=range(len(BAD)))
def test_a_bad_envelope_is_told_by_its_reason(
    item: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        format.parse(item | changes)
    assert refused.value.reason == reason


@pytest.mark.parametrize("missing", ["v", "id", "sig", "identity"])
def test_an_envelope_without_one_of_its_parts_is_unreadable(
    item: dict[str, Any], missing: str
) -> None:
    with pytest.raises(Refused) as refused:
        format.parse({name: value for name, value in item.items() if name != missing})
    assert refused.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"v":1,"id":"0f8f', "truncated"),
        (b"<html>no</html>", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"", "unreadable"),
        (b"[" * 60_000, "unreadable"),
        (b"[]", "unreadable"),
        (b"{" + b" " * 70_000, "oversize"),
    ],
    ids=["cut", "html", "no text", "nothing", "deep", "list", "large"],
)
def test_bytes_that_are_no_envelope_are_told_by_their_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        format.parse(raw)
    assert refused.value.reason == reason


def test_a_refusal_names_what_the_item_says_of_itself_only_in_its_right_form(
    item: dict[str, Any],
) -> None:
    with pytest.raises(Refused) as refused:
        format.parse(item | {"v": 9, "device": "<script>"})
    assert (refused.value.claimed_id, refused.value.claimed_device) == (item["id"], "")


def test_without_a_device_there_is_neither_number_nor_signature(item: dict[str, Any]) -> None:
    nobodys = item | {"device": "", "seq": 0, "sig": ""}
    assert format.parse(nobodys).signature == b""
    with pytest.raises(Refused):
        format.parse(nobodys | {"sig": item["sig"]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(changed=st.sampled_from(sorted(PHONE.report(NOW))), value=json_values)
def test_no_value_of_any_part_is_more_than_a_refusal(changed: str, value: Any) -> None:
    given_item = PHONE.report(NOW, fixed=True) | {changed: value}
    reason = ""
    try:
        assert format.parse(given_item).as_mapping() == given_item
    except Refused as refusal:
        reason = refusal.reason
    assert reason in {"", "unreadable", "wrong-version", "truncated", "oversize"}
    assert format.body_of(given_item)


def test_the_code_of_a_report_comes_from_its_id_and_is_fixed() -> None:
    code = format.code_of("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert code == "QD8J5J-MD72VV"
    assert format.reference_of(code) == "QD8-J5J"
    assert format.code_of("0f8fad5b-d9cb-469f-a165-70867728950f") != code


@given(raw=st.binary(max_size=90))
def test_bytes_come_back_from_their_signs(raw: bytes) -> None:
    assert base64url.decoded(base64url.encoded(raw)) == raw


@pytest.mark.parametrize("signs", ["A", "AA==", "A+A", "A/A", "A A", "é", "AAAA\n"])
def test_signs_that_base64url_has_not_are_refused(signs: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        base64url.decoded(signs)


def test_a_batch_is_read_with_its_wish_for_receipts(item: dict[str, Any]) -> None:
    body = json.dumps({"v": 1, "items": [item, "no"], "receipts": True}).encode()
    batch = batches.batch_of(body)
    assert batch.items == [item, b'"no"']
    assert batch.wants_receipts
    assert not batches.batch_of(json.dumps({"v": 1, "items": []}).encode()).wants_receipts


@pytest.mark.parametrize("body", [b'{"v":1,"items":[{', b"not json", b'{"v":1}', b"[1]"])
def test_a_small_body_that_is_no_batch_is_one_item_to_be_held(body: bytes) -> None:
    assert batches.batch_of(body).items == [body]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", batches.NoBatch),
        (b"x" * 70_000, batches.NoBatch),
        (b'{"v":2,"items":[]}', batches.NoBatch),
        (b" " * (4 * 1024 * 1024 + 1), batches.TooLarge),
        (json.dumps({"v": 1, "items": [1] * 201}).encode(), batches.TooLarge),
    ],
    ids=["empty", "long", "version", "large", "many"],
)
def test_what_is_no_batch_at_all_is_refused_as_a_whole(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        batches.batch_of(body)


def test_an_item_nested_deeply_is_kept_as_bytes() -> None:
    nested = b'{"v":1,"items":[{"a":' + b"[" * 500 + b"]" * 500 + b"}]}"
    [kept] = batches.batch_of(nested).items
    assert isinstance(kept, bytes)
    with pytest.raises(Refused):
        format.parse(kept)


def test_a_receipt_holds_only_with_the_key_that_signed_it() -> None:
    issuer = ec.generate_private_key(ec.SECP256R1())
    items = [("0f8fad5b-d9cb-469f-a165-70867728950e", "a" * 64, "received")]
    receipt = receipts.signed("K7Q-M2R", items, NOW, "issuer-1", signer(issuer))
    said = receipts.checked(receipt, issuer.public_key())
    assert said == {
        "v": 1, "device": "K7Q-M2R", "at": "2026-11-22T05:58:00Z", "items": [list(items[0])],
    }  # fmt: skip
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    head, content, signature = receipt.split(".")
    forged = base64url.encoded(base64url.decoded(content).replace(b"received", b"recieved"))
    for key, text in [
        (other, receipt),
        (issuer.public_key(), f"{head}.{forged}.{signature}"),
        (issuer.public_key(), f"{base64url.encoded(b'{}')}.{content}.{signature}"),
        (issuer.public_key(), "nothing"),
        (issuer.public_key(), ""),
    ]:
        with pytest.raises(receipts.NoReceipt):
            receipts.checked(text, key)


def test_the_content_of_a_phone_opens_at_the_unit_as_it_was(item: dict[str, Any]) -> None:
    envelope = format.parse(item)
    plain = hpke.open_(UNIT, envelope.content, envelope.content_info())
    assert json.loads(plain) == CONTENT
    assert len(plain) % format.BLOCK == 0
