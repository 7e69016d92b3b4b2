"""National figures: by country and year, names that are asked, and a file of counted lines."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited, takes_files
from cairn.observatory.actions import indicators as actions
from cairn.observatory.forms.indicators import KeepForm, LinesForm, NameForm
from cairn.observatory.imports.indicators_ctdc import Reading, read_lines
from cairn.observatory.queries import indicators as queries
from cairn.observatory.rules.indicators import Age, Breakdown, Indicator, Sex
from cairn.ui.charts.bars import Bar, fluid_bar_chart
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

SALT = "observatory.counted-lines"
# A preview holds for an hour; then the file is brought again.
PREVIEW_SECONDS = 3_600
# What fits into a form beside its other fields; larger files are brought year by year.
MOST_SIGNED = 100_000


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
def national(request: ActorRequest) -> HttpResponse:
    """Every country of which figures are here."""
    lines = queries.countries(request.actor)
    context = {
        "page": page_of(lines, request),
        "open_names": len(queries.open_names(request.actor)),
        "may_bring": request.actor.may(Permission.STATISTICS_BUILD),
    }
    return render(request, "observatory/indicators_national.html", context)


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
def country(request: ActorRequest, code: str) -> HttpResponse:
    """What sources say of one country, by year, with conflicts side by side."""
    if code not in {each.alpha3 for each in geography.countries()}:
        raise Http404
    indicator = request.GET.get("indicator", "")
    breakdown = request.GET.get("breakdown", "")
    lines = queries.figures(request.actor, code, indicator=indicator, breakdown=breakdown)
    page = page_of(lines, request)
    chosen = indicator if indicator in Indicator.values else Indicator.VICTIMS.value
    years = queries.by_year(request.actor, code, chosen)
    context = {
        "name": geography.country_name(code, language()),
        "code": code,
        "indicator": indicator,
        "breakdown": breakdown,
        "indicators": Indicator.choices,
        "breakdowns": Breakdown.choices,
        "page": page,
        "rows": [_words(line) for line in page],
        "conflicts": sum(line.is_conflict for line in lines),
        "chart_label": Indicator(chosen).label,
        "chart": _chart(years, str(Indicator(chosen).label)),
        "years": years,
    }
    return render(request, "observatory/indicators_country.html", context)


def _words(line: queries.FigureLine) -> dict[str, Any]:
    return {
        "indicator": Indicator(line.indicator).label,
        "year": line.year,
        "category": line.category or Breakdown(line.breakdown).label,
        "sex": Sex(line.sex).label,
        "age": Age(line.age).label,
        "said": line.said,
        "is_conflict": line.is_conflict,
    }


def _chart(years: list[tuple[int, tuple[queries.Statement, ...]]], label: str) -> str:
    """One bar for each year with a figure; where sources differ, the largest."""
    bars = [
        Bar(str(year), max(each.value for each in said if each.value is not None))
        for year, said in years
        if any(each.value is not None for each in said)
    ]
    return fluid_bar_chart(
        bars[-40:],
        title=label,
        description=_("One bar for each year that a source gives a figure for."),
        value_label=label,
        unit="",
        language=language(),
        direction="rtl" if get_language_bidi() else "ltr",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_BUILD)
def names(request: ActorRequest) -> HttpResponse:
    """Printed names that are not clear: a person says which country each is."""
    every = sorted(
        (
            (each.alpha3, geography.country_name(each.alpha3, language()))
            for each in geography.countries()
        ),
        key=lambda pair: pair[1],
    )
    sent = NameForm(request.POST, countries=every) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        try:
            actions.answer_name(
                request.actor, sent.cleaned_data["printed"], sent.cleaned_data["country"]
            )
        except RuleBroken as refusal:
            add_refusal(sent, refusal)
        else:
            messages.success(request, _("Answered. Every figure with this name follows."))
            return redirect("observatory:national-names")
    page = page_of(queries.open_names(request.actor), request)
    asked = [
        (
            each,
            NameForm(
                initial={"printed": each.printed},
                countries=[*each.nearest, *(pair for pair in every if pair not in each.nearest)],
                auto_id=f"name-{place}-%s",
            ),
        )
        for place, each in enumerate(page)
    ]
    context = {"page": page, "asked": asked, "sent": sent}
    status = status_of(sent) if sent is not None else 200
    return render(request, "observatory/indicators_names.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_BUILD)
@limited("import", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def lines(request: ActorRequest) -> HttpResponse:
    """Bring a file in the layout of CTDC and see what it counts; nothing of it is kept yet."""
    form = LinesForm(request.POST or None, request.FILES or None)
    reading: Reading | None = None
    keep: KeepForm | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            reading = read_lines(upload, upload.name, this_year=timezone.localdate().year)
            if reading.may_be_kept:
                keep = KeepForm(
                    initial={"counted": _signed(request, reading, form.cleaned_data["source"])}
                )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "file")
    context = {
        "form": form,
        "reading": reading,
        "keep": keep,
        "totals": _totals(reading),
        "limit": filesizeformat(settings.IMPORT_MAX_BYTES),
    }
    return render(request, "observatory/indicators_lines.html", context, status=status_of(form))


def _totals(reading: Reading | None) -> list[tuple[int, str, int]]:
    """(year, country, persons) of what was counted."""
    if reading is None:
        return []
    found = [
        (year, geography.country_name(code, language()), persons)
        for (year, code, form, sex, age), persons in reading.counts.items()
        if not form and (sex, age) == (Sex.TOTAL, Age.TOTAL)
    ]
    return sorted(found)


def _signed(request: ActorRequest, reading: Reading, source: str) -> str:
    content = {
        "who": str(request.actor.user_id),
        "source": source,
        "counts": [[*key, persons] for key, persons in sorted(reading.counts.items())],
    }
    made = signing.dumps(content, salt=SALT, compress=True)
    if len(made) > MOST_SIGNED:
        raise RuleBroken(
            "indicators.large",
            _("The file counts more countries and years than one preview holds."),
            _("Bring it in parts, some years at a time."),
        )
    return made


@never_cache
@require_http_methods(["POST"])
@needs(Permission.STATISTICS_BUILD)
def keep_lines(request: ActorRequest) -> HttpResponse:
    """Keep the counts of a preview."""
    form = KeepForm(request.POST)
    if form.is_valid():
        try:
            new, known = _kept(request, form.cleaned_data["counted"])
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _kept_words(new, known))
            return redirect("observatory:national")
    context = {
        "form": LinesForm(),
        "sent": form,
        "limit": filesizeformat(settings.IMPORT_MAX_BYTES),
    }
    return render(request, "observatory/indicators_lines.html", context, status=status_of(form))


def _kept(request: ActorRequest, counted: str) -> tuple[int, int]:
    try:
        content = signing.loads(counted, salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        content = {}
    if content.get("who") != str(request.actor.user_id):
        raise RuleBroken(
            "indicators.preview",
            _("This preview does not hold any more."),
            _("Bring the file again."),
        )
    counts = [tuple(each) for each in content["counts"]]
    return actions.keep_counts(request.actor, counts, content["source"])


def _kept_words(new: int, known: int) -> str:
    made = ngettext("%(count)d figure was added.", "%(count)d figures were added.", new)
    same = ngettext("%(count)d was on record already.", "%(count)d were on record already.", known)
    return f"{made % {'count': new}} {same % {'count': known}}"
