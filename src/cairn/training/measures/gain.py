"""What a test taken before and after shows: gain, effect, influence of the form, change by item.

`pairs` are (before, after) marks of persons who sat both; `maximum` is the highest mark possible.
Marks may be shares of one with maximum 1, where two forms have different highest marks.
"""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from cairn.core.intervals import LEVEL
from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Flag,
    Unit,
    exploratory,
    hidden,
    interval_words,
    mean_of,
    t_quantile,
    text_of,
    undefined,
    variance_of,
)
from cairn.ui.formats import number_text, percent_text

Pairs = Sequence[tuple[float, float]]
HUNDRED = 100.0


def gain(pairs: Pairs, maximum: float) -> Figure:
    """Mean gain in percentage points of `maximum`, with the t interval of paired differences."""
    if maximum <= 0:
        return without_marks("gain", len(pairs), Unit.PERCENTAGE_POINTS)
    return _gain("gain", pairs, HUNDRED / maximum, Unit.PERCENTAGE_POINTS)


def gain_in_marks(pairs: Pairs) -> Figure:
    """Mean gain in marks: mean(d) ± t(n - 1; .975) · s / √n with d = after - before."""
    return _gain("gain-marks", pairs, 1.0, Unit.MARKS)


def without_marks(code: str, n: int, unit: Unit) -> Figure:
    """A figure over a test whose highest mark is not above zero."""
    why = _("The test has no marks to reach, so nothing can be computed from it.")
    return undefined(code, n, unit, why)


def _gain(code: str, pairs: Pairs, scale: float, unit: Unit) -> Figure:
    steps = [(after - before) * scale for before, after in pairs]
    n = len(steps)
    blank = _too_few(code, n, unit)
    if blank:
        return blank
    middle = mean_of(steps)
    reach = t_quantile(n - 1) * math.sqrt(variance_of(steps) / n)
    return _difference_figure(code, middle, middle - reach, middle + reach, n, unit)


def _too_few(code: str, n: int, unit: Unit) -> Figure | None:
    if n == 0:
        why = _("Nobody has sat both the test before and the test at the end.")
        return undefined(code, n, unit, why)
    return hidden(code, n, unit) if n < SMALL_CELL else None


def _difference_figure(
    code: str, value: float, low: float, high: float, n: int, unit: Unit
) -> Figure:
    """A gain with its interval in words; `value` below zero is a loss."""
    decimals = 1
    chance = (Flag.INTERVAL_HAS_ZERO,) if low <= 0 <= high else ()
    parts = {
        "n": number_text(n),
        "value": text_of(abs(value), unit, decimals),
        "interval": interval_words(low, high, unit, decimals),
    }
    points = unit is Unit.PERCENTAGE_POINTS
    if value < 0:
        said = (
            _(
                "The %(n)s people who sat both tests scored %(value)s percentage points less at "
                "the end, on average (%(interval)s)."
            )
            if points
            else _(
                "The %(n)s people who sat both tests scored %(value)s marks less at the end, on "
                "average (%(interval)s)."
            )
        )
    else:
        said = (
            _(
                "The %(n)s people who sat both tests scored %(value)s percentage points more at "
                "the end, on average (%(interval)s)."
            )
            if points
            else _(
                "The %(n)s people who sat both tests scored %(value)s marks more at the end, on "
                "average (%(interval)s)."
            )
        )
    flags = exploratory(n) + chance
    return Figure(code, value, n, low, high, unit, decimals, said % parts, flags)


