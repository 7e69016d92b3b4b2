"""A database beside Django's own two, for as long as it is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connections


@contextmanager
def attached(database: Path | dict[str, Any], journal: str = "WAL") -> Iterator[str]:
    """Django's alias for a SQLite file, or for a PostgreSQL database as settings describe it."""
    alias = f"copy-{uuid4().hex[:8]}"
    given = (
        {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(database),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    # A key that is destroyed again is overwritten, not only unlinked.
                    f"PRAGMA journal_mode={journal}; PRAGMA foreign_keys=ON; "
                    "PRAGMA secure_delete=ON;"
                ),
            },
        }
        if isinstance(database, Path)
        else database
    )
    # What Django fills in by itself only at start.
    connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **given}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
