"""The register of tools, open to everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.library.queries import tools as queries
from cairn.ui.formats import locale
from cairn.ui.pages import page_of


@require_safe
def tools(request: ActorRequest) -> HttpResponse:
    asked = queries.Asked(
        search=request.GET.get("q", "").strip()[:80],
        kind=request.GET.get("kind", "").strip()[:60],
        topic=request.GET.get("topic", "").strip()[:60],
        language=request.GET.get("language", "").strip()[:8],
    )
    choices = queries.choices(request.actor)
    names = locale().languages
    context = {
        "asked": asked,
        "choices": choices,
        "languages": sorted(
            ((code, str(names.get(code, code))) for code in choices.languages),
            key=lambda pair: pair[1].casefold(),
        ),
        "as_of": queries.as_of(request.actor),
        "page": page_of(queries.tools(request.actor, asked), request),
    }
    return render(request, "library/tools.html", context)
