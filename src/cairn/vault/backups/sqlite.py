"""A SQLite database: copied while it is in use, put in place only when it is whole.

A copy that has to lie on the disk for a moment lies in a file without a name: it is made with mode
600, unlinked before anything is written, and gone when its process ends, also when it is killed.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connections

from cairn.vault.backups.archive import Fill, Readable, Tell, Writable, size
from cairn.vault.backups.attaching import attached
from cairn.vault.backups.errors import BackupError, not_up_to_date

PAGES = 2_000  # copied at a time: 8 MB, as a page has 4096 bytes unless set otherwise
# Bytes 18 and 19 of a file say how it is written and read: 2 is a write-ahead log, 1 a rollback
# journal (sqlite.org/fileformat.html, section 1.3.3).
WRITE_AHEAD_LOG, ROLLBACK = b"\x02\x02", b"\x01\x01"
UNFINISHED = ".restoring"


@dataclass(frozen=True, slots=True)
class SqliteSnapshot:
    """One moment of a database. `size`: bytes; `source`: its content, to be read once."""

    source: Readable
    size: int
    version: str
    _connection: sqlite3.Connection

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows as they stood at that moment."""
        try:
            return self._connection.execute(statement).fetchall()
        except sqlite3.OperationalError as problem:
            raise not_up_to_date(problem) from None

    def finish(self) -> None:
        """Nothing is left to ask: the copy was whole before it was read."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """The database in the file at `path`; the file need not be there."""

    path: Path
    kind = "sqlite"

    def __str__(self) -> str:
        return str(self.path)

    def here(self) -> list[str]:
        """What of a database lies there, by file name; leftovers of a restore do not count."""
        return [path.name for path in self._files() if path.exists()]

    @contextmanager
    def snapshot(self, tell: Tell) -> Iterator[SqliteSnapshot]:
        """A copy of this moment, made while others read and write.

        An open reading transaction holds the moment, so that writers neither wait nor make the
        copying start again (sqlite.org/isolation.html, "write-ahead log").
        """
        if not self.path.exists():
            raise BackupError(f"There is no database at {self.path}.")
        with (
            closing(sqlite3.connect(self.path, isolation_level=None, timeout=20)) as source,
            _nameless(self.path.parent) as (name, file),
        ):
            source.execute("BEGIN")
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            with closing(sqlite3.connect(name)) as copy:
                name.unlink()
                copy.execute("PRAGMA journal_mode=OFF")
                copy.execute("PRAGMA synchronous=OFF")
                source.backup(copy, pages=PAGES, progress=_progress(tell))
            length = file.seek(0, os.SEEK_END)
            file.seek(0)
            yield SqliteSnapshot(file, length, f"SQLite {sqlite3.sqlite_version}", source)

    @contextmanager
    def receiving(self) -> Iterator[Writable]:
        """Takes the content of an archive into a file beside `path`, whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    @property
    def unfinished(self) -> Path:
        return self.path.with_name(self.path.name + UNFINISHED)

    @contextmanager
    def opened(self, placed: bool = False) -> Iterator[str]:
        """Django's alias of what was received, or of what lies in its place."""
        with attached(self.path if placed else self.unfinished) as alias:
            yield alias

    def place(self) -> None:
        """Give what was received its name: from now on it is the database."""
        with closing(sqlite3.connect(self.unfinished)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.unfinished.replace(self.path)
        self._sweep()

    def empty(self) -> None:
        """Remove what a restore that was interrupted left here."""
        self._sweep()
        self.unfinished.unlink(missing_ok=True)

    def _sweep(self) -> None:
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self.unfinished}{ending}").unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [self.path, *(Path(f"{self.path}{ending}") for ending in ("-wal", "-journal"))]


class SqliteTrial:
    """An empty place that one archive is restored into, only to see whether it can be.

    Its file has no name any more when the first byte arrives.
    """

    def __init__(self, beside: Path) -> None:
        self._beside = beside

    @contextmanager
    def opened(self, fill: Fill) -> Iterator[str]:
        """Let `fill` write a database; gives the Django alias under which it can be read."""
        with _nameless(self._beside) as (name, file), attached(name, journal="MEMORY") as alias:
            connections[alias].ensure_connection()
            name.unlink()
            fill(_AsRollback(file))
            file.flush()
            yield alias


class _AsRollback:
    """Writes a database so that reading it makes no write-ahead log, which would need a name."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._begun = False

    def write(self, content: bytes) -> int:
        if not self._begun:
            self._begun = True
            if content[18:20] == WRITE_AHEAD_LOG:
                content = content[:18] + ROLLBACK + content[20:]
        return self._file.write(content)


@contextmanager
def _nameless(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file of mode 600, still with a name, which whoever opens it by name removes."""
    descriptor, name = tempfile.mkstemp(prefix=".copying-", dir=folder)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield Path(name), file
    finally:
        Path(name).unlink(missing_ok=True)


def _progress(tell: Tell) -> Any:
    step = [0]

    def show(status: int, remaining: int, total: int) -> None:
        tenth = 10 * (total - remaining) // max(total, 1)
        if tenth > step[0] and total > 10 * PAGES:
            step[0] = tenth
            tell(f"  database: {size((total - remaining) * 4096)} copied")

    return show
