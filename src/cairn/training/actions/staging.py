"""Files with names: read and shown row by row, kept sealed, applied where each row still stands.

Unlike the import of the portfolio a bad row does not hold the others back: hundreds of people are
nominated by one file, and the one who is left out is answered by row, field, reason and remedy.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.tables import Column, Table, read_table
from cairn.core.tables import Row as TableRow
from cairn.core.tables.intake import held
from cairn.imports import engine
from cairn.imports.kinds import Kind, Problem, Row
from cairn.training.models import StagedFile
from cairn.vault.opening import Unreadable, open_values

# As long as retention_rules "training-file" keeps them.
KEPT = timedelta(days=30)
# What stands in these columns is never repeated in what is told of a row.
SEALED_COLUMNS = frozenset({"name", "name_latin", "contact", "service_number"})
MOST_OPEN_FILES = 20


def stage_file(
    actor: Actor,
    kind: Kind,
    organisation: Organisation,
    filename: str,
    stream: IO[bytes],
    *,
    subject_id: UUID | None = None,
) -> StagedFile:
    """Read a file and keep, sealed, the rows that could be applied; nothing else is written.

    `kind` is not registered with the imports of the portfolio, which keep files as they are. The
    caller has checked who may bring it. Raises TableRefused, RuleBroken ("import.columns",
    "table.problems", "import.no_rows", "import.too_many_open").
    """
    author_id = person(actor)
    _check_open_files(author_id)
    with held(stream, max_bytes=settings.IMPORT_MAX_BYTES) as copy:
        content = copy.read()
    table = read_table(BytesIO(content), filename=filename)
    if not table.rows:
        raise RuleBroken(
            "import.no_rows",
            _("The file has column names, but no rows below them."),
            _("Fill in a row for each person and bring the file again."),
        )
    good, problems, unchanged, refused = _sorted_out(engine.plan(kind, table))
    with transaction.atomic():
        staged = StagedFile.objects.create(
            kind=kind.code,
            subject_id=subject_id,
            organisation=organisation,
            author_id=author_id,
            sha256=hashlib.sha256(content).hexdigest(),
            total=len(table.rows),
            good=len(good),
            refused=refused,
            unchanged=unchanged,
            problems=problems,
            created_at=clock.now(),
            rows={"columns": list(table.keys), "rows": good},
        )
        audit.record(
            actor,
            "training_file.read",
            staged,
            kind=kind.code,
            rows=staged.total,
            refused=staged.refused,
        )
    return staged


def _check_open_files(author_id: UUID) -> None:
    waiting = StagedFile.objects.filter(author_id=author_id, state=StagedFile.State.PREVIEWED)
    if waiting.count() >= MOST_OPEN_FILES:
        raise RuleBroken(
            "import.too_many_open",
            _("You have %(count)d files here that were neither applied nor thrown away.")
            % {"count": MOST_OPEN_FILES},
            _("Throw away those that are not needed."),
        )


def _sorted_out(
    rows: Iterable[Row],
) -> tuple[list[list[Any]], list[dict[str, Any]], int, int]:
    """(rows to apply as [number, cells], what is told of the others, unchanged, refused)."""
    good: list[list[Any]] = []
    problems: list[dict[str, Any]] = []
    unchanged = refused = 0
    for row in rows:
        if row.problems:
            refused += 1
            problems += told(row)
        elif row.target is not None and not row.changes:
            unchanged += 1
        else:
            good.append([row.number, list(row.values.values())])
    return good, problems, unchanged, refused


def told(row: Row) -> list[dict[str, Any]]:
    """Each problem of a row as it is kept and shown: row, column, code, message, remedy."""
    return [
        {
            "row": row.number,
            "column": each.column,
            "code": each.code,
            "message": _unnamed(each, row.values),
            "remedy": each.remedy,
        }
        for each in row.problems
    ]


def _unnamed(problem: Problem, values: Mapping[str, str]) -> str:
    """The message without the text of its cell where that could be a name in a wrong column."""
    cell = values.get(problem.column, "").strip()
    may_name = problem.column in SEALED_COLUMNS or not any(sign.isdigit() for sign in cell)
    if cell and may_name and len(cell) > 2:
        return problem.message.replace(cell, "…")
    return problem.message


def apply_file(actor: Actor, file_id: UUID, kind_of: Callable[[StagedFile], Kind]) -> StagedFile:
    """Do what the preview said for every row that still stands; the others are told with why.

    `kind_of`: what the file is, checked once more for this actor. Not inside a transaction: who
    opens the rows is written down first. Raises StagedFile.DoesNotExist (not one's own),
    PermissionDenied, RuleBroken ("import.state", "import.unreadable").
    """
    staged = StagedFile.objects.visible_to(actor).get(pk=file_id)
    kind = kind_of(staged)
    table = _opened(actor, staged)
    with transaction.atomic():
        rows = StagedFile.objects.visible_to(actor).select_for_update(of=("self",))
        staged = rows.get(pk=file_id)
        _check_waiting(staged)
        applied, problems, unchanged, refused = _write(actor, kind, table)
        staged.state, staged.applied_at = StagedFile.State.APPLIED, clock.now()
        staged.good, staged.unchanged = applied, staged.unchanged + unchanged
        staged.refused += refused
        staged.problems = sorted([*staged.problems, *problems], key=lambda each: each["row"])
        staged.rows = None
        staged.save()
        audit.record(
            actor,
            "training_file.applied",
            staged,
            kind=kind.code,
            rows=applied,
            refused=staged.refused,
        )
    return staged


def _check_waiting(staged: StagedFile) -> None:
    if staged.state != StagedFile.State.PREVIEWED:
        raise RuleBroken(
            "import.state",
            _("This file cannot be applied: it is “%(state)s”.")
            % {"state": staged.get_state_display()},
            _("Correct the file and bring it again."),
        )


def _opened(actor: Actor, staged: StagedFile) -> Table:
    """The rows again, for the person who brought them; that they are opened is kept first."""
    _check_waiting(staged)
    with transaction.atomic(durable=True):
        audit.record(actor, "training_file.opened", staged, kind=staged.kind)
    rows = open_values([staged], ["rows"])[0]["rows"]
    if isinstance(rows, Unreadable) or rows is None:
        raise RuleBroken(
            "import.unreadable",
            _("The rows of this file cannot be read any more."),
            _("Bring the file again."),
        )
    keys = rows["columns"]
    places = {key: place for place, key in enumerate(keys)}
    return Table(
        columns=tuple(Column(key, key) for key in keys),
        rows=[TableRow(number, places, tuple(cells)) for number, cells in rows["rows"]],
        kind="csv",
    )


def _write(actor: Actor, kind: Kind, table: Table) -> tuple[int, list[dict[str, Any]], int, int]:
    applied = unchanged = refused = 0
    problems: list[dict[str, Any]] = []
    for chunk in engine.in_chunks(engine.plan(kind, table)):
        created = [row for row in chunk if not row.problems and row.target is None]
        changed = [row for row in chunk if not row.problems and row.target and row.changes]
        kind.write(actor, created, changed)
        if kind.finish:
            kind.finish(actor, created + changed)
        # What a row meets only when it is written (a seat that is gone) is told like the rest.
        late = [row for row in chunk if row.problems]
        applied += sum(not row.problems for row in created + changed)
        refused += len(late)
        unchanged += sum(
            not row.problems and row.target is not None and not row.changes for row in chunk
        )
        for row in late:
            problems += told(row)
    return applied, problems, unchanged, refused


@transaction.atomic
def discard_file(actor: Actor, file_id: UUID) -> None:
    """Throw a staged file away; its rows are gone at once.

    Raises StagedFile.DoesNotExist (not one's own), RuleBroken ("import.state").
    """
    rows = StagedFile.objects.visible_to(actor).select_for_update(of=("self",))
    staged = rows.get(pk=file_id)
    if staged.state == StagedFile.State.APPLIED:
        raise RuleBroken(
            "import.state",
            _("This file was applied already."),
            _("Correct the records themselves."),
        )
    staged.state, staged.rows, staged.problems = StagedFile.State.DISCARDED, None, []
    staged.save()
    audit.record(actor, "training_file.discarded", staged, kind=staged.kind)
