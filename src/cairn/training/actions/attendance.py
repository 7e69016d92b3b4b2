"""Writes about attendance: the window of a session, marks from devices and desk, corrections."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import enrolments, steps
from cairn.training.actions.attendance_intake import Intake, MarkSent, Receipt
from cairn.training.models import (
    AttendanceMark,
    RefusedRecord,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.queries import attendance as queries
from cairn.training.rules import events as event_rules
from cairn.training.rules.choices import MarkKind, MarkMeans
from cairn.training.rules.states import DELIVERED, EnrolmentState, EventState

__all__ = [
    "MarkSent", "Receipt", "close_window", "correct_mark", "key_sheet", "mark_at_desk",
    "open_window", "receive_marks", "resolve_refused",
]  # fmt: skip

# More marks than this are sent in several batches.
MOST_AT_ONCE = 500


@transaction.atomic
def receive_marks(actor: Actor, event: TrainingEvent, sent: Sequence[MarkSent]) -> list[Receipt]:
    """Take marks, each once by its id, in any order and any number of times.

    One that cannot be taken is refused with a reason and kept in the list for people; the others go
    in. Whoever acknowledges does so after this transaction has ended. Raises
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("mark.too-many").
    """
    event = steps.locked_event(actor, event.reference)
    steps.require_run(actor, event)
    if len(sent) > MOST_AT_ONCE:
        raise RuleBroken(
            "mark.too-many",
            _("More than %(most)d marks came at once.") % {"most": MOST_AT_ONCE},
            _("Send them in several parts."),
        )
    intake = Intake(actor, event)
    receipts = [intake.take(each) for each in intake.in_order(sent)]
    intake.keep()
    # Marks that come after delivery, as from a kit, may change who has completed.
    if intake.new and event.state in DELIVERED:
        enrolments.settle(actor, event)
    by_id = {receipt.record_id: receipt for receipt in receipts}
    return [by_id[each.id] for each in sent]


def _run(actor: Actor, reference: str) -> TrainingEvent:
    event = steps.locked_event(actor, reference)
    steps.require_run(actor, event)
    return event


@transaction.atomic
def open_window(actor: Actor, reference: str, session_id: UUID) -> TrainingSession:
    """Let marks of a session in from now on; one that was closed is opened again.

    Raises TrainingEvent.DoesNotExist, TrainingSession.DoesNotExist, PermissionDenied, RuleBroken
    ("attendance.not-running").
    """
    event = _run(actor, reference)
    if event.state != EventState.RUNNING:
        raise RuleBroken(
            "attendance.not-running",
            _("Attendance is taken while the event is running."),
            _("Start the event on its page first."),
        )
    session: TrainingSession = event.sessions.select_for_update().get(pk=session_id)
    if session.marks_open_from is None:
        session.marks_open_from = clock.now()
    session.marks_open_until = None
    session.save(update_fields=["marks_open_from", "marks_open_until"])
    audit.record(actor, "attendance.opened", event, position=session.position)
    return session


@transaction.atomic
def close_window(actor: Actor, reference: str, session_id: UUID) -> TrainingSession:
    """Take no more marks of a session that are made from now on. Raises as `open_window`."""
    event = _run(actor, reference)
    session: TrainingSession = event.sessions.select_for_update().get(pk=session_id)
    if session.marks_open_from is None or session.marks_open_until is not None:
        raise RuleBroken("attendance.not-open", _("Attendance for this session is not open."))
    session.marks_open_until = clock.now()
    session.save(update_fields=["marks_open_until"])
    audit.record(actor, "attendance.closed", event, position=session.position)
    return session


@transaction.atomic
def correct_mark(actor: Actor, reference: str, mark_id: UUID, reason: str) -> Receipt:
    """Take a mark back by a later one. Raises AttendanceMark.DoesNotExist, PermissionDenied,
    RuleBroken ("attendance.reason")."""
    event_rules.check_reason(reason, "attendance.reason")
    person(actor)
    event = _run(actor, reference)
    mark = AttendanceMark.objects.visible_to(actor).get(pk=mark_id, event=event)
    sent = _at_desk(mark.session_id, mark.enrolment_id, MarkKind.VOID, corrects=mark.pk)
    (receipt,) = receive_marks(actor, event, [sent])
    audit.record(actor, "attendance.corrected", event)
    return receipt


@transaction.atomic
def mark_at_desk(
    actor: Actor, reference: str, session_id: UUID, enrolment_id: UUID, kind: MarkKind
) -> Receipt:
    """Say at the desk that somebody came, went, was present or was absent.

    Raises TrainingEvent.DoesNotExist, PermissionDenied.
    """
    event = _run(actor, reference)
    (receipt,) = receive_marks(actor, event, [_at_desk(session_id, enrolment_id, kind)])
    return receipt


def _at_desk(
    session: UUID,
    enrolment: UUID,
    kind: MarkKind,
    *,
    means: MarkMeans = MarkMeans.DESK,
    corrects: UUID | None = None,
) -> MarkSent:
    return MarkSent(
        id=uuid4(),
        session=session,
        enrolment=enrolment,
        kind=kind,
        at=clock.now(),
        means=means,
        offset_seconds=0,
        corrects=corrects,
    )


@transaction.atomic
def key_sheet(
    actor: Actor,
    reference: str,
    halves: Iterable[str],
    ticks: Mapping[str, frozenset[UUID]],
) -> list[Receipt]:
    """Key in a paper sheet. `halves`: keys of the half days on it ("2026-03-02-am"); `ticks`: half
    day -> enrolments that signed. Who did not sign is absent. Keying the same twice adds nothing.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("attendance.sheet").
    """
    event = _run(actor, reference)
    roll = queries.roll(event)
    by_key = {half.key: half for half in roll.half_days}
    chosen = [by_key[key] for key in halves if key in by_key]
    if not chosen:
        raise RuleBroken(
            "attendance.sheet",
            _("No half day was chosen."),
            _("Tick above the column which half day of the sheet you key in."),
        )
    sent: list[MarkSent] = []
    for half in chosen:
        signed = ticks.get(half.key, frozenset())
        for when in half.times:
            found = roll.by_session[UUID(str(when.session))]
            for enrolment in roll.enrolments:
                if enrolment.state == EnrolmentState.WITHDRAWN:
                    continue
                kind = MarkKind.PRESENT if enrolment.pk in signed else MarkKind.ABSENT
                now = found.get(enrolment.pk)
                full = when.seconds if kind == MarkKind.PRESENT else 0
                if now is None or not now.is_marked or now.seconds != full:
                    sent.append(
                        _at_desk(UUID(str(when.session)), enrolment.pk, kind, means=MarkMeans.PAPER)
                    )
    receipts: list[Receipt] = []
    for start in range(0, len(sent), MOST_AT_ONCE):
        receipts += receive_marks(actor, event, sent[start : start + MOST_AT_ONCE])
    audit.record(actor, "attendance.sheet_keyed", event, marks=len(receipts))
    return receipts


@transaction.atomic
def resolve_refused(
    actor: Actor, reference: str, refused_id: UUID, resolution: str
) -> RefusedRecord:
    """Record what was done about a refused record.

    Raises RefusedRecord.DoesNotExist, PermissionDenied, RuleBroken ("refused.resolution",
    "refused.resolved").
    """
    words = event_rules.check_reason(resolution, "refused.resolution")
    event = _run(actor, reference)
    found: RefusedRecord = (
        RefusedRecord.objects.visible_to(actor).select_for_update().get(pk=refused_id, event=event)
    )
    if found.resolved_at is not None:
        raise RuleBroken("refused.resolved", _("Somebody has dealt with this one already."))
    found.resolved_at, found.resolved_by = clock.now(), actor.user_id
    found.resolution = words[:300]
    found.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    audit.record(actor, "refused_record.resolved", event, reason=found.reason_code)
    return found
