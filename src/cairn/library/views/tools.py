"""The register of tools, open to everybody: list, languages, one tool, files, taking a version."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.limits import limited
from cairn.library import exports
from cairn.library.actions.tools import count_download
from cairn.library.models import Tool, ToolVersion
from cairn.library.queries import tools as queries
from cairn.ui.formats import locale
from cairn.ui.pages import changed_query, page_of


def _asked(request: ActorRequest) -> queries.Asked:
    return queries.Asked(
        search=request.GET.get("q", "").strip()[:80],
        kind=request.GET.get("kind", "").strip()[:60],
        topic=request.GET.get("topic", "").strip()[:60],
        language=request.GET.get("language", "").strip()[:8],
    )


@require_safe
def tools(request: ActorRequest) -> HttpResponse:
    """The register as a list, or (`?view=languages`) as a table of languages."""
    asked = _asked(request)
    choices = queries.choices(request.actor)
    names = locale().languages
    by_name = sorted(
        ((code, str(names.get(code, code))) for code in choices.languages),
        key=lambda pair: pair[1].casefold(),
    )
    page = page_of(queries.tools(request.actor, asked), request)
    is_matrix = request.GET.get("view") == "languages"
    context = {
        "asked": asked,
        "choices": choices,
        "languages": by_name,
        "as_of": queries.as_of(request.actor),
        "page": page,
        "is_matrix": is_matrix,
        "matrix": [(tool, _states(tool, by_name)) for tool in page] if is_matrix else [],
        "other_href": changed_query(request.GET, {"view": None if is_matrix else "languages"}),
        "may_edit": request.actor.may(Permission.LIBRARY_EDIT),
        "files": [
            {
                "href": reverse("library:tools-export", args=[kind])
                + changed_query(request.GET, {"page": None, "view": None}),
                "label": _("These tools"),
                "format": kind.upper(),
            }
            for kind in exports.KINDS
        ],
    }
    return render(request, "library/tools.html", context)


def _states(tool: Tool, languages: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(name of the language, "exists" or "comes" or "") in the order of the columns."""
    return [
        (name, "exists" if code in tool.languages else "comes" if code in tool.forthcoming else "")
        for code, name in languages
    ]


@require_safe
def tool(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One tool: languages, versions, how often they were taken, what was made of it."""
    try:
        found = queries.find_tool(request.actor, pk)
    except Tool.DoesNotExist:
        raise Http404 from None
    versions = queries.versions(request.actor, found)
    context = {
        "tool": found,
        "versions": versions,
        "months": queries.months(request.actor, found),
        "adaptations": queries.adaptations(request.actor, found),
        "may_edit": request.actor.may(Permission.LIBRARY_EDIT),
    }
    return render(request, "library/tool.html", context)


@never_cache
@require_safe
@limited("export", per_minute=30, per_hour=300)
def take(request: ActorRequest, pk: UUID) -> HttpResponse:
    """On to where a version is kept; one more is counted for its month, and nothing else."""
    version = get_object_or_404(
        ToolVersion.objects.visible_to(request.actor).exclude(link=""), pk=pk
    )
    if request.method == "GET":
        count_download(version)
    return HttpResponseRedirect(version.link)


@require_safe
@limited("export", per_minute=30, per_hour=300)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The register as a file, as everybody sees it."""
    if kind not in exports.KINDS:
        raise Http404
    return exports.answer(kind, "tools", exports.tools(_asked(request)))
