"""Which database a copy is made of or put into: SQLite or PostgreSQL behind one face."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.core.files.storage import default_storage
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from cairn.vault.backups.archive import Fill, Readable, Tell, Writable
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.postgres import PostgresDatabase, PostgresTrial
from cairn.vault.backups.sqlite import SqliteDatabase, SqliteTrial


class Snapshot(Protocol):
    """One moment of a database. `size`: bytes, roughly; `version`: the engine's."""

    @property
    def source(self) -> Readable: ...
    @property
    def size(self) -> int: ...
    @property
    def version(self) -> str: ...
    def query(self, statement: str) -> list[tuple[Any, ...]]: ...
    def finish(self) -> None: ...


class Database(Protocol):
    """A place for records or keys. `here`: what lies there already."""

    @property
    def kind(self) -> str: ...
    def here(self) -> list[str]: ...
    def snapshot(self, tell: Tell) -> AbstractContextManager[Snapshot]: ...
    def receiving(self) -> AbstractContextManager[Writable]: ...
    def opened(self, placed: bool = False) -> AbstractContextManager[str]: ...
    def place(self) -> None: ...
    def empty(self) -> None: ...


class Trial(Protocol):
    def opened(self, fill: Fill) -> AbstractContextManager[str]: ...


def files_folder() -> Path:
    """Where this installation keeps files that belong to records."""
    return Path(default_storage.path(""))


def in_use(alias: str) -> Database:
    """The database that this installation works with."""
    if alias not in connections.databases:
        raise BackupError(f"This installation has no database {alias}.")
    settings = connections.databases[alias]
    if settings["ENGINE"].endswith("sqlite3"):
        return SqliteDatabase(Path(settings["NAME"]))
    return PostgresDatabase(settings)


def at_address(url: str) -> Database:
    """The database that an address names: postgres://... or sqlite:///full/path."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.startswith("/"):
        return SqliteDatabase(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        given = conninfo_to_dict(url)
        return PostgresDatabase(
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": given.get("dbname", "cairn"),
                "USER": given.get("user", ""),
                "PASSWORD": given.get("password", ""),
                "HOST": given.get("host", ""),
                "PORT": str(given.get("port", "")),
            }
        )
    raise BackupError(
        "This is not a database address.",
        "write postgres://user:password@host:port/name, or the folder of an installation.",
    )


def trial_of(database: Database) -> Trial:
    """An empty place of the same kind, for one proof."""
    if isinstance(database, PostgresDatabase):
        return PostgresTrial(database)
    if isinstance(database, SqliteDatabase):
        return SqliteTrial(database.path.parent)
    raise TypeError(type(database).__name__)
