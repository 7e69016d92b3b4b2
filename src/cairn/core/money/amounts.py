"""Amounts of an import column, where one cell must mean one number, and amounts as shown."""

import re
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_symbol
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.money.figures import FIGURE, canonical, readings_of

# Judgement: a hundred times any programme; more is a slip of the keyboard.
LARGEST = Decimal(10**12)
# Longer texts are prose, not amounts.
_LONGEST_TEXT = 60
_DOLLARS = r"(?:US ?\$|\$|USD)"
_CELL = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+])? ?(?:{_DOLLARS} ?){{0,2}}(?P<inner>-)?(?P<figure>{FIGURE})"
    rf"(?: ?{_DOLLARS})?(?(open)\))"
)
_OTHER_CURRENCY = re.compile(
    rf"(?:[A-Z]{{3}}|[€£¥₹₦₺₽₩]) ?(?:{FIGURE})|(?:{FIGURE}) ?(?:[A-Z]{{3}}|[€£¥₹₦₺₽₩])"
)
_BIDI_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))


class AmountRefused(RuleBroken):
    """A text is not one amount. `code` is `amount.<reason>`."""


def parse_amount(text: str) -> Decimal:
    """The amount in US dollars that an import cell holds.

    Clear and taken: 1234567, 1234.50, "1,234,567", "1,234,567.89", "1 234 567", "US$ 1,000", in
    any script's digits. Raises AmountRefused with code amount.empty, amount.not_a_number (words,
    sums, exponents), amount.currency (not US dollars), amount.two_readings (see
    `figures.readings_of`), amount.negative, amount.decimals (more than two) or amount.too_large
    (more than 10**12).
    """
    plain = canonical(text).strip()
    if not plain:
        raise AmountRefused(
            "amount.empty",
            _("The amount is empty."),
            _("Write the amount in US dollars; write 0 if there is none."),
        )
    match = _CELL.fullmatch(plain) if len(plain) <= _LONGEST_TEXT else None
    if match is None:
        raise _not_a_number(text, plain)
    readings = readings_of(match["figure"])
    if len(readings) > 1:
        raise _two_readings(text, *(reading.value for reading in readings))
    value = readings[0].value
    if match["open"] or "-" in {match["sign"], match["inner"]}:
        raise AmountRefused(
            "amount.negative",
            _('The amount "%(text)s" is negative.') % {"text": text.strip()},
            _("Write an amount of 0 or more."),
        )
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        raise AmountRefused(
            "amount.decimals",
            _('The amount "%(text)s" has more than two decimals.') % {"text": text.strip()},
            _("Round it to whole cents."),
        )
    if value > LARGEST:
        raise AmountRefused(
            "amount.too_large",
            _('The amount "%(text)s" is larger than %(limit)s.')
            % {"text": text.strip(), "limit": f"{LARGEST:f}"},
            _("Check that no digit was typed too many."),
        )
    return value


def _two_readings(text: str, first: Decimal, second: Decimal) -> AmountRefused:
    return AmountRefused(
        "amount.two_readings",
        _('The amount "%(text)s" can be read as %(first)s or as %(second)s.')
        % {"text": text.strip(), "first": f"{first:f}", "second": f"{second:f}"},
        _("Write it without separators; if there are cents, put a point and two digits."),
    )


def _not_a_number(text: str, plain: str) -> AmountRefused:
    shown = text.strip()[:_LONGEST_TEXT]
    if len(plain) <= _LONGEST_TEXT and _OTHER_CURRENCY.fullmatch(plain):
        return AmountRefused(
            "amount.currency",
            _('The amount "%(text)s" is not in US dollars.') % {"text": shown},
            _("Write the US dollar value here, and the original currency in its own column."),
        )
    return AmountRefused(
        "amount.not_a_number",
        _('"%(text)s" is not an amount.') % {"text": shown},
        _("Write digits only, for example 3500000 or 3500000.50."),
    )


def format_usd(value: Decimal | int, language: str) -> str:
    """US dollars as `language` (a Django code) writes them: "US$ 6,576,097", "6 576 097 $US".

    Whole dollars when there are no cents, else two decimals, half a cent rounded up. Plain text
    without marks of direction: a template has to isolate it in right-to-left text. A language that
    CLDR does not know is written as English.
    """
    amount = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    # English sets no space; United Nations documents do, after the sign that names the country.
    pattern = "¤ #,##0.00" if locale.language == "en" else _pattern(locale)
    if amount == amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    shown = format_currency(amount, "USD", pattern, locale=locale, currency_digits=False)
    symbol = get_currency_symbol("USD", locale=locale)
    if symbol == "$":
        shown = shown.replace("$", "US$")
    return shown.translate(_BIDI_MARKS)


def _pattern(locale: Locale) -> str:
    return str(locale.currency_formats["standard"].pattern)
