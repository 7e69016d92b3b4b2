"""Reports: the queue by clock, one report, its opening, its outcome."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.identification.actions.triage import (
    Identity,
    Opened,
    link_to_procedure,
    open_identity,
    open_report,
    read_report,
    settle,
    take_up,
)
from cairn.identification.forms.triage import (
    LinkForm,
    OpenReportForm,
    ReadForm,
    SettleForm,
    TakeUpForm,
    explained,
)
from cairn.identification.models import Report, ReportContent
from cairn.identification.queries import procedures as procedure_queries
from cairn.identification.queries import triage as queries
from cairn.identification.queries import triage_words as words
from cairn.identification.rules import triage as rules
from cairn.identification.rules.choices import ReportState, Setting
from cairn.identification.subjects import REPORT
from cairn.identification.wording.triage import step_sentence
from cairn.oversight.queries import records as record_queries
from cairn.oversight.queries.records import Told
from cairn.oversight.rules import Purpose
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal, named
from cairn.ui.forms import add_refusal, status_of

LIST = "identification:reports"
# Whatever takes a passphrase counts together: a wrong one cannot be tried at another door.
tries = limited("report.open", per_minute=10, per_hour=60, methods=("POST",))


@never_cache
@require_safe
@needs(Permission.REPORT_VIEW)
def reports(request: ActorRequest) -> HttpResponse:
    """What waits, the most urgent clock first. Nothing of a content is known or shown here."""
    filters = queries.Filters.from_query(request.GET)
    queue = queries.queue(request.actor, filters)
    context = {
        "filters": filters,
        "queue": queue,
        "cards": [_card(row, queue.can_open) for row in queue.rows],
        "states": list(ReportState),
        "start_href": filters.href() if filters.after else "",
        "clear_href": reverse(LIST) if filters.is_any else "",
        "may_release": request.actor.may(Permission.REPORT_RELEASE),
    }
    return render(request, "identification/reports.html", context)


def _card(row: Report, can_open: frozenset[Any]) -> dict[str, Any]:
    return {
        "report": row,
        "state": ReportState(row.state),
        "flaw": rules.flaw_of(row.flaw).label if row.flaw else "",
        "can_open": row.pk in can_open,
    }


@never_cache
@require_safe
@needs(Permission.REPORT_VIEW)
@limited("report.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, or the six signs that a person kept, to the report."""
    found = queries.found_by(request.actor, request.GET.get("code", "")[:40])
    if len(found) == 1:
        return redirect(found[0])
    if not found:
        messages.warning(request, _("There is no report with this code for you to see."))
        return redirect(LIST)
    context = {"cards": [_card(row, frozenset()) for row in found]}
    return render(request, "identification/reports_found.html", context)


