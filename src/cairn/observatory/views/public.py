"""Published statistics for everybody: releases, their tables, maps, files, and years beside years.

The same for whoever asks, and made of published payloads only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.observatory.exports import public as exports
from cairn.observatory.forms import public as forms
from cairn.observatory.queries import public_pages as pages
from cairn.observatory.queries import published
from cairn.observatory.queries.public_words import spoken, words_of
from cairn.observatory.queries.published import Found, Withdrawn
from cairn.observatory.rules import publication_flows, publication_tables, publication_time
from cairn.observatory.rules.publication import Publication
from cairn.observatory.rules.publication_tables import Asked, Figures
from cairn.ui.pages import page_of

GONE = 410
# A withdrawn release is gone from caches of others after this many seconds.
FRESH_SECONDS = 300
MOST_FILTERED = 60
View = Callable[..., HttpResponseBase]
# Each of these pages reads whole payloads, of which a large one takes a second.
_LIMIT = limited("statistics.page", per_minute=120, per_hour=2_000)


def unless_withdrawn(view: View) -> View:
    """Answer 410 with the reason where the release was taken back."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Withdrawn as back:
            context = {"withdrawn": back}
            return render(request, "observatory/public_withdrawn.html", context, status=GONE)

    return guarded


@require_safe
def releases(request: ActorRequest) -> HttpResponse:
    """Every release, newest first; and those that were taken back, with the reason."""
    listed = published.published(PUBLIC)
    page = page_of(listed, request)
    lines = [
        {
            "release": each,
            "label": words_of(each.series).get(each.label, each.label),
            "period": pages.period_text(each.since, each.until),
            "unit": pages.unit_text(each.unit),
        }
        for each in page.rows
    ]
    context = {
        "lines": lines,
        "page": page,
        "series": sorted(
            {(each.series, words_of(each.series).get(each.label, each.label)) for each in listed},
            key=lambda one: one[1],
        ),
        "withdrawn": published.withdrawn(PUBLIC),
        # The one thing here that is not the same for everybody: a way to a page for staff.
        "may_see_national": request.actor.may(Permission.STATISTICS_VIEW),
    }
    return render(request, "observatory/public_releases.html", context)


@require_safe
@_LIMIT
@unless_withdrawn
def release(request: ActorRequest, code: str) -> HttpResponse:
    """What is counted and how it was protected; the tables that were published."""
    found = published.find(PUBLIC, code)
    told = spoken(found.publication)
    tables = [
        (",".join(by), ", ".join(told.by_name[name].label for name in by))
        for by in publication_tables.choices(told)
    ]
    context = {
        "found": found,
        "told": told,
        "period": pages.period_text(told.since, told.until),
        "statements": pages.statements(told),
        "protection": pages.protection_sentences(told),
        "quality": pages.quality_sentences(told),
        "breaks_within": pages.breaks_within(told),
        "tables": tables,
        "has_flows": publication_flows.movements(told) is not None,
    }
    return render(request, "observatory/public_release.html", context)


@require_safe
@_LIMIT
@unless_withdrawn
def table(request: ActorRequest, code: str) -> HttpResponse:
    """One table: up to three columns, filters among them, with a chart where one fits."""
    found = published.find(PUBLIC, code)
    told = spoken(found.publication)
    refusal: RuleBroken | None = None
    asked, figures = Asked(()), None
    try:
        asked = forms.asked(told, request.GET)
        figures = publication_tables.figures(told, asked)
    except RuleBroken as broken:
        refusal = broken
    context: dict[str, Any] = {
        "found": found,
        "told": told,
        "period": pages.period_text(told.since, told.until),
        "refusal": refusal,
        "choices": _choices(told, asked),
        "breaks_within": pages.breaks_within(told),
        "unit": pages.unit_text(told.statements["counting_unit"]),
    }
    if figures is not None:
        context |= _shown(request, told, asked, figures)
    return render(request, "observatory/public_table.html", context, status=422 if refusal else 200)


