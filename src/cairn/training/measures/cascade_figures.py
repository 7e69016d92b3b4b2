"""Figures of the cascade: reach, reproduction, quality by generation, dependence on few."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core.intervals import wilson
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
    undefined,
    variance_of,
)
from cairn.training.measures.shares import difference, share
from cairn.ui.formats import number_text, percent_text

# A commonly quoted loss by layer, shown as reference only and never used in a result. Source: the
# training study, section 7.
QUOTED_PASS_ON = 0.75
# From this concentration on, a cascade is said to rest on few: the study's own example, where one
# of six trainers makes six of ten deliveries. Source: the training study, section 7.
CONCENTRATED_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Generation:
    """Counts of one generation. Aggregate and unverified persons are part of `persons`.

    `persons`: who completed; `aggregate`: of them reported as counts; `verified`: of them verified
    (persons by name count as verified). `tested`, `passed`: persons with a test at the end.
    """

    number: int
    persons: int
    aggregate: int = 0
    verified: int = 0
    tested: int = 0
    passed: int = 0


def reach(generation: Generation) -> Figure:
    """Persons completed in one generation: a count, aggregate and unverified said apart."""
    n = generation.persons
    said = ngettext(
        "%(n)s person in generation %(number)s: %(aggregate)s reported as counts only, "
        "%(verified)s verified.",
        "%(n)s people in generation %(number)s: %(aggregate)s reported as counts only, "
        "%(verified)s verified.",
        n,
    ) % {
        "n": number_text(n),
        "number": number_text(generation.number),
        "aggregate": number_text(generation.aggregate),
        "verified": number_text(generation.verified),
    }
    return Figure("reach", float(n), n, None, None, Unit.COUNT, 0, said)


def effective_reach(generations: Sequence[Generation]) -> Figure:
    """Sum over generations of persons × pass rate; `low`, `high` from each rate's interval.

    Generations without tests do not count and are named, so that nothing is assumed. The bounds
    take every rate at its Wilson bound at once, which is wider than 95 percent.
    """
    code, unit = "effective-reach", Unit.COUNT
    rows = [row for row in generations if row.persons]
    tested = [row for row in rows if row.tested >= SMALL_CELL]
    n = sum(row.persons for row in rows)
    if not tested:
        why = _("No generation has enough test results, so passing cannot be multiplied in.")
        return undefined(code, n, unit, why)
    value = math.fsum(row.persons * row.passed / row.tested for row in tested)
    bounds = [wilson(row.passed, row.tested) for row in tested]
    low = math.fsum(row.persons * pair[0] for row, pair in zip(tested, bounds, strict=True))
    high = math.fsum(row.persons * pair[1] for row, pair in zip(tested, bounds, strict=True))
    left_out = sum(row.persons for row in rows) - sum(row.persons for row in tested)
    said = _(
        "Of %(n)s people reached, about %(value)s can be taken to have passed (%(low)s to "
        "%(high)s); %(left_out)s are in generations without enough tests and count as none."
    ) % {
        "n": number_text(n),
        "value": number_text(round(value)),
        "low": number_text(round(low)),
        "high": number_text(round(high)),
        "left_out": number_text(left_out),
    }
    return Figure(code, value, n, low, high, unit, 0, said)


def reproduction(number: int, credited: Sequence[float]) -> Figure:
    """R_g: persons trained within 12 months for each qualified trainer of generation `number`.

    `credited`: what each qualified trainer is credited with, those who trained nobody included as
    0, so that the sum is the persons trained. Interval: t over trainers, not below zero. Source:
    branching processes; the training study, section 7.
    """
    n, code, unit = len(credited), "reproduction", Unit.RATIO
    if n == 0:
        why = _("Generation %(number)s has no qualified trainers.") % {
            "number": number_text(number)
        }
        return undefined(code, 0, unit, why)
    if n < SMALL_CELL:
        return hidden(code, n, unit)
    value = mean_of(credited)
    wide = t_quantile(n - 1) * math.sqrt(variance_of(credited) / n)
    low, high = max(0.0, value - wide), value + wide
    said = _(
        "Each of the %(n)s qualified trainers of generation %(number)s trained %(value)s people "
        "within 12 months, on average (%(interval)s)."
    ) % {
        "n": number_text(n),
        "number": number_text(number),
        "value": number_text(value, 1),
        "interval": interval_words(low, high, unit, 1),
    }
    return Figure(code, value, n, low, high, unit, 1, said, exploratory(n))


def quality(generation: Generation) -> Figure:
    """The pass rate of one generation with Wilson's interval: measured, never assumed."""
    return share("quality-by-generation", generation.passed, generation.tested)


def quality_step(now: Generation, before: Generation) -> Figure:
    """Pass rate of a generation less that of the one before, with Newcombe's interval."""
    return difference("quality-step", now.passed, now.tested, before.passed, before.tested)


def quoted_quality(generations: int) -> list[float]:
    """The quoted reference curve .75, .5625, … for `generations` layers: to compare with only."""
    return [QUOTED_PASS_ON**layer for layer in range(1, generations + 1)]


def gini(counts: Sequence[float]) -> float | None:
    """Gini's concentration: 0 when all have as many, near 1 when one has all; None for nothing.

    Sum over pairs |x - y| / (2 n² mean), computed from the sorted values.
    """
    total, n = math.fsum(counts), len(counts)
    if n == 0 or total <= 0:
        return None
    ranked = math.fsum((2 * place - n - 1) * x for place, x in enumerate(sorted(counts), 1))
    return max(0.0, ranked / (n * total))


def concentration(deliveries: Sequence[int]) -> Figure:
    """How far deliveries of 12 months rest on few trainers. `deliveries`: one number a trainer.

    Check value of the study: 0, 0, 1, 1, 2, 6 is 0.60.
    """
    n, code, unit = len(deliveries), "trainer-concentration", Unit.RATIO
    value = gini(deliveries)
    if value is None:
        why = _("No trainer delivered a session in these 12 months.")
        return undefined(code, n, unit, why)
    if n < SMALL_CELL:
        return hidden(code, n, unit)
    busiest, total = max(deliveries), sum(deliveries)
    said = _(
        "%(n)s trainers delivered %(total)s times in 12 months; the busiest made %(share)s of it."
    ) % {
        "n": number_text(n),
        "total": number_text(total),
        "share": percent_text(busiest / total),
    }
    flags = (Flag.DEPENDENT_ON_FEW,) if value >= CONCENTRATED_FROM else ()
    return Figure(code, value, n, None, None, unit, 2, said, flags)


def trainer_use(delivered_days: float, available_days: float, trainers: int) -> Figure:
    """Days delivered / days available over a roster of `trainers`."""
    code, unit = "trainer-use", Unit.SHARE
    if available_days <= 0:
        why = _("No trainer has been available in this time.")
        return undefined(code, trainers, unit, why)
    value = delivered_days / available_days
    said = _("%(trainers)s trainers delivered on %(days)s of %(available)s available days.") % {
        "trainers": number_text(trainers),
        "days": number_text(delivered_days, 0),
        "available": number_text(available_days, 0),
    }
    return Figure(code, value, trainers, None, None, unit, 0, said)
