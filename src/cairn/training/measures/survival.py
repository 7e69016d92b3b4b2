"""How soon graduates of a training of trainers deliver a first session: Kaplan and Meier."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from cairn.training.measures.figure import (
    SMALL_CELL,
    Figure,
    Unit,
    exploratory,
    hidden,
    interval_words,
    normal_quantile,
    undefined,
)
from cairn.ui.formats import number_text, percent_text


class Ending(StrEnum):
    """How the time of one graduate ends."""

    DELIVERED = "delivered"
    # Rotation or deployment elsewhere: not to be had any more, so counted apart.
    AWAY = "away"
    # Nothing yet on the day of counting.
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Spell:
    """One graduate: whole days from the end of the course to how it ended."""

    days: int
    ending: Ending


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from `day` on: `waiting` is the share that has not delivered, with its interval.

    `delivered_or_gone`: Aalen and Johansen's share that has delivered when leaving competes.
    """

    day: int
    at_risk: int
    deliveries: int
    waiting: float
    low: float
    high: float
    delivered_or_gone: float


@dataclass(frozen=True, slots=True)
class Activation:
    """The whole curve of `n` graduates. `median`: days until half delivered, None if never seen."""

    n: int
    delivered: int
    away: int
    watched: int
    steps: tuple[Step, ...]
    median: int | None

    def waiting_at(self, day: int) -> float:
        """Share that has not delivered by `day`."""
        return next((step.waiting for step in reversed(self.steps) if step.day <= day), 1.0)


def activation(spells: Iterable[Spell]) -> Activation:
    """The curve over `spells`; no steps for nobody.

    Leaving and being watched are censored at their day, after deliveries of the same day. Bounds:
    log-log of Greenwood's variance. Source: Kaplan and Meier 1958; the training study, section 7.
    """
    rows = list(spells)
    counts = {ending: sum(row.ending is ending for row in rows) for ending in Ending}
    if not rows:
        return Activation(0, 0, 0, 0, (), None)
    steps = _steps(rows)
    median = next((step.day for step in steps if step.waiting <= 0.5 + 1e-12), None)
    return Activation(
        len(rows),
        counts[Ending.DELIVERED],
        counts[Ending.AWAY],
        counts[Ending.WATCHED],
        steps,
        median,
    )


def _steps(rows: Sequence[Spell]) -> tuple[Step, ...]:
    if not any(row.ending is Ending.DELIVERED for row in rows):
        return ()
    from statsmodels.duration.survfunc import SurvfuncRight

    curve = SurvfuncRight(
        [row.days for row in rows], [int(row.ending is Ending.DELIVERED) for row in rows]
    )
    incidence = _competing(rows)
    found: list[Step] = []
    for place, day in enumerate(curve.surv_times):
        deliveries = int(curve.n_events[place])
        if not deliveries:
            continue
        waiting = float(curve.surv_prob[place])
        low, high = _log_log(waiting, float(curve.surv_prob_se[place]))
        at_risk = int(curve.n_risk[place])
        found.append(Step(int(day), at_risk, deliveries, waiting, low, high, incidence[int(day)]))
    return tuple(found)


def _log_log(waiting: float, error: float) -> tuple[float, float]:
    """Bounds that stay between none and all: S ** exp(± z · se / (S · ln S))."""
    if not 0 < waiting < 1:
        return waiting, waiting
    power = math.exp(normal_quantile() * error / (waiting * abs(math.log(waiting))))
    return waiting**power, waiting ** (1 / power)


def _competing(rows: Sequence[Spell]) -> dict[int, float]:
    """Aalen and Johansen's share that has delivered, by day, with leaving as competing ending."""
    still, delivered = 1.0, 0.0
    by_day: dict[int, float] = {}
    for day in sorted({row.days for row in rows}):
        at_risk = sum(row.days >= day for row in rows)
        came = sum(row.days == day and row.ending is Ending.DELIVERED for row in rows)
        left = sum(row.days == day and row.ending is Ending.AWAY for row in rows)
        delivered += still * came / at_risk
        still *= 1 - (came + left) / at_risk
        by_day[day] = delivered
    return by_day


def activation_share(curve: Activation, day: int) -> Figure:
    """The share of graduates who delivered a first session within `day` days."""
    code, unit = "activation", Unit.SHARE
    if curve.n == 0:
        return undefined(code, 0, unit, _("No training of trainers has graduates yet."))
    if curve.n < SMALL_CELL:
        return hidden(code, curve.n, unit)
    reached = next((step for step in reversed(curve.steps) if step.day <= day), None)
    if reached is None:
        why = _("None of %(n)s graduates delivered a session within %(day)s days.") % {
            "n": number_text(curve.n),
            "day": number_text(day),
        }
        return Figure(code, 0.0, curve.n, None, None, unit, 0, why, exploratory(curve.n))
    value, low, high = 1 - reached.waiting, 1 - reached.high, 1 - reached.low
    said = _(
        "Within %(day)s days, %(value)s of %(n)s graduates delivered a first session "
        "(%(interval)s); %(away)s left for other duties before."
    ) % {
        "day": number_text(day),
        "value": percent_text(value),
        "n": number_text(curve.n),
        "interval": interval_words(low, high, unit, 0),
        "away": number_text(curve.away),
    }
    return Figure(code, value, curve.n, low, high, unit, 0, said, exploratory(curve.n))


def median_activation(curve: Activation) -> Figure:
    """Days until half of the graduates had delivered a first session."""
    code, unit = "activation-median", Unit.DAYS
    if curve.n == 0:
        return undefined(code, 0, unit, _("No training of trainers has graduates yet."))
    if curve.n < SMALL_CELL:
        return hidden(code, curve.n, unit)
    if curve.median is None:
        why = _("Fewer than half of %(n)s graduates have delivered a session so far.") % {
            "n": number_text(curve.n)
        }
        return undefined(code, curve.n, unit, why)
    # The bounds of the day are where those of the curve cross a half.
    low = next((step.day for step in curve.steps if step.low <= 0.5), None)
    high = next((step.day for step in curve.steps if step.high <= 0.5), None)
    said = _("Half of %(n)s graduates had delivered a first session after %(value)s days.") % {
        "n": number_text(curve.n),
        "value": number_text(curve.median),
    }
    if high is None:
        said = _(
            "Half of %(n)s graduates had delivered a first session after %(value)s days; how much "
            "longer it might take cannot be told from so few."
        ) % {"n": number_text(curve.n), "value": number_text(curve.median)}
    both = low is not None and high is not None
    return Figure(
        code,
        float(curve.median),
        curve.n,
        float(low) if both and low is not None else None,
        float(high) if both and high is not None else None,
        unit,
        0,
        said,
        exploratory(curve.n),
    )
