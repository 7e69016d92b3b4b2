"""Reading a staged file for its preview. Touches nothing but the batch and its rows."""

import hashlib
from dataclasses import asdict
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.tables import Table, read_table
from cairn.imports import engine
from cairn.imports.kinds import Kind, Row, kind_named
from cairn.imports.models import BatchState, ImportBatch, ImportRow, Outcome


def read_batch(batch_id: UUID) -> None:
    """Read a staged file and keep what each row would do. Safe to run twice: starts afresh.

    A batch that is discarded while it is being read stays discarded. When reading itself fails,
    the batch says so, and the error goes on to whoever runs this.
    """
    waiting = ImportBatch.objects.filter(
        pk=batch_id, state__in=[BatchState.WAITING, BatchState.READING]
    )
    if not waiting.update(state=BatchState.READING, rows_read=0):
        return
    batch = ImportBatch.objects.get(pk=batch_id)
    ImportRow.objects.filter(batch=batch).delete()
    try:
        _read(batch)
    except Exception:
        _close(batch, BatchState.REFUSED, refusal=_as_refusal(_failed()))
        raise


def _read(batch: ImportBatch) -> None:
    counts = dict.fromkeys(Outcome, 0)
    digest = hashlib.sha256()
    refusal: dict[str, str] = {}
    notes: list[str] = []
    read = 0
    try:
        table = table_of(batch)
        notes = [str(note) for note in table.notes] + _unlisted(table)
        kind = kind_named(batch.kind)
        engine.check_columns(kind, table.keys)
        if not table.rows:
            raise _no_rows()
        for chunk in engine.in_chunks(engine.plan(kind, table)):
            _keep_rows(batch, chunk, counts)
            digest.update(engine.fingerprint(chunk).encode())
            read += len(chunk)
            _tell_progress(batch, read, len(table.rows))
    except RuleBroken as error:
        refusal = _as_refusal(error)
    stands = not refusal and not counts[Outcome.REFUSED]
    _close(
        batch,
        BatchState.PREVIEWED if stands else BatchState.REFUSED,
        refusal=refusal,
        notes=notes,
        digest=digest.hexdigest(),
        created=counts[Outcome.CREATED],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
        refused=counts[Outcome.REFUSED],
    )


def digest_of(kind: Kind, table: Table) -> str:
    """What applying the table would do on the records of this moment, as a hash."""
    digest = hashlib.sha256()
    for chunk in engine.in_chunks(engine.plan(kind, table)):
        digest.update(engine.fingerprint(chunk).encode())
    return digest.hexdigest()


def table_of(batch: ImportBatch) -> Table:
    """The table in a staged file. Raises TableRefused."""
    return read_table(BytesIO(bytes(batch.content)), filename=batch.filename)


def _tell_progress(batch: ImportBatch, read: int, total: int) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(rows_read=read, rows_total=total)


@transaction.atomic
def _close(batch: ImportBatch, state: BatchState, **values: Any) -> None:
    """Keep the outcome, unless somebody discarded the file meanwhile: then its rows go too."""
    reading = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.READING)
    if not reading.update(state=state, **values):
        ImportRow.objects.filter(batch=batch).delete()


def _as_refusal(error: RuleBroken) -> dict[str, str]:
    return {"code": error.code, "message": str(error.message), "remedy": str(error.remedy)}


def _failed() -> RuleBroken:
    return RuleBroken(
        "import.failed",
        _("Something went wrong on our side while the file was read. Nothing was changed."),
        _("Bring the file again. If this happens twice, tell whoever runs this installation."),
    )


def _no_rows() -> RuleBroken:
    return RuleBroken(
        "import.no_rows",
        _("The file has column names, but no rows below them."),
        _("Fill in a row for each record and bring the file again."),
    )


def _unlisted(table: Table) -> list[str]:
    """Only so many cell problems keep their words; say that there are more."""
    if table.problem_count <= len(table.problems):
        return []
    return [
        _("%(count)d cells cannot be read in; the first %(shown)d are told row by row.")
        % {"count": table.problem_count, "shown": len(table.problems)}
    ]


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
                problems=[asdict(problem) for problem in row.problems],
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
