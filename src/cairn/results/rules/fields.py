"""Fields in the text of a document: what stands for a figure, and why no figure is typed. Pure.

`[[event:E05 participants]]` stands for the number of participants on record. A digit that somebody
types would stay when the record changes, so the text may hold years, dates and citations only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.measures import Period

FIELD: Final = re.compile(r"\[\[([^\[\]\n\r]*)\]\]")
_OPENED: Final = re.compile(r"\[\[|\]\]")
_HEAD: Final = re.compile(r"(figure|event|outcome|project|tool|cite):(.*)", re.DOTALL)
_DIGITS: Final = re.compile(r"\w*\d[\w.,:/%٪٫٬-]*")
# A year from 1900 to 2100, or two of them; a day or a month as ISO 8601 writes it.
_YEAR: Final = r"(?:19\d\d|20\d\d|2100)"
_TIMES: Final = re.compile(
    rf"(?<![\w.,])(?:{_YEAR}[-–/]{_YEAR}|{_YEAR}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)"
    r"(?![\w%٪]|[-.,:/][\d])",
    re.ASCII,
)
# Languages in which a document may be written with names of months.
_LANGUAGES: Final = ("en", "fr", "ar", "es")
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "event": frozenset({"participants", "women", "dates", "place", "title"}),
    "outcome": frozenset({"value", "period", "place", "title"}),
    "project": frozenset({"budget", "pledged", "shortfall", "title"}),
    "tool": frozenset({"languages", "languages-forthcoming"}),
}
# Symbols of documents of the United Nations ("S/RES/2331 (2016)", "A/RES/55/25", "CTOC/COP/2022/9",
# "SC/13018") and numbers of resolutions, decisions and articles, with their year.
_CITED: Final = re.compile(
    r"(?:[A-Z]{1,6}(?:/[A-Z0-9][A-Za-z0-9.-]{0,15}){1,5}"
    r"|(?:General Assembly |Security Council |ECOSOC )?(?:[Rr]esolution|[Dd]ecision) "
    r"\d{1,4}(?:/\d{1,4})?"
    r"|[Aa]rticle \d{1,3}(?:\(\d{1,2}\))?)"
    r"(?: \((?:19|20)\d\d\))?",
    re.ASCII,
)
_QUESTION: Final = frozenset({"country", "project", "since", "until", "part"})


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: figure, event, outcome, project, tool or cite; `key`: of the record or measure.

    `attribute`: what of the record; `asked`: pairs of a figure's question, in alphabetical order.
    """

    kind: str
    key: str
    attribute: str = ""
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        """The one spelling of the field: two that mean the same have the same."""
        ending = [self.attribute] if self.attribute else []
        return " ".join(
            [f"{self.kind}:{self.key}", *ending, *(f"{name}={value}" for name, value in self.asked)]
        )

    def value(self, name: str) -> str:
        return dict(self.asked).get(name, "")

    @property
    def period(self) -> Period:
        """Of a figure. Raises RuleBroken("document.field") without a first and a last day."""
        return Period(_day(self, "since"), _day(self, "until"))


Part = str | Field


def parsed(text: str) -> tuple[Part, ...]:
    """Words and fields in their order. Raises RuleBroken("document.field") for what is neither."""
    parts: list[Part] = []
    at = 0
    for found in FIELD.finditer(text):
        parts += [text[at : found.start()]] if found.start() > at else []
        parts.append(_field(found[1].strip()))
        at = found.end()
    parts += [text[at:]] if at < len(text) else []
    for words in parts:
        if isinstance(words, str) and _OPENED.search(words):
            raise _refused(words.strip()[:60], _("Close each field: two brackets on either side."))
    return tuple(parts)


def check_narrative(text: str) -> tuple[Part, ...]:
    """The parts of a text that somebody wrote.

    Raises RuleBroken ("document.field"; "document.figure": a number was typed).
    """
    parts = parsed(text)
    for words in parts:
        typed = sorted(set(typed_figures(words))) if isinstance(words, str) else []
        if typed:
            raise RuleBroken(
                "document.figure",
                _("Figures are not typed: %(typed)s.") % {"typed": ", ".join(typed)},
                _(
                    "Put a field in its place, such as [[event:E05 participants]], or a citation "
                    "as [[cite:…]]. Years and dates may be typed."
                ),
            )
    return parts


