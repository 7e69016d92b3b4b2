"""Requests of persons about their own records, and incidents: step by step, each with its note."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, person, require
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.oversight import rules
from cairn.oversight.actions.alerts import decide_alert, tell
from cairn.oversight.actions.steps import add_step
from cairn.oversight.models import Incident, SubjectRequest
from cairn.oversight.models.desk import IncidentKind, Severity, Wish, new_reference
from cairn.oversight.rules import AlertState, IncidentState, RequestState
from cairn.oversight.subjects import kind as kind_called
from cairn.oversight.subjects import kind_of


@transaction.atomic
def record_request(
    actor: Actor,
    wish: Wish,
    *,
    received_on: date,
    who: str,
    safe_channel: str,
    statement: str,
    kind: str = "",
    code: str = "",
) -> SubjectRequest:
    """Take down a person's request about their own record. What they said is sealed.

    `kind` and `code` name the record when it is known. Raises PermissionDenied, LookupError, or
    RuleBroken ("request.future").
    """
    require(actor, Permission.SUBJECT_REQUEST_HANDLE)
    if kind:
        kind_called(kind)
    return _taken_down(
        actor,
        wish,
        received_on=received_on,
        who=who,
        safe_channel=safe_channel,
        statement=statement,
        kind=kind,
        code=code,
    )


@transaction.atomic
def pass_on_request(
    actor: Actor,
    wish: Wish,
    record: Any,
    *,
    received_on: date,
    safe_channel: str,
    statement: str,
) -> SubjectRequest:
    """Pass on to the desk what a person said about `record` to whoever works with them.

    The caller has found the record through `visible_to`; who asks is the person of the record, so
    that no name is written down anew. Raises PermissionDenied (the actor may not open the
    record), LookupError, or RuleBroken ("request.future").
    """
    kind = kind_of(record)
    require(actor, kind.open, within=record)
    return _taken_down(
        actor,
        wish,
        received_on=received_on,
        who=record.code,
        safe_channel=safe_channel,
        statement=statement,
        kind=kind.key,
        code=record.code,
    )


def _taken_down(
    actor: Actor,
    wish: Wish,
    *,
    received_on: date,
    who: str,
    safe_channel: str,
    statement: str,
    kind: str,
    code: str,
) -> SubjectRequest:
    rules.check_not_future(received_on, today=timezone.localdate(clock.now()))
    request = SubjectRequest(
        reference=new_reference("R"),
        wish=wish,
        received_on=received_on,
        answer_by=rules.answer_by(received_on),
        who=who.strip(),
        safe_channel=safe_channel.strip(),
        statement=statement.strip(),
        kind=kind,
        code=code.strip().upper(),
        recorded_by=person(actor),
    )
    request.save(force_insert=True)
    add_step(actor, request, "", RequestState.RECEIVED.value, "")
    audit.record(actor, "subject-request.received", request, wish=wish.value)
    return request


@transaction.atomic
def move_request(actor: Actor, request_id: UUID, to: RequestState, note: str) -> SubjectRequest:
    """Take a request one step on, with a note (sealed).

    Raises SubjectRequest.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.reason").
    """
    request = SubjectRequest.objects.visible_to(actor).select_for_update().get(pk=request_id)
    require(actor, Permission.SUBJECT_REQUEST_HANDLE)
    before = RequestState(request.state)
    rules.check_move(before, to)
    note = rules.check_reason(note)
    request.state = to
    request.save(update_fields=["state"])
    add_step(actor, request, before.value, to.value, note)
    audit.record(actor, "subject-request.moved", request, before=before.value, after=to.value)
    return request


@transaction.atomic
def report_incident(
    actor: Actor,
    kind: IncidentKind,
    severity: Severity,
    *,
    aware_at: datetime,
    description: str,
    persons_affected: int | None = None,
    alert_id: UUID | None = None,
) -> Incident:
    """Report that something went wrong; from `aware_at` on 72 hours run.

    Raises PermissionDenied, or RuleBroken ("oversight.reason", "incident.future").
    """
    require(actor, Permission.INCIDENT_REPORT)
    rules.check_happened(aware_at, now=clock.now())
    incident = Incident(
        reference=new_reference("I"),
        kind=kind,
        severity=severity,
        aware_at=aware_at,
        notify_by=rules.notify_by(aware_at),
        description=rules.check_reason(description),
        persons_affected=persons_affected,
        reported_by=actor.user_id,
        alert_id=alert_id,
    )
    incident.save(force_insert=True)
    add_step(actor, incident, "", IncidentState.REPORTED.value, "")
    audit.record(actor, "incident.reported", incident, kind=kind.value, severity=severity.value)
    tell(
        [user for user in holders(Permission.INCIDENT_HANDLE) if user != actor.user_id],
        "incident.reported",
        incident.pk,
        reference=incident.reference,
    )
    return incident


@transaction.atomic
def move_incident(actor: Actor, incident_id: UUID, to: IncidentState, note: str) -> Incident:
    """Take an incident one step on, with a note (sealed).

    Raises Incident.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.reason").
    """
    incident = Incident.objects.visible_to(actor).select_for_update().get(pk=incident_id)
    require(actor, Permission.INCIDENT_HANDLE)
    before = IncidentState(incident.state)
    rules.check_move(before, to)
    note = rules.check_reason(note)
    incident.state = to
    incident.save(update_fields=["state"])
    add_step(actor, incident, before.value, to.value, note)
    audit.record(actor, "incident.moved", incident, before=before.value, after=to.value)
    return incident


@transaction.atomic
def escalate_alert(actor: Actor, alert_id: UUID, severity: Severity, note: str) -> Incident:
    """Make an alert an incident. Raises as decide_alert and report_incident do."""
    alert = decide_alert(actor, alert_id, AlertState.ESCALATED, note)
    return report_incident(
        actor,
        IncidentKind.UNAUTHORISED,
        severity,
        aware_at=clock.now(),
        description=note,
        alert_id=alert.pk,
    )
