"""Attendance at the desk: paper sheets keyed in, one person's marks, what was refused."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.training.actions import attendance as actions
from cairn.training.actions import steps
from cairn.training.forms.attendance import DeskMarkForm, ReasonForm, ResolutionForm
from cairn.training.models import RefusedRecord
from cairn.training.queries import attendance as queries
from cairn.training.queries import events as event_queries
from cairn.training.rules.attendance import HalfDay
from cairn.training.rules.choices import MarkKind
from cairn.training.rules.states import EnrolmentState
from cairn.ui.formats import date_text
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sheet(request: ActorRequest, reference: str) -> HttpResponse:
    """A paper sheet: every code, a tick for each half day that somebody signed."""
    found = event_queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    roll = queries.roll(found)
    refusal: RuleBroken | None = None
    halves: set[str] = set()
    ticked: dict[str, frozenset[UUID]] = {}
    if request.method == "POST":
        halves = set(request.POST.getlist("half"))
        ticked = {half.key: _ticks(request, half) for half in roll.half_days}
        try:
            receipts = actions.key_sheet(request.actor, reference, halves, ticked)
        except RuleBroken as broken:
            refusal = broken
        else:
            messages.success(request, _keyed(len(receipts)))
            return redirect("training:attendance", reference=reference)
    listed = [each for each in roll.enrolments if each.state != EnrolmentState.WITHDRAWN]
    context = {
        "event": found,
        "halves": [(half, _half_words(half), half.key in halves) for half in roll.half_days],
        "rows": [
            (
                each,
                [
                    (half.key, f"{half.key}:{each.pk}", _is_ticked(roll, half, each.pk, ticked))
                    for half in roll.half_days
                ],
            )
            for each in listed
        ],
        "refusal": refusal,
    }
    status = 200 if refusal is None else 422
    return render(request, "training/events/attendance/sheet.html", context, status=status)


def _keyed(number: int) -> str:
    if not number:
        return _("The sheet says what was known already: nothing was added.")
    return ngettext(
        "The sheet was keyed in: %(number)d mark.",
        "The sheet was keyed in: %(number)d marks.",
        number,
    ) % {"number": number}


def _ticks(request: ActorRequest, half: HalfDay) -> frozenset[UUID]:
    found = set()
    for text in request.POST.getlist(half.key):
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)


def _half_words(half: HalfDay) -> str:
    return _("%(day)s, %(part)s") % {"day": date_text(half.day), "part": half.part}


def _is_ticked(
    roll: queries.Roll, half: HalfDay, person: UUID, typed: dict[str, frozenset[UUID]]
) -> bool:
    """What was typed, else whether the person counts as present in the half day."""
    if half.key in typed:
        return person in typed[half.key]
    found = [roll.by_session[UUID(str(when.session))].get(person) for when in half.times]
    return bool(found) and all(each is not None and each.seconds > 0 for each in found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def person_marks(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One participant's marks; more are added here, and wrong ones are taken back."""
    enrolment = event_queries.find_enrolment(request.actor, pk)
    event = enrolment.event
    steps.require_run(request.actor, event)
    sessions = list(event.sessions.all())
    form = DeskMarkForm(request.POST or None, sessions=sessions)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        receipt = actions.mark_at_desk(
            request.actor,
            event.reference,
            UUID(given["session"]),
            enrolment.pk,
            MarkKind(given["kind"]),
        )
        if receipt.outcome == "accepted":
            messages.success(request, _("The mark was recorded."))
            return redirect("training:participant-marks", pk=pk)
        add_refusal(form, RuleBroken(receipt.reason_code, receipt.reason))
    marks = queries.marks_of(enrolment)
    who = named({each.recorded_by for each in marks})
    dead = queries.taken_back(marks)
    roll = queries.roll(event)
    context = {
        "event": event,
        "enrolment": enrolment,
        "row": roll.rows[enrolment.pk],
        "sessions": [(each, roll.by_session[each.pk].get(enrolment.pk)) for each in roll.sessions],
        "marks": [(each, who(each.recorded_by), each.pk in dead) for each in marks],
        "form": form,
    }
    return render(
        request, "training/events/attendance/person.html", context, status=status_of(form)
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mark_correct(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take one mark back by a later one, with a reason."""
    mark = queries.find_mark(request.actor, pk)
    steps.require_run(request.actor, mark.event)
    person = reverse("training:participant-marks", args=[mark.enrolment_id])
    page = FormPage(
        heading=_("Take a mark back"),
        send=_("Take it back"),
        back=(person, mark.enrolment.personal_code),
        done=_("The mark was taken back."),
        facts=[
            (_("Participant"), mark.enrolment.personal_code),
            (_("Session"), mark.session.title),
            (_("Mark"), mark.get_kind_display()),
        ],
        seen=_("The mark stays in the list; a later one says that it was wrong."),
    )

    def act(given: dict[str, Any]) -> object:
        return actions.correct_mark(request.actor, mark.event.reference, pk, given["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act, lambda _made: person)


@never_cache
@require_safe
@signed_in
def refused(request: ActorRequest, reference: str) -> HttpResponse:
    """What phones and kits sent and could not be taken, with the reason: somebody looks at each."""
    found = event_queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    page = page_of(queries.refused(request.actor, found), request)
    who = named({each.resolved_by for each in page})
    context = {
        "event": found,
        "page": page,
        "rows": [(each, who(each.resolved_by)) for each in page],
    }
    return render(request, "training/events/attendance/refused.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def refused_resolve(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say what was done about a refused record."""
    record = RefusedRecord.objects.visible_to(request.actor).select_related("event").get(pk=pk)
    steps.require_run(request.actor, record.event)
    back = reverse("training:refused", args=[record.event.reference])
    page = FormPage(
        heading=_("Deal with a refused record"),
        send=_("Record what was done"),
        back=(back, _("Refused records")),
        done=_("It was recorded what was done."),
        facts=[
            (_("Reason"), record.reason),
            (_("Code"), str(record.content.get("code") or "–")),
            (_("Device"), record.origin or "–"),
        ],
    )

    def act(given: dict[str, Any]) -> object:
        return actions.resolve_refused(
            request.actor, record.event.reference, pk, given["resolution"]
        )

    return form_page(
        request,
        page,
        ResolutionForm(request.POST or None),
        act,
        lambda _made: back,
        {"refused.resolution": "resolution"},
    )
