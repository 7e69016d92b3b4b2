"""What every page needs to draw its frame: one lazy object, `shell`."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_bidi, get_language_info

from cairn.core.actor import PUBLIC, Actor
from cairn.ui import navigation
from cairn.ui.theme import Theme, theme_of


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages are offered in, named in itself."""

    code: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The search box: where it sends, what it is called, what was asked last."""

    action: str
    label: str
    words: str


class Shell:
    """The frame of one page. Each part is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor:
        actor: Actor = getattr(self._request, "actor", PUBLIC)
        return actor

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`; the gallery may ask for the other one."""
        asked: str | None = getattr(self._request, "ui_direction", None)
        return asked or ("rtl" if get_language_bidi() else "ltr")

    @cached_property
    def theme(self) -> Theme:
        asked: Theme | None = getattr(self._request, "ui_theme", None)
        return asked or theme_of(self._request)

    @cached_property
    def languages(self) -> list[Language]:
        return [
            Language(code, get_language_info(code)["name_local"], code == self.language)
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def navigation(self) -> list[navigation.Link]:
        return navigation.folded(navigation.links_for(self.actor, path=self._request.path))

    @cached_property
    def search(self) -> SearchBox | None:
        offered = navigation.search()
        action = navigation.address(offered.url_name) if offered else None
        if offered is None or action is None:
            return None
        return SearchBox(action, str(offered.label), self._request.GET.get("q", "")[:200])

    @cached_property
    def is_demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def here(self) -> str:
        """Where to return after a change of language or theme: this page, if it can be asked for.

        A page that answered a sent form cannot, so then it is the page with that form.
        """
        if self._request.method in {"GET", "HEAD"}:
            return self._request.get_full_path()
        return came_from(self._request) or "/"


def came_from(request: HttpRequest) -> str:
    """Path and query of the page of this site that the person came from, or an empty string."""
    referrer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` in every template that is rendered for a request."""
    return {"shell": Shell(request)}