def _shown(
    request: ActorRequest, told: Publication, asked: Asked, figures: Figures
) -> dict[str, Any]:
    lines = figures.lines if forms.ALL in request.GET else figures.told
    title = pages.table_title(told, figures, asked.filters)
    return {
        "figures": figures,
        "title": title,
        "across": [figures.across.label_of(each) for each in figures.across_codes]
        if figures.across
        else [],
        "page": page_of(lines, request, per_page=50),
        "left_out": len(figures.lines) - len(lines),
        "chart": pages.chart(title, figures, told.breaks),
        "map": pages.area_map(title, figures),
        "query": ",".join(asked.columns),
    }


def _choices(told: Publication, asked: Asked) -> dict[str, Any]:
    """What the form offers: three columns, and a filter for each column that has not too many."""
    chosen = [*asked.columns, "", "", ""][:3]
    filters = dict(asked.filters)
    return {
        "columns": [
            {"number": number, "chosen": name, "options": told.columns}
            for number, name in enumerate(chosen, start=1)
        ],
        "filters": [
            {"column": column, "chosen": filters.get(column.name, "")}
            for column in told.columns
            if len(column.codes) <= MOST_FILTERED or column.field_class == "area"
        ],
        "is_narrowed": bool(filters),
    }


@require_safe
@_LIMIT
@unless_withdrawn
def flows(request: ActorRequest, code: str) -> HttpResponse:
    """From origin to where exploitation happened: a map, and every movement shown as a table."""
    found = published.find(PUBLIC, code)
    told = spoken(found.publication)
    movements = publication_flows.movements(told)
    if movements is None:
        raise Http404
    lines = [
        (movements.start.label_of(each.start), movements.end.label_of(each.end), each.value)
        for each in movements.lines
    ]
    title = _("%(what)s, from %(start)s to %(end)s") % {
        "what": told.label,
        "start": movements.start.label,
        "end": movements.end.label,
    }
    picture = pages.movement_map(movements, title)
    context = {
        "found": found,
        "told": told,
        "period": pages.period_text(told.since, told.until),
        "movements": movements,
        "title": title,
        "map": picture,
        "not_drawn": picture.without_shape,
        "page": page_of(lines, request, per_page=50),
    }
    return render(request, "observatory/public_flows.html", context)


@require_safe
@_LIMIT
def over_time(request: ActorRequest, series: str) -> HttpResponse:
    """Releases of one series beside each other, joined only where they compare."""
    told = [spoken(each) for each in published.of_series(PUBLIC, series)]
    if not told:
        raise Http404
    lines = [
        {
            "is_yearly": line.is_yearly,
            "is_broken": line.is_broken,
            "chart": pages.time_line(line, told[0].label),
            "moments": [
                (pages.period_text(each.since, each.until), each, pages.why(each))
                for each in reversed(line.moments)
            ],
        }
        for line in publication_time.timelines(told)
    ]
    breaks = sorted({each for found in told for each in found.breaks}, key=lambda one: one.on)
    context = {"told": told[0], "lines": lines, "breaks": breaks}
    return render(request, "observatory/public_series.html", context)


@require_safe
@limited("statistics.file", per_minute=30, per_hour=300)
@unless_withdrawn
def file(request: ActorRequest, code: str, kind: str) -> HttpResponse:
    """A release as CSV, JSON, XLSX, metadata, or all of it in one ZIP; CSV also of one table."""
    if kind not in exports.TYPES:
        raise Http404
    found = published.find(PUBLIC, code)
    name = f"{code}.{kind}" if kind != "metadata" else f"{code}-metadata.json"
    content: str | bytes
    match kind:
        case "csv":
            only = None
            if forms.BY in request.GET:
                asked = Asked(forms.asked(found.publication, request.GET).columns)
                only = [publication_tables.check_asked(found.publication, asked)]
            content = "".join(exports.csv_lines(found.publication, only))
        case "json":
            content = exports.as_json(found.payload)
        case "metadata":
            content = exports.as_json(exports.metadata(found))
        case "xlsx":
            content = exports.workbook(found)
        case _:
            content = exports.archive(found)
    response = HttpResponse(content, content_type=exports.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return kept(response, found)


def kept(response: HttpResponse, found: Found) -> HttpResponse:
    """Let others keep an answer for a while, under the digest of what was published."""
    response["ETag"] = f'W/"{found.digest[:32]}"'
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response
