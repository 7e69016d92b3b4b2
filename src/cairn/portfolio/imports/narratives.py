"""The file of texts, and of figures as they were printed."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.actions.places import store_places
from cairn.portfolio.imports.base import (
    PROJECT_COLUMN,
    Child,
    check_dates,
    child_kind,
    find_projects,
    no_record,
)
from cairn.portfolio.models import (
    PrintedFigure,
    Project,
    ProjectSubject,
    Remark,
    SourceDocument,
)
from cairn.portfolio.rules import Subject

_TEXTS = ("outline", "objectives", "achievements", "impact")
_FIELDS = (
    "language",
    *_TEXTS,
    "beneficiaries",
    "duration_as_printed",
    "starts",
    "ends",
    "status_as_printed",
    "location_as_printed",
)
_PRINTED = {"budget_as_printed": "budget", "shortfall_as_printed": "shortfall"}

COLUMNS = (
    PROJECT_COLUMN,
    Column("language", cells.text(8), _("language of the texts, for example en"), empty="en"),
    *(Column(name, cells.text(8000), _("text")) for name in _TEXTS),
    Column("beneficiaries", cells.words, _("groups that benefit, with | between"), empty=[]),
    Column("duration_as_printed", cells.text(120), _("duration, as printed")),
    Column("starts", cells.partial_date, _("first day, month or year")),
    Column("ends", cells.partial_date, _("last day, month or year")),
    Column("status_as_printed", cells.text(60), _("status, as printed")),
    Column("location_as_printed", cells.text(1000), _("location, as printed")),
    Column("budget_as_printed", cells.text(200), _("budget, as printed")),
    Column("shortfall_as_printed", cells.text(200), _("shortfall, as printed")),
    Column("lead_entities", cells.text(500), _("lead entities; they are read in as partners")),
    Column("source", cells.text(60), _("where this is stated")),
)


def _prepare(rows: Sequence[Row]) -> None:
    found = find_projects(rows)
    codes = set(SourceDocument.objects.values_list("code", flat=True))
    for row in rows:
        if row.number not in found:
            continue
        row.key = row.cleaned["_parent"] = found[row.number]
        row.label = row.cleaned["project_id"]
        check_dates(row, "starts", "ends")
        row.after = {
            name: row.cleaned[name]
            for name in (*_FIELDS, *_PRINTED, "source")
            if name in row.values
        }
        if row.after.get("source") not in {*codes, "", None}:
            row.refuse("source", no_record("source", row.cleaned["source"]))


def _existing(keys: Sequence[Hashable]) -> Existing:
    projects = Project.objects.filter(pk__in=[str(key) for key in keys])
    return {
        project.pk: (project.pk, _snapshot(project))
        for project in projects.select_related("source").prefetch_related("printed")
    }


def _snapshot(project: Project) -> dict[str, Any]:
    texts = {each.field: each.text for each in project.printed.all()}
    return {
        **{name: getattr(project, name) for name in _FIELDS},
        **{column: texts.get(field, "") for column, field in _PRINTED.items()},
        "source": project.source.code if project.source else "",
    }


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    records = Project.objects.in_bulk([row.target for row in changed])
    sources = {each.code: each for each in SourceDocument.objects.all()}
    for row in changed:
        project = records[row.target]
        if "source" in row.after:
            project.source = sources.get(row.cleaned["source"])
        for name in _FIELDS:
            if name in row.after:
                setattr(project, name, row.cleaned[name])
        project.version += 1
    Project.objects.bulk_update(records.values(), [*_FIELDS, "source", "version"], batch_size=100)
    PrintedFigure.objects.bulk_create(
        [
            PrintedFigure(project_id=row.target, field=field, text=row.cleaned[column])
            for row in changed
            for column, field in _PRINTED.items()
            if column in row.changes
        ],
        update_conflicts=True,
        unique_fields=["project", "field"],
        update_fields=["text"],
        batch_size=500,
    )


def _finish(actor: Actor, rows: Sequence[Row]) -> None:
    """Dates and source decide on which day group members are read; texts are searched."""
    dated = (
        Project.objects.filter(pk__in=[row.target for row in rows])
        .select_related("source")
        .prefetch_related("places")
    )
    store_places(
        {
            project.pk: ([place.printed for place in project.places.all()], project)
            for project in dated
        }
    )
    refresh_findings(row.target for row in rows)


register(
    Kind(
        code="narratives",
        label=_("Texts of projects, and figures as printed"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=COLUMNS,
        prepare=_prepare,
        existing=_existing,
        write=_write,
        finish=_finish,
        order=15,
    )
)
register(
    child_kind(
        "subjects",
        _("Subjects of projects"),
        Child(
            model=ProjectSubject,
            columns=[Column("subject", cells.choice(Subject), _("code of a subject"), True)],
            key=["subject"],
            fields=[],
        ),
        order=31,
    )
)


def _prepare_remarks(rows: Sequence[Row]) -> None:
    found = find_projects([row for row in rows if row.cleaned["project_id"]])
    for row in rows:
        if row.problems:
            continue
        row.cleaned["_parent"] = found.get(row.number)
        row.key = (row.cleaned["_parent"], row.cleaned["remark"])
        row.label = row.cleaned["remark"][:80]
        row.after = {name: row.cleaned[name] for name in ("kind", "field", "printed", "source")}


def _existing_remarks(
    keys: Sequence[Hashable],
) -> Existing:
    texts = {key[1] for key in keys if isinstance(key, tuple)}
    return {
        (remark.project_id, remark.remark): (
            remark.pk,
            {name: getattr(remark, name) for name in ("kind", "field", "printed", "source")},
        )
        for remark in Remark.objects.filter(remark__in=texts)
    }


def _write_remarks(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    Remark.objects.bulk_create(
        [
            Remark(project_id=row.cleaned["_parent"], remark=row.cleaned["remark"], **row.after)
            for row in created
        ]
    )
    for row in changed:
        Remark.objects.filter(pk=row.target).update(**row.after)


register(
    Kind(
        code="remarks",
        label=_("Remarks on the sources"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=(
            Column("project_id", cells.text(20), _("reference of the project, or empty")),
            Column("kind", cells.text(20), _("kind of remark"), True),
            Column("field", cells.text(40), _("what it is about")),
            Column("printed", cells.text(300), _("as printed")),
            Column("remark", cells.text(1000), _("what was noticed"), True),
            Column("source", cells.text(60), _("where")),
        ),
        prepare=_prepare_remarks,
        existing=_existing_remarks,
        write=_write_remarks,
        order=60,
    )
)
