"""The page on which anybody asks a question of an open series."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.observatory.actions.interactive import ask as answer_once
from cairn.observatory.engine import private
from cairn.observatory.forms.interactive import AskForm
from cairn.observatory.queries import interactive as queries
from cairn.observatory.rules import budget
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: a series, a year, columns."""

    series: queries.Open
    year: int
    columns: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@limited("statistics.ask", per_minute=10, per_hour=30, methods=("POST",))
def ask(request: ActorRequest) -> HttpResponse:
    """A question, its answer, what the answer means and what is left of the budget."""
    offered = queries.open_series(request.actor, timezone.localdate())
    if not offered:
        if request.method == "POST":
            raise Http404
        return render(request, "observatory/interactive_none.html")
    asked = _asked(request, offered)
    form = _form(request, asked)
    if request.method == "POST" and form.is_valid():
        year, columns = form.cleaned_data["year"], form.cleaned_data["by"]
        try:
            answer_once(
                request.actor,
                asked.series.source.code,
                year,
                columns,
                today=timezone.localdate(),
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "by")
        else:
            return redirect(_address(asked.series.source.code, year, columns))
    return _page(request, offered, asked, form)


def _asked(request: ActorRequest, offered: list[queries.Open]) -> Asked:
    by_code = {each.source.code: each for each in offered}
    code = request.GET.get("series") or offered[0].source.code
    if code not in by_code:
        raise Http404
    year = request.GET.get("year", "")
    known, years = by_code[code].series.by_name, by_code[code].years
    columns = tuple(name for name in request.GET.getlist("by") if name in known)
    is_offered = year.isascii() and year.isdigit() and int(year) in years
    return Asked(by_code[code], int(year) if is_offered else years[0], columns)


def _form(request: ActorRequest, asked: Asked) -> AskForm:
    years = asked.series.years
    if request.method == "POST":
        return AskForm(request.POST, series=asked.series.series, years=years)
    initial = {"year": str(asked.year), "by": list(asked.columns)}
    return AskForm(initial=initial, series=asked.series.series, years=years)


def _address(code: str, year: int, columns: list[str]) -> str:
    query = urlencode([("series", code), ("year", year), *(("by", each) for each in columns)])
    return f"{reverse('observatory:ask')}?{query}"


def _page(
    request: ActorRequest, offered: list[queries.Open], asked: Asked, form: AskForm
) -> HttpResponse:
    code, series = asked.series.source.code, asked.series.series
    answer = None
    if asked.columns and request.method != "POST":
        try:
            answer = queries.answer(request.actor, series, asked.year, asked.columns)
        except RuleBroken:
            answer = None
    earlier = [
        (
            _address(code, asked.year, entry.columns),
            ", ".join(str(series.by_name[name].label) for name in entry.columns),
            entry.answered_at,
        )
        for entry in queries.answered(request.actor, code, asked.year)
        if set(entry.columns) <= set(series.by_name)
    ]
    context = {
        "offered": [
            (
                each.series.label,
                f"{reverse('observatory:ask')}?{urlencode({'series': each.source.code})}",
                each.source.code == code,
            )
            for each in offered
        ],
        "series": series,
        "year": asked.year,
        "form": form,
        "answer": answer,
        "page": page_of(answer.lines, request) if answer else None,
        "standing": queries.standing(request.actor, code, asked.year),
        "earlier": earlier,
        "is_installed": private.is_installed(),
        "cost": budget.QUESTION,
        "within": budget.error_bound(budget.QUESTION),
        "counting_unit": series.counting_unit.label if series.counting_unit else _("not known"),
    }
    return render(request, "observatory/interactive.html", context, status=status_of(form))
