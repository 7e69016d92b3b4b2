"""The signed checkpoint: what an outside party keeps, so that the audit log cannot be rewritten.

A chain of hashes shows what was altered inside it, but whoever holds the database can write the
whole chain anew. A checkpoint fixes one place of it for good, where that person has no reach.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "cairn-audit-checkpoint-1"
# A checkpoint has about 500 bytes; whatever is far larger is something else.
MOST_BYTES = 10_000


class NotACheckpoint(ValueError):
    """A text is no checkpoint, or no public key, of a form that is known here; says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One place in the audit log of one installation, signed.

    `installation`: 32 hex signs that stay the same as long as the key store does. `made_at`: UTC,
    ISO 8601. `sequence`, `hash`: the entry up to which it reaches, that of its own making being
    the next. `entries`: how many there were up to there. `verified_to`: the last entry that was
    found to hold before signing; `broken_at`: the first that was not, None when all did.
    `public_key`, `signature`: base64 of 32 and 64 bytes (Ed25519, RFC 8032).
    """

    installation: str
    made_at: str
    sequence: int
    hash: str
    entries: int
    verified_to: int
    broken_at: int | None
    public_key: str
    key_id: str
    signature: str = ""
    format: str = FORMAT

    def signed_bytes(self) -> bytes:
        """What is signed: every member but `signature`, as JSON, names sorted, no spaces, ASCII."""
        members = {name: value for name, value in asdict(self).items() if name != "signature"}
        return json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii")

    def signed(self, signature: bytes) -> "Checkpoint":
        return replace(self, signature=base64.b64encode(signature).decode("ascii"))

    def as_text(self) -> str:
        """The file that is kept outside: JSON, one member a line."""
        return json.dumps(asdict(self), sort_keys=True, indent=1) + "\n"

    @property
    def filename(self) -> str:
        return f"audit-checkpoint-{self.sequence}.json"

    @property
    def raw_key(self) -> bytes:
        return _bytes(self.public_key, 32, "public_key")

    def is_signed_by(self, public_key: bytes) -> bool:
        """True when the signature is that of `public_key` (32 bytes) on exactly these members."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(
                _bytes(self.signature, 64, "signature"), self.signed_bytes()
            )
        except InvalidSignature:
            return False
        return True


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def key_id(public_key: bytes) -> str:
    """The short name of a public key: the first 16 hex signs of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def read(text: str) -> Checkpoint:
    """The checkpoint that `text` holds; whether it is genuine is another question.

    Raises NotACheckpoint with the reason.
    """
    if len(text) > MOST_BYTES:
        raise NotACheckpoint("it is too long for a checkpoint")
    try:
        members = json.loads(text, object_pairs_hook=_once)
    except ValueError as problem:
        raise NotACheckpoint(f"it is not JSON ({problem})") from None
    if not isinstance(members, dict) or members.get("format") != FORMAT:
        raise NotACheckpoint(f"its format is not {FORMAT}")
    wanted = {each.name: each.type for each in fields(Checkpoint)}
    if odd := sorted(set(members) ^ set(wanted)):
        raise NotACheckpoint(f"these members are missing or unknown: {', '.join(odd)}")
    for name, kind in wanted.items():
        # isinstance would take True for 1.
        if type(members[name]) not in ({int, type(None)} if name == "broken_at" else {kind}):
            raise NotACheckpoint(f"{name} is not of the right kind")
    checkpoint = Checkpoint(**members)
    if checkpoint.key_id != key_id(checkpoint.raw_key):
        raise NotACheckpoint("key_id does not belong to public_key")
    _bytes(checkpoint.signature, 64, "signature")
    return checkpoint


def read_public_key(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key: PEM, base64, or as a whole checkpoint holds it.

    Raises NotACheckpoint.
    """
    text = text.strip()
    if text.startswith("{"):
        return read(text).raw_key
    if not text.startswith("-----"):
        return _bytes(text, 32, "the public key")
    try:
        found = load_pem_public_key(text.encode())
    except ValueError:
        raise NotACheckpoint("the public key is no PEM that can be read") from None
    if not isinstance(found, Ed25519PublicKey):
        raise NotACheckpoint("the public key is not of the kind Ed25519")
    return found.public_bytes_raw()


def _bytes(text: str, length: int, name: str) -> bytes:
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise NotACheckpoint(f"{name} is not base64") from None
    if len(found) != length:
        raise NotACheckpoint(f"{name} has {len(found)} bytes instead of {length}")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that names nothing twice: two readers could take a different one of them."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members
