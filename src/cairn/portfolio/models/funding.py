"""Money: phases and budget lines; pledge, signed agreement, receipt, spending."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.models.project import Project
from cairn.portfolio.rules import Publication


class Phase(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    starts = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="phase_once")]

    def __str__(self) -> str:
        return self.name or str(self.number)

    @property
    def stated_budget(self) -> Decimal | None:
        """What the phase as a whole costs, US dollars; None when only periods are stated."""
        whole = (line.usd for line in self.budget_lines.all() if not (line.starts or line.ends))
        return next(whole, None)

    @property
    def budget(self) -> Decimal | None:
        """The stated budget, else the sum of its periods; None when neither is known."""
        lines = list(self.budget_lines.all())
        if self.stated_budget is not None or not lines:
            return self.stated_budget
        return sum((line.usd for line in lines), Decimal(0))


class Amount(models.Model):
    """An amount in its own currency and in US dollars. `rate`: dollars for one unit of currency."""

    amount = models.DecimalField(_("Amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3, default="USD")
    rate = models.DecimalField(_("Rate to US$"), max_digits=18, decimal_places=8, default=1)
    rate_source = models.CharField(_("Source of the rate"), max_length=120, blank=True)
    usd = models.DecimalField(_("US$"), max_digits=16, decimal_places=2)

    class Meta:
        abstract = True


class BudgetLine(Amount):
    """What a phase or a period costs; `phase` None: of the project as a whole.

    A line of a phase without dates is the phase's stated budget; lines with dates are its periods.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget_lines")
    phase = models.ForeignKey(
        Phase, on_delete=models.CASCADE, null=True, blank=True, related_name="budget_lines"
    )
    starts = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
            models.UniqueConstraint(
                fields=["project", "phase", "starts", "ends"],
                nulls_distinct=False,
                name="budget_line_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def visible_to(self, actor: Actor) -> Self:
        """Pledges to projects that the actor may see whole: a reduced project's donors can
        tell its country (a State that gives to itself)."""
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.filter(project__publication=Publication.PUBLIC)

    def current(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Pledge(Amount):
    """A donor's word. `donor` None: the source names no donor. `pledged` may be partial."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pledges")
    donor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    pledged = models.CharField(_("Pledged"), max_length=10, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pledge_positive"),
            models.UniqueConstraint(
                fields=["project", "donor", "pledged"],
                condition=Q(withdrawn_on=None),
                nulls_distinct=False,
                name="pledge_donor_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    # Sums in US dollars. Lists prefetch `agreements__receipts` and `agreements__expenditures`.

    @property
    def agreed(self) -> Decimal:
        """Over its signed agreements."""
        return sum((each.usd for each in self.agreements.all()), Decimal(0))

    @property
    def received(self) -> Decimal:
        """What came in under its agreements."""
        received = (row.usd for each in self.agreements.all() for row in each.receipts.all())
        return sum(received, Decimal(0))

    @property
    def spent(self) -> Decimal:
        """What was spent under its agreements."""
        spent = (row.usd for each in self.agreements.all() for row in each.expenditures.all())
        return sum(spent, Decimal(0))


class Agreement(Amount):
    """A signed agreement on a pledge."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="agreements")
    reference = models.CharField(max_length=60, unique=True)
    signed_on = models.DateField()

    class Meta:
        ordering = ["signed_on"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="agreement_positive")]

    def __str__(self) -> str:
        return self.reference


class Receipt(Amount):
    """Money that came in under an agreement."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="receipts")
    received_on = models.DateField()

    class Meta:
        ordering = ["received_on"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_positive"),
            models.UniqueConstraint(
                fields=["agreement", "received_on", "amount"], name="receipt_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"


class Expenditure(Amount):
    """Money that was spent out of an agreement. `what`: the kind of cost, no names of persons."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="expenditures")
    spent_on = models.DateField()
    what = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["spent_on"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="expenditure_positive"),
            models.UniqueConstraint(
                fields=["agreement", "spent_on", "amount", "what"], name="expenditure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"
