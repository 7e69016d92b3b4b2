"""Bytes as signs of addresses: base64url without padding (RFC 4648, section 5)."""

import base64
import binascii


def encoded(raw: bytes) -> str:
    """The signs of `raw`, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(signs: str) -> bytes:
    """The bytes of `signs`. Raises ValueError for any sign or length that base64url has not."""
    if "+" in signs or "/" in signs or "=" in signs:
        raise ValueError("Not base64url without padding.")
    padded = signs + "=" * (-len(signs) % 4)
    try:
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("Not base64url without padding.") from None
