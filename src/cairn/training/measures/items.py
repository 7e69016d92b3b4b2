"""How the questions of a test behave, by the definitions that Moodle publishes for its quizzes.

Marks are a table: a row for each person, a column for each item, an omitted answer is mark 0.
Variances and covariances have divisor n - 1. Source: docs.moodle.org, "Quiz statistics
calculations"; the training study, section 7. Ratios are 0 to 1 here where Moodle shows percent.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Flag,
    Unit,
    exploratory,
    hidden,
    interval_words,
    mean_of,
    normal_quantile,
    undefined,
    variance_of,
)
from cairn.ui.formats import number_text, percent_text

Marks = Sequence[Sequence[float]]

# At the test after training. Source: the training study, section 7 (classical test theory).
TOO_HARD_BELOW = 0.20
TOO_EASY_ABOVE = 0.90
# Source: Ebel's thresholds .20 / .30 / .40; the lowest is the one that calls for a look.
WEAK_BELOW = 0.20
# The part of the group at each end that options are compared in. Source: Kelley 1939.
TAIL = 0.27
# A wrong option chosen by less than this does not work. Source: the training study, section 7.
UNUSED_BELOW = 0.05
# Sums of marks differ by rounding in the last digits; less than this is no variance.
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """Statistics of one item over `n` persons; None where one is not defined.

    `facility`: mean mark / highest mark. `deviation`: standard deviation of marks.
    `discrimination`: correlation of the item with the rest of the test. `efficiency`: covariance
    with the rest / the largest covariance the same marks allow. `effective_weight`: its part of
    the spread of totals. `flags`: of Flag.
    """

    n: int
    facility: float | None
    deviation: float | None
    discrimination: float | None
    efficiency: float | None
    effective_weight: float | None
    flags: tuple[str, ...]


def item_statistics(marks: Marks, maxima: Sequence[float]) -> list[ItemStatistics]:
    """Statistics of each item, in the order of the columns. `maxima`: highest mark of each.

    Raises ValueError for a row of another length.
    """
    columns = _columns(marks, len(maxima))
    totals = [math.fsum(row) for row in marks]
    roots = [_root(_covariance(column, totals)) for column in columns]
    known = [root for root in roots if root is not None]
    sum_of_roots = math.fsum(known)
    return [
        _one_item(column, totals, highest, root, sum_of_roots)
        for column, highest, root in zip(columns, maxima, roots, strict=True)
    ]


def _one_item(
    column: Sequence[float],
    totals: Sequence[float],
    highest: float,
    root: float | None,
    sum_of_roots: float,
) -> ItemStatistics:
    n = len(column)
    if n == 0:
        return ItemStatistics(0, None, None, None, None, None, ())
    rest = [total - mark for total, mark in zip(totals, column, strict=True)]
    facility = mean_of(column) / highest if highest > 0 else None
    discrimination = correlation(column, rest)
    shared, most = _covariance(column, rest), _covariance(sorted(column), sorted(rest))
    has_most = shared is not None and most is not None and abs(most) > NOTHING
    return ItemStatistics(
        n=n,
        facility=facility,
        deviation=math.sqrt(variance_of(column)) if n > 1 else None,
        discrimination=discrimination,
        efficiency=shared / most if has_most and shared is not None and most else None,
        effective_weight=root / sum_of_roots if root is not None and sum_of_roots else None,
        flags=item_flags(facility, discrimination, n),
    )


def item_flags(facility: float | None, discrimination: float | None, n: int) -> tuple[str, ...]:
    """What calls for a look at an item after training; see the thresholds above."""
    flags: list[str] = []
    if facility is not None and facility < TOO_HARD_BELOW:
        flags.append(Flag.TOO_HARD)
    if facility is not None and facility > TOO_EASY_ABOVE:
        flags.append(Flag.TOO_EASY)
    if discrimination is not None and discrimination < 0:
        flags.append(Flag.NEGATIVE)
    elif discrimination is not None and discrimination < WEAK_BELOW:
        flags.append(Flag.WEAK)
    return (*flags, *exploratory(n))


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None where a side has no variance or there are fewer than two."""
    if len(first) < 2:
        return None
    one, other = variance_of(first), variance_of(second)
    shared = _covariance(first, second)
    if one <= NOTHING or other <= NOTHING or shared is None:
        return None
    return max(-1.0, min(1.0, shared / math.sqrt(one * other)))


def fisher_interval(r: float, n: int) -> tuple[float, float] | None:
    """Fisher's 95 percent interval of a correlation over `n`; None for n < 4 or |r| = 1."""
    if n < 4 or abs(r) >= 1 - NOTHING:
        return None
    reach = normal_quantile() / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach)


def facility(statistics: ItemStatistics) -> Figure:
    """The facility of an item as a figure."""
    n, value = statistics.n, statistics.facility
    blank = _blank("facility", n, Unit.SHARE)
    if blank:
        return blank
    if value is None:
        why = _("The question carries no marks.")
        return undefined("facility", n, Unit.SHARE, why)
    said = _("%(n)s people reached %(value)s of this question's marks on average.") % {
        "n": number_text(n),
        "value": percent_text(value),
    }
    flags = tuple(flag for flag in statistics.flags if flag in (Flag.TOO_HARD, Flag.TOO_EASY))
    return Figure("facility", value, n, None, None, Unit.SHARE, 0, said, (*flags, *exploratory(n)))


