"""The tables as a merge sees them: each record that a kit brings is tried on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.pseudonyms import drawn
from cairn.training.actions.people import check_alive
from cairn.training.actions.steps import record_step
from cairn.training.bundles import envelopes
from cairn.training.bundles.clocks import Offset
from cairn.training.bundles.envelopes import Envelope
from cairn.training.bundles.merging import AlreadyThere, Entry, Outcome, Verdict
from cairn.training.models import (
    AttendanceMark,
    KitCheckout,
    Practitioner,
    ReceivedRecord,
    RefusedRecord,
    TrainingEvent,
)
from cairn.training.queries.kits_packing import ALIAS, MARK, SENT, aliases, renamed
from cairn.training.queries.kits_shapes import BY_KIND, KINDS, SHAPES
from cairn.training.queries.kits_values import (
    REMOVED,
    Shape,
    content_of,
    going_back,
    invalid,
    needs_of,
    restored,
)
from cairn.training.rules.states import EVENT_MOVES, EventState

# Rows of the ledger that a merge wrote: what phones sent by themselves has rows of its own.
LEDGER = "kit:"
DIGEST = 64  # hex signs of a SHA-256
_UNLIKE = frozenset({"received_at", "recorded_by", "offset_seconds"})


@dataclass(slots=True)
class Tables:
    """A `merging.Store` over the tables, for one bundle of one checkout.

    `offset`: what is known of the kit's clock. Used inside the caller's transactions.
    """

    checkout: KitCheckout
    offset: Offset
    received_at: datetime
    actor: Actor
    names: Mapping[str, str] = field(default_factory=aliases)
    _there: set[UUID] = field(default_factory=set)

    @property
    def event(self) -> TrainingEvent:
        return self.checkout.event

    @property
    def origin(self) -> str:
        return self.checkout.kit.code

    def entry(self, envelope: Envelope) -> Entry | None:
        rows = ReceivedRecord.objects.filter(
            kind=LEDGER + envelope.kind, record_id=envelope.id, outcome=Outcome.ACCEPTED
        )
        if row := rows.first():
            return Entry(Outcome.ACCEPTED, row.digest, row.origin, row.sequence)
        refused = self._refused(envelope)
        if refused is None:
            return None
        outcome = Outcome.PARKED if refused.is_parked else Outcome.REFUSED
        return Entry(outcome, envelope.hash, envelope.owner, envelope.sequence)

    def exists(self, id: UUID) -> bool:
        if id in self._there or str(id) in self.names:
            return True
        if any(shape.rows.filter(pk=id).exists() for shape in SHAPES):
            self._there.add(id)
            return True
        return False

    def apply(self, envelope: Envelope) -> None:
        if envelope.owner != self.origin:
            raise RuleBroken(
                "record.not-owner", _("This record says that another machine made it.")
            )
        shape = BY_KIND[envelope.kind]
        content = renamed(dict(envelope.content), self.names)
        if set(needs_of(shape, envelope.content, envelope.id)) - set(envelope.needs):
            raise invalid()
        try:
            with transaction.atomic():
                self._apply(shape, envelope, content)
        except IntegrityError:
            raise _contradicts(shape) from None
        self._there.add(envelope.id)

    def remember(self, verdict: Verdict) -> None:
        envelope = verdict.envelope
        if verdict.outcome is Outcome.ACCEPTED:
            ReceivedRecord.objects.update_or_create(
                kind=LEDGER + envelope.kind,
                record_id=envelope.id,
                defaults={
                    "digest": envelope.hash,
                    "origin": envelope.owner[:40],
                    "sequence": envelope.sequence,
                    "event": self.event,
                    "outcome": Outcome.ACCEPTED,
                    "received_at": self.received_at,
                },
            )
            self._came_in(envelope)
            return
        RefusedRecord.objects.update_or_create(
            kind=envelope.kind[:24],
            record_id=envelope.id,
            digest=envelope.hash,
            defaults={
                "event": self.event,
                "content": told(envelope),
                "origin": self.origin,
                "reason_code": verdict.code[:60],
                "reason": verdict.reason[:400],
                "is_parked": verdict.outcome is Outcome.PARKED,
                "received_at": self.received_at,
            },
        )

    def waiting_for(self, id: UUID) -> Sequence[Envelope]:
        rows = RefusedRecord.objects.filter(event=self.event, is_parked=True, resolved_at=None)
        return [
            envelopes.of_values(row.content)
            for row in rows
            if str(id) in row.content.get("needs", ())
        ]

    # -- one record ------------------------------------------------------------------------------

    def _apply(self, shape: Shape, envelope: Envelope, content: dict[str, Any]) -> None:
        found = shape.rows.filter(pk=envelope.id).first()
        if found is not None:
            self._check_ours(shape, found)
        if shape.kind in KINDS.appended:
            if found is None:
                self._make(shape, envelope, content)
            elif _alike(shape, found, content):
                raise AlreadyThere
            else:
                raise RuleBroken(
                    "record.changed",
                    _("A record with this id is here already, with another content."),
                )
        elif envelope.content.get(REMOVED):
            self._remove(found)
        elif found is None:
            self._make(shape, envelope, content)
        else:
            self._change(shape, found, content)

    def _make(self, shape: Shape, envelope: Envelope, content: dict[str, Any]) -> None:
        if shape.kind == "event":
            raise RuleBroken("record.kind", _("A kit does not bring new events."))
        if shape.model is Organisation and self._is_known(envelope, content):
            return
        self._loosen(shape, content)
        record = shape.model(pk=envelope.id)
        restored(shape, record, content)
        self._check_ours(shape, record)
        self._set_clocks(shape, record, content)
        if isinstance(record, Practitioner):
            record.organisation_id = record.organisation_id or self.event.organisation_id
            if Practitioner.objects.filter(code=record.code).exists():
                record.code = drawn()
        if isinstance(record, AttendanceMark):
            record.received_at = self.received_at
            record.offset_seconds = self._offset_of(record.offset_seconds)
        record.save(force_insert=True)
        self._set_parts(shape, record, content)
        if isinstance(record, AttendanceMark):
            self._note_sent(record, str(content.get(SENT, "")))

    def _note_sent(self, mark: AttendanceMark, digest: str) -> None:
        """The phone that sent this mark to the kit may send it here as well: it is known then."""
        if len(digest) == DIGEST:
            ReceivedRecord.objects.get_or_create(
                kind=MARK,
                record_id=mark.pk,
                defaults={
                    "digest": digest,
                    "origin": mark.device,
                    "event": self.event,
                    "outcome": Outcome.ACCEPTED,
                    "received_at": self.received_at,
                },
            )

    def _change(self, shape: Shape, record: Any, content: dict[str, Any]) -> None:
        if isinstance(record, Practitioner) and not self._made_on_kit(record):
            raise RuleBroken(
                "record.read-only", _("Records of people from here cannot be changed on a kit.")
            )
        if isinstance(record, Practitioner):
            # What was erased or joined here does not come back with a laptop.
            check_alive(record)
        content = going_back(shape, content)
        self._loosen(shape, content)
        before = record.state if isinstance(record, TrainingEvent) else ""
        names = restored(shape, record, content)
        self._check_ours(shape, record)
        if isinstance(record, TrainingEvent) and record.state != before:
            self._note_move(record, before)
        self._set_clocks(shape, record, content)
        record.save(update_fields=names)
        self._set_parts(shape, record, content)

    def _remove(self, record: Any) -> None:
        if record is None:
            return
        if isinstance(record, TrainingEvent | Practitioner):
            raise RuleBroken("record.read-only", _("This cannot be removed on a kit."))
        try:
            record.delete()
        except models.ProtectedError:
            raise RuleBroken(
                "record.in-use",
                _("This was removed on the kit, but other records here hang on it."),
            ) from None

    def _set_parts(self, shape: Shape, record: Any, content: Mapping[str, Any]) -> None:
        if shape.back is not None:
            return
        for name in shape.many:
            getattr(record, name).set([UUID(each) for each in content.get(name, [])])
        for name, part in shape.parts.items():
            rows = [self._set_part(part, record, values) for values in content.get(name, [])]
            if shape.kind == "sitting":
                # Answers are the sitting's own; marks given here stay beside those of the kit.
                getattr(record, name).exclude(pk__in=[row.pk for row in rows]).delete()

    def _set_part(self, part: Shape, holder: Any, values: Mapping[str, Any]) -> Any:
        """A record that lives inside `holder`, and what lives inside it in turn."""
        id = UUID(values["id"])
        row: Any = part.rows.filter(pk=id).first() or part.model(pk=id)
        pointing = f"{part.inside}_id"
        if getattr(row, pointing) not in {None, holder.pk}:
            raise invalid()
        setattr(row, pointing, holder.pk)
        restored(part, row, values)
        self._set_clocks(part, row, values)
        row.save()
        self._set_parts(part, row, values)
        return row

    # -- what a kit may touch --------------------------------------------------------------------

    def _check_ours(self, shape: Shape, record: Any) -> None:
        """Raise RuleBroken unless the record belongs to the event that was checked out."""
        if not shape.event:
            return
        value = record
        for step in shape.event.split("__"):
            value = getattr(value, step)
        if value != self.event.pk:
            raise RuleBroken("record.event", _("This record belongs to another event."))
        enrolment = getattr(record, "enrolment", None)
        session = getattr(record, "session", None)
        for other in (enrolment, session):
            if other is not None and other.event_id != self.event.pk:
                raise RuleBroken("record.event", _("This record belongs to another event."))

    def _made_on_kit(self, person: Practitioner) -> bool:
        return ReceivedRecord.objects.filter(
            kind=f"{LEDGER}practitioner", record_id=person.pk, origin=self.origin
        ).exists()

    def _loosen(self, shape: Shape, content: dict[str, Any]) -> None:
        for name in shape.loose:
            if content.get(name) and not self.exists(UUID(content[name])):
                content[name] = None

    def _is_known(self, envelope: Envelope, content: Mapping[str, Any]) -> bool:
        """An organisation of the same name is here: the kit's id becomes another name of it."""
        same = Organisation.objects.filter(name__iexact=str(content.get("name", "")).strip())
        if (ours := same.first()) is None:
            return False
        ReceivedRecord.objects.update_or_create(
            kind=ALIAS,
            record_id=envelope.id,
            defaults={
                "digest": envelope.hash,
                "origin": str(ours.pk),
                "event": self.event,
                "outcome": Outcome.ACCEPTED,
                "received_at": self.received_at,
            },
        )
        self.names = dict(self.names) | {str(envelope.id): str(ours.pk)}
        return True

    def _note_move(self, event: TrainingEvent, before: str) -> None:
        if event.state not in _reachable(EventState(before)):
            raise RuleBroken(
                "training_event.move",
                _("The event moved on the kit in a way that it cannot move from where it is here."),
            )
        reason = _("On the kit “%(kit)s”.") % {"kit": self.checkout.kit.label}
        record_step(self.actor, event, before, event.state, reason)

    # -- clocks ----------------------------------------------------------------------------------

    def _offset_of(self, measured: int | None) -> int | None:
        """Seconds by which the device was ahead of us: ahead of the kit, and the kit of us."""
        best = self.offset.best
        if best is None or measured is None:
            return None
        return measured + round(best / timedelta(seconds=1))

    def _set_clocks(self, shape: Shape, record: Any, content: Mapping[str, Any]) -> None:
        best = self.offset.best
        for name in shape.clocked:
            if best and content.get(name):
                setattr(record, name, getattr(record, name) - best)

    # -- the list of what was not taken ------------------------------------------------------------

    def _refused(self, envelope: Envelope) -> RefusedRecord | None:
        return RefusedRecord.objects.filter(
            kind=envelope.kind[:24], record_id=envelope.id, digest=envelope.hash
        ).first()

    def _came_in(self, envelope: Envelope) -> None:
        RefusedRecord.objects.filter(
            kind=envelope.kind[:24], record_id=envelope.id, digest=envelope.hash, resolved_at=None
        ).update(
            is_parked=False,
            resolved_at=self.received_at,
            resolved_by=self.actor.user_id,
            resolution=_("It was taken after all."),
        )


