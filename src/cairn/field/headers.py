"""What browsers are told with each answer of the app: a stricter content policy than the site's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpResponseBase

from cairn.ui.headers import OWN_ONLY, SWITCHED_OFF

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# The one policy of the app's script that may name a worker's address; every other sink is shut.
TRUSTED_TYPES = "cairn-worker"
POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "worker-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "media-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [TRUSTED_TYPES],
}
# The camera reads codes from a colleague's screen, here and nowhere else on the site.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in SWITCHED_OFF if name != "camera"),
        *(f"{name}=()" for name in OWN_ONLY),
        "camera=(self)",
    ]
)


def of_the_app(view: View) -> View:
    """Mark a view of the app: its policies go with whatever it answers."""
    strict = csp_replace(POLICY)(view)

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = strict(*args, **kwargs)
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answered  # type: ignore[return-value]  # wraps keeps the signature
