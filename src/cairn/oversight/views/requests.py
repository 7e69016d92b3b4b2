"""Requests of persons about their own records: taken down, step by step, answered in time."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.actions.desk import move_request, record_request
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.forms import RequestForm
from cairn.oversight.models import SubjectRequest
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import RequestState, moves_from
from cairn.oversight.views.lists import Cell, Choice, ListPage, clock_cell, code, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import FormPage, form_page, kind_label
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.oversight.views.steps import history, step_page

LIST = "oversight:requests"


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def requests(request: ActorRequest) -> HttpResponse:
    """The next to be answered first."""
    asked = request.GET.get("state", "")
    rows = SubjectRequest.objects.visible_to(request.actor)
    if asked in RequestState.values:
        rows = rows.filter(state=asked)
    may_handle = request.actor.may(Permission.SUBJECT_REQUEST_HANDLE)
    page = ListPage(
        heading=_("Requests of persons"),
        lead=_("A person asks what is kept about them, or wants it corrected or erased."),
        columns=[_("Reference"), _("Wish"), _("Record"), _("Answer by"), _("State")],
        empty=(_("No request"), _("When a person asks, take it down here the same day.")),
        crumbs=[(reverse("oversight:desk"), _("Data protection"))],
        actions=[(reverse("oversight:request-new"), _("Take down a request"))]
        if may_handle
        else [],
        choices=[Choice("state", _("State"), asked, RequestState.choices)],
        clear_href=reverse(LIST),
    )
    return list_page(request, page, rows.order_by("answer_by", "pk"), _cells)


def _cells(rows: list[SubjectRequest]) -> list[list[Cell]]:
    return [
        [
            code(row.reference, "", reverse("oversight:request", args=[row.pk])),
            text_cell(row.get_wish_display()),
            code(row.code or "–", kind_label(row.kind) if row.kind else ""),
            clock_cell(row.answer_by),
            state(row.state, row.get_state_display()),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SUBJECT_REQUEST_HANDLE)
def create(request: ActorRequest) -> HttpResponse:
    """Take a request down."""
    page = FormPage(
        heading=_("Take down a request"),
        send=_("Take it down"),
        back=(reverse(LIST), _("Requests of persons")),
        done=_("The request is taken down; a month runs from the day it came."),
        seen=_("Data protection sees the wish and the days; the rest is sealed."),
    )
    form = RequestForm(request.POST or None, initial={"received_on": timezone.localdate()})
    return form_page(
        request,
        page,
        form,
        lambda given: record_request(request.actor, Wish(given.pop("wish")), **given),
        lambda made: reverse("oversight:request", args=[made.pk]),
        {"request.future": "received_on"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_VIEW)
def request_page(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One request; sending the form opens what is sealed, which is written down."""
    found = SubjectRequest.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    notes_with = None
    if request.method == "POST":
        names, notes_with = ["who", "safe_channel", "statement"], Permission.SUBJECT_REQUEST_HANDLE
        values = open_notes(request.actor, [found], names, permission=notes_with)
        opened = shown_notes(found, values[0])
    context = {
        "found": found,
        "kind": kind_label(found.kind) if found.kind else "",
        "opened": opened,
        "history": history(request.actor, found, RequestState, notes_with),
        "moves": moves_from(RequestState(found.state)),
        "may_handle": request.actor.may(Permission.SUBJECT_REQUEST_HANDLE),
    }
    return render(request, "oversight/request.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SUBJECT_REQUEST_HANDLE)
def move(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a request a step on."""
    found = SubjectRequest.objects.visible_to(request.actor).get(pk=pk)
    return step_page(request, found, RequestState, move_request, "oversight:request")
