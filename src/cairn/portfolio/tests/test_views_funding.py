"""Pages that record money and measurements."""

from decimal import Decimal as D

import pytest
from django.test import Client

from cairn.access.tests.factories import user_with_role
from cairn.core.models import Organisation
from cairn.portfolio.models import (
    Agreement,
    Expenditure,
    Measurement,
    Pledge,
    Receipt,
)
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
NEW = "/projects/X01/pledges/new/"
USD = {"amount": "100", "currency": "USD"}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("programme-officer"))
    return client


def donors_entered() -> list[str]:
    """Organisations beside the one that the officer of these tests works for."""
    return list(Organisation.objects.exclude(name="Invented Agency").values_list("name", flat=True))


def test_a_pledge_is_recorded_for_a_state_by_its_name(officer: Client) -> None:
    invented.project()
    answer = officer.post(
        NEW, {**USD, "donor": "Norvège", "pledged": "2026-02", "note": "Invented"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/projects/X01/")
    pledge = Pledge.objects.select_related("donor").get()
    assert pledge.donor is not None
    assert (pledge.donor.country, pledge.usd, pledge.pledged) == ("NOR", D(100), "2026-02")


def test_a_pledge_in_euros_keeps_its_rate_and_source(officer: Client) -> None:
    invented.project()
    officer.post(
        NEW,
        {
            "donor": "Norway",
            "amount": "1000",
            "currency": "eur",
            "rate": "1.0875",
            "rate_source": "invented bank, 1 March 2026",
        },
    )
    pledge = Pledge.objects.get()
    assert (pledge.currency, pledge.usd) == ("EUR", D("1087.50"))
    assert pledge.rate_source == "invented bank, 1 March 2026"


def test_a_donor_that_is_not_named_is_none(officer: Client) -> None:
    invented.project()
    assert officer.post(NEW, {**USD, "is_not_named": "on"}).status_code == 302
    assert Pledge.objects.get().donor is None


def test_a_new_organisation_is_asked_about_before_it_is_added(officer: Client) -> None:
    invented.project()
    sent = {**USD, "donor": "Invented Foundation"}
    answer = officer.post(NEW, sent)
    assert answer.status_code == 422
    assert "is not on record" in str(answer.context["form"].errors["donor"])
    assert donors_entered() == []
    assert officer.post(NEW, {**sent, "is_new": "on"}).status_code == 302
    assert donors_entered() == ["Invented Foundation"]


def test_a_name_that_looks_like_another_is_taken_once_it_is_confirmed(officer: Client) -> None:
    invented.project()
    answer = officer.post(NEW, {**USD, "donor": "Frnce"})
    assert "France" in str(answer.context["form"].errors["donor"])
    assert officer.post(NEW, {**USD, "donor": "Frnce", "is_new": "on"}).status_code == 302
    assert donors_entered() == ["Frnce"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"donor": "Frnce"}, "donor"),
        ({"donor": ""}, "donor"),
        ({"is_not_named": "on"}, "donor"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.906"}, "amount"),
        ({"currency": "XYZ"}, "currency"),
        ({"currency": "EUR", "rate_source": "x"}, "rate"),
        ({"currency": "EUR", "rate": "1.1"}, "rate_source"),
        ({"currency": "EUR", "rate": "0", "rate_source": "x"}, "rate"),
        ({"rate": "2"}, "rate"),
        ({"pledged": "last year"}, "pledged"),
    ],
)
def test_a_pledge_that_is_not_clear_is_told_at_its_field(
    officer: Client, sent: dict[str, str], field: str
) -> None:
    invented.project()
    answer = officer.post(NEW, {**USD, "donor": "Norway", "note": "keep me", **sent})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "keep me" in answer.content.decode()
    assert not Pledge.objects.exists()
    assert donors_entered() == []


def test_a_donor_that_pledged_already_is_refused_with_what_was_typed(officer: Client) -> None:
    invented.pledge(invented.project())
    answer = officer.post(NEW, {**USD, "donor": "Norway", "note": "keep me"})
    assert answer.status_code == 409
    assert "keep me" in answer.content.decode()


def test_donors_are_offered_while_the_name_is_typed(officer: Client) -> None:
    invented.pledge(invented.project(), "Invented Foundation")
    text = officer.get(NEW).content.decode()
    assert '<option value="Invented Foundation">' in text
    assert '<option value="Norway">' in text


def test_a_pledge_is_withdrawn_with_day_and_reason(officer: Client) -> None:
    pledge = invented.pledge(invented.project())
    path = f"/pledges/{pledge.pk}/withdraw/"
    assert officer.post(path, {"on": "2026-02-01", "reason": ""}).status_code == 422
    assert officer.post(path, {"on": "2226-02-01", "reason": "Cut"}).status_code == 422
    assert officer.post(path, {"on": "2026-02-01", "reason": "Budget cut"}).status_code == 302
    pledge.refresh_from_db()
    assert pledge.withdrawn_reason == "Budget cut"


