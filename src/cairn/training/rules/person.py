"""What may stand in the record of a trainee: years of birth, languages, days of service."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# Bands of five years: close enough to tell two people apart, too wide to tell who somebody is.
BAND = 5
_YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_LANGUAGES = 8


def birth_band(text: str, *, today: date) -> str:
    """ "1982" or "1980-1984" as a band "1980-1984"; "" stays empty.

    Raises RuleBroken("person.birth") for what is no year, or makes somebody under 16 or over 90.
    """
    if not text.strip():
        return ""
    match = _YEARS.fullmatch(text.strip())
    first = int(match.group(1)) if match else 0
    start = first - first % BAND
    # A second year only has to lie in the same band.
    if match and match.group(2) and int(match.group(2)) - start not in range(BAND):
        match = None
    if not match or not today.year - 90 <= first <= today.year - 16:
        raise RuleBroken(
            "person.birth",
            _("“%(text)s” cannot be years of birth.") % {"text": text[:20]},
            _("Write a year or five years, for example 1980-1984, or leave it empty."),
        )
    return f"{start}-{start + BAND - 1}"


def languages(text: str) -> list[dict[str, str]]:
    """ "fr:C1|ar" as [{"code": "fr", "level": "C1"}, {"code": "ar", "level": ""}].

    Separated by | or commas. Levels are those of the Council of Europe (CEFR, 2001), A1 to C2.
    Raises RuleBroken("person.language").
    """
    found: list[dict[str, str]] = []
    for part in re.split(r"[|,;]", text):
        code, _colon, level = (piece.strip() for piece in part.partition(":"))
        if not code and not level:
            continue
        code, level = code.lower(), level.upper()
        if not _LANGUAGE.fullmatch(code) or (level and level not in _LEVELS):
            raise RuleBroken(
                "person.language",
                _("“%(text)s” is not a language with its level.") % {"text": part.strip()[:20]},
                _("Write the code, a colon and a level from A1 to C2, for example fr:C1|en:B2."),
            )
        if all(each["code"] != code for each in found):
            found.append({"code": code, "level": level})
    if len(found) > MOST_LANGUAGES:
        raise RuleBroken(
            "person.language",
            _("At most %(count)d languages are kept.") % {"count": MOST_LANGUAGES},
            _("Leave out those that the person would not work in."),
        )
    return found


def languages_text(found: Sequence[dict[str, str]]) -> str:
    """The opposite of `languages`, for a form."""
    return "|".join(
        f"{each['code']}:{each['level']}" if each.get("level") else each["code"] for each in found
    )


def check_periods(
    starts_on: date | None, ends_on: date | None, *, code: str = "person.days"
) -> None:
    """Raise RuleBroken(`code`) when a period ends before it starts; open ends forbid nothing."""
    if starts_on and ends_on and ends_on < starts_on:
        raise RuleBroken(
            code,
            _("The period ends before it begins."),
            _("Choose a last day on or after the first."),
        )


def check_name(name: str) -> None:
    """Raise RuleBroken("person.name") for a name without a letter."""
    if not any(sign.isalpha() for sign in name):
        raise RuleBroken(
            "person.name",
            _("A name has letters."),
            _("Write the name as the person writes it, in their own script."),
        )


def latest(days: Iterable[date | None]) -> date | None:
    """The latest of some days, None for none."""
    return max((each for each in days if each), default=None)
