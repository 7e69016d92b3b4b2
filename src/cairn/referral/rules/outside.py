"""Links for recipients without an account: how long they live, how many numbers are tried. Pure."""

import re
from datetime import timedelta

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# A judgement: longer than the clock of a referral that is not urgent (seven days), with its
# reminders; the help itself can be reported on by the same link meanwhile.
LIVES = timedelta(days=60)
# With eight digits a stranger who has the link guesses right once in twenty million.
MOST_ATTEMPTS = 5
DIGITS = 8


def check_number(typed: str) -> str:
    """The digits of a number as people type it. Raises RuleBroken("link.number")."""
    digits = re.sub(r"\D", "", _western(typed))
    if len(digits) != DIGITS:
        raise RuleBroken(
            "link.number",
            _("The number has eight digits."),
            _("You got it by another way than the link: by telephone, for example."),
        )
    return digits


def _western(typed: str) -> str:
    """Arabic-Indic and other digits as 0 to 9."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed)


def dead() -> RuleBroken:
    """What every link says that does not work, whatever the reason."""
    return RuleBroken(
        "link.dead",
        _("This link does not work, or does not work any more."),
        _("Ask whoever sent it to you for another one."),
    )


def away() -> RuleBroken:
    """What a link says while nothing that is sealed can be opened here."""
    return RuleBroken(
        "link.away",
        _("Nothing can be opened just now."),
        _("Try again later: the link and its number stay as they are."),
    )


def wrong_number(left: int) -> RuleBroken:
    """What a wrong number hears."""
    return RuleBroken(
        "link.wrong",
        _("This number does not belong to the link."),
        _("After %(left)d more wrong numbers the link ends.") % {"left": left}
        if left
        else _("The link has ended. Ask whoever sent it to you for another one."),
    )
