"""Figures beside marks (short) and in the names of marks (exact), in the active language."""

from babel.numbers import format_compact_decimal, is_currency
from django.utils.translation import gettext

from cairn.ui.formats import NO_BREAK, locale, money_text, number_text

# Isolates (Unicode Standard Annex 9): what stands between keeps its own direction, that of its
# first letter or left to right, whatever surrounds it.
FIRST_STRONG, LEFT_TO_RIGHT, END_ISOLATE = "\u2068", "\u2066", "\u2069"


def short(value: float, unit: str) -> str:
    """`value` to one decimal: "US$ 3.5M". `unit`: an ISO 4217 code, another word, or empty."""
    compact = str(
        format_compact_decimal(value, locale=locale(), fraction_digits=1, numbering_system="latn")
    )
    if not is_currency(unit):
        return _with_unit(compact, unit)
    # Symbol, side and space as everywhere else in the pages.
    before, _, after = money_text(1, unit).partition(number_text(1))
    if locale().text_direction == "rtl":
        before, after = _left_to_right(before), _left_to_right(after)
    return f"{before}{compact}{after}"


def exact(value: float, unit: str) -> str:
    """`value` in full: "US$ 3,500,000"."""
    if is_currency(unit):
        return money_text(value, unit)
    return _with_unit(number_text(int(value) if value.is_integer() else value), unit)


def isolated(words: str) -> str:
    """`words` for a sentence of a right-to-left language; unchanged in the others."""
    if locale().text_direction == "rtl":
        return f"{FIRST_STRONG}{words}{END_ISOLATE}"
    return words


def _left_to_right(symbol: str) -> str:
    """A currency symbol such as US$, which a right-to-left sentence would turn into $US."""
    letters = symbol.strip(NO_BREAK)
    return symbol.replace(letters, f"{LEFT_TO_RIGHT}{letters}{END_ISOLATE}") if letters else symbol


def _with_unit(figure: str, unit: str) -> str:
    return gettext("%(figure)s %(unit)s") % {"figure": figure, "unit": unit} if unit else figure
