"""Reads for the pages of importing: kinds on offer, one's files, and what each row would do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.imports.kinds import Kind, every_kind, kind_named
from cairn.imports.models import ImportBatch, ImportRow, Outcome

LONGEST_SHOWN = 240  # characters of a value in a preview; the record keeps all of it


def kinds_for(actor: Actor) -> list[Kind]:
    """The kinds of file that `actor` may read in, each after those that it builds on."""
    return [kind for kind in every_kind() if actor.may(kind.permission)]


def may_import(actor: Actor) -> bool:
    return bool(kinds_for(actor))


def own_batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Files that this person brought, newest first, without their content."""
    visible = ImportBatch.objects.visible_to(actor)
    return visible.filter(author_id=actor.user_id).defer("content")


def find_batch(actor: Actor, pk: UUID) -> ImportBatch:
    """A file, without its content. Raises ImportBatch.DoesNotExist, also for other people's."""
    return ImportBatch.objects.visible_to(actor).defer("content").get(pk=pk)


def rows_of(batch: ImportBatch, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows of a preview in file order, or those with one outcome."""
    rows = batch.rows.order_by("number")
    return rows.filter(outcome=outcome) if outcome in Outcome.values else rows


def kind_label(code: str) -> Promise | str:
    """What a kind is called; its code where the installation no longer knows it."""
    try:
        return kind_named(code).label
    except RuleBroken:
        return code


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a row. `before` is empty for a new record; `is_new`: there was no record."""

    name: str
    before: str
    after: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of a preview as a page shows it. `problems`: column, code, message, remedy."""

    number: int
    outcome: Outcome
    label: str
    changes: list[Change]
    problems: list[dict[str, str]]
    notes: list[str]


def rows_shown(rows: Iterable[ImportRow]) -> list[RowShown]:
    """Rows with their values as text of at most LONGEST_SHOWN characters."""
    return [
        RowShown(
            row.number,
            Outcome(row.outcome),
            row.label,
            [
                Change(name, _text(before), _text(after), row.outcome == Outcome.CREATED)
                for name, (before, after) in row.changes.items()
            ],
            row.problems,
            row.notes,
        )
        for row in rows
    ]


def _text(value: Any) -> str:
    text = " | ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    if value == 0:
        text = "0"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def empty_csv(kind: Kind) -> Iterator[str]:
    """The column names of a kind alone, with the mark by which Excel knows UTF-8."""
    return write_csv([column.name for column in kind.columns], [], bom=True)


def empty_xlsx(kind: Kind) -> bytes:
    """A workbook with the column names of a kind alone."""
    names = [column.name for column in kind.columns]
    target = BytesIO()
    write_xlsx(target, [Sheet(kind.code, names, [])], title=str(kind.label))
    return target.getvalue()
