"""The file of projects: figures, places and programmes as a source prints them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.kinds import Column, Kind, Row, register
from cairn.portfolio import rules
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.actions.places import store_places
from cairn.portfolio.imports.base import check_dates, plain
from cairn.portfolio.models import Decision, PrintedFigure, Programme, Project, SourceDocument
from cairn.portfolio.models.project import new_public_id
from cairn.portfolio.places import places_of
from cairn.portfolio.rules import Publication

_l = gettext_lazy


COLUMNS = (
    Column("id", cells.reference(20), _l("your reference, for example P49"), True),
    Column("code", cells.text(20), _l("project code; may stay empty")),
    Column("title", cells.text(400), _l("title"), True),
    Column("programme", cells.text(20), _l("code of the programme it is a part of")),
    Column("countries", cells.words, _l("countries, groups or regions, with | between"), empty=[]),
    Column("region_as_printed", cells.text(120), _l("region, as the source prints it")),
    Column("duration_years", cells.years, _l("duration in years"), empty=None),
    Column("budget_usd", cells.amount, _l("US dollars, digits only"), empty=None),
    Column("shortfall_usd_as_printed", cells.amount, _l("US dollars, as printed"), empty=None),
    Column("as_printed_note", cells.text(1000), _l("what the source printed otherwise")),
    Column("starts", cells.partial_date, _l("first day, month or year")),
    Column("ends", cells.partial_date, _l("last day, month or year")),
    Column(
        "publication",
        cells.choice(Publication),
        _l("public, reduced or withheld; new ones are withheld while this is empty"),
    ),
    Column("language", cells.text(8), _l("language of title and texts, for example en")),
    Column("source", cells.text(20), _l("code of the source document")),
)

# Column of the file -> field of the project, where a plain value is stored.
_FIELDS = {
    "code": "code",
    "title": "title",
    "region_as_printed": "region_as_printed",
    "duration_years": "duration_months",
    "budget_usd": "budget_usd",
    "as_printed_note": "note",
    "starts": "starts",
    "ends": "ends",
    "publication": "publication",
    "language": "language",
}


def _prepare(rows: Sequence[Row]) -> None:
    codes = {row.cleaned["code"] for row in rows if row.cleaned["code"]}
    owners = dict(Project.objects.filter(code__in=codes).values_list("code", "reference"))
    sources = set(SourceDocument.objects.values_list("code", flat=True))
    known = {
        project.reference: project
        for project in Project.objects.filter(
            reference__in=[row.cleaned["id"] for row in rows]
        ).prefetch_related("countries")
    }
    for row in rows:
        _check_code(row, owners)
        countries = _check_places(row)
        _check_reduced(row, known.get(row.cleaned["id"]), countries)
        check_dates(row, "starts", "ends")
        if row.cleaned["source"] and row.cleaned["source"] not in sources:
            row.refuse(
                "source",
                RuleBroken(
                    "import.unknown",
                    _("No source document has the code “%(code)s”.")
                    % {"code": row.cleaned["source"]},
                    _("Bring the file of source documents first, or leave the cell empty."),
                ),
            )
        row.key = row.label = row.cleaned["id"]
        row.after = {
            name: plain(row.cleaned[name])
            for name in (*_FIELDS, "programme", "countries", "shortfall_usd_as_printed", "source")
            if name in row.values
            and not (name in {"publication", "language"} and not row.cleaned[name])
        }


def _check_code(row: Row, owners: Mapping[str, str]) -> None:
    code = row.cleaned["code"]
    if not code:
        return
    row.unique.append(("code", code))
    if owners.get(code, row.cleaned["id"]) != row.cleaned["id"]:
        row.refuse(
            "code",
            RuleBroken(
                "import.code",
                _("The code “%(code)s” belongs to %(owner)s.")
                % {"code": code, "owner": owners[code]},
                _("Use another code, or correct the reference in “id”."),
            ),
        )


def _check_places(row: Row) -> frozenset[str]:
    """Refuse places that are not known; gives the countries of those that are."""
    found = places_of(row.cleaned["countries"], row.cleaned["region_as_printed"], on=None)
    for printed, place in zip(row.cleaned["countries"], found.resolved, strict=True):
        if place.kind == "unknown":
            row.refuse("countries", cells.unknown_place(printed, place))
    return frozenset(code for code, _via in found.countries)


def _check_reduced(row: Row, known: Project | None, countries: frozenset[str]) -> None:
    """A project that is or becomes reduced must not tell its country by its title."""
    to = row.cleaned["publication"] or (known.publication if known else "")
    if to != Publication.REDUCED:
        return
    if known and "countries" not in row.values:
        countries = frozenset(each.country for each in known.countries.all())
    public_title = known.public_title if known else ""
    try:
        rules.check_reduced(
            countries=countries,
            named_in_title=frozenset(geography.names_in(row.cleaned["title"])),
            public_title=public_title,
            named_in_public_title=frozenset(geography.names_in(public_title)),
        )
    except RuleBroken as refusal:
        row.refuse("publication", refusal)


def _existing(keys: Sequence[Hashable]) -> dict[Hashable, tuple[Any, Mapping[str, Any]]]:
    projects = (
        Project.objects.filter(reference__in=keys)
        .select_related("programme", "source")
        .prefetch_related("places", "printed")
    )
    return {project.reference: (project.pk, _snapshot(project)) for project in projects}


def _snapshot(project: Project) -> dict[str, Any]:
    shortfall = next(
        (each.value for each in project.printed.all() if each.field == "shortfall"), None
    )
    return {
        **{column: plain(getattr(project, name)) for column, name in _FIELDS.items()},
        "programme": _programme_code(project),
        "countries": [place.printed for place in project.places.all()],
        "shortfall_usd_as_printed": plain(shortfall),
        "source": project.source.code if project.source else "",
    }


def _programme_code(project: Project) -> str:
    """The code that a file gives: none for the project that carries the programme's own money."""
    if project.programme is None or project.programme.code == project.code:
        return ""
    return project.programme.code


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    sources = {each.code: each for each in SourceDocument.objects.all()}
    now = timezone.now()
    if any(row.cleaned["publication"] not in {"", Publication.WITHHELD} for row in created):
        require(actor, Permission.PORTFOLIO_PUBLISH)
    fresh: list[Project] = []
    bases: dict[UUID, str] = {}
    for row in created:
        project = Project(reference=row.cleaned["id"], public_id=new_public_id())
        _fill(project, row, sources)
        # Nothing becomes public by being read in: somebody decides it.
        project.publication = row.cleaned["publication"] or Publication.WITHHELD
        project.state, bases[project.pk] = rules.inferred_state(
            status_as_printed="",
            budget=None,
            pledged=Decimal(0),
            has_code=bool(project.code),
        )
        fresh.append(project)
    Project.objects.bulk_create(fresh, batch_size=500)
    Decision.objects.bulk_create(
        [
            Decision(
                project=project,
                kind="state",
                after=project.state,
                decided_at=now,
                author_id=actor.user_id,
                author_name=actor.name,
                basis=bases[project.pk],
            )
            for project in fresh
        ],
        batch_size=500,
    )
    records = Project.objects.in_bulk([row.target for row in changed])
    _decide_publication(actor, records, changed)
    for row in changed:
        _fill(records[row.target], row, sources)
        records[row.target].version += 1
    if records:
        fields = [*_FIELDS.values(), "source", "version", "public_id"]
        Project.objects.bulk_update(records.values(), fields, batch_size=200)
    _store_printed(
        {project.reference: project for project in [*fresh, *records.values()]},
        [*created, *changed],
    )


