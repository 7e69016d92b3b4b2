"""Pages about deployments: who is due to go, trained or not, the rotation, each step."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.core.pseudonyms import tidied
from cairn.oversight.queries import records as record_queries
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.training.actions import deployments as actions
from cairn.training.actions import staging
from cairn.training.forms.deployments import PostingForm, StepForm
from cairn.training.forms.people import FileForm
from cairn.training.imports.deployments import deployments_kind
from cairn.training.queries import deployments as queries
from cairn.training.rules.states import DEPLOYMENT_MOVES, DeploymentState
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

AT = {
    "deployment.days": "planned_until",
    "deployment.mission": "mission",
    "deployment.twice": "mission",
    "deployment.reason": "reason",
    "oversight.no-record": "code",
    "person.erased": "code",
    "person.merged": "code",
}
STEPS = {
    "confirm": DeploymentState.CONFIRMED,
    "begin": DeploymentState.IN_POST,
    "end": DeploymentState.ENDED,
    "cancel": DeploymentState.CANCELLED,
}


def _step_words() -> dict[str, str]:
    return {
        "confirm": _("Confirm the deployment"),
        "begin": _("In post from now on"),
        "end": _("The deployment ended"),
        "cancel": _("Cancel the deployment"),
    }


@never_cache
@require_safe
@needs(Permission.TRAINEE_VIEW)
def deployments(request: ActorRequest) -> HttpResponse:
    """Who goes where, by code, and whether they are trained for it."""
    actor, today = request.actor, timezone.localdate()
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.deployments(actor, filters, today), request)
    context = {
        "filters": filters,
        "page": page,
        "lines": [
            (line, queries.TRAINING[line.training]) for line in queries.lines(page.rows, today)
        ],
        "due": queries.due(actor, today),
        "due_days": queries.DUE_WITHIN.days,
        "states": list(DeploymentState),
        "training": list(queries.TRAINING.items()),
        "may_edit": actor.may(Permission.TRAINEE_EDIT),
    }
    return render(request, "training/people/deployments.html", context)


@never_cache
@require_safe
@needs(Permission.TRAINEE_VIEW)
def rotation(request: ActorRequest) -> HttpResponse:
    """Posts that end soon, and who takes over."""
    today = timezone.localdate()
    context = {
        "posts": queries.rotation(request.actor, today),
        "days": queries.HAND_OVER.days,
        "training": queries.TRAINING,
        "today": today,
    }
    return render(request, "training/people/rotation.html", context)


@never_cache
@require_safe
@needs(Permission.TRAINEE_VIEW)
def deployment(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One deployment, with the steps that it can take."""
    from cairn.training.queries.history import history

    found = queries.find_deployment(request.actor, pk)
    line = queries.lines([found], timezone.localdate())[0]
    possible = DEPLOYMENT_MOVES[DeploymentState(found.state)]
    person = found.practitioner
    may_edit = request.actor.may_within(
        Permission.TRAINEE_EDIT, person.organisation_id, None, person.country, person.area
    )
    context = {
        "deployment": found,
        "line": line,
        "training": queries.TRAINING[line.training],
        "steps": [
            (reverse("training:deployment-step", args=[pk, name]), words)
            for name, words in _step_words().items()
            if may_edit and STEPS[name] in possible
        ],
        "history": history(request.actor, [found], DeploymentState),
    }
    return render(request, "training/people/deployment.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
def plan(request: ActorRequest) -> HttpResponse:
    """Plan where somebody goes."""
    page = FormPage(
        heading=_("Plan a deployment"),
        send=_("Plan it"),
        back=(reverse("training:deployments"), _("Deployments")),
        done=_("The deployment was planned."),
    )
    form = PostingForm(request.POST or None, initial={"code": tidied(request.GET.get("code", ""))})
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(
            lambda given: actions.plan_deployment(request.actor, given["code"], form.posting())
        ),
        lambda made: reverse("training:deployment", args=[made.pk]),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
def step(request: ActorRequest, pk: UUID, to: str) -> HttpResponse:
    """One step of a deployment."""
    found = queries.find_deployment(request.actor, pk)
    require(request.actor, Permission.TRAINEE_EDIT, within=found.practitioner)
    if to not in STEPS:
        raise Http404
    words = _step_words()[to]
    page = FormPage(
        heading=words,
        send=words,
        back=(reverse("training:deployment", args=[pk]), found.practitioner.code),
        done=_("It was recorded."),
        facts=[(_("Person"), found.practitioner.code), (_("Mission or post"), found.mission)],
    )
    form = StepForm(request.POST or None)
    if to not in {"begin", "end"}:
        del form.fields["on"]
    return form_page(
        request,
        page,
        form,
        lambda given: actions.move_deployment(
            request.actor, pk, STEPS[to], on=given.get("on"), reason=given["reason"]
        ),
        lambda _made: reverse("training:deployment", args=[pk]),
        {"deployment.days": "on", "deployment.reason": "reason"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
@limited("training.file", per_minute=6, per_hour=60, methods=("POST",))
@takes_files
def deployments_file(request: ActorRequest) -> HttpResponse:
    """Bring a file of deployments, by code."""
    actor = request.actor
    kind = deployments_kind(actor)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        places = record_queries.places(actor, Permission.TRAINEE_EDIT)
        upload = form.cleaned_data["file"]
        try:
            staged = staging.stage_file(
                actor, kind, next(iter(places.organisations.values())), upload.name, upload
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "file")
        else:
            return redirect("training:staged", pk=staged.pk)
    context = {
        "heading": _("Bring a file of deployments"),
        "lead": _("People stand in it by their codes. Rows about the same deployment change it."),
        "kind": kind,
        "form": form,
        "back": (reverse("training:deployments"), _("Deployments")),
        "empty": "",
    }
    return render(request, "training/people/file.html", context, status=status_of(form))
