"""Root key in a key service: OpenBao's transit engine (Vault's speaks the same) over HTTP.

The root key never leaves the service; each wrap and unwrap is a call that it can log and refuse.
"""

import base64
import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from cairn.vault.errors import Altered, RootError

CONNECT, ANSWER = 3.0, 5.0  # seconds; zone keys are unwrapped once a minute, not for each page
_PREFIX = b"vault:v"


class TransitRoot:
    """The key `name` of the transit engine at `address`; the token is read from `token_file`.

    `ca`: a file of certificates to trust for this service, empty for the system's.
    """

    def __init__(self, address: str, name: str, token_file: str, ca: str = "") -> None:
        self.address = address.rstrip("/")
        self.name = name
        self.token_file = token_file
        self.ca = ca

    def where(self) -> str:
        return f"the key service at {self.address} (key {self.name})"

    def current(self) -> str:
        found = self._call("GET", f"keys/{quote(self.name, safe='')}")
        return self._id(int(found["latest_version"]))

    def opens(self, root_id: str) -> bool:
        return root_id.startswith(f"{self.name}:v")

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        found = self._crypt("encrypt", plaintext=_text(key), associated_data=_text(bound))
        return self._wrapped(found)

    def unwrap(self, root_id: str, wrapped: bytes, bound: bytes) -> bytes:
        self._check(root_id)
        found = self._crypt(
            "decrypt", ciphertext=wrapped.decode("ascii", "replace"), associated_data=_text(bound)
        )
        return base64.b64decode(found["plaintext"])

    def rewrap(self, root_id: str, wrapped: bytes, bound: bytes) -> tuple[str, bytes]:
        """Out and in again: the service's own rewrap (OpenBao 2.7) takes no associated data, so it
        cannot open what is bound to its place. Both calls show in the service's log.
        """
        return self.wrap(self.unwrap(root_id, wrapped, bound), bound)

    def renew(self) -> str:
        self._call("POST", f"keys/{quote(self.name, safe='')}/rotate")
        return self.current()

    def drop_old(self) -> list[str]:
        """The service opens only what the newest version wrapped."""
        found = self._call("GET", f"keys/{quote(self.name, safe='')}")
        latest, least = int(found["latest_version"]), int(found["min_decryption_version"])
        if least < latest:
            self._call(
                "POST",
                f"keys/{quote(self.name, safe='')}/config",
                {"min_decryption_version": latest, "min_encryption_version": latest},
            )
        return [self._id(version) for version in range(least, latest)]

    def _id(self, version: int) -> str:
        return f"{self.name}:v{version}"

    def _check(self, root_id: str) -> None:
        if not self.opens(root_id):
            from cairn.vault.roots import wrong_root

            raise wrong_root(root_id, self.name, self.where())

    def _wrapped(self, found: dict[str, Any]) -> tuple[str, bytes]:
        ciphertext = str(found["ciphertext"]).encode("ascii")
        version = ciphertext.removeprefix(_PREFIX).partition(b":")[0]
        return self._id(int(version)), ciphertext

    def _crypt(self, verb: str, **content: str) -> dict[str, Any]:
        return self._call("POST", f"{verb}/{quote(self.name, safe='')}", content)

    def _token(self) -> str:
        try:
            token = Path(self.token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            token = ""
        if not token:
            raise RootError(
                "root.token",
                f"There is no token for {self.where()}: CAIRN_KEY_SERVICE_TOKEN_FILE is "
                f"{self.token_file or 'not set'!r}.",
                "name there a file that holds the token and that Cairn can read.",
            )
        return token

    def _call(self, method: str, path: str, content: Any = None) -> dict[str, Any]:
        """The `data` of the answer. Raises RootError, or Altered for a ciphertext it refuses."""
        self._check_line()
        token = self._token()
        with requests.Session() as session:
            # The token goes to the service itself, never through a proxy of the environment.
            session.trust_env = False
            try:
                answer = session.request(
                    method,
                    f"{self.address}/v1/transit/{path}",
                    json=content,
                    headers={"X-Vault-Token": token},
                    timeout=(CONNECT, ANSWER),
                    allow_redirects=False,
                    verify=self.ca or True,
                )
            except (requests.RequestException, OSError) as problem:
                raise RootError(
                    "root.out-of-reach",
                    f"There was no answer from {self.where()} ({type(problem).__name__}).",
                    "start the service, or correct CAIRN_KEY_SERVICE.",
                ) from None
        return self._read(answer, path)

    def _read(self, answer: requests.Response, path: str) -> dict[str, Any]:
        if answer.ok:
            try:
                return dict(answer.json().get("data") or {}) if answer.content else {}
            except (ValueError, AttributeError):
                pass
        elif answer.status_code == 400 and path.startswith("decrypt/"):
            raise self._unopened(answer)
        elif answer.status_code in {400, 404}:
            raise RootError(
                "root.missing",
                f"There is no root key in {self.where()}.",
                "make it with the transit engine, or correct CAIRN_KEY_SERVICE_KEY.",
            )
        elif answer.status_code in {401, 403}:
            raise RootError(
                "root.refused",
                f"The token was refused by {self.where()}.",
                "renew the token, and let its policy use this key.",
            )
        raise RootError(
            "root.out-of-reach",
            f"The answer of {self.where()} was of no use (status {answer.status_code}).",
            "see the log of the service; it may be sealed.",
        )

    def _unopened(self, answer: requests.Response) -> Exception:
        if "not found" in answer.text:
            return RootError(
                "root.missing",
                f"There is no root key in {self.where()}.",
                "make it with the transit engine, or correct CAIRN_KEY_SERVICE_KEY.",
            )
        return Altered(f"A stored key was not wrapped by {self.where()}, or it was altered.")

    def _check_line(self) -> None:
        """Keys travel on this line in the clear, so it is encrypted unless it stays here."""
        parts = urlsplit(self.address)
        if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
            return
        raise RootError(
            "root.address",
            f"CAIRN_KEY_SERVICE is no https address: {self.address}.",
            "write https://HOST:PORT; http is for a service on this machine alone.",
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
