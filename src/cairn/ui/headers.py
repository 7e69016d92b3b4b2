"""The edge of every exchange: what browsers are told with an answer, how long a request may be."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.utils.cache import patch_cache_control

# Nothing of a device is used but passkeys. Names are those of the W3C list of policy-controlled
# features that Chromium 156 knows: it complains in its console about every other.
SWITCHED_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials",
    "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
OWN_ONLY = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join(
    [*(f"{name}=()" for name in SWITCHED_OFF), *(f"{name}=(self)" for name in OWN_ONLY)]
)
# What comes around a file in a form: the other fields and the lines between them.
FORM_AROUND_FILE = 1024 * 1024
TOO_LARGE = 413


class HeadersMiddleware:
    """Stands first, so that files, redirects and refusals of other middleware pass it too.

    Referrer-Policy, Cross-Origin-Opener-Policy, X-Content-Type-Options and HSTS come from Django's
    SecurityMiddleware, the content policy from django-csp.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Said again for what is answered before SecurityMiddleware is reached.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if _is_for_one_person(request, response):
            # Not on disk and not behind the back button of a shared or taken device.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Refuse a body that is too long before anything reads it or puts it on disk.

        Only its declared length counts: a WSGI request without one is read as empty.
        """
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= longest_body(view):
            return None
        page = loader.get_template("413.html").render()
        return HttpResponse(page, status=TOO_LARGE)


def longest_body(view: Callable[..., HttpResponseBase]) -> int:
    """How many bytes `view` takes: a file where it is marked with `takes_files`, else a form."""
    if getattr(view, "takes_files", False):
        return int(settings.IMPORT_MAX_BYTES) + FORM_AROUND_FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or FORM_AROUND_FILE)


def _is_for_one_person(request: HttpRequest, response: HttpResponseBase) -> bool:
    """True for whatever is said to a browser with a session, files of the look excepted."""
    if request.path_info.startswith(settings.STATIC_URL):
        return False
    session = settings.SESSION_COOKIE_NAME
    return session in request.COOKIES or session in response.cookies
