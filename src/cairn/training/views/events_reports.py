"""Trainings that are reported by counts: the list, entering one, its checks and its way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.queries.records import places
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.training.actions import reports as actions
from cairn.training.actions import steps
from cairn.training.forms.event_reports import (
    CountForm,
    NewReportForm,
    ReportMoveForm,
    SampleForm,
)
from cairn.training.models import CascadeReport, TrainingEvent
from cairn.training.queries import events as event_queries
from cairn.training.queries import reports as queries
from cairn.training.rules.choices import EventKind
from cairn.training.rules.states import REPORT_MOVES, ReportState
from cairn.training.views.events import FORM, lists
from cairn.ui.pages import page_of

FIELDS = {
    "report.counts": "women",
    "report.tally": "pre_n",
    "report.day": "starts",
    "cascade_report.reason": "reason",
    "cascade_report.sample": "to",
    "cascade_report.move": "to",
    "sample.numbers": "confirmed",
}


@require_safe
@needs(Permission.TRAINING_VIEW)
def reports(request: ActorRequest) -> HttpResponse:
    """Reports by counts and how far each was checked."""
    state = request.GET.get("state", "")
    page = page_of(queries.reports(request.actor, state=state), request)
    context = {
        "page": page,
        "rows": [(each, event_queries.days_in_words(each.event)) for each in page],
        "states": ReportState.choices,
        "asked": state,
        "may_report": request.actor.may(Permission.OUTCOME_REPORT),
    }
    return render(request, "training/events/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OUTCOME_REPORT)
def report_new(request: ActorRequest) -> HttpResponse:
    """Report a training that nobody had planned here."""
    form = NewReportForm(
        request.POST or None,
        places=places(request.actor, Permission.OUTCOME_REPORT),
        events=TrainingEvent.objects.visible_to(request.actor),
    )

    def act(given: dict[str, Any]) -> CascadeReport:
        return actions.report_by_counts(
            request.actor,
            actions.ReportFacts(
                counts=form.counts(),
                title=given["title"],
                kind=EventKind(given["kind"]),
                organisation=given["organisation"],
                country=given["country"],
                place=given["place"],
                starts=given["starts"],
                ends=given["ends"],
                parent=given["parent"],
                versions=given.get("versions") or (),
                hours=given["hours"],
                pre=form.tally("pre"),
                post=form.tally("post"),
                source=given["source"],
                note=given["note"],
                id=given["id"],
            ),
        )

    heading = _("Report a training by counts")
    return _counted(
        request, form, act, heading, (reverse("training:reports"), _("Reports by counts"))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def event_report(request: ActorRequest, reference: str) -> HttpResponse:
    """Report by counts an event that keeps counts only; one that was reported leads there."""
    found = event_queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    if hasattr(found, "report"):
        return redirect("training:report", pk=found.report.pk)
    form = CountForm(request.POST or None)

    def act(given: dict[str, Any]) -> CascadeReport:
        return actions.report_by_counts(
            request.actor,
            actions.ReportFacts(
                counts=form.counts(),
                event=found,
                hours=given["hours"],
                pre=form.tally("pre"),
                post=form.tally("post"),
                source=given["source"],
                note=given["note"],
                trainers=[
                    each.practitioner
                    for each in found.staffing.filter(role="lead").select_related("practitioner")
                ],
            ),
        )

    heading = _("Report this event by counts")
    return _counted(request, form, act, heading, (found.get_absolute_url(), reference))


def _counted(
    request: ActorRequest,
    form: Form,
    act: Callable[[dict[str, Any]], CascadeReport],
    heading: str,
    back: tuple[str, str],
) -> HttpResponse:
    """The form of a report by counts, with or without an event that it belongs to."""
    page = FormPage(
        heading=heading,
        send=_("Send the report"),
        back=back,
        done=_("The report was sent."),
        lead=_("How many came, and nobody's name."),
        seen=_("Everybody who works on training sees it; it counts as unverified at first."),
        template=FORM,
    )
    return form_page(
        request,
        page,
        form,
        act,
        lambda made: reverse("training:report", args=[made.pk]),
        FIELDS,
        **lists(request),
    )


@require_safe
@signed_in
def report(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One report: who was counted, what stands out, how far it was checked."""
    found = queries.find(request.actor, pk)
    state = ReportState(found.state)
    decides = request.actor.may_within(
        Permission.TRAINING_DECIDE, found.event.organisation_id, None, found.event.country
    )
    steps_taken, samples = queries.steps(found), queries.samples(found)
    who = named({each.author_id for each in steps_taken} | {each.checked_by for each in samples})
    context = {
        "report": found,
        "event": found.event,
        "state": state,
        "days": event_queries.days_in_words(found.event),
        "lines": queries.lines(found),
        "doubts": queries.doubts(found),
        "samples": [(each, who(each.checked_by)) for each in samples],
        "history": [
            {
                "who": who(each.author_id),
                "what": _("moved the report to “%(state)s”.")
                % {"state": ReportState(each.after).label},
                "why": each.reason,
                "when": each.at,
            }
            for each in steps_taken
        ],
        "decides": decides,
        "has_moves": bool(REPORT_MOVES[state]),
    }
    return render(request, "training/events/report.html", context)


def _back(found: CascadeReport) -> tuple[str, str]:
    return reverse("training:report", args=[found.pk]), _("Report by counts")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report_move(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Call a report plausible or verified, or dispute it."""
    found = queries.find(request.actor, pk)
    require(request.actor, Permission.TRAINING_DECIDE, within=found.event)
    form = ReportMoveForm(request.POST or None, now=ReportState(found.state))
    page = FormPage(
        heading=_("Next step of the report"),
        send=_("Record the step"),
        back=_back(found),
        done=_("The step was recorded."),
        facts=[(_("State"), ReportState(found.state).label)],
        consequences=queries.doubts(found),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.move_report(
            request.actor, pk, ReportState(given["to"]), given["reason"]
        ),
        lambda _made: _back(found)[0],
        FIELDS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report_sample(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Record that some of those counted were asked."""
    found = queries.find(request.actor, pk)
    require(request.actor, Permission.TRAINING_DECIDE, within=found.event)
    page = FormPage(
        heading=_("Record a sample"),
        send=_("Record the sample"),
        back=_back(found),
        done=_("The sample was recorded."),
        lead=_("How many of those counted were asked, and how many confirmed the training."),
    )
    return form_page(
        request,
        page,
        SampleForm(request.POST or None),
        lambda given: actions.record_sample(request.actor, pk, **given),
        lambda _made: _back(found)[0],
        FIELDS,
    )
