"""Rules of receiving units: what phones are told of them, and for whom they receive."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# A phone shows these on a small screen and keeps them without a network: judgements.
MOST_AREAS, MOST_RECIPIENTS, MOST_NUMBERS = 200, 20, 10
LONGEST_LABEL, LONGEST_CODE, LONGEST_NUMBER = 80, 40, 30
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
# What people dial: digits, with the signs that are written between them.
NUMBER = re.compile(r"\+?[0-9][0-9 ()/*#.-]{1,28}")

Pair = tuple[str, str]


def check_place(organisation_id: UUID, unit_organisation_id: UUID | None) -> None:
    """Raise RuleBroken("receiver.place") for a unit of another organisation."""
    if unit_organisation_id not in {None, organisation_id}:
        raise RuleBroken("receiver.place", _("This unit belongs to another organisation."))


def check_name(name: str) -> str:
    """The name without blanks around it; RuleBroken("receiver.name") when it is empty."""
    tidy = " ".join(name.split())
    if not tidy:
        raise RuleBroken("receiver.name", _("A unit has a name, as officers know it."))
    return tidy


def check_codes(pairs: Sequence[Pair], most: int) -> None:
    """Raise RuleBroken("receiver.list") unless every line has a code of its own and words."""
    if len(pairs) > most:
        raise RuleBroken(
            "receiver.list", _("At most %(count)d lines fit on a phone.") % {"count": most}
        )
    seen: set[str] = set()
    for code, words in pairs:
        if not CODE.fullmatch(code):
            raise RuleBroken(
                "receiver.list",
                _("“%(code)s” is no code: letters, digits, dots and dashes only.")
                % {"code": code[:LONGEST_CODE]},
            )
        if code in seen:
            raise RuleBroken(
                "receiver.list", _("The code “%(code)s” stands there twice.") % {"code": code}
            )
        if not words.strip() or len(words) > LONGEST_LABEL:
            raise RuleBroken(
                "receiver.list",
                _("“%(code)s” needs words of at most %(count)d signs.")
                % {"code": code, "count": LONGEST_LABEL},
            )
        seen.add(code)


def check_numbers(pairs: Sequence[Pair]) -> None:
    """Raise RuleBroken("receiver.numbers") unless each line has words and a number to call."""
    if len(pairs) > MOST_NUMBERS:
        raise RuleBroken(
            "receiver.numbers",
            _("At most %(count)d numbers fit on a phone.") % {"count": MOST_NUMBERS},
        )
    for words, number in pairs:
        if not words.strip() or len(words) > LONGEST_LABEL or not NUMBER.fullmatch(number):
            raise RuleBroken(
                "receiver.numbers",
                _("“%(line)s” is not understood: words, a bar, and the number to call.")
                % {"line": f"{words} | {number}"[:LONGEST_LABEL]},
            )
