"""The two documents: as web pages, PDF and JSON, in the language that the reader asks for."""

import base64
import hashlib

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.portfolio import reports
from cairn.portfolio.queries.listing import Filters, projects

TYPES = {"json": "application/json", "pdf": "application/pdf", "html": "text/html; charset=utf-8"}
# Above this a folder is made at the console, where its progress can be seen.
ONLINE_PROJECTS = 500


@require_safe
def project_file(request: ActorRequest, address: str, kind: str) -> HttpResponse:
    """The page of one project as a file."""
    _known(kind)
    content = reports.project_page(
        request.actor, address, kind, _language(request), today=timezone.localdate()
    )
    return _file(content, kind, f"project-page-{address}")


@require_safe
def folder(request: ActorRequest) -> HttpResponse:
    """What the folder would hold for the filters in the address, and the files to take."""
    filters = Filters.from_query(request.GET)
    found = projects(request.actor, filters)
    count = found.count()
    context = {
        "filters": filters,
        "count": count,
        "too_many": count > ONLINE_PROJECTS,
        "limit": ONLINE_PROJECTS,
        "languages": settings.LANGUAGES,
        "query": request.GET.urlencode(),
    }
    return render(request, "portfolio/folder.html", context)


@require_safe
def folder_file(request: ActorRequest, kind: str) -> HttpResponse:
    """The folder as a file, over the projects that the filters in the address choose."""
    _known(kind)
    found = projects(request.actor, Filters.from_query(request.GET))
    if found.count() > ONLINE_PROJECTS:
        return folder(request)
    content = reports.folder(
        request.actor, kind, _language(request), today=timezone.localdate(), found=found
    )
    return _file(content, kind, "partnership-folder")


def _known(kind: str) -> None:
    if kind not in TYPES:
        raise Http404


def _language(request: ActorRequest) -> str:
    asked = request.GET.get("language", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return (get_language() or "en")[:2]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    is_zip = content[:2] == b"PK"
    response = HttpResponse(content, content_type="application/zip" if is_zip else TYPES[kind])
    ending = "zip" if is_zip else kind
    way = "inline" if kind == "html" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{name}.{ending}"'
    if kind == "html":
        # The page carries its one style sheet inside, and nothing else: no script, no picture.
        response["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{_style_hash(content)}'; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
    return response


def _style_hash(content: bytes) -> str:
    start = content.index(b"<style>") + len(b"<style>")
    style = content[start : content.index(b"</style>")]
    return base64.b64encode(hashlib.sha256(style).digest()).decode()
