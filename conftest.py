"""How every test runs: its own home and database, cheap passwords, no way out of the machine.

The environment is set while pytest reads this file, before Django's settings are. Sockets are
closed by pytest-socket (see pyproject.toml); each worker of a parallel run has its own database.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

if settings.configured:
    raise pytest.UsageError(
        "Django's settings were read too early. Unset DJANGO_SETTINGS_MODULE, drop --ds."
    )

# A busy machine is no fault of the code; and what is drawn is the same for everybody.
hypothesis_settings.register_profile(
    "cairn", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("cairn")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
HOME = Path(tempfile.mkdtemp(prefix=f"cairn-test-{WORKER}"))
for name in [name for name in os.environ if name.startswith("CAIRN_")]:
    if name not in {"CAIRN_TEST_DATABASE_URL", "CAIRN_CHROMIUM"}:
        del os.environ[name]
os.environ.update(
    CAIRN_HOME=str(HOME),
    CAIRN_SECRET_KEY="only-for-tests-" + "0" * 48,
    CAIRN_DATABASE_URL=os.environ.get("CAIRN_TEST_DATABASE_URL", ""),
    # On a server the key store is a second database there, see _cheapen.
    CAIRN_KEYS_DATABASE_URL=os.environ.get("CAIRN_TEST_DATABASE_URL", ""),
    DJANGO_SETTINGS_MODULE="cairn.config.settings",
    DJANGO_LIVE_TEST_SERVER_ADDRESS="127.0.0.1",
)


def _cheapen() -> None:
    """Replace what is slow on purpose; nothing here changes what a test can find."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # In memory, so that tests without a database can begin with empty caches.
    settings.CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "attempts",
    }
    # Files are found where they are written, as no collection has run.
    settings.WHITENOISE_USE_FINDERS = True
    (HOME / "static").mkdir()
    for alias in ("default", "keys"):
        database: dict[str, Any] = settings.DATABASES[alias]
        if database["ENGINE"].endswith("sqlite3"):
            # A file, so that several threads share it as in an installation.
            database["TEST"] = {"NAME": str(HOME / f"test-{alias}.sqlite3")}
            commands = database["OPTIONS"]["init_command"]
            database["OPTIONS"]["init_command"] = commands.replace("=FULL", "=OFF")
        else:
            database["TEST"] = {"NAME": f"test_{database['NAME']}_{alias}"}


def _find_static_files_once() -> None:
    """Every client has a handler of its own, and each would look at every static file again."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[object, dict[str, Any]] = {}

    def add(middleware: Any) -> None:
        kept = (middleware.static_prefix, middleware.max_age, repr(settings.STATICFILES_DIRS))
        collected = middleware.files
        if kept not in found:
            middleware.files = found[kept] = {}
            look(middleware)
        middleware.files = collected | found[kept]

    WhiteNoiseMiddleware.add_files_from_finders = add


_cheapen()
django.setup()
_find_static_files_once()

from cairn.vault import handed, keyring, zone_keys  # noqa: E402 - they need the settings
from tests import migrated  # noqa: E402 - the same

handed.COST = 2**4  # what it is in an installation is asserted in test_handed

if not WORKER:
    # Before any test reads a catalogue; parallel workers start after this.
    call_command("messages", compile=True, verbosity=0)
# Parallel workers inherit the environment, and would read the settings before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether migrated databases were put in place, so that they are not made once more."""
    return migrated.put_in_place()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Let the clean-up after a journey empty the append-only tables too.

    PostgreSQL truncates, which their triggers do not see; SQLite deletes, which they refuse, so
    there they are taken off for the moment.
    """
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            migrated.keep()
    with pytest.MonkeyPatch.context() as patch:
        for each in connections.all():
            if each.vendor == "sqlite":
                patch.setattr(each.ops, "execute_sql_flush", _without_triggers(each))
        yield


def _without_triggers(connection: BaseDatabaseWrapper) -> Callable[[Iterable[str]], None]:
    """The emptying of `connection`, with its triggers taken off for the moment."""
    empty = connection.ops.execute_sql_flush

    def flush(statements: Iterable[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            empty(statements)
            for _, definition in triggers:
                cursor.execute(definition)

    return flush


@pytest.fixture(autouse=True)
def signed_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Client.force_login` stands for a whole sign-in: password and second factor, just now."""
    from cairn.access.tests.factories import show

    plain = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        plain(client, user, backend)
        show(client, user, "password", "totp")

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def fresh_start() -> None:
    """Nothing kept from the test before: documents, keys, the language of its reader."""
    for name, cache in settings.CACHES.items():
        # What the database keeps goes with the rest of it.
        if not str(cache["BACKEND"]).endswith(".DatabaseCache"):
            caches[name].clear()
    zone_keys.forget()
    keyring.forget_warmed()
    translation.deactivate()


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that uses the database uses both, and what lies in tests/journeys is a journey."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if marker is not None or fixtures & {"db", "transactional_db", "live_server"}:
            options = {} if marker is None else dict(marker.kwargs)
            options.setdefault("transaction", bool(fixtures & {"transactional_db", "live_server"}))
            options.setdefault("databases", "__all__")
            item.add_marker(pytest.mark.django_db(**options), append=False)
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
    _leave_out_what_was_run(config, items)


# A test that asks for none of these meets no database.
NEEDS_DATABASE = {"db", "transactional_db", "live_server", "stage"}


def _leave_out_what_was_run(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run only what meets a database: the rest was run once already, on SQLite."""
    if not os.environ.get("CAIRN_TEST_DATABASE_URL"):
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        uses = NEEDS_DATABASE & set(getattr(item, "fixturenames", ()))
        # Whole programs meet theirs without asking a fixture for it.
        names = {mark.name for mark in item.iter_markers()}
        marks = names & {"django_db", "processes"}
        # Modules of the field app in a browser have a server of their own, without a database.
        is_modules = "field_app" in item.path.parts
        (kept if (uses or marks) and not is_modules and "once" not in names else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept
