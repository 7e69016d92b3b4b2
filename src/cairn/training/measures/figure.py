"""A figure as it is shown: value, number behind it, interval, unit, sentence and flags."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from cairn.core.intervals import LEVEL, SMALL_BELOW
from cairn.training.measures.definitions import definition_of
from cairn.ui.charts.figures import END_ISOLATE, LEFT_TO_RIGHT
from cairn.ui.formats import money_text, number_text, percent_text

# Rates and means of fewer persons are hidden. Source: the training study, section 7.
SMALL_CELL = 5
# Below this many, an estimate is called exploratory: the same as those that need an interval.
EXPLORATORY_BELOW = SMALL_BELOW
# Signs that stand before the digits of a number or a share.
SIGNS = ("-", "<", ">")


class Unit(StrEnum):
    """What a value counts. SHARE is 0 to 1; MONEY is US dollars."""

    SHARE = "share"
    PERCENTAGE_POINTS = "percentage-points"
    MARKS = "marks"
    RATIO = "ratio"
    COUNT = "count"
    DAYS = "days"
    PER_HUNDRED = "per-100"
    MONEY = "usd"
    PROBABILITY = "probability"


class Flag(StrEnum):
    """What a reader has to be told beside a figure. Thresholds stand where a flag is given."""

    HIDDEN = "hidden"
    EXPLORATORY = "exploratory"
    INTERVAL_HAS_ZERO = "interval-has-zero"
    TOO_HARD = "too-hard"
    TOO_EASY = "too-easy"
    WEAK = "weak"
    NEGATIVE = "negative"
    UNUSED_DISTRACTOR = "unused-distractor"
    DISTRACTOR_DRAWS_STRONG = "distractor-draws-strong"
    ABOVE_STRENGTH = "above-strength"
    NOT_UNIT_COST = "not-unit-cost"
    NESTED = "nested"
    DEPENDENT_ON_FEW = "dependent-on-few"


def flag_label(code: str) -> str:
    """The words for a flag; an unknown code stays a code."""
    words = {
        Flag.HIDDEN: _("Hidden: fewer than five people"),
        Flag.EXPLORATORY: _("Exploratory: fewer than thirty"),
        Flag.INTERVAL_HAS_ZERO: _("Chance alone may explain it"),
        Flag.TOO_HARD: _("Too hard"),
        Flag.TOO_EASY: _("Too easy"),
        Flag.WEAK: _("Tells people hardly apart"),
        Flag.NEGATIVE: _("Review: strong people miss it"),
        Flag.UNUSED_DISTRACTOR: _("A wrong option that nobody chooses"),
        Flag.DISTRACTOR_DRAWS_STRONG: _("A wrong option that draws strong people"),
        Flag.ABOVE_STRENGTH: _("More trained than the unit is said to have"),
        Flag.NOT_UNIT_COST: _("Not a unit cost"),
        Flag.NESTED: _("People share a class"),
        Flag.DEPENDENT_ON_FEW: _("Rests on few trainers"),
    }
    return words.get(Flag(code), code) if code in set(Flag) else code


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed figure. `value` None: not defined or hidden, and `sentence` says why.

    `n`: persons (or pairs, tasks, reports: see the definition) behind it. `low`, `high`: bounds of
    the 95 percent interval in the same unit, None where there is none. `code` has a definition;
    `sentence` is in the language that was active. Raises KeyError for a code without definition.
    """

    code: str
    value: float | None
    n: int
    low: float | None
    high: float | None
    unit: Unit
    decimals: int
    sentence: str
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        definition_of(self.code)
        for number in (self.value, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{self.code} is not a finite number")

    @property
    def is_hidden(self) -> bool:
        return Flag.HIDDEN in self.flags

    @property
    def label(self) -> str:
        return str(definition_of(self.code).label)

    @property
    def value_text(self) -> str:
        """The value in words of the active language; a dash where there is none."""
        return "–" if self.value is None else text_of(self.value, self.unit, self.decimals)

    @property
    def interval_text(self) -> str:
        """Both bounds, or nothing where there is no interval."""
        if self.value is None or self.low is None or self.high is None:
            return ""
        return pgettext("bounds of an interval", "%(low)s to %(high)s") % {
            "low": text_of(self.low, self.unit, self.decimals),
            "high": text_of(self.high, self.unit, self.decimals),
        }

    @property
    def shown(self) -> str:
        """Value with its interval in brackets, for a table cell."""
        return (
            f"{self.value_text} ({self.interval_text})" if self.interval_text else self.value_text
        )

    @property
    def flag_labels(self) -> list[str]:
        return [flag_label(code) for code in self.flags]

    def as_record(self) -> dict[str, object]:
        """Plain JSON types; numbers are not rounded."""
        return {
            "code": self.code,
            "label": self.label,
            "value": self.value,
            "n": self.n,
            "low": self.low,
            "high": self.high,
            "unit": str(self.unit),
            "shown": self.shown,
            "sentence": self.sentence,
            "flags": [str(flag) for flag in self.flags],
            "flag_labels": self.flag_labels,
        }

    def flagged(self, *more: str) -> "Figure":
        """This figure with further flags, each once."""
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *more))))


