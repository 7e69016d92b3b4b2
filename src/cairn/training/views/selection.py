"""The page of a panel: scores by the published criteria, the rank list as an aid, the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.training.actions import selection as actions
from cairn.training.forms.selection import DecisionForm, ScoresForm
from cairn.training.models import Call
from cairn.training.queries import nominations as nomination_queries
from cairn.training.queries import selection as queries
from cairn.training.rules.choices import SelectionOutcome
from cairn.training.rules.nomination import NominationState
from cairn.ui.forms import add_refusal, status_of

_SETTLED = frozenset({NominationState.CONFIRMED, NominationState.SELECTED})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def selection(request: ActorRequest, reference: str) -> HttpResponse:
    """The panel's table by code. Sending it decides; what is proposed is only filled in."""
    found = nomination_queries.find_call(request.actor, reference)
    require(request.actor, Permission.TRAINING_DECIDE, within=found.event)
    lines, proposal = queries.lines(found)
    form = _decision_form(request, found, lines, request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.decide(
                request.actor,
                reference,
                form.outcomes(),
                panel=form.sat(),
                reason=form.cleaned_data["reason"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, _place(refusal))
        else:
            words = {"count": len(made)}
            messages.success(
                request,
                ngettext(
                    "%(count)d decision was recorded.",
                    "%(count)d decisions were recorded.",
                    len(made),
                )
                % words,
            )
            return redirect("training:call", reference=reference)
    return _page(request, found, lines, proposal, form)


def _place(refusal: RuleBroken) -> str | None:
    return {
        "selection.panel": "panel",
        "selection.vetted": "panel",
        "selection.reason": "reason",
        "selection.too-few-women": "reason",
    }.get(refusal.code)


def _decision_form(
    request: ActorRequest, found: Call, lines: list[queries.Line], is_sent: bool
) -> DecisionForm:
    open_lines = [line for line in lines if line.nomination.state not in _SETTLED]
    return DecisionForm(
        request.POST if is_sent else None,
        nominations=[line.nomination for line in open_lines],
        proposed={
            line.nomination.pk: _proposed(line)
            for line in open_lines
            if line.nomination.state == NominationState.ELIGIBLE
        },
        colleagues=queries.colleagues(request.actor, found.event),
    )


def _proposed(line: queries.Line) -> str:
    outcome = line.proposed.outcome
    return outcome.value if isinstance(outcome, SelectionOutcome) else ""


def _page(
    request: ActorRequest,
    found: Call,
    lines: list[queries.Line],
    proposal: Any,
    form: DecisionForm,
    scores: ScoresForm | None = None,
) -> HttpResponse:
    criteria = queries.criteria_of(found)
    scored = scores or ScoresForm(
        nominations=[line.nomination for line in lines], criteria=criteria
    )
    open_keys = {row.pk for row in form.nominations}
    context = {
        "call": found,
        "event": found.event,
        "criteria": criteria,
        "lines": [
            {
                "nomination": line.nomination,
                "proposed": line.proposed,
                "fields": scored.cells(line.nomination),
                "outcome": form.outcome(line.nomination)
                if line.nomination.pk in open_keys
                else None,
            }
            for line in lines
        ],
        "findings": proposal.findings,
        "seats": nomination_queries.seat_lines(request.actor, found),
        "form": form,
        "scores": scored,
    }
    failed = scored if scored.is_bound else form
    return render(request, "training/people/selection.html", context, status=status_of(failed))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def scores(request: ActorRequest, reference: str) -> HttpResponse:
    """Keep the panel's scores; the rank list follows them."""
    found = nomination_queries.find_call(request.actor, reference)
    require(request.actor, Permission.TRAINING_DECIDE, within=found.event)
    if request.method != "POST":
        return redirect("training:selection", reference=reference)
    lines, proposal = queries.lines(found)
    form = ScoresForm(
        request.POST,
        nominations=[line.nomination for line in lines],
        criteria=queries.criteria_of(found),
    )
    if form.is_valid():
        try:
            count = actions.score(request.actor, reference, form.scores())
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                ngettext(
                    "The scores of %(count)d person were saved.",
                    "The scores of %(count)d people were saved.",
                    count,
                )
                % {"count": count},
            )
            return redirect("training:selection", reference=reference)
    decision = _decision_form(request, found, lines, False)
    return _page(request, found, lines, proposal, decision, form)
