"""Versions of the bundle's content: old ones are read for ever, newer ones are refused in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# One record as values, from one number to the next; None leaves it out (nothing needs it any more).
Converter = Callable[[dict[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Schema:
    """The number that this build writes, and how records of earlier numbers become it.

    `converters`: number -> what makes a record of that number one of the next. Every number below
    the present one has an entry, so that a kit that was away for a year can still come home.
    """

    number: int
    converters: Mapping[int, Converter] = field(default_factory=dict)

    def check(self, found: int) -> None:
        """Raise RuleBroken ("bundle.too-new", "bundle.schema") unless `found` can be read."""
        if found > self.number:
            raise RuleBroken(
                "bundle.too-new",
                _(
                    "This bundle was written by a newer Cairn: its form is number %(found)d, and "
                    "this Cairn reads up to number %(known)d."
                )
                % {"found": found, "known": self.number},
                _("Bring this installation up to date, then try the same file again."),
            )
        if found < self.oldest:
            raise RuleBroken(
                "bundle.schema",
                _("This bundle has form number %(found)d, which no Cairn ever wrote.")
                % {"found": found},
                _("Make the bundle again on the machine that it comes from."),
            )

    @property
    def oldest(self) -> int:
        """The lowest number from which an unbroken row of converters leads here."""
        number = self.number
        while number - 1 in self.converters:
            number -= 1
        return number

    def brought_up(self, values: dict[str, Any], found: int) -> dict[str, Any] | None:
        """A record of number `found` as one of the present number; None when it was left out."""
        for number in range(found, self.number):
            converted = self.converters[number](values)
            if converted is None:
                return None
            values = converted
        return values


# The first form that left a machine. Whoever changes what a record holds adds one to the number,
# writes the converter, and keeps a recorded bundle of the old number in the tests.
CURRENT = Schema(1)
