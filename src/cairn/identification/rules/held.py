"""What may be done with an envelope that is held: released as a report, or closed with a reason."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.choices import HeldReason

# Here the signature holds and the unit can open it: a person may answer for the rest.
RELEASABLE = frozenset(
    {
        HeldReason.FUTURE_DATE,
        HeldReason.EXPIRED,
        HeldReason.REVOKED,
        HeldReason.UNKNOWN_LIST,
    }
)
RELEASED = "released"
ARRIVED = "arrived"


class Closing(TextChoices):
    """Why a held envelope is closed without becoming a report."""

    ASKED_AGAIN = "asked-again", gettext_lazy("The officer was asked and reported again")
    TEST = "test", gettext_lazy("It was a test")
    NOT_OURS = "not-ours", gettext_lazy("It was meant for another unit, which was told")
    UNUSABLE = "unusable", gettext_lazy("Nobody can open it, and the officer was told")
    ABUSE = "abuse", gettext_lazy("It is no report but an attempt to disturb")


def check_open(settled_at: datetime | None) -> None:
    """Raise RuleBroken("held.settled") when somebody has settled it."""
    if settled_at is not None:
        raise RuleBroken("held.settled", _("Somebody has settled this already."))


def check_releasable(reason: str) -> None:
    """Raise RuleBroken("held.release") for a reason that no person can answer for."""
    if reason not in RELEASABLE:
        raise RuleBroken(
            "held.release",
            _("This cannot become a report, since nobody can say who made it, or open it."),
            _("Ask the officer to report again, then close it with a reason."),
        )


def no_longer(reason: HeldReason) -> RuleBroken:
    """The refusal where something else stands in the way at the release."""
    return RuleBroken(
        "held.release",
        _("This cannot become a report: %(reason)s.") % {"reason": reason.label},
        _("Close it with a reason."),
    )


def settlement_words(settlement: str) -> str:
    """What was done, in words; "" while nothing was."""
    if settlement == RELEASED:
        return _("Released as a report")
    if settlement == ARRIVED:
        return _("The same report was received already")
    return str(Closing(settlement).label) if settlement in Closing.values else settlement


def explanation(reason: str) -> str:
    """What happened and what to do about it, two sentences at most."""
    words = {
        HeldReason.OVERSIZE: _(
            "It is larger than any report. Ask the officer whether something is missing."
        ),
        HeldReason.UNREADABLE: _(
            "It has not the form of an envelope. A report may have been damaged on its way; the "
            "phone still keeps its own copy."
        ),
        HeldReason.TRUNCATED: _(
            "A part of it is missing. The phone still keeps its own copy and sends it again."
        ),
        HeldReason.WRONG_VERSION: _(
            "The app on the phone is newer or older than this installation. Bring both up to date."
        ),
        HeldReason.REPLAYED: _(
            "A report with the same number is here, with another content. Somebody may have copied "
            "a phone, or its memory was put back: ask the officer."
        ),
        HeldReason.FOREIGN_KEY: _(
            "It is sealed for a key that the unit of this phone has not, or has no more. Nobody "
            "here can open it."
        ),
        HeldReason.BAD_SIGNATURE: _(
            "It names a phone whose signature does not fit. It was changed on its way, or somebody "
            "else made it."
        ),
        HeldReason.UNKNOWN_DEVICE: _(
            "It names a phone that was never enrolled here. It may belong to another installation."
        ),
        HeldReason.REVOKED: _(
            "It came from a phone that was revoked. Release it only if the officer made it."
        ),
        HeldReason.EXPIRED: _(
            "The phone had been without contact for too long when it was made. Release it if the "
            "officer made it."
        ),
        HeldReason.UNKNOWN_LIST: _(
            "It was made with a list of indicators that is not known here. Release it: it can be "
            "opened all the same."
        ),
        HeldReason.FUTURE_DATE: _(
            "The clock of the phone was more than two days ahead. Release it if the officer made "
            "it; the day of receipt counts."
        ),
    }
    return words.get(HeldReason(reason), "") if reason in HeldReason.values else ""
