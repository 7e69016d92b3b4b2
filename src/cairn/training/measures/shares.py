"""Shares, their differences, parity and coverage: each with an interval, small groups hidden."""

from datetime import date

from django.utils.translation import gettext as _

from cairn.core.intervals import LEVEL, wilson
from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Flag,
    Unit,
    exploratory,
    hidden,
    interval_words,
    text_of,
    undefined,
)
from cairn.ui.formats import date_text, number_text, percent_text


def newcombe(part: int, whole: int, other: int, other_whole: int) -> tuple[float, float]:
    """Newcombe's interval of part / whole - other / other_whole. Source: Newcombe 1998, no. 10."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        part, whole, other, other_whole, method="newcomb", compare="diff", alpha=1 - LEVEL
    )
    return float(low), float(high)


def share(code: str, part: int, whole: int) -> Figure:
    """`part` of `whole` persons, with Wilson's interval; hidden under SMALL_CELL persons.

    Raises ValueError for a part below zero or above the whole.
    """
    if not 0 <= part <= whole:
        raise ValueError("a part lies between nobody and everybody")
    if whole == 0:
        why = _("There is nobody to take a share of yet.")
        return undefined(code, 0, Unit.SHARE, why)
    if whole < SMALL_CELL:
        return hidden(code, whole, Unit.SHARE)
    value = part / whole
    low, high = wilson(part, whole)
    said = _("%(part)s of %(whole)s: %(value)s (%(interval)s).") % {
        "part": number_text(part),
        "whole": number_text(whole),
        "value": percent_text(value, 1),
        "interval": interval_words(low, high, Unit.SHARE, 1),
    }
    return Figure(code, value, whole, low, high, Unit.SHARE, 1, said, exploratory(whole))


def difference(code: str, part: int, whole: int, other: int, other_whole: int) -> Figure:
    """part / whole less other / other_whole in percentage points, with Newcombe's interval."""
    unit = Unit.PERCENTAGE_POINTS
    smaller = min(whole, other_whole)
    if smaller == 0:
        why = _("One of the two groups is empty, so they cannot be compared.")
        return undefined(code, whole + other_whole, unit, why)
    if smaller < SMALL_CELL:
        return hidden(code, smaller, unit)
    value = 100 * (part / whole - other / other_whole)
    low, high = (100 * bound for bound in newcombe(part, whole, other, other_whole))
    chance = (Flag.INTERVAL_HAS_ZERO,) if low <= 0 <= high else ()
    said = _(
        "%(part)s of %(whole)s against %(other)s of %(other_whole)s: a difference of %(value)s "
        "percentage points (%(interval)s)."
    ) % {
        "part": number_text(part),
        "whole": number_text(whole),
        "other": number_text(other),
        "other_whole": number_text(other_whole),
        "value": text_of(value, unit, 1),
        "interval": interval_words(low, high, unit, 1),
    }
    flags = exploratory(smaller) + chance
    return Figure(code, value, whole + other_whole, low, high, unit, 1, said, flags)


def parity(part: int, whole: int, strength_part: int, strength: int) -> Figure:
    """Parity index: the share among those trained / the share in the unit's strength.

    1: as in the unit; 2: twice as often. The interval is that of the trained share, since the
    strength is a count. Source: the training study, section 7.
    """
    if whole == 0:
        why = _("There is nobody to take a share of yet.")
        return undefined("parity", 0, Unit.RATIO, why)
    if whole < SMALL_CELL:
        return hidden("parity", whole, Unit.RATIO)
    if strength <= 0 or strength_part <= 0:
        why = _("How many women the unit has is not known, so there is nothing to compare with.")
        return undefined("parity", whole, Unit.RATIO, why)
    base = strength_part / strength
    low, high = (bound / base for bound in wilson(part, whole))
    value = part / whole / base
    said = _(
        "%(trained)s among those trained against %(base)s in the unit: %(value)s times as often "
        "(%(interval)s)."
    ) % {
        "trained": percent_text(part / whole, 1),
        "base": percent_text(base, 1),
        "value": number_text(value, 2),
        "interval": interval_words(low, high, Unit.RATIO, 2),
    }
    return Figure("parity", value, whole, low, high, Unit.RATIO, 2, said, exploratory(whole))


def coverage(trained: int, strength: int | None, as_of: date | None) -> Figure:
    """Trained and current of a unit's strength; `as_of`: the day the strength was known.

    With Wilson's interval, since the strength of a unit changes and a small share must not stand
    without one. More trained than strength: no share, the strength figure is out of date.
    """
    unit = Unit.SHARE
    if not strength or strength < 0:
        why = _("The strength of the unit is not known, so coverage cannot be computed.")
        return undefined("coverage", 0, unit, why)
    if strength < SMALL_CELL:
        return hidden("coverage", strength, unit)
    when = date_text(as_of) if as_of else _("a day that is not known")
    if trained > strength:
        why = _(
            "%(trained)s are trained, more than the %(strength)s of the unit on %(when)s: ask for "
            "a newer strength."
        ) % {"trained": number_text(trained), "strength": number_text(strength), "when": when}
        return undefined("coverage", strength, unit, why, (Flag.ABOVE_STRENGTH,))
    low, high = wilson(trained, strength)
    said = _(
        "%(trained)s of %(strength)s officers (strength of %(when)s) are trained and current: "
        "%(value)s (%(interval)s)."
    ) % {
        "trained": number_text(trained),
        "strength": number_text(strength),
        "when": when,
        "value": percent_text(trained / strength, 1),
        "interval": interval_words(low, high, unit, 1),
    }
    value = trained / strength
    return Figure("coverage", value, strength, low, high, unit, 1, said, exploratory(strength))
