"""Outcomes reported from the field, per 100 trained officers: contribution, never attribution."""

from django.utils.translation import gettext as _

from cairn.core.intervals import garwood
from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Unit,
    exploratory,
    hidden,
    interval_words,
    undefined,
)
from cairn.ui.formats import number_text


def outcome_rate(reports: int, trained: int) -> Figure:
    """Reports per 100 officers trained, with the exact Poisson interval.

    `reports`: counts of potential cases or actions that trained officers reported. They are not
    claimed to be caused by training. Raises ValueError below zero.
    """
    if reports < 0 or trained < 0:
        raise ValueError("counts are not below zero")
    code, unit = "outcome-rate", Unit.PER_HUNDRED
    if trained == 0:
        return undefined(code, 0, unit, _("Nobody has been trained yet."))
    if trained < SMALL_CELL:
        return hidden(code, trained, unit)
    value = 100 * reports / trained
    low, high = (100 * bound for bound in garwood(reports, trained))
    said = _(
        "%(reports)s reported for %(trained)s trained officers: %(value)s for every 100 "
        "(%(interval)s). Training contributed; it is not shown to be the cause."
    ) % {
        "reports": number_text(reports),
        "trained": number_text(trained),
        "value": number_text(value, 1),
        "interval": interval_words(low, high, unit, 1),
    }
    return Figure(code, value, trained, low, high, unit, 1, said, exploratory(trained))


def outcome_rate_in_post(reports: int, officer_months: float, officers: int) -> Figure:
    """Reports per 100 months that trained officers were in post, with the exact interval."""
    code, unit = "outcome-rate-months", Unit.PER_HUNDRED
    if officer_months <= 0:
        why = _("No trained officer is known to be in post.")
        return undefined(code, officers, unit, why)
    if officers < SMALL_CELL:
        return hidden(code, officers, unit)
    value = 100 * reports / officer_months
    low, high = (100 * bound for bound in garwood(reports, officer_months))
    said = _(
        "%(reports)s reported over %(months)s months in post of %(officers)s trained officers: "
        "%(value)s for every 100 months (%(interval)s)."
    ) % {
        "reports": number_text(reports),
        "months": number_text(officer_months, 0),
        "officers": number_text(officers),
        "value": number_text(value, 1),
        "interval": interval_words(low, high, unit, 1),
    }
    return Figure(code, value, officers, low, high, unit, 1, said, exploratory(officers))
