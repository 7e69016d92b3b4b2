"""What a document is asked about, read from what was typed: years, countries, a theme."""

from typing import Any

from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.geography.areas import country
from cairn.portfolio.rules import Subject, Theme

EARLIEST, LATEST = 1900, 2100


def year(text: str) -> int:
    """A year, or the year of a date. Raises RuleBroken("document.year")."""
    head = text.split("-")[0]
    if not (head.isascii() and head.isdigit() and EARLIEST <= int(head) <= LATEST):
        raise RuleBroken(
            "document.year",
            _("“%(text)s” is no year.") % {"text": text[:40]},
            _("Write it with four digits, such as 2024."),
        )
    return int(head)


def countries(text: str) -> list[str]:
    """Codes of countries from names or codes with commas between.

    Raises RuleBroken("document.country") for what names none.
    """
    found: list[str] = []
    for name in filter(None, (each.strip() for each in text.split(","))):
        code = name.upper() if _is_code(name.upper()) else country(name)
        if code is None:
            raise RuleBroken(
                "document.country",
                _("“%(name)s” is no country.") % {"name": name[:60]},
                _("Write names, or codes of three letters, with commas between: NPL, Mali."),
            )
        found.append(code)
    return list(dict.fromkeys(found))


def _is_code(text: str) -> bool:
    try:
        geography.country(text)
    except KeyError:
        return False
    return True


def theme(text: str) -> str:
    """A subject or a service area. Raises RuleBroken("document.theme")."""
    if text not in dict(themes()):
        raise RuleBroken(
            "document.theme",
            _("There is no theme “%(text)s”.") % {"text": text[:60]},
            _("Choose one of: %(themes)s.") % {"themes": ", ".join(dict(themes()))},
        )
    return text


def themes(_actor: Any = None) -> list[tuple[str, str]]:
    """Every theme with its words: subjects of projects first, then service areas."""
    return [(code, str(label)) for code, label in (*Subject.choices, *Theme.choices)]


def citation(text: str) -> str:
    """A mandate as it is cited, with single spaces."""
    return " ".join(text.split())[:200]