def text_of(value: float, unit: Unit, decimals: int) -> str:
    """`value` as people read it in the active language."""
    if unit is Unit.SHARE:
        return _signed(percent_text(value, decimals))
    if unit is Unit.MONEY:
        return money_text(round(value, decimals) if decimals else round(value))
    # A hair below zero rounds to nothing, and nothing has no sign.
    return _signed(number_text(round(value, decimals) or 0, decimals))


def _signed(text: str) -> str:
    """`text` with its sign kept before its digits: among Arabic words it would stand behind."""
    is_signed = text.startswith(SIGNS) and get_language_bidi()
    return f"{LEFT_TO_RIGHT}{text}{END_ISOLATE}" if is_signed else text


def interval_words(low: float, high: float, unit: Unit, decimals: int) -> str:
    """ "95% interval 10.1% to 43.4%": to be put into the brackets of a sentence."""
    return _("%(level)s interval %(low)s to %(high)s") % {
        "level": percent_text(LEVEL),
        "low": text_of(low, unit, decimals),
        "high": text_of(high, unit, decimals),
    }


def undefined(code: str, n: int, unit: Unit, why: str, flags: tuple[str, ...] = ()) -> Figure:
    """A figure that cannot be computed, with the sentence that says why."""
    return Figure(code, None, n, None, None, unit, 0, why, flags)


def hidden(code: str, n: int, unit: Unit) -> Figure:
    """A figure over fewer than SMALL_CELL persons: it would tell about single people."""
    why = ngettext(
        "Only %(n)s person is behind this figure; it is shown from %(floor)s on.",
        "Only %(n)s people are behind this figure; it is shown from %(floor)s on.",
        n,
    ) % {"n": number_text(n), "floor": number_text(SMALL_CELL)}
    return undefined(code, n, unit, why, (Flag.HIDDEN,))


def concealed(figure: Figure) -> Figure:
    """A figure large enough by itself, hidden because it would give a smaller one away."""
    why = _("Not shown: with the other groups it would tell the figure of a group that is hidden.")
    return undefined(figure.code, figure.n, figure.unit, why, (Flag.HIDDEN,))


def exploratory(n: int) -> tuple[str, ...]:
    """The flag of an estimate over fewer than EXPLORATORY_BELOW."""
    return (Flag.EXPLORATORY,) if n < EXPLORATORY_BELOW else ()


def mean_of(values: Sequence[float]) -> float:
    """Arithmetic mean of at least one value, summed without loss."""
    return math.fsum(values) / len(values)


def variance_of(values: Sequence[float]) -> float:
    """Sample variance (divisor n - 1) of at least two values."""
    middle = mean_of(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def t_quantile(degrees: float) -> float:
    """The two-sided 95 percent quantile of Student's t."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, degrees))


def normal_quantile() -> float:
    """The two-sided 95 percent quantile of the normal distribution."""
    from scipy.stats import norm

    return float(norm.ppf((1 + LEVEL) / 2))


def cells_to_hide(counts: Sequence[int], floor: int = SMALL_CELL) -> frozenset[int]:
    """Positions of the cells of a breakdown that have to be hidden when its total is shown.

    Cells of 1 to `floor` - 1 persons are hidden. Where what is hidden comes to fewer than `floor`
    persons, or is one cell alone, the total would give it away: the next smallest cells are hidden
    with it. Empty cells hide nothing. Source: the usual rule of complementary suppression.
    """
    order = sorted((count, place) for place, count in enumerate(counts) if count > 0)
    chosen = [place for count, place in order if count < floor]
    if not chosen:
        return frozenset()
    for _count, place in order[len(chosen) :]:
        if len(chosen) > 1 and sum(counts[spot] for spot in chosen) >= floor:
            break
        chosen.append(place)
    return frozenset(chosen)


def conceal_small(figures: Iterable[Figure]) -> list[Figure]:
    """The figures of one breakdown, small cells and what would give them away hidden."""
    rows = list(figures)
    places = cells_to_hide([row.n for row in rows])
    return [
        (hidden(row.code, row.n, row.unit) if row.n < SMALL_CELL else concealed(row))
        if place in places
        else row
        for place, row in enumerate(rows)
    ]