@never_cache
@require_safe
@signed_in
def report(request: ActorRequest, code: str) -> HttpResponse:
    """One report: where it stands and how it came there; its content stays closed."""
    return _page(request, queries.find_report(request.actor, code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@tries
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open a report for the first time, with the passphrase; shown on this one answer."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_OPEN, within=found)
    if request.method != "POST":
        return redirect(found)
    form = OpenReportForm(request.POST)
    opened = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = open_report(
                request.actor,
                code,
                given["passphrase"],
                Purpose(given["purpose"]),
                given["reason"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field_of(refusal))
    return _page(request, queries.find_report(request.actor, code), first=form, opened=opened)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("report.read", per_minute=20, per_hour=200, methods=("POST",))
def read(request: ActorRequest, code: str) -> HttpResponse:
    """Read an opened report again, on this one answer, for a purpose and a reason."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_OPEN, within=found)
    if request.method != "POST" or queries.content_of(found) is None:
        return redirect(found)
    form = ReadForm(request.POST)
    opened = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = read_report(request.actor, code, Purpose(given["purpose"]), given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field_of(refusal))
    return _page(request, found, again=form, opened=opened)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@tries
def identity(request: ActorRequest, code: str) -> HttpResponse:
    """Open the name and contact, with the passphrase; shown on this one answer."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_OPEN, within=found)
    if request.method != "POST" or queries.content_of(found) is None:
        return redirect(found)
    form = OpenReportForm(request.POST, prefix="identity")
    block = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            block = open_identity(
                request.actor,
                code,
                given["passphrase"],
                Purpose(given["purpose"]),
                given["reason"],
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field_of(refusal))
    return _page(request, found, identity_form=form, block=block)


def _field_of(refusal: RuleBroken) -> str | None:
    if refusal.code.startswith("key."):
        return "passphrase"
    return "reason" if refusal.code == "oversight.reason" else None


def _page(
    request: ActorRequest,
    found: Report,
    *,
    first: OpenReportForm | None = None,
    again: ReadForm | None = None,
    identity_form: OpenReportForm | None = None,
    opened: Opened | None = None,
    block: Identity | None = None,
) -> HttpResponse:
    content = queries.content_of(found)
    state = ReportState(found.state)
    place = (found.organisation_id, found.unit_id, found.country)
    is_erased = content is not None and content.erased_on is not None
    may_triage = request.actor.may_within(Permission.REPORT_TRIAGE, *place) and not is_erased
    context: dict[str, Any] = {
        "report": found,
        "state": state,
        "flaw": rules.flaw_of(found.flaw).label if found.flaw else "",
        "content": content,
        "facts": _facts(found, content),
        "is_erased": is_erased,
        "may_open": request.actor.may_within(Permission.REPORT_OPEN, *place) and not is_erased,
        "holds_key": queries.holds_key(request.actor, found),
        "is_key_gone": found.key.destroyed_at is not None,
        "first": first or OpenReportForm(),
        "again": again or ReadForm(),
        "identity_form": identity_form or OpenReportForm(prefix="identity"),
        "opened": opened,
        "told": words.told(found, opened.content) if opened and opened.content else None,
        "given": block,
        "given_flaw": rules.flaw_of(block.flaw).label if block and block.flaw else "",
        "alike": _alike(request, found, content),
        "repeated_by": queries.repeated_by(found),
        "may_settle": may_triage and bool(_closings(found)),
        "may_link": may_triage and state == ReportState.OPENED,
        "may_take_up": may_triage and state in rules.CLOSED,
        "history": _history(request, found, content),
    }
    shown = next((form for form in (first, again, identity_form) if form is not None), None)
    status = status_of(shown) if shown is not None else 200
    return render(request, "identification/report.html", context, status=status)


def _alike(
    request: ActorRequest, found: Report, content: ReportContent | None
) -> list[queries.Alike]:
    """Suggestions, as long as they can be of use: while the report waits for an outcome."""
    if content is None or found.state != ReportState.OPENED:
        return []
    return queries.duplicates(request.actor, found, content)


def _closings(found: Report) -> list[ReportState]:
    """The outcomes that close without a procedure."""
    possible = rules.outcomes(ReportState(found.state), flaw=found.flaw)
    return [each for each in possible if each in rules.CLOSED - {ReportState.LINKED}]


def _facts(found: Report, content: ReportContent | None) -> list[tuple[str, str]]:
    """The coded facts that stand beside the sealed content; what is not known is left out."""
    if content is None:
        return []
    lines = [
        (_("Kind of place"), words.choice(Setting, content.setting)),
        (_("Age, as it seemed"), words.word(words.AGES, content.age)),
        (_("Age band"), words.word(words.AGE_BANDS, content.age_band)),
        (_("Sex"), words.word(words.SEXES, content.sex)),
        (_("Language"), words.language_word(content.language)),
        (_("Area"), words.area_word(found, content.area)),
    ]
    return [(label, value) for label, value in lines if value]


def _history(request: ActorRequest, found: Report, content: ReportContent | None) -> list[Told]:
    """What was done with a report, newest first, in sentences that begin with who."""
    steps = queries.steps(found)
    who = named(step.user_id for step in steps)
    lines = [
        Told(
            _("You") if step.user_id == request.actor.user_id else who(step.user_id),
            step_sentence(step.state, step.reason, step.facts),
            step.at,
        )
        for step in steps
    ]
    if content is not None:
        lines += record_queries.history(REPORT, content, {}, request.actor)
    lines.append(Told("Cairn", _("received the report, sealed."), found.received_at))
    return sorted(lines, key=lambda line: line.when, reverse=True)


# --- What becomes of it ----------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close a report with a reason; every outcome can be taken back by taking it up again."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_TRIAGE, within=found)
    outcomes = _closings(found)
    if request.method == "GET" and not outcomes:
        return redirect(found)  # closed or linked meanwhile: there is nothing to choose
    repeats = request.GET.get("repeats", "")[:16]
    initial = (
        {"outcome": ReportState.DUPLICATE, "reason": "same-person", "repeats": repeats}
        if repeats
        else {}
    )
    page = _form_page(
        found,
        heading=_("Close the report"),
        send=_("Close it"),
        done=_("The report was closed."),
        consequences=[f"{label}: {text}" for label, text in explained(outcomes)],
        seen=_("Colleagues of the unit see outcome and reason. The note is sealed."),
    )

    def act(given: dict[str, Any]) -> object:
        return settle(
            request.actor,
            code,
            ReportState(given["outcome"]),
            given["reason"],
            note=given["note"],
            repeats=_code_of(request, given.get("repeats", "")),
        )

    return form_page(
        request,
        page,
        SettleForm(request.POST or None, outcomes=outcomes, initial=initial),
        missing_as_refusal(act),
        lambda made: found.get_absolute_url(),
        {
            "report.reason": "reason",
            "report.move": "outcome",
            "report.same": "repeats",
            "report.repeats": "repeats",
            "report.other-unit": "repeats",
            "oversight.no-record": "repeats",
        },
    )


def _code_of(request: ActorRequest, typed: str) -> str:
    """The code of the one report that was meant, or what was typed when there is none."""
    found = queries.found_by(request.actor, typed) if typed else []
    return found[0].code if len(found) == 1 else typed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def link(request: ActorRequest, code: str) -> HttpResponse:
    """Link a report to a procedure, or begin one with it."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_TRIAGE, within=found)
    content = queries.content_of(found)
    page = _form_page(
        found,
        heading=_("Link the report to a procedure"),
        send=_("Link it"),
        done=_("The report was linked."),
        consequences=[
            str(rules.CONSEQUENCES[ReportState.LINKED]),
            *(
                [_("The person counts as a child until somebody decides otherwise.")]
                if content and content.age in {"child", "maybe-child"}
                else []
            ),
            _("Help does not depend on it, and it does not depend on any report to the police."),
        ],
        seen=_("Whoever sees the procedure sees that a report led to it, by its code."),
    )

    def act(given: dict[str, Any]) -> object:
        is_new = given["which"] == LinkForm.NEW
        typed = given["procedure"]
        meant = procedure_queries.code_of(request.actor, typed) or typed
        return link_to_procedure(request.actor, code, None if is_new else meant)

    return form_page(
        request,
        page,
        LinkForm(request.POST or None),
        missing_as_refusal(act),
        lambda made: found.get_absolute_url(),
        {"oversight.no-record": "procedure", "procedure.erased": "procedure"},
        procedures=queries.procedures_to_link(request.actor, found)[:10],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def again(request: ActorRequest, code: str) -> HttpResponse:
    """Take a closed report up again."""
    found = queries.find_report(request.actor, code)
    require(request.actor, Permission.REPORT_TRIAGE, within=found)
    page = _form_page(
        found,
        heading=_("Take the report up again"),
        send=_("Take it up again"),
        done=_("The report waits for an outcome again."),
        consequences=[
            _("It waits for an outcome, with a clock. What was decided before stays told."),
        ],
        seen=_("Colleagues of the unit see who took it up and why."),
    )
    return form_page(
        request,
        page,
        TakeUpForm(request.POST or None),
        lambda given: take_up(request.actor, code, given["reason"]),
        lambda made: found.get_absolute_url(),
        {"report.reason": "reason"},
    )


def _form_page(
    found: Report, *, heading: str, send: str, done: str, consequences: list[str], seen: str
) -> FormPage:
    return FormPage(
        heading=heading,
        send=send,
        back=(found.get_absolute_url(), found.code),
        done=done,
        consequences=consequences,
        seen=seen,
    )
