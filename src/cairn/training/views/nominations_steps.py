"""Pages of one nomination: where it stands, and each step that somebody takes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import calls as call_actions
from cairn.training.actions import nominations as actions
from cairn.training.forms.nominations import (
    MotivationForm,
    ReplaceForm,
)
from cairn.training.forms.people import ReasonForm
from cairn.training.models import Nomination
from cairn.training.queries import nominations as queries
from cairn.training.queries import vetting as vetting_queries
from cairn.training.queries.history import history
from cairn.training.rules import nomination as rules
from cairn.training.rules.nomination import NOMINATION_MOVES, NominationState
from cairn.training.views.nominations import require_nominating

S = NominationState
# What can be done with a nomination: state to come -> the name of its page.
_STEPS = {
    S.WITHDRAWN: "withdraw",
    S.ELIGIBLE: "eligible",
    S.NOT_ELIGIBLE: "not-eligible",
    S.CONFIRMED: "confirm",
    S.DECLINED: "decline",
    S.REPLACED: "replace",
}


@never_cache
@require_safe
@signed_in
def nomination(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One nomination by code: where it stands, its checks, scores and decisions."""
    actor, today = request.actor, timezone.localdate()
    found = queries.find_nomination(actor, pk)
    event = found.call.event
    state = NominationState(found.state)
    nominates = actions.may_nominate(actor, found.call, found.agency_id)
    decides = actor.may_within(
        Permission.TRAINING_DECIDE, event.organisation_id, None, event.country
    )
    who = {
        S.WITHDRAWN: nominates,
        S.CONFIRMED: nominates,
        S.DECLINED: nominates,
        S.ELIGIBLE: decides,
        S.NOT_ELIGIBLE: decides,
        S.REPLACED: decides,
    }
    context = {
        "nomination": found,
        "call": found.call,
        "event": event,
        "state": state,
        "lacking": rules.missing_words(actions.lacking(found)) if nominates else "",
        "can_complete": nominates and state in {S.SUBMITTED, S.COMPLETE},
        "standing": vetting_queries.standing_of(found, today),
        "checks": list(vetting_queries.checks(actor, person=found.practitioner.code)),
        "decisions": queries.decisions(found),
        "criteria": call_actions.criteria_of(found.call),
        "steps": [
            (reverse("training:nomination-step", args=[pk, _STEPS[to]]), words)
            for to, words in _step_words().items()
            if to in NOMINATION_MOVES[state] and who[to]
        ],
        "may_vet": actor.may_within(
            Permission.VETTING_RECORD, event.organisation_id, None, event.country
        )
        and state in {S.COMPLETE, S.ELIGIBLE, S.NOT_ELIGIBLE},
        "history": history(actor, [found], NominationState),
    }
    return render(request, "training/people/nomination.html", context)


def _step_words() -> dict[NominationState, str]:
    return {
        S.CONFIRMED: _("Confirm"),
        S.ELIGIBLE: _("Find eligible"),
        S.NOT_ELIGIBLE: _("Find not eligible"),
        S.REPLACED: _("Replace"),
        S.DECLINED: _("Does not come"),
        S.WITHDRAWN: _("Take the nomination back"),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step(request: ActorRequest, pk: UUID, to: str) -> HttpResponse:
    """One step of a nomination, with its reason where it needs one."""
    require_nominating(request, Permission.TRAINING_DECIDE)
    found = queries.find_nomination(request.actor, pk)
    target = next((each for each, name in _STEPS.items() if name == to), None)
    if target is None:
        raise Http404
    _require_step(request, found, target)
    act = _acts(request, pk, target)
    page = FormPage(
        heading=_step_words()[target],
        send=_step_words()[target],
        back=(reverse("training:nomination", args=[pk]), found.practitioner.code),
        done=_("It was recorded."),
        facts=[
            (_("Nomination"), found.practitioner.code),
            (_("State"), found.get_state_display()),
        ],
    )
    form = (
        ReplaceForm(request.POST or None, reserve=queries.reserve(found))
        if target == S.REPLACED
        else ReasonForm(request.POST or None)
    )
    if target not in rules.NEEDS_REASON:
        form.fields["reason"].required = False
    return form_page(
        request,
        page,
        form,
        act,
        lambda _made: reverse("training:nomination", args=[pk]),
        {"nomination.replacement": "by", "nomination.reason": "reason"},
    )


def _require_step(request: ActorRequest, found: Nomination, to: NominationState) -> None:
    if to in {S.ELIGIBLE, S.NOT_ELIGIBLE, S.REPLACED}:
        require(request.actor, Permission.TRAINING_DECIDE, within=found.call.event)
    elif not actions.may_nominate(request.actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)


def _acts(
    request: ActorRequest, pk: UUID, to: NominationState
) -> Callable[[dict[str, Any]], object]:
    actor = request.actor
    if to == S.CONFIRMED:
        return lambda _given: actions.confirm(actor, pk)
    if to == S.DECLINED:
        return lambda given: actions.decline(actor, pk, given["reason"])
    if to == S.WITHDRAWN:
        return lambda given: actions.withdraw(actor, pk, given["reason"])
    if to == S.REPLACED:
        return lambda given: actions.replace(actor, pk, UUID(given["by"]), given["reason"])
    return lambda given: actions.decide_eligibility(actor, pk, to, given["reason"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def motivation(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Add why this person, which makes the nomination complete when nothing else is missing."""
    require_nominating(request)
    found = queries.find_nomination(request.actor, pk)
    if not actions.may_nominate(request.actor, found.call, found.agency_id):
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    page = FormPage(
        heading=_("Complete the nomination"),
        send=_("Save"),
        back=(reverse("training:nomination", args=[pk]), found.practitioner.code),
        done=_("The nomination was saved."),
    )
    return form_page(
        request,
        page,
        MotivationForm(
            request.POST or None, initial={"motivation": found.answers.get("motivation", "")}
        ),
        lambda given: actions.complete(request.actor, pk, answers=given),
        lambda _made: reverse("training:nomination", args=[pk]),
    )
