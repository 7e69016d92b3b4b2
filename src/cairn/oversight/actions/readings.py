"""The one way to the content of sealed fields: allowed, written down, and only then opened."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import AuditEntry
from cairn.oversight import rules
from cairn.oversight.actions.alerts import count_refusal, raise_alert
from cairn.oversight.models import BreakGlass, Reading, ReadingSubject
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.queries.access import live_break_glass
from cairn.oversight.rules import Basis, Purpose
from cairn.oversight.subjects import SubjectKind, kind_of
from cairn.oversight.subjects import kind as kind_called
from cairn.vault import keyring
from cairn.vault.fields import SealedModel
from cairn.vault.opening import Unreadable, open_values

__all__ = ["MOST_AT_ONCE", "Opened", "Unreadable", "read", "read_for_export", "read_for_link"]

log = logging.getLogger(__name__)

# More records than this are an export, which a second person approves.
MOST_AT_ONCE = 100
# For so long a record that somebody took from a colleague is not their own caseload: a judgement.
TAKEN_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened values of one record: name of the field -> text, or Unreadable with why."""

    record: Any
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a reading stands: the membership, one's work, an emergency access, or a link."""

    basis: Basis = Basis.MEMBERSHIP
    id: UUID | None = None
    allowed: frozenset[UUID] = field(default_factory=frozenset)


def read(
    actor: Actor,
    records: Sequence[SealedModel],
    fields: Sequence[str],
    purpose: Purpose,
    reason: str,
) -> list[Opened]:
    """Open sealed `fields` of `records` (all of one kind, at most 100), in their order.

    The caller has found the records through `visible_to`. Who reads what and why is committed
    before anything is opened; so this is never called inside another transaction.
    Raises PermissionDenied, LookupError for a kind or field that is not registered, or RuleBroken
    ("oversight.reason", "oversight.too-many").
    """
    if not records:
        return []
    kind = kind_of(records[0])
    ground = _ground(actor, kind, records)
    return _read(actor, kind, records, fields, purpose, reason, ground)


def read_for_link(
    actor: Actor, record: SealedModel, fields: Sequence[str], reason: str, link_id: UUID
) -> Opened:
    """Open what a live link allows of a record in another zone. Called by actions.links only."""
    ground = Ground(Basis.LINK, link_id, frozenset({record.pk}))
    kind = kind_of(record)
    return _read(actor, kind, [record], fields, Purpose.ASSISTANCE, reason, ground)[0]


def read_for_export(
    actor: Actor, records: Sequence[SealedModel], fields: Sequence[str], reason: str, id: UUID
) -> list[Opened]:
    """Open the approved fields of one part of an export. Called by actions.exports only."""
    if not records:
        return []
    kind = kind_of(records[0])
    ground = _ground(actor, kind, records)
    return _read(actor, kind, records, fields, Purpose.EXPORT, reason, ground)


def _ground(actor: Actor, kind: SubjectKind, records: Sequence[SealedModel]) -> Ground:
    """What allows `actor` to open these. Raises PermissionDenied when for one nothing does."""
    outside = [record for record in records if not _covers(actor, kind, record)]
    if not outside:
        return Ground(Basis.MEMBERSHIP, None, frozenset(record.pk for record in records))
    if all(kind.works_with(actor, record) for record in outside):
        return Ground(Basis.WORK, None, frozenset(record.pk for record in records))
    if access := _emergency(actor, kind, records):
        return Ground(Basis.BREAK_GLASS, access.pk, frozenset(record.pk for record in records))
    count_refusal(actor, kind.key, codes=sorted(record.code for record in _typed(outside))[:20])
    raise PermissionDenied(kind.open.value)


def _emergency(
    actor: Actor, kind: SubjectKind, records: Sequence[SealedModel]
) -> BreakGlass | None:
    """The actor's emergency access to the one record that all of these are, or belong to."""
    owners = {kind.part_of(record) or (kind.key, record.pk) for record in records}
    if len(owners) != 1:
        return None
    [(key, subject_id)] = owners
    if kind_called(key).break_glass is None:
        return None
    return live_break_glass(actor, key).filter(subject_id=subject_id).first()


def _covers(actor: Actor, kind: SubjectKind, record: Any) -> bool:
    return actor.may_within(
        kind.open,
        record.organisation_id,
        getattr(record, "unit_id", None),
        getattr(record, "country", ""),
        getattr(record, "area", ""),
    )


