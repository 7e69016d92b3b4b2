"""The page on which a measurement is typed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.portfolio.actions.results import record_measurement
from cairn.portfolio.forms.results import MeasureForm
from cairn.portfolio.queries.funding import find_indicator
from cairn.portfolio.queries.records import dates
from cairn.ui.forms import add_refusal, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def measure(request: ActorRequest, pk: int) -> HttpResponse:
    """Type in a value of an indicator; those that are there already stand beside it."""
    indicator = find_indicator(request.actor, pk)
    require(request.actor, Permission.RESULT_RECORD)
    project = indicator.result.project
    form = MeasureForm(request.POST or None, parts=indicator.disaggregation)
    if request.method == "POST" and form.is_valid():
        try:
            record_measurement(request.actor, pk, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The measurement was recorded."))
            return redirect("portfolio:project", project.reference)
    context = {
        "heading": _("Record a measurement"),
        "send": _("Record the measurement"),
        "form": form,
        "indicator": indicator,
        "project": project,
        "measured": [
            (each, dates(each.period_start, each.period_end))
            for each in indicator.measurements.all()
        ],
    }
    return render(request, "portfolio/measure.html", context, status=status_of(form))
