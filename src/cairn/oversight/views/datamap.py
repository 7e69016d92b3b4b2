"""The data map and the impact-assessment sheet, as pages and as files."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.classification import Level
from cairn.core.language import language
from cairn.oversight import datamap
from cairn.oversight.actions.datamap import take_data_map, take_impact_sheet
from cairn.oversight.documents import impact

CONTENT_TYPES = {"pdf": "application/pdf", "json": "application/json"}


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def data_map(request: ActorRequest) -> HttpResponse:
    """What is kept, zone by zone; `?zone=` and `?level=` narrow it."""
    filters = datamap.Filters.from_query(request.GET)
    zones = datamap.data_map(filters)
    every = zones if not filters.is_any else datamap.data_map()
    counts = [each.counts[level] for each in every for level in Level]
    chosen = {"zone": filters.zone, "level": filters.level}
    context = {
        "zones": zones,
        "every": every,
        "levels": list(Level),
        "all_zones": [each.zone for each in every],
        "empty_zones": datamap.empty_zones(),
        "filters": filters,
        "chart": datamap.figure(every),
        "most": max(counts, default=0),
        "total": sum(counts),
        "second_factor": datamap.joined(datamap.roles_of_second_factor()),
        "csv_query": urlencode({name: value.value for name, value in chosen.items() if value}),
    }
    return render(request, "oversight/datamap.html", context)


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def data_map_csv(request: ActorRequest) -> HttpResponse:
    """The same as a file, one line for each field."""
    filters = datamap.Filters.from_query(request.GET)
    take_data_map(request.actor, str(filters.zone or ""), str(filters.level or ""))
    lines = "".join(datamap.csv_lines(filters))
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="data-map.csv"'
    return response


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def impact_sheet(request: ActorRequest) -> HttpResponse:
    """The impact-assessment sheet as a page, in the language of the page."""
    sheet = impact.sheet(language(), today=timezone.localdate())
    files = [
        {"kind": kind, "format": kind.upper(), "language": code}
        for code, _name in settings.LANGUAGES
        for kind in CONTENT_TYPES
    ]
    context = {"sheet": impact.for_page(sheet), "files": files}
    return render(request, "oversight/datamap_impact.html", context)


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def impact_sheet_file(request: ActorRequest, kind: str) -> HttpResponse:
    """The sheet as PDF or JSON, in the language that `?language=` names."""
    if kind not in CONTENT_TYPES:
        raise Http404
    asked = request.GET.get("language", "")
    chosen = asked if asked in dict(settings.LANGUAGES) else language()
    today = timezone.localdate()
    sheet = impact.sheet(chosen, today=today)
    content = impact.as_pdf(sheet, today=today) if kind == "pdf" else impact.as_json(sheet)
    take_impact_sheet(request.actor, kind, chosen)
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="impact-assessment-{chosen}.{kind}"'
    return response
