"""Writes about the sessions of an event and about who teaches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.training.actions import cascade, steps
from cairn.training.actions.events import check_open, touch
from cairn.training.models import (
    LearningObjective,
    ModuleVersion,
    Practitioner,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.queries import bookings
from cairn.training.rules import events as rules
from cairn.training.rules.choices import TEACHING, StaffRole
from cairn.training.rules.states import DELIVERED


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session is. Times are aware. `objectives`: None keeps those of the module version."""

    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    method: str = ""
    module_version: ModuleVersion | None = None
    objectives: Sequence[LearningObjective] | None = None
    actual_starts_at: datetime | None = None
    actual_ends_at: datetime | None = None


def _planned(actor: Actor, reference: str) -> TrainingEvent:
    event = steps.locked_event(actor, reference)
    require(actor, Permission.TRAINING_EDIT, within=event)
    check_open(event)
    steps.check_kept_here(event)
    return event


def _changed(event: TrainingEvent) -> None:
    """Tell calendars, and the cascade when the event was delivered already."""
    touch(event)
    if event.state in DELIVERED:
        cascade.event_changed(event.pk)


@transaction.atomic
def add_session(
    actor: Actor, reference: str, facts: SessionFacts, *, despite_conflicts: bool = False
) -> TrainingSession:
    """Add a session to the agenda.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("session.times",
    "session.day", "session.conflict" unless `despite_conflicts`, "kit.checked-out").
    """
    event = _planned(actor, reference)
    newest = event.sessions.aggregate(newest=Max("position"))["newest"] or 0
    session = TrainingSession(event=event, position=newest + 1)
    _keep(session, facts, despite_conflicts=despite_conflicts)
    _changed(event)
    audit.record(actor, "training_event.session_added", event, position=session.position)
    return session


@transaction.atomic
def change_session(
    actor: Actor,
    reference: str,
    session_id: UUID,
    facts: SessionFacts,
    *,
    despite_conflicts: bool = False,
) -> TrainingSession:
    """Change a session. Raises as `add_session`, and TrainingSession.DoesNotExist."""
    event = _planned(actor, reference)
    session = event.sessions.select_for_update().get(pk=session_id)
    _keep(session, facts, despite_conflicts=despite_conflicts)
    _changed(event)
    audit.record(actor, "training_event.session_changed", event, position=session.position)
    return session


def _keep(session: TrainingSession, facts: SessionFacts, *, despite_conflicts: bool) -> None:
    event = session.event
    rules.check_session(
        facts.starts_at,
        facts.ends_at,
        starts=event.starts,
        ends=event.ends,
        zone=rules.check_zone(event.time_zone),
    )
    actual = (facts.actual_starts_at, facts.actual_ends_at)
    if (actual[0] is None) != (actual[1] is None) or (
        actual[0] is not None and actual[1] is not None and actual[1] <= actual[0]
    ):
        raise RuleBroken(
            "session.actual",
            _("The actual times need a start and an end after it."),
            _("Fill in both, or neither."),
        )
    found = bookings.conflicts(
        event, facts.starts_at, facts.ends_at, room=facts.room, session=session
    )
    if found and not despite_conflicts:
        raise RuleBroken(
            "session.conflict",
            " ".join(found),
            _("Choose another time or room, or tick below that it is meant so."),
        )
    for name in ("title", "starts_at", "ends_at", "room", "method", "module_version"):
        setattr(session, name, getattr(facts, name))
    session.actual_starts_at, session.actual_ends_at = actual
    session.save()
    if facts.objectives is not None:
        session.objectives.set(facts.objectives)
    elif facts.module_version is not None:
        session.objectives.set(list(facts.module_version.objectives.all()))


@transaction.atomic
def remove_session(actor: Actor, reference: str, session_id: UUID) -> None:
    """Take a session off the agenda; one with attendance marks stays.

    Raises TrainingSession.DoesNotExist, PermissionDenied, RuleBroken ("session.marked").
    """
    event = _planned(actor, reference)
    session = event.sessions.get(pk=session_id)
    if session.marks.exists():
        raise RuleBroken(
            "session.marked",
            _("People were marked in this session, so it stays."),
            _("Change its title or times instead."),
        )
    position = session.position
    session.delete()
    _changed(event)
    audit.record(actor, "training_event.session_removed", event, position=position)


@transaction.atomic
def staff(
    actor: Actor,
    event: TrainingEvent,
    practitioner: Practitioner,
    role: StaffRole,
    sessions: Sequence[TrainingSession] = (),
    supervised_by: Staffing | None = None,
    *,
    hours: Decimal | None = None,
) -> Staffing:
    """Enter who teaches, assists, observes, assesses, interprets or organises.

    `sessions` empty: all of them. `supervised_by`: another entry of the same event, in a teaching
    role: supervised co-delivery is how a trainer qualifies (the training study, 6.4). Raises
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("staffing.twice",
    "staffing.supervisor", "staffing.sessions", "kit.checked-out").
    """
    event = _planned(actor, event.reference)
    if supervised_by is not None and (
        supervised_by.event_id != event.pk
        or supervised_by.role not in TEACHING | {StaffRole.ASSESSOR}
        or supervised_by.practitioner_id == practitioner.pk
    ):
        raise RuleBroken(
            "staffing.supervisor",
            _("A supervisor is somebody else who teaches or assesses at the same event."),
        )
    if any(session.event_id != event.pk for session in sessions):
        raise RuleBroken("staffing.sessions", _("These sessions belong to another event."))
    entry = Staffing(
        event=event,
        practitioner=practitioner,
        role=role,
        supervised_by=supervised_by,
        hours=hours,
    )
    if not saved_as_new(entry):
        raise RuleBroken(
            "staffing.twice",
            _("This person stands there in this role already."),
            _("Take the entry off first to change its sessions."),
        )
    entry.sessions.set(sessions)
    _changed(event)
    audit.record(
        actor,
        "training_event.staffed",
        event,
        role=role.value,
        practitioner=practitioner.code,
        supervised=supervised_by is not None,
    )
    return entry


@transaction.atomic
def unstaff(actor: Actor, reference: str, staffing_id: UUID) -> None:
    """Take somebody off the staff. Raises Staffing.DoesNotExist, PermissionDenied."""
    event = _planned(actor, reference)
    entry = event.staffing.select_related("practitioner").get(pk=staffing_id)
    audit.record(
        actor,
        "training_event.unstaffed",
        event,
        role=entry.role,
        practitioner=entry.practitioner.code,
    )
    entry.delete()
    _changed(event)
