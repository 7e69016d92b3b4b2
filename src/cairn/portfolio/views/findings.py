"""The page of findings: where print and sums differ, and what people say about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.portfolio.actions.findings import explain_finding
from cairn.portfolio.forms.requests import ExplainForm
from cairn.portfolio.models import Finding
from cairn.portfolio.models.findings import Reason
from cairn.portfolio.queries import findings as queries
from cairn.portfolio.queries.documents import findings_list
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import Column, page_of, sorting_of

COLUMNS = (
    Column("project", gettext_lazy("Project"), ("project__reference", "field")),
    Column("field", gettext_lazy("Figure")),
    Column("printed", gettext_lazy("Printed"), ("printed",), is_numeric=True),
    Column("computed", gettext_lazy("Computed"), ("computed",), is_numeric=True),
    Column("difference", gettext_lazy("Difference"), ("size",), is_numeric=True),
    Column("reason", gettext_lazy("Likely reason"), ("reason", "project__reference")),
    Column("explanation", gettext_lazy("Explanation")),
)
SHOWN = ("differences", "not-comparable", "remarks")


@require_safe
@needs(Permission.PORTFOLIO_VIEW)
def findings(request: ActorRequest) -> HttpResponse:
    """Three lists under one heading; `?format=json` gives the differences to programs."""
    if request.GET.get("format") == "json":
        listed = findings_list(request.actor)
        return JsonResponse(listed, safe=False, json_dumps_params={"ensure_ascii": False})
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else SHOWN[0]
    context: dict[str, Any] = {
        "shown": shown,
        "may_explain": request.actor.may(Permission.FINDING_EXPLAIN),
    }
    if shown == "not-comparable":
        context["page"] = page_of(queries.not_comparable(request.actor), request)
    elif shown == "remarks":
        context["page"] = page_of(queries.remarks(request.actor), request)
    else:
        context |= _differences(request)
    context["part"] = f"portfolio/_findings_{shown.replace('-', '_')}.html"
    return render(request, "portfolio/findings.html", context)


def _differences(request: ActorRequest) -> dict[str, Any]:
    filters = queries.FindingFilters.from_query(request.GET)
    found = queries.findings(request.actor, filters)
    sorting = sorting_of(request, COLUMNS, "project")
    return {
        "filters": filters,
        "is_filtered": any((filters.explained, filters.reason, filters.field)),
        "sums": queries.sums(found),
        "sorting": sorting,
        "page": page_of(sorting.apply(found), request),
        "reasons": Reason.choices,
        "fields": Finding.Field.choices,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PORTFOLIO_VIEW)
def explain(request: ActorRequest, pk: int) -> HttpResponse:
    """Say why a printed figure differs; the figures stay as they are."""
    finding = queries.find_finding(request.actor, pk)
    require(request.actor, Permission.FINDING_EXPLAIN)
    form = ExplainForm(
        request.POST if request.method == "POST" else None,
        initial={"explanation": finding.explanation},
    )
    if request.method == "POST" and form.is_valid():
        try:
            explain_finding(request.actor, pk, form.cleaned_data["explanation"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The explanation was kept."))
            return redirect("portfolio:findings")
    context = {
        "heading": _("Explain a finding"),
        "send": _("Keep the explanation"),
        "form": form,
        "finding": finding,
        "project": finding.project,
    }
    return render(request, "portfolio/finding_explain.html", context, status=status_of(form))
