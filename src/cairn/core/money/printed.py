"""Amounts as documents print them: what the text says, and every number it can stand for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice, product

import pycountry

from cairn.core.money.figures import FIGURE, Reading, canonical, readings_of

# A bare dollar sign is the United States dollar, as United Nations documents use it.
_SYMBOLS = {
    "$": "USD", "$US": "USD", "US$": "USD", "U.S.$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "₦": "NGN", "₺": "TRY", "₽": "RUB", "₩": "KRW", "A$": "AUD", "AU$": "AUD",
    "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "R$": "BRL",
}  # fmt: skip
_WORDS = {
    r"(?:us|u\.s\.|united states) dollars?": "USD",
    r"dollars? (?:us|des états-unis|américains?)": "USD",
    r"dollars?": "USD",
    r"euros?": "EUR",
    r"دولار(?:ا)?(?: أمريكي(?:ا)?)?": "USD",
    r"يورو": "EUR",
}
# Short scale in English; milliard is the French word for 10**9, and French "billion" is not read.
_SCALES = {
    r"thousands?|milliers?|mille|k|ألف|آلاف": Decimal(10**3),
    r"millions?|mio|mn|m|مليون|ملايين": Decimal(10**6),
    r"billions?|bn|milliards?|mds?|مليار": Decimal(10**9),
}
_APPROXIMATE = re.compile(
    r"(?<!\w)(?:approx(?:imately|\.)?|about|around|roughly|circa|ca\.|estimated|est\.|environ"
    r"|à peu près|près de|حوالي|نحو)(?!\w)|[~≈±]",
    re.IGNORECASE,
)
_LETTER = r"[^\W\d_]"
_CURRENCY = (
    r"(?:U\.S\.\s?\$|US\s?\$|\$\s?US(?![A-Z])|(?<![A-Z])(?:AU|CA|NZ|HK|A|C|S|R)\$|[$€£¥₹₦₺₽₩]"
    rf"|(?<!{_LETTER})[A-Z]{{3}}(?!{_LETTER})"
    rf"|(?<!{_LETTER})(?i:{'|'.join(_WORDS)})(?!{_LETTER}))"
)
_SCALE = rf"(?i:{'|'.join(_SCALES)})(?!{_LETTER})"
_AMOUNT = re.compile(
    rf"(?P<sign>(?<![\w)])-)?(?P<before>{_CURRENCY}(?:\s*{_CURRENCY})?\s*)?"
    rf"(?P<inner>(?<=[$€£¥₹₦₺₽₩A-Z\s])-)?(?P<figure>{FIGURE})(?P<follows>%|\s%)?"
    rf"(?:\s*(?P<scale>{_SCALE}))?"
    # Behind a figure that has a currency in front, another one may belong to the next figure.
    rf"(?:\s*(?:de\s+|d')?(?P<after>{_CURRENCY})(?(before)(?!\s*-?[0-9])))?"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PLUS = re.compile(r"\+|(?<!\w)plus(?!\w)", re.IGNORECASE)
_MOST_READINGS = 16


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """An amount as a document prints it.

    `text`: exactly as given. `currency`: ISO 4217 code, None when not printed or not one.
    `readings`: none when the text holds no figure, one when it is clear, more when it is not.
    `approximate`: the text says so, or adds something that is no figure. `parts`: the summands of
    a clear sum, in order.
    """

    text: str
    currency: str | None
    readings: tuple[Reading, ...]
    approximate: bool
    parts: tuple[Decimal, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The amount when it is clear, otherwise None."""
        return self.readings[0].value if len(self.readings) == 1 else None


@dataclass(frozen=True, slots=True)
class _Found:
    currency: str | None
    readings: tuple[Reading, ...]
    is_bare_year: bool


