"""Pages of definitions: what a figure means, how it is computed, whence, and where it is used."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.training.queries import figures as queries
from cairn.training.queries import figures_overview as overviews


@require_safe
@needs(Permission.TRAINING_VIEW)
def overview(request: ActorRequest) -> HttpResponse:
    """Figures over all trainings: counts and shares, small groups hidden."""
    today = timezone.localdate()
    context = {
        "learning": overviews.learning(request.actor),
        "coverage": overviews.coverage(request.actor, today=today),
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
        "use": [overviews.trainer_use(request.actor, today=today)],
    }
    return render(request, "training/results/overview.html", context)


@require_safe
def figures(request: ActorRequest) -> HttpResponse:
    """All definitions, by label. Open to everybody, as published figures are."""
    return render(request, "training/results/figures.html", {"definitions": queries.definitions()})


@require_safe
def figure(request: ActorRequest, code: str) -> HttpResponse:
    """One definition. Pages inside are linked for whoever may open them."""
    found = queries.definition(code)
    if found is None:
        raise Http404
    inside = request.actor.may(Permission.TRAINING_VIEW)
    places = [(place.label, _href(place.name, inside=inside)) for place in queries.places(code)]
    return render(request, "training/results/figure.html", {"definition": found, "places": places})


def _href(name: str, *, inside: bool) -> str:
    """The address of a page, or nothing where the reader may not open it."""
    if not inside and not name.startswith("portfolio:"):
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
