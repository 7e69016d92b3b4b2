"""Turning the text of a cell into a value: one function for each sort of cell."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.money import AmountRefused, parse_amount
from cairn.core.partial_dates import PartialDate

# What stands in an address and a file name as it is; the words are addresses of their own.
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
TAKEN = frozenset({"new", "folder"})
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(\.[0-9]{1,20})?")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_SMALL = 32_767  # what a small whole number holds on every database (PostgreSQL: smallint)
_RATE_BELOW, _RATE_PLACES = 10**6, 8  # as exact as rates are stored; no currency is worth more


def text(longest: int) -> Callable[[str], str]:
    """Text of at most `longest` characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise RuleBroken(
                "cell.long",
                _("The text has %(length)d characters; at most %(longest)d fit.")
                % {"length": len(cell), "longest": longest},
                _("Shorten it."),
            )
        return cell

    return parse


def web_address(longest: int) -> Callable[[str], str]:
    """An address of a page, http or https: others ("javascript:") would run when followed."""
    fits = text(longest)
    is_address = URLValidator(schemes=["http", "https"])

    def parse(cell: str) -> str:
        try:
            is_address(cell)
        except ValidationError:
            raise RuleBroken(
                "cell.address",
                _("“%(cell)s” is not the address of a web page.") % {"cell": cell},
                _("Write it whole, from https:// on."),
            ) from None
        return fits(cell)

    return parse


def reference(longest: int) -> Callable[[str], str]:
    """A reference that can stand in an address and in the name of a file."""
    fits = text(longest)

    def parse(cell: str) -> str:
        if not REFERENCE.fullmatch(cell) or cell.lower() in TAKEN:
            raise RuleBroken(
                "cell.reference",
                _("“%(cell)s” cannot be a reference.") % {"cell": cell},
                _("Use letters from A to Z, digits, points and hyphens, for example P49."),
            )
        return fits(cell)

    return parse


def words(cell: str) -> list[str]:
    """A list separated by |, blanks dropped."""
    return [word.strip() for word in cell.split("|") if word.strip()]


def choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """One of the codes of `choices`, any case."""

    def parse(cell: str) -> str:
        code = cell.strip().lower()
        if code not in choices.values:
            raise RuleBroken(
                "cell.choice",
                _("“%(cell)s” is not one of the codes of this column.") % {"cell": cell},
                _("Use one of: %(codes)s.") % {"codes": ", ".join(choices.values)},
            )
        return code

    return parse


def amount(cell: str) -> Decimal:
    """An amount with at most two decimals, not negative, with one reading only."""
    return parse_amount(cell)


def positive(cell: str) -> Decimal:
    """An amount above zero."""
    value = parse_amount(cell)
    if value <= 0:
        raise RuleBroken(
            "cell.zero", _("The amount is zero."), _("Leave out rows that stand for no money.")
        )
    return value


def decimal(cell: str) -> Decimal:
    """A plain number below 10**12, decimals after a point; may be negative."""
    if not _NUMBER.fullmatch(cell):
        raise RuleBroken(
            "cell.number",
            _("“%(cell)s” is not a number.") % {"cell": cell},
            _("Write digits, with a point before decimals."),
        )
    return Decimal(cell)


def whole(cell: str) -> int:
    """A whole number from zero."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > 9:
        raise RuleBroken(
            "cell.whole",
            _("“%(cell)s” is not a whole number.") % {"cell": cell},
            _("Write digits only."),
        )
    return int(cell)


def small(cell: str) -> int:
    """A whole number from zero to 32,767: a place in an order, a year, a number of months."""
    return _small(whole(cell), cell)


def years(cell: str) -> int:
    """Years, not negative, possibly with decimals, as whole months."""
    return _small(int(parse_amount(cell) * 12), cell)


def _small(value: int, cell: str) -> int:
    if value > _SMALL:
        raise AmountRefused(
            "amount.too_large",
            _('The amount "%(text)s" is larger than %(limit)s.') % {"text": cell, "limit": _SMALL},
            _("Check that no digit was typed too many."),
        )
    return value


def rate(cell: str) -> Decimal:
    """US dollars for one unit of a currency: above zero, below 10**6, at most eight decimals."""
    value = decimal(cell)
    exponent = value.as_tuple().exponent
    is_exact = isinstance(exponent, int) and exponent >= -_RATE_PLACES
    if not 0 < value < _RATE_BELOW or not is_exact:
        raise RuleBroken(
            "cell.rate",
            _("“%(cell)s” cannot be a rate.") % {"cell": cell},
            _("Write how many US dollars one unit is worth, with at most eight decimals."),
        )
    return value


def day(cell: str) -> date:
    """A whole date, YYYY-MM-DD; spreadsheets may add a time of midnight.

    Raises PartialDateRefused, or RuleBroken("cell.day") for a month or a year alone.
    """
    written = PartialDate.parse(_MIDNIGHT.sub("", cell.strip()))
    if written.precision != "day":
        raise RuleBroken(
            "cell.day",
            _("“%(cell)s” does not say which day.") % {"cell": cell},
            _("Write it as year-month-day, for example 2025-02-03."),
        )
    return written.first


def past_day(cell: str) -> date:
    """A whole date that is not in the future."""
    value = day(cell)
    if value > timezone.localdate():
        raise RuleBroken(
            "cell.future",
            _("This day lies in the future."),
            _("Record what happened once it has happened."),
        )
    return value


def partial_date(cell: str) -> str:
    """A date, a month or a year: 2025-02-03, 2025-02 or 2025. Gives it back in that form."""
    return str(PartialDate.parse(cell))


def currency(cell: str) -> str:
    """An ISO 4217 code."""
    code = cell.strip().upper()
    if pycountry.currencies.get(alpha_3=code) is None:
        raise RuleBroken(
            "cell.currency",
            _("“%(cell)s” is not a currency code.") % {"cell": cell},
            _("Use the three letters of ISO 4217, for example USD or EUR."),
        )
    return code


def country(cell: str) -> str:
    """One country, by name in any of the six UN languages or by code: gives its alpha-3 code."""
    place = geography.resolve(cell)
    if place.kind != "country":
        raise unknown_place(cell, place)
    return place.codes[0]


def countries(cell: str) -> list[str]:
    """Countries separated by |: their alpha-3 codes."""
    return [country(name) for name in words(cell)]


def unknown_place(cell: str, place: geography.Resolution) -> RuleBroken:
    """The refusal for a place that the resolver does not know, with the nearest that it does."""
    nearest = ", ".join(f"{each.name} ({each.code})" for each in place.nearest)
    return RuleBroken(
        "cell.country",
        _("“%(cell)s” is not a country or place that Cairn knows.") % {"cell": cell},
        _("Did you mean %(nearest)s? Write the name or its three-letter code.")
        % {"nearest": nearest}
        if nearest
        else _("Write the country's name or its three-letter ISO code."),
    )
