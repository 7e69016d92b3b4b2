"""A PostgreSQL database: dumped from one snapshot, restored in one transaction."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import psycopg
from psycopg import sql

from cairn.vault.backups.archive import Fill, Readable, Tell, Writable
from cairn.vault.backups.attaching import attached
from cairn.vault.backups.errors import BackupError, not_up_to_date

DEBIAN = Path("/usr/lib/postgresql")
MARK = "cairn_restore_unfinished"
TRIAL = "cairn_trial_"
YOUNG = 600  # seconds
TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""

# Those of the user's own, as REGPROCEDURE prints them: with their arguments, quoted.
ROUTINES = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


def program(name: str, debian: Path = DEBIAN) -> Path:
    """pg_dump or pg_restore: CAIRN_POSTGRES_BIN, then Debian's newest, then PATH.

    Debian's folder comes before PATH, where a wrapper may choose an older version than the
    server's; pg_dump refuses servers that are newer than itself.
    """
    if asked := os.environ.get("CAIRN_POSTGRES_BIN"):
        if (path := Path(asked) / name).exists():
            return path
        raise BackupError(
            f"CAIRN_POSTGRES_BIN says {asked}, which has no {name}.", "correct it or unset it."
        )
    versions = [path.parent.parent for path in debian.glob(f"*/bin/{name}")]
    if versions:
        newest = max(
            versions, key=lambda path: [int(n) for n in path.name.split(".") if n.isdigit()]
        )
        return newest / "bin" / name
    if on_path := shutil.which(name):
        return Path(on_path)
    raise BackupError(f"{name} is not on this machine.", "apt install postgresql-client.")


@dataclass(slots=True)
class PostgresSnapshot:
    """One moment of a database. `size`: bytes on the server's disk, more than the dump has."""

    source: Readable
    size: int
    version: str
    _connection: psycopg.Connection[Any]
    _finish: Callable[[], None]

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows as they stood at that moment."""
        try:
            return self._connection.execute(statement).fetchall()
        except psycopg.errors.UndefinedTable as problem:
            raise not_up_to_date(problem) from None

    def finish(self) -> None:
        """Raises BackupError when pg_dump did not end well."""
        self._finish()


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A database on a server, as Django's settings describe it."""

    settings: dict[str, Any]
    kind = "postgresql"

    def __str__(self) -> str:
        return f"{self.settings['NAME']} on {self.settings.get('HOST') or 'this machine'}"

    def here(self) -> list[str]:
        """The tables that are there; none of an interrupted restore's."""
        with self._connected() as connection:
            tables = [name for (name,) in connection.execute(TABLES)]
        return [] if MARK in tables else tables

    @contextmanager
    def snapshot(self, tell: Tell) -> Iterator[PostgresSnapshot]:
        """One snapshot, shared by the questions asked here and by pg_dump."""
        with self._connected() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            moment = _one(connection, "SELECT pg_export_snapshot()")
            dump = [f"--snapshot={moment}", "--format=custom", "--no-owner", "--no-privileges"]
            with self._program("pg_dump", *dump, stdout=subprocess.PIPE) as (process, finish):
                if process.stdout is None:
                    raise BackupError("pg_dump gives no output.")
                yield PostgresSnapshot(
                    process.stdout,
                    _one(connection, "SELECT pg_database_size(current_database())"),
                    f"PostgreSQL {_one(connection, 'SHOW server_version')}",
                    connection,
                    finish,
                )

    @contextmanager
    def receiving(self) -> Iterator[Writable]:
        """Takes the output of pg_dump; it is there as a whole, in one transaction, or not at all.

        The mark is set first and taken off by `place`: between the two the database is not usable.
        """
        with self._connected() as connection:
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {MARK} (since timestamptz DEFAULT now())"
            )
        restore = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        with self._program("pg_restore", *restore, stdin=subprocess.PIPE) as (process, finish):
            if process.stdin is None:
                raise BackupError("pg_restore takes no input.")
            try:
                with process.stdin as target:
                    yield target
            except BrokenPipeError:
                finish()  # it says why it ended first
                raise
            finish()

    @contextmanager
    def opened(self, placed: bool = False) -> Iterator[str]:
        """Django's alias of what was received, or of what lies in its place: here the same."""
        options = {**self.settings.get("OPTIONS", {}), "pool": False}
        with attached({**self.settings, "OPTIONS": options}) as alias:
            yield alias

    def place(self) -> None:
        """Take the mark off: from now on this is the database."""
        with self._connected() as connection:
            connection.execute(f"DROP TABLE {MARK}")

    def empty(self) -> None:
        """Remove what an interrupted restore left here. Only ever called where its mark is."""
        with self._connected() as connection:
            tables = [name for (name,) in connection.execute(TABLES)]
            if MARK in tables:
                for name in tables:
                    drop = sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(name))
                    connection.execute(drop)
                for (routine,) in connection.execute(ROUTINES).fetchall():
                    connection.execute(f"DROP ROUTINE IF EXISTS {routine} CASCADE")

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        given = {
            "dbname": self.settings["NAME"],
            "user": self.settings.get("USER"),
            "password": self.settings.get("PASSWORD"),
            "host": self.settings.get("HOST"),
            "port": self.settings.get("PORT"),
        }
        try:
            connection = psycopg.connect(**{k: v for k, v in given.items() if v}, autocommit=True)
        except psycopg.OperationalError as problem:
            raise BackupError(f"The server does not let us in: {problem}") from None
        with connection:
            yield connection

    @contextmanager
    def _program(
        self, name: str, *options: str, stdin: int | None = None, stdout: int | None = None
    ) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], None]]]:
        """Run one of the server's programs; what it complains of becomes the reason."""
        given = {"host": "HOST", "port": "PORT", "username": "USER"}
        command = [
            str(program(name)),
            *(f"--{k}={self.settings[v]}" for k, v in given.items() if self.settings.get(v)),
            "--no-password",
            f"--dbname={self.settings['NAME']}",
            *options,
        ]
        environment = dict(os.environ)
        if password := self.settings.get("PASSWORD"):
            environment["PGPASSWORD"] = str(
                password
            )  # never on the command line, which all can see
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(  # noqa: S603 - our own words only
                command,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=subprocess.DEVNULL if stdout is None else stdout,
                stderr=complaints,
                env=environment,
            )

            def finish() -> None:
                if process.wait():
                    raise BackupError(f"{name} did not end well: {_end_of(complaints)}")

            try:
                yield process, finish
            finally:
                for stream in (process.stdin, process.stdout):
                    if stream is not None:
                        try:
                            stream.close()
                        except BrokenPipeError:
                            pass
                if process.poll() is None:
                    process.terminate()
                process.wait()


