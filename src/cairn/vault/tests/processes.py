"""Real processes with a key store of their own, on the database of this test run."""

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from tests import forks

SOURCE = Path(__file__).resolve().parents[3]
START = "import django; django.setup()\n"


def environment(home: Path, **changes: str) -> dict[str, str]:
    """What a process of an installation in `home` would see."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return {
        **kept,
        "PYTHONPATH": str(SOURCE),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
        "CAIRN_HOME": str(home),
        "CAIRN_SECRET_KEY": "only-for-tests-" + "0" * 48,
        **changes,
    }


def command(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one management command to its end."""
    return forks.ended(forks.command(arguments, env, apart=True))


def start(code: str, env: Mapping[str, str]) -> forks.Running:
    """Start a program that uses the vault."""
    return forks.script(START + code, [], env)


def run(code: str, env: Mapping[str, str]) -> str:
    """Run a program that uses the vault; returns what it printed. Fails when it fails."""
    ended = forks.ended(start(code, env))
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@contextmanager
def key_store(home: Path, *, server: bool = True) -> Iterator[dict[str, str]]:
    """The environment of an installation with an empty, migrated key store.

    On PostgreSQL a database of its own, dropped afterwards.
    """
    address = os.environ.get("CAIRN_TEST_DATABASE_URL", "")
    if not server or connection.vendor != "postgresql":
        env = environment(home)
        _migrate(env)
        yield env
        return
    name = f"keys_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as server_line:
        server_line.execute(f"CREATE DATABASE {name}")
        try:
            env = environment(
                home, CAIRN_KEYS_DATABASE_URL=urlsplit(address)._replace(path=f"/{name}").geturl()
            )
            _migrate(env)
            yield env
        finally:
            server_line.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(env: Mapping[str, str]) -> None:
    done = command("migrate", "vault", "--database", "keys", "--skip-checks", "-v0", env=env)
    assert done.returncode == 0, done.stderr