def normalised_gain(pairs: Pairs, maximum: float) -> Figure:
    """Gain as part of what could still be gained: (mean after - mean before) / (max - mean before).

    The group form, not the mean of personal gains, which errors of measurement bias (Hake 1998;
    Navarrete et al. 2024). Interval: Fieller's for the ratio of two paired means; none where the
    room for gain is not clearly above zero.
    """
    n = len(pairs)
    blank = _too_few("normalised-gain", n, Unit.RATIO)
    if blank:
        return blank
    steps = [after - before for before, after in pairs]
    rooms = [maximum - before for before, _after in pairs]
    room = mean_of(rooms)
    if room <= 0:
        why = _("Everybody had full marks before the training: there was nothing to gain.")
        return undefined("normalised-gain", n, Unit.RATIO, why)
    value = mean_of(steps) / room
    bounds = _fieller(steps, rooms)
    low, high = bounds or (None, None)
    said = _(
        "The group of %(n)s gained %(share)s of what it could still gain after the first test."
    ) % {"n": number_text(n), "share": percent_text(value)}
    return Figure("normalised-gain", value, n, low, high, Unit.RATIO, 2, said, exploratory(n))


def _fieller(tops: Sequence[float], bottoms: Sequence[float]) -> tuple[float, float] | None:
    """Fieller's interval of mean(tops) / mean(bottoms), paired; None where it has no bounds."""
    n = len(tops)
    top, bottom = mean_of(tops), mean_of(bottoms)
    var_top, var_bottom = variance_of(tops) / n, variance_of(bottoms) / n
    both = math.fsum(
        (one - top) * (other - bottom) for one, other in zip(tops, bottoms, strict=True)
    ) / ((n - 1) * n)
    square = t_quantile(n - 1) ** 2
    a = bottom**2 - square * var_bottom
    b = top * bottom - square * both
    c = top**2 - square * var_top
    inside = b**2 - a * c
    if a <= 0 or inside < 0:
        return None
    return (b - math.sqrt(inside)) / a, (b + math.sqrt(inside)) / a


def mean_personal_gain(pairs: Pairs, maximum: float) -> Figure:
    """Mean of each person's own normalised gain; persons who began with full marks are left out.

    Shown only beside the group form, so that both can be compared with printed studies.
    """
    rooms = [(before, after) for before, after in pairs if before < maximum]
    n = len(rooms)
    blank = _too_few("personal-gain", n, Unit.RATIO)
    if blank:
        return blank
    shares = [(after - before) / (maximum - before) for before, after in rooms]
    value = mean_of(shares)
    reach = t_quantile(n - 1) * math.sqrt(variance_of(shares) / n)
    said = _(
        "Taken person by person, %(n)s people gained %(share)s of what they could still gain, on "
        "average. Prefer the figure for the group: errors of measurement bias this one."
    ) % {"n": number_text(n), "share": percent_text(value)}
    return Figure(
        "personal-gain", value, n, value - reach, value + reach, Unit.RATIO, 2, said, exploratory(n)
    )


def small_sample_factor(n: int) -> float:
    """Hedges' factor 1 - 3 / (4(n - 1) - 1) for `n` pairs, at least two."""
    return 1 - 3 / (4 * (n - 1) - 1)


def effect_size(pairs: Pairs) -> Figure:
    """Mean difference in standard deviations of the differences, with Hedges' factor.

    Interval: from the noncentral t distribution, with the same factor.
    """
    n = len(pairs)
    blank = _too_few("effect-size", n, Unit.RATIO)
    if blank:
        return blank
    steps = [after - before for before, after in pairs]
    deviation = math.sqrt(variance_of(steps))
    # Differences that are all alike leave rounding of the last digit, not a deviation.
    if deviation <= 1e-12 * max(1.0, *(abs(step) for step in steps)):
        why = _("Everybody gained the same: without spread there is no effect size.")
        return undefined("effect-size", n, Unit.RATIO, why)
    factor = small_sample_factor(n)
    raw = mean_of(steps) / deviation
    low, high = _noncentral_bounds(raw * math.sqrt(n), n - 1)
    low, high = low / math.sqrt(n) * factor, high / math.sqrt(n) * factor
    value = raw * factor
    said = _(
        "The gain is %(value)s times the spread of gains among the %(n)s people (%(interval)s)."
    ) % {
        "value": number_text(value, 2),
        "n": number_text(n),
        "interval": interval_words(low, high, Unit.RATIO, 2),
    }
    return Figure("effect-size", value, n, low, high, Unit.RATIO, 2, said, exploratory(n))