def read_money(text: str) -> PrintedAmount:
    """Read a printed amount; never fails, and never chooses between two readings.

    Figures with a currency count before figures without, figures outside brackets before those
    inside; percentages and codes such as GLOT59 do not count. Amounts joined by + are added up.
    Several amounts that nothing joins are as many readings.
    """
    plain = canonical(text)
    outside = _BRACKETS.sub(" ", plain)
    in_brackets = not any(_found_in(outside))
    summands: list[list[_Found]] = []
    approximate = _APPROXIMATE.search(plain) is not None
    for segment in _PLUS.split(plain if in_brackets else outside):
        if found := _counting(list(_found_in(segment)), segment):
            summands.append(found)
        elif segment.strip():
            approximate = True
    if not summands:
        return PrintedAmount(text, None, (), False)
    currencies = {found.currency for group in summands for found in group} - {None}
    if len(currencies) > 1:
        # Amounts in different currencies have no sum.
        summands = [[found for group in summands for found in group]]
    choices = [_choices(found) for found in summands]
    readings = _added(choices)
    if in_brackets and len(readings) == 1 and _is_in_brackets(plain):
        value = readings[0].value
        readings = (Reading(-value, "in_brackets"), readings[0])
    parts = tuple(options[0].value for options in choices)
    return PrintedAmount(
        text,
        currencies.pop() if len(currencies) == 1 else None,
        readings,
        approximate,
        parts if len(readings) == 1 and len(parts) > 1 else (),
    )


def _is_in_brackets(plain: str) -> bool:
    return re.fullmatch(r"\s*[(\[][^()\[\]]*[)\]]\s*", plain) is not None


def _found_in(text: str) -> Iterator[_Found]:
    for match in _AMOUNT.finditer(text):
        currency = _currency(match)
        at = match.start("figure")
        if match["follows"] or (at and text[at - 1].isalnum() and currency is None):
            continue
        scale = _scale(match["scale"])
        sign = -1 if match["sign"] or match["inner"] else 1
        readings = tuple(
            Reading(_scaled(reading.value, sign * scale), reading.convention)
            for reading in readings_of(match["figure"], is_scaled=scale != 1)
        )
        is_year = currency is None and re.fullmatch(r"(?:19|20)\d\d", match["figure"]) is not None
        yield _Found(currency, readings, is_year and scale == 1)


def _scaled(value: Decimal, factor: Decimal) -> Decimal:
    """The product, without the decimals that a scale leaves empty: 3.5 million is 3500000."""
    if factor == 1:
        return value
    scaled = value * factor
    whole = scaled.to_integral_value()
    return whole if whole == scaled and abs(factor) != 1 else scaled


def _counting(found: list[_Found], segment: str) -> list[_Found]:
    """The figures that are amounts: those with a currency, else those that are no bare years.

    A bare year is one among words; a lone "2000" is an amount.
    """
    if with_currency := [amount for amount in found if amount.currency]:
        return with_currency
    has_words = any(character.isalpha() for character in segment)
    return [amount for amount in found if not (amount.is_bare_year and has_words)]


def _choices(found: list[_Found]) -> tuple[Reading, ...]:
    if len(found) == 1:
        return found[0].readings
    values = dict.fromkeys(reading.value for amount in found for reading in amount.readings)
    return tuple(Reading(value, "one_of_several") for value in values)


def _added(choices: list[tuple[Reading, ...]]) -> tuple[Reading, ...]:
    if len(choices) == 1:
        return choices[0][:_MOST_READINGS]
    sums = dict.fromkeys(
        sum((reading.value for reading in chosen), Decimal(0))
        for chosen in islice(product(*choices), _MOST_READINGS)
    )
    return tuple(Reading(value, "sum") for value in sums)


def _currency(match: re.Match[str]) -> str | None:
    """The currency before or after the figure; a code after it makes a bare $ more exact."""
    before = _code(match["before"])
    after = _code(match["after"])
    is_bare = (match["before"] or "").strip() == "$"
    if before is None or (is_bare and after is not None):
        return after
    return before


def _code(printed: str | None) -> str | None:
    if not printed:
        return None
    compact = re.sub(r"\s", "", printed)
    # Doubled, as in "US$ $745": the first says more.
    for length in (len(compact), 4, 3, 2, 1):
        if compact[:length] in _SYMBOLS:
            return _SYMBOLS[compact[:length]]
    for pattern, code in _WORDS.items():
        if re.fullmatch(pattern, printed.strip(), re.IGNORECASE):
            return code
    return compact[:3] if compact[:3] in _iso_codes() else None


def _scale(word: str | None) -> Decimal:
    for pattern, factor in _SCALES.items():
        if word and re.fullmatch(pattern, word, re.IGNORECASE):
            return factor
    return Decimal(1)


@cache
def _iso_codes() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)
