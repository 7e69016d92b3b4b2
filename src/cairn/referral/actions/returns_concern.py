"""Visits after a return, and the fear that it has happened again: help reopens at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.referral import queries as person_queries
from cairn.referral.actions.outbox import tell_users
from cairn.referral.actions.persons_rows import assess_risk
from cairn.referral.actions.plans import move_plan, propose_plan
from cairn.referral.actions.returns import found_return, move
from cairn.referral.actions.rows import locked
from cairn.referral.models.persons import Person
from cairn.referral.models.plans import Plan
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan
from cairn.referral.queries.persons import risk
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import returns as rules
from cairn.referral.rules.persons_contact import RiskLevel
from cairn.referral.rules.plans import PLAN_ENDS, PlanState
from cairn.referral.rules.returns import ReturnState

# A notice to everybody is read by nobody.
MOST_TOLD = 20


def _today() -> date:
    return timezone.localdate(clock.now())


@transaction.atomic
def note_visit(
    actor: Actor,
    code: str,
    number: int,
    months: int,
    *,
    held_on: date,
    is_reached: bool,
    has_concern: bool = False,
    note: str = "",
) -> MonitoringVisit:
    """Write down a visit, or that the person was not reached.

    `has_concern`: it is feared to have happened again; then help reopens, also in a record that
    was closed, and `note` says why. Raises Person.DoesNotExist, ReturnPlan.DoesNotExist,
    MonitoringVisit.DoesNotExist, PermissionDenied, RuleBroken ("return.move", "return.day",
    "return.visited", "return.words", "person.is-closed").
    """
    if has_concern:
        reopen_person(actor, code)
    person, by, plan = found_return(actor, code, number)
    visit: MonitoringVisit = plan.visits.select_for_update().get(months=months)
    rules.check_visit(visit.held_on, held_on, plan.received_on, _today())
    visit.held_on, visit.is_reached = held_on, is_reached
    visit.has_concern, visit.note = has_concern, note.strip()
    visit.save(update_fields=["held_on", "is_reached", "has_concern", "note"])
    audit.record(actor, "return.visited", person, number=number, months=months, concern=has_concern)
    if has_concern:
        _raise(actor, person, by, plan, note)
    else:
        move(actor, plan, by, ReturnState.MONITORED)
    return visit


@transaction.atomic
def raise_concern(actor: Actor, code: str, number: int, *, words: str) -> ReturnPlan:
    """It is feared that the person is trafficked again: help reopens at once.

    The record opens again if it was closed, the danger stands at high until somebody assesses it
    who has seen this, a plan runs again, what another return prepares stops, and whoever works
    on the record and supervises it is told. `words`: what was heard or seen; sealed.
    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "return.words", "person.is-erased").
    """
    reopen_person(actor, code)
    person, by, plan = found_return(actor, code, number)
    _raise(actor, person, by, plan, words)
    return plan


def reopen_person(actor: Actor, code: str) -> Person:
    """Open a closed record again, in the caller's transaction; an open one stays as it is.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-erased").
    """
    person = locked(actor, code)
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_not_erased(person.erased_on)
    if person.closed_on is not None:
        kept = person_rules.kept_until(_today(), None)
        person.closed_on = None
        person.keep_until = max(person.keep_until or kept, kept)
        person.save(update_fields=["closed_on", "keep_until"])
        audit.record(actor, "person.reopened", person)
    return person


def _raise(actor: Actor, person: Person, by: UUID, plan: ReturnPlan, words: str) -> None:
    rules.check_concern(words)
    rows: Any = ReturnPlan.objects.select_for_update().filter(person=person, closed_on=None)
    others: list[ReturnPlan] = list(rows.exclude(pk=plan.pk))
    # One return at a time is open: an earlier one is marked, and stays closed beside a newer one.
    if not others:
        plan.closed_on = None
    move(actor, plan, by, ReturnState.CONCERN, "closed_on")
    for other in others:
        _stop(actor, by, other)
    _assess(actor, person, words)
    _take_up(actor, person)
    audit.record(actor, "return.concern", person, number=plan.number)
    at = clock.now()
    tell_users(
        _told(person),
        "return.concern",
        person.pk,
        f"return.concern:{plan.code}:{at.isoformat()}",
        pseudonym=person.code,
    )


def _stop(actor: Actor, by: UUID, other: ReturnPlan) -> None:
    """What another return prepares rests on how things were before the concern."""
    state = ReturnState(other.state)
    if state in rules.LEFT:
        move(actor, other, by, ReturnState.CONCERN)
    elif state in rules.PREPARED:
        move(actor, other, by, ReturnState.BLOCKED)


def _assess(actor: Actor, person: Person, words: str) -> None:
    """High at least; a danger that was held to be greater, and why, is not made less by this."""
    standing = risk(person)
    level = RiskLevel(standing.level) if standing is not None else RiskLevel.HIGH
    assess_risk(
        actor,
        person.code,
        level=level if level is RiskLevel.EXTREME else RiskLevel.HIGH,
        factors=list(standing.factors) if standing is not None else [],
        assessed_on=_today(),
        note=words,
    )


def _take_up(actor: Actor, person: Person) -> None:
    """A plan runs: the newest to which the person agreed, or a new one is proposed."""
    rows: Any = Plan.objects.filter(person=person).order_by("-number")
    plans: list[Plan] = list(rows)
    if any(PlanState(each.state) not in PLAN_ENDS for each in plans):
        return
    agreed = next((each for each in plans if each.agreed_on is not None), None)
    if agreed is not None:
        move_plan(actor, person.code, agreed.number, PlanState.ACTIVE)
    else:
        propose_plan(actor, person.code)


def _told(person: Person) -> Iterable[UUID]:
    """Who works on the record, and who supervises there; all colleagues where nobody does."""
    able = person_queries.colleagues(person)
    above = holders(Permission.CASELOAD_SUPERVISE, person.organisation_id)
    found = [each for each in (person.caseworker, *above) if each in able]
    return list(dict.fromkeys(found or able))[:MOST_TOLD]