class PostgresTrial:
    """A new database on the same server, for one archive, dropped afterwards."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    @contextmanager
    def opened(self, fill: Fill) -> Iterator[str]:
        """Let `fill` restore a dump; gives the Django alias under which it can be read."""
        name = f"{TRIAL}{int(time.time()):x}_{uuid4().hex[:8]}"
        with self._database._connected() as connection:
            self._sweep(connection)
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                raise BackupError(
                    "To prove the copy it is restored into a new database, and this user may not "
                    "create one.",
                    "ALTER ROLE ... CREATEDB, or prove it elsewhere and add --no-verify here.",
                ) from None
        try:
            trial = PostgresDatabase({**self._database.settings, "NAME": name})
            with trial.receiving() as target:
                fill(target)
            with trial.opened() as alias:
                yield alias
        finally:
            with self._database._connected() as connection:
                drop = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
                connection.execute(sql.SQL(drop).format(sql.Identifier(name)))

    @staticmethod
    def _sweep(connection: psycopg.Connection[Any]) -> None:
        """Drop what a killed proof left, unless somebody is using it, or has only just made it."""
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TRIAL]
        ).fetchall()
        for (name,) in found:
            if _is_young(name):
                continue
            try:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
            except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
                continue


def _is_young(name: str) -> bool:
    """Whether a trial was made within YOUNG: another proof may be about to connect to it."""
    moment = name.removeprefix(TRIAL).partition("_")[0]
    try:
        made = int(moment, 16)
    except ValueError:
        return False
    return time.time() - made < YOUNG


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


def _end_of(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return " ".join(lines[-3:]) or "it does not say why."
