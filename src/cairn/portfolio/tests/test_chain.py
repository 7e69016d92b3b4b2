"""What the portfolio counts for the chain: as the register prints it, to each what they may see."""

from datetime import date
from decimal import Decimal

import pytest

from cairn.access.tests.factories import user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.core.measures import Period, Question, figures
from cairn.portfolio.models import Agreement, Receipt
from cairn.portfolio.rules import Publication, RequestState
from cairn.portfolio.tests import factories as made
from cairn.training.tests.factories import acting

pytestmark = pytest.mark.django_db
YEAR = Period.year(2024)


@pytest.fixture
def officer() -> Actor:
    return acting(user_with_role("programme-officer"))


def value(actor: Actor, code: str, **about: str) -> Decimal | None:
    found = figures(actor, code, Question(YEAR, **about))
    return found[0].found.value if found else None


def test_money_stands_as_printed_and_not_known_is_not_zero() -> None:
    first, _second = made.project("X01"), made.project("X02", budget=None, places=["Mali"])
    made.pledge(first, usd=40_000)
    assert value(PUBLIC, "portfolio.projects") == 2
    assert value(PUBLIC, "portfolio.budget", project="X01") == 100_000
    assert value(PUBLIC, "portfolio.shortfall", project="X01") == 60_000
    assert value(PUBLIC, "portfolio.budget", project="X02") is None
    assert value(PUBLIC, "portfolio.budget", country="MLI") is None
    assert value(PUBLIC, "portfolio.received", project="X01") is None


def test_what_came_in_belongs_to_its_year() -> None:
    pledge = made.pledge(made.project("X01"), usd=40_000)
    signed = Agreement.objects.create(
        pledge=pledge, reference="A1", signed_on=date(2024, 1, 1), amount=9, usd=9
    )
    for day, amount in ((date(2023, 12, 31), 1), (date(2024, 1, 1), 2), (date(2024, 12, 31), 4)):
        Receipt.objects.create(agreement=signed, received_on=day, amount=amount, usd=amount)
    assert value(PUBLIC, "portfolio.received", project="X01") == 6


def test_the_public_learns_nothing_of_a_project_that_it_does_not_see_whole(officer: Actor) -> None:
    hidden = made.project("X03", publication=Publication.WITHHELD)
    made.pledge(hidden, usd=5)
    assert value(officer, "portfolio.pledged", project="X03") == 5
    for code in ("portfolio.pledged", "portfolio.budget", "portfolio.received"):
        assert value(PUBLIC, code, project="X03") is None
    assert value(PUBLIC, "portfolio.projects", country="NPL") == 0


def test_requests_are_told_to_those_who_see_them(officer: Actor) -> None:
    for number, state in enumerate((RequestState.RECEIVED, RequestState.DECLINED)):
        made.request(f"R{number}", state=state, received_on=date(2024, 5, 1), countries=["NPL"])
    made.request("R9", received_on=None, countries=["NPL"])
    assert value(officer, "portfolio.requests", country="NPL") == 2
    assert value(officer, "portfolio.requests_answered", country="NPL") == 1
    assert value(officer, "portfolio.requests", country="MLI") == 0
    made.request("R8", received_on=None, countries=["KEN"])
    assert value(officer, "portfolio.requests", country="KEN") is None
    assert value(PUBLIC, "portfolio.requests") is None
