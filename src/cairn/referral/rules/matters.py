"""What is asked of a claim before an authority, besides its state (see plans). Pure."""

from datetime import date

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.referral.rules.plans import MatterState


def check_words(acts: str) -> None:
    """Raise RuleBroken("matter.words") when nothing says what it is about."""
    if not acts.strip():
        raise RuleBroken(
            "matter.words", _("Write what the person is accused of, or what was lost.")
        )


def check_day(happened_on: date, last: date | None, today: date) -> date:
    """The day. Raises RuleBroken("matter.day") for one to come, or before the step before it."""
    if happened_on > today or (last is not None and happened_on < last):
        raise RuleBroken("matter.day", _("A step lies between the step before it and today."))
    return happened_on


def check_forum(to: MatterState, forum: str) -> None:
    """Raise RuleBroken("matter.forum") when nobody is named with whom it was raised."""
    if to is MatterState.RAISED and not forum:
        raise RuleBroken("matter.forum", _("Name the court or authority with which it was raised."))


def check_reason(to: MatterState, reason: str) -> None:
    """Raise RuleBroken("matter.reason") for a refusal without the reason that was given."""
    if to is MatterState.NOT_APPLIED and not reason.strip():
        raise RuleBroken(
            "matter.reason",
            _("Write the reason that the authority gave; it is needed to go against it."),
        )
