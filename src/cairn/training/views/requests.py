"""Requests that came out of trainings: the pipeline by next step, raising one, planning one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.portfolio.rules import RequestState
from cairn.training.actions import requests as actions
from cairn.training.forms import requests as forms
from cairn.training.models import CurriculumIntegration, TrainingRequest
from cairn.training.queries import requests as queries
from cairn.ui.pages import page_of

GET_OR_POST = ("GET", "HEAD", "POST")


@require_safe
@needs(Permission.REQUEST_VIEW)
def requests(request: ActorRequest) -> HttpResponse:
    """Requests with kind, age and next step, those due first."""
    today = timezone.localdate()
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.requests(request.actor, filters), request)
    context = {
        "page": page,
        "rows": [
            (each, queries.kind_labels(each.training), queries.step_of(each, today=today))
            for each in page.rows
        ],
        "filters": filters,
        "is_filtered": filters != queries.Filters(),
        "kinds": forms.filter_options(),
        "states": RequestState.choices,
        "by_kind": queries.by_kind(request.actor),
        "may_edit": request.actor.may(Permission.REQUEST_EDIT),
    }
    return render(request, "training/outcomes/requests.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
@needs(Permission.REQUEST_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter what somebody asked for at a training."""
    form = forms.RaiseForm(
        request.POST or None,
        initial={
            "event": request.GET.get("event", ""),
            "received_on": timezone.localdate().isoformat(),
        },
    )
    page = FormPage(
        heading=_("Enter a request"),
        send=_("Enter the request"),
        back=(reverse("training:requests"), _("Requests after trainings")),
        done=_("The request was entered."),
        seen=_("Staff of the programme sees it; it is not public."),
    )

    def act(given: dict[str, Any]) -> TrainingRequest:
        return actions.raise_request(
            request.actor,
            given["event"],
            given["requested_by"],
            given["request"],
            given["kinds"],
            countries=given["countries"],
            received_on=given["received_on"],
            next_step_by=given["next_step_by"],
        )

    return form_page(
        request,
        page,
        form,
        missing_as_refusal(act),
        lambda made: reverse("training:requests"),
        {"request.kinds": "kinds", "oversight.no-record": "event"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def plan(request: ActorRequest, reference: str) -> HttpResponse:
    """By when the next step is due, and what answers the request."""
    found = queries.find_request(request.actor, reference)
    require(request.actor, Permission.REQUEST_EDIT)
    extra = queries.added_to(found)
    form = forms.PlanForm(
        request.POST or None,
        integrations=CurriculumIntegration.objects.visible_to(request.actor),
        initial={
            "kinds": extra.kinds,
            "next_step_by": extra.next_step_by,
            "answered_by": extra.answered_by.reference if extra.answered_by else "",
            "integrated": extra.integrated_id,
        },
    )
    page = FormPage(
        heading=_("Plan the next step"),
        send=_("Save"),
        back=(reverse("training:requests"), _("Requests after trainings")),
        done=_("The next step was saved."),
        facts=(
            (_("Request"), found.request),
            (_("Asked by"), found.requested_by),
            (_("State"), found.get_state_display()),
        ),
    )
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(lambda given: actions.plan_request(request.actor, reference, **given)),
        lambda _made: reverse("training:requests"),
        {"request.kinds": "kinds", "oversight.no-record": "answered_by"},
    )
