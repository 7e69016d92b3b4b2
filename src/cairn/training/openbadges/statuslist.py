"""Status lists: one bit for each certificate, published signed and dated, so nobody is asked.

Source: W3C Bitstring Status List v1.0, Recommendation of 15 May 2025, sections 2 and 3.
"""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.openbadges import jose

# Section 2.2: never shorter than 16 kB, so that one certificate hides among many.
SMALLEST: Final = 16 * 1024 * 8  # bits
# What a list may unpack to; a million certificates are 128 kB.
LARGEST: Final = 4 * 1024 * 1024  # bytes
KIND: Final = "vc+jwt"
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
# How soon a new copy should be fetched, section 2.2 `ttl`.
REFRESH_AFTER: Final = timedelta(hours=12)


class Purpose(StrEnum):
    """What a set bit says. One index holds for all lists.

    An Open Badge names one list only. It names `SUSPENSION`, whose bit is set while a certificate
    must not be accepted, be it suspended or revoked; `REVOCATION` says which of them is for good.
    """

    SUSPENSION = "suspension"
    REVOCATION = "revocation"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Statuses:
    """Lists as a device keeps them. `made_at`: when the oldest of them was made."""

    made_at: datetime
    lists: Mapping[Purpose, bytes]

    def says(self, purpose: Purpose, index: int) -> bool:
        """True when the bit is set; an index beyond the list was issued after it was made."""
        return is_set(self.lists[purpose], index)


def size_for(highest: int) -> int:
    """Bits that hold index `highest`: the smallest list, doubled as often as needed."""
    size = SMALLEST
    while size <= highest:
        size *= 2
    return size


def encode(indices: Iterable[int], *, size: int = SMALLEST) -> str:
    """A list of `size` bits with those at `indices` set; bit 0 is the left-most of byte 0."""
    bits = bytearray(size // 8)
    for index in indices:
        if not 0 <= index < size:
            raise ValueError(f"index {index} is outside a list of {size}")
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + jose.to_base64(gzip.compress(bytes(bits), mtime=0))


def decode(text: str) -> bytes:
    """The bits of an encoded list. Raises ValueError (not a list, cut off, or far too long)."""
    if not text.startswith("u"):
        raise ValueError("not base64url in multibase")
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = unpack.decompress(jose.from_base64(text[1:]), LARGEST)
    except zlib.error as problem:
        raise ValueError(str(problem)) from None
    if not unpack.eof or len(bits) * 8 < SMALLEST:
        raise ValueError("cut off, or not of a permitted length")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """The bit at `index`; False beyond the end."""
    place = index // 8
    return 0 <= place < len(bits) and bool(bits[place] & (0x80 >> index % 8))


def credential(
    purpose: Purpose, indices: Iterable[int], *, size: int, address: str, issuer: str, at: datetime
) -> dict[str, Any]:
    """The list as a credential of its own. `address`: where it is published."""
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode(indices, size=size),
            "ttl": int(REFRESH_AFTER.total_seconds() * 1000),
        },
    }


def entry(index: int, address: str) -> dict[str, str]:
    """What a certificate says about its place in the list of `Purpose.SUSPENSION`."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": Purpose.SUSPENSION.value,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def signed(content: Mapping[str, Any], signer: jose.Signer, *, key_address: str) -> str:
    """A list as a signed token."""
    return jose.encode(content, signer, kind=KIND, key_address=key_address)


def opened(tokens: Mapping[str, str], keys: jose.Keys) -> Statuses:
    """The lists in `tokens` (by purpose), each checked. Raises RuleBroken ("status.…" too)."""
    lists: dict[Purpose, bytes] = {}
    made: list[datetime] = []
    for purpose in Purpose:
        claims = jose.opened(tokens.get(purpose.value, ""), keys, kind=KIND)
        try:
            subject = claims["credentialSubject"]
            if subject["statusPurpose"] != purpose.value:
                raise ValueError("another list")
            lists[purpose] = decode(str(subject["encodedList"]))
            made.append(datetime.fromisoformat(str(claims["validFrom"])))
        except (KeyError, TypeError, ValueError):
            raise RuleBroken(
                "status.unreadable",
                _("The list of revoked certificates is damaged."),
                _("Open the page with a connection, so that it fetches the list again."),
            ) from None
    return Statuses(min(made), lists)
