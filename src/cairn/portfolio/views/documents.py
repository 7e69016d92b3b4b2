"""The two documents: as web pages, PDF and JSON, in the language that the reader asks for."""

import base64
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.portfolio import reports
from cairn.portfolio.actions.exports import export_projects
from cairn.portfolio.queries import overview
from cairn.portfolio.queries.listing import Filters, projects

TYPES = {"json": "application/json", "pdf": "application/pdf", "html": "text/html; charset=utf-8"}
# Above this a folder is made at the console, where its progress can be seen.
ONLINE_PROJECTS = 500
# Documents are kept for an hour so that asking again and again costs the server little.
KEPT_SECONDS = 3600
KEPT_BYTES = 2 * 2**20


@require_safe
@limited("document", per_minute=60, per_hour=600)
def project_file(request: ActorRequest, address: str, kind: str) -> HttpResponse:
    """The page of one project as a file."""
    _known(kind)
    actor = _reader(request)
    language, today = _language(request), timezone.localdate()
    content = _kept(
        actor,
        ("page", address, kind, language, today.isoformat()),
        lambda: reports.project_page(actor, address, kind, language, today=today),
    )
    return _file(content, kind, f"project-page-{address}")


@require_safe
def folder(request: ActorRequest) -> HttpResponse:
    """What the folder would hold for the filters in the address, and the files to take."""
    filters = Filters.from_query(request.GET)
    summary = overview.summary(projects(request.actor, filters))
    context = {
        "filters": filters,
        "summary": summary,
        "count": summary.listed,
        "too_many": summary.listed > ONLINE_PROJECTS,
        "limit": ONLINE_PROJECTS,
        "languages": settings.LANGUAGES,
        "query": _query(request),
        "more_kinds": list(reports.formats()),
    }
    return render(request, "portfolio/folder.html", context)


def _query(request: ActorRequest) -> str:
    """The query of the files: staff who may take no list out get what is open to everybody."""
    query = request.GET.copy()
    actor = request.actor
    if actor.may(Permission.PORTFOLIO_VIEW) and not actor.may(Permission.PORTFOLIO_EXPORT):
        query["open"] = "1"
    return query.urlencode()


@require_safe
@limited("folder", per_minute=30, per_hour=300)
def folder_file(request: ActorRequest, kind: str) -> HttpResponse:
    """The folder as a file, over the projects that the filters in the address choose."""
    _known(kind)
    reader, filters = _reader(request), Filters.from_query(request.GET)
    if projects(reader, filters).count() > ONLINE_PROJECTS:
        return folder(request)
    # The folder tells no less than the list as a file, so the same permission opens it.
    actor, found = export_projects(reader, filters, f"folder.{kind}")
    language, today = _language(request), timezone.localdate()
    content = _kept(
        actor,
        ("folder", repr(filters), kind, language, today.isoformat()),
        lambda: reports.folder(actor, kind, language, today=today, found=found),
    )
    return _file(content, kind, "partnership-folder")


def _kept(actor: Actor, about: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    """A document that was made before, as long as nothing was written since.

    Every write leaves an audit entry, so the last entry's number tells whether records changed;
    two readers share a document when their permissions are the same.
    """
    parts = (*about, *sorted(actor.permissions), str(audit.last_sequence()))
    key = "document:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
    kept = caches["documents"]
    content: bytes | None = kept.get(key)
    if content is None:
        content = make()
        if len(content) <= KEPT_BYTES:
            kept.set(key, content, timeout=KEPT_SECONDS)
    return content


def _reader(request: ActorRequest) -> Actor:
    """Whoever asks; with ?open=1 the public, so that staff can take what is open to everybody."""
    return PUBLIC if request.GET.get("open") == "1" else request.actor


def _known(kind: str) -> None:
    if kind not in TYPES and kind not in reports.formats():
        raise Http404


def _language(request: ActorRequest) -> str:
    asked = request.GET.get("language", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return language()


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    is_zip = kind == "pdf" and content[:2] == b"PK"
    more = {name: each.content_type for name, each in reports.formats().items()}
    content_type = "application/zip" if is_zip else (TYPES | more)[kind]
    response = HttpResponse(content, content_type=content_type)
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
