"""Attendance: the sessions and their windows, the screen that takes badges, marks from phones."""

from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.training.actions import attendance as actions
from cairn.training.actions import steps
from cairn.training.actions.attendance_intake import MarkSent, Receipt
from cairn.training.forms.attendance import ScanForm
from cairn.training.forms.attendance_marks import read_batch
from cairn.training.models import TrainingSession
from cairn.training.queries import attendance as queries
from cairn.training.queries import events as event_queries
from cairn.training.rules.choices import MarkMeans, Participation
from cairn.training.rules.codes import code_in
from cairn.training.rules.states import EventState
from cairn.ui.forms import status_of
from cairn.ui.headers import PERMISSIONS_POLICY

# The one page that looks through the camera, at badges; it sends no picture anywhere.
WITH_CAMERA = PERMISSIONS_POLICY.replace("camera=()", "camera=(self)")
LATEST = 12


@never_cache
@require_safe
@signed_in
def attendance(request: ActorRequest, reference: str) -> HttpResponse:
    """Every session with its window, and everybody's minutes by code."""
    found = event_queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    if found.participation != Participation.NAMED:
        return redirect("training:event-report", reference=reference)
    roll = queries.roll(found)
    missing = queries.missing_by_enrolment(found, roll.rows)
    expected = sum(each.state not in queries.AWAY for each in roll.enrolments)
    context = {
        "event": found,
        "is_running": found.state == EventState.RUNNING,
        "sessions": [(each, window_of(each), roll.present_now(each)) for each in roll.sessions],
        "expected": expected,
        "people": [
            (each, roll.rows[each.pk], missing[each.pk], sorted(roll.rows[each.pk].flags))
            for each in roll.enrolments
        ],
        "rule": queries.completion_rule(found),
        "refused": queries.refused(request.actor, found).filter(resolved_at=None).count(),
    }
    return render(request, "training/events/attendance/attendance.html", context)


def window_of(session: TrainingSession) -> str:
    """ "never", "open" or "closed"."""
    if session.marks_open_from is None:
        return "never"
    return "open" if session.marks_open_until is None else "closed"


@require_POST
@signed_in
def window(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Open or close attendance for a session; the form says which."""
    session = event_queries.find_session(request.actor, pk)
    reference = session.event.reference
    steps.require_run(request.actor, session.event)
    if request.POST.get("to") == "closed":
        actions.close_window(request.actor, reference, pk)
        messages.success(request, _("Attendance is closed for this session."))
        return redirect("training:attendance", reference=reference)
    actions.open_window(request.actor, reference, pk)
    messages.success(request, _("Attendance is open for this session."))
    return redirect("training:scan", pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def scan(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Badges one after the other. Without a script each is a form; with one, the phone keeps a
    queue that outlives a lost line."""
    session = event_queries.find_session(request.actor, pk)
    event = session.event
    steps.require_run(request.actor, event)
    form = ScanForm(request.POST or None)
    receipt: Receipt | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sent = MarkSent(
            id=uuid4(),
            session=session.pk,
            kind=given["kind"],
            at=clock.now(),
            code=code_in(given["code"]),
            means=MarkMeans.CODE,
            offset_seconds=0,
        )
        (receipt,) = actions.receive_marks(request.actor, event, [sent])
        if receipt.outcome == "accepted":
            form = ScanForm(initial={"kind": given["kind"]})
    people = queries.roll(event)
    context = {
        "event": event,
        "session": session,
        "window": window_of(session),
        "form": form,
        "receipt": receipt,
        "present": people.present_now(session),
        "expected": sum(each.state not in queries.AWAY for each in people.enrolments),
        "codes": sorted(
            each.personal_code for each in people.enrolments if each.state not in queries.AWAY
        ),
        "latest": queries.latest_marks(session, LATEST),
        "send_to": reverse("training:marks"),
    }
    status = status_of(form) if receipt is None or receipt.outcome != "refused" else 409
    response = render(request, "training/events/attendance/scan.html", context, status=status)
    response["Permissions-Policy"] = WITH_CAMERA
    return response


@require_POST
@needs(Permission.EVENT_RUN)
@limited("training.marks", per_minute=240)
def marks(request: ActorRequest) -> HttpResponse:
    """Marks from a phone, as JSON. Each is acknowledged after commit with the hash of what is kept.

    A batch that cannot be read is answered with 422; one that is not this person's event with 404
    or 403. Sending the same again is always right.
    """
    try:
        batch = read_batch(request.body, now=timezone.now())
    except RuleBroken as refusal:
        body = {"code": refusal.code, "detail": refusal.message, "remedy": refusal.remedy}
        return JsonResponse(body, status=422)
    found = event_queries.find(request.actor, batch.event)
    receipts = actions.receive_marks(request.actor, found, batch.marks)
    return JsonResponse({"receipts": [_told(each) for each in receipts]})


def _told(receipt: Receipt) -> dict[str, Any]:
    return {key: str(value) for key, value in asdict(receipt).items()}
