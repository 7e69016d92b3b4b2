"""Keys of event kits: made from the vault's, so that destroying its keys destroys them too."""

from uuid import UUID

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cairn.core.classification import Zone
from cairn.training.bundles.cards import Card
from cairn.training.bundles.container import Verify
from cairn.training.bundles.identities import identity_of
from cairn.vault import blind, signing

_PURPOSE = "event-kit"
_DEVICE = "device"


def device_identity() -> str:
    """The age identity of this machine as a kit; bundles for it are encrypted to its other half."""
    return _identity(_DEVICE)


def home_identity(checkout_id: UUID) -> str:
    """The age identity to which a kit answers for one checkout, and for no other."""
    return _identity(f"checkout:{checkout_id}")


def card(identity: str) -> Card:
    """What the other machine has to know: public halves of `identity` and of the signing key."""
    recipient = str(pyrage.x25519.Identity.from_str(identity).to_public())
    current = next(key for key in signing.public_keys() if key.is_current)
    return Card(recipient, current.raw)


def mark_of(recipient: str, verifier_hex: str) -> str:
    """The mark of a kit, to compare with the one on its screen."""
    return Card(recipient, bytes.fromhex(verifier_hex)).mark


def sign(message: bytes) -> tuple[str, bytes]:
    """This installation's signature, as bundles carry it."""
    signature = signing.sign(message)
    return signature.key_id, signature.value


def verifier(raw: bytes) -> Verify:
    """Accepts what the holder of this Ed25519 public key signed, and nothing else."""
    key = Ed25519PublicKey.from_public_bytes(raw)

    def verify(message: bytes, key_id: str, value: bytes) -> bool:
        try:
            key.verify(value, message)
        except InvalidSignature:
            return False
        return True

    return verify


def _identity(name: str) -> str:
    return identity_of(bytes.fromhex(blind.index(Zone.PROGRAMME, _PURPOSE, name)))
