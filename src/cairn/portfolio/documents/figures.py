"""Amounts, counts, shares and dates of a document, in its language whatever language is active."""

from typing import Any

from django.utils.translation import override

from cairn.core.partial_dates import PartialDate, PartialDateRefused, span_text
from cairn.ui.formats import money_text, number_text, percent_text

MINUS = "\N{MINUS SIGN}"


def count(value: float, language: str) -> str:
    """A number with grouped digits: 913351.5 is "913,351.5" in English."""
    with override(language):
        return number_text(value)


def dollars(value: float, language: str) -> str:
    """An amount without its currency, for a column that names it: cents only when there are."""
    with override(language):
        return number_text(value, 0 if value == int(value) else 2).replace("-", MINUS)


def amount(value: float, language: str, currency: str = "USD") -> str:
    """An amount with its currency: "US$ 1,234", below zero with the sign before it."""
    with override(language):
        return (MINUS if value < 0 else "") + money_text(abs(value), currency)


def share(value: float, language: str) -> str:
    """A share of one as whole percent; all but nothing is "<1%", all but the whole ">99%"."""
    with override(language):
        return percent_text(value)


def day(text: Any, language: str, unknown: str) -> str:
    """An ISO date, month ("2025-02") or year in words; a text that is none of them stays."""
    if not text:
        return unknown
    when = _date(text)
    return when.display(language) if when else str(text)


def period(starts: Any, ends: Any, language: str) -> str:
    """Two ISO dates, months or years as one span; empty when there is neither."""
    first, last = _date(starts), _date(ends)
    if (starts and not first) or (ends and not last):
        return " – ".join(str(text) for text in (starts, ends) if text)
    return span_text(first, last, language)


def _date(text: Any) -> PartialDate | None:
    try:
        return PartialDate.parse(str(text)) if text else None
    except PartialDateRefused:
        return None
