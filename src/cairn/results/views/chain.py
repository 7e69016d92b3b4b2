"""From money to decisions: of the programme, of a country, of a project; and each measure."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.core import geography, measures
from cairn.core.language import language
from cairn.core.measures import Counted, Measure, Scope, Unit
from cairn.portfolio.models import Project
from cairn.results.forms.chain import PlaceForm, TimeForm
from cairn.results.queries import chain as queries
from cairn.results.queries import chain_places as places
from cairn.results.queries.chain import Link, Place, Split, Standing
from cairn.results.rules.chain import Asked, years
from cairn.results.views.chain_picture import Stone, chain_picture
from cairn.ui.charts import Bar, fluid_bar_chart
from cairn.ui.context import Shell

MOST_BARS = 30


def _asked(request: ActorRequest, today: date) -> Asked:
    return Asked.read(request.GET.get("year", ""), request.GET.get("quarter", ""), today)


def _page(request: ActorRequest, place: Place, **more: Any) -> HttpResponse:
    """The chain of one place."""
    today = timezone.localdate()
    asked = _asked(request, today)
    links = queries.chain(request.actor, place, asked, today)
    context: dict[str, Any] = {
        "place": place,
        "is_project": place.scope is Scope.PROJECT,
        "links": links,
        "picture": _picture(request, place, links),
        "time_form": TimeForm(
            {"year": str(asked.year or ""), "quarter": str(asked.quarter or "")},
            years=years(today),
        ),
        "query": queries.query(Place(), asked),
        **more,
    }
    return render(request, "results/chain.html", context)


@require_safe
def programme(request: ActorRequest) -> HttpResponse:
    """All projects and all countries together, as far as the reader sees them."""
    return _page(request, Place(), countries=places.countries(request.actor))


@require_safe
def country(request: ActorRequest, code: str) -> HttpResponse:
    if code != code.upper():
        return redirect("results:country", code=code.upper(), permanent=True)
    return _page(request, Place(country=code, name=_country_name(code)))


@require_safe
def project(request: ActorRequest, reference: str) -> HttpResponse:
    """One project that the reader sees whole; of another nobody learns that it is there."""
    found = Project.objects.open_to(request.actor).get(reference=reference)
    place = Place(project=found.reference, name=found.title)
    named = places.countries_of(request.actor, found)
    return _page(request, place, countries=named, project=found)


def _country_name(code: str) -> str:
    try:
        return geography.country_name(code, language())
    except KeyError:
        raise Http404 from None


def _picture(request: ActorRequest, place: Place, links: list[Link]) -> SafeString:
    shell = Shell(request)
    stones = []
    for each in links:
        first = each.headline
        stones.append(
            Stone(
                each.label,
                (first.told.short or first.told.text) if first else _("not told"),
                first.label if first else _("never of a project"),
                first.period if first else "",
                first.href if first else "",
                bool(first and first.told.standing is Standing.TOLD),
            )
        )
    return chain_picture(
        stones,
        title=place.name or _("From money to decisions"),
        description=_("Five steps, each known by one figure. The tables below say the same."),
        language=shell.language,
        direction=shell.direction,
    )


@require_safe
def register(request: ActorRequest) -> HttpResponse:
    """Every measure with its definition, by step of the chain."""
    steps = [
        (step, [(each, facts(each)) for each in found]) for step, found in places.measures_by_step()
    ]
    return render(request, "results/measures.html", {"steps": steps})


@require_safe
def measure(request: ActorRequest, code: str) -> HttpResponse:
    """One measure: what it counts, and its figure with every part of it."""
    try:
        found = measures.measure(code)
    except KeyError:
        raise Http404 from None
    today = timezone.localdate()
    asked, place = _asked(request, today), _place(request, found)
    question = queries.question_of(found, place, asked, today)
    is_asked = place.scope in found.scopes
    figures = measures.figures(request.actor, code, question) if is_asked else ()
    whole = next((each for each in figures if not each.found.part), None)
    splits = queries.splits(figures)
    context = {
        "measure": found,
        "facts": facts(found),
        "place": place,
        "is_asked": is_asked,
        "told": queries.told(found, whole),
        "period": _("today") if found.is_stock else queries.period_words(question.period),
        "rows_href": found.rows(request.actor, question) if is_asked else "",
        "splits": [(split, _bars(request, found, split)) for split in splits],
        "back": places.back(place) + queries.query(Place(), asked),
        "place_form": PlaceForm(
            {
                "country": place.country,
                "project": place.project,
                "year": str(asked.year or ""),
                "quarter": str(asked.quarter or ""),
            },
            years=years(today),
            countries=places.countries(request.actor),
            is_by_country=not place.project and Scope.COUNTRY in found.scopes,
        ),
    }
    return render(request, "results/measure.html", context)


def _place(request: ActorRequest, found: Measure) -> Place:
    """The place in the address; a project that the reader does not see whole is not there."""
    reference = request.GET.get("project", "")[:20]
    if reference:
        seen = Project.objects.open_to(request.actor).get(reference=reference)
        return Place(project=seen.reference, name=seen.title)
    code = request.GET.get("country", "")[:3].upper()
    if not code:
        return Place()
    return Place(country=code, name=_country_name(code))


def facts(found: Measure) -> dict[str, Any]:
    """What a definition says beside its text."""
    counted = {
        Counted.MONEY: _("Money"),
        Counted.EVENTS: _("Things that happened or are on record, no people"),
        Counted.STAFF: _("Officers and trainers, as staff"),
        Counted.PERSONS: _("Persons of concern, or what is done for them"),
    }
    units = {
        Unit.COUNT: _("a count"),
        Unit.MONEY: _("US dollars"),
        Unit.SHARE: _("a share, in percent"),
        Unit.RATIO: _("a ratio"),
        Unit.DAYS: _("days"),
    }
    scopes = {
        Scope.PROGRAMME: _("the programme"),
        Scope.COUNTRY: _("a country"),
        Scope.PROJECT: _("a project"),
    }
    return {
        "counted": counted[found.counted],
        "unit": units[found.unit],
        "scopes": [scopes[each] for each in Scope if each in found.scopes],
        "parts": [str(measures.DIMENSIONS.get(each, each)) for each in found.parts],
        "held_back": _held_back(found),
        "time": _time(found),
    }


def _held_back(found: Measure) -> str:
    if found.counted is Counted.PERSONS:
        return _(
            "Counts of fewer than ten and whatever would give them away, so that no person and no "
            "organisation can be told apart. Never told of a project."
        )
    if found.counted is Counted.STAFF:
        return _("Groups of fewer than five people in a breakdown, and what would give them away.")
    return _("Nothing; of a project that is not public, the public is told nothing.")


def _time(found: Measure) -> str:
    if found.counted is Counted.PERSONS:
        return _(
            "Whole quarters, from three weeks after their end. A record that is corrected later "
            "corrects its quarter."
        )
    return _("As it stands today.") if found.is_stock else _("Any year or quarter, or all years.")


def _bars(request: ActorRequest, found: Measure, split: Split) -> SafeString:
    shell = Shell(request)
    bars = [
        Bar(each.label, each.told.value)
        for each in split.parts
        if each.told.value is not None and each.told.value >= 0
    ]
    longest = sorted(bars, key=lambda bar: -float(bar.value))[:MOST_BARS]
    return fluid_bar_chart(
        longest,
        title=f"{found.label} – {split.label}",
        description=_("The table says the same, with what is not drawn here."),
        value_label=str(found.label),
        unit="USD" if found.unit is Unit.MONEY else "",
        language=shell.language,
        direction=shell.direction,
    )
