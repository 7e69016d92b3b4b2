"""Turns the outcomes of core into answers: 404, 403, 409, 429; pages, parts, or problems.

A form view that wants to keep what was typed catches RuleBroken itself: see forms.py.
"""

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from cairn.core.errors import RuleBroken
from cairn.core.limits import LimitReached
from cairn.ui.context import came_from

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
NOT_FOUND, FORBIDDEN, CONFLICT, TOO_MANY = 404, 403, 409, 429
# Where htmx puts a refusal instead of the part that was to change, so nothing typed is lost.
MESSAGES = "#messages"


class OutcomeMiddleware:
    """Answers what views and actions raise. None of the answers names the record asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            # No record holds one, and PostgreSQL answers a question with one by an error.
            raise BadRequest("NUL in the address")
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code in TITLES and is_page and wants_json(request):
            return _problem(response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A response for the listed outcomes; None lets every other error be an error."""
        if isinstance(error, RuleBroken):
            log.info("refused %s", error.code)
            return refusal(request, error)
        if isinstance(error, (ObjectDoesNotExist, Http404)):
            return _answer(request, NOT_FOUND)
        if isinstance(error, PermissionDenied):
            return _answer(request, FORBIDDEN)
        if isinstance(error, LimitReached):
            log.info("limit reached %s", error.name)
            return _wait(request, error)
        return None


def wants_json(request: HttpRequest) -> bool:
    """True when the caller prefers JSON to a page; browsers, which say */*, do not."""
    asked = request.get_preferred_type(["text/html", "application/json", PROBLEM])
    return asked in {"application/json", PROBLEM}


def refusal(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    """409 in the form the caller reads: problem+json, a part for htmx, or a page."""
    if wants_json(request):
        return _problem(CONFLICT, error)
    context = {"refusal": error, "back": came_from(request)}
    return _page(request, CONFLICT, context)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    return _problem(status) if wants_json(request) else _page(request, status, {})


def _wait(request: HttpRequest, error: LimitReached) -> HttpResponse:
    """429, with the seconds to wait in the header that programs read (RFC 9110, 10.2.3)."""
    context: dict[str, object] = {"minutes": -(-error.retry_after // 60)}
    if wants_json(request):
        response: HttpResponse = _problem(TOO_MANY)
    else:
        response = _page(request, TOO_MANY, context)
    response["Retry-After"] = str(error.retry_after)
    return response


def _page(request: HttpRequest, status: int, context: dict[str, object]) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response = render(request, f"ui/_{status}.html", context, status=status)
        response["HX-Retarget"] = MESSAGES
        response["HX-Reswap"] = "innerHTML show:top"
        return response
    return render(request, f"{status}.html", context, status=status)


TITLES: dict[int, Callable[[], str]] = {
    400: lambda: gettext("The request could not be read."),
    403: lambda: gettext("You may not do this."),
    404: lambda: gettext("There is nothing here for you to see."),
    409: lambda: gettext("A rule does not allow this."),
    413: lambda: gettext("What was sent is too long."),
    429: lambda: gettext("This was asked for too often."),
    500: lambda: gettext("Something went wrong on our side."),
}


def _problem(status: int, error: RuleBroken | None = None) -> JsonResponse:
    """Problem details after RFC 9457, with `code` and `remedy` as extension members."""
    fields: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES[status](),
        "status": status,
    }
    if error is not None:
        fields |= {
            "type": f"urn:cairn:rule:{error.code}",
            "detail": error.message,
            "code": error.code,
            "remedy": error.remedy,
        }
    return JsonResponse(fields, status=status, content_type=PROBLEM)
