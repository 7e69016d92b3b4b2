"""Writes about money: pledge, agreement, receipt, spending, withdrawal, new donors."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cairn.access.tests.factories import bare_actor
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.portfolio.actions.donors import enter_donor
from cairn.portfolio.actions.funding import (
    Money,
    record_expenditure,
    record_pledge,
    record_receipt,
    sign_agreement,
    withdraw_pledge,
)
from cairn.portfolio.models import Agreement, Expenditure, Pledge, Project, Receipt
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
OFFICER = bare_actor("programme-officer")
TRAINER = bare_actor("trainer")
DONOR = bare_actor("donor")
DAY = date(2026, 2, 1)


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_a_pledge_in_another_currency_keeps_amount_rate_and_dollars() -> None:
    invented.project()
    money = Money(D("1000.50"), "EUR", D("1.08765432"), "invented bank, 1 March 2026")
    record_pledge(OFFICER, "X01", invented.enter("Norvège"), money, pledged="2026-03")
    stored = Pledge.objects.get()
    assert (stored.amount, stored.currency) == (D("1000.50"), "EUR")
    assert stored.rate == D("1.08765432")
    assert stored.usd == D("1088.20")  # 1000.50 x 1.08765432 = 1088.19815
    assert stored.donor is not None
    assert stored.donor.country == "NOR"
    assert codes()[-1] == "pledge.recorded"


def test_a_pledge_changes_the_shortfall_and_its_finding() -> None:
    project = invented.project()
    invented.printed_shortfall(project, 1000)
    invented.pledge(project, usd=300)
    assert Project.objects.with_money().get().shortfall == D(700)  # type: ignore[attr-defined]
    assert project.findings.get().difference == D(-300)


def test_one_donor_pledges_once_for_each_date() -> None:
    project = invented.project()
    invented.pledge(project, pledged="2025")
    with pytest.raises(RuleBroken) as told:
        invented.pledge(project, "Norvège", pledged="2025")
    assert told.value.code == "pledge.twice"
    invented.pledge(project, pledged="2026")
    assert Pledge.objects.count() == 2


def test_donors_that_are_not_named_pledge_once_for_each_date_too() -> None:
    project = invented.project()
    record_pledge(OFFICER, "X01", None, Money(D(5)))
    with pytest.raises(RuleBroken):
        record_pledge(OFFICER, "X01", None, Money(D(7)))
    assert project.pledges.get().usd == D(5)


def test_after_a_withdrawal_the_donor_may_pledge_anew() -> None:
    project = invented.project()
    first = invented.pledge(project)
    withdraw_pledge(OFFICER, first.pk, on=DAY, reason="Budget cut.")
    invented.pledge(project, usd=60)
    assert Project.objects.with_money().get().pledged == D(60)
    assert "pledge.withdrawn" in codes()


def test_money_goes_from_pledge_to_spending() -> None:
    pledge = invented.pledge(invented.project())
    agreement = sign_agreement(OFFICER, pledge.pk, "A-1", Money(D(100)), signed_on=DAY)
    record_receipt(OFFICER, agreement.pk, Money(D(60)), received_on=DAY)
    record_receipt(OFFICER, agreement.pk, Money(D(40)), received_on=DAY)
    record_expenditure(OFFICER, agreement.pk, Money(D("99.99")), spent_on=DAY, what="printing")
    assert codes()[-4:] == [
        "agreement.signed",
        "receipt.recorded",
        "receipt.recorded",
        "expenditure.recorded",
    ]


def _agreement_taken(pledge: Pledge, agreement: Agreement) -> None:
    sign_agreement(OFFICER, pledge.pk, "A-1", Money(D(5)), signed_on=DAY)


def _too_much_received(pledge: Pledge, agreement: Agreement) -> None:
    record_receipt(OFFICER, agreement.pk, Money(D("40.01")), received_on=DAY)


def _more_spent_than_received(pledge: Pledge, agreement: Agreement) -> None:
    record_expenditure(OFFICER, agreement.pk, Money(D("60.01")), spent_on=DAY)


def _other_currency(pledge: Pledge, agreement: Agreement) -> None:
    record_receipt(OFFICER, agreement.pk, Money(D(1), "EUR", D("1.1"), "x"), received_on=DAY)


def _before_signature(pledge: Pledge, agreement: Agreement) -> None:
    record_expenditure(OFFICER, agreement.pk, Money(D(1)), spent_on=date(2026, 1, 14))


def _withdrawn_though_received(pledge: Pledge, agreement: Agreement) -> None:
    withdraw_pledge(OFFICER, pledge.pk, on=DAY, reason="Budget cut.")


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (_agreement_taken, "agreement.reference"),
        (_too_much_received, "funding.exceeds"),
        (_more_spent_than_received, "funding.exceeds"),
        (_other_currency, "funding.currency"),
        (_before_signature, "funding.date"),
        (_withdrawn_though_received, "pledge.received"),
    ],
)
def test_what_the_rules_of_money_refuse(
    attempt: Callable[[Pledge, Agreement], None], code: str
) -> None:
    pledge = invented.pledge(invented.project())
    agreement = invented.agreement(pledge)
    record_receipt(OFFICER, agreement.pk, Money(D(60)), received_on=DAY)
    before = codes()
    with pytest.raises(RuleBroken) as told:
        attempt(pledge, agreement)
    assert told.value.code == code
    assert told.value.remedy
    assert codes() == before
    assert (Agreement.objects.count(), Receipt.objects.count()) == (1, 1)
    assert not Expenditure.objects.exists()
    assert Pledge.objects.get().withdrawn_on is None


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_withdrawal_has_a_reason(reason: str) -> None:
    pledge = invented.pledge(invented.project())
    with pytest.raises(RuleBroken) as told:
        withdraw_pledge(OFFICER, pledge.pk, on=DAY, reason=reason)
    assert told.value.code == "pledge.reason"


def test_a_withdrawn_pledge_is_not_agreed_on() -> None:
    pledge = invented.pledge(invented.project())
    withdraw_pledge(OFFICER, pledge.pk, on=DAY, reason="Budget cut.")
    with pytest.raises(RuleBroken) as told:
        sign_agreement(OFFICER, pledge.pk, "A-1", Money(D(5)), signed_on=DAY)
    assert told.value.code == "pledge.withdrawn"


@pytest.mark.parametrize(
    ("actor", "publication", "outcome"),
    [
        (TRAINER, Publication.WITHHELD, PermissionDenied),
        (DONOR, Publication.PUBLIC, PermissionDenied),
        (DONOR, Publication.REDUCED, "missing"),
        (DONOR, Publication.WITHHELD, "missing"),
    ],
)
def test_who_may_not_touch_the_money(actor: Actor, publication: Publication, outcome: Any) -> None:
    pledge = invented.pledge(invented.project(publication=publication))
    agreement = invented.agreement(pledge)
    before = codes()
    hidden = outcome == "missing"
    with pytest.raises(Pledge.DoesNotExist if hidden else outcome):
        withdraw_pledge(actor, pledge.pk, on=DAY, reason="Mine now.")
    with pytest.raises(Pledge.DoesNotExist if hidden else outcome):
        sign_agreement(actor, pledge.pk, "A-2", Money(D(5)), signed_on=DAY)
    with pytest.raises(Agreement.DoesNotExist if hidden else outcome):
        record_receipt(actor, agreement.pk, Money(D(5)), received_on=DAY)
    with pytest.raises(Agreement.DoesNotExist if hidden else outcome):
        record_expenditure(actor, agreement.pk, Money(D(5)), spent_on=DAY)
    assert codes() == before


@pytest.mark.parametrize(
    ("publication", "outcome"),
    [(Publication.PUBLIC, PermissionDenied), (Publication.WITHHELD, Project.DoesNotExist)],
)
def test_a_donor_does_not_record_its_own_pledge(
    publication: Publication, outcome: type[Exception]
) -> None:
    invented.project(publication=publication)
    with pytest.raises(outcome):
        record_pledge(DONOR, "X01", None, Money(D(5)))
    assert not Pledge.objects.exists()


def test_a_new_donor_is_entered_once_and_written_down() -> None:
    first = enter_donor(OFFICER, "Invented Foundation")
    second = enter_donor(OFFICER, "INVENTED FOUNDATION")
    assert first == second
    assert codes() == ["organisation.entered"]


def test_a_state_is_entered_once_under_its_english_name() -> None:
    assert enter_donor(OFFICER, "Norvège", country="NOR") == invented.enter("النرويج")
    stored = Organisation.objects.get()
    assert (stored.name, stored.kind, stored.slug) == ("Norway", "state", "nor")


def test_who_may_not_enter_a_donor() -> None:
    with pytest.raises(PermissionDenied):
        enter_donor(TRAINER, "Invented Foundation")
    assert not Organisation.objects.exists()
