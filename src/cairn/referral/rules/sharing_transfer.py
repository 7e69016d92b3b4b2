"""Files that go to another organisation: which may, which stay and why, who decides. Pure.

The whole file goes, so what it goes on has to name every kind of content that a file can hold.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent_purposes import PURPOSES
from cairn.referral.rules.sharing import HandOverState

WHOLE: Final = frozenset(each.value for each in PURPOSES[Purpose.TRANSFER].most)
# In one hand-over: both sides can still look at each of them.
MOST_LINES: Final = 500


class LineState(TextChoices):
    """Where one file of a hand-over stands."""

    OFFERED = "offered", pgettext_lazy("file", "Waits for the other side")
    STAYS = "stays", pgettext_lazy("file", "Stays")
    DECLINED = "declined", pgettext_lazy("file", "Not taken")
    TAKEN_BACK = "taken-back", pgettext_lazy("file", "Taken back")
    ACCEPTED = "accepted", pgettext_lazy("file", "On its way")
    MOVED = "moved", pgettext_lazy("file", "Changed hands")


# A file is in one such line at a time, whoever proposes.
RUNNING: Final = frozenset({LineState.OFFERED, LineState.ACCEPTED})


class Stays(TextChoices):
    """Why a file does not go."""

    CLOSED = "closed", gettext_lazy("The record is closed.")
    ELSEWHERE = "elsewhere", gettext_lazy("The record is in another hand-over already.")
    HELD = "held", gettext_lazy("A legal reason holds the record where it is.")
    ERASURE = "erasure", gettext_lazy("Somebody asked that the record is erased.")
    EXCLUDED = "excluded", gettext_lazy("Nothing goes to this organisation.")
    NO_BASIS = "no-basis", gettext_lazy("Nobody has agreed that the file goes there.")
    NO_PROTOCOL = "no-protocol", gettext_lazy("No protocol with this organisation is in force.")
    CATEGORIES = "categories", gettext_lazy("What was agreed does not cover the whole file.")
    GUARDIAN = "guardian", gettext_lazy("It is a child, and nobody is guardian.")
    INTERESTS = "interests", gettext_lazy("Nobody has found that it serves the child best.")


REMEDIES: Final[dict[Stays, Promise]] = {
    Stays.NO_BASIS: gettext_lazy(
        "Ask the person under “To take over the help and the file”, and write down the answer."
    ),
    Stays.NO_PROTOCOL: gettext_lazy("Both sides sign one for this purpose."),
    Stays.CATEGORIES: gettext_lazy("The consent and the protocol have to name every kind."),
    Stays.GUARDIAN: gettext_lazy("Enter who the guardian is."),
    Stays.INTERESTS: gettext_lazy("Find whether the child should go to another place."),
}


class Covering(Protocol):
    """A consent, another ground or a protocol: which kinds of content it covers."""

    @property
    def categories(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands for and against it that one file goes to one organisation today."""

    is_open: bool
    is_elsewhere: bool
    is_held: bool
    is_to_be_erased: bool
    is_excluded: bool
    ground: Covering | None
    protocol: Covering | None
    is_guarded: bool
    serves_child: bool


def stays(facts: Facts) -> Stays | None:
    """The first thing for which a file stays where it is; None: it may go."""
    ground, protocol = facts.ground, facts.protocol
    asked = (
        (Stays.CLOSED, not facts.is_open),
        (Stays.ELSEWHERE, facts.is_elsewhere),
        (Stays.HELD, facts.is_held),
        (Stays.ERASURE, facts.is_to_be_erased),
        (Stays.EXCLUDED, facts.is_excluded),
        (Stays.NO_BASIS, ground is None),
        (Stays.NO_PROTOCOL, protocol is None),
        (Stays.CATEGORIES, not (_is_whole(ground) and _is_whole(protocol))),
        (Stays.GUARDIAN, not facts.is_guarded),
        (Stays.INTERESTS, not facts.serves_child),
    )
    return next((reason for reason, is_so in asked if is_so), None)


def _is_whole(covering: Covering | None) -> bool:
    return covering is not None and set(covering.categories) >= WHOLE


class Fate(StrEnum):
    """What becomes of something that is open when its file goes."""

    TAKEN_BACK = "taken-back"
    WAITS_ON = "waits-on"
    GOES_ON = "goes-on"
    ENDS = "ends"


FATES: Final[dict[Fate, Promise]] = {
    Fate.TAKEN_BACK: gettext_lazy("is taken back; nobody has seen it"),
    Fate.WAITS_ON: gettext_lazy(
        "goes along with its clock; it opens when the person was asked anew"
    ),
    Fate.GOES_ON: gettext_lazy("goes along; the outcome comes to the new organisation"),
    Fate.ENDS: gettext_lazy("ends, and the other side is told"),
}


def check_lines(count: int) -> None:
    """Raise RuleBroken("hand-over.none" or "hand-over.too-many")."""
    if not count:
        raise RuleBroken(
            "hand-over.none",
            _("None of these records may go there."),
            _("Beside each stands what it needs."),
        )
    if count > MOST_LINES:
        raise RuleBroken(
            "hand-over.too-many",
            ngettext(
                "More than %(most)d record at once is more than anybody can look at.",
                "More than %(most)d records at once are more than anybody can look at.",
                MOST_LINES,
            )
            % {"most": MOST_LINES},
            _("Hand over a part of them first."),
        )


def check_waits(state: str) -> None:
    """Raise RuleBroken("hand-over.decided") for one that does not wait for an answer any more."""
    if state != HandOverState.PROPOSED:
        raise RuleBroken(
            "hand-over.decided",
            _("This hand-over does not wait any more: %(state)s.")
            % {"state": HandOverState(state).label},
            _("Look at it again. Nothing of yours was done."),
        )
