"""The two documents as plain JSON: project page and partnership folder."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models import Finding, Project
from cairn.portfolio.panels import as_records, panels
from cairn.portfolio.queries import totals
from cairn.portfolio.queries.listing import order_of
from cairn.portfolio.queries.project import find_with_details, payload, payloads
from cairn.portfolio.queries.records import Payload, finding_payload, number
from cairn.portfolio.rules import Chapter

Progress = Callable[[int, int], None]


def project_page(actor: Actor, address: str, language: str, *, today: date) -> Payload:
    """The page of one project. Raises Project.DoesNotExist."""
    with override(language):
        found = find_with_details(actor, address)
        return {
            "document": "project-page",
            "language": language,
            "generated_on": today.isoformat(),
            "project": payload(actor, found) | {"computed": as_records(panels(actor, found))},
        }


def partnership_folder(
    actor: Actor,
    found: QuerySet[Project],
    language: str,
    *,
    today: date,
    progress: Progress | None = None,
) -> Payload:
    """The folder over `found` (a queryset with money and `shown_*`, see listing.projects).

    `projects`: all of them; `chapters`: their ids under each heading; `totals` say what they
    include. `progress(done, total)` is called as projects are read.
    """
    with override(language):
        ordered = found.order_by(*order_of("reference"))
        count = ordered.count()
        rows: list[Payload] = []
        for row in payloads(actor, ordered):
            rows.append(row)
            if progress and (len(rows) % 50 == 0 or len(rows) == count):
                progress(len(rows), count)
        return {
            "document": "partnership-folder",
            "language": language,
            "generated_on": today.isoformat(),
            "title": _("Partnership folder"),
            "introduction": _introduction(count),
            "projects": [_summary(row) | row for row in rows],
            "chapters": [
                {
                    "code": chapter.value,
                    "title": str(chapter.label),
                    "projects": [row["id"] for row in rows if row["chapter"]["code"] == chapter],
                }
                for chapter in Chapter
                if any(row["chapter"]["code"] == chapter for row in rows)
            ],
            "totals": folder_totals(actor, ordered),
            "findings": findings_list(actor, ordered),
        }


def _summary(row: Payload) -> Payload:
    """The short form that programs read: codes instead of names."""
    return {
        "country_names": [each["name"] for each in row["location"]["countries"]],
        "countries": row["location"].get("reached", []),
    }


def _introduction(count: int) -> list[str]:
    return [
        ngettext(
            "This folder presents %(count)d project against trafficking in persons and the "
            "smuggling of migrants that partners can support.",
            "This folder presents %(count)d projects against trafficking in persons and the "
            "smuggling of migrants that partners can support.",
            count,
        )
        % {"count": count},
        _(
            "Every figure is computed from records: what a project costs, what was pledged and "
            "what is still lacking. Where the source printed something else, the printed figure "
            "stands beside it and the annex lists the difference."
        ),
        _(
            "A project that is part of a programme is shown, but its money is counted once, with "
            "the programme. Each total says what it includes."
        ),
    ]


def folder_totals(actor: Actor, found: QuerySet[Project]) -> Payload:
    """Overall, by region, by printed region and by donor. US dollars."""
    whole = totals.total(found)
    return {
        "overall": {
            "projects": whole.projects,
            "budget": number(whole.budget),
            "pledged": number(whole.pledged),
            "shortfall": number(whole.shortfall),
            "surplus": number(whole.surplus),
            "without_budget": whole.without_budget,
            "pledged_without_budget": number(whole.pledged_without_budget),
            "includes": includes(whole),
            "excludes": excludes(whole),
            "parts": whole.parts,
        },
        "by_region": [_line(line) for line in totals.by_chapter(found)],
        "by_region_as_printed": [
            _line(line, unnamed=str(Chapter.NONE.label)) for line in totals.by_printed_region(found)
        ]
        if actor.may(Permission.PORTFOLIO_VIEW)
        else [],
        "by_donor": [
            _line(line, unnamed=_("Donor not named in the source"))
            for line in totals.by_donor(actor, found)
        ],
    }


def _line(line: totals.Line, unnamed: str = "") -> Payload:
    return {
        "code": line.code,
        "name": line.name or unnamed,
        "projects": line.projects,
        "budget": number(line.budget),
        "pledged": number(line.pledged),
        "shortfall": number(line.shortfall),
    }


def includes(total: totals.Total) -> str:
    """One sentence: what the total counts."""
    return ngettext(
        "%(count)d project, each counted once.",
        "%(count)d projects, each counted once.",
        total.projects,
    ) % {"count": total.projects}


def excludes(total: totals.Total) -> str:
    """Sentences on what is not in the total, or not in its shortfall; may be empty."""
    said = []
    if total.parts:
        said.append(
            _("Not counted again, because they lie inside a programme: %(parts)s.")
            % {"parts": ", ".join(total.parts)}
        )
    if total.without_budget:
        said.append(
            ngettext(
                "%(count)d project prints no budget: its pledges are in the pledges, but it "
                "has no shortfall.",
                "%(count)d projects print no budget: their pledges are in the pledges, but they "
                "have no shortfall.",
                total.without_budget,
            )
            % {"count": total.without_budget}
        )
    return " ".join(said)


def findings_list(actor: Actor, found: QuerySet[Project] | None = None) -> list[dict[str, Any]]:
    """Findings as programs read them: project, field, printed, computed, difference, reason."""
    rows = Finding.objects.visible_to(actor).select_related("project")
    if found is not None:
        rows = rows.filter(project__in=found.order_by().values("pk"))
    listed = []
    for row in rows.order_by("project__reference", "field"):
        entry = finding_payload(row)
        listed.append(
            {
                "project": row.project.reference,
                "code": row.project.code,
                "title": row.project.title,
                "field": entry["field_code"],
                "field_label": entry["field"],
                "printed": entry["printed"],
                "printed_text": entry["printed_text"],
                "computed": entry["computed"],
                "difference": entry["difference"],
                "reason": entry["reason"],
                "reason_code": entry["reason_code"],
                "explanation": entry["explanation"],
            }
        )
    return listed