def _decide_publication(actor: Actor, records: Mapping[UUID, Project], rows: Sequence[Row]) -> None:
    """What a file changes of what the public sees is a decision, as if taken on the page for it.

    Raises PermissionDenied.
    """
    decided = [row for row in rows if "publication" in row.changes]
    if not decided:
        return
    require(actor, Permission.PORTFOLIO_PUBLISH)
    now = timezone.now()
    decisions = []
    for row in decided:
        project, to = records[row.target], row.cleaned["publication"]
        if to == Publication.REDUCED:
            project.public_id = new_public_id()  # the old address may be known
        decisions.append(
            Decision(
                project=project,
                kind="publication",
                before=project.publication,
                after=to,
                decided_at=now,
                author_id=actor.user_id,
                author_name=actor.name,
                basis="file:publication",
            )
        )
    Decision.objects.bulk_create(decisions, batch_size=500)
    audit.record(
        actor, "project.publication_read_in", projects=[row.cleaned["id"] for row in decided]
    )


def _fill(project: Project, row: Row, sources: Mapping[str, SourceDocument]) -> None:
    for column in row.after:
        if column in _FIELDS:
            setattr(project, _FIELDS[column], row.cleaned[column])
    if "source" in row.after:
        project.source = sources.get(row.cleaned["source"])


