"""The shape of a sign and of a file of signs, and the edition that Cairn ships.

A file has one row for each sign; `text_<language>` and `next_<language>` hold the wording. The
wording of the shipped edition is our own. What its lists rest on: the ILO indicators of 2009 for
labour (weights: see `delphi`), the six lists of the UNODC leaflet "Human trafficking indicators"
(unscored; it says that presence or absence of any of them proves nothing), and field signs of our
own for each setting. The lists of the ILO for sexual exploitation have other weights, which are
not known here, so that nothing is weighed for them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.indicatorbank.delphi import Dimension, Weight
from cairn.identification.indicatorbank.guidance import Kind
from cairn.identification.rules.choices import Setting, WorkerProfile

SHIPPED = "2026-1"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 60
# Judgements: a sign is read at a glance on a screen of 360 points.
LONGEST_TEXT = 240
# Between 8 and 12 signs for a place and a kind of officer: the field study's figure for what can
# be gone through in three minutes.
FEWEST_SHOWN, MOST_SHOWN = 8, 12
SOURCE_LANGUAGE = "en"
_WORDED = re.compile(r"(text|next)_([a-z]{2,3})")


class SourceList(TextChoices):
    """Where a sign is from. Only `field` is shown on phones; the others are for the desk."""

    FIELD = "field", gettext_lazy("Signs for the field")
    ILO_LABOUR = "ilo-labour", gettext_lazy("ILO 2009, labour exploitation")
    UN_GENERAL = "unodc-general", gettext_lazy("UNODC, general")
    UN_CHILDREN = "unodc-children", gettext_lazy("UNODC, children")
    UN_DOMESTIC = "unodc-domestic", gettext_lazy("UNODC, domestic servitude")
    UN_SEXUAL = "unodc-sexual", gettext_lazy("UNODC, sexual exploitation")
    UN_LABOUR = "unodc-labour", gettext_lazy("UNODC, labour exploitation")
    UN_BEGGING = "unodc-begging", gettext_lazy("UNODC, begging and petty crime")
    LOCAL = "local", gettext_lazy("Signs of this place")


@dataclass(frozen=True, slots=True)
class SignRow:
    """A sign as an edition has it. Empty `settings` or `profiles`: all.

    `is_asked`: is asked in a conversation, not seen. `stands_for`: codes of signs of other lists
    of the edition that a field sign is an instance of. `texts`, `nexts`: {language: words}.
    """

    code: str
    source_list: str
    kind: str
    dimension: str = ""
    adult: str = ""
    child: str = ""
    is_asked: bool = False
    settings: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    nexts: Mapping[str, str] = field(default_factory=dict)

    @property
    def meaning(self) -> tuple[str, str, str]:
        """What a code stands for in every edition; its weights, place and words may change."""
        return (self.source_list, self.dimension, self.kind)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a row of a file is refused. `row`: its number in the file, None: the whole file."""

    row: int | None
    column: str
    message: str
    remedy: str = ""


COLUMNS = (
    "code",
    "list",
    "dimension",
    "kind",
    "adult",
    "child",
    "asked",
    "settings",
    "profiles",
    "stands_for",
)
REQUIRED = ("code", "list", "kind", f"text_{SOURCE_LANGUAGE}")


def columns_for(rows: Iterable[SignRow]) -> list[str]:
    """The header of a file of these signs: English first, the other languages by code."""
    languages = {code for row in rows for code in (*row.texts, *row.nexts)}
    ordered = sorted(languages | {SOURCE_LANGUAGE}, key=lambda code: (code != "en", code))
    return [
        *COLUMNS,
        *(f"text_{code}" for code in ordered),
        *(f"next_{code}" for code in ordered),
    ]


def cells_of(row: SignRow, header: Iterable[str]) -> list[str]:
    """The cells of a sign under this header; `read_rows` reads them back as the same sign."""
    cells = {
        "code": row.code,
        "list": row.source_list,
        "dimension": row.dimension,
        "kind": row.kind,
        "adult": row.adult,
        "child": row.child,
        "asked": "yes" if row.is_asked else "no",
        "settings": " ".join(row.settings),
        "profiles": " ".join(row.profiles),
        "stands_for": " ".join(row.stands_for),
        **{f"text_{code}": words for code, words in row.texts.items()},
        **{f"next_{code}": words for code, words in row.nexts.items()},
    }
    return [cells.get(name, "") for name in header]


def read_rows(
    numbered: Iterable[tuple[int, Mapping[str, str]]],
) -> tuple[list[SignRow], list[Flaw]]:
    """Signs from the cells of a file by column, and what is wrong with it; all rows are looked at.

    A file with a flaw is not to be stored in part.
    """
    rows: list[SignRow] = []
    flaws: list[Flaw] = []
    lines: dict[str, int] = {}
    for number, cells in numbered:
        found, wrong = _read_row(number, cells)
        flaws.extend(wrong)
        if found is None:
            continue
        if found.code in lines:
            flaws.append(
                Flaw(
                    number,
                    "code",
                    _("This code stands in row %(row)s already.") % {"row": lines[found.code]},
                    _("Give every sign a code of its own."),
                )
            )
            continue
        lines[found.code] = number
        rows.append(found)
    if not rows and not flaws:
        flaws.append(Flaw(None, "", _("The file has no signs.")))
    for row in rows:
        strange = [code for code in row.stands_for if code not in lines]
        if strange:
            flaws.append(
                Flaw(
                    lines[row.code],
                    "stands_for",
                    _("No sign of this file has the code %(code)s.") % {"code": strange[0]},
                    _("Name codes of other rows, with a space between."),
                )
            )
    return rows, sorted(flaws, key=lambda flaw: flaw.row or 0)


