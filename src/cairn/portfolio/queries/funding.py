"""Reads for the forms about money and results: pledges, agreements, indicators, donors' names."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.models import Agreement, Indicator, Pledge, Project

MOST_NAMES = 1_000  # organisations offered while a donor's name is typed


def find_pledge(actor: Actor, pk: UUID) -> Pledge:
    """A pledge with its project and donor. Raises Pledge.DoesNotExist."""
    return Pledge.objects.visible_to(actor).select_related("project", "donor").get(pk=pk)


def find_agreement(actor: Actor, pk: UUID) -> Agreement:
    """An agreement with its pledge, project and donor. Raises Agreement.DoesNotExist."""
    visible = Pledge.objects.visible_to(actor)
    return Agreement.objects.select_related("pledge__project", "pledge__donor").get(
        pk=pk, pledge__in=visible
    )


@dataclass(frozen=True, slots=True)
class Account:
    """Where an agreement stands, in its own currency."""

    agreed: Decimal
    received: Decimal
    spent: Decimal

    @property
    def to_receive(self) -> Decimal:
        return self.agreed - self.received

    @property
    def to_spend(self) -> Decimal:
        return self.received - self.spent


def account_of(agreement: Agreement) -> Account:
    """The sums of an agreement. Two queries."""
    return Account(
        agreement.amount,
        agreement.receipts.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        agreement.expenditures.aggregate(total=Sum("amount"))["total"] or Decimal(0),
    )


def find_indicator(actor: Actor, pk: int) -> Indicator:
    """An indicator with its project and measurements, of a project that the actor sees whole.

    Raises Indicator.DoesNotExist.
    """
    return (
        Indicator.objects.select_related("result__project")
        .prefetch_related("measurements")
        .get(pk=pk, result__project__in=Project.objects.open_to(actor))
    )


def donor_names(actor: Actor) -> list[str]:
    """Names to choose a donor from: every country in the reader's language, organisations."""
    countries = {geography.country_name(each.alpha3, language()) for each in geography.countries()}
    others = (
        Organisation.objects.visible_to(actor)
        .exclude(kind=OrganisationKind.STATE)
        .order_by("name")
        .values_list("name", flat=True)[:MOST_NAMES]
    )
    return sorted(countries) + list(others)
