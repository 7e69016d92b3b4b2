"""Unusual access and what else the watch found: a worklist, never a verdict."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.actions.alerts import decide_alert
from cairn.oversight.actions.desk import escalate_alert
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.forms import EscalateForm, NoteForm
from cairn.oversight.models import Alert
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.models.desk import Severity
from cairn.oversight.rules import AlertState
from cairn.oversight.views.lists import Cell, Choice, ListPage, clock_cell, list_page, number, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.oversight.wording import fact_sentences

LIST = "oversight:alerts"


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def alerts(request: ActorRequest) -> HttpResponse:
    """What is open first; each says why it was raised."""
    kind, asked = request.GET.get("kind", ""), request.GET.get("state", AlertState.OPEN.value)
    rows = Alert.objects.visible_to(request.actor)
    if kind in AlertKind.values:
        rows = rows.filter(kind=kind)
    if asked in AlertState.values:
        rows = rows.filter(state=asked)
    page = ListPage(
        heading=_("Unusual access"),
        lead=_("Reasons to ask, not verdicts: somebody looks at each and says what it was."),
        columns=[_("What"), _("Who"), _("Last time"), _("How many"), _("State")],
        empty=(
            _("Nothing is open"),
            _("The watch looks every minute; what it finds appears here."),
        ),
        crumbs=[(reverse("oversight:desk"), _("Data protection"))],
        choices=[
            Choice("kind", _("What"), kind, AlertKind.choices),
            Choice("state", _("State"), asked, AlertState.choices),
        ],
        clear_href=reverse(LIST) + "?state=",
    )
    return list_page(request, page, rows.order_by("-last_at", "pk"), _cells)


def _cells(rows: list[Alert]) -> list[list[Cell]]:
    who = named(row.actor_id for row in rows)
    return [
        [
            text_cell(row.get_kind_display(), reverse("oversight:alert", args=[row.pk])),
            text_cell(who(row.actor_id)),
            clock_cell(row.last_at),
            number(row.count),
            state(row.state, row.get_state_display()),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_VIEW)
def alert(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One finding: why it was raised; sending the form opens how it was explained."""
    found = Alert.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    if request.method == "POST":
        opened = shown_notes(found, open_notes(request.actor, [found], ["note"])[0])
    who = named([found.actor_id, found.decided_by])
    context = {
        "found": found,
        "who": who(found.actor_id),
        "decided_by": who(found.decided_by) if found.decided_by else "",
        "opened": opened,
        "may_open": request.actor.may(Permission.OVERSIGHT_REVIEW),
        "why": fact_sentences(found.facts),
        "actor_readings": reverse("oversight:readings") if found.actor_id else "",
        "may_decide": request.actor.may(Permission.OVERSIGHT_REVIEW)
        and found.actor_id != request.actor.user_id
        and found.state == AlertState.OPEN,
    }
    return render(request, "oversight/alert.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_REVIEW)
def explain(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say what an alert was."""
    found = Alert.objects.visible_to(request.actor).get(pk=pk)
    page = FormPage(
        heading=_("Explain an alert"),
        send=_("Close it with this explanation"),
        back=(reverse("oversight:alert", args=[pk]), _("The alert")),
        done=_("The alert is explained."),
        facts=[(_("What"), found.get_kind_display())],
        seen=_("The explanation is sealed; who decided, and when, is in the log."),
    )
    return form_page(
        request,
        page,
        NoteForm(request.POST or None),
        lambda given: decide_alert(request.actor, pk, AlertState.EXPLAINED, given["note"]),
        lambda made: reverse(LIST),
        {"oversight.reason": "note"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_REVIEW)
def escalate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Make an alert an incident: 72 hours begin."""
    found = Alert.objects.visible_to(request.actor).get(pk=pk)
    page = FormPage(
        heading=_("Make it an incident"),
        send=_("Report the incident"),
        back=(reverse("oversight:alert", args=[pk]), _("The alert")),
        done=_("The incident is reported."),
        facts=[(_("What"), found.get_kind_display())],
        consequences=[
            _("The 72 hours in which the authority is to be told begin now."),
            _("Everybody who handles incidents is told at once."),
        ],
    )
    return form_page(
        request,
        page,
        EscalateForm(request.POST or None),
        lambda given: escalate_alert(request.actor, pk, Severity(given["severity"]), given["note"]),
        lambda made: reverse("oversight:incident", args=[made.pk]),
        {"oversight.reason": "note"},
    )
