"""Rows that benchmarks put in: ids and codes as if by chance, copies by COPY, indexes later."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

CODE = "23456789CDFGHJKMNPQRTVWX"
SPREAD, IDS = 0x9E3779B97F4A7C15F39CC0605CEDC835, 1 << 128


def id_of(row: int) -> UUID:
    """Ids spread as chance would spread them, and tell the row's number to `row_of`."""
    return UUID(int=(row * SPREAD + 77) % IDS)


def row_of(own: UUID) -> int:
    """The number of the row that has this id."""
    return (own.int - 77) * pow(SPREAD, -1, IDS) % IDS


def code_of(row: int) -> str:
    signs = ""
    for _place in range(6):
        row, sign = divmod(row, len(CODE))
        signs = CODE[sign] + signs
    return f"{signs[:3]}-{signs[3:]}"


@contextmanager
def indexes_later(models: Iterable[Any]) -> Iterator[None]:
    """Rows go in without indexes, references unchecked; the indexes are made at the end."""
    from django.db import connection

    tables, found = [model._meta.db_table for model in models], []
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in found:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def copies(model: Any, template: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put in rows like the row `template` (its primary key) but for the columns `names`."""
    from django.db import connection

    table, own = model._meta.db_table, model._meta.pk.column
    shared = [each.column for each in model._meta.concrete_fields if each.column not in names]
    fresh, kept = ", ".join(names), ", ".join(f"shared.{each}" for each in shared)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE fresh AS SELECT {fresh} FROM {table} LIMIT 0")  # noqa: S608
        with cursor.copy(f"COPY fresh ({fresh}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        taken = ", ".join([*(f"fresh.{each}" for each in names), *([kept] if kept else [])])
        cursor.execute(
            f"INSERT INTO {table} ({', '.join([*names, *shared])}) "  # noqa: S608
            f"SELECT {taken} FROM fresh, {table} AS shared WHERE shared.{own} = %s",
            [template],
        )
        cursor.execute("DROP TABLE fresh")
