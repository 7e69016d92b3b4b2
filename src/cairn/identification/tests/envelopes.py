"""Invented phones for tests: they seal, sign and count as a real one does."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cairn.identification.envelopes import format, hpke
from cairn.identification.envelopes.content import padded
from cairn.identification.envelopes.format import Envelope

CONTENT: dict[str, Any] = {
    "v": 1,
    "profile": "police",
    "setting": "checkpoint",
    "danger": "no",
    "age": "adult",
    "seen": {"invented-sign": "yes"},
    "band": "unclear",
    "outcome": "refer",
    "list": "2026-1",
    "note": "Invented words of a test.",
}
FIXED = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


def signer(private: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    """Signs as WebCrypto does: r and s, 32 bytes each."""

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


class Phone:
    """A phone of this code that reports to the unit with this public key (65 bytes).

    `private`: the key that it signs with, a fresh one if none is given.
    """

    def __init__(
        self,
        code: str,
        unit: bytes,
        private: ec.EllipticCurvePrivateKey | None = None,
        edition: str = "2026-1",
    ) -> None:
        self.code, self.unit, self.edition = code, unit, edition
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.sign = signer(self.private)
        self.public = hpke.public_of(self.private)
        self.sequence = 0

    def report(
        self,
        made_at: datetime,
        *,
        identity: dict[str, Any] | None = None,
        content: dict[str, Any] | None = None,
        fixed: bool = False,
        **changes: Any,
    ) -> dict[str, Any]:
        """The next report, as JSON has it; `changes` are made before it is signed.

        `fixed`: the same one each time, for tests that draw many.
        """
        if fixed:
            return self._fixed_report
        self.sequence += 1
        values: dict[str, Any] = {
            "id": str(uuid4()),
            "device": self.code,
            "sequence": self.sequence,
            "key": hpke.key_id(self.unit),
            "made_at": made_at.replace(microsecond=0),
            "edition": self.edition,
            "is_urgent": False,
            "content": b"",
            "identity": b"",
        }
        return format.sealed(
            Envelope(**values | changes),
            self.unit,
            padded(content or CONTENT),
            padded(identity) if identity else b"",
            self.sign,
        ).as_mapping()

    @cached_property
    def _fixed_report(self) -> dict[str, Any]:
        return self.report(datetime.fromisoformat("2026-11-22T05:58:00Z"), id=str(FIXED))
