"""Intervals of shares and of counts, where few are counted. Pure.

The library that computes them is slow to import, so it is imported when the first is asked for.
"""

from typing import Final

# Intervals are at this level everywhere. Source: the training study, section 7.
LEVEL: Final = 0.95
# Below this many, a figure stands with its interval. Source: the training study, section 7.
SMALL_BELOW: Final = 30


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 percent interval of part / whole (whole above zero). Source: Wilson 1927."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(part, whole, alpha=1 - LEVEL, method="wilson")
    # At nobody and at everybody the bound is exact; floating point comes out a hair beside it.
    return (0.0 if part == 0 else float(low)), (1.0 if part == whole else float(high))


def garwood(count: int, exposure: float = 1) -> tuple[float, float]:
    """Garwood's exact 95 percent interval of count / exposure. Source: Garwood 1936.

    Of a count alone: of the number that would be expected where so many were counted.
    """
    from statsmodels.stats.rates import confint_poisson

    low, high = confint_poisson(count, exposure, method="exact-c", alpha=1 - LEVEL)
    return float(low), float(high)
