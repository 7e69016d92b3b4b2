"""Signed tokens in compact form (RFC 7515), ES256 only: written by a signer, opened with keys."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from django.utils.translation import gettext as _
from jwt.exceptions import InvalidTokenError

from cairn.core.errors import RuleBroken

ALGORITHM: Final = "ES256"
# A token longer than this is none of ours: status lists of a million entries stay below.
LONGEST = 2_000_000  # characters

# Public keys by the id that tokens name: JWK after RFC 7517.
Keys = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs. `sign`: bytes in, r and s of ES256 out, 32 bytes each (RFC 7518, 3.4)."""

    key_id: str
    sign: Callable[[bytes], bytes]


def encode(claims: Mapping[str, Any], signer: Signer, *, kind: str, key_address: str = "") -> str:
    """`claims` as a signed token. `kind`: the `typ` that says what the token is for.

    `key_address`: where outsiders find the public key, ending in the key's id; empty where only
    this installation's pages check.
    """
    header = {"alg": ALGORITHM, "kid": key_address or signer.key_id, "typ": kind}
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{to_base64(signer.sign(signed.encode('ascii')))}"


def opened(token: str, keys: Keys, *, kind: str) -> dict[str, Any]:
    """The claims of `token`, signed by one of `keys` and made for `kind`.

    Raises RuleBroken: "credential.unreadable" (no such token), "credential.unknown-key" (signed
    elsewhere, or by nobody), "credential.altered" (the signature does not fit the content).
    """
    header = _header(token)
    key = keys.get(str(header.get("kid", "")).rstrip("/").rpartition("/")[2])
    if key is None:
        raise RuleBroken(
            "credential.unknown-key",
            _("This was not signed with a key of this installation."),
            _("Ask whoever issued it for the address where it can be checked."),
        )
    try:
        found = jwt.PyJWS().decode_complete(
            token, key=jwt.PyJWK.from_dict(dict(key), algorithm=ALGORITHM), algorithms=[ALGORITHM]
        )
    except (InvalidTokenError, ValueError):
        raise altered() from None
    if found["header"].get("typ") != kind:
        raise altered()
    try:
        claims = json.loads(found["payload"])
    except (ValueError, RecursionError):
        raise altered() from None
    if not isinstance(claims, dict):
        raise altered()
    return claims


def to_base64(raw: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes again. Raises ValueError unless `text` is the one way to write them.

    The last sign of an encoding has bits that nothing reads: with them altered the bytes stay the
    same, and an altered token would pass as the one that was signed.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as problem:
        raise ValueError(str(problem)) from None
    if to_base64(raw) != text:
        raise ValueError("another way of writing the same bytes")
    return raw


def _header(token: str) -> dict[str, Any]:
    """The header, when every part is well formed."""
    parts = token.split(".")
    try:
        if len(parts) != 3 or len(token) > LONGEST:
            raise ValueError
        content, *_others = [from_base64(part) for part in parts]
        header = json.loads(content)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise RuleBroken(
            "credential.unreadable",
            _("This is not a certificate, or a part of it is missing."),
            _("Scan the QR code again, or type the code that is printed below it."),
        )
    return header


def altered() -> RuleBroken:
    """The refusal of what was changed after it was signed."""
    return RuleBroken(
        "credential.altered",
        _("The signature does not fit: what this certificate says was changed."),
        _("Do not accept it. Ask for the original, or type the code that is printed on it."),
    )


def _part(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return to_base64(text.encode())
