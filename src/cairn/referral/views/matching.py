"""Records that may be of one person: the queue, a pair side by side, what is decided of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views.showing import shown
from cairn.referral.actions import matching as actions
from cairn.referral.forms.matching import DecideForm, UndoForm
from cairn.referral.models.matching import Pair
from cairn.referral.queries import matching_pairs as queries
from cairn.referral.rules.matching import PairReason, PairState, PairStep
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.DUPLICATE_REVIEW)
def duplicates(request: ActorRequest) -> HttpResponse:
    """Pairs by state, the likeliest first. No name is opened for it."""
    asked = request.GET.get("state", "")
    state = PairState(asked) if asked in PairState.values else PairState.SUGGESTED
    page = page_of(queries.listed(request.actor, state), request)
    context = {
        "page": page,
        "state": state,
        "states": PairState.choices,
        "rows": [(pair, queries.words(pair)) for pair in page],
    }
    return render(request, "referral/matching_pairs.html", context)


@never_cache
@require_safe
@needs(Permission.PERSON_VIEW)
def pair(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Two records side by side, their identities closed."""
    return _page(request, queries.find_pair(request.actor, pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DUPLICATE_REVIEW)
@limited("person.open", per_minute=20, per_hour=200, methods=("POST",))
def open_pair(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Open who both are on this one answer, which nothing keeps."""
    found = queries.find_pair(request.actor, pk)
    if request.method != "POST":
        return redirect("referral:pair", pk=pk)
    form = OpenForm(request.POST)
    opened = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            both = actions.open_pair(request.actor, pk, Purpose(given["purpose"]), given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            opened = [
                (person, [part for each in parts for part in shown(each)]) for person, parts in both
            ]
    return _page(request, found, opening=form, opened=opened)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DUPLICATE_REVIEW)
def decide_pair(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One person or two."""
    found = queries.find_pair(request.actor, pk)
    if request.method != "POST":
        return redirect("referral:pair", pk=pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        step = PairStep(given["step"])
        try:
            actions.decide_pair(request.actor, pk, step, PairReason(given["reason"]))
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason" if refusal.code == "pair.reason" else None)
        else:
            messages.success(request, _("Your decision is written down. Both records stay."))
            return redirect("referral:pair", pk=pk)
    return _page(request, found, deciding=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DUPLICATE_REVIEW)
def undo_pair(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take the last decision back."""
    found = queries.find_pair(request.actor, pk)
    if request.method != "POST":
        return redirect("referral:pair", pk=pk)
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            actions.undo_pair(request.actor, pk, PairReason(form.cleaned_data["reason"]))
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The decision is taken back. It stays in the history."))
            return redirect("referral:pair", pk=pk)
    return _page(request, found, undoing=form)


def _page(
    request: ActorRequest,
    found: Pair,
    *,
    opening: OpenForm | None = None,
    deciding: DecideForm | None = None,
    undoing: UndoForm | None = None,
    opened: list[tuple[Any, list[Any]]] | None = None,
) -> HttpResponse:
    reviews = all(
        request.actor.may_within(
            Permission.DUPLICATE_REVIEW, each.organisation_id, each.unit_id, each.country
        )
        for each in (found.first, found.second)
    )
    used = next((form for form in (opening, deciding, undoing) if form is not None), None)
    context = {
        "pair": found,
        "records": [found.first, found.second],
        "reasons": queries.words(found),
        "lines": queries.history(request.actor, found),
        "is_open": found.state == PairState.SUGGESTED,
        "reviews": reviews,
        "may_open": reviews and request.actor.may(Permission.PERSON_OPEN),
        "opening": opening or OpenForm(),
        "deciding": deciding or DecideForm(),
        "undoing": undoing or UndoForm(),
        "opened": opened,
    }
    status = status_of(used) if used is not None else 200
    return render(request, "referral/matching_pair.html", context, status=status)
