"""Writes about money: pledge, signed agreement, receipt, spending, withdrawal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.storing import saved_as_new
from cairn.portfolio import rules
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.models import Agreement, Expenditure, Pledge, Project, Receipt


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in its currency; `rate`: US dollars for one unit of it, 1 for US dollars."""

    amount: Decimal
    currency: str = "USD"
    rate: Decimal = Decimal(1)
    rate_source: str = ""

    @property
    def usd(self) -> Decimal:
        """In US dollars, to the cent. Raises AmountRefused("amount.too_large")."""
        return rules.in_dollars(self.amount, self.rate)

    @property
    def columns(self) -> dict[str, object]:
        """The fields of models.funding.Amount."""
        return {
            "amount": self.amount,
            "currency": self.currency,
            "rate": self.rate,
            "rate_source": self.rate_source,
            "usd": self.usd,
        }


@transaction.atomic
def record_pledge(
    actor: Actor,
    reference: str,
    donor: Organisation | None,
    money: Money,
    *,
    pledged: str = "",
    note: str = "",
) -> Pledge:
    """Record a donor's word to a project. `donor` None: the source names nobody.

    Raises Project.DoesNotExist, PermissionDenied, RuleBroken ("pledge.twice").
    """
    project = Project.objects.visible_to(actor).select_for_update().get(reference=reference)
    require(actor, Permission.FUNDING_EDIT)
    if project.pledges.current().filter(donor=donor, pledged=pledged).exists():
        raise RuleBroken(
            "pledge.twice",
            _("A pledge of this donor with this date is on record already."),
            _("Change that pledge, or give the new one its own date."),
        )
    pledge = Pledge.objects.create(
        project=project, donor=donor, pledged=pledged, note=note, **money.columns
    )
    refresh_findings([project.pk])
    audit.record(actor, "pledge.recorded", pledge, project=project.reference, usd=str(money.usd))
    return pledge


@transaction.atomic
def withdraw_pledge(actor: Actor, pledge_id: UUID, *, on: date, reason: str) -> Pledge:
    """Take a pledge out of all sums; it stays on record with its reason.

    Raises Pledge.DoesNotExist, PermissionDenied, RuleBroken ("pledge.received": money came in
    already; "pledge.withdrawn"; "pledge.reason").
    """
    pledge = Pledge.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pledge_id)
    require(actor, Permission.FUNDING_EDIT)
    if pledge.withdrawn_on:
        raise _withdrawn()
    if Receipt.objects.filter(agreement__pledge=pledge).exists():
        raise RuleBroken(
            "pledge.received",
            _("Money was received on this pledge, so it cannot be withdrawn."),
            _("Record an amended agreement instead."),
        )
    if not reason.strip():
        raise RuleBroken(
            "pledge.reason", _("A withdrawal has a reason."), _("Write why, in a sentence.")
        )
    pledge.withdrawn_on, pledge.withdrawn_reason = on, reason.strip()
    pledge.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    refresh_findings([pledge.project_id])
    audit.record(actor, "pledge.withdrawn", pledge)
    return pledge


@transaction.atomic
def sign_agreement(
    actor: Actor, pledge_id: UUID, reference: str, money: Money, *, signed_on: date
) -> Agreement:
    """Record a signed agreement on a pledge.

    Raises Pledge.DoesNotExist, PermissionDenied, RuleBroken ("agreement.reference",
    "pledge.withdrawn").
    """
    pledge = Pledge.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pledge_id)
    require(actor, Permission.FUNDING_EDIT)
    if pledge.withdrawn_on:
        raise _withdrawn()
    agreement = Agreement(pledge=pledge, reference=reference, signed_on=signed_on, **money.columns)
    if not saved_as_new(agreement):
        raise RuleBroken(
            "agreement.reference",
            _("Another agreement has the reference “%(reference)s”.") % {"reference": reference},
            _("Use the reference that stands on this agreement."),
        )
    audit.record(actor, "agreement.signed", agreement, usd=str(money.usd))
    return agreement


@transaction.atomic
def record_receipt(actor: Actor, agreement_id: UUID, money: Money, *, received_on: date) -> Receipt:
    """Record money that came in; never more than the agreement is over.

    Raises Agreement.DoesNotExist (not visible), PermissionDenied, RuleBroken ("funding.exceeds",
    "funding.currency", "funding.date", "funding.twice").
    """
    agreement = _agreement(actor, agreement_id)
    _check(agreement, money, received_on)
    already = agreement.receipts.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    rules.check_stage_sum(agreement.amount, already, money.amount, what=_("money received"))
    if agreement.receipts.filter(received_on=received_on, amount=money.amount).exists():
        raise _twice()
    receipt = Receipt.objects.create(agreement=agreement, received_on=received_on, **money.columns)
    audit.record(actor, "receipt.recorded", receipt, usd=str(money.usd))
    return receipt


@transaction.atomic
def record_expenditure(
    actor: Actor, agreement_id: UUID, money: Money, *, spent_on: date, what: str = ""
) -> Expenditure:
    """Record money spent; never more than was received under the agreement.

    Raises as `record_receipt` does.
    """
    agreement = _agreement(actor, agreement_id)
    _check(agreement, money, spent_on)
    received = agreement.receipts.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    already = agreement.expenditures.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    rules.check_stage_sum(received, already, money.amount, what=_("spending"))
    same = agreement.expenditures.filter(spent_on=spent_on, amount=money.amount, what=what)
    if same.exists():
        raise _twice()
    expenditure = Expenditure.objects.create(
        agreement=agreement, spent_on=spent_on, what=what, **money.columns
    )
    audit.record(actor, "expenditure.recorded", expenditure, usd=str(money.usd))
    return expenditure


def _withdrawn() -> RuleBroken:
    return RuleBroken(
        "pledge.withdrawn", _("This pledge was withdrawn."), _("Record a new pledge first.")
    )


def _twice() -> RuleBroken:
    return RuleBroken(
        "funding.twice",
        _("This amount of this day is on record already."),
        _("If it really came twice, record the sum of both."),
    )


def _agreement(actor: Actor, agreement_id: UUID) -> Agreement:
    visible = Pledge.objects.visible_to(actor)
    agreement = (
        Agreement.objects.filter(pledge__in=visible)
        .select_related("pledge")
        # The pledge too: it must not be withdrawn while money comes in on it.
        .select_for_update(of=("self", "pledge"))
        .get(pk=agreement_id)
    )
    require(actor, Permission.FUNDING_EDIT)
    if agreement.pledge.withdrawn_on:
        raise _withdrawn()
    return agreement


def _check(agreement: Agreement, money: Money, day: date) -> None:
    rules.check_under_agreement(
        currency=money.currency,
        agreed_currency=agreement.currency,
        day=day,
        signed_on=agreement.signed_on,
    )
