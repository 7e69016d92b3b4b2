"""The gallery of components, and the choice of light or dark."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from cairn.ui import specimens
from cairn.ui import theme as themes

DIRECTIONS = ("ltr", "rtl")


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in all its states. `?dir=rtl` and `?theme=dark` show it otherwise."""
    direction = request.GET.get("dir")
    if direction in DIRECTIONS:
        request.ui_direction = direction  # type: ignore[attr-defined]
    if theme := themes.parse(request.GET.get("theme", "")):
        request.ui_theme = theme  # type: ignore[attr-defined]
    context: dict[str, Any] = specimens.context(request)
    return render(request, "ui/gallery.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, on a page that needs neither the database nor the person: the request is not trusted.

    The middleware turns it into a problem for callers who read JSON.
    """
    return HttpResponseBadRequest(loader.get_template("400.html").render())


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in the browser and go back to `next`."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    themes.keep(response, themes.parse(request.POST.get("theme", "")) or themes.Theme.AUTO)
    return response
