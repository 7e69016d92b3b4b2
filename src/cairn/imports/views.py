"""Pages of importing: choose a kind, bring a file, look at the preview, apply it whole."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.imports import queries
from cairn.imports.actions import apply_batch, discard_batch, stage_file
from cairn.imports.forms import UploadForm
from cairn.imports.kinds import Kind, kind_named
from cairn.imports.models import BatchState, ImportBatch, Outcome
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    Outcome.CREATED: "active",
    Outcome.CHANGED: "waiting",
    Outcome.UNCHANGED: "neutral",
    Outcome.REFUSED: "stopped",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("import", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def start(request: ActorRequest) -> HttpResponse:
    """The kinds of file on offer; for the chosen one its columns and the form that brings it."""
    if not queries.may_import(request.actor):
        raise PermissionDenied
    if request.method == "POST":
        return _stage(request)
    chosen = _chosen(request)
    form = UploadForm(initial={"kind": chosen.code}) if chosen else None
    return _start_page(request, chosen, form)


def _chosen(request: ActorRequest) -> Kind | None:
    """The kind in the address. Raises RuleBroken ("import.kind"), PermissionDenied."""
    if not (code := request.GET.get("kind", "")):
        return None
    kind = kind_named(code)
    require(request.actor, Permission(kind.permission))
    return kind


def _stage(request: ActorRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = stage_file(request.actor, form.cleaned_data["kind"], upload.name, upload)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "file")
        else:
            return redirect(batch)
    kind = kind_named(request.POST.get("kind", ""))
    require(request.actor, Permission(kind.permission))
    return _start_page(request, kind, form)


def _start_page(
    request: ActorRequest, chosen: Kind | None, form: UploadForm | None
) -> HttpResponse:
    page = page_of(queries.own_batches(request.actor), request)
    context = {
        "kinds": queries.kinds_for(request.actor),
        "chosen": chosen,
        "form": form,
        "limit": filesizeformat(settings.IMPORT_MAX_BYTES),
        "page": page,
        "batches": [(batch, queries.kind_label(batch.kind)) for batch in page],
    }
    return render(request, "imports/start.html", context, status=status_of(form) if form else 200)


@require_safe
@signed_in
def empty_file(request: ActorRequest, kind: str, form: str) -> HttpResponse:
    """The column names of a kind as a file to fill in."""
    chosen = kind_named(kind)
    require(request.actor, Permission(chosen.permission))
    if form == "csv":
        response = HttpResponse("".join(queries.empty_csv(chosen)), content_type="text/csv")
    elif form == "xlsx":
        response = HttpResponse(queries.empty_xlsx(chosen), content_type=XLSX)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{chosen.code}.{form}"'
    return response


@require_safe
@signed_in
def batch(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A file: how far its reading is, then what each row would do, then what was done."""
    found = queries.find_batch(request.actor, pk)
    return render(request, "imports/batch.html", _batch_context(request, found))


def _batch_context(request: ActorRequest, found: ImportBatch) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    if not outcome and found.state == BatchState.REFUSED and found.refused:
        outcome = Outcome.REFUSED.value
    page = page_of(queries.rows_of(found, outcome), request)
    counts = {
        Outcome.CREATED: found.created,
        Outcome.CHANGED: found.changed,
        Outcome.UNCHANGED: found.unchanged,
        Outcome.REFUSED: found.refused,
    }
    return {
        "batch": found,
        "kind_label": queries.kind_label(found.kind),
        "is_reading": is_reading(found),
        "progress_text": progress_text(found),
        "counts": [
            {
                "outcome": each.value,
                "label": each.label,
                "count": counts[each],
                "is_current": outcome == each.value,
            }
            for each in Outcome
        ],
        "total": sum(counts.values()),
        "outcome": outcome,
        "page": page,
        "rows": [(row, TONES[row.outcome]) for row in queries.rows_shown(page)],
        "may_act": _may_act(request, found),
        "has_work": bool(found.created or found.changed),
    }


def _may_act(request: ActorRequest, found: ImportBatch) -> bool:
    try:
        return request.actor.may(kind_named(found.kind).permission)
    except RuleBroken:
        return False


def is_reading(found: ImportBatch) -> bool:
    return found.state in {BatchState.WAITING, BatchState.READING}


def progress_text(found: ImportBatch) -> str:
    """Where the reading stands, in a sentence."""
    if found.state == BatchState.WAITING:
        return _("Waiting for its turn to be read.")
    if not found.rows_total:
        return _("The file is being opened.")
    return ngettext(
        "%(read)d of %(count)d row read.", "%(read)d of %(count)d rows read.", found.rows_total
    ) % {"read": found.rows_read, "count": found.rows_total}


@require_safe
@signed_in
def progress(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The progress of reading as a part of the page; without it, once there is no more to tell."""
    found = queries.find_batch(request.actor, pk)
    context = {
        "batch": found,
        "is_reading": is_reading(found),
        "progress_text": progress_text(found),
    }
    return render(request, "imports/_progress.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def apply(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say exactly what applying will do, and on POST do it."""
    found = queries.find_batch(request.actor, pk)
    require(request.actor, Permission(kind_named(found.kind).permission))
    refusal: RuleBroken | None = None
    if request.method == "POST":
        try:
            applied = apply_batch(request.actor, pk)
        except RuleBroken as error:
            refusal = error
        else:
            messages.success(request, _done_text(applied))
            return redirect(applied)
    context = {
        "batch": found,
        "kind_label": queries.kind_label(found.kind),
        "can_apply": found.state == BatchState.PREVIEWED and refusal is None,
        "refusal": refusal,
    }
    return render(request, "imports/apply.html", context, status=409 if refusal else 200)


def _done_text(applied: ImportBatch) -> str:
    created = ngettext(
        "%(count)d record was created", "%(count)d records were created", applied.created
    ) % {"count": applied.created}
    changed = ngettext("%(count)d was changed", "%(count)d were changed", applied.changed) % {
        "count": applied.changed
    }
    return _("The file was applied: %(created)s and %(changed)s.") % {
        "created": created,
        "changed": changed,
    }


@require_POST
@signed_in
def discard(request: ActorRequest, pk: UUID) -> HttpResponse:
    discard_batch(request.actor, pk)
    messages.success(request, _("The file was thrown away. No record was changed."))
    return redirect("imports:start")
