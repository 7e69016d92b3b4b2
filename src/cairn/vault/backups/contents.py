"""What a database holds, counted: the figures that a restored copy has to come to again."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections, router
from django.db.migrations.loader import MigrationLoader

from cairn.core import audit
from cairn.core.classification import stored_models
from cairn.core.models import AuditEntry
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import RECORDS, Rows

Query = Callable[[str], list[tuple[Any, ...]]]
NOTHING: dict[str, Any] = {"sequence": 0, "hash": audit.START}


def querying(alias: str) -> Query:
    """Asks Django's database `alias`."""

    def query(statement: str) -> list[tuple[Any, ...]]:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    return query


def rows(query: Query, alias: str) -> list[Rows]:
    """Every table of a model that lives in `alias` ("default" or "keys"), with its rows."""
    return [
        Rows(model._meta.label, table, query(f'SELECT COUNT(*) FROM "{table}"')[0][0])  # noqa: S608 - a model's own table
        for model in stored_models()
        if router.allow_migrate_model(alias, model)
        for table in [model._meta.db_table]
    ]


def migrations(query: Query) -> list[str]:
    """ "app.name" of every migration that the database has had, sorted."""
    return sorted(f"{app}.{name}" for app, name in query("SELECT app, name FROM django_migrations"))


def unknown_migrations(applied: list[str]) -> list[str]:
    """Those of `applied` that this version of Cairn does not have: a newer one made them.

    A migration that was squashed is known by what replaced it.
    """
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
    ours = {name.partition(".")[0] for name in known}
    # Apps that are no longer installed leave their history behind; it does no harm.
    return [name for name in applied if name not in known and name.partition(".")[0] in ours]


def audit_head(query: Query, kind: str) -> dict[str, Any]:
    """Number and hash of the newest audit entry; the key store has none."""
    if kind != RECORDS:
        return NOTHING
    table = AuditEntry._meta.db_table
    found = query(f'SELECT sequence, hash FROM "{table}" ORDER BY sequence DESC LIMIT 1')  # noqa: S608
    return {"sequence": found[0][0], "hash": found[0][1]} if found else NOTHING


def differences(query: Query, expected: list[Rows]) -> Iterator[str]:
    """A sentence for each table that holds another number of rows than expected."""
    for each in expected:
        count = query(f'SELECT COUNT(*) FROM "{each.table}"')[0][0]  # noqa: S608
        if count != each.rows:
            yield f"{each.model} has {count} rows, and the copy was made of {each.rows}."


def check_chain(alias: str, head: dict[str, Any]) -> int:
    """Walk the audit chain of a copy up to `head`; returns its entries.

    Raises BackupError that names the first entry that does not hold.
    """
    expected, previous = 1, audit.START
    for entry in AuditEntry.objects.using(alias).order_by("sequence").iterator(chunk_size=2_000):
        holds = entry.sequence == expected and entry.previous_hash == previous
        if not holds or audit.digest(entry) != entry.hash:
            raise BackupError(
                f"The audit chain is broken at entry {expected}.",
                "compare with ./cairn audit-verify on the running system; keep older backups.",
            )
        expected, previous = expected + 1, entry.hash
    if (expected - 1, previous) != (head["sequence"], head["hash"]):
        raise BackupError(
            f"The audit chain ends at entry {expected - 1}, not at {head['sequence']} as its "
            "sheet says.",
        )
    return expected - 1
