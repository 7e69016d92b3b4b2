"""Writes about participants of an event: enrol, withdraw, who did not come, who completed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.training.actions import cascade, steps
from cairn.training.models import Enrolment, Practitioner, Step, TrainingEvent
from cairn.training.queries import attendance as queries
from cairn.training.rules import events as event_rules
from cairn.training.rules.choices import Participation
from cairn.training.rules.completion import Missing
from cairn.training.rules.states import (
    DELIVERED,
    ENROLMENT_MOVES,
    EnrolmentState,
    EventState,
)
from cairn.training.testing import personal_codes

# States in which the rule decides between completed and not completed.
_JUDGED = frozenset({EnrolmentState.STARTED, EnrolmentState.COMPLETED, EnrolmentState.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling an event found: numbers of participants."""

    completed: int
    incomplete: int
    changed: int


@transaction.atomic
def enrol(
    actor: Actor, event: TrainingEvent, practitioner: Practitioner, language: str = ""
) -> Enrolment:
    """Enter somebody as a participant, with a personal code for badge and test.

    Sex, agency, country and profession are kept as they are now. Raises TrainingEvent.DoesNotExist,
    PermissionDenied, RuleBroken ("enrolment.counts-only", "enrolment.twice", "enrolment.closed",
    "enrolment.staff", "kit.checked-out").
    """
    event = steps.locked_event(actor, event.reference)
    steps.require_run(actor, event)
    steps.check_kept_here(event)
    practitioner = practitioner.merged_into or practitioner
    if event.participation != Participation.NAMED:
        raise RuleBroken(
            "enrolment.counts-only",
            _("This event keeps counts only, no persons."),
            _("Enter how many came under “Report by counts”."),
        )
    if event.state in {EventState.CANCELLED, EventState.CLOSED, EventState.REPORTED}:
        raise RuleBroken(
            "enrolment.closed",
            _("Nobody is enrolled any more once an event is “%(state)s”.")
            % {"state": EventState(event.state).label},
        )
    taken = set(event.enrolments.values_list("personal_code", flat=True))
    enrolment = Enrolment(
        event=event,
        practitioner=practitioner,
        personal_code=personal_codes.drawn(taken),
        agency=practitioner.agency,
        country=practitioner.country,
        sex=practitioner.sex,
        profession=practitioner.profession,
        language=language or _spoken(practitioner, event),
        enrolled_at=clock.now(),
    )
    if not saved_as_new(enrolment):
        raise RuleBroken(
            "enrolment.twice",
            _("%(code)s takes part in this event already.") % {"code": practitioner.code},
        )
    steps.record_step(actor, enrolment, "", enrolment.state)
    audit.record(actor, "enrolment.entered", event, participant=enrolment.personal_code)
    return enrolment


def _spoken(practitioner: Practitioner, event: TrainingEvent) -> str:
    """The first language of the event that the person speaks; else the event's first."""
    known = {str(each.get("code")) for each in practitioner.languages if isinstance(each, dict)}
    offered = [str(code) for code in event.languages]
    return next((code for code in offered if code in known), offered[0] if offered else "")


