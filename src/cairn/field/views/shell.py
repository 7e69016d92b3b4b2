"""The app as phones load it: its page, its files, its worker, its manifest, its icon.

Nothing here knows a session, sets a cookie or asks who is there.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from cairn.field import deployment, shipped
from cairn.field.headers import of_the_app

FOR_EVER = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"
# A day: whoever deploys changes name and icon rarely, and browsers ask again by themselves.
A_DAY = "public, max-age=86400"


def language_of(request: HttpRequest) -> str:
    """Language of the first words: what the address asks for, else what the browser prefers."""
    asked = [request.GET.get("lang", "")]
    asked += [code for code, _weight in _preferred(request)]
    for code in asked:
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _preferred(request: HttpRequest) -> tuple[tuple[str, float], ...]:
    return tuple(parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")))


@require_safe
@of_the_app
def app(request: HttpRequest) -> HttpResponse:
    """The page of the app: almost empty, since everything else comes from the phone itself."""
    language = language_of(request)
    build = shipped.build()
    context = {
        "build": build,
        "base": reverse("field:file", args=[build, "main.js"]).removesuffix("main.js"),
        "name": deployment.neutral_name(),
        "neutral_name": deployment.neutral_name(),
        "manifest": reverse("field:manifest"),
        "icon": reverse("field:icon", args=[deployment.ICON_SIZES[0]]),
        "languages": [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ],
        "language": language,
        "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
    }
    with translation.override(language):
        response = render(request, "field/app.html", context)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = ASKED_EACH_TIME
    return response


@require_safe
@of_the_app
def file(request: HttpRequest, build: str, path: str) -> HttpResponse:
    """One file of the present build; another build's files are on the phones that run it."""
    content = shipped.files().get(path) if build == shipped.build() else None
    if content is None:
        raise Http404(path)
    kind = shipped.TYPES[path.rpartition(".")[2]]
    return _cached(content, kind, FOR_EVER)


@require_safe
@of_the_app
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which keeps the app on the phone."""
    response = _cached(shipped.worker(), "text/javascript", ASKED_EACH_TIME)
    response.headers["Service-Worker-Allowed"] = reverse("field:app")
    return response


@require_safe
@of_the_app
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows of the app when it is installed: a name and icon that tell nothing."""
    start = reverse("field:app")
    name = deployment.neutral_name()
    response = JsonResponse(
        {
            "id": start,
            "name": name,
            "short_name": name,
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#5b6b78",
            "icons": [_icon(size) for size in deployment.ICON_SIZES],
        },
        content_type="application/manifest+json",
    )
    response.headers["Cache-Control"] = A_DAY
    return response


def _icon(size: int) -> dict[str, str]:
    pixels = deployment.icon_size(size)
    return {
        "src": reverse("field:icon", args=[size]),
        "sizes": f"{pixels}x{pixels}",
        "type": "image/png",
        "purpose": "any maskable",
    }


@require_safe
@of_the_app
def icon(request: HttpRequest, size: int) -> HttpResponse:
    """The icon in one of the sizes that the manifest names."""
    if size not in deployment.ICON_SIZES:
        raise Http404(str(size))
    return _cached(deployment.icon(size), "image/png", A_DAY)


def _cached(content: bytes, kind: str, cache: str) -> HttpResponse:
    # A browser takes nothing but the named type: X-Content-Type-Options goes with every answer.
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    response = HttpResponse(content, content_type=kind + charset)
    response.headers["Cache-Control"] = cache
    return response
