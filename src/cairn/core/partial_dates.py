"""Dates known to the year, the month or the day, and the spans between two of them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Self

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, get_month_names
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core.errors import RuleBroken

# Judgement: outside these years a date is a slip of the keyboard (0204, 2204).
FIRST_YEAR = 1900
LAST_YEAR = 2100
_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTH_AND_YEAR = re.compile(r"([^\W\d_]+)\.?,?\s+(\d{4})")
# Day before month, as in United Nations documents.
_LOCALES = {"en": "en_GB"}
# Languages of which a month's name is recognised, only to say how the date is written.
_MONTH_LANGUAGES = ("en", "fr", "es", "ar", "ru")


class PartialDateRefused(RuleBroken):
    """A text is not a date, or a span ends before it starts. `code` is `date.<reason>`."""


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day. Sorts by first day, the less exact first."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Raises PartialDateRefused("date.year", "date.month", "date.day", "date.shape")."""
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise PartialDateRefused(
                "date.year",
                _("The year %(year)s is not between %(first)s and %(last)s.")
                % {"year": f"{self.year:04}", "first": FIRST_YEAR, "last": LAST_YEAR},
                _("Check the year."),
            )
        if self.month is None:
            if self.day is not None:
                raise _shape(f"{self.year}-?-{self.day}")
            return
        if not 1 <= self.month <= 12:
            raise PartialDateRefused(
                "date.month",
                _("There is no month %(month)s.") % {"month": f"{self.month:02}"},
                _("Write the year first, then the month as 01 to 12: 2024-02."),
            )
        if self.day is not None and not 1 <= self.day <= self._days():
            raise PartialDateRefused(
                "date.day",
                _("%(month)s has no day %(day)s.")
                % {"month": f"{self.year}-{self.month:02}", "day": self.day},
                _("Check the day; leave it out if it is not known: %(example)s.")
                % {"example": f"{self.year}-{self.month:02}"},
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2024", "2024-02" or "2024-02-03" (ISO 8601), in any script's digits.

        Raises PartialDateRefused with code date.empty, date.shape, date.year, date.month or
        date.day, and a remedy that names the written form.
        """
        trimmed = text.strip()
        if not trimmed:
            raise PartialDateRefused(
                "date.empty",
                _("The date is empty."),
                _("Write what is known: 2024, 2024-02 or 2024-02-03."),
            )
        match = _SHAPE.fullmatch(trimmed)
        if match is None:
            raise _shape(trimmed)
        month, day = (int(found) if found else None for found in match.group(2, 3))
        return cls(int(match[1]), month, day)

    @classmethod
    def of(cls, day: date) -> Self:
        """The day itself."""
        return cls(day.year, day.month, day.day)

    @property
    def first(self) -> date:
        """The earliest day that it may be, inclusive."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day that it may be, inclusive."""
        return date(self.year, self.month or 12, self.day or self._days())

    @property
    def precision(self) -> str:
        """ "year", "month" or "day"."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def display(self, language: str) -> str:
        """As `language` (a Django code) writes it: "2024", "February 2024", "3 February 2024"."""
        locale = _locale(language)
        if self.month is None:
            return str(self.year)
        if self.day is None:
            return format_skeleton("yMMMM", self.first, locale=locale)
        return format_date(self.first, "long", locale=locale)

    def __str__(self) -> str:
        """The form that `parse` reads."""
        return "-".join(
            f"{number:0{width}}"
            for number, width in ((self.year, 4), (self.month, 2), (self.day, 2))
            if number is not None
        )

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._place() < other._place()

    def _place(self) -> tuple[int, int, int]:
        return self.year, self.month or 0, self.day or 0

    def _days(self) -> int:
        return calendar.monthrange(self.year, self.month or 12)[1]


def check_order(start: PartialDate | None, end: PartialDate | None) -> None:
    """Raise PartialDateRefused("date.order") when `end` lies before `start` beyond doubt.

    2024-05 to 2024 is possible, 2024-05 to 2024-04 is not. A date that is not known forbids
    nothing.
    """
    if start is not None and end is not None and end.last < start.first:
        raise PartialDateRefused(
            "date.order",
            _("The end (%(end)s) lies before the start (%(start)s).")
            % {"end": end, "start": start},
            _("Check both dates; perhaps they changed places."),
        )


def span_text(start: PartialDate | None, end: PartialDate | None, language: str) -> str:
    """From `start` to `end` in `language`: "February 2024 – January 2026", "3–5 February 2025".

    With one of them unknown "From February 2024" or "Until January 2026"; with both, "".
    """
    if start is None or end is None:
        with override(language):
            if start is not None:
                return _("From %(start)s") % {"start": start.display(language)}
            if end is not None:
                return _("Until %(end)s") % {"end": end.display(language)}
        return ""
    if start == end:
        return start.display(language)
    locale = _locale(language)
    if start.precision == end.precision == "year":
        return format_interval(start.first, end.first, "y", locale=locale)
    if start.precision == end.precision == "month":
        return format_interval(start.first, end.first, "yMMMM", locale=locale)
    if start.precision == end.precision == "day" and start.first < end.first:
        return _days_of_a_month(start, end, language)
    return _joined(start.display(language), end.display(language), locale)


def _days_of_a_month(start: PartialDate, end: PartialDate, language: str) -> str:
    """Days of one month share its name, in the place that the language gives it."""
    whole = end.display(language)
    day = re.compile(rf"(?<!\d){end.day}(?!\d)")
    if (start.year, start.month) != (end.year, end.month) or len(day.findall(whole)) != 1:
        return _joined(start.display(language), whole, _locale(language))
    return day.sub(f"{start.day}–{end.day}", whole)


def _joined(start: str, end: str, locale: Locale) -> str:
    """CLDR's pattern for an interval that shares nothing."""
    return str(locale.interval_formats[None]).format(start, end)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_LOCALES.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_LOCALES["en"])


def _shape(text: str) -> PartialDateRefused:
    month = _month_and_year(text)
    if month:
        remedy = _("Write it as %(written)s.") % {"written": month}
    else:
        remedy = _("Write the year first: 2024, 2024-02 or 2024-02-03.")
    return PartialDateRefused(
        "date.shape", _('"%(text)s" is not a date.') % {"text": text[:40]}, remedy
    )


def _month_and_year(text: str) -> str:
    """ "2024-02" for "Feb 2024" and the like in a language of the United Nations, else ""."""
    match = _MONTH_AND_YEAR.fullmatch(text)
    if match is None:
        return ""
    word = match[1].casefold()
    for language in _MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                if name.casefold().rstrip(".") == word:
                    return f"{match[2]}-{number:02}"
    return ""
