"""Shares of what is kept about a person, as agreements, and files that change hands. Pure.

States: reference study on casework, E3. A share is an agreement with versions: it is proposed,
looked at, accepted, changed, revoked; what the other side has then is destroyed, and it says so.
"""

from collections.abc import Collection, Mapping
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
    MOVING = "moving", pgettext_lazy("hand-over", "Records are on their way")
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


def check_two(giver: object, taker: object) -> None:
    """Raise RuleBroken("share.self") for a share of an organisation with itself."""
    if giver == taker:
        raise RuleBroken(
            "share.self",
            _("Inside one organisation nothing is shared: colleagues have the record."),
        )


def check_content(content: Mapping[str, str], categories: Collection[str]) -> None:
    """Raise RuleBroken("share.content") unless there are words, and only of what is agreed."""
    written = {name for name, text in content.items() if text.strip()}
    if written - set(categories):
        raise RuleBroken(
            "share.content",
            _("There are words here of a kind that is not among those to be told."),
            _("Choose that kind as well, or take the words out."),
        )
    if not written:
        raise RuleBroken("share.content", _("Write what the other side is to know."))


def check_outlasts(expires_on: date, *ends: date | None) -> None:
    """Raise RuleBroken("share.outlasts") for a share that lasts longer than what it stands on."""
    last = min((day for day in ends if day is not None), default=expires_on)
    if expires_on > last:
        raise RuleBroken(
            "share.outlasts",
            _("The consent or the protocol ends before that day: %(day)s.")
            % {"day": last.isoformat()},
            _("Choose that day or an earlier one."),
        )


def check_same(version: int, seen: int) -> None:
    """Raise RuleBroken("share.changed") for terms other than those that were seen."""
    if version != seen:
        raise RuleBroken(
            "share.changed",
            _("The terms have just been changed."),
            _("Look at them again before you decide."),
        )


def check_not_over(expires_on: date, today: date) -> None:
    """Raise RuleBroken("share.over") after the last day."""
    if expires_on < today:
        raise RuleBroken("share.over", _("The last day of this share is over."))


def check_caseload(count: int, expected: int, *, is_same: bool) -> None:
    """Raise RuleBroken for a caseload that goes nowhere, is empty, or is not what was seen.

    Codes: "hand-over.self", "hand-over.none", "hand-over.changed".
    """
    if is_same:
        raise RuleBroken("hand-over.self", _("These records are in these hands already."))
    if not count:
        raise RuleBroken("hand-over.none", _("There is no open record to hand over."))
    if count != expected:
        raise RuleBroken(
            "hand-over.changed",
            _("There are other records now than a moment ago: %(count)d.") % {"count": count},
            _("Look again, and hand them over then."),
        )
