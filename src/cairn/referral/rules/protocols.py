"""Rules of protocols: what is agreed between organisations before anything is shared. Pure.

Source of the idea: information-sharing protocols of the GBV Information Management System and of
CPIMS+ (signed by every party, with a first and a last day, before any sharing).
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, Purpose

# A judgement: people, mandates and front lines change; after five years it is agreed anew.
LONGEST = timedelta(days=5 * 365)
# A judgement: one signs after having read, so a protocol that nobody could read is none.
SHORTEST_TEXT = 40


class ProtocolState(TextChoices):
    """What somebody did with a protocol; whether it holds on a day is `Standing`."""

    DRAFT = "draft", pgettext_lazy("protocol", "Draft")
    SIGNED = "signed", pgettext_lazy("protocol", "Signed by all")
    ENDED = "ended", pgettext_lazy("protocol", "Ended")


class SignatureForm(TextChoices):
    HERE = "here", pgettext_lazy("signature", "Signed here")
    PAPER = "paper", pgettext_lazy("signature", "Signed on paper")


class Standing(TextChoices):
    """How a protocol stands on a day. Only one that is in force lets anything be shared."""

    DRAFT = "draft", pgettext_lazy("protocol", "Waits for signatures")
    TO_COME = "to-come", pgettext_lazy("protocol", "Begins later")
    IN_FORCE = "in-force", pgettext_lazy("protocol", "In force")
    EXPIRED = "expired", pgettext_lazy("protocol", "Has run out")
    ENDED = "ended", pgettext_lazy("protocol", "Ended")


def standing(
    state: str, starts_on: date, ends_on: date, ended_on: date | None, today: date
) -> Standing:
    """How a protocol stands on `today`: it holds on both days, and no longer on `ended_on`."""
    if state == ProtocolState.DRAFT:
        return Standing.DRAFT
    if state == ProtocolState.ENDED or (ended_on is not None and ended_on <= today):
        return Standing.ENDED
    if today > ends_on:
        return Standing.EXPIRED
    return Standing.TO_COME if today < starts_on else Standing.IN_FORCE


def check_draft(
    *,
    title: str,
    text: str,
    parties: Collection[UUID],
    categories: Collection[str],
    purposes: Collection[str],
) -> None:
    """Raise RuleBroken("protocol.title", "protocol.text", "protocol.parties",
    "protocol.categories", "protocol.purposes") for what could not be signed."""
    if not title.strip():
        raise RuleBroken("protocol.title", _("Give the protocol a title."))
    if len(text.strip()) < SHORTEST_TEXT:
        raise RuleBroken(
            "protocol.text",
            _("The text is too short to say what was agreed."),
            _("Write what each party does and does not do with what it is told."),
        )
    if len(set(parties)) < 2:
        raise RuleBroken("protocol.parties", _("A protocol has at least two parties."))
    if not categories or set(categories) - set(DataCategory.values):
        raise RuleBroken("protocol.categories", _("Say what may be shared."))
    if not purposes or set(purposes) - set(Purpose.values):
        raise RuleBroken("protocol.purposes", _("Say for what it may be shared."))


def check_days(starts_on: date, ends_on: date, today: date) -> None:
    """Raise RuleBroken("protocol.days") for days out of order, past, or too far away."""
    if ends_on < starts_on:
        raise RuleBroken("protocol.days", _("A protocol ends on or after its first day."))
    if ends_on < today:
        raise RuleBroken(
            "protocol.days",
            _("The last day of this protocol is over."),
            _("Choose a later one, so that it can hold at all."),
        )
    if ends_on - max(starts_on, today) > LONGEST:
        raise RuleBroken(
            "protocol.days",
            _("A protocol holds for at most five years."),
            _("Choose an earlier last day; it can be agreed anew when it comes."),
        )


def check_changeable(state: str, signatures: int) -> None:
    """Raise RuleBroken("protocol.signed") unless it is a draft that nobody has signed."""
    if state != ProtocolState.DRAFT or signatures:
        raise RuleBroken(
            "protocol.signed",
            _("Somebody has signed these words, so they do not change any more."),
            _("Draft a later version; it takes the place of this one when all have signed it."),
        )


def check_signing(
    state: str, parties: Collection[UUID], signed: Collection[UUID], party: UUID
) -> None:
    """Raise RuleBroken("protocol.state", "protocol.party", "protocol.twice") unless `party` has
    still to sign."""
    if state != ProtocolState.DRAFT:
        raise RuleBroken("protocol.state", _("This protocol does not wait for a signature."))
    if party not in parties:
        raise RuleBroken("protocol.party", _("This organisation is no party to the protocol."))
    if party in signed:
        raise RuleBroken("protocol.twice", _("This organisation has signed already."))


def check_paper(
    paper: str, *, signs_here: bool, signed_by: Collection[UUID], recorded_by: UUID
) -> None:
    """Whether `recorded_by` may note a signature that a party gave on paper.

    `signs_here`: the party has somebody here who could sign; `signed_by`: who signed or noted the
    other signatures. Raises RuleBroken("protocol.signs-here", "protocol.paper",
    "protocol.second-person").
    """
    if signs_here:
        raise RuleBroken(
            "protocol.signs-here",
            _("This party has somebody here who signs for it."),
            _("Ask them to sign; nobody else can."),
        )
    if not paper.strip():
        raise RuleBroken(
            "protocol.paper",
            _("Say where the signed paper is kept, so that it can be found and looked at."),
        )
    if recorded_by in signed_by:
        raise RuleBroken(
            "protocol.second-person",
            _("Whoever signed or noted a signature does not note another one."),
            _("Ask a colleague who may sign protocols to look at the paper and to note it."),
        )


def check_signed_on(signed_on: date, today: date) -> None:
    """Raise RuleBroken("protocol.signed-on") for a day to come."""
    if signed_on > today:
        raise RuleBroken("protocol.signed-on", _("Nobody has signed on a day to come."))


def is_complete(parties: Collection[UUID], signed: Collection[UUID]) -> bool:
    """True when every party has signed."""
    return bool(parties) and set(parties) <= set(signed)


def check_same_words(signed: Collection[str], words: str) -> None:
    """Raise RuleBroken("protocol.words") when somebody signed other words than these."""
    if set(signed) - {words}:
        raise RuleBroken(
            "protocol.words",
            _("The words of this protocol are not those that were signed."),
            _("Nothing is shared on it. Tell whoever runs this installation."),
        )


def check_replaced(state: str, ended_on: date | None, *, has_later: bool) -> None:
    """Raise RuleBroken("protocol.replaced") unless a later version may be drafted."""
    if state == ProtocolState.DRAFT:
        raise RuleBroken(
            "protocol.replaced",
            _("This version is not signed yet."),
            _("Change it, or give it up, before you draft another one."),
        )
    if has_later or ended_on is not None:
        raise RuleBroken("protocol.replaced", _("Another version has taken its place already."))


def check_ending(now: Standing, on: date, reason: str, today: date) -> None:
    """Raise RuleBroken("protocol.over", "protocol.end-day", "protocol.reason") unless it may end.

    `on`: the first day on which it does not hold any more.
    """
    if now in {Standing.ENDED, Standing.EXPIRED}:
        raise RuleBroken("protocol.over", _("This protocol is over already."))
    if on < today:
        raise RuleBroken(
            "protocol.end-day",
            _("A protocol is not ended for days that are over: things were shared on it."),
        )
    if not reason.strip():
        raise RuleBroken("protocol.reason", _("Say why it ends; all parties read it."))


def digest(facts: Mapping[str, Any], parties: Sequence[str]) -> str:
    """SHA-256 (hex) of all that is signed, in canonical JSON. `facts`: JSON values by name."""
    signed = {**facts, "parties": sorted(parties)}
    words = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()
