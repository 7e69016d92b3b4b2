"""Makes the two archives, records and keys apart; each is proven before it gets its name."""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import pyrage
from django.db import transaction

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.vault.backups import archive, contents, databases, ledger, proving
from cairn.vault.backups import manifest as sheets
from cairn.vault.backups.archive import Tell
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import ENDING, KEYS, RECORDS, SHEET, Manifest

ALIAS = {RECORDS: "default", KEYS: "keys"}
# How long a copy of the key store lives. Our own choice, see docs/decisions/0011: for these days a
# thief of key copies and of the root key can open what has been erased since.
KEY_COPY_DAYS = 7
PART = ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """One archive that is there now. `verified`: it was restored and compared."""

    kind: str
    path: Path
    bytes: int
    rows: int
    verified: bool


def back_up(kind: str, into: Path, *, verify: bool, tell: Tell) -> Made:
    """Copy the records with their files, or the key store, into the folder `into`.

    Nothing with a whole name is there before it is proven; of a copy that was broken off, `.part`
    files are left at most, encrypted, and the next run removes them. Raises BackupError.
    """
    folder = into / KEYS if kind == KEYS else into
    with _alone_in(folder):
        _sweep(folder)
        stem = _free_stem(folder, kind)
        part = folder / f".{stem}{ENDING}{PART}"
        sheet_part = folder / f".{stem}{SHEET}{PART}"
        identity = pyrage.x25519.Identity.generate()
        try:
            tell(f"{kind.capitalize()}: copying ...")
            manifest = _write(kind, part, identity, f"{stem}{ENDING}", tell)
            if verify:
                tell(f"{kind.capitalize()}: restoring the copy into an empty place ...")
                proving.prove(part, identity, manifest, databases.in_use(ALIAS[kind]))
            manifest = sheets.seal(replace(manifest, verified=verify), identity)
            sheets.write(manifest, sheet_part)
            path = part.replace(folder / manifest.name)
            # Last, as an archive without its sheet is known to be unfinished.
            sheet_part.replace(folder / f"{stem}{SHEET}")
            _sync(folder)
        finally:
            part.unlink(missing_ok=True)
            sheet_part.unlink(missing_ok=True)
    made = Made(kind, path, manifest.bytes, sum(row.rows for row in manifest.rows), verify)
    _record(made)
    return made


def expire_key_copies(into: Path, *, days: int, now: datetime) -> int:
    """Overwrite and remove copies of the key store older than `days`; returns how many.

    Overwriting reaches the bytes on a plain disk; on flash and on file systems that copy on write
    it may not, which is why the copies are also encrypted under the root key.
    """
    folder = into / KEYS
    if not folder.is_dir():
        return 0
    gone = 0
    with _alone_in(folder):
        for path in sorted(folder.glob(f"cairn-{KEYS}-*{ENDING}")):
            if _made_at(path) < now - timedelta(days=days):
                for each in (sheets.sheet_of(path), path):  # without its sheet it opens no more
                    _overwrite(each)
                gone += 1
    return gone


def _write(
    kind: str, part: Path, identity: pyrage.x25519.Identity, name: str, tell: Tell
) -> Manifest:
    alias = ALIAS[kind]
    database = databases.in_use(alias)
    now = datetime.now(UTC)
    with (
        database.snapshot(tell) as moment,
        archive.packing(part, identity.to_public()) as (packer, sink),
    ):
        tell(f"  database: about {archive.size(moment.size)}")
        rows = contents.rows(moment.query, alias)
        migrations = contents.migrations(moment.query)
        head = contents.audit_head(moment.query, kind)
        packer.add_database(moment.source, tell)
        moment.finish()
        files = (
            packer.add_files(databases.files_folder(), tell)
            if kind == RECORDS
            else archive.Tally(0, 0)
        )
    return Manifest(
        kind=kind,
        made_at=now.isoformat(timespec="seconds"),
        database=database.kind,
        versions={
            "database": moment.version,
            "django": django.get_version(),
            "python": platform.python_version(),
        },
        migrations=migrations,
        rows=rows,
        files={"count": files.count, "bytes": files.bytes},
        audit=head,
        erased=ledger.of_store(ALIAS[KEYS]),
        name=name,
        bytes=sink.bytes,
        sha256=sink.sha256,
    )


def _record(made: Made) -> None:
    with transaction.atomic():
        audit.record(
            Actor(is_system=True),
            "backup.made",
            kind=made.kind,
            bytes=made.bytes,
            rows=made.rows,
            verified=made.verified,
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; the lock ends with its process."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise BackupError(
            f"{folder} cannot be written to: {problem.strerror}.", "choose another with --into."
        ) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError(
                f"Another backup is writing to {folder}.", "wait until it has ended."
            ) from None
        yield
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed left; the lock says that nobody is writing it."""
    for path in folder.glob(f".cairn-*{PART}"):
        path.unlink()


def _free_stem(folder: Path, kind: str) -> str:
    stem = f"cairn-{kind}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while list(folder.glob(f"{stem}{'' if number == 1 else f'-{number}'}.*")):
        number += 1
    return stem if number == 1 else f"{stem}-{number}"


def _made_at(path: Path) -> datetime:
    try:
        return datetime.fromisoformat(sheets.read(path).made_at)
    except BackupError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _overwrite(path: Path) -> None:
    """Overwrite and remove one file; of a link only the link goes, wherever it leads.

    Copies lie on disks of others: a link planted there must not make us overwrite our own files.
    """
    if path.is_symlink():
        path.unlink()
    if not path.exists():
        return
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "r+b") as file:
        about = os.fstat(file.fileno())
        # A file with a second name may be one of ours as well.
        left = about.st_size if about.st_nlink == 1 else 0
        while left > 0:
            piece = os.urandom(min(left, archive.PART))
            file.write(piece)
            left -= len(piece)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
