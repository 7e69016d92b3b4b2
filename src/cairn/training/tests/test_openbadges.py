"""Certificates that travel: badges, short forms, status lists, and what a check answers. Pure."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cairn.core.errors import RuleBroken
from cairn.training.openbadges import badge, checking, compact, jose, statuslist
from cairn.training.openbadges.checking import Verdict, check
from cairn.training.openbadges.statuslist import Purpose

SCHEMA = (
    Path(__file__).resolve().parents[4]
    / "../shared/data/openbadges/ob_v3p0_achievementcredential_schema.json"
)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = "https://training.example.org/check/"
ISSUER = badge.Issuer(
    name="Invented Training Programme",
    profile=f"{PAGE}issuer/",
    keys=f"{PAGE}issuer/",
    status_list=f"{PAGE}list/suspension/",
    page=PAGE,
)
CERTIFICATE = compact.Certificate(
    number="QX7M-2KRT-9HWD",
    kind="achievement",
    title="Training of trainers: recognise, protect, report (invented)",
    issued_at=NOW - timedelta(days=10),
    valid_from=NOW - timedelta(days=10),
    valid_until=NOW + timedelta(days=700),
    status_index=104_321,
    starts=date(2026, 2, 17),
    ends=date(2026, 2, 19),
    holder="Nobody Invented",
    issuer="Invented Training Agency",
)
ACHIEVEMENT = badge.Achievement(
    address=f"{PAGE}types/tot/",
    name="Training of trainers passed",
    description="Came to the training and passed the test at its end.",
    criteria="At least 80 of 100 minutes present, at least 70 of 100 points.",
    language="en",
)


def pair(key_id: str) -> tuple[jose.Signer, jose.Keys]:
    """A signer and its public key, made for the test."""
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    x, y = (jose.to_base64(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
    return jose.Signer(key_id, sign), {key_id: {"kty": "EC", "crv": "P-256", "x": x, "y": y}}


SIGNER, KEYS = pair("0123456789abcdef")


def lists(
    set_bits: Mapping[str, list[int]] = MappingProxyType({}),
    made_at: datetime = NOW - timedelta(hours=2),
) -> statuslist.Statuses:
    """Status lists as a device holds them, written, signed and opened."""
    tokens = {
        purpose.value: statuslist.signed(
            statuslist.credential(
                purpose,
                set_bits.get(purpose.value, []),
                size=statuslist.SMALLEST,
                address=f"{PAGE}list/{purpose.value}/",
                issuer=ISSUER.profile,
                at=made_at,
            ),
            SIGNER,
            key_address=f"{ISSUER.keys}{SIGNER.key_id}/",
        )
        for purpose in Purpose
    }
    return statuslist.opened(tokens, KEYS)


def verdict(certificate: compact.Certificate, statuses: statuslist.Statuses | None) -> Verdict:
    return check(compact.compact(certificate, SIGNER), KEYS, statuses, now=NOW).verdict


def test_a_short_certificate_says_after_the_check_what_it_said_before() -> None:
    found = check(compact.compact(CERTIFICATE, SIGNER), KEYS, lists(), now=NOW)
    assert found.verdict is Verdict.VALID
    assert found.certificate == CERTIFICATE
    assert (found.as_of, found.is_stale) == (NOW - timedelta(hours=2), False)


def test_every_altered_sign_is_noticed() -> None:
    token = compact.compact(CERTIFICATE, SIGNER)
    for place, sign in enumerate(token):
        other = "A" if sign != "A" else "B"
        found = check(token[:place] + other + token[place + 1 :], KEYS, lists(), now=NOW)
        assert found.verdict in {Verdict.UNREADABLE, Verdict.UNKNOWN_KEY, Verdict.ALTERED}, place
        assert found.certificate is None


def test_the_last_sign_of_a_signature_cannot_be_written_otherwise() -> None:
    token = compact.compact(CERTIFICATE, SIGNER)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = [
        last
        for last in alphabet
        if check(token[:-1] + last, KEYS, lists(), now=NOW).verdict is Verdict.VALID
    ]
    assert accepted == [token[-1]]


def test_another_installations_certificate_is_not_ours() -> None:
    stranger, _keys = pair("fedcba9876543210")
    token = compact.compact(CERTIFICATE, stranger)
    assert check(token, KEYS, lists(), now=NOW).verdict is Verdict.UNKNOWN_KEY


def test_a_forger_who_takes_our_keys_name_is_noticed() -> None:
    forger, _keys = pair(SIGNER.key_id)
    token = compact.compact(CERTIFICATE, forger)
    assert check(token, KEYS, lists(), now=NOW).verdict is Verdict.ALTERED


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384"])
def test_no_other_algorithm_is_believed(algorithm: str) -> None:
    _header, content, signature = compact.compact(CERTIFICATE, SIGNER).split(".")
    header = {"alg": algorithm, "kid": SIGNER.key_id, "typ": compact.KIND}
    forged = jose.to_base64(json.dumps(header).encode())
    for last in (signature, ""):
        found = check(f"{forged}.{content}.{last}", KEYS, lists(), now=NOW)
        assert found.verdict is Verdict.ALTERED


def test_a_status_list_is_not_taken_for_a_certificate() -> None:
    content = statuslist.credential(
        Purpose.REVOCATION,
        [],
        size=statuslist.SMALLEST,
        address=f"{PAGE}list/",
        issuer=ISSUER.profile,
        at=NOW,
    )
    token = statuslist.signed(content, SIGNER, key_address=f"{ISSUER.keys}{SIGNER.key_id}/")
    assert check(token, KEYS, lists(), now=NOW).verdict is Verdict.ALTERED


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.e30", "x" * 3000])
def test_what_is_no_certificate_is_called_so(text: str) -> None:
    found = check(text, KEYS, lists(), now=NOW)
    assert found.verdict in {Verdict.UNREADABLE, Verdict.UNKNOWN_KEY}


STATES: list[tuple[dict[str, Any], dict[str, list[int]], Verdict]] = [
    ({}, {}, Verdict.VALID),
    ({"valid_until": None}, {}, Verdict.VALID),
    ({"valid_until": NOW}, {}, Verdict.EXPIRED),
    ({"valid_until": NOW + timedelta(seconds=1)}, {}, Verdict.VALID),
    ({"valid_from": NOW + timedelta(seconds=1)}, {}, Verdict.NOT_YET),
    ({"valid_from": NOW}, {}, Verdict.VALID),
    ({}, {"suspension": [104_321]}, Verdict.SUSPENDED),
    ({}, {"suspension": [104_321], "revocation": [104_321]}, Verdict.REVOKED),
    ({}, {"revocation": [104_321]}, Verdict.REVOKED),
    ({}, {"refresh": [104_321]}, Verdict.SUPERSEDED),
    ({"valid_until": NOW}, {"refresh": [104_321]}, Verdict.EXPIRED),
    ({"valid_until": NOW}, {"revocation": [104_321]}, Verdict.REVOKED),
    ({}, {"revocation": [104_320, 104_322], "refresh": [0, 131_071]}, Verdict.VALID),
]


@pytest.mark.parametrize(("changed", "listed", "expected"), STATES)
def test_dates_and_lists_decide(
    changed: dict[str, Any], listed: dict[str, list[int]], expected: Verdict
) -> None:
    assert verdict(replace(CERTIFICATE, **changed), lists(listed)) is expected


def test_an_old_list_is_still_used_and_says_its_date() -> None:
    old = NOW - timedelta(days=7, seconds=1)
    token = compact.compact(CERTIFICATE, SIGNER)
    found = check(token, KEYS, lists({"revocation": [104_321]}, old), now=NOW)
    assert (found.verdict, found.as_of, found.is_stale) == (Verdict.REVOKED, old, True)
    fresh = check(token, KEYS, lists(made_at=NOW - timedelta(days=7)), now=NOW)
    assert not fresh.is_stale
    assert (
        check(token, KEYS, lists(made_at=old), now=NOW, stale_after=timedelta(days=8)).is_stale
        is False
    )


def test_without_a_list_nobody_claims_to_know_the_status() -> None:
    found = check(compact.compact(CERTIFICATE, SIGNER), KEYS, None, now=NOW)
    assert (found.verdict, found.as_of) == (Verdict.VALID, None)


def test_a_list_keeps_each_bit_in_its_place() -> None:
    chosen = [0, 7, 8, 104_321, statuslist.SMALLEST - 1]
    bits = statuslist.decode(statuslist.encode(chosen))
    assert len(bits) == 16 * 1024
    assert bits[0] == 0b1000_0001  # bit 0 is the left-most
    assert [index for index in range(len(bits) * 8) if statuslist.is_set(bits, index)] == chosen
    assert not statuslist.is_set(bits, statuslist.SMALLEST)


def test_an_empty_list_reads_like_the_example_of_the_recommendation() -> None:
    example = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert statuslist.decode(example) == statuslist.decode(statuslist.encode([]))


@pytest.mark.parametrize(
    ("highest", "size"), [(0, 131_072), (131_071, 131_072), (131_072, 262_144)]
)
def test_a_list_grows_by_doubling(highest: int, size: int) -> None:
    assert statuslist.size_for(highest) == size


def test_damaged_lists_are_refused() -> None:
    whole = statuslist.encode([5])
    for damaged in ("", whole[1:], whole[:-8], "u" + jose.to_base64(b"no gzip"), "uAAAA"):
        with pytest.raises(ValueError, match=r"\w"):
            statuslist.decode(damaged)
    with pytest.raises(ValueError, match="outside"):
        statuslist.encode([statuslist.SMALLEST])


def test_a_list_under_a_wrong_name_is_refused() -> None:
    content = statuslist.credential(
        Purpose.REFRESH,
        [],
        size=statuslist.SMALLEST,
        address=f"{PAGE}list/",
        issuer=ISSUER.profile,
        at=NOW,
    )
    token = statuslist.signed(content, SIGNER, key_address=SIGNER.key_id)
    with pytest.raises(RuleBroken) as caught:
        statuslist.opened({purpose.value: token for purpose in Purpose}, KEYS)
    assert caught.value.code == "status.unreadable"


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"holder": "", "starts": None, "ends": None, "valid_until": None},
        {"title": "و" * 300, "holder": "اسم مخترع " * 20, "issuer": "ب" * 90},
        {"title": "Formation des formatrices et formateurs – dépistage, protection " * 4},
    ],
)
def test_every_address_fits_a_code_that_cheap_phones_read(changed: Mapping[str, Any]) -> None:
    certificate = replace(CERTIFICATE, **changed)
    token = compact.compact(certificate, SIGNER)
    for page in (PAGE, f"https://{'long-name.' * 5}example.org/check/"):
        found = compact.address(page, token)
        assert len(found.encode()) <= compact.BUDGET
        assert int(segno.make_qr(found, error="m", boost_error=False).version) <= compact.VERSION
        read = compact.opened(compact.token_in(found), KEYS)
        assert read.number == certificate.number
        assert certificate.title.startswith(read.title.rstrip("…"))
    picture = compact.qr_svg(found)
    assert picture.startswith("<svg")
    assert "<path" in picture


def test_a_page_with_an_endless_name_is_refused() -> None:
    with pytest.raises(RuleBroken) as caught:
        compact.address("https://" + "x" * 800 + "/check/", "a.b.c")
    assert caught.value.code == "credential.too-long"
    with pytest.raises(RuleBroken):
        compact.qr_svg("x" * (compact.BUDGET + 1))


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("  https://a.example/check/#aa.bb.cc \n", "aa.bb.cc"),
        ("aa.bb.cc", "aa.bb.cc"),
        ("QX7M-2KRT-9HWD", ""),
        ("https://a.example/check/", ""),
        ("", ""),
    ],
)
def test_a_pasted_address_is_understood(pasted: str, found: str) -> None:
    assert compact.token_in(pasted) == found


def test_a_badge_comes_back_as_it_was_signed() -> None:
    content = badge.credential(CERTIFICATE, ACHIEVEMENT, ISSUER)
    token = badge.signed(content, SIGNER, keys=ISSUER.keys)
    assert badge.opened(token, KEYS) == content
    header = json.loads(jose.from_base64(token.split(".")[0]))
    assert header == {
        "alg": "ES256",
        "kid": f"{ISSUER.keys}{SIGNER.key_id}/",
        "typ": "JWT",
    }


def test_a_badge_whose_claims_contradict_it_is_refused() -> None:
    content = badge.credential(CERTIFICATE, ACHIEVEMENT, ISSUER)
    claims = {**content, "iss": ISSUER.profile, "jti": content["id"], "nbf": 1, "sub": "urn:x"}
    token = jose.encode(claims, SIGNER, kind=badge.KIND)
    with pytest.raises(RuleBroken) as caught:
        badge.opened(token, KEYS)
    assert caught.value.code == "credential.altered"


def test_a_name_is_in_a_badge_only_when_its_holder_agreed() -> None:
    named = badge.credential(CERTIFICATE, ACHIEVEMENT, ISSUER)
    assert named["credentialSubject"]["identifier"][0]["identityHash"] == "Nobody Invented"
    nameless = badge.credential(replace(CERTIFICATE, holder=""), ACHIEVEMENT, ISSUER)
    assert "Nobody Invented" not in json.dumps(nameless)
    assert named["credentialSubject"]["id"] == nameless["credentialSubject"]["id"]
    other = badge.credential(replace(CERTIFICATE, number="OTHER"), ACHIEVEMENT, ISSUER)
    assert other["credentialSubject"]["id"] != named["credentialSubject"]["id"]


@pytest.mark.parametrize("kind", sorted(badge.ACHIEVEMENT_TYPES))
def test_badges_follow_the_published_schema(kind: str) -> None:
    if not SCHEMA.exists():
        pytest.skip("the schema of 1EdTech is not part of this repository")
    # Publishes no types.
    jsonschema: Any = import_module("jsonschema")
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.Draft201909Validator(schema, format_checker=jsonschema.FormatChecker())
    result = badge.Result("Test at the end", "17", "0", "20") if kind == "achievement" else None
    for certificate in (
        replace(CERTIFICATE, kind=kind),
        replace(CERTIFICATE, kind=kind, holder="", valid_until=None, starts=None, ends=None),
    ):
        content = badge.credential(certificate, ACHIEVEMENT, ISSUER, result=result)
        assert list(validator.iter_errors(content)) == []
        broken = {**content, "issuer": {"name": "no id"}}
        assert list(validator.iter_errors(broken)) != []


def test_each_refusal_of_the_reader_has_its_verdict() -> None:
    assert set(checking.REFUSALS.values()) == {
        Verdict.UNREADABLE,
        Verdict.UNKNOWN_KEY,
        Verdict.ALTERED,
    }
