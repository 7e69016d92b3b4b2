"""Return and reintegration: choices, danger, departure, arrival, visits, and a new concern."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.rows import edited, numbered
from cairn.referral.models.persons import Person
from cairn.referral.models.plans import Plan
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan, ReturnRisk, ReturnStep
from cairn.referral.queries import persons as person_queries
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import returns as rules
from cairn.referral.rules.persons_gates import Question
from cairn.referral.rules.plans import PLAN_ENDS, PlanState, months_after
from cairn.referral.rules.returns import Found, ReturnState


def _today() -> date:
    return timezone.localdate(clock.now())


@transaction.atomic
def consider_return(actor: Actor, code: str, *, to_country: str = "") -> ReturnPlan:
    """Begin to think about a return; nothing is decided by it.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("return.open", "person.is-closed").
    """
    person, by = edited(actor, code)
    rules.check_none_open(ReturnPlan.objects.filter(person=person, closed_on=None).exists())
    made = ReturnPlan(**numbered(person, "z", ReturnPlan, by), to_country=to_country)
    made.save(force_insert=True)
    _step(made, by, None)
    audit.record(actor, "return.considered", person, number=made.number)
    return made


def _found(actor: Actor, code: str, number: int) -> tuple[Person, UUID, ReturnPlan]:
    person, by = edited(actor, code)
    rows: Any = ReturnPlan.objects.select_for_update()
    plan: ReturnPlan = rows.get(person=person, number=number)
    return person, by, plan


def _move(actor: Actor, plan: ReturnPlan, by: UUID, to: ReturnState, *changed: str) -> None:
    before = ReturnState(plan.state)
    rules.check_return_move(before, to)
    plan.state = to
    plan.save(update_fields=["state", *changed])
    _step(plan, by, before)
    audit.record(
        actor,
        "return.moved",
        plan.person,
        number=plan.number,
        before=before.value,
        after=to.value,
    )


def _step(plan: ReturnPlan, by: UUID, before: ReturnState | None) -> None:
    made = ReturnStep(
        **numbered(plan.person, "zs", ReturnStep, by),
        plan=plan,
        before=before.value if before else "",
        after=plan.state,
    )
    made.save(force_insert=True)


@transaction.atomic
def counsel_return(
    actor: Actor, code: str, number: int, *, wishes: str, wanted_on: date | None, to_country: str
) -> ReturnPlan:
    """Write down that the choices were explained, staying among them, and what the person wishes.

    `wanted_on`: the day on which the person said yes, None for no or not yet. Once the person has
    said no, the way back leads through this again. Raises Person.DoesNotExist,
    ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken ("return.move", "return.day",
    "return.country", "person.is-closed").
    """
    _person, by, plan = _found(actor, code, number)
    rules.check_wanted(wanted_on, to_country, _today())
    plan.wanted_on, plan.to_country = wanted_on, to_country or plan.to_country
    plan.wishes = wishes.strip()
    _move(actor, plan, by, ReturnState.COUNSELLED, "wanted_on", "to_country", "wishes")
    return plan


@transaction.atomic
def decline_return(actor: Actor, code: str, number: int) -> ReturnPlan:
    """Write down that the person does not want to return. Help goes on as before.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "person.is-closed").
    """
    _person, by, plan = _found(actor, code, number)
    plan.wanted_on = None
    _move(actor, plan, by, ReturnState.DECLINED, "wanted_on")
    return plan


@transaction.atomic
def assess_return(
    actor: Actor,
    code: str,
    number: int,
    *,
    found: Found,
    dangers: Sequence[str] = (),
    assessed_on: date,
    sources: str,
    safeguards: str = "",
) -> ReturnRisk:
    """Write down how dangerous the return was found to be. Not safe, or not known, blocks it.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "return.day", "return.sources", "return.safeguards", "person.is-closed").
    """
    person, by, plan = _found(actor, code, number)
    rules.check_assessment(found, dangers, assessed_on, sources, safeguards, _today())
    _move(actor, plan, by, ReturnState.RISK_ASSESSED)
    made = ReturnRisk(
        **numbered(person, "zr", ReturnRisk, by),
        plan=plan,
        found=found,
        dangers=sorted(set(dangers)),
        assessed_on=assessed_on,
        sources=sources.strip(),
        safeguards=safeguards.strip(),
    )
    made.save(force_insert=True)
    audit.record(actor, "return.assessed", person, number=made.number, found=found.value)
    if found not in rules.GOES_ON:
        _move(actor, plan, by, ReturnState.BLOCKED)
    return made


@transaction.atomic
def prepare_departure(
    actor: Actor,
    code: str,
    number: int,
    *,
    partner: Organisation | None,
    departs_on: date | None = None,
    arrangements: str = "",
) -> ReturnPlan:
    """Prepare the journey, when it is wanted, safe enough, and somebody meets the person there.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.unsafe", "return.wish", "return.partner", "return.child", "person.guardian",
    "return.day", "return.move", "person.is-closed").
    """
    person, by, plan = _found(actor, code, number)
    _check_departure(person, plan, partner, departs_on)
    plan.partner, plan.departs_on, plan.arrangements = partner, departs_on, arrangements.strip()
    _move(actor, plan, by, ReturnState.PRE_DEPARTURE, "partner", "departs_on", "arrangements")
    return plan


def _check_departure(
    person: Person, plan: ReturnPlan, partner: Organisation | None, departs_on: date | None
) -> None:
    today = _today()
    is_child = person_rules.is_treated_as_child(person_rules.AgeBand(person.age_band))
    newest = ReturnRisk.objects.filter(plan=plan).order_by("-number").first()
    rules.check_departure(
        Found(newest.found) if newest is not None else None,
        is_wanted=plan.wanted_on is not None,
        has_partner=partner is not None,
        is_child=is_child,
        is_determined=not is_child or person_queries.best_interests(person, Question.RETURN, today),
    )
    rules.check_guarded(is_child=is_child, guarded=person_queries.guarded(person, today))
    rules.check_to_come(departs_on, today)


@transaction.atomic
def set_out(actor: Actor, code: str, number: int) -> ReturnPlan:
    """The journey begins. What had to be true to prepare it has to be true still.

    Raises as `prepare_departure` does.
    """
    person, by, plan = _found(actor, code, number)
    _check_departure(person, plan, plan.partner, None)
    _move(actor, plan, by, ReturnState.TRAVELLING)
    return plan


@transaction.atomic
def arrive(actor: Actor, code: str, number: int, *, received_on: date) -> ReturnPlan:
    """The partner met the person; visits are set for three, six and twelve months later.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "return.day", "person.is-closed").
    """
    person, by, plan = _found(actor, code, number)
    rules.check_past(received_on, _today())
    plan.received_on = received_on
    _move(actor, plan, by, ReturnState.RECEIVED, "received_on")
    known = set(plan.visits.values_list("months", flat=True))
    for months in rules.VISITS:
        if months not in known:
            MonitoringVisit(
                **numbered(person, "v", MonitoringVisit, by),
                plan=plan,
                months=months,
                due_on=months_after(received_on, months),
            ).save(force_insert=True)
    return plan


@transaction.atomic
def settle_in(actor: Actor, code: str, number: int) -> ReturnPlan:
    """Reintegration begins. Raises Person.DoesNotExist, ReturnPlan.DoesNotExist,
    PermissionDenied, RuleBroken ("return.move", "person.is-closed")."""
    _person, by, plan = _found(actor, code, number)
    _move(actor, plan, by, ReturnState.REINTEGRATION)
    return plan


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
    """Write down a visit. `has_concern`: it is feared to have happened again; then help reopens.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, MonitoringVisit.DoesNotExist,
    PermissionDenied, RuleBroken ("return.move", "return.day", "return.visited",
    "person.is-closed").
    """
    person, by, plan = _found(actor, code, number)
    visit: MonitoringVisit = plan.visits.select_for_update().get(months=months)
    rules.check_visit(visit.held_on, held_on, plan.received_on, _today())
    visit.held_on, visit.is_reached = held_on, is_reached
    visit.has_concern, visit.note = has_concern, note.strip()
    visit.save(update_fields=["held_on", "is_reached", "has_concern", "note"])
    audit.record(actor, "return.visited", person, number=number, months=months, concern=has_concern)
    if has_concern:
        _raise_concern(actor, person, by, plan)
    else:
        _move(actor, plan, by, ReturnState.MONITORED)
    return visit


@transaction.atomic
def raise_concern(actor: Actor, code: str, number: int) -> ReturnPlan:
    """It is feared that the person is trafficked again: help reopens at once.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "person.is-closed").
    """
    person, by, plan = _found(actor, code, number)
    _raise_concern(actor, person, by, plan)
    return plan


def _raise_concern(actor: Actor, person: Person, by: UUID, plan: ReturnPlan) -> None:
    """The return says so, the danger is great until somebody assesses it, the plan runs again."""
    plan.closed_on = None
    _move(actor, plan, by, ReturnState.CONCERN, "closed_on")
    _raise_danger(actor, person, by)
    _reopen_plan(actor, person, by)
    audit.record(actor, "return.concern", person, number=plan.number)


def _raise_danger(actor: Actor, person: Person, by: UUID) -> None:
    from cairn.referral.actions.persons_rows import assess_risk
    from cairn.referral.rules.persons_contact import RiskLevel

    assess_risk(actor, person.code, level=RiskLevel.HIGH, assessed_on=_today())


def _reopen_plan(actor: Actor, person: Person, by: UUID) -> None:
    from cairn.referral.actions.plans import move_plan

    newest: Plan | None = Plan.objects.filter(person=person).order_by("-number").first()
    if newest is not None and PlanState(newest.state) in PLAN_ENDS:
        move_plan(actor, person.code, newest.number, PlanState.ACTIVE)


@transaction.atomic
def close_return(actor: Actor, code: str, number: int) -> ReturnPlan:
    """Close a return: after its visits, or when nothing came of it.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "person.is-closed").
    """
    _person, by, plan = _found(actor, code, number)
    plan.closed_on = _today()
    _move(actor, plan, by, ReturnState.CLOSED, "closed_on")
    return plan
