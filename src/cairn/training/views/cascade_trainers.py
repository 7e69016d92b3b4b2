"""Pages about what a cascade rests on: trainers by code, areas, and one trainer's own work."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.training.forms.cascade import CascadeFilterForm
from cairn.training.queries import cascade_choices
from cairn.training.queries import cascade_trainers as queries
from cairn.training.queries.cascade_rows import Filters


@require_safe
@never_cache
@needs(Permission.TRAINING_VIEW)
def resting(request: ActorRequest) -> HttpResponse:
    """Dormant trainers, areas with nobody current, and what each trainer's loss would cost."""
    filters = Filters.from_query(request.GET)
    found = queries.resting(request.actor, filters, today=timezone.localdate())
    context = {
        "found": found,
        "most": queries.MOST_SHOWN,
        "filter_form": CascadeFilterForm(
            request.GET or None, **cascade_choices.choices(request.actor)
        ),
        "clear_href": "" if filters.is_empty else reverse("training:cascade-resting"),
    }
    return render(request, "training/cascade/resting.html", context)


@require_safe
@never_cache
@signed_in
def trainer(request: ActorRequest, code: str) -> HttpResponse:
    """What follows from one trainer's work, by code."""
    own = queries.own_cascade(request.actor, code, today=timezone.localdate())
    return render(request, "training/cascade/trainer.html", {"own": own})
