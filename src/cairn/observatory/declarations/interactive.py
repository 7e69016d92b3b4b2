"""What is kept: the budgets of open questions and what was answered."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

declare(
    "observatory.BudgetYear",
    Zone.STATISTICS,
    _("How much may be asked of the records of a year of a series, and how much was."),
    purpose=_("Refuse questions before their answers together could tell of a person."),
    retention=kept("catalogue"),
    public="id series year yearly spent",
    seen_with=EVERYBODY,
)
declare(
    "observatory.BudgetEntry",
    Zone.STATISTICS,
    _("Questions that were answered, with the counts as they went out: with noise, no persons."),
    purpose=_("Give the same answer to the same question, and show what the budget was spent on."),
    retention=kept("catalogue", follows="budget"),
    public="id budget number question columns epsilon cells answered_at",
    seen_with=EVERYBODY,
)
