"""The page of one project: its money, its results, who may do what, what stays inside."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.portfolio.models import Decision, Measurement, Phase, Remark
from cairn.portfolio.models.funding import Agreement, BudgetLine
from cairn.portfolio.rules import Publication, RequestState, State
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "X01") -> str:
    answer = client.get(f"/projects/{address}/")
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def words(html: str) -> str:
    """The text of a page with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"</?(?:bdi|span|strong)\b[^>]*>", "", html))


def staff(client: Client, role: str = "programme-officer") -> Client:
    client.force_login(user_with_role(role))
    return client


def test_a_project_shows_what_it_costs_and_what_lacks(client: Client) -> None:
    made = factories.project(budget=1_000)
    factories.pledge(made, factories.donor(), usd=250)
    shown = words(page(client))
    assert "25% of the budget is pledged." in shown
    assert "US$ 750" in shown
    assert "Invented Donor" in shown


def test_a_project_without_pledges_says_so(client: Client) -> None:
    factories.project()
    assert "no current pledges" in page(client)


def test_a_project_without_a_printed_budget_computes_nothing(client: Client) -> None:
    factories.project(budget=None)
    shown = page(client)
    assert "no shortfall and no funded share can be computed" in shown
    assert "of the budget is pledged" not in shown


def test_a_state_that_gives_to_itself_is_marked(client: Client) -> None:
    made = factories.project(places=["Nepal"])
    factories.pledge(made, factories.donor("Nepal", country="NPL"))
    assert "also the recipient State" in page(client)


def test_a_donor_that_is_not_named_is_said_not_to_be(client: Client) -> None:
    factories.pledge(factories.project())
    shown = page(client)
    assert "Donor not named in the source" in shown
    assert reverse("portfolio:donor", args=["not-named"]) in shown


def test_a_withdrawn_pledge_stands_struck_out_and_is_not_counted(client: Client) -> None:
    made = factories.project(budget=1_000)
    factories.pledge(
        made,
        factories.donor(),
        usd=250,
        withdrawn_on=timezone.localdate(),
        withdrawn_reason="an internal reason",
    )
    shown = page(client)
    assert "<s>" in shown
    assert "0% of the budget is pledged." in words(shown)
    assert "an internal reason" not in shown
    assert "an internal reason" in page(staff(client))


def test_phases_add_up_below_their_table(client: Client) -> None:
    made = factories.project()
    for number, usd in ((1, 300), (2, 400)):
        phase = Phase.objects.create(project=made, number=number)
        BudgetLine.objects.create(project=made, phase=phase, amount=usd, usd=usd)
    assert "US$ 700" in page(client)


def test_an_indicator_says_what_will_answer_it(client: Client) -> None:
    made = factories.project()
    factories.indicator(made, "1.1", measure="training.officers_trained")
    factories.indicator(made, "1.2")
    shown = page(client)
    assert "will be computed from the training records" in shown
    assert "not measured yet" in shown


def test_a_measurement_stands_with_its_period_and_source(client: Client) -> None:
    asked = factories.indicator(factories.project(), baseline=2, target=9)
    Measurement.objects.create(
        indicator=asked,
        period_start="2024",
        period_end="2024",
        value=5,
        source="invented report",
        recorded_at=timezone.now(),
    )
    shown = words(page(client))
    assert re.search(r"5 2024\s*Typed in, with its source\s*source invented report", shown)


def test_a_group_opens_to_its_members_and_their_day(client: Client) -> None:
    factories.project(places=["SADC"], starts="2010-01")
    shown = page(client)
    assert "members when the project starts, January 2010" in shown
    assert reverse("portfolio:country", args=["ZMB"]) in shown


def test_texts_carry_their_language_and_find_their_direction(client: Client) -> None:
    factories.project(title="مشروع تجريبي", language="ar")
    assert re.search(r'<h1 lang="ar"\s+dir="auto">مشروع تجريبي</h1>', page(client))


def test_whole_and_parts_lead_to_each_other(client: Client) -> None:
    whole = factories.project("X01")
    factories.project("X02", part_of=whole)
    assert "/projects/X02/" in page(client, "X01")
    part = page(client, "X02")
    assert "/projects/X01/" in part
    assert "This budget lies inside that of X01" in words(part)


def test_what_the_programme_notes_for_itself_stays_inside(client: Client) -> None:
    made = factories.project(note="a note of the reader")
    Remark.objects.create(project=made, kind="gap", remark="a remark of the reader")
    factories.request(project=made, request="an invented wish")
    Decision.objects.create(
        project=made, kind="state", after=State.CONCEPT, decided_at=timezone.now(), basis="why"
    )
    public = page(client)
    inside = page(staff(client))
    for kept in (
        "a note of the reader",
        "a remark of the reader",
        "an invented wish",
        'id="history"',
    ):
        assert kept not in public
        assert kept in inside


