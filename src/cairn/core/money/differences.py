"""Why a printed figure differs from the computed one: the likeliest reason, never a verdict."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import combinations

REASONS = (
    "rounding",
    "digit_missing",
    "digit_added",
    "digits_swapped",
    "separator",
    "phase_not_counted",
    "pledge_counted_twice",
    "pledge_not_listed",
    "unexplained",
)
# Judgements. A rounded figure keeps two digits and stays within a twentieth; short figures match
# by chance, and so do the many sums of many amounts.
_FEWEST_DIGITS = 3
_MOST_ROUNDED = Decimal("0.05")
_MOST_COMBINED = 12


def likely_reason(
    printed: Decimal,
    computed: Decimal,
    *,
    parts: Sequence[Decimal] = (),
    pledges: Sequence[Decimal] = (),
    is_shortfall: bool = True,
) -> str:
    """One of REASONS, tried in that order; the first that fits wins.

    `parts`: the budgets of the phases or components. `pledges`: what was pledged. All in US
    dollars. `is_shortfall`: False for a figure from which no pledges are subtracted, such as a
    budget; then the two reasons about pledges do not apply. Figures that are equal give "rounding".

    - rounding: at most 1 apart, or equal once rounded (or cut off) to the digits that are printed
    - digit_missing, digit_added: one digit was left out or typed too many
    - digits_swapped: two neighbouring digits changed places
    - separator: the same digits, the decimal point elsewhere
    - phase_not_counted: the difference is the sum of some parts, or the printed figure is some but
      not all parts less some pledges
    - pledge_counted_twice: the printed figure is smaller by the sum of some pledges
    - pledge_not_listed: the printed figure is smaller by an amount that nothing above explains
    """
    difference = computed - printed
    if abs(difference) <= 1 or _is_rounded(printed, computed):
        return "rounding"
    if typing := _typing_error(printed, computed):
        return typing
    if _is_phase(printed, difference, parts, pledges if is_shortfall else ()):
        return "phase_not_counted"
    if not is_shortfall or difference <= 0 or printed < 0:
        return "unexplained"
    return "pledge_counted_twice" if difference in set(_sums(pledges)) else "pledge_not_listed"


def _is_rounded(printed: Decimal, computed: Decimal) -> bool:
    """True when `computed` shows as `printed` with no more digits than `printed` has."""
    if printed <= 0 or abs(computed - printed) > _MOST_ROUNDED * abs(computed):
        return False
    plain = printed.normalize()
    if len(plain.as_tuple().digits) < 2:
        return False
    unit = Decimal(1).scaleb(int(plain.as_tuple().exponent))
    return any(
        (computed / unit).quantize(Decimal(1), rounding) * unit == printed
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )


def _typing_error(printed: Decimal, computed: Decimal) -> str | None:
    if printed <= 0 or computed <= 0:
        return None
    typed, meant = _digits(printed, computed)
    if max(len(typed), len(meant)) >= _FEWEST_DIGITS:
        if typed in _with_one_less(meant):
            return "digit_missing"
        if meant in _with_one_less(typed):
            return "digit_added"
        if typed in _with_two_swapped(meant):
            return "digits_swapped"
    same = printed.normalize().as_tuple().digits == computed.normalize().as_tuple().digits
    return "separator" if same else None


def _digits(printed: Decimal, computed: Decimal) -> tuple[str, str]:
    """Both figures as digits; in cents when either has cents, so that places keep their worth."""
    are_whole = all(value == value.to_integral_value() for value in (printed, computed))
    places = 0 if are_whole else 2
    return (
        f"{printed:.{places}f}".replace(".", ""),
        f"{computed:.{places}f}".replace(".", ""),
    )


def _with_one_less(digits: str) -> set[str]:
    return {digits[:place] + digits[place + 1 :] for place in range(len(digits))}


def _with_two_swapped(digits: str) -> set[str]:
    return {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    }


def _is_phase(
    printed: Decimal, difference: Decimal, parts: Sequence[Decimal], pledges: Sequence[Decimal]
) -> bool:
    if abs(difference) in set(_sums(parts)):
        return True
    left = {Decimal(0), *_sums(pledges)}
    return len(parts) > 1 and any(
        total - printed in left for total in _sums(parts, at_most=len(parts) - 1)
    )


def _sums(amounts: Sequence[Decimal], *, at_most: int | None = None) -> Iterator[Decimal]:
    """The sums of one or more `amounts`, `at_most` so many; of long lists only of one or two."""
    most = len(amounts) if at_most is None else at_most
    if len(amounts) > _MOST_COMBINED:
        most = min(most, 2)
    for count in range(1, most + 1):
        for chosen in combinations(amounts, count):
            yield sum(chosen, Decimal(0))