def test_the_way_of_the_money_can_be_recorded_page_by_page(officer: Client) -> None:
    pledge = invented.pledge(invented.project())
    page = officer.get(f"/pledges/{pledge.pk}/agreement/")
    assert page.context["form"]["amount"].value() == D(100)
    sent = {**USD, "reference": "A-1", "signed_on": "2026-01-15"}
    assert officer.post(f"/pledges/{pledge.pk}/agreement/", sent).status_code == 302
    pk = Agreement.objects.get().pk
    receipt = {**USD, "amount": "60", "received_on": "2026-01-20"}
    assert officer.post(f"/agreements/{pk}/receipt/", receipt).status_code == 302
    spending = {**USD, "amount": "45.50", "spent_on": "2026-01-21", "what": "printing"}
    assert officer.post(f"/agreements/{pk}/spending/", spending).status_code == 302
    assert (Receipt.objects.get().usd, Expenditure.objects.get().usd) == (D(60), D("45.50"))
    account = officer.get(f"/agreements/{pk}/spending/").context["account"]
    assert (account.to_receive, account.to_spend) == (D(40), D("14.50"))


@pytest.mark.parametrize(
    ("page", "sent", "status", "field"),
    [
        ("receipt", {"received_on": "2026-01-20", "amount": "100.01"}, 409, "amount"),
        ("receipt", {"received_on": "2026-01-01"}, 409, "received_on"),
        ("receipt", {"received_on": "2226-01-01"}, 422, "received_on"),
        ("receipt", {"received_on": "2026-01"}, 422, "received_on"),
        ("spending", {"spent_on": "2026-01-20", "amount": "60.01"}, 409, "amount"),
        (
            "receipt",
            {"received_on": "2026-01-20", "currency": "EUR", "rate": "1", "rate_source": "x"},
            409,
            "currency",
        ),
        ("receipt", {"received_on": "2026-01-16", "amount": "60"}, 409, "amount"),
    ],
)
def test_money_beyond_the_agreement_is_refused_at_its_field(
    officer: Client, page: str, sent: dict[str, str], status: int, field: str
) -> None:
    agreement = invented.agreement(invented.pledge(invented.project()))
    first = {**USD, "amount": "60", "received_on": "2026-01-16"}
    assert officer.post(f"/agreements/{agreement.pk}/receipt/", first).status_code == 302
    answer = officer.post(f"/agreements/{agreement.pk}/{page}/", {**USD, **sent})
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == [field]
    assert (Receipt.objects.count(), Expenditure.objects.count()) == (1, 0)


def test_the_same_spending_twice_is_refused_at_its_field(officer: Client) -> None:
    agreement = invented.agreement(invented.pledge(invented.project()))
    officer.post(f"/agreements/{agreement.pk}/receipt/", {**USD, "received_on": "2026-01-16"})
    spending = {**USD, "amount": "10", "spent_on": "2026-01-21", "what": "printing"}
    assert officer.post(f"/agreements/{agreement.pk}/spending/", spending).status_code == 302
    answer = officer.post(f"/agreements/{agreement.pk}/spending/", spending)
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == ["amount"]
    assert Expenditure.objects.count() == 1


def test_an_agreement_reference_that_is_taken_is_refused_at_its_field(officer: Client) -> None:
    pledge = invented.pledge(invented.project())
    invented.agreement(pledge)
    sent = {**USD, "reference": "A-1", "signed_on": "2026-01-15"}
    answer = officer.post(f"/pledges/{pledge.pk}/agreement/", sent)
    assert answer.status_code == 409
    assert "A-1" in str(answer.context["form"].errors["reference"])


def test_a_measurement_is_typed_in_with_its_source(officer: Client) -> None:
    indicator = invented.indicator(invented.project())
    path = f"/indicators/{indicator.pk}/measure/"
    sent = {"period_start": "2025", "period_end": "2025", "value": "12.5", "source": "Report"}
    assert "women" in officer.get(path).content.decode()
    assert officer.post(path, {**sent, "source": ""}).status_code == 422
    assert officer.post(path, {**sent, "value": "a dozen"}).status_code == 422
    assert officer.post(path, {**sent, "period_end": "2024"}).status_code == 422
    assert officer.post(path, sent).status_code == 302
    assert Measurement.objects.get().value == D("12.5")
    assert "Report" in officer.get(path).content.decode()


@pytest.mark.parametrize(
    ("role", "publication", "status"),
    [
        ("trainer", Publication.WITHHELD, 403),
        ("donor", Publication.PUBLIC, 403),
        ("donor", Publication.REDUCED, 404),
        ("donor", Publication.WITHHELD, 404),
        (None, Publication.PUBLIC, 302),
        (None, Publication.WITHHELD, 302),
    ],
)
def test_the_pages_of_money_are_open_to_whom_they_concern(
    client: Client, role: str | None, publication: Publication, status: int
) -> None:
    project = invented.project(publication=publication)
    pledge = invented.pledge(project)
    agreement = invented.agreement(pledge)
    indicator = invented.indicator(project)
    if role:
        client.force_login(user_with_role(role))
    for path in (
        NEW,
        f"/pledges/{pledge.pk}/withdraw/",
        f"/pledges/{pledge.pk}/agreement/",
        f"/agreements/{agreement.pk}/receipt/",
        f"/agreements/{agreement.pk}/spending/",
        f"/indicators/{indicator.pk}/measure/",
    ):
        assert client.get(path).status_code == status, path
        assert client.post(path, {}).status_code == status, path
