"""The shape of an archive: a tar of parts inside age encryption, streamed both ways.

Nothing is whole in memory: a pipe of the operating system joins the tar to the encryption, which
runs in a thread. In an emergency `age --decrypt -i IDENTITY ARCHIVE | tar x` unpacks it; the parts
of the database, joined in order of their names, are the SQLite file or the output of pg_dump.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

import pyrage

from cairn.vault.backups.errors import BackupError

# A tar tells the size of a member before its content, and a dump does not know its own: so a
# database goes in as parts of this size. It is also all of it that memory ever holds.
PART = 4 * 1024 * 1024
DATABASE = "database"
FILES = "files"
CHUNK = 64 * 1024
Tell = Callable[[str], None]


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writable(Protocol):
    def write(self, content: bytes, /) -> object: ...


Fill = Callable[[Writable], None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files went in or came out, and their bytes together."""

    count: int
    bytes: int


class Encrypted:
    """The file that an archive is written to: counts and hashes what arrives."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.bytes = 0
        self.problem: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            written = self._file.write(content)
        except OSError as problem:
            # The encryption would pass on no more than a text.
            self.problem = problem
            raise
        self._hash.update(content)
        self.bytes += len(content)
        return written

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Packer:
    """Puts a database and a folder of files into an archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add_database(self, source: Readable, tell: Tell) -> int:
        """Take `source` to its end, in parts; returns its bytes."""
        total = number = 0
        while part := _filled(source, PART):
            number += 1
            member = tarfile.TarInfo(f"{DATABASE}/{number:06}")
            member.size, member.mode = len(part), 0o600
            self._tar.addfile(member, io.BytesIO(part))
            total += len(part)
            if number % 16 == 0:
                tell(f"  database: {size(total)} packed")
        return total

    def add_files(self, folder: Path, tell: Tell) -> Tally:
        """Take every file under `folder`; one that is removed meanwhile is left out."""
        count = total = 0
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_symlink() or not path.is_file():
                continue
            with suppress(FileNotFoundError), path.open("rb") as file:
                name = PurePosixPath(FILES, *path.relative_to(folder).parts)
                member = tarfile.TarInfo(str(name))
                about = os.fstat(file.fileno())
                member.size, member.mtime, member.mode = about.st_size, int(about.st_mtime), 0o600
                self._tar.addfile(member, file)
                count, total = count + 1, total + member.size
                if count % 500 == 0:
                    tell(f"  files: {count} packed, {size(total)}")
        return Tally(count, total)


@contextmanager
def packing(target: Path, recipient: pyrage.x25519.Recipient) -> Iterator[tuple[Packer, Encrypted]]:
    """A new file at `target` (mode 600) that holds what is packed, encrypted to `recipient`.

    Raises BackupError when the disk refuses; whoever calls removes what is then left of the file.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    read_end, write_end = os.pipe()
    with os.fdopen(descriptor, "wb") as file, ThreadPoolExecutor(1) as pool:
        sink = Encrypted(file)

        def encrypt() -> None:
            with os.fdopen(read_end, "rb") as plain:
                pyrage.encrypt_io(plain, sink, [recipient])

        work = pool.submit(encrypt)
        try:
            with os.fdopen(write_end, "wb") as plain, _tar(plain, "w|") as tar:
                yield Packer(tar), sink
        except BrokenPipeError:
            pass  # the encryption ended first, and says why below
        try:
            work.result()
        except Exception as problem:
            reason = sink.problem or problem
            raise BackupError(
                f"{target.name} could not be written: {reason}",
                "see that the folder is there, is yours to write and has room.",
            ) from problem
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def unpacking(source: Path, identity: pyrage.x25519.Identity) -> Iterator[Iterator["Member"]]:
    """The members of the archive in their order; each has to be read before the next is asked for.

    Raises BackupError that says near which byte the archive is damaged.
    """
    read_end, write_end = os.pipe()
    with source.open("rb") as file, ThreadPoolExecutor(1) as pool:

        def decrypt() -> None:
            with os.fdopen(write_end, "wb") as plain:
                pyrage.decrypt_io(file, plain, [identity])

        work = pool.submit(decrypt)
        try:
            with os.fdopen(read_end, "rb") as plain:
                with _tar(plain, "r|") as tar:
                    yield _members(tar)
                while plain.read(CHUNK):  # the padding at the end of a tar is authenticated too
                    pass
        except tarfile.TarError:
            problem = work.exception()
            raise _damaged(source, problem or "it does not unpack", file.tell()) from problem
        problem = work.exception()
        if problem is not None:
            raise _damaged(source, problem, file.tell()) from problem


@dataclass(frozen=True, slots=True)
class Member:
    """One piece of an archive. `name`: its path; `content`: to be read now."""

    name: PurePosixPath
    content: Readable


def unpack(members: Iterator[Member], database: Writable, files: Path | None) -> Tally:
    """Write the database's parts to `database` and the files under `files` (None: only count).

    Raises BackupError for a member that would land outside its folder.
    """
    count = total = 0
    for member in members:
        first, *rest = member.name.parts
        if first == DATABASE and len(rest) == 1:
            _copy(member.content, database)
        elif first == FILES and rest and ".." not in rest:
            if files is None:
                total += _copy(member.content, _Nowhere())
            else:
                total += _put(member.content, files.joinpath(*rest))
            count += 1
        else:
            raise BackupError(f"The archive holds {member.name}, which belongs nowhere.")
    return Tally(count, total)


def first_damage(source: Path, identity: pyrage.x25519.Identity) -> int | None:
    """The byte of the archive near which it stops being what was written; None: it is whole."""
    with source.open("rb") as file:
        try:
            pyrage.decrypt_io(file, _Nowhere(), [identity])
        except (pyrage.DecryptError, OSError):
            return file.tell()
    return None


def size(count: int) -> str:
    """A number of bytes for a person: 900 B, 4.2 MB."""
    amount, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


class _Nowhere:
    def write(self, content: bytes) -> int:
        return len(content)

    def flush(self) -> None:
        pass


def _tar(file: BinaryIO, mode: str) -> tarfile.TarFile:
    if mode == "w|":
        return tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)
    return tarfile.open(fileobj=file, mode="r|")


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isfile() else None
        path = PurePosixPath(entry.name)
        if content is None or path.is_absolute() or not path.parts:
            raise BackupError(f"The archive holds {entry.name}, which is no file of ours.")
        yield Member(path, content)


def _filled(source: Readable, wanted: int) -> bytes:
    """Up to `wanted` bytes; less only at the end, as a pipe gives what it has."""
    pieces: list[bytes] = []
    missing = wanted
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _copy(source: Readable, target: Writable) -> int:
    total = 0
    while piece := source.read(CHUNK):
        target.write(piece)
        total += len(piece)
    return total


def _put(source: Readable, path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        return _copy(source, file)


def _damaged(source: Path, reason: object, near: int) -> BackupError:
    return BackupError(
        f"{source.name} is damaged near byte {near:,} of {source.stat().st_size:,}: {reason}.",
        "copy it again from where it is kept, or take another backup.",
    )
