"""Incidents with personal information: reported by everybody, handled step by step, in 72 hours."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.limits import limited
from cairn.oversight.actions.desk import move_incident, report_incident
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.forms import IncidentForm
from cairn.oversight.models import Incident
from cairn.oversight.models.desk import IncidentKind, Severity
from cairn.oversight.rules import IncidentState, moves_from
from cairn.oversight.views.lists import Cell, Choice, ListPage, clock_cell, code, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import FormPage, form_page, named, top_crumb
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.oversight.views.steps import history, step_page

LIST = "oversight:incidents"


@never_cache
@require_safe
@signed_in
def incidents(request: ActorRequest) -> HttpResponse:
    """All to data protection; to others those that they reported."""
    asked = request.GET.get("state", "")
    rows = Incident.objects.visible_to(request.actor)
    if asked in IncidentState.values:
        rows = rows.filter(state=asked)
    may_report = request.actor.may(Permission.INCIDENT_REPORT)
    page = ListPage(
        heading=_("Incidents"),
        lead=_(
            "Something went wrong with personal information. The authority is told in 72 hours."
        ),
        columns=[_("Reference"), _("What"), _("How serious"), _("Tell by"), _("State")],
        empty=(
            _("No incident"),
            _("Report anything that worries you, even when you are not sure."),
        ),
        crumbs=[top_crumb(request.actor)],
        actions=[(reverse("oversight:incident-new"), _("Report an incident"))]
        if may_report
        else [],
        choices=[Choice("state", _("State"), asked, IncidentState.choices)],
        clear_href=reverse(LIST),
    )
    return list_page(request, page, rows.order_by("-aware_at", "pk"), _cells)


def _cells(rows: list[Incident]) -> list[list[Cell]]:
    return [
        [
            code(row.reference, "", reverse("oversight:incident", args=[row.pk])),
            text_cell(row.get_kind_display()),
            text_cell(row.get_severity_display()),
            clock_cell(row.notify_by),
            state(row.state, row.get_state_display()),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INCIDENT_REPORT)
@limited("incident", per_hour=30, methods=("POST",))
def create(request: ActorRequest) -> HttpResponse:
    """Report an incident."""
    page = FormPage(
        heading=_("Report an incident"),
        send=_("Report it"),
        back=(reverse(LIST), _("Incidents")),
        done=_("Thank you. Data protection has been told."),
        consequences=[
            _("Data protection is told at once."),
            _("What you write is sealed; they can open it, and that is written down."),
        ],
    )
    now = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
    form = IncidentForm(request.POST or None, initial={"aware_at": now})
    return form_page(
        request,
        page,
        form,
        lambda given: report_incident(
            request.actor,
            IncidentKind(given["kind"]),
            Severity(given["severity"]),
            aware_at=given["aware_at"],
            description=given["description"],
            persons_affected=given["persons_affected"],
        ),
        lambda made: reverse("oversight:incident", args=[made.pk]),
        {"incident.future": "aware_at", "oversight.reason": "description"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def incident(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One incident; sending the form opens what is sealed, which is written down."""
    found = Incident.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    notes_with = None
    may_handle = request.actor.may(Permission.INCIDENT_HANDLE)
    is_own = found.reported_by == request.actor.user_id
    if request.method == "POST":
        values = open_notes(
            request.actor,
            [found],
            ["description"],
            authors=[found.reported_by],
            permission=Permission.INCIDENT_HANDLE,
        )
        opened = shown_notes(found, values[0])
        notes_with = Permission.INCIDENT_HANDLE if may_handle else None
    context = {
        "top": top_crumb(request.actor),
        "found": found,
        "who": named([found.reported_by])(found.reported_by),
        "opened": opened,
        "history": history(request.actor, found, IncidentState, notes_with),
        "moves": moves_from(IncidentState(found.state)),
        "may_handle": may_handle,
        "may_open": may_handle or is_own,
    }
    return render(request, "oversight/incident.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.INCIDENT_HANDLE)
def move(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take an incident a step on."""
    found = Incident.objects.visible_to(request.actor).get(pk=pk)
    return step_page(request, found, IncidentState, move_incident, "oversight:incident")