def typed_figures(words: str) -> Iterator[str]:
    """What stands in the words as a number and is neither a year nor a date.

    A count from 1900 to 2100 that stands alone cannot be told from a year: the reviewer reads it.
    """
    left = _TIMES.sub(" ", _dates().sub(" ", words))
    for found in _DIGITS.finditer(left):
        yield found[0].rstrip(".,:-/")
    # Halves, squares, and numerals of other kinds, which are no digits.
    yield from (sign for sign in left if sign.isnumeric() and not sign.isdecimal())


def fields_of(text: str) -> list[Field]:
    """The fields of a text in their order. Raises RuleBroken("document.field")."""
    return [part for part in parsed(text) if isinstance(part, Field)]


@cache
def _dates() -> re.Pattern[str]:
    """Days with the name of a month: "3 March 2024", "February 12, 2025", and "20–21 May 2017"."""
    names = {
        name.rstrip(".")
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, locale=language).values()
    }
    month = "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ")"
    day = r"(?:1er|3[01]|[12]?\d)"
    days = rf"{day}(?:\s*(?:-|–|and|et|و|y)\s*{day})?"
    return re.compile(
        rf"(?<!\w)(?:{days}\s+(?:de\s+)?{month}\.?(?:\s+(?:de\s+)?{_YEAR})?|"
        rf"{month}\s+{days},?\s+{_YEAR})(?!\w)",
        re.IGNORECASE,
    )


def _field(text: str) -> Field:
    head = _HEAD.fullmatch(text)
    if not head:
        raise _refused(
            text, _("A field begins with figure, event, outcome, project, tool or cite.")
        )
    kind, rest = head[1], " ".join(head[2].split())
    if not rest:
        raise _refused(text, _("Name the record after the colon."))
    if kind == "cite":
        if not _CITED.fullmatch(rest):
            raise _refused(
                text, _("Cite a symbol, such as S/RES/2331 (2016), or “resolution 55/25”.")
            )
        return Field(kind, rest)
    return _figure(text, rest) if kind == "figure" else _record(text, kind, rest)


def _record(text: str, kind: str, rest: str) -> Field:
    key, _space, attribute = rest.rpartition(" ")
    if attribute in ATTRIBUTES[kind] and key:
        return Field(kind, key, attribute)
    if kind == "outcome" and " " not in rest:
        return Field(kind, rest, "value")
    raise _refused(
        text,
        _("After the record comes one of: %(words)s.")
        % {"words": ", ".join(sorted(ATTRIBUTES[kind]))},
    )


def _figure(text: str, rest: str) -> Field:
    code, *pairs = rest.split(" ")
    asked = dict(pair.partition("=")[::2] for pair in pairs)
    if not set(asked) <= _QUESTION or not all(asked.values()):
        raise _refused(
            text, _("A figure is asked with since=, until=, country=, project= and part=.")
        )
    field = Field("figure", code, asked=tuple(sorted(asked.items())))
    _span = field.period  # refused here, where it was written, and not when it is computed
    return field


def _day(field: Field, name: str) -> date:
    try:
        return date.fromisoformat(field.value(name))
    except ValueError:
        raise _refused(
            field.code, _("Give the first and the last day: since=2024-01-01 until=2024-12-31.")
        ) from None


def _refused(text: str, remedy: str) -> RuleBroken:
    return RuleBroken("document.field", _("“%(text)s” is no field.") % {"text": text[:80]}, remedy)


def conflicting(note: str) -> tuple[str, ...]:
    """What a source states twice and differently, as its record quotes it; () where it does not.

    The register keeps such a note in one form: the source says '…' for this and '…' for that.
    """
    if "the source says" not in note:
        return ()
    quoted = tuple(re.findall(r"'([^']+)'", note))
    return quoted if len(quoted) > 1 else ()
