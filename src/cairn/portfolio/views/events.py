"""Events: workshops, trainings and meetings in one list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.portfolio.queries import events as queries
from cairn.ui.pages import page_of


@require_safe
def events(request: ActorRequest) -> HttpResponse:
    year = request.GET.get("year", "").strip()
    asked = queries.Asked(
        search=request.GET.get("q", "").strip()[:80],
        country=request.GET.get("country", "").strip()[:3],
        year=year if year.isdecimal() and len(year) == 4 else "",
    )
    countries, years = queries.choices(request.actor)
    page = page_of(queries.events(request.actor, asked), request)
    context = {
        "asked": asked,
        "countries": countries,
        "years": years,
        "page": page,
        "events": [queries.shown(event) for event in page.rows],
    }
    return render(request, "portfolio/events.html", context)
