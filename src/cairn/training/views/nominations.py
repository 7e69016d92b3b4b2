"""Pages about calls: seats, the grid by code, proposing somebody, what follows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.core.models import Organisation
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import calls as call_actions
from cairn.training.actions import nominations as actions
from cairn.training.actions import people as people_actions
from cairn.training.actions import steps
from cairn.training.forms.nominations import (
    CallForm,
    NominateForm,
    SeatsForm,
)
from cairn.training.forms.people import OpenForm
from cairn.training.models import Call, Nomination
from cairn.training.queries import events as event_queries
from cairn.training.queries import nominations as queries
from cairn.training.queries import people as people_queries
from cairn.training.rules import nomination as rules
from cairn.training.rules.choices import Sex
from cairn.training.rules.nomination import NominationState
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

AT = {
    "call.days": "closes_on",
    "call.criteria": "criteria",
    "selection.criteria": "criteria",
    "selection.seats": "minimum_women",
    "call.seats": "seats",
    "call.nominated": "seats",
    "nomination.twice": "name",
    "nomination.seats": "agency",
    "nomination.reason": "reason",
    "nomination.replacement": "by",
    "person.name": "name",
    "person.birth": "birth_band",
    "oversight.reason": "reason",
}


def require_calls(request: ActorRequest) -> None:
    """Raise PermissionDenied for whoever neither plans trainings nor nominates."""
    if not request.actor.may_any({Permission.TRAINING_VIEW, Permission.NOMINATION_MAKE}):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)


@never_cache
@require_safe
@signed_in
def calls(request: ActorRequest) -> HttpResponse:
    """Calls: for a focal point the own seats, for the programme all of them."""
    require_calls(request)
    actor, today = request.actor, timezone.localdate()
    page = page_of(queries.calls(actor), request)
    context = {
        "page": page,
        "rows": [
            {
                "call": row,
                "is_open": rules.is_open(call_actions.facts_of(row), today),
                "opens_later": today < row.opens_on,
                "seats": queries.seat_lines(actor, row) if speaks_for_agency(request) else [],
            }
            for row in page
        ],
        "is_focal_point": speaks_for_agency(request),
        "requests": queries.own_requests(actor) if speaks_for_agency(request) else [],
        "today": today,
    }
    return render(request, "training/people/calls.html", context)


def speaks_for_agency(request: ActorRequest) -> bool:
    return request.actor.may(Permission.NOMINATION_MAKE)


@never_cache
@require_safe
@signed_in
def call(request: ActorRequest, reference: str) -> HttpResponse:
    """One call: seats by agency, nominations by code, what is to be done next."""
    return _call_page(request, queries.find_call(request.actor, reference), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("trainee.open", per_minute=20, per_hour=200)
def open_names(request: ActorRequest, reference: str) -> HttpResponse:
    """Open the names of those on this page of the grid, once, with a reason."""
    found = queries.find_call(request.actor, reference)
    if request.method != "POST":
        return redirect("training:call", reference=reference)
    form = OpenForm(request.POST)
    opened: dict[UUID, Opened] = {}
    if form.is_valid():
        given = form.cleaned_data
        rows: list[Nomination] = page_of(_grid(request, found), request, per_page=50).rows
        people = [row.practitioner for row in rows]
        try:
            read = people_actions.open_people(
                request.actor, people, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            opened = {each.record.pk: each for each in read}
    return _call_page(request, found, form, opened)


def _grid(request: ActorRequest, found: Call) -> Any:
    return queries.grid(request.actor, found, queries.Filters.from_query(request.GET))


def _call_page(
    request: ActorRequest,
    found: Call,
    form: OpenForm,
    opened: dict[UUID, Opened] | None = None,
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    event = found.event
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.grid(actor, found, filters), request, per_page=50)
    decides = actor.may_within(
        Permission.TRAINING_DECIDE, event.organisation_id, None, event.country
    )
    edits = actor.may_within(Permission.TRAINING_EDIT, event.organisation_id, None, event.country)
    seats = queries.seat_lines(actor, found)
    context = {
        "call": found,
        "event": event,
        "is_open": rules.is_open(call_actions.facts_of(found), today),
        "seats": seats,
        "filters": filters,
        "states": list(NominationState),
        "sexes": list(Sex),
        "page": page,
        "rows": [
            (line, name_of(opened, line.nomination))
            for line in queries.grid_lines(found, page.rows, today)
        ],
        "is_named": bool(opened),
        "form": form,
        "may_edit": edits,
        "may_count": actor.may(Permission.TRAINING_VIEW),
        "may_decide": decides,
        "may_vet": actor.may_within(
            Permission.VETTING_RECORD, event.organisation_id, None, event.country
        ),
        "may_nominate": any(actions.may_nominate(actor, found, each.agency.pk) for each in seats),
        "may_open": bool(page.rows)
        and (actor.may(Permission.TRAINEE_OPEN) or speaks_for_agency(request)),
        "waiting": len(actions.not_enrolled(found)) if steps.may_run(actor, event) else 0,
        "may_run": steps.may_run(actor, event),
        "files": queries.own_files(actor, found),
        "today": today,
    }
    return render(request, "training/people/call.html", context, status=status_of(form))


@never_cache
@require_safe
@needs(Permission.TRAINING_VIEW)
def funnel(request: ActorRequest, reference: str) -> HttpResponse:
    """Women and men at each step of a call. Apart, as it loads the statistics."""
    found = queries.find_call(request.actor, reference)
    context = {"call": found, "event": found.event, "funnel": queries.sex_funnel(found)}
    return render(request, "training/people/funnel.html", context)


def name_of(opened: dict[UUID, Opened] | None, row: Nomination) -> str:
    """The opened name of a nominee; empty while names are closed."""
    each = (opened or {}).get(row.practitioner_id)
    return str(each.values.get("name") or "") if each else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, reference: str) -> HttpResponse:
    """Make the call of an event, or change its days and criteria."""
    event = event_queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=event)
    known = getattr(event, "call", None)
    back = (
        reverse("training:call", args=[reference])
        if known
        else reverse("training:event", args=[reference])
    )
    page = FormPage(
        heading=_("Call for nominations"),
        send=_("Save the call"),
        back=(back, event.reference),
        done=_("The call was saved."),
        facts=[(_("Training"), event.title)],
        seen=_("Agencies with seats see the days, the profile and the criteria."),
    )
    form = CallForm(request.POST or None, initial=CallForm.of(known) if known else None)
    return form_page(
        request,
        page,
        form,
        lambda _given: call_actions.set_call(request.actor, reference, form.terms()),
        lambda _made: reverse("training:call", args=[reference]),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def seats(request: ActorRequest, reference: str) -> HttpResponse:
    """Give seats to an agency, change them, or take them away."""
    found = queries.find_call(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found.event)
    chosen = next(
        (
            each
            for each in queries.seat_lines(request.actor, found)
            if str(each.agency.pk) == request.GET.get("agency")
        ),
        None,
    )
    initial = (
        {
            "agency": str(chosen.agency.pk),
            "seats": chosen.seats,
            "minimum_women": chosen.minimum_women,
        }
        if chosen
        else None
    )
    page = FormPage(
        heading=_("Seats of an agency"),
        send=_("Save the seats"),
        back=(reverse("training:call", args=[reference]), found.event.reference),
        done=_("The seats were saved."),
        lead=_("No seats takes them away, as long as nobody was nominated."),
    )
    return form_page(
        request,
        page,
        SeatsForm(request.POST or None, initial=initial, agencies=people_queries.organisations()),
        lambda given: call_actions.allot_seats(request.actor, reference, **given),
        lambda _made: reverse("training:call", args=[reference]),
        AT,
    )


def require_nominating(request: ActorRequest, *more: Permission) -> None:
    """Raise PermissionDenied for whoever could never nominate, before any record is looked for."""
    if not request.actor.may_any({Permission.NOMINATION_MAKE, Permission.TRAINEE_EDIT, *more}):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)


def agencies_for(request: ActorRequest, found: Call) -> list[Organisation]:
    """Agencies for which the actor may nominate in this call. Raises PermissionDenied for none."""
    offered = [
        each.agency
        for each in queries.seat_lines(request.actor, found)
        if actions.may_nominate(request.actor, found, each.agency.pk)
    ]
    if not offered:
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    return offered


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def nominate(request: ActorRequest, reference: str) -> HttpResponse:
    """Propose one person."""
    require_nominating(request)
    found = queries.find_call(request.actor, reference)
    offered = agencies_for(request, found)
    page = FormPage(
        heading=_("Nominate somebody"),
        send=_("Nominate"),
        back=(reverse("training:call", args=[reference]), found.event.reference),
        done=_("The nomination was received."),
        facts=[(_("Training"), found.event.title), (_("Closes on"), found.closes_on.isoformat())],
        seen=_(
            "Your agency and the programme see the code, sex, profession and state. The name is"
            " sealed: whoever opens it gives a reason."
        ),
    )
    form = NominateForm(request.POST or None, agencies=offered)
    return form_page(
        request,
        page,
        form,
        lambda given: actions.nominate(request.actor, reference, given["agency"], form.proposal()),
        lambda made: reverse("training:nomination", args=[made.pk]),
        AT,
    )


@require_POST
@signed_in
def enrol_confirmed(request: ActorRequest, reference: str) -> HttpResponse:
    """Enrol everybody whom their agency confirmed."""
    found = queries.find_call(request.actor, reference)
    steps.require_run(request.actor, found.event)
    try:
        count = actions.enrol_confirmed(request.actor, reference)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%(count)d person was enrolled.", "%(count)d people were enrolled.", count)
            % {"count": count},
        )
    return redirect("training:call", reference=reference)


@require_POST
@signed_in
def settle(request: ActorRequest, reference: str) -> HttpResponse:
    """After the event: who attended, and who did not come."""
    found = queries.find_call(request.actor, reference)
    steps.require_run(request.actor, found.event)
    try:
        attended, absent = actions.settle_attendance(request.actor, reference, timezone.localdate())
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("Attended: %(attended)d. Did not come: %(absent)d.")
            % {"attended": attended, "absent": absent},
        )
    return redirect("training:call", reference=reference)
