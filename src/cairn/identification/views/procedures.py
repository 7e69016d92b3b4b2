"""Procedures: the list by code, one procedure, its opening, its investigator, its decisions."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.identification.actions.procedures import (
    OpenedProcedure,
    decide_procedure,
    enter_procedure,
    open_everything,
    take_over_investigation,
)
from cairn.identification.forms.procedures import (
    DecisionForm,
    Possible,
    ProcedureForm,
    explained,
)
from cairn.identification.models import Procedure
from cairn.identification.queries import procedures as queries
from cairn.identification.queries import rights as rights_queries
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import REVIEWED, AgeStatus, Ground, Standard, State
from cairn.identification.rules.profiles import AuthorityKind
from cairn.identification.subjects import PROCEDURE, SEALED
from cairn.identification.views.procedure_parts import act_parts, decision_cards, right_parts
from cairn.identification.wording import SENTENCES
from cairn.oversight.actions.readings import Opened
from cairn.oversight.queries import records as record_queries
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views import records
from cairn.oversight.views.shared import named
from cairn.oversight.views.showing import Shown, shown
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

# At which field a refusal of a rule is shown.
FIELDS = {
    "procedure.opened": "opened_on",
    "procedure.keep": "keep_until",
    "procedure.place": "unit",
    "decision.move": "outcome",
    "decision.ground": "ground",
    "decision.authority-kind": "authority_kind",
    "review.same-person": "outcome",
    "decision.standard": "standard",
    "decision.authority": "authority",
    "decision.reasons": "reasons",
}


@never_cache
@require_safe
@needs(Permission.PROCEDURE_VIEW)
def procedures(request: ActorRequest) -> HttpResponse:
    """Procedures by code. What is sealed is neither shown nor read here."""
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.procedures(request.actor, filters), request)
    context = {
        "filters": filters,
        "page": page,
        "states": list(State),
        "cards": [_card(request, row) for row in page],
        "may_enter": request.actor.may(Permission.PROCEDURE_EDIT),
        "may_export": request.actor.may(Permission.PROCEDURE_EXPORT),
    }
    return render(request, "identification/procedures.html", context)


def _card(request: ActorRequest, row: Any) -> dict[str, Any]:
    return {
        "procedure": row,
        "state": State(row.latest or State.DETECTED),
        "investigator": _investigator_word(request, row),
    }


def _investigator_word(request: ActorRequest, procedure: Procedure) -> str:
    if procedure.investigated_by is None:
        return _("nobody")
    is_own = procedure.investigated_by == request.actor.user_id
    return _("you") if is_own else _("a colleague")


@never_cache
@require_safe
@needs(Permission.PROCEDURE_VIEW)
@limited("procedure.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, as people type it, to its procedure. Names cannot be searched."""
    if code := queries.code_of(request.actor, request.GET.get("code", "")):
        return redirect("identification:procedure", code=code)
    messages.warning(request, _("There is no procedure with this code for you to see."))
    return redirect("identification:procedures")


@never_cache
@require_safe
@signed_in
def procedure(request: ActorRequest, code: str) -> HttpResponse:
    """One procedure: where it stands, how it came there, its sealed part closed."""
    found = queries.find_procedure(request.actor, code)
    return _page(request, found, OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("procedure.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the sealed part on this one answer, which nothing keeps.

    Whoever comes back to the address without the form is led to the record, closed.
    """
    found = queries.find_procedure(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = open_everything(
                request.actor, code, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = _opened_parts(opened)
    return _page(request, found, form, parts)


def _opened_parts(opened: OpenedProcedure) -> list[Shown]:
    reasons, views = _("Reasons of decision %(number)d"), _("Child's view, step %(number)d")
    parts = shown(opened.procedure)
    parts += [_numbered(each, reasons) for each in opened.reasons]
    for each in opened.guardians:
        parts += shown(each)
    return parts + [_numbered(each, views) for each in opened.views]


def _numbered(opened: Opened, words: str) -> Shown:
    return replace(shown(opened)[0], label=words % {"number": opened.record.number})


def _page(
    request: ActorRequest,
    found: Procedure,
    form: OpenForm,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    decisions = queries.decisions(found)
    now = rules.state_of(each.outcome for each in decisions)
    law = profile_of(found.country)
    told = rights_queries.notifications(found)
    context: dict[str, Any] = {
        "procedure": found,
        "state": now,
        "age": AgeStatus(found.age_status),
        "investigator": _investigator_word(request, found),
        "decisions": decision_cards(
            decisions, told, rights_queries.requests(found), named(e.decided_by for e in decisions)
        ),
        "parts": [(label, bool(getattr(found, name))) for name, label in SEALED.items()],
        "reports": queries.report_codes(request.actor, found),
        "form": form,
        "opened": opened,
        **act_parts(request.actor, found, now),
        **right_parts(found, decisions, told, law, timezone.localdate()),
        **records.page_parts(request.actor, PROCEDURE, found, SENTENCES),
    }
    return render(request, "identification/procedure.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROCEDURE_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a procedure: somebody was detected."""
    form = ProcedureForm(
        request.POST or None,
        places=record_queries.places(request.actor, Permission.PROCEDURE_EDIT),
        initial={"opened_on": timezone.localdate().isoformat()},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        names = ("opened_on", "keep_until", "age_status", "authority_kind", *SEALED)
        try:
            made = enter_procedure(
                request.actor, form.place(), **{name: given[name] for name in names}
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            words = {"code": made.code}
            messages.success(request, _("The procedure was entered as %(code)s.") % words)
            return redirect(made)
    context = {
        "heading": _("Enter a procedure"),
        "send": _("Enter and seal"),
        "form": form,
    }
    return render(request, "identification/form.html", context, status=status_of(form))


@require_POST
@signed_in
def investigate(request: ActorRequest, code: str) -> HttpResponse:
    """Take over as the one who investigates."""
    take_over_investigation(request.actor, code)
    messages.success(request, _("You investigate this procedure from now on."))
    return redirect("identification:procedure", code=code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decide(request: ActorRequest, code: str) -> HttpResponse:
    """Decide the next step; the page says by what standard and with what consequences."""
    found = queries.find_procedure(request.actor, code)
    require(request.actor, Permission.PROCEDURE_DECIDE, within=found)
    decisions = queries.decisions(found)
    now = rules.state_of(each.outcome for each in decisions)
    law = profile_of(found.country)
    reviewed = rights_queries.under_review(decisions)
    judged = State(reviewed.outcome) if reviewed is not None else None
    choices = [
        Possible(each, law.takes(each, judged if each in REVIEWED else None))
        for each in rules.decidable(now)
    ]
    form = DecisionForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            decide_procedure(
                request.actor,
                code,
                State(given["outcome"]),
                standard=Standard(given["standard"]),
                ground=Ground(given["ground"]),
                authority_kind=given["authority_kind"],
                authority=given["authority"],
                reasons=given["reasons"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            messages.success(request, _("The decision was recorded."))
            return redirect("identification:procedure", code=code)
    context = {
        "heading": _("Decide the next step"),
        "procedure": found,
        "state": now,
        "form": form,
        "outcomes": explained(choices, law),
        "law": law,
        "deciders": [each.label for each in AuthorityKind if each in law.deciders],
        "is_investigator": request.actor.user_id in queries.investigators(found),
        "is_first_decider": now == State.UNDER_REVIEW
        and reviewed is not None
        and reviewed.decided_by == request.actor.user_id,
    }
    return render(request, "identification/decide.html", context, status=status_of(form))
