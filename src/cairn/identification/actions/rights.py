"""What follows a decision: the person is told, a review is asked for, time for reflection runs."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.identification.actions.ledger import append_decision, append_rights, locked
from cairn.identification.models import (
    Decision,
    Notification,
    Procedure,
    ReflectionStep,
    ReviewRequest,
)
from cairn.identification.queries import procedures as queries
from cairn.identification.queries import rights as rights_queries
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules import procedures as rules
from cairn.identification.rules import reflection, rights, telling
from cairn.identification.rules.procedures import AgeStatus, Ground, Standard, State
from cairn.identification.rules.profiles import Right
from cairn.identification.rules.reflection import SHORTENING, Reflection
from cairn.identification.rules.telling import AskedBy, Telling


def _edited(actor: Actor, code: str) -> tuple[Procedure, UUID]:
    """The procedure, held, and who acts; raises as every action here does."""
    procedure = locked(actor, code)
    require(actor, Permission.PROCEDURE_EDIT, within=procedure)
    rules.check_not_erased(procedure.erased_on)
    return procedure, person(actor)


@transaction.atomic
def tell_decision(actor: Actor, code: str, number: int, told: Telling) -> Notification:
    """Record that the person was told of decision `number`.

    A negative decision ends what the law ends by it only from here on, after the days for a
    review, and only while it is the newest decision.
    Raises Procedure.DoesNotExist, Decision.DoesNotExist, PermissionDenied, RuleBroken
    ("telling.twice", "telling.day", "telling.language", "telling.guardian", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    decisions = queries.decisions(procedure)
    decision = next((each for each in decisions if each.number == number), None)
    if decision is None:
        raise Decision.DoesNotExist(str(number))
    telling.check_told_once(decision.pk in rights_queries.notifications(procedure))
    law, now = profile_of(procedure.country), clock.now()
    telling.check_telling(
        told,
        law,
        AgeStatus(procedure.age_status),
        decided_on=timezone.localdate(decision.decided_at),
        today=timezone.localdate(now),
    )
    made = Notification.objects.create(
        procedure=procedure,
        decision=decision,
        told_on=told.told_on,
        review_until=telling.last_day_for_review(State(decision.outcome), told.told_on, law),
        told_to=told.told_to,
        form=told.form,
        language=told.language,
        interpreter=told.interpreter,
        acknowledged=told.acknowledged,
        recorded_at=now,
        recorded_by=user_id,
    )
    audit.record(
        actor, "procedure.told", procedure, number=number, interpreter=told.interpreter.value
    )
    if decision.pk == decisions[-1].pk:
        outcome, review_days, judged = State(decision.outcome), law.review_days, decision
        if outcome == State.UPHELD and decision.review_of is not None:
            judged, review_days = decision.review_of, 0
            outcome = State(judged.outcome)
        # A refusal ends what the law of its own day ends: no later law takes more away by it.
        then = profile_of(procedure.country, at=judged.decided_at)
        entries = rights_queries.entries_of(procedure)
        ended = rights.after_telling(
            outcome, told.told_on, entries, then, number, review_days=review_days
        )
        append_rights(actor, procedure, decisions, entries, ended, now)
    return made


@transaction.atomic
def ask_review(
    actor: Actor, code: str, *, asked_on: date, asked_by: AskedBy, reasons: str
) -> Decision:
    """Record that a review of the newest, negative decision was asked for, and take it up.

    Every right that the decision would end stays open meanwhile.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("review.move", "review.day",
    "review.late", "decision.reasons", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    decisions = queries.decisions(procedure)
    state = rules.state_of(each.outcome for each in decisions)
    now = clock.now()
    telling.check_negative(state)
    newest = decisions[-1]
    told = rights_queries.notifications(procedure).get(newest.pk)
    telling.check_review(
        state,
        asked_on,
        decided_on=timezone.localdate(newest.decided_at),
        last_day=told.review_until if told else None,
        today=timezone.localdate(now),
    )
    rules.check_reasons(reasons)
    decision = append_decision(
        procedure,
        decisions,
        State.UNDER_REVIEW,
        standard=Standard.NONE,
        ground=Ground.REVIEW_ASKED,
        authority=newest.authority,
        authority_kind=newest.authority_kind,
        reasons=reasons,
        decided_by=user_id,
        now=now,
        review_of=newest,
    )
    ReviewRequest.objects.create(
        procedure=procedure,
        decision=decision,
        asked_on=asked_on,
        asked_by=asked_by,
        recorded_at=now,
        recorded_by=user_id,
    )
    audit.record(
        actor, "procedure.review_asked", procedure, number=decision.number, by=asked_by.value
    )
    entries = rights_queries.entries_of(procedure)
    made = rights.after_lifting(newest.number, entries, decision.number)
    append_rights(actor, procedure, [*decisions, decision], entries, made, now)
    return decision


@transaction.atomic
def step_reflection(
    actor: Actor, code: str, step: Reflection, *, on: date, until: date | None = None
) -> ReflectionStep:
    """Take the next step of the time for reflection: offer, begin, extend, end.

    `until`: the last day of an extension. How it ends decides nothing about the person; for public
    order only whoever may decide ends it.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("reflection.step",
    "reflection.not-open", "reflection.day", "reflection.until", "procedure.erased").
    """
    procedure, user_id = _edited(actor, code)
    if step is Reflection.PUBLIC_ORDER:
        require(actor, Permission.PROCEDURE_DECIDE, within=procedure)
    law, now = profile_of(procedure.country), clock.now()
    entries, taken = rights_queries.entries_of(procedure), rights_queries.steps(procedure)
    where = rights_queries.reflecting(entries, taken)
    reflection.check_step(where.step, step)
    right = rights.standing(entries).get(Right.REFLECTION)
    reflection.check_open(right, step, on)
    reflection.check_step_day(on, since=where.since or on, today=timezone.localdate(now))
    made = []
    last: date | None = None
    if step is Reflection.RUNNING:
        last = reflection.last_day(on, law.reflection_days)
        made = rights.reflection_begins(on, last, entries)
    elif step is Reflection.EXTENDED:
        last = reflection.check_extension(until, before=where.ends_on or on)
        made = rights.reflection_extends(last, entries)
    elif step in SHORTENING:
        made = rights.reflection_ends(on, entries)
    row = ReflectionStep.objects.create(
        procedure=procedure,
        number=len(taken) + 1,
        period=where.period,
        step=step,
        happened_on=on,
        until=last,
        recorded_at=now,
        recorded_by=user_id,
    )
    audit.record(actor, "reflection.step_taken", procedure, number=row.number, step=step.value)
    append_rights(actor, procedure, queries.decisions(procedure), entries, made, now)
    return row
