"""Pages of plans for a cascade: what is to be reached, beside what was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import cascade as actions
from cairn.training.forms.cascade import PlanForm, TargetForm
from cairn.training.models import CascadePlan
from cairn.training.queries import cascade as queries
from cairn.training.queries import cascade_choices
from cairn.training.views.projects import project_shown

GET_OR_POST = ("GET", "HEAD", "POST")


@require_safe
@needs(Permission.TRAINING_VIEW)
def plans(request: ActorRequest) -> HttpResponse:
    context = {
        "plans": [each for each in queries.plans(request.actor) if _is_shown(request, each)],
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
    }
    return render(request, "training/cascade/plans.html", context)


@require_safe
@signed_in
def plan(request: ActorRequest, plan: UUID) -> HttpResponse:
    found = _plan(request, plan)
    context = {
        "plan": found,
        "lines": queries.targets(request.actor, found),
        "scope": queries.plan_scope(found),
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
    }
    return render(request, "training/cascade/plan.html", context)


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def plan_new(request: ActorRequest) -> HttpResponse:
    form = PlanForm(
        request.POST or None,
        projects=cascade_choices.projects(request.actor),
        roots=cascade_choices.roots(request.actor),
    )
    page = FormPage(
        heading=_("Plan a cascade"),
        send=_("Keep the plan"),
        back=(reverse("training:cascade-plans"), _("Plans")),
        done=_("The plan was kept. Now say what each generation is to reach."),
        lead=_("For a project's trainings, or for what follows from one training."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.make_plan(request.actor, actions.PlanFacts(**given)),
        _address,
        {"cascade_plan.scope": "project", "cascade_plan.share": "minimum_share"},
    )


@require_http_methods(GET_OR_POST)
@signed_in
def target_new(request: ActorRequest, plan: UUID) -> HttpResponse:
    found = _plan(request, plan)
    require(request.actor, Permission.TRAINING_EDIT)
    page = FormPage(
        heading=_("Set a target"),
        send=_("Set the target"),
        back=(_address(found), found.title),
        done=_("The target was set."),
    )

    def act(given: dict[str, Any]) -> CascadePlan:
        actions.add_target(request.actor, found, actions.TargetFacts(**given))
        return found

    form = TargetForm(request.POST or None)
    return form_page(request, page, form, act, _address, {"cascade_target.twice": "generation"})


@require_POST
@signed_in
def target_remove(request: ActorRequest, target: UUID) -> HttpResponse:
    found = actions.remove_target(request.actor, target)
    messages.success(request, _("The target was removed."))
    return redirect(_address(found))


def _plan(request: ActorRequest, key: UUID) -> CascadePlan:
    rows = CascadePlan.objects.visible_to(request.actor).select_related("project", "root")
    found = get_object_or_404(rows, pk=key)
    if not _is_shown(request, found):
        raise Http404
    return found


def _is_shown(request: ActorRequest, plan: CascadePlan) -> bool:
    """False for the plan of a project that the reader may not see whole."""
    return plan.project is None or project_shown(request.actor, plan.project) is not None


def _address(plan: CascadePlan) -> str:
    return reverse("training:cascade-plan", args=[plan.pk])
