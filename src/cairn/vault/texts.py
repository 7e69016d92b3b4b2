"""Small secrets of the system itself, sealed as text under a key known by name (TOTP secrets)."""

import base64
import binascii

from cairn.core.classification import Zone
from cairn.vault import envelope, keyring
from cairn.vault.errors import Altered

_MARK = "sealed-1:"


def seal_text(name: str, text: str, zone: Zone = Zone.ACCOUNTS) -> str:
    """Seal `text` under the key `name` (made in `zone` at first use); ASCII, fits a text column."""
    cipher = keyring.for_sealing(keyring.named(name, zone))
    return _MARK + base64.urlsafe_b64encode(
        envelope.seal(cipher, text.encode(), _bound(name))
    ).decode("ascii")


def open_text(name: str, sealed: str, zone: Zone = Zone.ACCOUNTS) -> str:
    """The text again. Raises Altered (not sealed under this name), KeyGone or RootError."""
    if not sealed.startswith(_MARK):
        raise Altered("This text is not sealed.")
    try:
        blob = base64.b64decode(sealed.removeprefix(_MARK), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Altered("This sealed text has no known form.") from None
    key_id = keyring.named(name, zone)
    cipher = keyring.ciphers([key_id])[key_id]
    if isinstance(cipher, Exception):
        raise cipher
    return envelope.unseal(cipher, blob, _bound(name)).decode()


def _bound(name: str) -> bytes:
    return b"cairn text\0" + name.encode()
