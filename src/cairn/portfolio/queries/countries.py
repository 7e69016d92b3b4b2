"""Countries: what is being done in each, by projects that name it, reach it, or cover it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.lists import naming
from cairn.core.models import Organisation
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    OutcomeRecord,
    Pledge,
    Project,
    ProjectCountry,
    ProjectPlace,
)
from cairn.portfolio.queries import overview
from cairn.portfolio.queries.listing import Card, Filters, cards, order_of, projects
from cairn.portfolio.queries.records import (
    dates,
    event_payload,
    outcome_payload,
    request_payload,
)
from cairn.portfolio.queries.totals import Line, Total, total
from cairn.portfolio.rules import Chapter
from cairn.portfolio.search import folded


@dataclass(frozen=True, slots=True)
class Reached:
    """A project that reaches a country through groups that it is written for."""

    project: Card
    groups: list[str]


@dataclass(frozen=True, slots=True)
class Membership:
    """A group that the country belongs to, and since when, in words; empty where unpublished."""

    code: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Country:
    """What is being done in a country, as far as `actor` may see it.

    `money`: the total of `named`, each project whole. `regions`: (M49 code, name), widest first.
    `lists`: codes of the UN lists it is on: ldc, lldc, sids. `donor`: the slug of the State's own
    donor page, else empty.
    """

    code: str
    alpha2: str
    numeric: str
    name: str
    regions: list[tuple[str, str]]
    lists: list[str]
    groups: list[Membership]
    named: list[Card]
    reached: list[Reached]
    regional: list[Card]
    worldwide: list[Card]
    money: Total
    events: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    donor: str = ""


def countries(actor: Actor, *, search: str = "", region: str = "") -> list[Line]:
    """Every country that a visible project names or reaches, by name. Unknown budget: None.

    `region`: an M49 code; one that does not exist finds nothing.
    """
    lines = overview.countries(actor, projects(actor, Filters()))
    words = folded(search)
    inside = _inside(region) if region else None
    found = [
        line
        for line in lines
        if (not words or words in folded(line.name) or words == line.code.lower())
        and (inside is None or line.code in inside)
    ]
    return sorted(found, key=lambda line: folded(line.name))


def country(actor: Actor, code: str, *, today: date) -> Country:
    """The page of one country. Raises KeyError for a code that is not ISO 3166-1 alpha-3.

    Every country has a page, so that an address tells nothing about what is withheld. The number
    of queries does not grow with the number of projects.
    """
    place = geography.country(code)
    whole = Project.objects.open_to(actor)
    links = defaultdict(list)
    for pk, via in ProjectCountry.objects.filter(
        country=code, project__in=whole.values("pk")
    ).values_list("project", "via"):
        links[pk].append(via)
    named = {pk for pk, ways in links.items() if "" in ways}
    through = {pk: sorted(ways) for pk, ways in links.items() if pk not in named}
    regional = _regional(whole, place.region_codes) - set(links)
    worldwide = set(whole.filter(chapter=Chapter.WORLD).values_list("pk", flat=True)) - set(links)
    regional -= worldwide
    visible = projects(actor, Filters())
    shown = _cards(actor, visible, {*links, *regional, *worldwide})
    return Country(
        code=place.alpha3,
        alpha2=place.alpha2,
        numeric=place.numeric,
        name=geography.country_name(code, language()),
        regions=[
            (region, geography.region_name(region, language())) for region in place.region_codes
        ],
        lists=[
            name
            for name, listed in (
                ("ldc", place.is_ldc),
                ("lldc", place.is_lldc),
                ("sids", place.is_sids),
            )
            if listed
        ],
        groups=_groups(code, today),
        named=[card for pk, card in shown.items() if pk in named],
        reached=[
            Reached(
                card, [geography.group_name(group, language()) for group in through[pk] if group]
            )
            for pk, card in shown.items()
            if pk in through
        ],
        regional=[card for pk, card in shown.items() if pk in regional],
        worldwide=[card for pk, card in shown.items() if pk in worldwide],
        money=total(visible.filter(pk__in=named)),
        events=_events(actor, code),
        outcomes=_outcomes(actor, code),
        requests=_requests(actor, code),
        donor=_donor(actor, code),
    )


def _cards(actor: Actor, visible: QuerySet[Project], keys: set[Any]) -> dict[Any, Card]:
    """{key: card} in the order of references."""
    rows = list(visible.filter(pk__in=keys).order_by(*order_of("reference")))
    return dict(zip([row.pk for row in rows], cards(actor, rows), strict=True))


def _regional(whole: QuerySet[Project], regions: tuple[str, ...]) -> set[Any]:
    """Projects for a region of this country whose countries are open, or not named at all."""
    places = ProjectPlace.objects.filter(
        kind__in=("region", "undetermined"), project__in=whole.values("pk")
    ).values_list("project", "codes")
    by_place = {pk for pk, codes in places if set(codes) & set(regions)}
    unnamed = whole.filter(countries=None, regions__region__in=regions)
    return by_place | set(unnamed.values_list("pk", flat=True))


def _groups(code: str, today: date) -> list[Membership]:
    """Organisations that the country is a member of today; usages of papers have no members."""
    found = []
    for key in geography.groups_of(code, today):
        group = geography.group(key)
        if group.kind != "organisation":
            continue
        held = (each for each in group.memberships if each.alpha3 == code and each.covers(today))
        own = next(held, None)
        since = _exactly(own.since, own.precision) if own and own.since else ""
        found.append(Membership(key, geography.group_name(key, language()), since))
    return found


def _exactly(day: date, precision: str) -> str:
    """A day no more exact than it is published: "day", "month" or "year"."""
    lengths = {"day": 10, "month": 7, "year": 4}
    return dates(day.isoformat()[: lengths[precision]])


def _events(actor: Actor, code: str) -> list[dict[str, Any]]:
    rows = naming(Event.objects.visible_to(actor), code, "place_countries", "from_countries")
    return [
        event_payload(event)
        | {
            "project": event.project.reference if event.project else "",
            "is_here": code in event.place_countries,
        }
        for event in rows.select_related("project").order_by("-starts", "reference")
    ]


def _outcomes(actor: Actor, code: str) -> list[dict[str, Any]]:
    rows = naming(OutcomeRecord.objects.visible_to(actor), code, "countries")
    return [outcome_payload(row) for row in rows]


def _requests(actor: Actor, code: str) -> list[dict[str, Any]]:
    rows = naming(AssistanceRequest.objects.visible_to(actor), code, "countries")
    return [request_payload(row) for row in rows]


def _donor(actor: Actor, code: str) -> str:
    """The slug of the State, when it has a pledge that the actor may see."""
    pledges = Pledge.objects.visible_to(actor).filter(donor__kind="state", donor__country=code)
    slugs = Organisation.objects.filter(pk__in=pledges.values("donor")).values_list(
        "slug", flat=True
    )
    return slugs.first() or ""


def _inside(region: str) -> frozenset[str]:
    try:
        return geography.countries_in(region)
    except KeyError:
        return frozenset()
