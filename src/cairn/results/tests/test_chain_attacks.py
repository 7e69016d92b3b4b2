"""Attacks on the chain: no sum, difference of places or difference of times tells what is hidden.

The public's view of everything, with a hidden project and without it, is held side by side: where
both are the same, nothing about it can be worked out from them.
"""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.measures import Counted, Found, Period, Question
from cairn.portfolio.models import Agreement, Project, Receipt
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories as portfolio
from cairn.results.tests.test_chain_pages import trained
from cairn.training.models import CascadeCredit, ContributionClaim, FieldOutcomeReport
from cairn.training.rules.choices import Confidence, OutcomeKind, Strength
from cairn.training.tests.factories import acting, practitioner

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
TIMES = (
    Period(date(2015, 1, 1), date(2026, 12, 31)),
    Period.year(2025),
    Period.quarter(2025, 1),
    Period.quarter(2025, 2),
)
MONEY = {"portfolio.projects", "portfolio.budget", "portfolio.pledged", "portfolio.shortfall"}
Seen = dict[tuple[str, str, str, Period], list[Found]]


def everything(reference: str, **values: Any) -> Project:
    """A project with money, a training, people, a trainer, a report from the field, a request."""
    made = portfolio.project(reference, **values)
    pledge = portfolio.pledge(made, usd=7_000)
    signed = Agreement.objects.create(
        pledge=pledge, reference=reference, signed_on=date(2025, 1, 1), amount=9, usd=9
    )
    Receipt.objects.create(agreement=signed, received_on=date(2025, 5, 1), amount=3, usd=3)
    at = trained(f"T-{reference}", 43, project=made, from_countries=["NPL"])
    for number in range(6):
        CascadeCredit.objects.create(
            event=at, trainer=practitioner(f"Invented {number}"), generation=1, share=0.1
        )
    report = FieldOutcomeReport.objects.create(
        reference=f"FO-{reference}",
        kind=OutcomeKind.REFERRAL_MADE,
        month="2025-05",
        countries=["NPL"],
        count=Decimal(12),
        unit="cases",
        confidence=Confidence.MEDIUM,
        reported_at=timezone.now(),
        printed=portfolio.outcome(f"O-{reference}"),
    )
    ContributionClaim.objects.create(
        report=report, event=at, strength=Strength.SELF_REPORTED, made_at=timezone.now()
    )
    portfolio.request(
        f"R-{reference}", project=made, received_on=date(2025, 5, 1), countries=["NPL"]
    )
    return made


def _seen_by(actor: Actor, projects: tuple[str, ...]) -> Seen:
    """Every figure of every measure that somebody can ask for, at every place and time."""
    places = [("", ""), ("NPL", ""), ("MLI", ""), *(("", reference) for reference in projects)]
    found: Seen = {}
    for each, (country, project), period in product(measures.measures(), places, TIMES):
        question = Question(period, country, project)
        if question.scope not in each.scopes:
            continue
        if each.counted is Counted.PERSONS and not period.is_quarter:
            continue
        told = measures.figures(actor, each.code, question)
        found[each.code, country, project, period] = [one.found for one in told]
    return found


def seen_by(actor: Actor, *projects: str) -> Seen:
    with measures.together():
        return _seen_by(actor, projects)


def test_a_withheld_project_changes_nothing_that_the_public_sees() -> None:
    everything("X01")
    asked = ("X01", "X09")
    before = seen_by(PUBLIC, *asked)
    hidden = everything("X09", publication=Publication.WITHHELD)
    assert seen_by(PUBLIC, *asked) == before
    portfolio.project("X10", publication=Publication.WITHHELD, part_of=hidden)
    assert seen_by(PUBLIC, *asked) == before


def test_a_reduced_project_is_in_no_country_and_only_its_money_in_the_whole() -> None:
    everything("X01")
    asked = ("X01", "X08")
    before = seen_by(PUBLIC, *asked)
    reduced = everything("X08", publication=Publication.REDUCED)
    after = seen_by(PUBLIC, *asked, reduced.public_id)
    differing = {key for key, told in before.items() if after[key] != told}
    assert {code for code, *_rest in differing} == MONEY
    assert {(country, project) for _code, country, project, _period in differing} == {("", "")}
    # By its public name: what its public page shows, and nothing of what it does.
    shown = {
        code
        for (code, _country, project, _period), told in after.items()
        if project == reduced.public_id and any(each.value for each in told)
    }
    assert shown <= MONEY


def test_staff_see_what_the_public_does_not() -> None:
    """The tests above can fail: whoever sees all sees the hidden project."""
    everything("X01")
    staff = acting(user_with_role("programme-officer"))
    before = seen_by(staff, "X09")
    everything("X09", publication=Publication.WITHHELD)
    after = seen_by(staff, "X09")
    differing = {key[0] for key, told in before.items() if after[key] != told}
    for code in ("portfolio.budget", "portfolio.received", "training.people", "training.trainings"):
        assert code in differing
    assert {"training.cases_supported", "training.trainers_active"} <= differing


def test_what_is_told_of_persons_is_the_same_to_all_who_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two views of the same quarter cannot be subtracted."""
    monkeypatch.setattr(Period, "is_settled", lambda _self, _today: True)
    roles = ("programme-officer", "training-officer", "statistics-officer", "trainer")
    seen = [
        {key: told for key, told in seen_by(acting(user_with_role(role))).items() if told}
        for role in roles
    ]
    persons = [each.code for each in measures.measures() if each.counted is Counted.PERSONS]
    for code, (country, _) in product(persons, (("", 0), ("NPL", 0))):
        told = [one.get((code, country, "", Period.quarter(2025, 2))) for one in seen]
        assert all(each == told[0] for each in told)


@pytest.mark.parametrize("publication", [Publication.WITHHELD, Publication.REDUCED])
def test_no_page_of_the_chain_names_a_hidden_project(
    client: Client, publication: Publication
) -> None:
    everything("X01")
    hidden = everything("X09", publication=publication, places=["Mali"], title="Zarquil quest")
    addresses = [
        reverse("results:programme"),
        reverse("results:country", args=["NPL"]),
        reverse("results:measures"),
        *(reverse("results:measure", args=[each.code]) for each in measures.measures()),
    ]
    for address in addresses:
        text = client.get(address).content.decode()
        for word in ("Zarquil", ">X09<", "MLI", "Mali<", hidden.public_id):
            assert word not in text