def _locked(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """The participant, with the event locked. Raises Enrolment.DoesNotExist, PermissionDenied."""
    found = Enrolment.objects.visible_to(actor).select_related("event").get(pk=enrolment_id)
    event = steps.locked_event(actor, found.event.reference)
    steps.require_run(actor, event)
    steps.check_kept_here(event)
    enrolment: Enrolment = event.enrolments.select_for_update().get(pk=enrolment_id)
    enrolment.event = event
    return enrolment


@transaction.atomic
def withdraw(actor: Actor, enrolment_id: UUID, reason: str) -> Enrolment:
    """Record that somebody does not take part any more.

    Raises Enrolment.DoesNotExist, PermissionDenied, RuleBroken ("enrolment.reason",
    "enrolment.move").
    """
    return _end(actor, enrolment_id, EnrolmentState.WITHDRAWN, reason)


@transaction.atomic
def mark_no_show(actor: Actor, enrolment_id: UUID, reason: str) -> Enrolment:
    """Record that somebody who was enrolled did not come. Raises as `withdraw`."""
    return _end(actor, enrolment_id, EnrolmentState.NO_SHOW, reason)


def _end(actor: Actor, enrolment_id: UUID, to: EnrolmentState, reason: str) -> Enrolment:
    reason = event_rules.check_reason(reason, "enrolment.reason")
    enrolment = _locked(actor, enrolment_id)
    steps.move(
        actor,
        enrolment,
        ENROLMENT_MOVES,
        to,
        code="enrolment.moved",
        reason=reason,
        event=enrolment.event.reference,
    )
    return enrolment


@transaction.atomic
def override_completion(
    actor: Actor, enrolment_id: UUID, completed: bool, reason: str
) -> Enrolment:
    """Decide otherwise than the rule says whether somebody completed, with a reason.

    It stands until it is lifted, whatever marks arrive. Raises Enrolment.DoesNotExist,
    PermissionDenied, RuleBroken ("enrolment.reason", "enrolment.not-delivered").
    """
    reason = event_rules.check_reason(reason, "enrolment.reason")
    enrolment = _locked(actor, enrolment_id)
    _check_judged(enrolment)
    before = enrolment.state
    enrolment.override_reason, enrolment.override_by = reason[:300], person(actor)
    _set_completed(enrolment, completed, enrolment.completed_on or last_day(enrolment.event))
    enrolment.save(update_fields=["override_reason", "override_by", "state", "completed_on"])
    steps.record_step(actor, enrolment, before, enrolment.state, reason)
    audit.record(
        actor,
        "enrolment.overridden",
        enrolment.event,
        participant=enrolment.personal_code,
        completed=completed,
    )
    cascade.event_changed(enrolment.event_id)
    return enrolment


@transaction.atomic
def lift_override(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """Let the rule decide again. Raises Enrolment.DoesNotExist, PermissionDenied."""
    enrolment = _locked(actor, enrolment_id)
    enrolment.override_reason, enrolment.override_by = "", None
    enrolment.save(update_fields=["override_reason", "override_by"])
    audit.record(
        actor, "enrolment.override_lifted", enrolment.event, participant=enrolment.personal_code
    )
    settle(actor, enrolment.event)
    enrolment.refresh_from_db()
    return enrolment


def _check_judged(enrolment: Enrolment) -> None:
    if enrolment.event.state not in DELIVERED:
        raise RuleBroken(
            "enrolment.not-delivered",
            _("Who completed is decided once the event was delivered."),
        )
    if enrolment.state == EnrolmentState.WITHDRAWN:
        raise RuleBroken("enrolment.move", _("This person withdrew."))


def _set_completed(enrolment: Enrolment, completed: bool, day: date) -> None:
    enrolment.state = EnrolmentState.COMPLETED if completed else EnrolmentState.INCOMPLETE
    enrolment.completed_on = day if completed else None


def last_day(event: TrainingEvent) -> date:
    """The last day of the event as far as it is known and past, else today."""
    today = timezone.localdate()
    known = event_rules.read_day(event.ends or event.starts)
    return min(known.last, today) if known else today


@transaction.atomic
def settle(actor: Actor, event: TrainingEvent) -> Settled:
    """Compute everybody's minutes, and, once the event is delivered, who completed by its rule.

    Called after delivery, after marks that come late, and after tests are marked; doing it twice
    changes nothing. An override by a person stands. Raises PermissionDenied.
    """
    event = steps.locked_event(actor, event.reference)
    steps.require_run(actor, event)
    roll = queries.roll(event)
    missing = queries.missing_by_enrolment(event, roll.rows)
    is_delivered = event.state in DELIVERED
    day, now = last_day(event), clock.now()
    changed: list[Enrolment] = []
    made: list[Step] = []
    for enrolment in roll.enrolments:
        attended = roll.rows[enrolment.pk]
        before = (enrolment.state, enrolment.minutes_present)
        enrolment.minutes_present = attended.minutes
        if enrolment.state in {EnrolmentState.ENROLLED, EnrolmentState.NO_SHOW}:
            if attended.seconds:
                enrolment.state = EnrolmentState.STARTED
        if is_delivered and enrolment.state in _JUDGED and not enrolment.override_reason:
            _judge(enrolment, missing[enrolment.pk], day)
        if (enrolment.state, enrolment.minutes_present) == before:
            continue
        changed.append(enrolment)
        if enrolment.state != before[0]:
            made.append(
                Step(
                    subject="enrolment",
                    subject_id=enrolment.pk,
                    before=before[0],
                    after=enrolment.state,
                    reason=", ".join(each.value for each in missing[enrolment.pk]),
                    at=now,
                    author_id=actor.user_id,
                )
            )
    Enrolment.objects.bulk_update(changed, ["state", "minutes_present", "completed_on"])
    Step.objects.bulk_create(made)
    if made:
        audit.record(actor, "enrolment.settled", event, changed=len(made))
    if is_delivered:
        cascade.event_changed(event.pk)
    states = [each.state for each in roll.enrolments]
    return Settled(
        completed=states.count(EnrolmentState.COMPLETED),
        incomplete=states.count(EnrolmentState.INCOMPLETE),
        changed=len(made),
    )


def _judge(enrolment: Enrolment, missing: tuple[Missing, ...], day: date) -> None:
    is_complete = not missing
    if is_complete and enrolment.state == EnrolmentState.COMPLETED:
        return
    _set_completed(enrolment, is_complete, day)
