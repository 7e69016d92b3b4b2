"""Puts the actor on each request, ends sessions in time, and asks for a missing second factor."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from cairn.access import factors
from cairn.access.accounts import sessions
from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.core.actor import PUBLIC, Actor
from cairn.ui.context import came_from
from cairn.ui.middleware import wants_json

# What somebody may reach whose second factor is still missing: setting it up, and leaving.
REACHABLE = frozenset(
    {
        "access:confirm",
        "access:passkey-add",
        "access:passkey-creation",
        "access:passkey-question",
        "access:recovery-codes",
        "access:set-up",
        "access:set-up-app",
        "access:set-up-picture",
        "access:sign-in",
        "access:sign-out",
        # The app of phones knows no account: it answers this browser as it does everybody.
        "field:api-contact",
        "field:api-enrol",
        "field:api-envelopes",
        "field:app",
        "field:audio",
        "field:file",
        "field:icon",
        "field:manifest",
        "field:pack",
        "field:worker",
        "openid_connect_callback",
        "set_language",
        "ui:theme",
        "web:healthz",
    }
)


class ActorRequest(HttpRequest):
    """What views receive: a request that knows who acts, and whether htmx asked."""

    actor: Actor
    htmx: bool


class ActorMiddleware:
    """Sets `request.actor`, read when it is first used: pages for the public ask nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        # Stands for an Actor: it becomes one when it is first used.
        request.actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        if SESSION_KEY in request.session and isinstance(request.user, User):
            if reason := sessions.over(request, request.actor):
                sessions.close(request, request.user, reason)
                request.actor = PUBLIC
            else:
                sessions.note_use(request)
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # No proxy keeps it for others, and a browser asks before it shows it again.
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def process_view(
        self, request: ActorRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to the second factor whoever needs one and has not shown it in this session."""
        match = request.resolver_match
        if SESSION_KEY not in request.session or not request.actor.awaits_second_factor:
            return None
        if match is None or match.view_name in REACHABLE:
            return None
        return _to_second_factor(request)


def _to_second_factor(request: ActorRequest) -> HttpResponse:
    has_one = isinstance(request.user, User) and factors.has_second_factor(request.user)
    page = reverse("access:confirm" if has_one else "access:set-up")
    is_part = request.headers.get("HX-Request") == "true"
    asked = request.method in {"GET", "HEAD"} and not is_part
    back = request.get_full_path() if asked else came_from(request)
    address = page + (f"?{urlencode({'next': back})}" if back else "")
    if is_part:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if wants_json(request):
        return JsonResponse(
            {"type": "urn:cairn:second-factor", "title": "Second factor", "status": 403},
            status=403,
            content_type="application/problem+json",
        )
    return HttpResponseRedirect(address)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if isinstance(user, User):
        shown = factors.has_shown_second_factor(request)
        return actor_for(user, today=timezone.localdate(), second_factor=shown)
    return PUBLIC
