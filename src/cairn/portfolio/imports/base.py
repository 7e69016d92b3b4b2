"""What most files of the portfolio share: rows that belong to a record which is there already."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate, check_order
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row
from cairn.portfolio.models import Project

PROJECT_COLUMN = Column(
    "project_id", cells.text(20), gettext_lazy("reference of the project, for example P49"), True
)
Parents = Callable[[Sequence[Row]], Mapping[int, Any]]


def plain(value: Any, places: int = 2) -> Any:
    """The form in which values are compared and shown: decimals as text with `places` digits."""
    if isinstance(value, Decimal):
        return format(value, f".{places}f")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def no_record(column: str, value: str) -> RuleBroken:
    return RuleBroken(
        "import.unknown",
        _("There is no record “%(value)s” that this row could belong to.") % {"value": value},
        _("Check the reference in “%(column)s”, or bring the file that creates it first.")
        % {"column": column},
    )


def owners_of(keys: Sequence[Hashable]) -> set[Any]:
    """The parents' primary keys, which stand first in the keys of rows below a parent."""
    return {key[0] for key in keys if isinstance(key, tuple)}


def check_dates(row: Row, starts: str, ends: str) -> None:
    """Refuse a row whose column `ends` lies before its column `starts`; empty forbids nothing."""
    first, last = (
        PartialDate.parse(row.cleaned[name]) if row.cleaned[name] else None
        for name in (starts, ends)
    )
    try:
        check_order(first, last)
    except RuleBroken as refusal:
        row.refuse(ends, refusal)


def projects_named(references: Sequence[str]) -> dict[str, Any]:
    """{reference: primary key} of the projects that exist. One query."""
    return dict(
        Project.objects.filter(reference__in=set(references)).values_list("reference", "pk")
    )


def find_projects(rows: Sequence[Row]) -> dict[int, Any]:
    """{row number: project's primary key}; refuses rows whose project does not exist."""
    known = projects_named([row.cleaned["project_id"] for row in rows])
    found = {}
    for row in rows:
        reference = row.cleaned["project_id"]
        if reference in known:
            found[row.number] = known[reference]
        else:
            row.refuse("project_id", no_record("project_id", reference))
    return found


@dataclass(frozen=True, slots=True)
class Child:
    """How rows become `model` records below a parent.

    `key`: columns that, with the parent, identify the record; `fields`: columns that are stored.
    `parents(rows)` finds each row's parent; `complete(rows)` may look things up and change
    `cleaned`; `extras(row)` gives further values for new records; `name`: the column whose text
    names the row in a preview.
    """

    model: type[models.Model]
    columns: Sequence[Column]
    key: Sequence[str]
    fields: Sequence[str]
    parents: Parents = find_projects
    parent_field: str = "project"
    parent_column: Column = PROJECT_COLUMN
    complete: Callable[[Sequence[Row]], None] | None = None
    extras: Callable[[Row], dict[str, Any]] | None = None
    name: str = ""

    @property
    def parent_id(self) -> str:
        return f"{self.parent_field}_id"

    def prepare(self, rows: Sequence[Row]) -> None:
        found = self.parents(rows)
        if self.complete:
            self.complete([row for row in rows if row.number in found and not row.problems])
        named = {column.name for column in self.columns}
        for row in rows:
            if row.number not in found or row.problems:
                continue
            row.cleaned["_parent"] = found[row.number]
            row.key = (found[row.number], *(row.cleaned[column] for column in self.key))
            row.after = {
                column: self._plain(column, row.cleaned[column])
                for column in self.fields
                if column in row.values or column not in named
            }
            row.label = str(row.cleaned.get(self.name or self.key[0], ""))

    def existing(self, keys: Sequence[Hashable]) -> Existing:
        below = {f"{self.parent_id}__in": owners_of(keys)}
        records = self.model._default_manager.filter(**below).values(
            "pk", self.parent_id, *self.key, *self.fields
        )
        return {
            (record[self.parent_id], *(record[column] for column in self.key)): (
                record["pk"],
                {column: self._plain(column, record[column]) for column in self.fields},
            )
            for record in records
        }

    def write(self, actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        stored = self.model._default_manager
        stored.bulk_create([self._record(row) for row in created], batch_size=500)
        if changed:
            records = stored.in_bulk([row.target for row in changed])
            for row in changed:
                for column in row.after:
                    setattr(records[row.target], column, row.cleaned[column])
            stored.bulk_update(records.values(), list(self.fields), batch_size=200)

    def _plain(self, column: str, value: Any) -> Any:
        """Compared with as many digits as the record can hold."""
        field = self.model._meta.get_field(column)
        if isinstance(field, models.DecimalField):
            return plain(value, field.decimal_places)
        return plain(value)

    def _record(self, row: Row) -> models.Model:
        values = {column: row.cleaned[column] for column in (*self.key, *self.fields)}
        further = self.extras(row) if self.extras else {}
        return self.model(**{self.parent_id: row.cleaned["_parent"]}, **values, **further)


def child_kind(
    code: str,
    label: Promise,
    child: Child,
    *,
    order: int,
    permission: Permission = Permission.PORTFOLIO_IMPORT,
    finish: Callable[[Actor, Sequence[Row]], None] | None = None,
) -> Kind:
    """The kind of file whose rows are the records that `child` describes."""
    return Kind(
        code=code,
        label=label,
        permission=permission.value,
        columns=(child.parent_column, *child.columns),
        prepare=child.prepare,
        existing=child.existing,
        write=child.write,
        finish=finish,
        order=order,
    )
