"""Countries: the list, and what is being done in one of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import PUBLIC
from cairn.core.language import language
from cairn.portfolio.exports.iati import publisher
from cairn.portfolio.queries import countries as queries
from cairn.portfolio.queries import documents, iati, overview
from cairn.portfolio.queries.listing import Filters
from cairn.ui.pages import page_of


@require_safe
def countries(request: ActorRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    region = request.GET.get("region", "").strip()[:3]
    lines = queries.countries(request.actor, search=words, region=region)
    continents = [
        (each.code, geography.region_name(each.code, language()))
        for each in geography.regions()
        if each.parent == geography.WORLD
    ]
    context = {
        "words": words,
        "region": region,
        "regions": sorted(continents, key=lambda pair: pair[1]),
        "page": page_of(lines, request),
        "most": max((line.shortfall or 0 for line in lines), default=0),
        "map": None if words or region else overview.country_map(lines),
    }
    return render(request, "portfolio/countries.html", context)


@require_safe
def country_data(request: ActorRequest, code: str) -> HttpResponse:
    """What everybody may take away about one country: the same page for everybody."""
    try:
        found = queries.country(PUBLIC, code, today=timezone.localdate())
    except KeyError:
        raise Http404 from None
    open_projects = iati.published(Filters(country=code))
    years = iati.budget_years(open_projects, publisher(), today=timezone.localdate())
    context = {
        "country": found,
        "page": page_of(found.named, request),
        "years": years,
        "year_bars": overview.year_bars(years) if years else "",
    }
    return render(request, "portfolio/country_data.html", context)


@require_safe
def country(request: ActorRequest, code: str) -> HttpResponse:
    if code != code.upper():
        return redirect("portfolio:country", code=code.upper(), permanent=True)
    try:
        found = queries.country(request.actor, code, today=timezone.localdate())
    except KeyError:
        raise Http404 from None
    context = {
        "country": found,
        "page": page_of(found.named, request),
        "includes": documents.includes(found.money),
        "excludes": documents.excludes(found.money),
        "is_staff": request.actor.may(Permission.PORTFOLIO_VIEW),
    }
    return render(request, "portfolio/country.html", context)