def discrimination(statistics: ItemStatistics) -> Figure:
    """The correlation of an item with the rest of the test as a figure, Fisher's interval."""
    n, value = statistics.n, statistics.discrimination
    blank = _blank("discrimination", n, Unit.RATIO)
    if blank:
        return blank
    if value is None:
        why = _("Everybody has the same mark here, or the same in the rest of the test.")
        return undefined("discrimination", n, Unit.RATIO, why)
    low, high = fisher_interval(value, n) or (None, None)
    flags = tuple(flag for flag in statistics.flags if flag in (Flag.WEAK, Flag.NEGATIVE))
    if low is None or high is None:
        said = _(
            "Among %(n)s people, the correlation of this question with the rest is %(value)s."
        ) % {"n": number_text(n), "value": number_text(value, 2)}
    else:
        said = _(
            "Among %(n)s people, the correlation of this question with the rest is %(value)s "
            "(%(interval)s)."
        ) % {
            "n": number_text(n),
            "value": number_text(value, 2),
            "interval": interval_words(low, high, Unit.RATIO, 2),
        }
    return Figure(
        "discrimination", value, n, low, high, Unit.RATIO, 2, said, (*flags, *exploratory(n))
    )


def efficiency(statistics: ItemStatistics) -> Figure:
    """Discriminative efficiency as a figure."""
    n, value = statistics.n, statistics.efficiency
    blank = _blank("discriminative-efficiency", n, Unit.SHARE)
    if blank:
        return blank
    if value is None:
        why = _("Everybody has the same mark here, or the same in the rest of the test.")
        return undefined("discriminative-efficiency", n, Unit.SHARE, why)
    said = _("The question tells people apart %(value)s as well as its marks would allow.") % {
        "value": percent_text(value)
    }
    return Figure(
        "discriminative-efficiency", value, n, None, None, Unit.SHARE, 0, said, exploratory(n)
    )


def effective_weight(statistics: ItemStatistics) -> Figure:
    """The part of an item in the spread of totals as a figure."""
    n, value = statistics.n, statistics.effective_weight
    blank = _blank("effective-weight", n, Unit.SHARE)
    if blank:
        return blank
    if value is None:
        why = _("The question works against the total, or totals do not differ.")
        return undefined("effective-weight", n, Unit.SHARE, why)
    said = _("The question makes up %(value)s of how totals differ.") % {
        "value": percent_text(value)
    }
    return Figure("effective-weight", value, n, None, None, Unit.SHARE, 0, said, exploratory(n))


def random_guess(kind: str, options: int) -> float | None:
    """The share of marks that guessing gets on average; None where it cannot be said.

    `kind`: single, true-false, matching (`options`: choices to match with), short-answer; others
    are not estimated. Source: Moodle's question types.
    """
    if kind == "true-false":
        return 0.5
    if kind in {"single", "matching"} and options > 0:
        return 1 / options
    return 0.0 if kind == "short-answer" else None


def alpha(marks: Marks, items: int) -> float | None:
    """Cronbach's alpha; for items of right and wrong it is KR-20.

    p / (p - 1) · (1 - sum of item variances / variance of totals). None for fewer than two items
    or persons, or totals that do not differ.
    """
    if items < 2 or len(marks) < 2:
        return None
    columns = _columns(marks, items)
    whole = variance_of([math.fsum(row) for row in marks])
    if whole <= NOTHING:
        return None
    return items / (items - 1) * (1 - math.fsum(map(variance_of, columns)) / whole)


def reliability(marks: Marks, items: int) -> Figure:
    """Alpha (KR-20) as a figure, with Feldt's interval from the F distribution."""
    n = len(marks)
    blank = _blank("reliability", n, Unit.RATIO)
    if blank:
        return blank
    value = alpha(marks, items)
    if value is None:
        why = _("Reliability needs two questions at least and totals that differ.")
        return undefined("reliability", n, Unit.RATIO, why)
    from scipy.stats import f

    first, second = n - 1, (n - 1) * (items - 1)
    low = 1 - (1 - value) * float(f.ppf(0.975, first, second))
    high = 1 - (1 - value) * float(f.ppf(0.025, first, second))
    said = _("Over %(n)s people and %(items)s questions, reliability is %(value)s (%(interval)s).")
    said %= {
        "n": number_text(n),
        "items": number_text(items),
        "value": number_text(value, 2),
        "interval": interval_words(low, high, Unit.RATIO, 2),
    }
    return Figure("reliability", value, n, low, high, Unit.RATIO, 2, said, exploratory(n))


