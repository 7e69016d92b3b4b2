"""Where a person can be referred to: the wish, the services that fit in order, those left out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.referral import queries as person_queries
from cairn.referral.forms.routing import RouteForm
from cairn.referral.models.persons import Person
from cairn.referral.queries import routing as queries
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.risks import RiskGround
from cairn.referral.rules.routing import TO_ASK, LeftOut, Offer, Ranking, Reason, Wish
from cairn.referral.rules.services import ServiceType
from cairn.referral.views.services import badge
from cairn.ui.forms import status_of
from cairn.ui.pages import page_of

PER_PAGE = 10
# More is not read; the count beside it says how many there are.
MOST_LEFT_OUT = 50


@dataclass(frozen=True, slots=True)
class Card:
    """A service that is offered, as the page shows it. `place`: counted from 1."""

    place: int
    offer: Offer
    state: str
    state_label: str
    fits: list[str]
    to_ask: list[str]
    refer_href: str


@dataclass(frozen=True, slots=True)
class Without:
    """A service that is left out. `ground`: only for whoever may know it, else empty."""

    left_out: LeftOut
    reasons: list[str]
    ground: str


@never_cache
@require_safe
@signed_in
def route(request: ActorRequest, code: str) -> HttpResponse:
    """Choose what is needed, and see which services fit and why; the caseworker decides."""
    person = person_queries.find_person(request.actor, code)
    require(request.actor, Permission.REFERRAL_SEND, within=person)
    is_asked = "need" in request.GET
    form = RouteForm(request.GET if is_asked else None, initial=RouteForm.initial_of(person))
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "main": [form[name] for name in RouteForm.MAIN],
        "more": [form[name] for name in RouteForm.MORE],
        "is_more_open": is_asked and any(form.errors.get(name) for name in RouteForm.MORE),
    }
    if is_asked and form.is_valid():
        wish = form.wish(person)
        context |= _found(request, person, wish)
    return render(request, "referral/routing.html", context, status=status_of(form))


def _found(request: ActorRequest, person: Person, wish: Wish) -> dict[str, Any]:
    ranking = queries.ranked(request.actor, person, wish, clock.now())
    page = page_of(ranking.offered, request, PER_PAGE)
    first = page.first
    return {
        "wish": wish,
        "wished": {
            "need": Need(wish.need).label,
            "urgency": Urgency(wish.urgency).label,
            "kinds": [each.label for each in ServiceType if each.value in wish.kinds],
        },
        "is_none": not ranking.offered,
        "page": page,
        "cards": [_card(person, wish, offer, first + n) for n, offer in enumerate(page)],
        "without": _without(request, ranking),
        "count_without": len(ranking.left_out),
        "most": queries.MOST_LOOKED_AT,
        "is_cut": len(ranking.offered) + len(ranking.left_out) >= queries.MOST_LOOKED_AT,
    }


def _card(person: Person, wish: Wish, offer: Offer, place: int) -> Card:
    state, label = badge(offer.candidate.standing)
    asked = {
        "service": offer.candidate.code,
        "need": wish.need,
        "urgency": wish.urgency,
        "purpose": wish.purpose,
        "area": wish.area,
    }
    href = reverse("referral:referral-new", args=[person.code])
    return Card(
        place=place,
        offer=offer,
        state=state,
        state_label=label,
        fits=[str(reason.label) for reason in offer.reasons if reason not in TO_ASK],
        to_ask=[str(reason.label) for reason in offer.reasons if reason in TO_ASK],
        refer_href=f"{href}?{urlencode({name: value for name, value in asked.items() if value})}",
    )


def _without(request: ActorRequest, ranking: Ranking) -> list[Without]:
    may_know = request.actor.may(Permission.RISK_VIEW)
    return [
        Without(
            each,
            [str(reason.label) for reason in each.reasons],
            str(RiskGround(each.candidate.excluded).label)
            if may_know and Reason.EXCLUDED in each.reasons
            else "",
        )
        for each in ranking.left_out[:MOST_LEFT_OUT]
    ]