def _read(
    actor: Actor,
    kind: SubjectKind,
    records: Sequence[SealedModel],
    fields: Sequence[str],
    purpose: Purpose,
    reason: str,
    ground: Ground,
) -> list[Opened]:
    _check(kind, records, fields, ground)
    reason = rules.check_reason(reason)
    with transaction.atomic(durable=True):
        reading = _write_down(actor, kind, records, fields, purpose, reason, ground)
    opened = [
        Opened(record, values)
        for record, values in zip(records, open_values(records, fields), strict=True)
    ]
    _tell_of_unreadable(actor, kind, reading, opened)
    return opened


def _check(
    kind: SubjectKind, records: Sequence[SealedModel], fields: Sequence[str], ground: Ground
) -> None:
    if any(kind_of(record) != kind for record in records):
        raise LookupError(f"Not all of these records are of kind {kind.key}.")
    if unknown := set(fields) - set(kind.sealed):
        raise LookupError(f"{kind.key} has no sealed field {sorted(unknown)}.")
    if {record.pk for record in records} - ground.allowed:
        raise PermissionDenied(kind.open.value)
    rules.check_amount(len(records), MOST_AT_ONCE)


def _write_down(
    actor: Actor,
    kind: SubjectKind,
    records: Sequence[SealedModel],
    fields: Sequence[str],
    purpose: Purpose,
    reason: str,
    ground: Ground,
) -> Reading:
    """The reading, its records, and its entry in the chained log; in the caller's transaction."""
    now = clock.now()
    reading = Reading(
        at=now,
        actor_id=actor.user_id,
        actor_roles=sorted(actor.roles),
        kind=kind.key,
        subject_zone=kind.zone,
        fields=sorted(fields),
        purpose=purpose,
        basis=ground.basis,
        basis_id=ground.id,
        # One key for the reasons of a month, not one for each of very many readings.
        data_key=keyring.named(f"reasons-{now:%Y-%m}", Zone.OVERSIGHT),
        reason=reason,
    )
    entry = audit.record(
        actor,
        "sealed.read",
        reading,
        kind=kind.key,
        purpose=purpose.value,
        basis=ground.basis.value,
        fields=sorted(fields),
        subjects=[str(record.pk) for record in records],
    )
    reading.audit_sequence = entry.sequence
    reading.save(force_insert=True)
    taken = _taken_from_others(actor, kind, records, now)
    ReadingSubject.objects.bulk_create(
        ReadingSubject(
            reading=reading,
            subject_id=record.pk,
            code=record.code,
            organisation_id=record.organisation_id,
            country=record.country,
            is_own_caseload=kind.is_own_caseload(actor, record) and str(record.pk) not in taken,
        )
        for record in _typed(records)
    )
    return reading


def _taken_from_others(
    actor: Actor, kind: SubjectKind, records: Sequence[SealedModel], now: datetime
) -> set[str]:
    """Ids of those `records` that the actor took out of a colleague's hands within a day.

    They do not count as one's own caseload yet: else whoever wants to look at a record, and not be
    asked why, would take it over first and give it back. One query.
    """
    entries = AuditEntry.objects.filter(
        subject_type=kind.model,
        subject_id__in=[str(record.pk) for record in records],
        code=kind.handed_over,
        actor_id=str(actor.user_id),
        at__gte=now - TAKEN_LATELY,
    )
    return {
        entry.subject_id
        for entry in entries
        if entry.facts.get("before") not in {None, "", str(actor.user_id)}
    }


def _typed(records: Sequence[SealedModel]) -> Sequence[Any]:
    """Code, organisation and country belong to each registered kind, not to their common base."""
    return records


def _tell_of_unreadable(
    actor: Actor, kind: SubjectKind, reading: Reading, opened: Sequence[Opened]
) -> None:
    """Name each value that could not be opened, in the log; an altered one raises an alert."""
    broken = [
        (each.record, name, value.reason)
        for each in opened
        for name, value in each.values.items()
        if isinstance(value, Unreadable)
    ]
    if not broken:
        return
    with transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(unreadable=len(broken))
        for record, name, why in broken:
            audit.record(actor, f"sealed.{why}", record, field=name)
            if why == "altered":
                log.error("sealed.altered %s %s %s", kind.model, record.pk, name)
                raise_alert(
                    AlertKind.ALTERED_VALUE,
                    # A value that is altered once more is news, also when the desk decided already.
                    window=f"{record.pk.hex}-{getattr(record, name).mark()}",
                    facts={"kind": kind.key, "code": record.code, "field": name},
                )
