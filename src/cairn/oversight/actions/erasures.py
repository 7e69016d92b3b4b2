"""Erasure: asked, agreed by another person, done by destroying the key, proven without identity."""

import logging
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import stored_models
from cairn.core.errors import RuleBroken
from cairn.oversight import rules
from cairn.oversight.actions.alerts import tell
from cairn.oversight.actions.steps import add_step
from cairn.oversight.models import Erasure, Extension, Hold
from cairn.oversight.rules import ErasureState
from cairn.oversight.subjects import SubjectKind
from cairn.oversight.subjects import kind as kind_called
from cairn.vault import keyring
from cairn.vault.fields import SealedField, SealedModel

log = logging.getLogger(__name__)


def _find(actor: Actor, kind: SubjectKind, code: str) -> Any:
    """A record by code: visible to the actor, or any for whoever handles requests and retention."""
    desk = actor.may_any([Permission.SUBJECT_REQUEST_HANDLE, Permission.RETENTION_DECIDE])
    rows = kind.every() if desk else kind.visible_to(actor)
    return rows.get(code=code.strip().upper())


@transaction.atomic
def ask_erasure(actor: Actor, kind_key: str, code: str, reason: str) -> Erasure:
    """Ask that a record is erased. Asking twice gives the first asking.

    Raises the model's DoesNotExist, PermissionDenied, or RuleBroken ("oversight.reason",
    "erasure.held", "erasure.erased").
    """
    kind = kind_called(kind_key)
    record = _find(actor, kind, code)
    if not actor.may_any([Permission.SUBJECT_REQUEST_HANDLE, Permission.RETENTION_DECIDE]):
        require(actor, Permission.ERASURE_ASK, within=record)
    rules.check_has_key(_has_key(record))
    rules.check_not_held(_holds(kind, record.pk))
    waiting = Erasure.objects.filter(
        kind=kind.key,
        subject_id=record.pk,
        state__in=[ErasureState.ASKED, ErasureState.APPROVED],
    ).first()
    if waiting is not None:
        return waiting
    erasure = Erasure(
        kind=kind.key,
        subject_id=record.pk,
        code=record.code,
        reason=rules.check_reason(reason),
        asked_by=person(actor),
        asked_at=clock.now(),
    )
    erasure.save(force_insert=True)
    audit.record(actor, "erasure.asked", erasure, kind=kind.key)
    tell(
        [user for user in holders(Permission.ERASURE_APPROVE) if user != actor.user_id],
        "erasure.asked",
        erasure.pk,
    )
    return erasure


@transaction.atomic
def refuse_erasure(actor: Actor, erasure_id: UUID, note: str) -> Erasure:
    """Refuse, as another person, with a reason, which whoever asked can read.

    Raises Erasure.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.second-person", "oversight.reason").
    """
    erasure = _deciding(actor, erasure_id, ErasureState.REFUSED)
    note = rules.check_reason(note)
    erasure.save(update_fields=["state", "decided_by", "decided_at"])
    add_step(actor, erasure, ErasureState.ASKED.value, ErasureState.REFUSED.value, note)
    audit.record(actor, "erasure.refused", erasure, kind=erasure.kind)
    tell([erasure.asked_by] if erasure.asked_by else [], "erasure.refused", erasure.pk)
    return erasure


def approve_erasure(actor: Actor, erasure_id: UUID) -> Erasure:
    """Agree, as another person, and erase at once.

    The agreement is committed first, then the key is destroyed, then the proof is written: a
    stop between them leaves an approved erasure, which the watch brings to its end.
    Raises Erasure.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.second-person", "erasure.held").
    """
    with transaction.atomic():
        erasure = _deciding(actor, erasure_id, ErasureState.APPROVED)
        if erasure.subject_id is not None:
            rules.check_not_held(_holds(kind_called(erasure.kind), erasure.subject_id))
        erasure.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record(actor, "erasure.approved", erasure, kind=erasure.kind)
    return carry_out(actor, erasure)


def finish_erasures(actor: Actor) -> int:
    """Bring every approved erasure that was interrupted to its end; returns how many.

    One that cannot be finished never keeps the others back; what it met is raised at the end.
    """
    finished, problem = 0, None
    for erasure in Erasure.objects.filter(state=ErasureState.APPROVED).order_by("decided_at"):
        try:
            carry_out(actor, erasure)
        except Exception as met:
            log.error("erasure.unfinished id=%s error=%s", erasure.pk, type(met).__name__)
            problem = met
        else:
            finished += 1
    if problem is not None:
        raise problem
    return finished


