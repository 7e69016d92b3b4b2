"""Makes a copy of the records that is safe to show: every field as its declaration says.

What is to be scrubbed never reaches the copy: each row is read, changed in memory and only then
written there. The copy is always SQLite, without files and without keys.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections, models, router, transaction

from cairn.core.classification import DECLARATIONS, Declaration, Scrub, findings, stored_models
from cairn.vault.backups import databases
from cairn.vault.backups.archive import CHUNK, Tell, Writable
from cairn.vault.backups.attaching import attached
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.invention import Inventor
from cairn.vault.backups.sqlite import SqliteDatabase, SqliteTrial
from cairn.vault.fields import SealedField

BATCH = 500
NAME = "cairn.sqlite3"


@dataclass(slots=True)
class Scrubbed:
    """What a copy holds. `left_out`: rows; `replaced`, `emptied`: fields of models, not values."""

    path: Path
    rows: int = 0
    left_out: int = 0
    replaced: int = 0
    emptied: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a model and what becomes of it."""

    field: models.Field[Any, Any]
    scrub: Scrub


def scrub(into: Path, *, tell: Tell) -> Scrubbed:
    """Write a scrubbed copy of the records to `into`/cairn.sqlite3.

    Raises BackupError when a field is not declared, or when anything lies in `into`.
    """
    if missing := findings():
        raise BackupError(f"Not every field says how it is scrubbed: {missing[0]}")
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BackupError(f"{into} is not empty.", "name a new folder; nothing is overwritten.")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = SqliteDatabase(into / NAME)
    done = Scrubbed(copy.path)
    try:
        with copy.receiving():
            pass  # an empty file of mode 600
        with _one_moment(tell) as source, attached(copy.unfinished) as target:
            tell("Building the tables of the copy ...")
            call_command("migrate", database=target, interactive=False, verbosity=0)
            with _without_foreign_keys(target):
                _copy_all(source, target, done, tell)
                done.left_out += _mend(target)
        copy.place()
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return done


def columns(declaration: Declaration, model: type[models.Model]) -> list[Column]:
    """Every column of `model` with its fate.

    Keys and references keep their values: they are opaque, and what they lead to is scrubbed
    itself. A sealed value is emptied whatever is declared, as its key does not come along.
    """
    chosen = []
    for field in model._meta.concrete_fields:
        fate = declaration.scrub_of(field.name)
        if isinstance(field, SealedField):
            fate = Scrub.BLANK
        elif field.primary_key or field.is_relation:
            fate = Scrub.KEEP
        chosen.append(Column(field, fate))
    return chosen


@contextmanager
def _one_moment(tell: Tell) -> Iterator[str]:
    """Django's alias of the records as they are now; others go on writing."""
    database = databases.in_use("default")
    if isinstance(database, SqliteDatabase):
        with database.snapshot(tell) as moment:

            def fill(target: Writable) -> None:
                while piece := moment.source.read(CHUNK):
                    target.write(piece)

            with SqliteTrial(database.path.parent).opened(fill) as alias:
                yield alias
        return
    with database.opened(placed=True) as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield alias


@contextmanager
def _without_foreign_keys(alias: str) -> Iterator[None]:
    """Rows come in order of their models' names; what leads nowhere at the end is mended."""
    connection = connections[alias]
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def _copy_all(source: str, target: str, done: Scrubbed, tell: Tell) -> None:
    inventor = Inventor()
    chosen = [model for model in stored_models() if router.allow_migrate_model(source, model)]
    for model in chosen:
        # Building the tables has filled some: the copy is of ours.
        _execute(target, f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - a model's table
        declaration = DECLARATIONS[model._meta.label]
        rows = model._base_manager.using(source)
        if declaration.drops_rows or Scrub.DROP_ROW in declaration.scrubs.values():
            done.left_out += rows.count()
            continue
        fates = columns(declaration, model)
        done.replaced += sum(each.scrub == Scrub.INVENT for each in fates)
        done.emptied += sum(each.scrub == Scrub.BLANK for each in fates)
        before = done.rows
        records = rows.order_by("pk").iterator(chunk_size=BATCH)
        while batch := list(islice(records, BATCH)):
            _write(target, model, fates, batch, inventor)
            done.rows += len(batch)
        if done.rows - before >= BATCH:
            tell(f"  {model._meta.label}: {done.rows - before:,} rows")


def _write(
    target: str,
    model: type[models.Model],
    fates: list[Column],
    batch: list[models.Model],
    inventor: Inventor,
) -> None:
    connection = connections[target]
    names = ", ".join(f'"{each.field.column}"' for each in fates)
    marks = ", ".join(["%s"] * len(fates))
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608
    values = [
        [_fated(each, getattr(record, each.field.attname), inventor, connection) for each in fates]
        for record in batch
    ]
    with transaction.atomic(using=target), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _fated(column: Column, value: Any, inventor: Inventor, connection: Any) -> Any:
    field = column.field
    if isinstance(field, SealedField):
        return None
    if column.scrub == Scrub.INVENT:
        value = inventor.replace(field, value)
    elif column.scrub == Scrub.BLANK:
        value = inventor.empty(field)
    return field.get_db_prep_save(value, connection=connection)


def _mend(alias: str) -> int:
    """Empty references to rows that were left out, or leave out the rows that cannot be without.

    Returns how many rows went. Leaving one out may strand another, so it goes on until none is.
    """
    gone = 0
    while stranded := _execute(alias, "PRAGMA foreign_key_check"):
        for table, row, _, number in stranded:
            keys = {
                key[0]: key[3] for key in _execute(alias, f'PRAGMA foreign_key_list("{table}")')
            }
            about = {each[1]: each for each in _execute(alias, f'PRAGMA table_info("{table}")')}
            column = keys[number]
            if about[column][3]:  # NOT NULL
                _execute(alias, f'DELETE FROM "{table}" WHERE rowid = {int(row)}')  # noqa: S608
                gone += 1
            else:
                _execute(
                    alias,
                    f'UPDATE "{table}" SET "{column}" = NULL WHERE rowid = {int(row)}',  # noqa: S608
                )
    return gone


def _execute(alias: str, statement: str) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
