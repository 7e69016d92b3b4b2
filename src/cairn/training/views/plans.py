"""Course plans, learning objectives and training needs."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.models import Organisation
from cairn.oversight.views.lists import ListPage, clock_cell, code, list_page, number, text
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import curriculum as actions
from cairn.training.actions.strengths import record_strength
from cairn.training.forms import curriculum as forms
from cairn.training.queries import curriculum as queries
from cairn.training.rules.choices import Competency

GET_OR_POST = ("GET", "HEAD", "POST")
LIST = "training/curriculum/list.html"


@require_safe
@needs(Permission.TRAINING_VIEW)
def plans(request: ActorRequest) -> HttpResponse:
    may_edit = request.actor.may(Permission.TRAINING_EDIT)
    shown = ListPage(
        heading=_("Course plans"),
        lead=_("Modules in an order, and the rule by which a course is completed."),
        columns=(_("Code"), _("Title"), _("Modules"), _("Presence"), _("Test"), _("Events")),
        empty=(_("No course plan yet"), _("Enter one, so that events complete by one rule.")),
        crumbs=[(reverse("training:modules"), _("Modules"))],
        actions=[(reverse("training:plan-new"), _("Enter a course plan"))] if may_edit else [],
        template=LIST,
    )
    return list_page(
        request,
        shown,
        queries.plans(request.actor),
        lambda rows: [
            [
                code(
                    each.code,
                    href=reverse("training:plan-edit", args=[each.code]) if may_edit else "",
                ),
                text(each.title),
                number(each.modules),
                text(f"{each.minimum_minutes_share:.0%}"),
                text(_("none") if each.cut_score is None else f"{each.cut_score:.0%}"),
                number(each.used),
            ]
            for each in rows
        ],
    )


def _plan_values(given: dict[str, Any]) -> dict[str, Any]:
    cut = given.pop("cut_score")
    share = given.pop("minimum_minutes")
    return given | {
        "versions": list(given["versions"]),
        "minimum_minutes_share": queries.as_share(share),
        "cut_score": None if cut is None else queries.as_share(cut),
    }


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def plan_new(request: ActorRequest) -> HttpResponse:
    form = forms.PlanForm(
        request.POST or None, versions=queries.teachable(request.actor), is_new=True
    )
    page = FormPage(
        heading=_("Enter a course plan"),
        send=_("Enter the plan"),
        back=(reverse("training:plans"), _("Course plans")),
        done=_("The course plan was entered."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.enter_plan(request.actor, **_plan_values(given)),
        lambda made: reverse("training:plans"),
        {"plan.taken": "code", "plan.empty": "versions"},
    )


@require_http_methods(GET_OR_POST)
@signed_in
def plan_edit(request: ActorRequest, code: str) -> HttpResponse:
    found = queries.plan(request.actor, code)
    require(request.actor, Permission.TRAINING_EDIT)
    initial = {
        "title": found.title,
        "versions": [item.version_id for item in found.items.all()],
        "minimum_minutes": round(found.minimum_minutes_share * 100),
        "cut_score": None if found.cut_score is None else round(found.cut_score * 100),
        "tasks": ", ".join(found.tasks),
    }
    form = forms.PlanForm(
        request.POST or None,
        versions=queries.offered(request.actor, found),
        is_new=False,
        initial=initial,
    )
    page = FormPage(
        heading=_("Change the course plan %(plan)s") % {"plan": found.code},
        send=_("Save"),
        back=(reverse("training:plans"), _("Course plans")),
        done=_("The course plan was changed."),
        lead=_("Events that have begun keep the plan as it was when they began."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.edit_plan(request.actor, code, **_plan_values(given)),
        lambda made: reverse("training:plans"),
        {"plan.empty": "versions"},
    )


@require_safe
@needs(Permission.TRAINING_VIEW)
def objectives(request: ActorRequest) -> HttpResponse:
    may_edit = request.actor.may(Permission.TRAINING_EDIT)
    shown = ListPage(
        heading=_("Learning objectives"),
        lead=_("What participants can do afterwards. Modules teach them, questions test them."),
        columns=(_("Code"), _("Objective"), _("Competency"), _("Modules")),
        empty=(_("No objective yet"), _("Enter the first; modules and questions need them.")),
        crumbs=[(reverse("training:modules"), _("Modules"))],
        actions=[(reverse("training:objective-new"), _("Enter an objective"))] if may_edit else [],
        template=LIST,
    )
    return list_page(
        request,
        shown,
        queries.objectives(request.actor),
        lambda rows: [
            [
                code(each.code),
                text(queries.objective_words(each)),
                text(Competency(each.competency).label),
                number(each.taught),
            ]
            for each in rows
        ],
    )


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def objective_new(request: ActorRequest) -> HttpResponse:
    form = forms.ObjectiveForm(request.POST or None)
    page = FormPage(
        heading=_("Enter an objective"),
        send=_("Enter the objective"),
        back=(reverse("training:objectives"), _("Learning objectives")),
        done=_("The objective was entered."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.enter_objective(
            request.actor,
            given["code"],
            Competency(given["competency"]),
            {each: given[f"text_{each}"] for each in ("en", "fr", "ar")},
        ),
        lambda made: reverse("training:objectives"),
        {"objective.taken": "code"},
    )


@require_safe
@needs(Permission.TRAINING_VIEW)
def training_needs(request: ActorRequest) -> HttpResponse:
    may_edit = request.actor.may(Permission.TRAINING_EDIT)
    shown = ListPage(
        heading=_("Training needs"),
        lead=_("Who lacks what, as assessments found. The ground of calls and plans."),
        columns=(_("Who"), _("What they lack"), _("Where"), _("Source"), _("Assessed on")),
        empty=(_("No need on record"), _("Record what an assessment found.")),
        crumbs=[(reverse("training:modules"), _("Modules"))],
        actions=[(reverse("training:need-new"), _("Record a need"))] if may_edit else [],
        template=LIST,
    )
    return list_page(
        request,
        shown,
        queries.needs(request.actor),
        lambda rows: [
            [
                text(each.audience),
                text(each.gap),
                text(queries.place_words(each.country, each.area)),
                text(each.source),
                clock_cell(each.recorded_on),
            ]
            for each in rows
        ],
    )


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def need_new(request: ActorRequest) -> HttpResponse:
    form = forms.NeedForm(request.POST or None)
    page = FormPage(
        heading=_("Record a training need"),
        send=_("Record the need"),
        back=(reverse("training:needs"), _("Training needs")),
        done=_("The need was recorded."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.record_need(request.actor, **given),
        lambda made: reverse("training:needs"),
    )


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def strength_new(request: ActorRequest) -> HttpResponse:
    """How many people a unit has: coverage on the page of figures divides by it."""
    form = forms.StrengthForm(
        request.POST or None, organisations=Organisation.objects.visible_to(request.actor)
    )
    page = FormPage(
        heading=_("Record the strength of a unit"),
        send=_("Record the strength"),
        back=(reverse("training:overview"), _("Figures of training")),
        done=_("The strength was recorded; coverage takes the newest figure."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: record_strength(request.actor, given.pop("organisation"), **given),
        lambda made: reverse("training:overview") + "#coverage",
        {"strength.women": "women", "strength.total": "total"},
    )
