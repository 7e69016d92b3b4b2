"""Outcomes from the field: reports with claims, and the rate for each training."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.language import language
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import outcomes as actions
from cairn.training.forms import outcomes as forms
from cairn.training.models import FieldOutcomeReport
from cairn.training.queries import outcomes as queries
from cairn.training.rules.choices import OutcomeKind, Strength
from cairn.training.rules.outcomes import Factor
from cairn.training.views.projects import project_shown
from cairn.ui.pages import page_of

GET_OR_POST = ("GET", "HEAD", "POST")
# At which field a refusal of a rule is shown.
FIELDS = {
    "outcome.month": "month",
    "outcome.count": "count",
    "outcome.event": "event",
    "claim.factors": "factors",
    "claim.evidence": "evidence",
    "claim.weaker": "strength",
    "claim.own": "strength",
    **{
        f"outcome.note-{part}": "note"
        for part in ("contact", "document", "day", "age", "name", "long")
    },
}


@require_safe
@needs(Permission.TRAINING_VIEW)
def outcomes(request: ActorRequest) -> HttpResponse:
    """Reports, narrowed by the address, and the rate of outcomes for each training."""
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.reports(request.actor, filters), request)
    context = {
        "page": page,
        "rows": [(each, queries.strength_of(each), _places(each)) for each in page.rows],
        "filters": filters,
        "is_filtered": filters != queries.Filters(),
        "kinds": OutcomeKind.choices,
        "strengths": Strength.choices,
        "rates": queries.rates_by_event(request.actor),
        "may_report": request.actor.may(Permission.OUTCOME_REPORT),
        "may_see_requests": request.actor.may(Permission.REQUEST_VIEW),
    }
    return render(request, "training/outcomes/outcomes.html", context)


def _places(report: FieldOutcomeReport) -> str:
    names = [geography.country_name(code, language()) for code in report.countries]
    return ", ".join([*names, *([report.area] if report.area else [])])


@require_safe
@signed_in
def outcome(request: ActorRequest, reference: str) -> HttpResponse:
    """One report with its claims."""
    found = queries.find_report(request.actor, reference)
    is_own = request.actor.user_id is not None and found.reported_by == request.actor.user_id
    may_decide = request.actor.may(Permission.TRAINING_DECIDE)
    context = {
        "report": found,
        "project": project_shown(request.actor, found.project),
        "places": _places(found),
        "claims": [
            {
                "row": claim,
                "factors": [Factor(code).label for code in claim.factors if code in Factor.values],
            }
            for claim in found.claims.all()
        ],
        "may_claim": not found.withdrawn_on
        and request.actor.may_any((Permission.OUTCOME_REPORT, Permission.TRAINING_DECIDE)),
        "may_withdraw": not found.withdrawn_on
        and (may_decide or (is_own and request.actor.may(Permission.OUTCOME_REPORT))),
    }
    return render(request, "training/outcomes/outcome.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
@needs(Permission.OUTCOME_REPORT)
def create(request: ActorRequest) -> HttpResponse:
    """Report what came of training in one month and area."""
    known = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    form = forms.OutcomeForm(
        request.POST or None,
        countries=sorted(known, key=lambda pair: pair[1]),
        events=queries.choices_of_events(request.actor),
        initial={
            "event": request.GET.get("event", ""),
            "month": timezone.localdate().isoformat()[:7],
            "unit": _("cases"),
        },
    )
    page = FormPage(
        heading=_("Report from the field"),
        send=_("Send the report"),
        back=(reverse("training:outcomes"), _("Outcomes")),
        done=_("The report was entered."),
        lead=_(
            "Counts only. Nothing about a victim, a witness or a suspect belongs here, and nothing"
            " that tells where one is."
        ),
        seen=_("Everybody who works on training sees it. The public sees sums only."),
    )

    def act(given: dict[str, Any]) -> FieldOutcomeReport:
        names = ("kind", "month", "country", "count", "confidence", "unit", "area", "note")
        return actions.report_outcome(
            request.actor,
            actions.OutcomeFacts(**{name: given[name] for name in names}),
            event=given["event"],
            factors=given["factors"],
        )

    return form_page(
        request,
        page,
        form,
        act,
        lambda made: reverse("training:outcome", args=[made.reference]),
        FIELDS,
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def claim(request: ActorRequest, reference: str) -> HttpResponse:
    """Claim that a training contributed, or confirm a claim."""
    if not request.actor.may(Permission.TRAINING_DECIDE):
        require(request.actor, Permission.OUTCOME_REPORT)
    found = queries.find_report(request.actor, reference)
    form = forms.ClaimForm(request.POST or None, events=queries.choices_of_events(request.actor))
    page = FormPage(
        heading=_("Claim or confirm a contribution"),
        send=_("Record the claim"),
        back=(reverse("training:outcome", args=[reference]), reference),
        done=_("The claim was recorded."),
        lead=_("A contribution, beside other factors. It is never said to be the cause."),
        facts=((_("Report"), found.get_kind_display()),),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.claim_contribution(request.actor, reference, **given),
        lambda _made: reverse("training:outcome", args=[reference]),
        FIELDS | {"outcome.note-name": "evidence", "outcome.note-contact": "evidence"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def withdraw(request: ActorRequest, reference: str) -> HttpResponse:
    """Take back a report that was wrong."""
    found = queries.find_report(request.actor, reference)
    is_own = request.actor.user_id is not None and found.reported_by == request.actor.user_id
    require(request.actor, Permission.OUTCOME_REPORT if is_own else Permission.TRAINING_DECIDE)
    page = FormPage(
        heading=_("Withdraw a report"),
        send=_("Withdraw it"),
        back=(reverse("training:outcome", args=[reference]), reference),
        done=_("The report was withdrawn."),
        consequences=[_("It stays on record and is counted nowhere any more.")],
    )
    return form_page(
        request,
        page,
        forms.WithdrawForm(request.POST or None),
        lambda given: actions.withdraw_outcome(request.actor, reference, given["reason"]),
        lambda _made: reverse("training:outcome", args=[reference]),
        {code: "reason" for code in FIELDS if code.startswith("outcome.note-")},
    )
