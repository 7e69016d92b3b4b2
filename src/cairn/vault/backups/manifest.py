"""The sheet beside each archive: what is in it, and its key under the root key. Holds no names.

The archive's key is wrapped with the digest of the sheet bound to it, so a sheet that was altered
(a destroyed key taken off its list, say) is refused by whoever holds the root key.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyrage

from cairn.vault import roots
from cairn.vault.backups.errors import BackupError
from cairn.vault.errors import Altered, RootError

FORMAT = 1
RECORDS, KEYS = "records", "keys"
ENDING = ".age"
SHEET = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows one table held."""

    model: str
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `kind`: records or keys; `made_at`: ISO 8601, UTC.

    `migrations`: "app.name" of each one applied; `audit`: sequence and hash of the newest entry;
    `erased`: ids of data keys that had been destroyed, with the moment; `name`, `bytes`, `sha256`:
    of the encrypted file; `verified`: it was restored and compared;
    `root`: id of the root key that `sealed` is wrapped with (base64).
    """

    kind: str
    made_at: str
    database: str
    versions: dict[str, str]
    migrations: list[str]
    rows: list[Rows]
    files: dict[str, int]
    audit: dict[str, Any]
    erased: dict[str, str]
    name: str
    bytes: int
    sha256: str
    verified: bool = False
    root: str = ""
    sealed: str = ""
    format: int = field(default=FORMAT)

    def digest(self) -> str:
        """SHA-256 (hex) of all but the wrapped key, in canonical JSON."""
        content = asdict(self)
        del content["sealed"], content["root"]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def sheet_of(archive: Path) -> Path:
    return archive.with_name(archive.name.removesuffix(ENDING) + SHEET)


def archive_of(path: Path) -> Path:
    """The archive that somebody named by itself or by its sheet."""
    if path.name.endswith(SHEET):
        return path.with_name(path.name.removesuffix(SHEET) + ENDING)
    return path


def seal(manifest: Manifest, identity: pyrage.x25519.Identity) -> Manifest:
    """The sheet with its archive's key, wrapped by the root key in use. Raises BackupError."""
    try:
        root, sealed = roots.configured().wrap(str(identity).encode(), _bound(manifest))
    except RootError as problem:
        raise BackupError(problem.sentence, problem.remedy) from None
    return replace(manifest, root=root, sealed=base64.b64encode(sealed).decode())


def unseal(manifest: Manifest) -> pyrage.x25519.Identity:
    """The key of the archive. Raises BackupError: another root key, or the sheet was altered."""
    source = roots.configured()
    if isinstance(source, roots.FileRoot) and not source.path.exists():
        raise BackupError(  # else it would take this for a first start, and make one
            f"{manifest.name} needs root key {manifest.root}, and there is no {source.path}.",
            "put the copy of that file there first; it is kept apart from the backups.",
        )
    try:
        sealed = base64.b64decode(manifest.sealed, validate=True)
        secret = source.unwrap(manifest.root, sealed, _bound(manifest))
        return pyrage.x25519.Identity.from_str(secret.decode())
    except RootError as problem:
        if problem.code != "root.wrong":
            raise BackupError(problem.sentence, problem.remedy) from None
        raise BackupError(
            f"{manifest.name} needs root key {manifest.root}; {source.where()} holds "
            f"{source.current()}.",
            f"put root key {manifest.root} there, or take a backup made since it was changed.",
        ) from None
    except (Altered, ValueError):
        raise BackupError(
            f"The sheet of {manifest.name} was altered after it was made.",
            "take the sheet from another copy; do not trust this one.",
        ) from None


def write(manifest: Manifest, path: Path) -> None:
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    # Never through a link that somebody planted where copies are kept.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "w") as file:
        file.write(text + "\n")


def read(archive: Path) -> Manifest:
    """The sheet beside `archive`. Raises BackupError: missing, broken, or of a newer format."""
    path = sheet_of(archive)
    if not archive.exists() and not path.exists():
        raise BackupError(f"There is no file {archive}.")
    try:
        content = json.loads(path.read_text())
        if content["format"] != FORMAT:
            raise BackupError(
                f"{path.name} is of format {content['format']}; this Cairn reads {FORMAT}.",
                "restore it with the version of Cairn that made it, or a newer one.",
            )
        rows = [Rows(**row) for row in content.pop("rows")]
        return Manifest(rows=rows, **content)
    except FileNotFoundError:
        raise BackupError(
            f"{archive.name} has no {path.name} beside it: the backup was not finished, or only "
            "half of it was copied.",
            "copy both files, or take another backup.",
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BackupError(
            f"{path.name} cannot be read: it is damaged ({type(problem).__name__}).",
            "copy it again from where it is kept, or take another backup.",
        ) from None


def beside(folder: Path) -> Iterator[Manifest]:
    """Every sheet in `folder` that can be read, with those of its folder of key copies."""
    for sheet in sorted([*folder.glob(f"*{SHEET}"), *(folder / KEYS).glob(f"*{SHEET}")]):
        try:
            yield read(archive_of(sheet))
        except BackupError:
            continue


def _bound(manifest: Manifest) -> bytes:
    return b"cairn backup\0" + manifest.digest().encode()
