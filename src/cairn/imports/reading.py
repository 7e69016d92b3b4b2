"""Reading a staged file for its preview. Touches nothing but the batch and its rows."""

import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID

from cairn.core.errors import RuleBroken
from cairn.core.tables import Table, read_table
from cairn.imports import engine
from cairn.imports.kinds import Kind, Row, kind_named
from cairn.imports.models import BatchState, ImportBatch, ImportRow, Outcome


def read_batch(batch_id: UUID) -> None:
    """Read a staged file and keep what each row would do. Safe to run twice: starts afresh."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state not in {BatchState.WAITING, BatchState.READING}:
        return
    ImportBatch.objects.filter(pk=batch_id).update(state=BatchState.READING)
    ImportRow.objects.filter(batch=batch).delete()
    counts = dict.fromkeys(Outcome, 0)
    digest = hashlib.sha256()
    try:
        table = table_of(batch)
        batch.rows_total = len(table.rows)
        batch.notes = [str(note) for note in table.notes]
        for chunk in in_chunks(engine.plan(kind_named(batch.kind), table)):
            _keep_rows(batch, chunk, counts)
            digest.update(engine.fingerprint(chunk).encode())
            batch.rows_read += len(chunk)
            ImportBatch.objects.filter(pk=batch_id).update(
                rows_read=batch.rows_read, rows_total=batch.rows_total
            )
    except RuleBroken as error:
        batch.refusal = {
            "code": error.code,
            "message": str(error.message),
            "remedy": str(error.remedy),
        }
    batch.created, batch.changed = counts[Outcome.CREATED], counts[Outcome.CHANGED]
    batch.unchanged, batch.refused = counts[Outcome.UNCHANGED], counts[Outcome.REFUSED]
    batch.digest = digest.hexdigest()
    stands = not batch.refusal and not batch.refused and bool(batch.rows_read)
    batch.state = BatchState.PREVIEWED if stands else BatchState.REFUSED
    batch.save()


def digest_of(kind: Kind, batch: ImportBatch) -> str:
    """What applying the file would do on the records of this moment, as a hash."""
    digest = hashlib.sha256()
    for chunk in in_chunks(engine.plan(kind, table_of(batch))):
        digest.update(engine.fingerprint(chunk).encode())
    return digest.hexdigest()


def table_of(batch: ImportBatch) -> Table:
    """The table in a staged file. Raises TableRefused."""
    return read_table(BytesIO(bytes(batch.content)), filename=batch.filename)


def in_chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in lists of at most engine.CHUNK, so that memory stays flat."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, engine.CHUNK)):
        yield chunk


def _keep_rows(batch: ImportBatch, rows: list[Row], counts: dict[Outcome, int]) -> None:
    kept = []
    for row in rows:
        outcome = engine.outcome_of(row)
        counts[outcome] += 1
        kept.append(
            ImportRow(
                batch=batch,
                number=row.number,
                outcome=outcome,
                label=row.label[:200],
                changes={} if outcome == Outcome.REFUSED else _plain(row.changes),
                problems=[
                    {
                        "column": problem.column,
                        "code": problem.code,
                        "message": problem.message,
                        "remedy": problem.remedy,
                    }
                    for problem in row.problems
                ],
                notes=row.notes,
            )
        )
    ImportRow.objects.bulk_create(kept, batch_size=500)


def _plain(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: [
            value if isinstance(value, str | int | list | None) else str(value) for value in pair
        ]
        for name, pair in changes.items()
    }
