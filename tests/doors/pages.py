"""Refusals whose page is made once: many ask, and few different things are said."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language

from cairn.core.errors import RuleBroken

Render = Callable[..., HttpResponse]


class Kept:
    """In the place of `render` for refusals: the page that was made for the same person, status,
    language and words. Nothing else goes into one but the address asked for, which is not kept.
    """

    def __init__(self, render: Render) -> None:
        self._render = render
        self._made: dict[tuple[object, ...], bytes] = {}

    def __call__(
        self, request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int
    ) -> HttpResponse:
        actor = getattr(request, "actor", None)
        name = (template, status, get_language(), getattr(actor, "user_id", None), said(context))
        if name not in self._made:
            made = self._render(request, template, context, status=status).content
            self._made[name] = made.replace(escape(request.get_full_path()).encode(), b"")
        return HttpResponse(self._made[name], status=status)


def said(context: Mapping[str, Any]) -> tuple[object, ...]:
    """What goes into the page, comparable: a broken rule by its words."""
    return tuple(
        (key, (value.code, value.message, value.remedy) if isinstance(value, RuleBroken) else value)
        for key, value in sorted(context.items())
    )
