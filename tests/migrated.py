"""Copies of the migrated, empty databases, so that only the first run has to migrate.

They lie in var/, under a name made of all that migrating reads: after any change of a migration or
of a package the next run migrates as ever. Of a database on a server a dump is kept.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from cairn_tool.system_parts import find_postgres

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "test-databases"
# Copies of other branches are kept beside; more than these are old.
MOST_KEPT = 6
# Held by the worker that migrates; let go when it ends, too.
_turns: list[IO[str]] = []


def key() -> str:
    """Changes with every migration, app and pinned package."""
    seen = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    seen.update(sqlite3.sqlite_version.encode())
    for path in [
        *sorted(ROOT.glob("src/cairn/*/migrations/*.py")),
        ROOT / "requirements-dev.txt",
        Path(__file__),
    ]:
        seen.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def copies(vendor: str) -> Path:
    """The folder of the copies: `ALIAS.sqlite3`, or `ALIAS.dump` of a server."""
    return FOLDER / f"{key()}-{vendor}"


def _vendor() -> str:
    """Where all test databases are kept; "" when they are in several kinds of place."""
    found = {each.vendor for each in connections.all()}
    return found.pop() if len(found) == 1 else ""


def put_in_place() -> bool:
    """True when copies were put where the test databases belong.

    Else the caller migrates and then calls `keep`; other workers of the run wait here for it.
    """
    source = copies(_vendor())
    if not source.is_dir() and not _wait_for_another(source):
        return False
    for each in connections.all():
        name = str(each.settings_dict["TEST"]["NAME"])
        if each.vendor == "sqlite":
            shutil.copyfile(source / f"{each.alias}.sqlite3", name)
        else:
            with psycopg.connect(_address(each.settings_dict, "postgres"), autocommit=True) as line:
                for what in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                    line.execute(sql.SQL(what).format(sql.Identifier(name)))
            restore(source / f"{each.alias}.dump", _address(each.settings_dict, name))
    return True


def _wait_for_another(source: Path) -> bool:
    """Wait for a worker that migrates at this moment; true when its copies are there now."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    turn = (FOLDER / ".migrating").open("w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    if source.is_dir():
        turn.close()
        return True
    _turns.append(turn)
    return False


def keep() -> None:
    """Keep copies of the databases that were just migrated; whole or not at all."""
    try:
        _keep()
    finally:
        while _turns:
            _turns.pop().close()


def _keep() -> None:
    vendor = _vendor()
    target = copies(vendor)
    if vendor not in {"sqlite", "postgresql"} or target.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=FOLDER))
    for each in connections.all():
        if vendor == "sqlite":
            each.ensure_connection()
            with closing(sqlite3.connect(made / f"{each.alias}.sqlite3")) as copy:
                each.connection.backup(copy)
        else:
            address = _address(each.settings_dict, str(each.settings_dict["NAME"]))
            dump = ["--format=custom", "--compress=1", f"--file={made / each.alias}.dump"]
            _run("pg_dump", *dump, f"--dbname={address}")
    try:
        made.rename(target)
    except OSError:  # another worker was first
        shutil.rmtree(made)
    folders = [each for each in FOLDER.iterdir() if each.is_dir()]
    folders.sort(key=lambda each: each.stat().st_mtime)
    for old in folders[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def restore(dump: Path, address: str) -> None:
    """Fill the empty database at `address`."""
    _run("pg_restore", "--no-owner", "--single-transaction", f"--dbname={address}", str(dump))


def _address(parts: Mapping[str, Any], name: str) -> str:
    wanted = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return make_conninfo(dbname=name, **{to: parts[of] for to, of in wanted.items() if parts[of]})


def _run(name: str, *arguments: str) -> None:
    binaries = find_postgres()
    assert binaries is not None
    subprocess.run([str(binaries / name), *arguments], check=True)  # noqa: S603 - our own words