def _read_row(number: int, cells: Mapping[str, str]) -> tuple[SignRow | None, list[Flaw]]:
    flaws: list[Flaw] = []

    def one_of(column: str, allowed: Iterable[str], *, may_be_empty: bool = True) -> str:
        given = cells.get(column, "").strip()
        choices = [each for each in allowed if each]
        if given not in choices and (given or not may_be_empty):
            flaws.append(_not_among(number, column, given, choices))
        return given

    def several(column: str, allowed: Iterable[str]) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(cells.get(column, "").replace(",", " ").split()))
        choices = list(allowed)
        for each in given:
            if each not in choices:
                flaws.append(_not_among(number, column, each, choices))
        return given

    code = cells.get("code", "").strip()
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        flaws.append(
            Flaw(
                number,
                "code",
                _("This is no code of a sign."),
                _("Use up to 60 small letters and digits with hyphens, such as no-pay."),
            )
        )
    texts, nexts, wrong = _worded(number, cells)
    flaws += wrong
    row = SignRow(
        code=code,
        source_list=one_of("list", SourceList.values, may_be_empty=False),
        kind=one_of("kind", [each.value for each in Kind], may_be_empty=False),
        dimension=one_of("dimension", [each.value for each in Dimension]),
        adult=one_of("adult", [each.value for each in Weight]),
        child=one_of("child", [each.value for each in Weight]),
        is_asked=one_of("asked", ["yes", "no"]) == "yes",
        settings=several("settings", Setting.values),
        profiles=several("profiles", WorkerProfile.values),
        stands_for=tuple(dict.fromkeys(cells.get("stands_for", "").split())),
        texts=texts,
        nexts=nexts,
    )
    if bool(row.dimension) != bool(row.adult or row.child):
        flaws.append(
            Flaw(
                number,
                "dimension",
                _("A weight needs a dimension, and a dimension a weight."),
                _("Leave both empty for a list that is not weighted."),
            )
        )
    return (None if flaws else row), flaws


def _worded(
    number: int, cells: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str], list[Flaw]]:
    found: dict[str, dict[str, str]] = {"text": {}, "next": {}}
    flaws: list[Flaw] = []
    for column, cell in cells.items():
        named = _WORDED.fullmatch(column)
        words = " ".join(cell.split())
        if named is None or not words:
            continue
        try:
            check_words(words)
        except RuleBroken as refusal:
            flaws.append(Flaw(number, column, refusal.message, refusal.remedy))
        found[named[1]][named[2]] = words
    if SOURCE_LANGUAGE not in found["text"]:
        flaws.append(
            Flaw(
                number,
                f"text_{SOURCE_LANGUAGE}",
                _("The sign has no wording in English."),
                _("Every sign needs one: it is shown where another language is missing."),
            )
        )
    return found["text"], found["next"], flaws


def check_words(words: str) -> None:
    """Raise RuleBroken("indicator.words") for wording that no phone could show."""
    if len(words) > LONGEST_TEXT:
        raise RuleBroken(
            "indicator.words",
            _("This has %(length)s characters; a sign has at most %(most)s.")
            % {"length": len(words), "most": LONGEST_TEXT},
            _("Say it shorter: it is read at a glance."),
        )
    if "<" in words or ">" in words:
        raise RuleBroken(
            "indicator.words",
            _("Wording is plain text, without < and >."),
            _("Write it without these marks."),
        )


def _not_among(number: int, column: str, given: str, choices: list[str]) -> Flaw:
    message = (
        _("“%(given)s” is not known here.") % {"given": given[:40]}
        if given
        else _("This cell may not be empty.")
    )
    return Flaw(
        number, column, message, _("Choose from: %(choices)s.") % {"choices": ", ".join(choices)}
    )


@cache
def shipped() -> tuple[SignRow, ...]:
    """The signs of the edition that Cairn ships, in their order. Its file is part of the code."""
    path = Path(__file__).parent / "editions" / f"{SHIPPED}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows, flaws = read_rows(enumerate(csv.DictReader(file), start=2))
    if flaws:
        raise ValueError(f"The shipped edition is wrong: {flaws[0]}")
    return tuple(rows)


def field_rows(rows: Iterable[SignRow]) -> Iterator[SignRow]:
    """Those that phones show: signs for the field, and signs of the place."""
    return (row for row in rows if row.source_list in {SourceList.FIELD, SourceList.LOCAL})


def counts_shown(rows: Iterable[SignRow]) -> dict[tuple[str, str], int]:
    """How many signs a phone shows, for each setting and profile."""
    signs = list(field_rows(rows))
    return {
        (setting, profile): sum(
            (not row.settings or setting in row.settings)
            and (not row.profiles or profile in row.profiles)
            for row in signs
        )
        for setting in Setting.values
        for profile in WorkerProfile.values
    }
