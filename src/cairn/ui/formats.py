"""Numbers, money, shares and times as people read them, in the language that is active.

Digits are Western in every language: codes, budgets and phone numbers are compared with printed
documents. None, a value that nobody gave, is "not known", never zero.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, gettext

NOT_A_NUMBER = (InvalidOperation, ValueError, TypeError)
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUTES_AN_HOUR = 60
# CLDR's English short units ("hrs", "wks"), as the field writes them. From weeks on there are two
# or more: the threshold in `_span` sees to it.
ENGLISH_UNITS = {"hr": "h", "min": "min", "wk": "weeks", "mth": "months", "yr": "years"}
ENGLISH_UNIT = re.compile(r"\b(hr|min|wk|mth|yr)s?\b")
Amount = Decimal | int | float | str | None


def locale() -> Locale:
    """The Babel locale of the active language; English dates are day before month."""
    language = get_language() or "en"
    if language == "en":
        return Locale("en", "GB")
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def decimal_of(value: Amount) -> Decimal | None:
    """`value` as an exact number, or None where it is not one."""
    try:
        number = Decimal(str(value).strip())
    except NOT_A_NUMBER:
        return None
    return number if number.is_finite() else None


def number_text(value: Amount, places: int | None = None) -> str:
    """`value` with grouped digits; `places`: decimals shown, None for as many as it has."""
    if value is None:
        return gettext("not known")
    number = decimal_of(value)
    if number is None:
        return str(value)
    if places is not None:
        return format_decimal(
            round(number, places), format=_pattern(places), locale=locale(), numbering_system="latn"
        )
    exact = format_decimal(
        number, locale=locale(), decimal_quantization=False, numbering_system="latn"
    )
    return str(exact)


def money_text(value: Amount, currency: str = "USD") -> str:
    """`value` with its currency as "US$ 6,576,097"; cents only where there are some."""
    if value is None:
        return gettext("not known")
    number = decimal_of(value)
    if number is None:
        return str(value)
    places = 0 if number == number.to_integral_value() else 2
    digits = number_text(number, places)
    symbol = _symbol(currency)
    if _symbol_leads():
        return f"{symbol}{NO_BREAK}{digits}"
    return f"{digits}{NO_BREAK}{symbol}"


def percent_text(ratio: Amount, places: int = 0) -> str:
    """`ratio` (0.25 is a quarter) as a percentage with `places` decimals.

    A share below the last place shown is "<1%", one just short of all is ">99%": nothing that is
    there reads as nothing, and nothing that is missing reads as complete.
    """
    if ratio is None:
        return gettext("not known")
    number = decimal_of(ratio)
    if number is None:
        return str(ratio)
    step = Decimal(1).scaleb(-places - 2)
    if 0 < number < step / 2:
        return "<" + _percent(step, places)
    if 1 - step / 2 <= number < 1:
        return ">" + _percent(1 - step, places)
    return _percent(number, places)


def date_text(when: date) -> str:
    """A day as "12 Mar 2026"."""
    return format_skeleton("yMMMd", _midnight(when), locale=locale())


def moment_text(when: datetime) -> str:
    """A moment as "12 Mar 2026, 14:30 UTC+3", in the time zone that is active."""
    local = timezone.localtime(when)
    return gettext("%(day)s, %(time)s %(zone)s") % {
        "day": date_text(local.date()),
        "time": local.strftime("%H:%M"),
        "zone": zone_text(local),
    }


def zone_text(when: datetime) -> str:
    """The distance of an aware moment from universal time: "UTC", "UTC+3", "UTC+5:30"."""
    minutes = int((when.utcoffset() or timedelta()).total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), MINUTES_AN_HOUR)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A time in both forms. `is_late`: something was due and is not done.

    `machine`: ISO 8601 for <time datetime>. `distance`: "in 3 h". `exact`: with its zone.
    """

    machine: str
    distance: str
    exact: str
    is_late: bool


def clock_reading(when: date | datetime, *, now: datetime, is_due: bool) -> ClockReading:
    """Read `when` against `now` (aware). `is_due`: a deadline, which can be late.

    Hours are kept up to two days ("26 h", not "1 day"): duty lists are sorted by them.
    """
    if isinstance(when, datetime):
        gap, exact, machine = when - now, moment_text(when), timezone.localtime(when).isoformat()
        is_late = is_due and gap < timedelta()
        distance = _distance(gap, "minute", is_late=is_late)
        return ClockReading(machine, distance, exact, is_late)
    gap = when - timezone.localtime(now).date()
    is_late = is_due and gap < timedelta()
    distance = gettext("today") if not gap else _distance(gap, "day", is_late=is_late)
    return ClockReading(when.isoformat(), distance, date_text(when), is_late)


def _distance(gap: timedelta, smallest: Literal["day", "minute"], *, is_late: bool) -> str:
    if is_late:
        return gettext("%(time)s late") % {"time": _span(abs(gap), smallest, directed=False)}
    return _span(gap, smallest, directed=True)


def _span(gap: timedelta, smallest: Literal["day", "minute"], *, directed: bool) -> str:
    # Babel switches to the larger unit at `threshold` times its length: two days, two months.
    say = partial(
        format_timedelta,
        gap,
        granularity=smallest,
        threshold=2,
        add_direction=directed,
        locale=locale(),
    )
    try:
        text = say(format="short")
    except KeyError:
        # Babel 2.18 lacks short relative units where CLDR inherits them, as in Arabic.
        text = say(format="long")
    if locale().language == "en":
        text = ENGLISH_UNIT.sub(lambda unit: ENGLISH_UNITS[unit[1]], text)
    return text


def _percent(number: Decimal, places: int) -> str:
    pattern = locale().percent_formats[None].pattern
    decimals = "." + "0" * places if places else ""
    shown = pattern.replace("#,##0", f"#,##0{decimals}")
    return format_percent(number, format=shown, locale=locale(), numbering_system="latn")


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _symbol(currency: str) -> str:
    # CLDR writes a bare "$" in English and Russian; the programme's documents say which dollar.
    symbol = get_currency_symbol(currency, locale=locale())
    return "US$" if currency == "USD" and symbol == "$" else symbol


def _symbol_leads() -> bool:
    pattern = str(locale().currency_formats["standard"].pattern)
    return pattern.lstrip("\u200e\u200f").startswith("¤")


def _midnight(when: date) -> datetime:
    return datetime(when.year, when.month, when.day, tzinfo=timezone.get_current_timezone())
