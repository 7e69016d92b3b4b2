"""The public front, the statements, the homes, and the sign of life."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.access.roles import LABELS
from cairn.core.actor import PUBLIC
from cairn.library import exports as registers
from cairn.portfolio import exports, reports
from cairn.portfolio.queries import overview
from cairn.portfolio.queries.listing import Filters, projects
from cairn.referral.views.today import WORK as HELP
from cairn.ui import theme
from cairn.web import entrances, queries, tours


@require_safe
def front(request: ActorRequest) -> HttpResponse:
    """What Cairn shows, to everybody the same: what is open, never more.

    On an event kit, which carries no portfolio, it leads to the event that it is there for.
    """
    if carried := queries.carried_event():
        return redirect("training:event", carried)
    found = projects(PUBLIC, Filters())
    lines = overview.countries(PUBLIC, found)
    summary = overview.summary(found)
    context = {
        "summary": summary,
        "share": summary.total.share,
        "held": queries.held(PUBLIC),
        "countries": len(lines),
        "map": overview.country_map(lines),
        "most_lacking": sorted(lines, key=lambda line: -(line.shortfall or 0))[:8],
        "languages": settings.LANGUAGES,
    }
    return render(request, "web/front.html", context)


@signed_in
@never_cache
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What needs the reader now, and what the reader's roles open."""
    actor = request.actor
    context = {
        "needs": queries.needs(actor),
        "roles": [str(label) for code, label in LABELS.items() if code in actor.roles],
        "tasks": tours.tasks(actor),
        "doors": entrances.doors(actor),
        "is_staff": actor.may(Permission.PORTFOLIO_VIEW),
        "may_work": actor.may_any(tours.WORK),
        "has_today": actor.may_any(HELP),
    }
    return render(request, "web/home.html", context)


@require_safe
def about(request: ActorRequest) -> HttpResponse:
    found = projects(PUBLIC, Filters())
    context = {"summary": overview.summary(found), "contact": _contact()}
    return render(request, "web/about.html", context)


@require_safe
def open_data(request: ActorRequest) -> HttpResponse:
    """Everything that may be taken away, with what each column holds."""
    projects_count = projects(PUBLIC, Filters()).count()
    export = reverse("portfolio:export", args=["csv"]).removesuffix("csv")
    context: dict[str, Any] = {
        "count": projects_count,
        "tables": [
            {"href": f"{export}{kind}?open=1", "format": kind.upper()}
            for kind in ("csv", "xlsx", "json")
        ]
        + [
            {"href": f"{export}{kind}?open=1&hxl=1", "format": kind.upper(), "has_hashtags": True}
            for kind in ("csv", "xlsx")
        ],
        "columns": exports.COLUMNS.items(),
        "languages": settings.LANGUAGES,
        "kinds": ("pdf", *reports.formats(), "json", "html"),
        "registers": [
            {
                "href": reverse(f"library:{name}-export", args=[kind]),
                "label": label,
                "format": kind.upper(),
            }
            for name, label in (("practices", _("Practices")), ("tools", _("Tools")))
            for kind in registers.KINDS
        ],
        "changed": queries.last_change(PUBLIC),
    }
    return render(request, "web/data.html", context)


@require_safe
def accessibility(request: ActorRequest) -> HttpResponse:
    return render(request, "web/accessibility.html", {"contact": _contact()})


@require_safe
def privacy(request: ActorRequest) -> HttpResponse:
    context = {
        "contact": _contact(),
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "theme_cookie": theme.COOKIE,
    }
    return render(request, "web/privacy.html", context)


@never_cache
@require_safe
def healthz(request: ActorRequest) -> HttpResponse:
    """200 while the database answers, 503 while it does not; says no more than that."""
    try:
        is_well = queries.answers()
    except (Error, ImproperlyConfigured):
        is_well = False
    status = "ok" if is_well else "unavailable"
    return JsonResponse({"status": status}, status=200 if is_well else 503)


def _contact() -> str:
    """Where complaints go: an address that the operator sets; empty in a demonstration."""
    return str(getattr(settings, "CONTACT", ""))
