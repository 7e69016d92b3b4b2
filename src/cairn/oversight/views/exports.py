"""Exports of records: to be approved by another person, and taken once."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.oversight.actions.exports import decide_export, take_export, take_file
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.files import form_called
from cairn.oversight.models import ExportRequest
from cairn.oversight.rules import ExportState
from cairn.oversight.views.lists import Cell, Choice, ListPage, clock_cell, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import kind_plural, named, part_labels, top_crumb
from cairn.oversight.views.showing import Shown, shown_notes

LIST = "oversight:exports"


@never_cache
@require_safe
@signed_in
def exports(request: ActorRequest) -> HttpResponse:
    """One's own exports; for those who approve, everybody's."""
    asked = request.GET.get("state", "")
    rows = ExportRequest.objects.visible_to(request.actor).select_related("organisation")
    if asked in ExportState.values:
        rows = rows.filter(state=asked)
    page = ListPage(
        heading=_("Exports of records"),
        lead=_("One person asks, another approves; the file is made when it is taken, once."),
        columns=[_("What"), _("Organisation"), _("Who"), _("Asked"), _("State")],
        empty=(_("No export"), _("Exports are asked for on the list of the records.")),
        crumbs=[top_crumb(request.actor)],
        choices=[Choice("state", _("State"), asked, ExportState.choices)],
        clear_href=reverse(LIST),
    )
    return list_page(request, page, rows.order_by("-asked_at", "pk"), _cells)


def _cells(rows: list[ExportRequest]) -> list[list[Cell]]:
    who = named(row.asked_by for row in rows)
    return [
        [
            text_cell(kind_plural(row.kind), reverse("oversight:export", args=[row.pk])),
            text_cell(row.organisation.display_name),
            text_cell(who(row.asked_by)),
            clock_cell(row.asked_at),
            state(row.state, row.get_state_display()),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def export(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One export; sending the form opens the sealed reason, for whoever decides."""
    found = ExportRequest.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    if request.method == "POST":
        values = open_notes(
            request.actor,
            [found],
            ["reason"],
            authors=[found.asked_by],
            permission=Permission.EXPORT_APPROVE,
        )
        opened = shown_notes(found, values[0])
    who = named([found.asked_by, found.decided_by])
    is_own = found.asked_by == request.actor.user_id
    context = {
        "found": found,
        "top": top_crumb(request.actor),
        "kind": kind_plural(found.kind),
        "parts": part_labels(found.kind, found.fields),
        "form": form_called(found.form) if found.form else None,
        "told": form_called(found.form).told(found.details) if found.form else [],
        "who": who(found.asked_by),
        "decided_by": who(found.decided_by) if found.decided_by else "",
        "opened": opened,
        "waits": found.expires_at > clock.now(),
        "is_own": is_own,
        "may_decide": request.actor.may(Permission.EXPORT_APPROVE) and not is_own,
    }
    return render(request, "oversight/export.html", context)


@require_POST
@needs(Permission.EXPORT_APPROVE)
@recently
def decide(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Approve or refuse: `decision` is "approve" or "refuse"."""
    decision = request.POST.get("decision", "")
    if decision not in {"approve", "refuse"}:
        ExportRequest.objects.visible_to(request.actor).get(pk=pk)
        raise BadRequest("decision")
    approve = decision == "approve"
    decide_export(request.actor, pk, approve=approve)
    said = _("The export is approved.") if approve else _("The export is refused.")
    messages.success(request, said)
    return redirect(LIST)


@require_POST
@signed_in
@recently
def take(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The file, once. Its name tells nothing."""
    own_form = ExportRequest.objects.visible_to(request.actor).filter(pk=pk).exclude(form="")
    if own_form.exists():
        form, text = take_file(request.actor, pk)
        return _as_file(HttpResponse(text, content_type=form.content_type), pk, form.ending)
    lines = take_export(request.actor, pk)
    return _as_file(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), pk, "csv")


def _as_file(response: HttpResponseBase, pk: UUID, ending: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="records-{pk.hex[:8]}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