def _store_printed(projects: Mapping[str, Project], rows: Iterable[Row]) -> None:
    figures = [
        PrintedFigure(
            project=projects[row.cleaned["id"]],
            field=PrintedFigure.Field.SHORTFALL,
            value=row.cleaned["shortfall_usd_as_printed"],
        )
        for row in rows
        if "shortfall_usd_as_printed" in row.after
    ]
    PrintedFigure.objects.bulk_create(
        figures,
        update_conflicts=True,
        unique_fields=["project", "field"],
        update_fields=["value"],
        batch_size=500,
    )


def _finish(actor: Actor, rows: Sequence[Row]) -> None:
    """What follows from the rows: programmes and wholes, places, findings."""
    references = [row.cleaned["id"] for row in rows]
    projects = {
        project.reference: project for project in Project.objects.filter(reference__in=references)
    }
    _link_programmes(projects, rows)
    store_places(
        {
            projects[row.cleaned["id"]].pk: (row.cleaned["countries"], projects[row.cleaned["id"]])
            for row in rows
            if "countries" in row.after or "region_as_printed" in row.after
        }
    )
    refresh_findings(project.pk for project in projects.values())


def _link_programmes(projects: Mapping[str, Project], rows: Sequence[Row]) -> None:
    """A project whose code is a programme's code carries that programme's money: the whole."""
    asked = {
        row.cleaned["id"]: row.cleaned["programme"] for row in rows if "programme" in row.after
    }
    wholes = {
        project.code: project
        for project in Project.objects.filter(code__in={code for code in asked.values() if code})
    }
    programmes = {
        each.code: each for each in Programme.objects.filter(code__in=set(asked.values()))
    }
    for code in {code for code in asked.values() if code} - programmes.keys():
        title = wholes[code].title if code in wholes else code
        programmes[code] = Programme.objects.create(code=code, title=title)
    changed = []
    for reference, code in asked.items():
        project = projects[reference]
        programme, whole = programmes.get(code), wholes.get(code)
        if (project.programme_id, project.part_of_id) != (_pk(programme), _pk(whole)):
            project.programme, project.part_of = programme, whole
            changed.append(project)
    Project.objects.bulk_update(changed, ["programme", "part_of"], batch_size=200)
    _adopt_parts(projects.values())


def _pk(record: Programme | Project | None) -> UUID | None:
    return record.pk if record else None


def _adopt_parts(projects: Iterable[Project]) -> None:
    """A whole that comes in after its parts takes them up."""
    programmes = {each.code: each for each in Programme.objects.all()}
    for project in projects:
        if project.code and project.code in programmes:
            programme = programmes[project.code]
            Programme.objects.filter(pk=programme.pk).update(title=project.title)
            Project.objects.filter(pk=project.pk).update(programme=programme, part_of=None)
            Project.objects.filter(programme=programme).exclude(pk=project.pk).update(
                part_of=project
            )


register(
    Kind(
        code="projects",
        label=_l("Projects"),
        permission=Permission.PORTFOLIO_IMPORT.value,
        columns=COLUMNS,
        prepare=_prepare,
        existing=_existing,
        write=_write,
        finish=_finish,
        order=10,
    )
)
