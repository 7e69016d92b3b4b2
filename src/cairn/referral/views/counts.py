"""How referrals are answered, and who is helped with what: counts that single out nobody."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock, geography
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.core.tables import write_csv
from cairn.referral import statistics
from cairn.referral.actions.counts import take_counts
from cairn.referral.forms.counts import CountsForm
from cairn.referral.queries.counts import countries
from cairn.referral.rules.counts import Quarter, settled_quarters
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import PersonSex
from cairn.referral.rules.services import ServiceType
from cairn.referral.statistics import Counts, Grid, Line
from cairn.ui.charts import Bar, fluid_bar_chart
from cairn.ui.context import Shell

MOST_BARS = 30


def _asked(request: ActorRequest) -> tuple[list[str], str, list[Quarter], Quarter]:
    """Countries and quarters that can be chosen, and those that are."""
    open_to = countries(request.actor)
    quarters = settled_quarters(timezone.localdate(clock.now()))
    country, quarter = request.GET.get("country", ""), request.GET.get("quarter", "")
    return (
        open_to,
        country if country in open_to else next(iter(open_to), ""),
        quarters,
        next((each for each in quarters if str(each) == quarter), quarters[0]),
    )


@never_cache
@require_safe
@needs(Permission.ASSISTANCE_COUNT)
def counts(request: ActorRequest) -> HttpResponse:
    """Charts and tables of one country and one quarter."""
    open_to, country, quarters, quarter = _asked(request)
    context: dict[str, Any] = {
        "filter_form": CountsForm(
            {"country": country, "quarter": str(quarter)},
            countries=[(each, geography.country_name(each, language())) for each in open_to],
            quarters=[(str(each), _in_words(each)) for each in quarters],
        ),
        "country": country,
        "quarter": quarter,
        "title": _in_words(quarter),
    }
    if country:
        context |= _shown(request, statistics.assistance(country, quarter))
    return render(request, "referral/counts.html", context)


@never_cache
@require_safe
@needs(Permission.ASSISTANCE_COUNT)
@limited("assistance.counts", per_minute=20)
def counts_file(request: ActorRequest) -> HttpResponseBase:
    """The same figures as CSV; what is not told is empty. That they were taken is kept."""
    _open_to, country, _quarters, quarter = _asked(request)
    rows = take_counts(request.actor, country, quarter)
    response = StreamingHttpResponse(
        write_csv(statistics.COLUMNS, rows, bom=True), content_type="text/csv; charset=utf-8"
    )
    name = f"assistance-{country.lower()}-{str(quarter).lower()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_words(quarter: Quarter) -> str:
    return pgettext("three months", "Quarter %(number)s of %(year)s") % {
        "number": quarter.number,
        "year": quarter.year,
    }


def _shown(request: ActorRequest, found: Counts) -> dict[str, Any]:
    kinds, services = dict(ServiceType.choices), dict(ServiceType.choices)
    parts = [
        ("kinds", _("By kind of service"), _("Kind of service"), found.kinds, kinds),
        ("areas", _("By area"), _("Area"), found.areas, {}),
    ]
    return {
        "total": found.total,
        "is_empty": not found.kinds and not found.services,
        "parts": [
            {
                "id": part,
                "heading": heading,
                "label": label,
                "lines": [(words.get(line.name, line.name), line) for line in lines],
                "chart": _answers(request, heading, lines, words),
            }
            for part, heading, label, lines, words in parts
            if lines
        ],
        "grid": _table(found.grid, {}, kinds),
        "services": [(services.get(name, name), count) for name, count in found.services],
        "services_total": found.services_total,
        "services_chart": _began(request, found, services),
        "persons": _table(
            found.persons, dict(AgeBand.choices), {**dict(PersonSex.choices), "": _("not asked")}
        ),
    }


def _table(grid: Grid, rows: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any] | None:
    """Headings in words with the cells below; None where there is nothing."""
    if not grid.cells:
        return None
    names = [*(rows.get(name, name) for name in grid.rows), _("All")]
    heads = [*(columns.get(name, name) for name in grid.columns), _("All")]
    lines = [list(zip(heads, cells, strict=True)) for cells in grid.cells]
    return {"columns": heads, "rows": list(zip(names, lines, strict=True))}


def _answers(
    request: ActorRequest, title: str, lines: Sequence[Line], words: dict[str, Any]
) -> SafeString:
    bars = [
        Bar(
            str(words.get(line.name, line.name)),
            line.accepted,
            second=line.asked - line.accepted,
        )
        for line in lines
        if line.asked is not None and line.accepted is not None
    ]
    return _chart(request, bars, title, _("accepted"), _("declined or without an answer"))


def _began(request: ActorRequest, found: Counts, words: dict[str, Any]) -> SafeString:
    bars = [
        Bar(str(words.get(name, name)), count)
        for name, count in found.services
        if count is not None
    ]
    return _chart(request, bars, _("Services that began"), _("began"))


def _chart(
    request: ActorRequest, bars: Iterable[Bar], title: str, label: str, second: str = ""
) -> SafeString:
    shell = Shell(request)
    longest = sorted(bars, key=lambda bar: -float(bar.value) - float(bar.second or 0))[:MOST_BARS]
    return fluid_bar_chart(
        longest,
        title=title,
        description=_("The table says the same, with what is not drawn here."),
        value_label=label,
        second_label=second,
        unit="",
        language=shell.language,
        direction=shell.direction,
    )
