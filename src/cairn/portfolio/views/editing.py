"""Pages that enter and change a project, decide its state, and decide what the public sees."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.portfolio import rules
from cairn.portfolio.actions.projects import (
    check_reduced,
    create_project,
    edit_project,
    move_project,
    publish_project,
)
from cairn.portfolio.forms.projects import (
    MoveForm,
    ProjectForm,
    PublishForm,
    values_of,
)
from cairn.portfolio.models import Project
from cairn.portfolio.queries.project import find_project, payload
from cairn.portfolio.queries.records import Payload
from cairn.portfolio.rules import Publication, Standing, State
from cairn.ui.forms import add_refusal, status_of

# Where a refusal is shown; others stand above the form.
FIELD_OF = {
    "project.reference": "reference",
    "project.code": "code",
    "publication.title": "title",
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PORTFOLIO_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a project as a concept that the public does not see yet."""
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        reference, places = values.pop("reference"), values.pop("places")
        try:
            project = create_project(request.actor, reference, places, values)
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(
                request, _("The project was entered as a concept. The public does not see it yet.")
            )
            return redirect(project)
    context = {
        "heading": _("New project"),
        "send": _("Enter the project"),
        "form": form,
    }
    return render(request, "portfolio/project_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, address: str) -> HttpResponse:
    """Change a project. When somebody else was faster, both versions are shown side by side."""
    project = find_project(request.actor, address)
    require(request.actor, Permission.PORTFOLIO_EDIT)
    conflict: list[dict[str, Any]] = []
    form = ProjectForm(request.POST or None, project=project, initial=values_of(project))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        places, version = values.pop("places"), values.pop("version")
        try:
            edit_project(request.actor, project.reference, places, values, version=version or 0)
        except RuleBroken as refusal:
            if refusal.code == "project.version":
                project = find_project(request.actor, project.reference)
                conflict = _differing(form, project)
                form = _with_version(form, project)
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(request, _("The project was changed."))
            return redirect("portfolio:project", project.reference)
    context = {
        "heading": _("Edit a project"),
        "send": _("Save"),
        "form": form,
        "project": project,
        "conflict": conflict,
    }
    return render(request, "portfolio/project_form.html", context, status=status_of(form))


def _differing(form: ProjectForm, project: Project) -> list[dict[str, Any]]:
    """Fields where what was typed is not what is on record now: label, both values."""
    return [
        {"field": form[name], "now": _shown(value), "typed": _shown(form.cleaned_data[name])}
        for name, value in values_of(project).items()
        if name != "version" and form.cleaned_data[name] != value
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def _with_version(form: ProjectForm, project: Project) -> ProjectForm:
    """The same form, as typed, now for the version that its writer has been shown."""
    typed = {**form.data.dict(), "version": str(project.version)}  # type: ignore[attr-defined]
    renewed = ProjectForm(typed, project=project, initial=values_of(project))
    renewed.is_valid()
    return renewed


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: ActorRequest, address: str) -> HttpResponse:
    """Decide the state of a project: the possible moves, and why the others are not."""
    project = find_project(request.actor, address)
    require(request.actor, Permission.PORTFOLIO_DECIDE)
    possible, barred = _moves(project)
    form = MoveForm(request.POST or None, moves=possible)
    if request.method == "POST" and form.is_valid():
        to = State(form.cleaned_data["to"])
        try:
            move_project(request.actor, project.reference, to, basis=form.cleaned_data["basis"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The project is now “%(state)s”.") % {"state": to.label})
            return redirect("portfolio:project", project.reference)
    context = {
        "heading": _("Decide the state"),
        "send": _("Decide"),
        "form": form,
        "project": project,
        "possible": possible,
        "barred": barred,
        "standing": Standing(project.budget_usd, project.pledged),
    }
    return render(request, "portfolio/project_move.html", context, status=status_of(form))


def _moves(project: Project) -> tuple[list[State], list[dict[str, Any]]]:
    """(states that the project can go to, the others that the table lists, with the reason)."""
    possible: list[State] = []
    barred: list[dict[str, Any]] = []
    for state in rules.listed_moves(State(project.state)):
        try:
            rules.check_move(
                State(project.state),
                state,
                budget=project.budget_usd,
                pledged=project.pledged,
            )
        except RuleBroken as refusal:
            barred.append({"state": state, "refusal": refusal})
        else:
            possible.append(state)
    return possible, barred


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def publish(request: ActorRequest, address: str) -> HttpResponse:
    """Decide what the public sees, with the reduced page as the public would get it."""
    project = find_project(request.actor, address)
    require(request.actor, Permission.PORTFOLIO_PUBLISH)
    form = PublishForm(
        request.POST or None,
        initial={"to": project.publication, "public_title": project.public_title},
    )
    wants_preview = request.POST.get("do") == "preview"
    if request.method == "POST" and not wants_preview and form.is_valid():
        given = form.cleaned_data
        try:
            publish_project(
                request.actor,
                project.reference,
                Publication(given["to"]),
                public_title=given["public_title"],
                basis=given["basis"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "public_title")
        else:
            messages.success(request, _("The decision is in force."))
            return redirect("portfolio:project", project.reference)
    title = form["public_title"].value() or ""
    was_public = project.publication == Publication.PUBLIC
    shown, told = _reduced_preview(project, title)
    context = {
        "heading": _("Decide what the public sees"),
        "send": _("Decide"),
        "form": PublishForm(initial=request.POST.dict()) if wants_preview else form,
        "project": project,
        "was_public": was_public,
        "shown": shown,
        "told": told,
        "is_preview": wants_preview,
    }
    status = 200 if wants_preview else status_of(form)
    return render(request, "portfolio/project_publish.html", context, status=status)


def _reduced_preview(project: Project, title: str) -> tuple[Payload, RuleBroken | None]:
    """What the public would get, and the refusal if that tells a country. Stores nothing."""
    before = project.publication, project.public_title
    project.publication, project.public_title = Publication.REDUCED, title.strip()[:400]
    try:
        check_reduced(project)
        told = None
    except RuleBroken as refusal:
        told = refusal
    shown = payload(PUBLIC, project)
    project.publication, project.public_title = before
    return shown, told
