"""Every write of an import: staging a file, reading it for a preview, applying it whole."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.tables import read_table
from cairn.core.tables.cells import without_unseen
from cairn.core.tables.intake import empty, held
from cairn.imports import engine
from cairn.imports.kinds import Kind, Row, kind_named
from cairn.imports.models import BatchState, ImportBatch, ImportRow, Outcome
from cairn.imports.reading import digest_of, read_batch, table_of
from cairn.imports.tasks import read_staged_file

# Files that one person may have lying here at a time: with the limit of each, 600 MB.
MAX_OPEN_FILES = 30
INLINE_BYTES = 64 * 1024  # files up to here are read while the person waits: under half a second


@transaction.atomic
def stage_file(actor: Actor, kind_code: str, filename: str, stream: IO[bytes]) -> ImportBatch:
    """Keep a file and have it read for a preview.

    Raises PermissionDenied, RuleBroken ("import.kind", "import.too_many_open"), or TableRefused
    ("table.too_large", "table.empty") before anything is kept.
    """
    kind = kind_named(kind_code)
    require(actor, Permission(kind.permission))
    _check_open_files(actor)
    content = _read_within_limit(stream)
    batch = ImportBatch.objects.create(
        kind=kind.code,
        filename=without_unseen(filename)[-200:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        author_id=actor.user_id,
        author_name=actor.name,
        created_at=timezone.now(),
    )
    audit.record(actor, "import.staged", batch, kind=kind.code, size=len(content))
    if len(content) <= INLINE_BYTES:
        transaction.on_commit(partial(read_batch, batch.pk))
    else:
        language = get_language() or settings.LANGUAGE_CODE
        transaction.on_commit(partial(read_staged_file.enqueue, str(batch.pk), language))
    return batch


def _check_open_files(actor: Actor) -> None:
    """One person cannot fill the disk with files that nobody applies or throws away."""
    finished = (BatchState.APPLIED, BatchState.DISCARDED)
    kept = ImportBatch.objects.filter(author_id=actor.user_id).exclude(state__in=finished)
    if actor.user_id is not None and kept.count() >= MAX_OPEN_FILES:
        raise RuleBroken(
            "import.too_many_open",
            _("You have %(count)d files here that were neither applied nor thrown away.")
            % {"count": MAX_OPEN_FILES},
            _("Open the list of your files and throw away those that are not needed."),
        )


@transaction.atomic
def apply_batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Do what the preview said: all of it or nothing.

    Raises ImportBatch.DoesNotExist (not visible), PermissionDenied, RuleBroken ("import.state",
    "import.stale": the records changed since the preview).
    """
    batch = ImportBatch.objects.visible_to(actor).select_for_update().get(pk=batch_id)
    kind = kind_named(batch.kind)
    require(actor, Permission(kind.permission))
    if batch.state != BatchState.PREVIEWED:
        raise RuleBroken(
            "import.state",
            _("This file cannot be applied: it is “%(state)s”.")
            % {"state": batch.get_state_display()},
            _("Correct the file and bring it again."),
        )
    table = table_of(batch)
    if digest_of(kind, table) != batch.digest:
        raise RuleBroken(
            "import.stale",
            _("The records changed after this preview was made, so it no longer tells the truth."),
            _("Bring the file again and look at the new preview."),
        )
    _write(actor, kind, engine.plan(kind, table))
    batch.state, batch.applied_at, batch.content = BatchState.APPLIED, timezone.now(), b""
    batch.save(update_fields=["state", "applied_at", "content"])
    audit.record(
        actor,
        "import.applied",
        batch,
        kind=kind.code,
        created=batch.created,
        changed=batch.changed,
        unchanged=batch.unchanged,
    )
    return batch


@transaction.atomic
def discard_batch(actor: Actor, batch_id: UUID) -> None:
    """Throw a staged file away, with its rows.

    Raises ImportBatch.DoesNotExist (not visible), PermissionDenied, RuleBroken ("import.state").
    """
    batch = ImportBatch.objects.visible_to(actor).select_for_update().get(pk=batch_id)
    require(actor, Permission(kind_named(batch.kind).permission))
    if batch.state == BatchState.APPLIED:
        raise RuleBroken(
            "import.state",
            _("This file was applied already."),
            _("Correct the records themselves."),
        )
    batch.state, batch.content = BatchState.DISCARDED, b""
    # What was wrong with a file repeats its headings and cells; its name may say something too.
    batch.refusal, batch.notes, batch.filename = {}, [], ""
    batch.save(update_fields=["state", "content", "refusal", "notes", "filename"])
    ImportRow.objects.filter(batch=batch).delete()
    audit.record(actor, "import.discarded", batch, kind=batch.kind)


@dataclass(slots=True)
class Report:
    """What reading a file would do, or did. `problems`: row, column, code, message, remedy."""

    kind: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome.values, 0))
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    applied: bool = False


def import_file(
    actor: Actor, kind_code: str, filename: str, stream: IO[bytes], *, dry_run: bool = False
) -> Report:
    """Read a file and, unless `dry_run` or anything is refused, apply it in one transaction.

    For the console and for loading reference files. Raises PermissionDenied, RuleBroken.
    """
    kind = kind_named(kind_code)
    require(actor, Permission(kind.permission))
    content = _read_within_limit(stream)
    with transaction.atomic():
        report = Report(kind.code)
        table = read_table(BytesIO(content), filename=filename)
        report.notes = [str(note) for note in table.notes]
        for row in engine.plan(kind, table):
            report.counts[engine.outcome_of(row).value] += 1
            report.problems += [{"row": row.number, **asdict(each)} for each in row.problems]
        if dry_run or report.problems:
            return report
        _write(actor, kind, engine.plan(kind, table))
        audit.record(
            actor,
            "import.applied",
            kind=kind.code,
            created=report.counts[Outcome.CREATED],
            changed=report.counts[Outcome.CHANGED],
            unchanged=report.counts[Outcome.UNCHANGED],
        )
        report.applied = True
    return report


def _write(actor: Actor, kind: Kind, rows: Iterable[Row]) -> None:
    for chunk in engine.in_chunks(rows):
        created = [row for row in chunk if row.target is None]
        changed = [row for row in chunk if row.target is not None and row.changes]
        if refused := [row for row in chunk if row.problems]:
            problem = refused[0].problems[0]
            raise RuleBroken(problem.code, problem.message, problem.remedy)
        kind.write(actor, created, changed)
        if kind.finish:
            kind.finish(actor, created + changed)


def _read_within_limit(stream: IO[bytes]) -> bytes:
    """The whole content. Raises TableRefused ("table.too_large", "table.empty")."""
    with held(stream, max_bytes=settings.IMPORT_MAX_BYTES) as copy:
        content = copy.read()
    if not content:
        raise empty()
    return content
