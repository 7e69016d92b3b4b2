"""Puts the actor on each request: `request.actor`."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.core.actor import PUBLIC, Actor


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
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # No proxy keeps it for others, and a browser asks before it shows it again.
            patch_cache_control(response, private=True, no_cache=True)
        return response


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if isinstance(user, User):
        return actor_for(user, today=timezone.localdate())
    return PUBLIC
