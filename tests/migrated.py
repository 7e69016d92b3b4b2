"""Copies of the migrated, empty SQLite databases, so that only the first run has to migrate.

They lie in var/, under a name made of all that migrating reads: after any change of a migration or
of a package the next run migrates as ever.
"""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "test-databases"
# Copies of other branches are kept beside; more than these are old.
MOST_KEPT = 4


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


def names() -> dict[str, Path]:
    """Alias -> file of its test database; empty when a server keeps one of them."""
    found = {
        each.alias: Path(str(each.settings_dict["TEST"]["NAME"]))
        for each in connections.all()
        if each.vendor == "sqlite"
    }
    return found if len(found) == len(settings.DATABASES) else {}


def put_in_place() -> bool:
    """True when copies were put where the test databases belong."""
    wanted, source = names(), FOLDER / key()
    if not wanted or not source.is_dir():
        return False
    for alias, path in wanted.items():
        shutil.copyfile(source / f"{alias}.sqlite3", path)
    return True


def keep() -> None:
    """Keep copies of the databases that were just migrated; whole or not at all."""
    target = FOLDER / key()
    if not names() or target.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=FOLDER))
    for alias in names():
        connections[alias].ensure_connection()
        with closing(sqlite3.connect(made / f"{alias}.sqlite3")) as copy:
            connections[alias].connection.backup(copy)
    try:
        made.rename(target)
    except OSError:  # another worker was first
        shutil.rmtree(made)
    folders = sorted(FOLDER.iterdir(), key=lambda each: each.stat().st_mtime)
    for old in folders[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
