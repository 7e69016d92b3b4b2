"""Shares of what is kept about a person, as agreements, and files that change hands. Pure.

States: reference study on casework, E3. A share is an agreement with versions: it is proposed,
looked at, accepted, changed, revoked; what the other side has then is destroyed, and it says so.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken


class ShareState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("share", "Proposed")
    PREVIEWED = "previewed", pgettext_lazy("share", "Looked at")
    ACTIVE = "active", pgettext_lazy("share", "Holds")
    REJECTED = "rejected", pgettext_lazy("share", "Not wanted")
    REVOKED = "revoked", pgettext_lazy("share", "Revoked")
    EXPIRED = "expired", pgettext_lazy("share", "Ended")
    PURGED = "purged", pgettext_lazy("share", "Ended, and destroyed over there")


class ShareSide(StrEnum):
    """Who moves a share. CLOCK: its last day, and consent that was withdrawn."""

    GIVER = "giver"
    TAKER = "taker"
    CLOCK = "clock"


_GIVER, _TAKER, _CLOCK = (frozenset({side}) for side in ShareSide)
_ENDS: Final = {ShareState.REVOKED: _GIVER | _CLOCK, ShareState.EXPIRED: _CLOCK}
SHARE_MOVES: Final[Mapping[ShareState, Mapping[ShareState, frozenset[ShareSide]]]] = {
    ShareState.PROPOSED: {
        ShareState.PREVIEWED: _TAKER,
        ShareState.REJECTED: _TAKER,
        **_ENDS,
    },
    ShareState.PREVIEWED: {ShareState.ACTIVE: _TAKER, ShareState.REJECTED: _TAKER, **_ENDS},
    # A wider version waits for the taker again; a narrower one holds at once.
    ShareState.ACTIVE: {ShareState.PROPOSED: _GIVER, ShareState.ACTIVE: _GIVER, **_ENDS},
    ShareState.REJECTED: {},
    ShareState.REVOKED: {ShareState.PURGED: _TAKER},
    ShareState.EXPIRED: {ShareState.PURGED: _TAKER},
    ShareState.PURGED: {},
}
OPEN: Final = frozenset({ShareState.PROPOSED, ShareState.PREVIEWED, ShareState.ACTIVE})
LONGEST: Final = timedelta(days=366)


class Why(TextChoices):
    """Why files change hands."""

    POST_CLOSES = "post-closes", gettext_lazy("The post closes")
    STAFF_LEAVES = "staff-leaves", gettext_lazy("Somebody leaves")
    PERSON_MOVES = "person-moves", gettext_lazy("The person moves")
    BETTER_PLACED = "better-placed", gettext_lazy("Somebody else can help better")


class HandOverState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("hand-over", "Waits for the other side")
    DONE = "done", pgettext_lazy("hand-over", "Done")
    REFUSED = "refused", pgettext_lazy("hand-over", "Refused")
    TAKEN_BACK = "taken-back", pgettext_lazy("hand-over", "Taken back")


class Gone(TextChoices):
    """What the old owner is told of a record."""

    MOVED = "moved", pgettext_lazy("record", "Moved")
    REVOKED = "revoked", pgettext_lazy("record", "No longer shared with you")


def check_share_move(before: ShareState, after: ShareState, side: ShareSide) -> None:
    """Raise RuleBroken("share.move") for a step that this side cannot make from there."""
    if side not in SHARE_MOVES[before].get(after, frozenset()):
        raise RuleBroken(
            "share.move",
            _("A share that is “%(before)s” does not become “%(after)s” from your side.")
            % {"before": before.label, "after": after.label},
            _("Look at the page again: the other side may have moved it."),
        )


def check_days(starts_on: date, expires_on: date) -> None:
    """Raise RuleBroken("share.days") for a share that ends before it starts, or has no end near."""
    if not starts_on <= expires_on <= starts_on + LONGEST:
        raise RuleBroken(
            "share.days",
            _("A share ends after it starts, and within a year."),
            _("It can be agreed again when the year is over."),
        )
