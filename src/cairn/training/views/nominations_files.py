"""Pages of files with names: brought, shown row by row, applied or thrown away."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.imports.kinds import Kind
from cairn.training.actions import staging
from cairn.training.forms.people import FileForm
from cairn.training.imports.deployments import deployments_kind
from cairn.training.imports.nominations import CODE, nominations_kind
from cairn.training.models import StagedFile
from cairn.training.queries import nominations as queries
from cairn.training.views.nominations import agencies_for, require_nominating
from cairn.training.views.people import people_kind_of
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("training.file", per_minute=6, per_hour=60, methods=("POST",))
@takes_files
def nominate_file(request: ActorRequest, reference: str) -> HttpResponse:
    """Bring a file of nominations; each bad row is told, the others wait for one's word."""
    require_nominating(request)
    actor = request.actor
    found = queries.find_call(actor, reference)
    offered = agencies_for(request, found)
    agency = offered[0] if len(offered) == 1 else None
    form = FileForm(request.POST or None, request.FILES or None)
    kind: Kind | None = None
    try:
        kind = nominations_kind(actor, found, agency)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            staged = staging.stage_file(
                actor,
                kind,
                found.event.organisation,
                upload.name,
                upload,
                subject_id=found.pk,
            )
            return redirect("training:staged", pk=staged.pk)
    except RuleBroken as refusal:
        if form.is_bound:
            add_refusal(form, refusal, "file")
        else:
            messages.warning(request, str(refusal))
            return redirect("training:call", reference=reference)
    context = {
        "heading": _("Bring a file of nominations"),
        "lead": _("Each row is one person. A row with a fault is told; the others go on."),
        "kind": kind,
        "form": form,
        "back": (reverse("training:call", args=[reference]), found.event.reference),
        "empty": "nominations",
        "reference": reference,
    }
    return render(request, "training/people/file.html", context, status=status_of(form))


@require_safe
@signed_in
def empty_file(request: ActorRequest, reference: str, form: str) -> HttpResponse:
    """The columns of a file of nominations, to fill in."""
    require_nominating(request)
    found = queries.find_call(request.actor, reference)
    offered = agencies_for(request, found)
    kind = nominations_kind(request.actor, found, offered[0] if len(offered) == 1 else None)
    names = [column.name for column in kind.columns]
    if form == "csv":
        response = HttpResponse("".join(write_csv(names, [], bom=True)), content_type="text/csv")
    elif form == "xlsx":
        content = BytesIO()
        write_xlsx(content, [Sheet(str(kind.label), names, [])], title=str(kind.label))
        response = HttpResponse(content.getvalue(), content_type=XLSX)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{kind.code}.{form}"'
    return response


@never_cache
@require_safe
@signed_in
def staged(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A file that one brought: how many rows stand, and what is wrong with the others."""
    found = queries.find_file(request.actor, pk)
    context = {
        "file": found,
        "problems": page_of(found.problems, request, per_page=50),
        "back": _back_of(request, found),
        "can_apply": found.state == StagedFile.State.PREVIEWED and found.good > 0,
    }
    return render(request, "training/people/staged.html", context)


def _back_of(request: ActorRequest, found: StagedFile) -> tuple[str, str]:
    if found.kind == CODE and found.subject_id:
        event = queries.call_by_id(request.actor, found.subject_id).event
        return reverse("training:call", args=[event.reference]), event.reference
    if found.kind == "deployments":
        return reverse("training:deployments"), _("Deployments")
    return reverse("training:people"), _("People")


def _kind_of(request: ActorRequest) -> Callable[[StagedFile], Kind]:
    def kind_of(found: StagedFile) -> Kind:
        if found.kind == CODE and found.subject_id is not None:
            call = queries.call_by_id(request.actor, found.subject_id)
            offered = agencies_for(request, call)
            return nominations_kind(request.actor, call, offered[0] if len(offered) == 1 else None)
        if found.kind == "deployments":
            require(request.actor, Permission.TRAINEE_EDIT)
            return deployments_kind(request.actor)
        kind: Kind = people_kind_of(request)(found)
        return kind

    return kind_of


@require_POST
@signed_in
def apply(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Do what the preview said, for every row that still stands."""
    found = queries.find_file(request.actor, pk)
    try:
        done = staging.apply_file(request.actor, found.pk, _kind_of(request))
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
        return redirect("training:staged", pk=pk)
    words = {"count": done.good}
    messages.success(
        request,
        ngettext("%(count)d row was applied.", "%(count)d rows were applied.", done.good) % words,
    )
    return redirect("training:staged", pk=pk)


@require_POST
@signed_in
def discard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Throw the file away, with its rows."""
    found = queries.find_file(request.actor, pk)
    back, _words = _back_of(request, found)
    try:
        staging.discard_file(request.actor, pk)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The file was thrown away. No record was changed."))
    return redirect(back)
