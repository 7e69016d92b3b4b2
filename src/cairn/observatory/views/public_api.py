"""Published statistics for programs: read only, JSON, errors that say what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.limits import LimitReached, limited
from cairn.observatory.documents.public_api import description
from cairn.observatory.exports import public as exports
from cairn.observatory.forms import public as forms
from cairn.observatory.models import Published
from cairn.observatory.queries import published
from cairn.observatory.queries.published import Listed, Withdrawn
from cairn.observatory.rules.publication_tables import check_asked
from cairn.observatory.views.public import GONE, kept

PROBLEM = "application/problem+json"
# A column, a code or a table that is not there is the asker's; the rest is ours.
ASKED_WRONGLY = frozenset({"observatory.column", "observatory.code", "observatory.columns"})
MOST_ROWS = 10_000
Api = Callable[..., HttpResponse]
_LIMIT = limited("statistics.api", per_minute=60, per_hour=1_000)


def problem(status: int, code: str, title: str, remedy: str = "", **headers: str) -> HttpResponse:
    """Problem details (RFC 9457), with `code` and `remedy` as extension members."""
    fields = {
        "type": f"urn:cairn:rule:{code}",
        "title": title,
        "status": status,
        "code": code,
        "remedy": remedy,
    }
    response = JsonResponse(fields, status=status, content_type=PROBLEM)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def answered(view: Api) -> Api:
    """Every outcome as JSON, also when nothing could be understood."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            return view(request, *args, **kwargs)
        except Published.DoesNotExist:
            title, remedy = _("There is no such release."), _("The list names every release.")
            return problem(404, "observatory.release", title, remedy)
        except Withdrawn as back:
            title = _("This release was withdrawn: %(reason)s") % {"reason": back.reason}
            remedy = _("Do not use its figures any more.")
            return problem(GONE, "observatory.withdrawn", title, remedy)
        except RuleBroken as broken:
            status = 400 if broken.code in ASKED_WRONGLY else 409
            return problem(status, broken.code, broken.message, broken.remedy)
        except LimitReached as limit:
            title, remedy = _("This was asked for too often."), _("Wait and ask again.")
            wait = str(limit.retry_after)
            return problem(429, "limit", title, remedy, Retry_After=wait)

    return guarded


@answered
@_LIMIT
def releases(request: ActorRequest) -> HttpResponse:
    """Every release, newest first."""
    listed = published.published(PUBLIC)
    found = {
        "releases": [_line(request, each) for each in listed],
        "withdrawn": [
            {"release": each.code, "on": each.on.date().isoformat(), "reason": each.reason}
            for each in published.withdrawn(PUBLIC)
        ],
        "description": request.build_absolute_uri(reverse("observatory:api-openapi")),
    }
    return JsonResponse(found)


def _line(request: HttpRequest, each: Listed) -> dict[str, Any]:
    return {
        "release": each.code,
        "title": each.title,
        "series": each.series,
        "label": each.label,
        "counting_unit": each.unit,
        "kind": each.kind,
        "period": {"since": each.since.isoformat(), "until": each.until.isoformat()},
        "published_at": each.published_at.isoformat(),
        "metadata": request.build_absolute_uri(
            reverse("observatory:api-release", args=[each.code])
        ),
        "data": request.build_absolute_uri(reverse("observatory:api-data", args=[each.code])),
    }


@answered
@_LIMIT
def release(request: ActorRequest, code: str) -> HttpResponse:
    """Structure, codes and statements of one release."""
    found = published.find(PUBLIC, code)
    return _conditional(request, kept(JsonResponse(exports.metadata(found)), found))


@answered
@_LIMIT
def data(request: ActorRequest, code: str) -> HttpResponse:
    """The figures of one table: `?by=sex,age`, and `?area=NPL` for one code of a column."""
    found = published.find(PUBLIC, code)
    told = found.publication
    asked = forms.asked(told, request.GET)
    by = check_asked(told, asked)
    fixed = dict(asked.filters)
    rows = [
        {**dict(zip(by, at, strict=True)), exports.VALUE: value, exports.STATUS: _status(value)}
        for at, value in told.groupings[by].items()
        if all(code == fixed.get(name, code) for name, code in zip(by, at, strict=True))
    ]
    answer = {
        "release": told.code,
        "digest": found.digest,
        "by": list(by),
        "filters": fixed,
        "counting_unit": told.statements["counting_unit"],
        "period": {"since": told.since.isoformat(), "until": told.until.isoformat()},
        "breaks": found.payload["series"]["breaks"],
        "hidden": "a figure that is null is hidden, not zero; so is every cell that is not listed",
        "is_cut": len(rows) > MOST_ROWS,
        "rows": rows[:MOST_ROWS],
    }
    return _conditional(request, kept(JsonResponse(answer), found))


def _status(value: int | None) -> str:
    return exports.HIDDEN if value is None else exports.SHOWN


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 for whoever has it already."""
    known = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if known is None else known


@answered
@_LIMIT
def openapi(request: ActorRequest) -> HttpResponse:
    """The description of these addresses for programs (OpenAPI 3.1)."""
    return JsonResponse(description(request.build_absolute_uri("/")))


@require_safe
def about(request: ActorRequest) -> HttpResponse:
    """The same description for people."""
    listed = published.published(PUBLIC)
    return render(
        request, "observatory/public_api.html", {"example": listed[0] if listed else None}
    )
