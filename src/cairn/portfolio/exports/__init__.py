"""Rows of the list of projects for CSV, XLSX and JSON: what the reader may see, nothing more."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.portfolio.models import Project, ProjectTheme
from cairn.portfolio.queries.listing import Card, cards
from cairn.portfolio.queries.records import number

CHUNK = 500
# A workbook of some thousand projects stays in memory; larger ones go to a temporary file.
IN_MEMORY = 4 * 1024 * 1024

Cell = str | int | float | None
# Name of a column -> what stands in it. Names are the same in every language: programs read them.
COLUMNS: dict[str, Promise] = {
    "id": gettext_lazy(
        "Reference of the project; for a project whose country is withheld, a code of eight "
        "letters and digits that tells nothing."
    ),
    "code": gettext_lazy("Project number that the programme gave on approval; empty before."),
    "title": gettext_lazy("Title, in the project's own language."),
    "language": gettext_lazy("Language of the title, as a code of ISO 639-1."),
    "state": gettext_lazy("State of the project, as a code: concept, approved, active and so on."),
    "chapter": gettext_lazy(
        "The one continent in which it works, as a code of UN M49; 001 is global, “several” more "
        "than one continent."
    ),
    "countries": gettext_lazy(
        "Countries that the project names, as alpha-3 codes of ISO 3166-1 with | between them; "
        "empty when it names none or when they are withheld."
    ),
    "region_as_printed": gettext_lazy("Region as the source prints it."),
    "themes": gettext_lazy("Service areas, as codes with | between them."),
    "starts": gettext_lazy("Start as far as it is known: year, year-month or day."),
    "ends": gettext_lazy("End as far as it is known: year, year-month or day."),
    "budget_usd": gettext_lazy("Budget in US dollars; empty when the source prints no figure."),
    "pledged_usd": gettext_lazy("Pledges that were not withdrawn, in US dollars."),
    "shortfall_usd": gettext_lazy(
        "Computed: budget less pledges, never below zero; empty without a budget."
    ),
    "funded_share": gettext_lazy(
        "Pledges as a part of the budget, 0 to 1; empty without a budget."
    ),
    "part_of": gettext_lazy(
        "Reference of the project in whose budget this one lies. Leave these rows out of sums."
    ),
}
# Column -> its hashtag of the Humanitarian Exchange Language (HXL 1.1), for who asks for that row.
HASHTAGS: dict[str, str] = {
    "id": "#activity+code",
    "code": "#activity+code+programme",
    "title": "#activity+name",
    "language": "#meta+lang",
    "state": "#status+code",
    "chapter": "#region+code+v_m49",
    "countries": "#country+code+list+v_iso3",
    "region_as_printed": "#region+name",
    "themes": "#sector+code+list",
    "starts": "#date+start",
    "ends": "#date+end",
    "budget_usd": "#value+budget+usd",
    "pledged_usd": "#value+pledged+usd",
    "shortfall_usd": "#value+shortfall+usd",
    "funded_share": "#indicator+funded+num",
    "part_of": "#activity+code+parent",
    "publication": "#meta+publication",
}
STAFF_COLUMNS: dict[str, Promise] = {
    "publication": gettext_lazy("What the public sees: public, reduced or withheld."),
}


def columns(actor: Actor) -> dict[str, Promise]:
    """The columns that `actor` gets, with their descriptions."""
    if actor.may(Permission.PORTFOLIO_VIEW):
        return COLUMNS | STAFF_COLUMNS
    return COLUMNS


def rows(actor: Actor, found: QuerySet[Project]) -> Iterator[list[Cell]]:
    """One row for each project of `found` (from listing.projects), in its order.

    Memory stays flat: projects are read in chunks of `CHUNK`.
    """
    names = list(columns(actor))
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        projects = {row.pk: row for row in found.order_by().filter(pk__in=part)}
        listed = [projects[key] for key in part if key in projects]
        themes: dict[object, list[str]] = {}
        for pk, theme in ProjectTheme.objects.filter(project__in=part).values_list(
            "project", "theme"
        ):
            themes.setdefault(pk, []).append(theme)
        for project, card in zip(listed, cards(actor, listed), strict=True):
            cells = _cells(project, card, themes.get(project.pk, []))
            yield [cells[name] for name in names]


def _cells(project: Project, card: Card, themes: list[str]) -> dict[str, Cell]:
    """Every column of one project; what a reduced one withholds is empty."""
    return {
        "id": card.address,
        "code": card.code,
        "title": card.title,
        "language": card.language,
        "state": card.state.value,
        "chapter": card.chapter.value,
        "countries": "|".join(card.countries),
        "region_as_printed": "" if card.is_reduced else card.place,
        "themes": "|".join(themes),
        "starts": "" if card.is_reduced else project.starts,
        "ends": "" if card.is_reduced else project.ends,
        "budget_usd": number(card.budget),
        "pledged_usd": number(card.pledged),
        "shortfall_usd": number(card.shortfall),
        "funded_share": None if card.share is None else round(card.share, 4),
        "part_of": card.part_of,
        "publication": card.publication.value,
    }


def _tagged(actor: Actor, found: QuerySet[Project], *, with_hashtags: bool) -> Iterator[list[Cell]]:
    """The rows, below a row of hashtags where one is asked for."""
    if with_hashtags:
        yield [HASHTAGS[name] for name in columns(actor)]
    yield from rows(actor, found)


def projects_csv(
    actor: Actor, found: QuerySet[Project], *, with_hashtags: bool = False
) -> Iterator[str]:
    """CSV lines, header first, with the mark that spreadsheets need to see UTF-8."""
    table = _tagged(actor, found, with_hashtags=with_hashtags)
    return write_csv(list(columns(actor)), table, bom=True)


def projects_json(
    actor: Actor, found: QuerySet[Project], *, with_hashtags: bool = False
) -> Iterator[str]:
    """A JSON list of objects, one line each; numbers are numbers, unknown is null.

    Its names say what they are: hashtags have no place in it.
    """
    names = list(columns(actor))
    yield "["
    start = "\n"
    for row in rows(actor, found):
        yield start + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        start = ",\n"
    yield "\n]\n"


def projects_xlsx(
    actor: Actor,
    found: QuerySet[Project],
    *,
    now: datetime,
    notes: list[str],
    with_hashtags: bool = False,
) -> IO[bytes]:
    """A workbook, rewound: the projects, and a sheet that says what each column holds.

    `notes`: sentences for that sheet (what was filtered, what is left out). Raises RuleBroken as
    core.tables.write_xlsx does.
    """
    described = columns(actor)
    target = SpooledTemporaryFile(max_size=IN_MEMORY)
    about: list[list[Cell]] = [[name, str(text)] for name, text in described.items()]
    about += [["", note] for note in notes]
    write_xlsx(
        cast(IO[bytes], target),
        [
            Sheet(
                _("Projects"),
                list(described),
                _tagged(actor, found, with_hashtags=with_hashtags),
            ),
            Sheet(_("About this table"), [_("Column"), _("What it holds")], about),
        ],
        title=_("Projects"),
        right_to_left=get_language_bidi(),
        created=now.replace(tzinfo=None),
    )
    target.seek(0)
    return cast(IO[bytes], target)


# Kind in the address -> content type.
CONTENT_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
LINES: dict[str, Callable[..., Iterator[str]]] = {
    "csv": projects_csv,
    "json": projects_json,
}
