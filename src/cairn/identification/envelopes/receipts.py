"""Receipts: what the installation says it keeps, signed, so that a courier cannot invent one.

A compact JWS (RFC 7515) of ES256 (RFC 7518, section 3.4) over {"v", "device", "at", "items"};
`items` are [id, digest, outcome]. It names no report's content and no person.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cairn.identification.envelopes import base64url, hpke
from cairn.identification.envelopes.format import is_signature, written

VERSION = 1
Item = tuple[str, str, str]


class NoReceipt(ValueError):
    """This was not signed by the key, or is no receipt."""


def signed(
    device: str,
    items: Iterable[Item],
    at: datetime,
    key_id: str,
    sign: Callable[[bytes], bytes],
) -> str:
    """A receipt for one device. `items`: (id, digest, outcome); `sign`: message in, r and s out."""
    content = {
        "v": VERSION,
        "device": device,
        "at": written(at),
        "items": [list(item) for item in items],
    }
    head = _part({"alg": "ES256", "typ": "cairn-receipt", "kid": key_id})
    message = f"{head}.{_part(content)}"
    return f"{message}.{base64url.encoded(sign(message.encode('ascii')))}"


def checked(receipt: str, public: hpke.PublicKey) -> dict[str, Any]:
    """What a receipt says, once its signature by `public` holds. Raises NoReceipt."""
    message, _, signature = receipt.rpartition(".")
    head, _, content = message.partition(".")
    try:
        if json.loads(base64url.decoded(head))["alg"] != "ES256":
            raise NoReceipt
        if not is_signature(public, base64url.decoded(signature), message.encode("ascii")):
            raise NoReceipt
        said = json.loads(base64url.decoded(content))
    except (ValueError, KeyError, TypeError):
        raise NoReceipt from None
    if not isinstance(said, dict) or said.get("v") != VERSION:
        raise NoReceipt
    return said


def _part(content: dict[str, Any]) -> str:
    return base64url.encoded(json.dumps(content, separators=(",", ":")).encode())
