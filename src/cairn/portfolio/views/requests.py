"""The pipeline of requests for assistance: list, page, new request, next step."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.portfolio.actions.requests import move_request, receive_request
from cairn.portfolio.forms.requests import (
    EVENT_LIST,
    NEXT_VERBS,
    PROJECT_LIST,
    RequestForm,
    RequestMoveForm,
)
from cairn.portfolio.models import AssistanceRequest, RequestMove
from cairn.portfolio.queries import requests as queries
from cairn.portfolio.rules import RequestState, listed_request_moves
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

# The way of a request that is not declined.
WAY: list[RequestState] = [state for state in RequestState if state != RequestState.DECLINED]


@require_safe
@needs(Permission.REQUEST_VIEW)
def requests(request: ActorRequest) -> HttpResponse:
    """Every request by its step; the steps with their counts lead the page."""
    filters = queries.RequestFilters.from_query(request.GET)
    page = page_of(queries.requests(request.actor, filters), request)
    steps = queries.steps(request.actor, filters)
    context = {
        "filters": filters,
        "steps": [step for step in steps if step.state in WAY],
        "every_step": steps,
        "declined": next(s.count for s in steps if s.state == RequestState.DECLINED),
        "total": sum(step.count for step in steps),
        "countries": queries.countries(request.actor),
        "page": page,
        "cards": [(queries.card_of(row), _next_verb(RequestState(row.state))) for row in page],
        "may_edit": request.actor.may(Permission.REQUEST_EDIT),
    }
    return render(request, "portfolio/requests.html", context)


def _next_verb(state: RequestState) -> Any:
    moves = listed_request_moves(state)
    return NEXT_VERBS[moves[0]] if moves else ""


@require_safe
@needs(Permission.REQUEST_VIEW)
def request_page(request: ActorRequest, reference: str) -> HttpResponse:
    """One request: where it stands, what is next, and how it came here."""
    found = queries.find_request(request.actor, reference)
    context = {
        "found": found,
        "card": queries.card_of(found),
        "steps": steps_of(found),
        "history": [_entry(each) for each in found.moves.all()],
        "moves": [(to, NEXT_VERBS[to]) for to in listed_request_moves(RequestState(found.state))],
        "may_edit": request.actor.may(Permission.REQUEST_EDIT),
    }
    return render(request, "portfolio/request.html", context)


def _entry(move: RequestMove) -> dict[str, Any]:
    """One step as the history shows it; what was read in from a source, Cairn itself entered."""
    return {
        "who": move.author_name if move.author_id else "Cairn",
        "what": _told(move),
        "why": move.reason,
        "when": move.moved_at,
    }


def _told(move: RequestMove) -> str:
    """A step of the history as the second half of a sentence that begins with who did it."""
    after = RequestState(move.after).label
    if not move.before:
        return _("entered the request.")
    return _("moved it from “%(before)s” to “%(after)s”.") % {
        "before": RequestState(move.before).label,
        "after": after,
    }


def steps_of(found: AssistanceRequest) -> list[dict[str, str]]:
    """The stones of a request: done, current, still to come; a declined one stops."""
    now = RequestState(found.state)
    if now == RequestState.DECLINED:
        last = next((each.before for each in found.moves.all() if each.after == now), "")
        reached = WAY[: WAY.index(RequestState(last)) + 1] if last else WAY[:1]
        return [
            *({"label": str(each.label), "state": "done"} for each in reached),
            {"label": str(now.label), "state": "stopped"},
        ]
    place = WAY.index(now)
    is_last = place == len(WAY) - 1
    return [
        {
            "label": str(each.label),
            "state": "done"
            if number < place or (number == place and is_last)
            else ("current" if number == place else "todo"),
        }
        for number, each in enumerate(WAY)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REQUEST_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a request that somebody made."""
    events = queries.visible_events(request.actor)
    initial = {"reference": queries.next_reference(request.actor)}
    form = RequestForm(request.POST or None, events=events, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = receive_request(request.actor, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reference")
        else:
            messages.success(request, _("The request was entered."))
            return redirect(made)
    context = {
        "heading": _("Enter a request"),
        "send": _("Enter the request"),
        "form": form,
        "events": events[: queries.MOST_OFFERED],
        "event_list": EVENT_LIST,
    }
    return render(request, "portfolio/request_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: ActorRequest, reference: str) -> HttpResponse:
    """Take a request one step on, or decline it with a reason."""
    found = queries.find_request(request.actor, reference)
    require(request.actor, Permission.REQUEST_EDIT)
    moves = listed_request_moves(RequestState(found.state))
    form = RequestMoveForm(
        request.POST or None,
        moves=moves,
        projects=queries.visible_projects(request.actor),
        initial={"to": _asked(request, moves), "project": found.project or ""},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        to = RequestState(given["to"])
        try:
            move_request(
                request.actor,
                reference,
                to,
                reason=given["reason"],
                project=given.get("project"),
            )
        except RuleBroken as refusal:
            place = {"request.reason": "reason", "request.project": "project"}.get(refusal.code)
            add_refusal(form, refusal, place)
        else:
            messages.success(request, _("The request is now “%(state)s”.") % {"state": to.label})
            return redirect(found)
    offered = queries.offered_projects(request.actor, found)
    context = {
        "heading": _("Next step of a request"),
        "send": _("Record the step"),
        "form": form,
        "found": found,
        "card": queries.card_of(found),
        "moves": moves,
        "offered": offered,
        "near": [row for row in offered if row[2]][:10],
        "project_list": PROJECT_LIST,
        "country_names": [geography.country_name(code, language()) for code in found.countries],
    }
    return render(request, "portfolio/request_move.html", context, status=status_of(form))


def _asked(request: ActorRequest, moves: list[RequestState]) -> str:
    """The step that the address asks for, else the way on."""
    asked = request.GET.get("to", "")
    if asked in [each.value for each in moves]:
        return asked
    return moves[0].value if moves else ""