def _noncentral_bounds(observed: float, degrees: int) -> tuple[float, float]:
    """The noncentralities for which `observed` is the upper, and the lower, 2.5 percent point."""
    from scipy.optimize import brentq
    from scipy.stats import nct

    tail = (1 - LEVEL) / 2
    width = 12 + 2 * abs(observed)

    def gap(aim: float, ncp: float) -> float:
        return float(nct.cdf(observed, degrees, ncp)) - aim

    low = brentq(lambda ncp: gap(1 - tail, ncp), observed - width, observed + width)
    high = brentq(lambda ncp: gap(tail, ncp), observed - width, observed + width)
    return float(low), float(high)


def welch(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float] | None:
    """Difference of means (first - second) with Welch's 95 percent bounds.

    None where a group has fewer than two values; without any spread the bounds are the value.
    """
    if len(first) < 2 or len(second) < 2:
        return None
    difference = mean_of(first) - mean_of(second)
    one, other = variance_of(first) / len(first), variance_of(second) / len(second)
    if one + other == 0:
        return difference, difference, difference
    degrees = (one + other) ** 2 / (one**2 / (len(first) - 1) + other**2 / (len(second) - 1))
    reach = t_quantile(degrees) * math.sqrt(one + other)
    return difference, difference - reach, difference + reach


def form_effect(form_a: Sequence[float], form_b: Sequence[float], maximum: float) -> Figure:
    """Form A less form B at the first test, percentage points, with Welch's interval.

    Half of the group takes A first and half B, so a difference is that of the forms.
    """
    n = len(form_a) + len(form_b)
    code, unit = "form-effect", Unit.PERCENTAGE_POINTS
    if maximum <= 0:
        return without_marks(code, n, unit)
    if min(len(form_a), len(form_b)) < SMALL_CELL:
        if not form_a or not form_b:
            why = _("Only one form was used before the training, so forms cannot be compared.")
            return undefined(code, n, unit, why)
        return hidden(code, min(len(form_a), len(form_b)), unit)
    scale = HUNDRED / maximum
    compared = welch([mark * scale for mark in form_a], [mark * scale for mark in form_b])
    assert compared is not None  # noqa: S101 - both groups hold SMALL_CELL values at least
    value, low, high = compared
    chance = (Flag.INTERVAL_HAS_ZERO,) if low <= 0 <= high else ()
    parts = {
        "value": number_text(abs(value), 1),
        "interval": interval_words(low, high, unit, 1),
        "n": number_text(n),
    }
    if round(value, 1) == 0:
        said = _("Before the training, the forms were equally hard (%(interval)s; %(n)s people).")
    elif value > 0:
        said = _(
            "Before the training, form A was easier than form B by %(value)s percentage points "
            "(%(interval)s; %(n)s people)."
        )
    else:
        said = _(
            "Before the training, form B was easier than form A by %(value)s percentage points "
            "(%(interval)s; %(n)s people)."
        )
    return Figure(code, value, n, low, high, unit, 1, said % parts, exploratory(n) + chance)


def adjusted_gain(a_then_b: Pairs, b_then_a: Pairs, maximum: float) -> Figure:
    """Gain freed of the difference between forms, percentage points, with Welch's interval.

    The mean of the mean gains of both orders: what one form is easier than the other is added in
    one order and taken away in the other. Source: the two-period crossover design.
    """
    n = len(a_then_b) + len(b_then_a)
    code, unit = "adjusted-gain", Unit.PERCENTAGE_POINTS
    if maximum <= 0:
        return without_marks(code, n, unit)
    smaller = min(len(a_then_b), len(b_then_a))
    if smaller == 0:
        why = _("Both orders of the forms are needed to take out what the forms differ in.")
        return undefined(code, n, unit, why)
    if smaller < SMALL_CELL:
        return hidden(code, smaller, unit)
    scale = HUNDRED / maximum
    first = [(after - before) * scale for before, after in a_then_b]
    # With the sign turned, the difference that Welch's formula takes is the sum wanted here.
    second = [(before - after) * scale for before, after in b_then_a]
    compared = welch(first, second)
    assert compared is not None  # noqa: S101 - both groups hold SMALL_CELL values at least
    value, low, high = (part / 2 for part in compared)
    return _difference_figure(code, value, low, high, n, unit)


