"""The agenda of an event and its staff; what is booked twice is said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import sessions as actions
from cairn.training.actions import steps
from cairn.training.forms.sessions import SessionForm, StaffForm
from cairn.training.models import TrainingEvent
from cairn.training.queries import bookings, desk
from cairn.training.queries import events as queries
from cairn.training.rules.choices import StaffRole
from cairn.training.rules.events import read_day

FIELDS = {
    "session.times": "ends",
    "session.day": "day",
    "session.conflict": "despite_conflicts",
    "session.actual": "actual_ends",
    "staffing.twice": "role",
    "staffing.supervisor": "supervised_by",
}


@require_safe
@signed_in
def agenda(request: ActorRequest, reference: str) -> HttpResponse:
    """Sessions in their order, with what is booked twice, and the staff."""
    found = queries.find(request.actor, reference)
    sessions = desk.sessions(found)
    runs = steps.may_run(request.actor, found)
    booked = bookings.conflicts_of(found, sessions) if runs else {}
    context = {
        "event": found,
        "rows": [(each, booked.get(each.pk, [])) for each in sessions],
        "team": desk.staff(found),
        "edits": request.actor.may_within(
            Permission.TRAINING_EDIT, found.organisation_id, None, found.country
        ),
        "runs": runs,
    }
    return render(request, "training/events/agenda.html", context)


def _facts(form: SessionForm) -> actions.SessionFacts:
    given = form.cleaned_data
    starts_at, ends_at = form.moment("starts"), form.moment("ends")
    if starts_at is None or ends_at is None:
        raise ValueError("A form that is whole has both times.")
    return actions.SessionFacts(
        title=given["title"],
        starts_at=starts_at,
        ends_at=ends_at,
        room=given["room"],
        method=given["method"],
        module_version=given["module_version"],
        actual_starts_at=form.moment("actual_starts"),
        actual_ends_at=form.moment("actual_ends"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def session_new(request: ActorRequest, reference: str) -> HttpResponse:
    """Add a session to the agenda."""
    found = queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found)
    form = SessionForm(request.POST or None, event=found, is_new=True, initial=_next_times(found))
    page = FormPage(
        heading=_("Add a session"),
        send=_("Add the session"),
        back=(reverse("training:agenda", args=[reference]), _("Agenda")),
        done=_("The session was added."),
        lead=_("Times are those of the place: %(zone)s.") % {"zone": found.time_zone},
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.add_session(
            request.actor,
            reference,
            _facts(form),
            despite_conflicts=given["despite_conflicts"],
        ),
        lambda _made: reverse("training:agenda", args=[reference]),
        FIELDS,
    )


def _next_times(found: TrainingEvent) -> dict[str, Any]:
    """Where the agenda goes on: after the last session, or the first morning of the event."""
    last = found.sessions.order_by("-starts_at").first()
    if last is not None:
        zone = SessionForm(event=found, is_new=True).zone
        return {"day": last.starts_at.astimezone(zone).date().isoformat(), "room": last.room}
    first = read_day(found.starts)
    if first is None or first.precision != "day":
        return {}
    return {"day": first.first.isoformat(), "starts": "09:00"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def session_edit(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change a session: title, times, room, when it took place in fact."""
    session = queries.find_session(request.actor, pk)
    event = session.event
    require(request.actor, Permission.TRAINING_EDIT, within=event)
    form = SessionForm(request.POST or None, event=event, is_new=False)
    local = session.starts_at.astimezone(form.zone)
    form.initial = {
        "title": session.title,
        "day": local.date().isoformat(),
        "starts": f"{local:%H:%M}",
        "ends": f"{session.ends_at.astimezone(form.zone):%H:%M}",
        "room": session.room,
        "method": session.method,
        "module_version": str(session.module_version_id or ""),
        "actual_starts": _clock(session.actual_starts_at, form),
        "actual_ends": _clock(session.actual_ends_at, form),
    }
    page = FormPage(
        heading=_("Change a session"),
        send=_("Save the session"),
        back=(reverse("training:agenda", args=[event.reference]), _("Agenda")),
        done=_("The session was changed."),
        lead=_("Times are those of the place: %(zone)s.") % {"zone": event.time_zone},
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.change_session(
            request.actor,
            event.reference,
            pk,
            _facts(form),
            despite_conflicts=given["despite_conflicts"],
        ),
        lambda _made: reverse("training:agenda", args=[event.reference]),
        FIELDS,
    )


def _clock(moment: Any, form: SessionForm) -> str:
    return f"{moment.astimezone(form.zone):%H:%M}" if moment else ""


@require_POST
@signed_in
def session_remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a session off the agenda."""
    session = queries.find_session(request.actor, pk)
    actions.remove_session(request.actor, session.event.reference, pk)
    messages.success(request, _("The session was removed."))
    return redirect("training:agenda", reference=session.event.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def staff_new(request: ActorRequest, reference: str) -> HttpResponse:
    """Enter who teaches or helps, and under whose eyes."""
    found = queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found)
    form = StaffForm(
        request.POST or None,
        actor=request.actor,
        sessions=list(found.sessions.all()),
        staff=desk.staff(found),
    )

    def act(given: dict[str, Any]) -> object:
        return actions.staff(
            request.actor,
            found,
            given["code"],
            StaffRole(given["role"]),
            given.get("sessions") or (),
            given["supervised_by"],
            hours=given["hours"],
        )

    page = FormPage(
        heading=_("Enter somebody as staff"),
        send=_("Enter"),
        back=(found.get_absolute_url(), reference),
        done=_("The person was entered as staff."),
        seen=_("Whoever has an account and teaches here sees the participants by code."),
    )
    return form_page(request, page, form, act, lambda _made: found.get_absolute_url(), FIELDS)


@require_POST
@signed_in
def staff_remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take somebody off the staff."""
    entry = queries.find_staffing(request.actor, pk)
    actions.unstaff(request.actor, entry.event.reference, pk)
    messages.success(request, _("The person was taken off the staff."))
    return redirect(entry.event)