def told(envelope: Envelope) -> dict[str, Any]:
    """An envelope for the list of what was not taken: as it was sent, without names."""
    sealed = BY_KIND[envelope.kind].sealed if envelope.kind in BY_KIND else ()
    return {
        "kind": envelope.kind,
        "id": str(envelope.id),
        "owner": envelope.owner,
        "sequence": envelope.sequence,
        "needs": [str(each) for each in envelope.needs],
        "content": {name: each for name, each in envelope.content.items() if name not in sealed},
    }


def _alike(shape: Shape, record: models.Model, content: Mapping[str, Any]) -> bool:
    here = content_of(shape, record)
    names = set(here) - _UNLIKE
    fresh = shape.model(pk=record.pk)
    restored(shape, fresh, content)
    there = content_of(shape, fresh) if not shape.many else dict(content)
    return all(here[name] == there.get(name) for name in names)


def _contradicts(shape: Shape) -> RuleBroken:
    if shape.kind == "sitting":
        return RuleBroken(
            "record.twice", _("This participant has taken this test already; the first one stands.")
        )
    if shape.kind == "enrolment":
        return RuleBroken(
            "record.twice", _("This person, or this personal code, is enrolled already.")
        )
    return RuleBroken(
        "record.contradicts", _("This record contradicts another one that is here already.")
    )


def _reachable(now: EventState) -> set[EventState]:
    found: set[EventState] = set()
    ahead = [now]
    while ahead:
        for to in EVENT_MOVES[ahead.pop()] - found:
            found.add(to)
            ahead.append(to)
    return found