def measurement_error(marks: Marks, items: int) -> Figure:
    """Standard error of measurement, s · √(1 - alpha), in marks: shown beside the cut score."""
    n = len(marks)
    blank = _blank("measurement-error", n, Unit.MARKS)
    if blank:
        return blank
    consistency = alpha(marks, items)
    if consistency is None:
        why = _("Reliability needs two questions at least and totals that differ.")
        return undefined("measurement-error", n, Unit.MARKS, why)
    spread = math.sqrt(variance_of([math.fsum(row) for row in marks]))
    value = spread * math.sqrt(max(0.0, 1 - consistency))
    said = _(
        "A person's total is known to about %(value)s marks up or down: think twice about totals "
        "that are this near the cut score."
    ) % {"value": number_text(value, 1)}
    return Figure("measurement-error", value, n, None, None, Unit.MARKS, 1, said, exploratory(n))


def cut_score(judgements: Sequence[Sequence[float]]) -> Figure:
    """Modified Angoff: the mean of the judges' sums, rounded half up to whole marks.

    `judgements`: a row for each judge, the marks a borderline person would get on each item.
    `low`, `high`: the lowest and the highest judge (a spread, not an interval).
    """
    n = len(judgements)
    if n == 0 or not judgements[0]:
        why = _("No judge has estimated this test yet.")
        return undefined("cut-score", n, Unit.MARKS, why)
    sums = [math.fsum(row) for row in judgements]
    middle = mean_of(sums)
    # Ten places: a mean of 12.5 that came out as 12.4999… is still half.
    value = float(math.floor(round(middle, 10) + 0.5))
    if n == 1:
        said = _(
            "One judge expects %(mean)s marks of somebody who just passes; one is no panel."
        ) % {"mean": number_text(middle, 2)}
        return Figure("cut-score", value, n, None, None, Unit.MARKS, 0, said)
    said = _(
        "%(n)s judges expect %(mean)s marks of somebody who just passes; their sums run from "
        "%(low)s to %(high)s (standard deviation %(spread)s)."
    ) % {
        "n": number_text(n),
        "mean": number_text(middle, 2),
        "low": number_text(min(sums), 1),
        "high": number_text(max(sums), 1),
        "spread": number_text(math.sqrt(variance_of(sums)), 2),
    }
    return Figure("cut-score", value, n, min(sums), max(sums), Unit.MARKS, 0, said)


@dataclass(frozen=True, slots=True)
class Option:
    """How one answer option was chosen; shares are 0 to 1 of each part of the group."""

    key: str
    is_right: bool
    share: float
    upper: float
    lower: float
    flags: tuple[str, ...]


def distractors(
    totals: Sequence[float],
    chosen: Sequence[Collection[str]],
    options: Sequence[str],
    right: Collection[str],
) -> list[Option]:
    """How each option was chosen by all, and by the upper and the lower 27 percent by total.

    `chosen`: the options that each person chose, in the order of `totals`. Each part weighs
    exactly 27 percent of the group: persons with the total at its border share the place left, so
    that the order of rows does not matter. Nothing for nobody.
    """
    n = len(totals)
    if n == 0:
        return []
    upper, lower = _tail_weights(totals, highest=True), _tail_weights(totals, highest=False)
    found: list[Option] = []
    for key in options:
        took = [key in answers for answers in chosen]
        share = sum(took) / n
        in_upper = math.fsum(w for w, has in zip(upper, took, strict=True) if has) / (TAIL * n)
        in_lower = math.fsum(w for w, has in zip(lower, took, strict=True) if has) / (TAIL * n)
        flags: list[str] = []
        if key not in right and share < UNUSED_BELOW:
            flags.append(Flag.UNUSED_DISTRACTOR)
        if key not in right and in_upper > in_lower + NOTHING:
            flags.append(Flag.DISTRACTOR_DRAWS_STRONG)
        found.append(Option(key, key in right, share, in_upper, in_lower, tuple(flags)))
    return found


def _tail_weights(totals: Sequence[float], *, highest: bool) -> list[float]:
    """How much of each person counts to one end of the group, together TAIL of it."""
    left = TAIL * len(totals)
    weights = [0.0] * len(totals)
    for level in sorted(set(totals), reverse=highest):
        places = [spot for spot, total in enumerate(totals) if total == level]
        each = min(1.0, left / len(places))
        for spot in places:
            weights[spot] = each
        left -= each * len(places)
        if left <= NOTHING:
            break
    return weights


def _blank(code: str, n: int, unit: Unit) -> Figure | None:
    if n == 0:
        return undefined(code, n, unit, _("Nobody has handed in this test."))
    return hidden(code, n, unit) if n < SMALL_CELL else None


def _columns(marks: Marks, items: int) -> list[list[float]]:
    if any(len(row) != items for row in marks):
        raise ValueError("every person needs a mark for every item")
    return [[row[place] for row in marks] for place in range(items)]


def _covariance(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(first) < 2:
        return None
    one, other = mean_of(first), mean_of(second)
    products = ((left - one) * (right - other) for left, right in zip(first, second, strict=True))
    return math.fsum(products) / (len(first) - 1)


def _root(covariance: float | None) -> float | None:
    """The root that weights are made of; None for an item that works against the total."""
    if covariance is None or covariance < -NOTHING:
        return None
    return math.sqrt(max(0.0, covariance))
