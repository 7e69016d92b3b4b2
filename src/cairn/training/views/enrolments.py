"""Participants of an event by code: the list, enrolling, walk-ins, who withdrew, who completed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.limits import limited
from cairn.oversight.queries.records import places
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import enrolments as actions
from cairn.training.actions import steps, walk_ins
from cairn.training.forms.attendance import CompletionForm, EnrolForm, ReasonForm, WalkInForm
from cairn.training.models import Enrolment, TrainingEvent
from cairn.training.queries import attendance as attendance_queries
from cairn.training.queries import events as queries
from cairn.training.rules.states import DELIVERED, EnrolmentState
from cairn.training.views.events import FORM, lists
from cairn.ui.pages import page_of

FIELDS = {
    "enrolment.twice": "code",
    "enrolment.reason": "reason",
    "walk-in.similar": "is_another",
    "person.name": "name",
}


@never_cache
@require_safe
@signed_in
def participants(request: ActorRequest, reference: str) -> HttpResponse:
    """Who takes part, by code; nobody's name."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    roll = attendance_queries.roll(found)
    missing = attendance_queries.missing_by_enrolment(found, roll.rows)
    asked = request.GET.get("state", "")
    listed = [each for each in roll.enrolments if asked in {"", each.state}]
    page = page_of(listed, request, per_page=50)
    context = {
        "event": found,
        "page": page,
        "rows": [(each, roll.rows[each.pk], missing[each.pk]) for each in page],
        "states": EnrolmentState.choices,
        "asked": asked,
        "is_delivered": found.state in DELIVERED,
        "may_enter": request.actor.may(Permission.TRAINEE_EDIT),
    }
    return render(request, "training/events/participants.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("training.enrol", per_minute=30)
def enrol(request: ActorRequest, reference: str) -> HttpResponse:
    """Enrol somebody who is known, by code."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    page = FormPage(
        heading=_("Enrol somebody by code"),
        send=_("Enrol"),
        back=_list(found),
        done=_("The person is enrolled and has a code for badge and test."),
    )
    return form_page(
        request,
        page,
        EnrolForm(request.POST or None, actor=request.actor),
        lambda given: actions.enrol(request.actor, found, given["code"], given["language"]),
        lambda _made: _list(found)[0],
        FIELDS,
    )


def _list(event: TrainingEvent) -> tuple[str, str]:
    return reverse("training:participants", args=[event.reference]), _("Participants")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("training.walk-in", per_minute=20, methods=("POST",))
def walk_in(request: ActorRequest, reference: str) -> HttpResponse:
    """Enter somebody who came and is not known yet. The name is sealed at once."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    require(request.actor, Permission.TRAINEE_EDIT, within=found)
    form = WalkInForm(
        request.POST or None,
        countries=places(request.actor, Permission.TRAINEE_EDIT).countries,
        country=found.country,
    )
    page = FormPage(
        heading=_("Enter somebody who came without being enrolled"),
        send=_("Enter and enrol"),
        back=_list(found),
        done=_("The person is enrolled and has a code for badge and test."),
        seen=_(
            "The name is sealed. Colleagues see the code; whoever opens the name gives a reason "
            "that the data-protection officer reads."
        ),
        template=FORM,
    )
    return form_page(
        request,
        page,
        form,
        lambda given: walk_ins.add_walk_in(request.actor, reference, **given),
        lambda _made: _list(found)[0],
        FIELDS,
        **lists(request),
    )


@require_POST
@signed_in
def settle(request: ActorRequest, reference: str) -> HttpResponse:
    """Compute minutes and completion of everybody again."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    done = actions.settle(request.actor, found)
    words = ngettext(
        "Settled: %(completed)d participant has completed.",
        "Settled: %(completed)d participants have completed.",
        done.completed,
    )
    messages.success(request, words % {"completed": done.completed})
    return redirect("training:participants", reference=reference)


def _person(request: ActorRequest, pk: UUID) -> Enrolment:
    found = queries.find_enrolment(request.actor, pk)
    steps.require_run(request.actor, found.event)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record that somebody does not take part any more."""
    return _ended(
        request,
        pk,
        _("Record that a participant withdrew"),
        lambda given: actions.withdraw(request.actor, pk, given["reason"]),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def no_show(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record that somebody who was enrolled did not come."""
    return _ended(
        request,
        pk,
        _("Record that a participant did not come"),
        lambda given: actions.mark_no_show(request.actor, pk, given["reason"]),
    )


def _ended(request: ActorRequest, pk: UUID, heading: str, act: Any) -> HttpResponse:
    found = _person(request, pk)
    page = FormPage(
        heading=heading,
        send=_("Record it"),
        back=_list(found.event),
        done=_("It was recorded."),
        facts=[
            (_("Participant"), found.personal_code),
            (_("State"), EnrolmentState(found.state).label),
        ],
    )
    form = ReasonForm(request.POST or None)
    return form_page(request, page, form, act, lambda _made: _list(found.event)[0], FIELDS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def completion(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Decide otherwise than the rule says whether somebody completed."""
    found = _person(request, pk)
    roll = attendance_queries.roll(found.event)
    missing = attendance_queries.missing_by_enrolment(found.event, roll.rows)[found.pk]
    row = roll.rows[found.pk]
    page = FormPage(
        heading=_("Decide by hand whether somebody completed"),
        send=_("Record the decision"),
        back=_list(found.event),
        done=_("The decision was recorded."),
        facts=[
            (_("Participant"), found.personal_code),
            (_("State"), EnrolmentState(found.state).label),
            (
                _("Minutes present"),
                _("%(minutes)d of %(all)d") % {"minutes": row.minutes, "all": row.of_minutes},
            ),
            (
                _("What the rule misses"),
                " ".join(str(each.label) for each in missing) or _("Nothing"),
            ),
        ],
        seen=_("Your name and the reason stand beside the result, whatever marks come later."),
    )

    def act(given: dict[str, Any]) -> object:
        return actions.override_completion(
            request.actor, pk, given["completed"] == "yes", given["reason"]
        )

    form = CompletionForm(request.POST or None)
    return form_page(request, page, form, act, lambda _made: _list(found.event)[0], FIELDS)


@require_POST
@signed_in
def completion_lift(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Let the rule decide again."""
    found = _person(request, pk)
    actions.lift_override(request.actor, pk)
    messages.success(request, _("The rule decides again."))
    return redirect("training:participants", reference=found.event.reference)
