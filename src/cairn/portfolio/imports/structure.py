"""Files about what a project consists of: phases, components, partners, mandates, documents."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import OrganisationKind
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.portfolio.actions.donors import enter_organisation
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.imports.base import (
    PROJECT_COLUMN,
    Child,
    check_dates,
    child_kind,
    find_projects,
    no_record,
    owners_of,
    plain,
)
from cairn.portfolio.imports.organisations import organisations_named
from cairn.portfolio.models import (
    Activity,
    BudgetLine,
    Component,
    Document,
    Mandate,
    Milestone,
    Office,
    Partner,
    Phase,
    ProjectMandate,
    ProjectTheme,
    SourceDocument,
)
from cairn.portfolio.rules import Theme

SOURCE = Column("source", cells.text(60), _("where this is stated"))
NUMBER = Column("number", cells.small, _("whole number, counted inside the project"), True)


_PHASE_FIELDS = ("name", "starts", "ends")


def _finish_phases(actor: Actor, rows: Sequence[Row]) -> None:
    """Each phase's budget becomes its budget line without period; findings follow."""
    projects = {row.cleaned["_parent"] for row in rows}
    phases = {
        (phase.project_id, phase.number): phase
        for phase in Phase.objects.filter(project__in=projects)
    }
    lines = []
    for row in rows:
        if "budget_usd" not in row.after:
            continue
        phase = phases[(row.cleaned["_parent"], row.cleaned["number"])]
        BudgetLine.objects.filter(phase=phase, starts="", ends="").delete()
        if row.cleaned["budget_usd"] is not None:
            lines.append(
                BudgetLine(
                    project_id=phase.project_id,
                    phase=phase,
                    amount=row.cleaned["budget_usd"],
                    usd=row.cleaned["budget_usd"],
                )
            )
    BudgetLine.objects.bulk_create(lines)
    refresh_findings(projects)


_PHASE_COLUMNS = (
    PROJECT_COLUMN,
    NUMBER,
    Column("name", cells.text(200), _("name of the phase")),
    Column("starts", cells.partial_date, _("first day, month or year")),
    Column("ends", cells.partial_date, _("last day, month or year")),
    Column(
        "budget_usd",
        cells.amount,
        _("US dollars, digits only; empty when a file of budgets gives it by period"),
        empty=None,
    ),
    SOURCE,
)


def _prepare_phases(rows: Sequence[Row]) -> None:
    found = find_projects(rows)
    for row in rows:
        if row.number not in found:
            continue
        project = row.cleaned["_parent"] = found[row.number]
        row.key = (project, row.cleaned["number"])
        row.label = row.cleaned["name"]
        check_dates(row, "starts", "ends")
        row.after = {
            name: plain(row.cleaned[name])
            for name in (*_PHASE_FIELDS, "budget_usd")
            if name in row.values
        }


def _existing_phases(keys: Sequence[Hashable]) -> Existing:
    return {
        (phase.project_id, phase.number): (
            phase.pk,
            {
                **{name: getattr(phase, name) for name in _PHASE_FIELDS},
                "budget_usd": plain(phase.stated_budget),
            },
        )
        for phase in Phase.objects.filter(project__in=owners_of(keys)).prefetch_related(
            "budget_lines"
        )
    }


