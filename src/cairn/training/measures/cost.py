"""What training costs for each person, always with what the amount includes."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.training.measures.figure import Figure, Flag, Unit, undefined
from cairn.ui.formats import date_text, money_text, number_text


def _included(parts: Sequence[str]) -> str:
    comma = pgettext("between the items of a list", ", ")
    return comma.join(parts) or _("what is included was not said")


def cost_each(
    code: str,
    amount: float,
    persons: float,
    *,
    included: Sequence[str],
    rate_day: date | None,
    is_unit_cost: bool = True,
) -> Figure:
    """`amount` (US dollars) / `persons`, with what it includes and the day of the exchange rate.

    `code`: cost-completed, cost-passed or cost-effective-reach. `is_unit_cost` False: the amount
    holds much else (a whole budget), so that the figure is flagged and its sentence says so.
    """
    n, unit = round(persons), Unit.MONEY
    if persons <= 0:
        why = _("There is nobody yet to divide the cost by.")
        return undefined(code, 0, unit, why)
    value = amount / persons
    parts = {
        "amount": money_text(round(amount)),
        "n": number_text(n),
        "value": money_text(round(value)),
        "included": _included(included),
        "when": date_text(rate_day) if rate_day else _("a day that is not known"),
    }
    if is_unit_cost:
        said = _(
            "%(amount)s over %(n)s people: %(value)s each. Included: %(included)s. Exchange rate "
            "of %(when)s."
        )
        return Figure(code, value, n, None, None, unit, 0, said % parts)
    said = _(
        "%(amount)s over %(n)s people: %(value)s each. This is not a unit cost, because the amount "
        "pays for other things too: %(included)s. Exchange rate of %(when)s."
    )
    return Figure(code, value, n, None, None, unit, 0, said % parts, (Flag.NOT_UNIT_COST,))


def return_on_training(
    benefit: float, cost: float, assumptions: Sequence[str], persons: int
) -> Figure:
    """(benefit - cost) / cost, shown on request only and with its assumptions (level 5)."""
    code, unit = "return", Unit.RATIO
    if cost <= 0 or not assumptions:
        why = _("A return needs a cost and the assumptions that the benefit rests on.")
        return undefined(code, persons, unit, why)
    value = (benefit - cost) / cost
    said = _("A return of %(value)s for each dollar spent, if this holds: %(assumptions)s.") % {
        "value": number_text(value, 2),
        "assumptions": _included(assumptions),
    }
    return Figure(code, value, persons, None, None, unit, 2, said)
