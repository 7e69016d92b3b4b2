"""Pages of the results of an event: figures, what stands behind them, and the questions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.training.actions.steps import may_run, require_run
from cairn.training.measures.figure import Figure
from cairn.training.models import TrainingEvent
from cairn.training.queries import results as queries
from cairn.training.queries.results import EventResults

# Figures that the page leads with; the others stand in a table below.
FIRST = ("gain", "score-before", "score-after", "pass-rate")


@require_safe
@needs(Permission.TRAINING_VIEW)
def results(request: ActorRequest, reference: str) -> HttpResponse:
    """Results of the tests, computed as they stand."""
    event = found_event(request, reference)
    found = queries.event_results(event)
    context = {
        "event": event,
        "results": found,
        "first": [found.figure(code) for code in FIRST],
        "others": [row for row in found.figures if row.code not in FIRST],
        "changed": _changes(found),
        "may_see_rows": may_run(request.actor, event),
    }
    return render(request, "training/results/results.html", context)


def _changes(found: EventResults) -> list[tuple[str, Figure]]:
    """Each question that stands in both forms once: its code and its change."""
    rows = (row for form in found.forms for row in form.rows)
    return list({row.code: (row.code, row.change) for row in rows if row.change}.values())


@require_safe
@never_cache
@needs(Permission.TRAINING_VIEW)
def rows(request: ActorRequest, reference: str) -> HttpResponse:
    """Marks person by person, by code: for whoever runs the event."""
    event = found_event(request, reference)
    require_run(request.actor, event)
    context = {"event": event, "rows": queries.person_rows(event)}
    return render(request, "training/results/rows.html", context)


@require_safe
@needs(Permission.TRAINING_VIEW)
def items(request: ActorRequest, reference: str) -> HttpResponse:
    """Statistics of every question, form by form.

    Options, which tell the key, are shown to whoever makes tests.
    """
    event = found_event(request, reference)
    context = {
        "event": event,
        "results": queries.event_results(event),
        "may_see_key": request.actor.may(Permission.TRAINING_EDIT),
        "may_see_stem": may_run(request.actor, event),
    }
    return render(request, "training/results/items.html", context)


def found_event(request: ActorRequest, reference: str) -> TrainingEvent:
    """The event, or 404 for one that the reader does not see."""
    shown = TrainingEvent.objects.visible_to(request.actor).select_related("organisation")
    event: TrainingEvent = get_object_or_404(shown, reference=reference)
    return event
