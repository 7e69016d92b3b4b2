"""Figures beside marks (short) and in the names of marks (exact), in the active language."""

from babel.numbers import format_compact_decimal, is_currency
from django.utils.translation import gettext

from cairn.ui.formats import locale, money_text, number_text


def short(value: float, unit: str) -> str:
    """`value` to one decimal: "US$ 3.5M". `unit`: an ISO 4217 code, another word, or empty."""
    compact = str(
        format_compact_decimal(value, locale=locale(), fraction_digits=1, numbering_system="latn")
    )
    if is_currency(unit):
        # Symbol, side and space as everywhere else in the pages.
        return money_text(1, unit).replace(number_text(1), compact)
    return _with_unit(compact, unit)


def exact(value: float, unit: str) -> str:
    """`value` in full: "US$ 3,500,000"."""
    if is_currency(unit):
        return money_text(value, unit)
    return _with_unit(number_text(int(value) if value.is_integer() else value), unit)


def _with_unit(figure: str, unit: str) -> str:
    return gettext("%(figure)s %(unit)s") % {"figure": figure, "unit": unit} if unit else figure
