"""Addresses for the tests of the shell alone: the gallery, and views that refuse."""

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from cairn.core.errors import RuleBroken
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.specimens import SpecimenFilter, SpecimenForm

SECRET = "SEALED-NAME-417"
BROKEN = RuleBroken("pledge.sign", "A pledge needs a donor.", "Name the donor.")
ERRORS: dict[str, Exception] = {
    "rule": BROKEN,
    "invisible": ObjectDoesNotExist(SECRET),
    "missing": Http404(SECRET),
    "forbidden": PermissionDenied(SECRET),
    "suspicious": SuspiciousOperation(SECRET),
    "fault": ValueError(SECRET),
}


def raises(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


def keeps(request: HttpRequest) -> HttpResponse:
    """A form view after the pattern of cairn.ui.forms, whose action always refuses."""
    form = SpecimenFilter(request.POST)
    add_refusal(form, BROKEN)
    return render(request, "ui/components/form_fields.html", {"form": form}, status=status_of(form))


def fills(request: HttpRequest) -> HttpResponse:
    form = SpecimenForm(request.POST)
    return render(request, "ui/components/form_fields.html", {"form": form}, status=status_of(form))


def fine(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/base.html")


urlpatterns = [
    path("ui/", include("cairn.ui.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("raises/<name>/", raises, name="raises"),
    path("keeps/", keeps),
    path("fills/", fills),
    path("projects/", fine, name="projects"),
    path("projects/P49/", fine, name="project"),
    path("cases/", fine, name="cases"),
    path("results/", fine, name="results"),
]
handler400 = "cairn.ui.views.bad_request"