@pytest.mark.parametrize(
    ("basis", "sentence"),
    [
        ("inferred:printed-status", "the source prints that it is in progress"),
        ("inferred:pledges", "Inferred from the pledges"),
        ("inferred:code", "numbers are given on approval"),
        ("inferred:no-code", "no approval is on record"),
        ("Letter of 3 May", "Letter of 3 May"),
    ],
)
def test_history_tells_in_sentences_what_a_state_rests_on(
    client: Client, basis: str, sentence: str
) -> None:
    Decision.objects.create(
        project=factories.project(),
        kind="state",
        before=State.APPROVED,
        after=State.ACTIVE,
        decided_at=timezone.now(),
        basis=basis,
    )
    shown = page(staff(client))
    assert "moved the project from “Approved” to “Active”." in shown
    assert sentence in shown
    assert "inferred:" not in shown


@pytest.mark.parametrize(
    ("state", "budget", "pledged", "main"),
    [
        (State.CONCEPT, 100, 0, "Decide the state"),
        (State.APPROVED, 100, 0, "Record a pledge"),
        (State.PARTLY_FUNDED, 100, 50, "Record a pledge"),
        (State.FULLY_FUNDED, 100, 100, "Decide the state"),
        (State.ACTIVE, 100, 100, "Decide the state"),
        (State.ACTIVE, None, 0, "Edit"),
        (State.EVALUATED, 100, 0, "Decide the state"),
    ],
)
def test_one_main_action_is_what_the_project_needs_next(
    client: Client, state: State, budget: int | None, pledged: int, main: str
) -> None:
    made = factories.project(budget=budget, state=state)
    if pledged:
        factories.pledge(made, usd=pledged)
    found = re.findall(r'class="button button-main"[^>]*>\s*([^<]+?)\s*</a>', page(staff(client)))
    assert found == [main]


def test_who_may_not_act_is_offered_nothing(client: Client) -> None:
    factories.pledge(factories.project())
    for shown in (page(client), page(staff(client, "trainer"))):
        assert "button-main" not in shown
        assert "/edit/" not in shown
        assert "/agreement/" not in shown


def test_documents_are_offered_in_every_kind_and_language(client: Client) -> None:
    factories.project()
    shown = page(client)
    for kind in ("pdf", "json", "html"):
        for language in ("en", "fr", "ar"):
            assert f"/projects/X01/page.{kind}?language={language}" in shown


@pytest.mark.parametrize("address", ["X99", "X02"])
def test_a_project_that_is_not_public_is_not_found(client: Client, address: str) -> None:
    factories.project("X02", publication=Publication.WITHHELD)
    assert client.get(f"/projects/{address}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_a_project_has(client: Client) -> None:
    staff(client)
    made = factories.project(places=["Nepal", "SADC"])

    def fill(numbers: range) -> None:
        for number in numbers:
            factories.pledge(made, factories.donor(f"Invented Donor {number}"))
            factories.partner(made, f"Invented Partner {number}")
            factories.outcome(f"XO{number}", of=made)
            factories.indicator(made, f"{number + 1}.1")
            held = factories.event(f"XE{number}", of=made, place_countries=["NPL"])
            factories.request(f"XR{number}", after_event=held, state=RequestState.ASSESSED)
            factories.project(f"X5{number}", part_of=made)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client)
        return len(captured)

    fill(range(1))
    few = count()
    fill(range(1, 6))
    assert count() == few


def test_a_pledge_in_another_currency_stands_with_its_amount_and_the_source_of_its_rate(
    client: Client,
) -> None:
    made = factories.project(budget=1_000)
    given = factories.pledge(made, usd=270)
    given.amount, given.currency = Decimal(250), "EUR"
    given.rate, given.rate_source = Decimal("1.0834"), "Invented bank"
    given.save()
    shown = words(page(client))
    assert "€ 250" in shown
    assert "rate 1.0834 US$ for 1 EUR" in shown
    assert "Invented bank" in shown


def test_an_agreement_leads_to_the_pages_that_record_its_money(client: Client) -> None:
    pledge = factories.pledge(factories.project(budget=1_000), usd=250)
    signed = Agreement.objects.create(
        pledge=pledge, reference="XA1", signed_on=date(2025, 1, 2), amount=250, usd=250
    )
    shown = page(staff(client))
    for name in ("portfolio:receipt-new", "portfolio:expenditure-new"):
        assert f'href="{reverse(name, args=[signed.pk])}"' in shown


def test_the_public_sees_no_reference_of_an_agreement(client: Client) -> None:
    pledge = factories.pledge(factories.project(budget=1_000), usd=250)
    Agreement.objects.create(
        pledge=pledge, reference="XA1", signed_on=date(2025, 1, 2), amount=250, usd=250
    )
    assert "XA1" not in page(client)


def test_a_budget_by_period_stands_in_its_currency_and_in_dollars(client: Client) -> None:
    made = factories.project(budget=1_000)
    BudgetLine.objects.create(
        project=made, starts="2024-01", ends="2024-06", amount=500, currency="EUR", usd=540
    )
    shown = words(page(client))
    assert "Budget by period" in shown
    assert "€ 500" in shown
    assert "US$ 540" in shown
    assert "whole project" in shown
