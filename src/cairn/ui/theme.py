"""Light, dark, or as the device says: one cookie of the browser, nothing on the server."""

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "cairn_theme"
COOKIE_AGE = 365 * 24 * 3600


class Theme(StrEnum):
    """`AUTO` follows the device and needs no cookie."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def theme_of(request: HttpRequest) -> Theme:
    """What the cookie says; anything unknown is `AUTO`."""
    return parse(request.COOKIES.get(COOKIE, "")) or Theme.AUTO


def parse(value: str) -> Theme | None:
    """The theme named `value`, or None."""
    try:
        return Theme(value)
    except ValueError:
        return None


def keep(response: HttpResponse, theme: Theme) -> None:
    """Let `response` store the choice in the browser for a year."""
    if theme is Theme.AUTO:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        theme.value,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
