"""What one cell holds: text of values, and how text that a spreadsheet would run is defused.

A spreadsheet program runs text that starts with one of TRIGGERS as a formula (OWASP, "CSV
Injection"). On the way out such text gets one apostrophe in front. On the way in exactly that
apostrophe is taken off again: one, and only when what follows it (after further apostrophes) is a
trigger. Text that itself reads like defused text therefore gets an apostrophe too, so that every
text comes back as it went out.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# The characters that OWASP names, and full-width forms that some spreadsheet versions fold.
TRIGGERS = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_TRIGGER_CLASS = "[" + re.escape("".join(sorted(TRIGGERS))) + "]"
_NEEDS_DEFUSING = re.compile(f"'*{_TRIGGER_CLASS}")
_DEFUSED = re.compile(f"'+{_TRIGGER_CLASS}")
_PLAIN_NUMBER = re.compile(r"[+-]?(?:\d[\d.,'\u2019\u00a0\u2009\u202f ]*|\.\d+)(?:[eE][+-]?\d+)?%?")
# Controls except tab and line ends, and characters that force a direction on what follows (U+202A
# to U+202E): with them a title or a file name reads otherwise than it is stored.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e]")
# A double holds whole numbers exactly up to here (IEEE 754).
_EXACT_WHOLE = 2**53


def without_unseen(text: str) -> str:
    """`text` without controls and forced directions; marks and isolates that people need stay."""
    return _UNSEEN.sub("", text)


def is_plain_number(text: str) -> bool:
    """True for a number as people write it, with sign, separators, exponent or percent sign."""
    return _PLAIN_NUMBER.fullmatch(text.strip(" ")) is not None


def is_formula(text: str) -> bool:
    """True when a spreadsheet program would run `text` of a CSV cell, plain numbers apart."""
    return text[:1] in TRIGGERS and bool(text) and not is_plain_number(text)


def defuse(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet program could run it."""
    return "'" + text if _NEEDS_DEFUSING.match(text) else text


def undefuse(text: str) -> str:
    """The text that `defuse` was given."""
    return text[1:] if text[:1] == "'" and _DEFUSED.match(text) else text


def text_of(value: object) -> str:
    """The text of a value: ISO dates, yes and no, numbers without trailing .0, "" for None.

    NUL characters, which no database or spreadsheet takes, are dropped. Raises ValueError for a
    number that is not finite.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a number that a table can hold.")
        return format(value, "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    return str(value).replace("\0", "")


def safe_cell(value: object) -> str:
    """The text of one CSV cell: numbers as they are, text that could run defused."""
    if isinstance(value, (int, float, Decimal)):
        return text_of(value)
    return defuse(text_of(value))


def number_text(value: float) -> str:
    """A spreadsheet's number as people see it: no trailing .0, no exponent, 15 digits at most.

    Spreadsheet programs keep 15 significant digits (ECMA-376 leaves it to them; Excel,
    "Specifications and limits", number precision), so 0.1 + 0.2 is "0.3".
    """
    if value.is_integer() and abs(value) < _EXACT_WHOLE:
        return str(int(value))
    shortened = Decimal(format(value, ".15g"))
    if not shortened.is_finite():
        raise ValueError(f"{value} is not a number that a table can hold.")
    return format(shortened, "f")


def _hours(value: timedelta) -> str:
    """Hours, minutes and seconds: "26:00:00"; minus in front when negative."""
    seconds = int(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