def _write_phases(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    Phase.objects.bulk_create(
        [
            Phase(
                project_id=row.cleaned["_parent"],
                number=row.cleaned["number"],
                **{name: row.cleaned[name] for name in _PHASE_FIELDS},
            )
            for row in created
        ]
    )
    for row in changed:
        fields = {name: row.cleaned[name] for name in _PHASE_FIELDS if name in row.after}
        if fields:
            Phase.objects.filter(pk=row.target).update(**fields)


def _complete_offices(rows: Sequence[Row]) -> None:
    for row in rows:
        row.cleaned["country"] = row.cleaned["place_country"]


# A phase carries its cost in another table, so comparing needs that beside the phase.
register(
    Kind(
        code="phases",
        label=_("Phases and what they cost"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=_PHASE_COLUMNS,
        prepare=_prepare_phases,
        existing=_existing_phases,
        write=_write_phases,
        finish=_finish_phases,
        order=30,
    )
)

register(
    child_kind(
        "themes",
        _("Service areas of projects"),
        Child(
            model=ProjectTheme,
            columns=[
                Column("theme", cells.choice(Theme), _("code of a service area"), True),
                SOURCE,
            ],
            key=["theme"],
            fields=[],
        ),
        order=31,
    )
)
register(
    child_kind(
        "components",
        _("Components"),
        Child(
            model=Component,
            columns=[
                NUMBER,
                Column("title", cells.text(300), _("title"), True),
                Column("text", cells.text(5000), _("what it is about")),
                SOURCE,
            ],
            key=["number"],
            fields=["title", "text"],
            name="title",
        ),
        order=32,
    )
)
register(
    child_kind(
        "activities",
        _("Activities"),
        Child(
            model=Activity,
            columns=[
                Column("component_number", cells.small, _("number of the component"), empty=0),
                NUMBER,
                Column("title", cells.text(400), _("what is done"), True),
                SOURCE,
            ],
            key=["component_number", "number"],
            fields=["title"],
            name="title",
        ),
        order=33,
    )
)
register(
    child_kind(
        "milestones",
        _("Milestones"),
        Child(
            model=Milestone,
            columns=[
                Column("title", cells.text(300), _("what is to be reached"), True),
                Column("due", cells.partial_date, _("day, month or year when it is due")),
                Column("done", cells.partial_date, _("day, month or year when it was reached")),
                SOURCE,
            ],
            key=["title"],
            fields=["due", "done"],
        ),
        order=34,
    )
)
register(
    child_kind(
        "offices",
        _("Focal offices"),
        Child(
            model=Office,
            columns=[
                Column("kind", cells.choice(Office.Kind), _("headquarters or field"), True),
                Column("name", cells.text(200), _("name of the office, not of a person"), True),
                Column("place_country", cells.country, _("country where the office is")),
                SOURCE,
            ],
            key=["kind", "name"],
            fields=["country"],
            name="name",
            complete=_complete_offices,
        ),
        order=35,
    )
)
register(
    child_kind(
        "documents",
        _("Documents of projects"),
        Child(
            model=Document,
            columns=[
                Column("title", cells.text(300), _("title"), True),
                Column("kind", cells.text(60), _("kind of document")),
                Column("language", cells.text(8), _("language code, for example fr")),
                Column("dated", cells.partial_date, _("date of the document")),
                Column("address", cells.web_address(500), _("where it can be read")),
            ],
            key=["title"],
            fields=["kind", "language", "dated", "address"],
        ),
        order=36,
    )
)


def _complete_partners(rows: Sequence[Row]) -> None:
    known = organisations_named([row.cleaned["organisation"] for row in rows])
    for row in rows:
        organisation = known.get(row.cleaned["organisation"].lower())
        row.cleaned["organisation_id"] = organisation.pk if organisation else None
        if organisation is None:
            row.notes.append(str(_("New organisation")))


def _partner_kind() -> Kind:
    columns = (
        PROJECT_COLUMN,
        Column("organisation", cells.text(250), _("name of the partner"), True),
        Column("kind", cells.choice(OrganisationKind), _("kind of organisation"), True),
        Column("role", cells.choice(Partner.Role), _("role in the project"), True),
        Column("country", cells.country, _("country of the partner")),
        SOURCE,
    )

    def prepare(rows: Sequence[Row]) -> None:
        found = find_projects(rows)
        good = [row for row in rows if row.number in found]
        _complete_partners(good)
        for row in good:
            row.cleaned["_parent"] = found[row.number]
            row.key = (
                found[row.number],
                row.cleaned["organisation"].lower(),
                row.cleaned["role"],
            )
            row.label = row.cleaned["organisation"]
            row.after = {"organisation": row.cleaned["organisation"].lower()}

    def existing(keys: Sequence[Hashable]) -> Existing:
        return {
            (partner.project_id, partner.organisation.name.lower(), partner.role): (
                partner.pk,
                {"organisation": partner.organisation.name.lower()},
            )
            for partner in Partner.objects.filter(project__in=owners_of(keys)).select_related(
                "organisation"
            )
        }

    def write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        known = organisations_named([row.cleaned["organisation"] for row in created])
        for row in created:
            name = row.cleaned["organisation"]
            if name.lower() not in known:
                kind = OrganisationKind(row.cleaned["kind"])
                known[name.lower()] = enter_organisation(
                    actor, name, kind, country=row.cleaned["country"]
                )
        Partner.objects.bulk_create(
            [
                Partner(
                    project_id=row.cleaned["_parent"],
                    organisation=known[row.cleaned["organisation"].lower()],
                    role=row.cleaned["role"],
                )
                for row in created
            ]
        )

    return Kind(
        code="partners",
        label=_("Partners"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=columns,
        prepare=prepare,
        existing=existing,
        write=write,
        order=37,
    )


register(_partner_kind())


def _flat_kind(
    code: str, label: Any, model: Any, columns: tuple[Column, ...], key: str, order: int
) -> Kind:
    """A kind for records that stand alone, identified by one column."""
    fields = [column.name for column in columns if column.name != key]

    def prepare(rows: Sequence[Row]) -> None:
        for row in rows:
            row.key = row.label = row.cleaned[key]
            row.after = {name: row.cleaned[name] for name in fields if name in row.values}

    def existing(keys: Sequence[Hashable]) -> Existing:
        records = model.objects.filter(**{f"{key}__in": keys}).values("pk", key, *fields)
        return {
            record[key]: (record["pk"], {name: record[name] for name in fields})
            for record in records
        }

    def write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        model.objects.bulk_create(
            [
                model(**{key: row.cleaned[key], **{n: row.cleaned[n] for n in fields}})
                for row in created
            ]
        )
        for row in changed:
            model.objects.filter(pk=row.target).update(
                **{name: row.cleaned[name] for name in row.after}
            )

    return Kind(
        code=code,
        label=label,
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=columns,
        prepare=prepare,
        existing=existing,
        write=write,
        order=order,
    )


register(
    _flat_kind(
        "sources",
        _("Source documents"),
        SourceDocument,
        (
            Column("code", cells.text(20), _("short code"), True),
            Column("title", cells.text(300), _("title"), True),
            Column("year", cells.small, _("year of the document"), empty=None),
            Column("kind", cells.text(60), _("kind of document")),
        ),
        "code",
        5,
    )
)
register(
    _flat_kind(
        "mandates",
        _("Mandates"),
        Mandate,
        (
            Column("code", cells.text(60), _("short code, for example S/RES/2388 (2017)"), True),
            Column("kind", cells.text(40), _("kind of instrument")),
            Column("title", cells.text(400), _("title"), True),
            Column("year", cells.small, _("year"), empty=None),
            Column("body", cells.text(120), _("body that adopted it")),
        ),
        "code",
        6,
    )
)


def _complete_mandates(rows: Sequence[Row]) -> None:
    known = dict(
        Mandate.objects.filter(code__in={row.cleaned["mandate_code"] for row in rows}).values_list(
            "code", "pk"
        )
    )
    for row in rows:
        code = row.cleaned["mandate_code"]
        if code in known:
            row.cleaned["mandate_id"] = known[code]
        else:
            row.refuse("mandate_code", no_record("mandate_code", code))


register(
    child_kind(
        "project-mandates",
        _("Mandates of projects"),
        Child(
            model=ProjectMandate,
            columns=[
                Column("mandate_code", cells.text(60), _("code of the mandate"), True),
                SOURCE,
            ],
            key=["mandate_id"],
            fields=[],
            complete=_complete_mandates,
            name="mandate_code",
        ),
        order=38,
    )
)
