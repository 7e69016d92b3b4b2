"""Where a record stands in a thematic submission, and whether it belongs to it. Pure.

Sources write freely, so a record is placed by words of its kind and its unit. What no word tells of
stays in: a reader may leave it out, but cannot add what was never shown.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final


class SubmissionPart(StrEnum):
    """The parts of a submission. Source: submission of June 2024 to the Special Rapporteur."""

    TRAINING = "training"
    DESIGN = "design"
    INVESTIGATIONS = "investigations"
    COUNTRIES = "countries"
    CONFLICTS = "conflicts"


_P = SubmissionPart
_INVESTIGATIONS: Final = re.compile(r"case|investigat|decision|prosecut|identified|convict|rescue")
_TRAINING: Final = re.compile(r"train|course|workshop|seminar|lesson|certif")
_MEETINGS: Final = re.compile(r"expert group|conference|consultation")

# Stems of words by which a record without a project tells what it is about: subjects of projects,
# and the seven service areas of the partnership folder of 2010.
SUBJECT_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "trafficking": ("traffick", "victim"),
    "smuggling": ("smuggl",),
    "organized-crime": ("organized crime", "organised crime"),
}
AREA_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "prevention": ("prevent", "awareness"),
    "research": ("research", "analysis", "study", "survey"),
    "legislation": ("legislat", "law-making", "model law"),
    "strategy": ("action plan", "policy", "strategy"),
    "criminal-justice": ("investigat", "prosecut", "detection", "criminal", "case", "decision"),
    "protection": ("victim", "assist", "protection", "identification"),
    "cooperation": ("cross-border", "multilateral", "cooperation", "joint"),
}


def part_of_event(kind: str) -> SubmissionPart:
    """Meetings design a response; everything else that is held trains people."""
    return _P.DESIGN if _MEETINGS.search(kind.casefold()) else _P.TRAINING


def part_of_outcome(kind: str, unit: str) -> SubmissionPart:
    words = f"{kind} {unit}".casefold()
    if _INVESTIGATIONS.search(words):
        return _P.INVESTIGATIONS
    return _P.TRAINING if _TRAINING.search(words) else _P.DESIGN


def is_about(theme: str, words: str) -> bool:
    """True unless the words name other themes of the same sort, and not this one."""
    known = SUBJECT_WORDS if theme in SUBJECT_WORDS else AREA_WORDS
    if theme not in known:
        return True
    said = words.casefold()
    named = {code for code, stems in known.items() if any(stem in said for stem in stems)}
    return not named or theme in named


def years_in(words: str, *, today: date) -> tuple[int, int] | None:
    """First and last year that a period in words names; "since 2008" lasts until today."""
    years = [int(found) for found in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", words)]
    if not years:
        return None
    last = today.year if "since" in words.casefold() else max(years)
    return min(years), max(last, max(years))


def overlaps(years: tuple[int, int] | None, since: int, until: int) -> bool:
    """Whether years lie in the span, both ends included; what has no date may, and stays in."""
    return years is None or (years[0] <= until and years[1] >= since)


def in_countries(named: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether a record belongs to the countries that are asked for; to none means to all."""
    wanted = set(asked)
    return not wanted or bool(wanted & set(named))
