"""Real installations for tests of commands: a home of their own, a database, a root key.

On the PostgreSQL run of the suite their records live on its server, else in SQLite.
"""

import os
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from cairn_tool.places import SRC
from tests import forks, migrated

SERVER = os.environ.get("CAIRN_TEST_DATABASE_URL", "")
SETTINGS = "cairn.config.settings"


@dataclass(frozen=True)
class Installation:
    """One home, and the database of its records ("" is SQLite in the home)."""

    home: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CAIRN_", "DJANGO_", "PYTEST_", "COV_"))
        }
        return kept | {
            "CAIRN_HOME": str(self.home),
            "CAIRN_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONPATH": str(SRC),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(self.temporary),
        }

    @property
    def temporary(self) -> Path:
        """Where its processes put temporary files; beside the home, of this installation alone."""
        folder = self.home.with_name(f"{self.home.name}-tmp")
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def place(self) -> str:
        """What `restore --into` is told."""
        return self.url or str(self.home)

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    def start(self, *arguments: str) -> forks.Running:
        """A management command, running."""
        return forks.command(arguments, self.environment)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a management command to its end; returns what it said, asserts how it ended."""
        ended = forks.ended(self.start(*arguments))
        assert ended.returncode == code, ended.stdout
        return ended.stdout

    def python(self, script: str, *arguments: str) -> str:
        """Run a few lines with Django set up; returns what they print."""
        ended = self.ended_python(script, *arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout.strip()

    def ended_python(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, however it ends."""
        lines = "import sys, django\ndjango.setup()\n" + textwrap.dedent(script)
        return forks.ended(forks.script(lines, arguments, self.environment))

    def copied(self, home: Path) -> "Installation":
        """Another one with the same content."""
        shutil.copytree(self.home, home)
        return Installation(home, fresh_database(template=self.url) if self.url else "")

    def elsewhere(self, home: Path) -> "Installation":
        """An empty place for a restore: nothing in it but the root key's copy."""
        home.mkdir(mode=0o700)
        shutil.copy2(self.home / "root-keys", home / "root-keys")
        return Installation(home, fresh_database() if self.url else "")


def new_installation(home: Path, *, on_server: bool = bool(SERVER)) -> Installation:
    """An installation with empty tables: of copies of migrated ones, where a run kept some."""
    home.mkdir(mode=0o700)
    made = Installation(home, fresh_database() if on_server else "")
    files, dumps = migrated.copies("sqlite"), migrated.copies("postgresql")
    if files.is_dir() and (dumps.is_dir() or not on_server):
        (home / "keys").mkdir(mode=0o700)
        shutil.copyfile(files / "keys.sqlite3", home / "keys" / "keys.sqlite3")
        if on_server:
            migrated.restore(dumps / "default.dump", made.url)
        else:
            shutil.copyfile(files / "default.sqlite3", home / "cairn.sqlite3")
    else:
        made.run("migrate", "--skip-checks", "-v0")
        made.run("migrate", "--database", "keys", "--skip-checks", "-v0")
    made.run("createcachetable", "-v0")
    return made


def fresh_database(template: str = "") -> str:
    """The address of a new database on the suite's server, empty or a copy of `template`."""
    name = f"script_{uuid4().hex[:12]}"
    make = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        source = urlsplit(template).path.lstrip("/")
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(source)
        )
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(make)
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
