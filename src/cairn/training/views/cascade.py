"""The page of the cascade: picture, table by generation, activation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.training.forms.cascade import CascadeFilterForm
from cairn.training.measures.survival import Ending
from cairn.training.queries import cascade as queries
from cairn.training.queries import cascade_choices
from cairn.training.queries.cascade import ROOTS, View
from cairn.training.queries.cascade_rows import Filters
from cairn.training.queries.links import link
from cairn.ui.charts import CascadeStone, StepPoint, generation_chart, step_chart
from cairn.ui.context import Shell

# As many nodes as the picture draws; the table beside it lists the largest.
LISTED = 40


@require_safe
@needs(Permission.TRAINING_VIEW)
def cascade(request: ActorRequest) -> HttpResponse:
    """Who trained whom, of everything or of a part."""
    filters = Filters.from_query(request.GET)
    view = queries.cascade(request.actor, filters, today=timezone.localdate())
    stones = _linked(view.stones)
    context = {
        "view": view,
        "lines": [*view.generations, *([view.outside] if view.outside else [])],
        "filter_form": CascadeFilterForm(
            request.GET or None, **cascade_choices.choices(request.actor)
        ),
        "clear_href": "" if filters.is_empty else reverse("training:cascade"),
        "picture": _picture(request, view, stones),
        "listed": sorted(stones, key=lambda each: (each.generation, -each.people))[:LISTED],
        "left_out": max(0, len(stones) - LISTED),
        "curve": _curve(request, view),
        "plans": queries.plans(request.actor),
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
    }
    return render(request, "training/cascade/cascade.html", context)


def _linked(stones: Sequence[CascadeStone]) -> list[CascadeStone]:
    return [
        each if each.key == ROOTS else replace(each, href=link("training:event", each.label))
        for each in stones
    ]


def _picture(
    request: ActorRequest, view: View, stones: Sequence[CascadeStone]
) -> SafeString | None:
    if not view.generations:
        return None
    people = sum(line.people for line in view.generations)
    return generation_chart(
        stones,
        view.lines,
        title=_("Who trained whom"),
        description=_(
            "Generations: %(generations)s. Trainings: %(trainings)s. People reached, once in each "
            "generation: %(people)s. The table below says the same."
        )
        % {
            "generations": len(view.generations),
            "trainings": sum(line.events for line in view.generations),
            "people": people,
        },
        quality_label=_("Passed"),
        **_shell(request),
    )


def _curve(request: ActorRequest, view: View) -> SafeString | None:
    curve = view.activation
    if not curve.steps:
        return None
    points = [StepPoint(step.day, step.waiting, step.low, step.high) for step in curve.steps]
    return step_chart(
        points[:500],
        title=_("Graduates who have not given a first session yet"),
        description=_(
            "Of %(n)s graduates of a training of trainers, %(delivered)s gave a first session and "
            "%(away)s left for other duties before."
        )
        % {"n": curve.n, "delivered": curve.delivered, "away": curve.away},
        day_label=_("Days after the training of trainers"),
        share_label=_("without a first session"),
        until=max(spell.days for spell in view.spells),
        censored=_left(view),
        **_shell(request),
    )


def _left(view: View) -> list[int]:
    """Days on which somebody left or was last watched, each once: one stroke says it."""
    return sorted({each.days for each in view.spells if each.ending is not Ending.DELIVERED})


def _shell(request: ActorRequest) -> dict[str, Any]:
    shell = Shell(request)
    return {"language": shell.language, "direction": shell.direction}
