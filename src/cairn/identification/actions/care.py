"""Care for children before an interview: guardians, best-interests steps, interviews."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.identification.actions.ledger import locked
from cairn.identification.models import BestInterests, Guardianship, Interview, Procedure
from cairn.identification.queries import rights as queries
from cairn.identification.rules import care
from cairn.identification.rules.care import BestOutcome, InterviewState, Question
from cairn.identification.rules.procedures import AgeStatus, check_not_erased
from cairn.identification.rules.telling import Interpreter


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who is guardian, how to reach them (both sealed), appointed by whom, from when to when."""

    name: str
    contact: str
    appointed_by: str
    starts_on: date
    ends_on: date | None = None


def _edited(actor: Actor, code: str) -> tuple[Procedure, UUID]:
    """The procedure, held, and who acts; raises as every action here does."""
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    check_not_erased(procedure.erased_on)
    return procedure, person(actor)


def _numbered(procedure: Procedure, letter: str, before: int, user_id: UUID) -> dict[str, Any]:
    number = before + 1
    return {
        "data_key": procedure.data_key,
        "procedure": procedure,
        "number": number,
        "code": f"{procedure.code.lower()}.{letter}{number}",
        "recorded_at": clock.now(),
        "recorded_by": user_id,
    }


@transaction.atomic
def appoint_guardian(actor: Actor, code: str, guardian: Guardian) -> Guardianship:
    """Record who was appointed as guardian. Name and contact are sealed.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("guardian.appointed",
    "guardian.name", "guardian.days", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    care.check_guardianship(
        guardian.appointed_by, guardian.name, guardian.starts_on, guardian.ends_on
    )
    before = procedure.guardianships.count()
    made = Guardianship(
        **_numbered(procedure, "g", before, user_id),
        name=guardian.name.strip(),
        contact=guardian.contact.strip(),
        appointed_by=guardian.appointed_by.strip(),
        starts_on=guardian.starts_on,
        ends_on=guardian.ends_on,
    )
    made.save(force_insert=True)
    audit.record(actor, "guardian.appointed", procedure, number=made.number)
    return made


@transaction.atomic
def end_guardianship(actor: Actor, code: str, number: int, *, ends_on: date) -> Guardianship:
    """Record the last day of a guardianship. Raises as `appoint_guardian` does."""
    procedure, _user_id = _edited(actor, code)
    found: Guardianship = procedure.guardianships.get(number=number)
    care.check_guardian_end(found.starts_on, found.ends_on, ends_on)
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    audit.record(actor, "guardian.ended", procedure, number=number)
    return found


@transaction.atomic
def assess_best_interests(
    actor: Actor,
    code: str,
    *,
    question: Question,
    outcome: BestOutcome,
    assessed_on: date,
    review_on: date | None = None,
    view: str = "",
) -> BestInterests:
    """Record a best-interests step. `view`: what the child says of it, sealed.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("best-interests.day",
    "best-interests.review", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    care.check_step(assessed_on, review_on, today=timezone.localdate(clock.now()))
    before = procedure.bestinterestss.count()
    made = BestInterests(
        **_numbered(procedure, "b", before, user_id),
        question=question,
        outcome=outcome,
        assessed_on=assessed_on,
        review_on=review_on,
        view=view.strip(),
    )
    made.save(force_insert=True)
    audit.record(
        actor,
        "best_interests.assessed",
        procedure,
        number=made.number,
        question=question.value,
        outcome=outcome.value,
    )
    return made


def _check_interview(procedure: Procedure, on: date) -> None:
    care.check_interview(
        AgeStatus(procedure.age_status),
        on,
        queries.guarded(queries.guardians(procedure)),
        queries.assessed(queries.best_interests(procedure)),
    )


@transaction.atomic
def plan_interview(
    actor: Actor, code: str, *, planned_on: date, language: str, interpreter: Interpreter
) -> Interview:
    """Plan an interview. For a child the guardian and the best-interests step come first.

    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("interview.guardian",
    "interview.best-interests", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    _check_interview(procedure, planned_on)
    made = Interview.objects.create(
        procedure=procedure,
        number=procedure.interviews.count() + 1,
        planned_on=planned_on,
        language=language,
        interpreter=interpreter,
        recorded_at=clock.now(),
        recorded_by=user_id,
    )
    audit.record(actor, "interview.planned", procedure, number=made.number)
    return made


@transaction.atomic
def settle_interview(
    actor: Actor,
    code: str,
    number: int,
    state: InterviewState,
    *,
    on: date,
    interpreter: Interpreter,
) -> Interview:
    """Record that a planned interview was held on a day, or cancelled. What was said is not kept.

    Raises Procedure.DoesNotExist, Interview.DoesNotExist, PermissionDenied, RuleBroken
    ("interview.move", "interview.day", "interview.guardian", "interview.best-interests",
    "interview.interpreter", "procedure.erased").
    """
    procedure, _user_id = _edited(actor, code)
    found: Interview = procedure.interviews.get(number=number)
    care.check_interview_move(InterviewState(found.state), state)
    care.check_interview_day(on, today=timezone.localdate(clock.now()))
    if state == InterviewState.HELD:
        _check_interview(procedure, on)
        care.check_interpreter(state, interpreter)
        found.held_on, found.interpreter = on, interpreter
    found.state = state
    found.save(update_fields=["state", "held_on", "interpreter"])
    audit.record(actor, f"interview.{state.value}", procedure, number=number)
    return found
