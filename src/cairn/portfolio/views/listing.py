"""The list of projects, its map and charts, and its export."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import PUBLIC
from cairn.core.limits import limited
from cairn.portfolio import exports
from cairn.portfolio.actions.exports import export_projects
from cairn.portfolio.forms.filters import FilterForm
from cairn.portfolio.models import Project
from cairn.portfolio.queries import overview, totals
from cairn.portfolio.queries.donors import by_donor
from cairn.portfolio.queries.listing import ORDERS, Filters, cards, order_of
from cairn.portfolio.queries.listing import projects as found_by
from cairn.portfolio.queries.options import Chip, asked, chips, options
from cairn.ui.pages import Column, changed_query, page_of, sorting_of

VIEWS = ("list", "map", "charts")
COLUMNS = (
    Column("reference", gettext_lazy("Project"), ORDERS["reference"]),
    Column("state", gettext_lazy("Status")),
    Column("budget", gettext_lazy("Budget"), ORDERS["budget"], is_numeric=True),
    Column("pledged", gettext_lazy("Pledged"), ORDERS["pledged"], is_numeric=True),
    Column("shortfall", gettext_lazy("Shortfall"), ORDERS["shortfall"], is_numeric=True),
    Column("share", gettext_lazy("Funded")),
)


@require_safe
def projects(request: ActorRequest) -> HttpResponse:
    """The list, or the map or charts of the same projects (`?view=`). htmx gets the part."""
    filters = asked(request.actor, request.GET)
    found = found_by(request.actor, filters)
    shown = request.GET.get("view", "")
    shown = shown if shown in VIEWS else "list"
    choices = options(request.actor)
    context = {
        "view": shown,
        "summary": overview.summary(found),
        "chips": [_removable(request, chip) for chip in chips(filters, choices)],
        "clear_href": _without_filters(request, filters),
        "form": FilterForm(choices, _typed(request, filters)),
        "folder_query": _folder_query(filters),
        "folded": filters.active - bool(filters.search),
        "may_export": request.actor.may(Permission.PORTFOLIO_EXPORT)
        or not request.actor.may(Permission.PORTFOLIO_VIEW),
        "is_staff": request.actor.may(Permission.PORTFOLIO_VIEW),
        "may_edit": request.actor.may(Permission.PORTFOLIO_EDIT),
        "may_import": request.actor.may(Permission.PORTFOLIO_IMPORT),
        **_part(request, found, shown),
    }
    is_part = bool(request.htmx) and request.headers.get("HX-History-Restore-Request") != "true"
    name = "portfolio/_projects.html" if is_part else "portfolio/projects.html"
    response = render(request, name, context)
    if is_part:
        query = changed_query(
            request.GET, {key: None for key, value in request.GET.items() if not value}
        )
        response["HX-Push-Url"] = request.path + query
    patch_vary_headers(response, ["HX-Request"])
    return response


def _part(request: ActorRequest, found: QuerySet[Project], shown: str) -> dict[str, object]:
    """What the chosen view needs, and no more."""
    if shown == "map":
        lines = overview.countries(request.actor, found)
        return {"countries": lines, "map": overview.country_map(lines)}
    if shown == "charts":
        chapters = totals.by_chapter(found)
        donors = by_donor(request.actor, found)
        return {
            "chapters": chapters,
            "chapter_bars": overview.chapter_bars(chapters),
            "donors": donors,
            "donor_bars": overview.donor_bars(donors),
            "most_bars": overview.MOST_BARS,
        }
    sorting = sorting_of(request, (*COLUMNS, Column("title", "", ORDERS["title"])), "reference")
    key = ("-" if sorting.is_descending else "") + sorting.key
    page = page_of(found.order_by(*_order(order_of(key)), "pk"), request)
    return {
        "page": page,
        "headers": sorting.headers[: len(COLUMNS)],
        "cards": cards(request.actor, page.rows),
    }


def _order(fields: Iterable[str]) -> list[OrderBy]:
    """Unknown amounts come last both ways; databases do not agree on where they put them."""
    return [
        F(name.removeprefix("-")).desc(nulls_last=True)
        if name.startswith("-")
        else F(name).asc(nulls_last=True)
        for name in fields
    ]


def _removable(request: ActorRequest, chip: Chip) -> dict[str, str]:
    """A chip with the address of the list without it."""
    gone = {chip.field: None, "page": None}
    if chip.field == "q":
        gone["search"] = None
    return {"label": chip.label, "value": chip.value, "href": changed_query(request.GET, gone)}


def _without_filters(request: ActorRequest, filters: Filters) -> str:
    """The list with its view and order but no filter; empty when none is set."""
    if not filters.active:
        return ""
    gone = dict.fromkeys((*Filters.__dataclass_fields__, "q", "page"))
    return request.path + changed_query(request.GET, gone)


def _folder_query(filters: Filters) -> str:
    """The address of the folder of the same projects, as `Filters.from_query` reads it."""
    names = Filters.__dataclass_fields__
    values = {name: getattr(filters, name) for name in names if getattr(filters, name)}
    return f"?{urlencode(values)}" if values else ""


def _typed(request: ActorRequest, filters: Filters) -> dict[str, str]:
    names = Filters.__dataclass_fields__
    values = {name: getattr(filters, name) for name in names}
    values |= {"q": filters.search, "country": filters.country.upper()}
    return values | {"sort": request.GET.get("sort", "")}


@require_safe
@limited("export", per_minute=30, per_hour=300)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The filtered projects as a file. `?open=1`: as the public sees them, whoever asks.

    `?hxl=1`: with a row of hashtags below the names of the columns.
    """
    if kind not in exports.CONTENT_TYPES:
        raise Http404
    actor = PUBLIC if request.GET.get("open") == "1" else request.actor
    filters = asked(actor, request.GET)
    reader, found = export_projects(actor, filters, kind)
    found = found.order_by(*_order(order_of(request.GET.get("sort", ""))), "pk")
    name = f"cairn-projects-{timezone.localdate().isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content_type = exports.CONTENT_TYPES[kind]
    with_hashtags = request.GET.get("hxl") == "1"
    if kind == "xlsx":
        book = exports.projects_xlsx(
            reader,
            found,
            now=timezone.now(),
            notes=_notes(request, filters),
            with_hashtags=with_hashtags,
        )
        return FileResponse(book, as_attachment=True, filename=name, content_type=content_type)
    lines = exports.LINES[kind](reader, found, with_hashtags=with_hashtags)
    return StreamingHttpResponse(lines, content_type=content_type, headers=headers)


def _notes(request: ActorRequest, filters: Filters) -> list[str]:
    """What a reader of the workbook has to know before summing."""
    said = [
        _("Parts lie inside the budget of the project in “part_of”: leave them out of sums."),
        _("Made on %(day)s from %(address)s.")
        % {
            "day": timezone.localdate().isoformat(),
            "address": request.build_absolute_uri(reverse("portfolio:projects")),
        },
    ]
    if filters.active:
        said.append(_("Filtered: %(query)s") % {"query": request.GET.urlencode()})
    return said
