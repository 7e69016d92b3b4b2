"""Root keys: what wraps the zone keys. From a file, from the environment, or a key service."""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from django.conf import settings

from cairn.vault import envelope
from cairn.vault.errors import RootError

FILE_NAME = "root-keys"


class RootKeys(Protocol):
    """One source of root keys. `bound` ties a wrapped key to what it is the key of."""

    def where(self) -> str:
        """Where these keys are looked for, for people."""

    def current(self) -> str:
        """The id of the root key that wraps from now on. Raises RootError."""

    def opens(self, root_id: str) -> bool:
        """True when this source holds that root key."""

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        """(id of the root key, wrapped bytes)."""

    def unwrap(self, root_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """The key itself. Raises RootError (not held here, out of reach) or Altered."""

    def rewrap(self, root_id: str, wrapped: bytes, bound: bytes) -> tuple[str, bytes]:
        """The same key under the current root key."""

    def renew(self) -> str:
        """Make a new root key the current one and return its id. Raises RootError."""

    def drop_old(self) -> list[str]:
        """Forget every root key but the current one; returns the ids."""


def fingerprint(key: bytes) -> str:
    """Eight hex signs that name a root key without telling anything about it."""
    return hashlib.sha256(b"cairn root key\0" + key).hexdigest()[:8]


class HeldRoots:
    """Root keys that this process holds itself: the ground of the two below."""

    def where(self) -> str:
        raise RootError("root.none", "There is no root key.", "give one.")

    def load(self) -> tuple[str, Mapping[str, bytes]]:
        """(current id, id -> key). Raises RootError."""
        raise RootError("root.none", "There is no root key.", "give one.")

    def current(self) -> str:
        return self.load()[0]

    def opens(self, root_id: str) -> bool:
        return root_id in self.load()[1]

    def wrap(self, key: bytes, bound: bytes) -> tuple[str, bytes]:
        current, keys = self.load()
        return current, envelope.seal(envelope.cipher(keys[current]), key, bound)

    def unwrap(self, root_id: str, wrapped: bytes, bound: bytes) -> bytes:
        current, keys = self.load()
        if root_id not in keys:
            raise wrong_root(root_id, current, self.where())
        return envelope.unseal(envelope.cipher(keys[root_id]), wrapped, bound)

    def rewrap(self, root_id: str, wrapped: bytes, bound: bytes) -> tuple[str, bytes]:
        return self.wrap(self.unwrap(root_id, wrapped, bound), bound)


def wrong_root(wanted: str, found: str, where: str) -> RootError:
    return RootError(
        "root.wrong",
        f"The stored keys need root key {wanted}, but {where} holds root key {found}.",
        f"put root key {wanted} back there.",
    )


class FileRoot(HeldRoots):
    """Root keys in a file that only its owner reads: {"current": id, "keys": {id: base64}}."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def where(self) -> str:
        return f"the file {self.path}"

    def load(self) -> tuple[str, Mapping[str, bytes]]:
        try:
            mode = self.path.stat().st_mode & 0o777
            text = self.path.read_text(encoding="ascii")
        except FileNotFoundError:
            return self._first()
        except (OSError, UnicodeDecodeError) as problem:
            raise RootError(
                "root.unreadable",
                f"The root keys in {self.path} cannot be read ({type(problem).__name__}).",
                "give the file to the account that runs Cairn, or put its copy back.",
            ) from None
        if mode & 0o077:
            raise RootError(
                "root.open",
                f"Others than its owner can reach the root keys in {self.path} (mode {mode:03o}).",
                f"run chmod 600 {self.path}; if others may have read it, rotate the root key.",
            )
        return self._parse(text)

    def _parse(self, text: str) -> tuple[str, Mapping[str, bytes]]:
        try:
            content = json.loads(text)
            current = str(content["current"])
            keys = {str(name): _decode(value) for name, value in content["keys"].items()}
            damaged = [name for name, key in keys.items() if fingerprint(key) != name]
            short = any(len(key) != envelope.KEY_BYTES for key in keys.values())
        except (ValueError, KeyError, TypeError, AttributeError):
            current, keys, damaged, short = "", {}, [], False
        if short:
            raise RootError(
                "root.short",
                f"A root key in {self.path} is not {envelope.KEY_BYTES} bytes long.",
                "put the copy of the file back.",
            )
        if damaged or current not in keys:
            which = f"root key {damaged[0]}" if damaged else "its content"
            raise RootError(
                "root.damaged",
                f"The file of root keys {self.path} is damaged: {which} is not what was written.",
                "put the copy of the file back.",
            )
        return current, keys

    def _first(self) -> tuple[str, Mapping[str, bytes]]:
        """Make the file, but only when nothing was ever wrapped; else its loss is to be told."""
        wanted = _root_ids_in_use()
        if wanted:
            raise RootError(
                "root.missing",
                f"Root key {', '.join(wanted)} is missing: there is no file {self.path}.",
                "put the copy of that file back; without it nothing sealed can be read again.",
            )
        key = envelope.new_key()
        self._write(fingerprint(key), {fingerprint(key): key}, first=True)
        return self.load()

    def _write(self, current: str, keys: Mapping[str, bytes], *, first: bool = False) -> None:
        """Replace the file whole; the first one is never written over another's."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
        draft = self.path.with_name(f".{self.path.name}-{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                json.dump({"current": current, "keys": encoded}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            if first:
                try:
                    os.link(draft, self.path)
                except FileExistsError:
                    return  # another process was first; its key is the key
            else:
                draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def renew(self) -> str:
        _, keys = self.load()
        key = envelope.new_key()
        self._write(fingerprint(key), {**keys, fingerprint(key): key})
        return fingerprint(key)

    def drop_old(self) -> list[str]:
        current, keys = self.load()
        old = sorted(set(keys) - {current})
        if old:
            self._write(current, {current: keys[current]})
        return old


class EnvironmentRoot(HeldRoots):
    """One root key from CAIRN_ROOT_KEY; while it changes, the one before it too."""

    def __init__(self, key: str, previous: str = "") -> None:
        self._key = key
        self._previous = previous

    def where(self) -> str:
        return "CAIRN_ROOT_KEY"

    def load(self) -> tuple[str, Mapping[str, bytes]]:
        keys = [_from_environment("CAIRN_ROOT_KEY", self._key)]
        if self._previous:
            keys.append(_from_environment("CAIRN_ROOT_KEY_PREVIOUS", self._previous))
        return fingerprint(keys[0]), {fingerprint(key): key for key in keys}

    def renew(self) -> str:
        """The person makes the new key; here it must already be the current one."""
        if not self._previous:
            raise RootError(
                "root.rotation",
                "The root key comes from the environment, and only one is given.",
                "put the key of today in CAIRN_ROOT_KEY_PREVIOUS and a new one, base64 of 32 "
                "random bytes, in CAIRN_ROOT_KEY; then run this again.",
            )
        return self.current()

    def drop_old(self) -> list[str]:
        """Nothing to do here: the person takes CAIRN_ROOT_KEY_PREVIOUS away."""
        return []


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _from_environment(name: str, text: str) -> bytes:
    try:
        key = _decode(text.strip())
    except (binascii.Error, ValueError):
        raise RootError(
            "root.damaged", f"{name} is not base64.", "give 32 random bytes in base64."
        ) from None
    if len(key) != envelope.KEY_BYTES:
        raise RootError(
            "root.short",
            f"{name} holds {len(key)} bytes; a root key has {envelope.KEY_BYTES}.",
            "give 32 random bytes in base64.",
        )
    return key


def _root_ids_in_use() -> list[str]:
    from cairn.vault.models import SigningKey, ZoneKey

    used = set(ZoneKey.objects.exclude(state="destroyed").values_list("root_id", flat=True))
    return sorted(used | set(SigningKey.objects.values_list("root_id", flat=True)))


def configured() -> RootKeys:
    """The source that this installation chose: key service, environment, else the file."""
    if settings.KEY_SERVICE:
        from cairn.vault.transit import TransitRoot

        return TransitRoot(
            settings.KEY_SERVICE,
            settings.KEY_SERVICE_KEY,
            settings.KEY_SERVICE_TOKEN_FILE,
            settings.KEY_SERVICE_CA,
        )
    if settings.ROOT_KEY:
        return EnvironmentRoot(settings.ROOT_KEY, settings.ROOT_KEY_PREVIOUS)
    return file_root()


def file_root() -> FileRoot:
    return FileRoot(Path(settings.HOME) / FILE_NAME)


def other_holder(root_id: str) -> RootKeys:
    """A source besides the configured one that holds `root_id`; for moving between sources."""
    others: list[RootKeys] = []
    if file_root().path.exists():
        others.append(file_root())
    if settings.ROOT_KEY:
        others.append(EnvironmentRoot(settings.ROOT_KEY, settings.ROOT_KEY_PREVIOUS))
    for each in others:
        if each.opens(root_id):
            return each
    raise wrong_root(root_id, configured().current(), configured().where())
