"""When something that came in is a report, and when it is held for a supervisor to look at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.identification.envelopes.content import check_content, check_identity
from cairn.identification.envelopes.format import Envelope
from cairn.identification.rules.choices import Channel, HeldReason

# A phone's clock may be in another day's zone and a day wrong; further ahead is no mistake of that
# kind. A judgement of this platform.
MOST_AHEAD = timedelta(hours=48)
# What was made while the enrolment ran may be carried by hand for weeks before it comes to a
# network. After this the phone's word for the day of its making is not enough. A judgement.
CARRIED_AT_MOST = timedelta(days=30)
# Held items of one address in an hour, and their bytes: a store that anybody can fill is none.
HELD_PER_HOUR = 300
HELD_BYTES_PER_HOUR = 8 * 1024 * 1024

# Held although the phone that it names did sign it: only these are told in a receipt for it.
SIGNED = frozenset(
    {
        HeldReason.REVOKED,
        HeldReason.EXPIRED,
        HeldReason.FOREIGN_KEY,
        HeldReason.UNKNOWN_LIST,
        HeldReason.FUTURE_DATE,
        HeldReason.REPLAYED,
    }
)
# Channels on which the server itself seals what somebody typed or brought.
SEALED_HERE = frozenset({Channel.PAPER, Channel.WEB, Channel.PARTNER})


@dataclass(frozen=True, slots=True)
class Sender:
    """A phone as intake needs it. `public`: None while it is not enrolled."""

    id: UUID
    code: str
    receiver_id: UUID
    public: bytes | None
    profile: str
    role: str
    generation: int | None
    valid_until: datetime | None
    revoked_at: datetime | None
    last_sequence: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A reception key as intake needs it."""

    id: str
    receiver_id: UUID
    is_destroyed: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """What is to be sealed here. `id`: of the report where the sender has one, else None."""

    content: dict[str, Any]
    identity: dict[str, Any] | None = None
    id: UUID | None = None


def reason_to_hold(
    envelope: Envelope,
    sender: Sender | None,
    target: Target | None,
    *,
    knows_list: bool,
    now: datetime,
) -> HeldReason | None:
    """Why the envelope of a phone is held; None when it is a report.

    The signature comes before everything that the envelope says of itself, since anybody may
    carry items and anybody may change them on the way.
    """
    if sender is None or sender.public is None:
        return HeldReason.UNKNOWN_DEVICE
    if not envelope.is_signed_by(sender.public):
        return HeldReason.BAD_SIGNATURE
    if sender.revoked_at is not None:
        return HeldReason.REVOKED
    if is_expired(sender.valid_until, envelope.made_at, now):
        return HeldReason.EXPIRED
    if not is_openable(target, sender.receiver_id):
        return HeldReason.FOREIGN_KEY
    if not knows_list:
        return HeldReason.UNKNOWN_LIST
    if envelope.made_at > now + MOST_AHEAD:
        return HeldReason.FUTURE_DATE
    return None


def is_expired(valid_until: datetime | None, made_at: datetime, now: datetime) -> bool:
    """True when the enrolment had run out at the making, or so long ago that nobody can tell."""
    if valid_until is None:
        return True
    return made_at > valid_until or now > valid_until + CARRIED_AT_MOST


def is_openable(target: Target | None, receiver_id: UUID) -> bool:
    """True when the key is one of the unit, retired ones too, and somebody can still open it."""
    return target is not None and target.receiver_id == receiver_id and not target.is_destroyed


def check_plain(items: Sequence[Plain]) -> None:
    """Raise RuleBroken("report.content") unless everything has the form that is sealed."""
    for item in items:
        flaw = check_content(item.content)
        if not flaw and item.identity is not None:
            flaw = check_identity(item.identity)
        if flaw:
            raise RuleBroken("report.content", flaw_words(flaw))


def check_lists(known: Collection[str], contents: Iterable[Mapping[str, Any]]) -> None:
    """Raise RuleBroken("report.list") unless each content names a list that is known."""
    if any(content.get("list", "") not in known for content in contents):
        raise RuleBroken(
            "report.list",
            _("The list of indicators that this was made with is not known here."),
            _("Use the form with the list that is in force."),
        )


def check_channel(channel: Channel) -> None:
    """Raise ValueError for a channel on which only phones seal."""
    if channel not in SEALED_HERE:
        raise ValueError(f"Nothing is sealed here for the channel {channel.value!r}.")


def flaw_words(flaw: str) -> str:
    """A sentence about a flaw of a content, in the reader's language."""
    words = {
        "unreadable": _("What was sealed cannot be read."),
        "version": _("It was written in a version that is not known here."),
        "missing": _("It says nothing of danger, of age or of the outcome."),
        "unknown-field": _("It holds a field that no report has."),
        "wrong-type": _("One of its answers has the wrong form."),
        "wrong-code": _("One of its answers is none of those that can be given."),
        "too-long": _("One of its texts or lists is too long."),
        "markup": _("One of its texts holds code of web pages."),
        "control-signs": _("One of its texts holds hidden signs."),
        "judgement-reason": _("The officer's own judgement is lower, without a reason."),
    }
    return words.get(flaw, flaw)


def no_key() -> RuleBroken:
    """The refusal where a unit has no key to seal to."""
    return RuleBroken(
        "report.no-key",
        _("This receiving unit has no reception key, so nothing can be sealed for it."),
        _("Ask the unit to make one."),
    )


def at_once() -> RuleBroken:
    """The refusal where the same reports came twice at the same moment."""
    return RuleBroken(
        "report.at-once",
        _("Some of these reports are being sent by somebody else at this moment."),
        _("Nothing was stored. Send them again."),
    )
