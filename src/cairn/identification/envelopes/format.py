"""Envelope v1: what travels from a phone, a form or a partner to the receiving unit.

The outside names the device and the reception key, and whether somebody is in danger now; all
else is sealed. Whatever is wrong with an envelope has a reason, so that it can be held and shown.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cairn.core.pseudonyms import ALPHABET
from cairn.identification.envelopes import base64url, hpke

VERSION: Final = 1
# A report has 2 to 4 KiB; these leave room and keep one request far from the memory of a server.
MOST_ITEM_BYTES: Final = 64 * 1024
MOST_BATCH_ITEMS: Final = 200
MOST_BATCH_BYTES: Final = 4 * 1024 * 1024
BLOCK: Final = 1_024  # plain texts are padded to it, so that lengths tell nothing
SIGNATURE_BYTES: Final = 64
CODE_SIGNS: Final = 12
REFERENCE_SIGNS: Final = 6
_ECDSA = ec.ECDSA(SHA256())
_HALF = SIGNATURE_BYTES // 2
_KEYS = frozenset(
    "v id device seq key made_at list urgent content identity sig".split()
)  # fmt: skip
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DEVICE = re.compile(rf"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}")
_KEY = re.compile(r"[0-9a-f]{16}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
# What the column of a sequence holds, and more than a phone ever sends.
_MOST_SEQUENCE = 2**31
# No clock of a phone shows a year outside of these; days near the ends of what a date can hold
# break every page that counts with them or shows them in another zone.
_YEARS = range(1970, 2200)


class Refused(ValueError):
    """This cannot be taken as an envelope. `reason`: a code of the reasons for holding.

    `claimed_id` and `claimed_device`: what it says of itself, where that has the right form.
    """

    def __init__(self, reason: str, claimed_id: str = "", claimed_device: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.claimed_id = claimed_id
        self.claimed_device = claimed_device


@dataclass(frozen=True, slots=True)
class Envelope:
    """One sealed report. `device`, `signature` and `identity` may be empty; `made_at` is UTC.

    `sequence`: counted by the device from 1; 0 where there is no device. `edition`: the code of
    the list of indicators. `content`, `identity`: encapsulated key and ciphertext (see `hpke`).
    """

    id: str
    device: str
    sequence: int
    key: str
    made_at: datetime
    edition: str
    is_urgent: bool
    content: bytes
    identity: bytes
    signature: bytes = b""

    def header(self) -> str:
        """The lines that sealing and signature are tied to."""
        return (
            f"cairn report 1\n{self.id}\n{self.device}\n{self.sequence}\n{self.key}\n"
            f"{written(self.made_at)}\n{self.edition}\n{int(self.is_urgent)}"
        )

    def content_info(self) -> bytes:
        return f"{self.header()}\ncontent".encode()

    def identity_info(self) -> bytes:
        return f"{self.header()}\nidentity".encode()

    def signed_text(self) -> bytes:
        """What the device signs: the header and the hashes of both sealed parts."""
        content = hashlib.sha256(self.content).hexdigest()
        identity = hashlib.sha256(self.identity).hexdigest()
        return f"{self.header()}\n{content}\n{identity}".encode()

    def digest(self) -> str:
        """Hex SHA-256 of the signed text: what a receipt names."""
        return hashlib.sha256(self.signed_text()).hexdigest()

    def is_signed_by(self, public: hpke.PublicKey) -> bool:
        """True when the signature is one of this device key over the signed text."""
        return is_signature(public, self.signature, self.signed_text())

    def as_mapping(self) -> dict[str, Any]:
        """The envelope as JSON has it."""
        return {
            "v": VERSION,
            "id": self.id,
            "device": self.device,
            "seq": self.sequence,
            "key": self.key,
            "made_at": written(self.made_at),
            "list": self.edition,
            "urgent": int(self.is_urgent),
            "content": base64url.encoded(self.content),
            "identity": base64url.encoded(self.identity),
            "sig": base64url.encoded(self.signature),
        }


def written(moment: datetime) -> str:
    """A moment as envelopes write it, such as "2026-11-22T05:58:00Z"."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def is_signature(public: hpke.PublicKey, signature: bytes, message: bytes) -> bool:
    """True when `signature` (r and s, 32 bytes each) is ES256 of `message` by this key."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:_HALF], signature[_HALF:]))
    try:
        hpke.public_key(public).verify(encode_dss_signature(r, s), message, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


def sealed(
    unsealed: Envelope,
    public: hpke.PublicKey,
    content: bytes,
    identity: bytes = b"",
    sign: Callable[[bytes], bytes] | None = None,
) -> Envelope:
    """`unsealed` with its parts sealed to `public`, and signed where there is a device.

    `content`, `identity`: plain and padded (see `content.padded`); no identity: empty.
    """
    done = replace(
        unsealed,
        content=hpke.seal(public, content, unsealed.content_info()),
        identity=hpke.seal(public, identity, unsealed.identity_info()) if identity else b"",
    )
    return replace(done, signature=sign(done.signed_text())) if sign else done


def code_of(envelope_id: str) -> str:
    """The code that staff speak of a report by, such as "K7QM2R-9CHJKX"; made from its id."""
    number = int.from_bytes(hashlib.sha256(envelope_id.encode("ascii")).digest(), "big")
    signs = []
    for _ in range(CODE_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs[:REFERENCE_SIGNS]) + "-" + "".join(signs[REFERENCE_SIGNS:])


def reference_of(code: str) -> str:
    """The person's part of a report's code: "K7Q-M2R"."""
    return f"{code[:3]}-{code[3:6]}"


# --- Reading ---------------------------------------------------------------------------------


def parse(raw: Mapping[str, Any] | bytes) -> Envelope:
    """The envelope in `raw`: what JSON gave, or its bytes.

    Raises Refused with "oversize", "unreadable", "truncated" or "wrong-version".
    """
    given = _loaded(raw) if isinstance(raw, bytes) else raw
    if not isinstance(given, Mapping):
        raise Refused("unreadable")
    claimed = _claimed(given.get("id"), _ID), _claimed(given.get("device"), _DEVICE)
    if given.get("v") != VERSION or given.get("v") is True:
        raise Refused("wrong-version" if "v" in given else "unreadable", *claimed)
    if set(given) != _KEYS:
        raise Refused("unreadable", *claimed)
    try:
        return _read(given)
    except Refused as refusal:
        raise Refused(refusal.reason, *claimed) from None


def _loaded(raw: bytes) -> Any:
    if len(raw) > MOST_ITEM_BYTES:
        raise Refused("oversize")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        cut = raw.lstrip()[:1] == b"{" and raw.rstrip()[-1:] != b"}"
        raise Refused("truncated" if cut else "unreadable") from None


def _read(given: Mapping[str, Any]) -> Envelope:
    content, identity = given["content"], given["identity"]
    if not isinstance(content, str) or not isinstance(identity, str):
        raise Refused("unreadable")
    if len(content) + len(identity) > MOST_ITEM_BYTES:
        raise Refused("oversize")
    device = given["device"]
    if device != "":
        device = _text(device, _DEVICE)
    sequence, urgent = given["seq"], given["urgent"]
    if type(sequence) is not int or not 0 <= sequence < _MOST_SEQUENCE:
        raise Refused("unreadable")
    if (sequence == 0) != (device == "") or type(urgent) is not int or urgent not in {0, 1}:
        raise Refused("unreadable")
    signature = _bytes(given["sig"])
    if len(signature) != (SIGNATURE_BYTES if device else 0):
        raise Refused("truncated" if device and signature else "unreadable")
    return Envelope(
        id=_text(given["id"], _ID),
        device=device,
        sequence=sequence,
        key=_text(given["key"], _KEY),
        made_at=_moment(given["made_at"]),
        edition=_text(given["list"], _EDITION),
        is_urgent=urgent == 1,
        content=_sealed_part(content),
        identity=_sealed_part(identity) if identity else b"",
        signature=signature,
    )


def _text(given: Any, form: re.Pattern[str]) -> str:
    if not isinstance(given, str) or not form.fullmatch(given):
        raise Refused("unreadable")
    return given


def _claimed(given: Any, form: re.Pattern[str]) -> str:
    return given if isinstance(given, str) and form.fullmatch(given) else ""


def _bytes(given: Any) -> bytes:
    if not isinstance(given, str):
        raise Refused("unreadable")
    try:
        return base64url.decoded(given)
    except ValueError:
        raise Refused("unreadable") from None


def _sealed_part(given: str) -> bytes:
    """A whole sealed part has its overhead and full blocks; another length was cut on the way."""
    raw = _bytes(given)
    body = len(raw) - hpke.OVERHEAD
    if body < BLOCK or body % BLOCK:
        raise Refused("truncated")
    return raw


def _moment(given: Any) -> datetime:
    text = _text(given, _MOMENT)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("unreadable") from None
    if moment.year not in _YEARS:
        raise Refused("unreadable")
    return moment


def body_of(raw: Any) -> bytes:
    """The bytes that an item is held as: the same for the same item, however it was written."""
    if isinstance(raw, bytes):
        return raw
    return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode("ascii")
