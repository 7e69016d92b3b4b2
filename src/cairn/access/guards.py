"""Doors of pages for people with an account: who must sign in, and who must prove it again."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from cairn.access.accounts import sessions
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.ui.context import came_from

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Send whoever is not signed in to the sign-in page, with the way back to this one."""

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_public:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def needs(permission: Permission) -> Callable[[View], View]:
    """For pages that nobody may see without `permission`: sign-in for visitors, else 403.

    Where seeing the record decides first (404), use `signed_in` and `require` in the view.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.actor, permission)
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def recently(view: View) -> View:
    """Before what weighs heavily: whoever asks has shown within five minutes who it is, with the
    second factor where the account has one: else an older session of somebody who knows the
    password could replace it.

    Signing in counts; else the password, a code or a passkey is asked for, and the way leads back
    to this page (to the page that held the form, when a form was sent).
    """

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_public:
            return to_sign_in(request)
        if not sessions.is_recent(request) or sessions.owes_second_factor(request):
            return _away(request, reverse("access:confirm"))
        return view(request, *args, **kwargs)

    guarded.needs_recent_proof = True  # type: ignore[attr-defined]
    return guarded


def to_sign_in(request: ActorRequest) -> HttpResponse:
    """The way to the sign-in page. A form that was sent comes back as the page that held it.

    htmx would swap the sign-in page into a part of this one, so it is told to leave instead.
    """
    return _away(request, reverse("access:sign-in"))


def _away(request: ActorRequest, page: str) -> HttpResponse:
    is_part = request.headers.get("HX-Request") == "true"
    asked = request.method in {"GET", "HEAD"} and not is_part
    back = request.get_full_path() if asked else came_from(request)
    address = page + (f"?{urlencode({'next': back})}" if back else "")
    if is_part:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
