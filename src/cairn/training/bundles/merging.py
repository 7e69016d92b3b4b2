"""What becomes of each record that arrives: accepted, known already, refused, or waiting.

The merge asks a store (tables, or a dictionary in a trial) and never keeps anything itself, so a
merge that was cut off anywhere goes on from what the store holds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.bundles.envelopes import Envelope


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Kinds:
    """How each kind of record is merged.

    `appended`: made once, never changed (marks, answers, observations); `owned`: changed by one
    place at a time, the one that checked the event out (agenda, enrolment, seats).
    """

    appended: frozenset[str]
    owned: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.appended | self.owned


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store remembers of a record that was offered before.

    For an owned kind it is the newest version: `sequence` counts up on its device.
    """

    outcome: Outcome
    hash: str
    owner: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record. `code`, `reason`: why it was refused, or what it waits for."""

    envelope: Envelope
    outcome: Outcome
    code: str = ""
    reason: str = ""


class AlreadyThere(Exception):
    """`apply` found the very same record, brought on another way."""


class Store(Protocol):
    """What a merge needs from whoever keeps the records. One batch is one transaction of theirs."""

    def entry(self, envelope: Envelope) -> Entry | None:
        """The accepted record of this kind and id, for an owned kind its newest version; else what
        became of exactly this one; else None.
        """

    def exists(self, id: UUID) -> bool:
        """Whether a record that others need is there."""

    def apply(self, envelope: Envelope) -> None:
        """Make the record, or the next version of it, so.

        Raises RuleBroken or AlreadyThere, and then has changed nothing.
        """

    def remember(self, verdict: Verdict) -> None:
        """Keep what became of it (never called for a duplicate)."""

    def waiting_for(self, id: UUID) -> Sequence[Envelope]:
        """The parked records that need this one."""


@dataclass(slots=True)
class Report:
    """What became of the records of one bundle, in the order in which it was decided."""

    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def counts(self) -> Mapping[Outcome, int]:
        found = Counter(each.outcome for each in self.verdicts)
        return {outcome: found[outcome] for outcome in Outcome}

    def having(self, outcome: Outcome) -> list[Verdict]:
        return [each for each in self.verdicts if each.outcome == outcome]


def merge(
    records: Iterable[Envelope], store: Store, kinds: Kinds, holder: str | None
) -> Iterator[Verdict]:
    """Offer `records` to `store`, one after the other; yields what became of each, and of each
    parked record that one of them set free.

    `holder`: who holds what is owned by one place now (a kit's id as text, or SERVER).
    """
    for envelope in records:
        verdict = offer(envelope, store, kinds, holder)
        yield verdict
        if verdict.outcome is Outcome.ACCEPTED:
            yield from _freed(envelope.id, store, kinds, holder)


def offer(envelope: Envelope, store: Store, kinds: Kinds, holder: str | None) -> Verdict:
    """Decide on one record and make it so; safe to do twice."""
    known = store.entry(envelope)
    verdict = (known and _of_known(envelope, known, kinds)) or _of_new(
        envelope, store, kinds, holder
    )
    if verdict.outcome is not Outcome.DUPLICATE:
        if known is None or (known.outcome, known.hash) != (verdict.outcome, envelope.hash):
            store.remember(verdict)
    return verdict


def _of_known(envelope: Envelope, known: Entry, kinds: Kinds) -> Verdict | None:
    """The verdict that what is remembered gives; None when the record is to be looked at anew."""
    if known.outcome in {Outcome.REFUSED, Outcome.PARKED}:
        return None  # what was wrong may have been put right since
    if known.hash == envelope.hash:
        return Verdict(envelope, Outcome.DUPLICATE)
    if envelope.kind in kinds.owned:
        if envelope.owner == known.owner and envelope.sequence <= known.sequence:
            return Verdict(envelope, Outcome.DUPLICATE)  # a later version is in already
        return None
    return _refused(
        envelope,
        "record.changed",
        _("This record was received before with another content; the first one stands."),
    )


def _of_new(envelope: Envelope, store: Store, kinds: Kinds, holder: str | None) -> Verdict:
    if envelope.kind not in kinds.all:
        return _refused(
            envelope, "record.kind", _("Records of this kind are not taken from an event kit.")
        )
    if envelope.kind in kinds.owned and envelope.owner != holder:
        return _refused(
            envelope,
            "record.not-owner",
            _("This was changed on a machine that no longer held the event."),
        )
    missing = [each for each in envelope.needs if not store.exists(each)]
    if missing:
        return Verdict(
            envelope,
            Outcome.PARKED,
            "record.parent",
            _("It waits for a record that it belongs to and that has not come yet."),
        )
    try:
        store.apply(envelope)
    except RuleBroken as refusal:
        return _refused(envelope, refusal.code, refusal.message)
    except AlreadyThere:
        return Verdict(envelope, Outcome.DUPLICATE)
    return Verdict(envelope, Outcome.ACCEPTED)


def _freed(id: UUID, store: Store, kinds: Kinds, holder: str | None) -> Iterator[Verdict]:
    """Offer what waited for `id`, and what waited for that in turn; chains may be long."""
    arrived = [id]
    while arrived:
        for envelope in store.waiting_for(arrived.pop()):
            verdict = offer(envelope, store, kinds, holder)
            if verdict.outcome is Outcome.PARKED:
                continue
            yield verdict
            if verdict.outcome is Outcome.ACCEPTED:
                arrived.append(envelope.id)


def _refused(envelope: Envelope, code: str, reason: str) -> Verdict:
    return Verdict(envelope, Outcome.REFUSED, code, reason)
