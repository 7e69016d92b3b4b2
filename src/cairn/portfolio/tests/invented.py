"""The smallest valid, obviously invented records, made by the same actions as real ones."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cairn.access.queries import SYSTEM
from cairn.core.models import Organisation
from cairn.portfolio.actions.donors import enter_donor
from cairn.portfolio.actions.funding import Money, record_pledge, sign_agreement
from cairn.portfolio.actions.projects import create_project
from cairn.portfolio.actions.requests import receive_request
from cairn.portfolio.imports.organisations import Donor, donors_named
from cairn.portfolio.models import (
    Agreement,
    AssistanceRequest,
    Event,
    Indicator,
    Pledge,
    PrintedFigure,
    Project,
    Result,
)
from cairn.portfolio.rules import Publication, State

SIGNED = date(2026, 1, 15)


def project(
    reference: str = "X01",
    *,
    title: str = "Invented project",
    places: Sequence[str] = ("Nepal",),
    budget: Decimal | None = Decimal(1000),
    publication: Publication = Publication.PUBLIC,
    public_title: str = "",
    state: State = State.CONCEPT,
) -> Project:
    create_project(SYSTEM, reference, places, {"title": title, "budget_usd": budget})
    Project.objects.filter(reference=reference).update(
        publication=publication, public_title=public_title, state=state
    )
    return Project.objects.get(reference=reference)


def enter(name: str) -> Organisation:
    """The donor that a printed name stands for."""
    found = donors_named([name])[name]
    assert isinstance(found, Donor), found
    return enter_donor(SYSTEM, found.name, country=found.country)


def pledge(to: Project, donor: str = "Norway", usd: int = 100, pledged: str = "") -> Pledge:
    giver = enter(donor)
    return record_pledge(SYSTEM, to.reference, giver, Money(Decimal(usd)), pledged=pledged)


def agreement(on: Pledge, usd: int = 100, reference: str = "A-1") -> Agreement:
    return sign_agreement(SYSTEM, on.pk, reference, Money(Decimal(usd)), signed_on=SIGNED)


def printed_shortfall(of: Project, value: int, text: str = "") -> PrintedFigure:
    return PrintedFigure.objects.create(
        project=of, field=PrintedFigure.Field.SHORTFALL, value=Decimal(value), text=text
    )


def indicator(of: Project) -> Indicator:
    result = Result.objects.create(
        project=of, level=Result.Level.OUTPUT, number="1.1", statement="Invented output"
    )
    return Indicator.objects.create(
        result=result, number="1.1.1", name="Invented courses", disaggregation=["women"]
    )


def event(reference: str = "E90") -> Event:
    return Event.objects.create(reference=reference, kind="invented workshop")


def assistance_request(
    reference: str = "R90", countries: Sequence[str] = ("NPL",)
) -> AssistanceRequest:
    return receive_request(
        SYSTEM, reference, "Invented school", "Invented course", countries=countries
    )
