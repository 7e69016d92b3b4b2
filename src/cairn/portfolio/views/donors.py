"""Donors: the list, and what one of them pledged where."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.portfolio.queries import donors as queries
from cairn.ui.pages import page_of


@require_safe
def donors(request: ActorRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    lines = queries.donors(request.actor, words)
    context = {
        "words": words,
        "page": page_of(lines, request),
        "lines": lines,
        "pledged": sum((line.pledged for line in lines), 0),
        "most": max((line.pledged for line in lines), default=0),
    }
    return render(request, "portfolio/donors.html", context)


@require_safe
def donor(request: ActorRequest, slug: str) -> HttpResponse:
    found = queries.donor(request.actor, slug)
    context = {
        "donor": found,
        "page": page_of(found.given, request),
        "is_staff": request.actor.may(Permission.PORTFOLIO_VIEW),
        "has_stages": any(each.agreed or each.received or each.spent for each in found.given),
    }
    return render(request, "portfolio/donor.html", context)
