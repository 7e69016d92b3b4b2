"""What most files of the portfolio share: rows that belong to a record which is there already."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.kinds import Column, Kind, Row
from cairn.portfolio.models import Project

PROJECT_COLUMN = Column(
    "project_id", cells.text(20), gettext_lazy("reference of the project, for example P49"), True
)
Parents = Callable[[Sequence[Row]], Mapping[int, int | Any]]


def plain(value: Any) -> Any:
    """The form in which values are compared and shown: decimals as text with two digits."""
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal("0.01")), "f")
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


def child_kind(
    *,
    code: str,
    label: Promise,
    model: type[models.Model],
    columns: Sequence[Column],
    key: Sequence[str],
    fields: Sequence[str],
    order: int,
    parents: Parents = find_projects,
    parent_field: str = "project",
    parent_column: Column | None = PROJECT_COLUMN,
    permission: Permission = Permission.PORTFOLIO_IMPORT,
    complete: Callable[[Sequence[Row]], None] | None = None,
    extras: Callable[[Row], dict[str, Any]] | None = None,
    finish: Callable[[Actor, Sequence[Row]], None] | None = None,
    name: str | None = None,
) -> Kind:
    """A kind whose rows are `model` records below a parent.

    `key`: columns that, with the parent, identify the record; `fields`: columns that are stored.
    `complete(rows)` may look things up and change `cleaned`; `extras(row)` gives further values
    for new records; `name`: the column whose text names the row in a preview.
    """
    parent_id = f"{parent_field}_id"

    def prepare(rows: Sequence[Row]) -> None:
        found = parents(rows)
        if complete:
            complete([row for row in rows if row.number in found and not row.problems])
        for row in rows:
            if row.number not in found or row.problems:
                continue
            parent = found[row.number]
            row.cleaned["_parent"] = parent
            row.key = (parent, *(row.cleaned[column] for column in key))
            given = row.values.keys()
            row.after = {
                column: plain(row.cleaned[column])
                for column in fields
                if column in given or column not in {each.name for each in columns}
            }
            row.label = str(row.cleaned.get(name or key[0] if key else "", ""))

    def existing(keys: Sequence[Hashable]) -> dict[Hashable, tuple[Any, Mapping[str, Any]]]:
        owners = {each[0] for each in keys}  # type: ignore[index]
        records = model._default_manager.filter(**{f"{parent_id}__in": owners}).values(
            "pk", parent_id, *key, *fields
        )
        return {
            (record[parent_id], *(record[column] for column in key)): (
                record["pk"],
                {column: plain(record[column]) for column in fields},
            )
            for record in records
        }

    def write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        model._default_manager.bulk_create(
            [
                model(
                    **{
                        parent_id: row.cleaned["_parent"],
                        **{column: row.cleaned[column] for column in (*key, *fields)},
                        **(extras(row) if extras else {}),
                    }
                )
                for row in created
            ],
            batch_size=500,
        )
        if changed:
            records = model._default_manager.in_bulk([row.target for row in changed])
            for row in changed:
                for column in row.after:
                    setattr(records[row.target], column, row.cleaned[column])
            model._default_manager.bulk_update(records.values(), list(fields), batch_size=200)

    own = (parent_column,) if parent_column else ()
    return Kind(
        code=code,
        label=label,
        permission=permission.value,
        columns=(*own, *columns),
        prepare=prepare,
        existing=existing,
        write=write,
        finish=finish,
        order=order,
    )