def carry_out(actor: Actor, erasure: Erasure) -> Erasure:
    """Destroy the key of an approved erasure, empty the record, write the proof. Repeatable.

    The words in which it was asked may say who it was, so their key is destroyed as well; so are
    the further keys that the kind names.
    """
    kind = kind_called(erasure.kind)
    record = kind.every().filter(pk=erasure.subject_id).first()
    key_id: UUID | None = record.data_key if record is not None else None
    keys = [key_id, *kind.further_keys(record)] if key_id is not None else []
    destroyed = keyring.destroy(key_id) if key_id is not None else None
    for each in [*keys[1:], erasure.data_key]:
        keyring.destroy(each)
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if erasure.state == ErasureState.ERASED:
            return erasure
        values = 0
        if record is not None and key_id is not None:
            values = _count_values(keys)
            record.refresh_from_db()
            kind.after_erasure(record)
        erasure.state, erasure.erased_at = ErasureState.ERASED, clock.now()
        erasure.key_proof = destroyed.key_hash if destroyed else "0" * 64
        erasure.values = values
        erasure.subject_id, erasure.code = None, ""
        erasure.unreadable_in_copies_on = clock.now().date() + timedelta(
            days=settings.KEY_COPIES_DAYS
        )
        erasure.save()
        audit.record(
            actor,
            "erasure.done",
            erasure,
            kind=kind.key,
            key=erasure.key_proof,
            values=values,
        )
        tell([erasure.asked_by] if erasure.asked_by else [], "erasure.done", erasure.pk)
    return erasure


def _deciding(actor: Actor, erasure_id: UUID, to: ErasureState) -> Erasure:
    erasure = Erasure.objects.visible_to(actor).select_for_update().get(pk=erasure_id)
    require(actor, Permission.ERASURE_APPROVE)
    rules.check_move(ErasureState(erasure.state), to)
    rules.check_other_person(
        erasure.asked_by, actor.user_id, _("Who asks for an erasure does not agree to it.")
    )
    erasure.state, erasure.decided_by, erasure.decided_at = to, actor.user_id, clock.now()
    return erasure


def _count_values(keys: Collection[UUID]) -> int:
    """How many sealed values, in all contexts, lie under these keys and are noise from now on."""
    return sum(
        model._base_manager.filter(data_key__in=keys, **{f"{each.name}__isnull": False}).count()
        for model in stored_models()
        if issubclass(model, SealedModel)
        for each in model._meta.concrete_fields
        if isinstance(each, SealedField)
    )


def _has_key(record: SealedModel) -> bool:
    return bool(keyring.exists([record.data_key]))


def _holds(kind: SubjectKind, subject_id: UUID) -> int:
    live = Hold.objects.filter(kind=kind.key, subject_id=subject_id)
    return live.live(clock.now().date()).count()


@transaction.atomic
def place_hold(actor: Actor, kind_key: str, code: str, reason: str, ends_on: date | None) -> Hold:
    """Forbid that a record is erased, for a legal reason, until a day or until it is lifted.

    Raises PermissionDenied, the model's DoesNotExist, or RuleBroken ("hold.past",
    "oversight.reason", "erasure.erased").
    """
    kind = kind_called(kind_key)
    require(actor, Permission.RETENTION_DECIDE)
    record = _find(actor, kind, code)
    rules.check_has_key(_has_key(record))
    now = clock.now()
    if ends_on is not None and ends_on < now.date():
        raise RuleBroken("hold.past", _("A hold cannot end before today."))
    hold = Hold(
        kind=kind.key,
        subject_id=record.pk,
        code=record.code,
        reason=rules.check_reason(reason),
        placed_by=person(actor),
        placed_at=now,
        ends_on=ends_on,
    )
    hold.save(force_insert=True)
    audit.record(actor, "hold.placed", hold, kind=kind.key, pseudonym=record.code)
    return hold


@transaction.atomic
def lift_hold(actor: Actor, hold_id: UUID) -> Hold:
    """End a hold. Raises Hold.DoesNotExist, PermissionDenied, or RuleBroken ("hold.over")."""
    hold = Hold.objects.visible_to(actor).select_for_update().get(pk=hold_id)
    require(actor, Permission.RETENTION_DECIDE)
    if hold.lifted_at is not None:
        raise RuleBroken("hold.over", _("This hold was lifted already."))
    hold.lifted_by, hold.lifted_at = actor.user_id, clock.now()
    hold.save(update_fields=["lifted_by", "lifted_at"])
    audit.record(actor, "hold.lifted", hold, kind=hold.kind, pseudonym=hold.code)
    return hold


@transaction.atomic
def keep_longer(actor: Actor, kind_key: str, code: str, until: date, reason: str) -> Extension:
    """Decide that a record is kept until a later day, at most a year from now.

    Raises PermissionDenied, the model's DoesNotExist, or RuleBroken ("retention.until",
    "oversight.reason", "erasure.erased").
    """
    kind = kind_called(kind_key)
    require(actor, Permission.RETENTION_DECIDE)
    record = kind.every().select_for_update(no_key=True).get(code=code.strip().upper())
    rules.check_has_key(_has_key(record))
    now = clock.now()
    until = rules.keep_until(until, today=now.date(), before=record.keep_until)
    extension = Extension(
        kind=kind.key,
        subject_id=record.pk,
        code=record.code,
        before=record.keep_until,
        until=until,
        reason=rules.check_reason(reason),
        decided_by=person(actor),
        decided_at=now,
    )
    extension.save(force_insert=True)
    record.keep_until = until
    record.save(update_fields=["keep_until"])
    audit.record(actor, "retention.extended", record, kind=kind.key, until=until.isoformat())
    return extension
