"""The book of definitions: where they are put down and looked up, and words they share."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Definition:
    """The page behind a figure. `code` stands in its address; all else is in words."""

    code: str
    label: Words
    definition: Words
    formula: Words
    source: Words
    hiding: Words


STUDY = _("Training study, section 7")
UNDER_FIVE = _("Hidden when fewer than five people are behind it; exploratory under thirty.")
GROUPS = _("Hidden when either group has fewer than five people; exploratory under thirty.")
NEVER = _("Not hidden: it tells nothing about single people.")

_DEFINITIONS: dict[str, Definition] = {}


def register(
    code: str, label: Words, definition: Words, formula: Words, source: Words, hiding: Words
) -> None:
    """Add a definition. Raises ValueError for a code that is there already."""
    if code in _DEFINITIONS:
        raise ValueError(f"{code} has a definition already")
    _DEFINITIONS[code] = Definition(code, label, definition, formula, source, hiding)


def definition_of(code: str) -> Definition:
    """The definition of a figure. Raises KeyError for a code that has none."""
    return _DEFINITIONS[code]


def all_definitions() -> list[Definition]:
    """Every definition, in the order of registration."""
    return list(_DEFINITIONS.values())