def gap(
    code: str, first: Sequence[float], second: Sequence[float], names: tuple[str, str]
) -> Figure:
    """Difference of two groups' means in percentage points, with Welch's interval.

    `first`, `second`: values that are percentage points already; `names`: the groups in words.
    """
    unit = Unit.PERCENTAGE_POINTS
    n = len(first) + len(second)
    smaller = min(len(first), len(second))
    if smaller == 0:
        why = _("One of the two groups is empty, so they cannot be compared.")
        return undefined(code, n, unit, why)
    if smaller < SMALL_CELL:
        return hidden(code, smaller, unit)
    compared = welch(first, second)
    assert compared is not None  # noqa: S101 - both groups hold SMALL_CELL values at least
    value, low, high = compared
    chance = (Flag.INTERVAL_HAS_ZERO,) if low <= 0 <= high else ()
    said = _(
        "%(first)s less %(second)s: %(value)s percentage points (%(interval)s; %(n)s people)."
    ) % {
        "first": names[0],
        "second": names[1],
        "value": number_text(value, 1),
        "interval": interval_words(low, high, unit, 1),
        "n": number_text(n),
    }
    return Figure(code, value, n, low, high, unit, 1, said, exploratory(n) + chance)


def mean_score(code: str, marks: Sequence[float], maximum: float) -> Figure:
    """Mean mark as a share of `maximum`, with the t interval kept between none and all."""
    n = len(marks)
    if maximum <= 0:
        return without_marks(code, n, Unit.SHARE)
    if n == 0:
        return undefined(code, n, Unit.SHARE, _("Nobody has handed in this test."))
    if n < SMALL_CELL:
        return hidden(code, n, Unit.SHARE)
    shares = [mark / maximum for mark in marks]
    value = mean_of(shares)
    reach = t_quantile(n - 1) * math.sqrt(variance_of(shares) / n)
    low, high = max(0.0, value - reach), min(1.0, value + reach)
    said = _("%(n)s people reached %(value)s of the marks on average (%(interval)s).") % {
        "n": number_text(n),
        "value": percent_text(value, 1),
        "interval": interval_words(low, high, Unit.SHARE, 1),
    }
    return Figure(code, value, n, low, high, Unit.SHARE, 1, said, exploratory(n))


def item_change(improved: int, worsened: int, unchanged: int = 0) -> Figure:
    """McNemar's exact probability that right and wrong change as unevenly by chance alone.

    `improved`: wrong before and right after; `worsened`: the other way round. Source: McNemar
    1947, with the exact binomial distribution.
    """
    n = improved + worsened + unchanged
    code, unit = "item-change", Unit.PROBABILITY
    if n == 0:
        return undefined(code, n, unit, _("Nobody answered this question both times."))
    if n < SMALL_CELL:
        return hidden(code, n, unit)
    if improved + worsened == 0:
        why = _("Nobody's answer changed from right to wrong or from wrong to right.")
        return undefined(code, n, unit, why)
    from statsmodels.stats.contingency_tables import mcnemar

    value = min(1.0, float(mcnemar([[0, improved], [worsened, 0]], exact=True).pvalue))
    said = _(
        "%(improved)s people improved and %(worsened)s got worse; chance alone would do so in "
        "%(value)s of such comparisons."
    ) % {
        "improved": number_text(improved),
        "worsened": number_text(worsened),
        "value": percent_text(value, 1),
    }
    return Figure(code, value, n, None, None, unit, 4, said, exploratory(n))
