"""Assistance plans: proposing, agreeing, goals, services given, placements, safety plans."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.rows import edited, numbered
from cairn.referral.models.persons import Person
from cairn.referral.models.plans import (
    FollowUp,
    Goal,
    Plan,
    PlanStep,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.models.referrals import Referral
from cairn.referral.rules import plans as rules
from cairn.referral.rules.plans import Area, EpisodeOutcome, GoalState, Later, PlanState
from cairn.referral.rules.referrals import ACCEPTED_ON, State


def _today() -> date:
    return timezone.localdate(clock.now())


@transaction.atomic
def propose_plan(actor: Actor, code: str, *, review_on: date | None = None, note: str = "") -> Plan:
    """Propose a plan to a person. One plan at a time runs; those that ended can be taken up again.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("plan.runs", "plan.review",
    "person.is-closed").
    """
    person, by = edited(actor, code)
    rules.check_none_runs(person.plans.exclude(state__in=rules.PLAN_ENDS).exists())
    rules.check_review(review_on, _today())
    made = Plan(**numbered(person, "p", Plan, by), review_on=review_on, note=note.strip())
    made.save(force_insert=True)
    _step(made, by, None, PlanState.PROPOSED)
    audit.record(actor, "plan.proposed", person, number=made.number)
    return made


@transaction.atomic
def move_plan(
    actor: Actor,
    code: str,
    number: int,
    to: PlanState,
    *,
    seen: PlanState | None = None,
    agreed_on: date | None = None,
    review_on: date | None = None,
) -> Plan:
    """Take a plan one step further. `seen`: the state that the actor saw; another one is refused.

    `agreed_on`: the day on which the person said yes; a step to "agreed" needs it, and so does
    taking up a plan to which the person had never said yes.
    Raises Person.DoesNotExist, Plan.DoesNotExist, PermissionDenied, RuleBroken ("plan.move",
    "plan.meanwhile", "plan.agreed", "plan.review", "plan.runs", "person.is-closed").
    """
    person, by = edited(actor, code)
    plan: Plan = Plan.objects.select_for_update().get(person=person, number=number)
    before = PlanState(plan.state)
    rules.check_seen(before, seen)
    rules.check_plan_move(before, to)
    today = _today()
    if before in rules.PLAN_ENDS:
        others = person.plans.exclude(pk=plan.pk).exclude(state__in=rules.PLAN_ENDS)
        rules.check_none_runs(others.exists())
    rules.check_review(review_on, today)
    if to is PlanState.AGREED or (to is PlanState.ACTIVE and plan.agreed_on is None):
        plan.agreed_on = rules.check_agreed(agreed_on, today)
    plan.state = to
    plan.review_on = None if to in rules.PLAN_ENDS else review_on or plan.review_on
    plan.ended_on = today if to in rules.PLAN_ENDS else None
    plan.save(update_fields=["state", "agreed_on", "review_on", "ended_on"])
    _step(plan, by, before, to)
    audit.record(actor, "plan.moved", person, number=number, before=before.value, after=to.value)
    return plan


def _step(plan: Plan, by: UUID | None, before: PlanState | None, after: PlanState) -> None:
    made = PlanStep(
        **numbered(plan.person, "ps", PlanStep, by),
        plan=plan,
        before=before.value if before else "",
        after=after,
    )
    made.save(force_insert=True)


@transaction.atomic
def set_goal(
    actor: Actor,
    code: str,
    number: int,
    *,
    area: Area,
    words: str,
    target_on: date | None = None,
) -> Goal:
    """Write down what the person wants to reach by the plan `number`; the words are sealed.

    Raises Person.DoesNotExist, Plan.DoesNotExist, PermissionDenied, RuleBroken ("plan.ended",
    "goal.words", "goal.day", "person.is-closed").
    """
    person, by = edited(actor, code)
    plan = _running(person, number)
    rules.check_goal(words, target_on, _today())
    made = Goal(
        **numbered(person, "o", Goal, by),
        plan=plan,
        area=area,
        words=words.strip(),
        target_on=target_on,
    )
    made.save(force_insert=True)
    audit.record(actor, "plan.goal_set", person, number=made.number, area=area.value)
    return made


@transaction.atomic
def settle_goal(actor: Actor, code: str, number: int, to: GoalState) -> Goal:
    """Say what became of a goal, or open it again. Raises Person.DoesNotExist, Goal.DoesNotExist,
    PermissionDenied, RuleBroken ("plan.ended", "person.is-closed")."""
    person, _by = edited(actor, code)
    goal: Goal = (
        Goal.objects.select_for_update().select_related("plan").get(person=person, number=number)
    )
    rules.check_runs(PlanState(goal.plan.state))
    before, goal.state = goal.state, to
    goal.settled_on = None if to is GoalState.OPEN else _today()
    goal.save(update_fields=["state", "settled_on"])
    audit.record(actor, "plan.goal_settled", person, number=number, before=before, after=to.value)
    return goal


@dataclass(frozen=True, slots=True)
class Given:
    """A service that is given: what, by whom, from when to when."""

    service_type: str
    provider: Organisation
    starts_on: date
    ends_on: date | None = None
    goal: int | None = None
    referral: str = ""
    note: str = ""


@transaction.atomic
def begin_episode(actor: Actor, code: str, given: Given) -> ServiceEpisode:
    """Write down that a service is given, with a plan or without one: help waits for no plan.

    For a placement in work or training three days are set on which its outcome is asked for.
    Raises Person.DoesNotExist, Goal.DoesNotExist, Referral.DoesNotExist, PermissionDenied,
    RuleBroken ("episode.days", "episode.referral", "person.is-closed").
    """
    person, by = edited(actor, code)
    rules.check_episode(given.starts_on, given.ends_on, _today())
    goal = Goal.objects.get(person=person, number=given.goal) if given.goal else None
    referral = _accepted(person, given.referral) if given.referral else None
    made = ServiceEpisode(
        **numbered(person, "e", ServiceEpisode, by),
        goal=goal,
        referral=referral,
        service_type=given.service_type,
        provider=given.provider,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        note=given.note.strip(),
    )
    made.save(force_insert=True)
    for months, due_on in rules.follow_ups(given.service_type, given.starts_on):
        FollowUp(
            **numbered(person, "f", FollowUp, by), episode=made, months=months, due_on=due_on
        ).save(force_insert=True)
    audit.record(
        actor, "plan.service_begun", person, number=made.number, service=given.service_type
    )
    return made


def _accepted(person: Person, code: str) -> Referral:
    """The referral of this code, which we sent or which began this record at our place."""
    about = Q(person=person) | Q(received_person=person)
    found: Referral = Referral.objects.filter(about).get(code=code)
    rules.check_accepted(State(found.state) in ACCEPTED_ON)
    return found


@transaction.atomic
def end_episode(
    actor: Actor, code: str, number: int, *, ends_on: date, outcome: EpisodeOutcome
) -> ServiceEpisode:
    """Write down the last day of a service and how it ended. Raises Person.DoesNotExist,
    ServiceEpisode.DoesNotExist, PermissionDenied, RuleBroken ("episode.days", "episode.ended",
    "person.is-closed")."""
    person, _by = edited(actor, code)
    found: ServiceEpisode = ServiceEpisode.objects.select_for_update().get(
        person=person, number=number
    )
    rules.check_not_ended(found.outcome)
    rules.check_episode(found.starts_on, ends_on, _today())
    found.ends_on, found.outcome = ends_on, outcome
    found.save(update_fields=["ends_on", "outcome"])
    audit.record(actor, "plan.service_ended", person, number=number, outcome=outcome.value)
    return found


@transaction.atomic
def note_follow_up(
    actor: Actor, code: str, number: int, *, seen_on: date, outcome: Later, note: str = ""
) -> FollowUp:
    """Write down what came of a placement. Raises Person.DoesNotExist, FollowUp.DoesNotExist,
    PermissionDenied, RuleBroken ("follow-up.day", "follow-up.seen", "person.is-closed")."""
    person, _by = edited(actor, code)
    found: FollowUp = (
        FollowUp.objects.select_for_update()
        .select_related("episode")
        .get(person=person, number=number)
    )
    rules.check_follow_up(found.episode.starts_on, found.seen_on, seen_on, _today())
    found.seen_on, found.outcome, found.note = seen_on, outcome, note.strip()
    found.save(update_fields=["seen_on", "outcome", "note"])
    audit.record(
        actor,
        "plan.followed_up",
        person,
        number=number,
        months=found.months,
        outcome=outcome.value,
    )
    return found


@transaction.atomic
def write_safety_plan(
    actor: Actor,
    code: str,
    *,
    signs: str,
    steps: str,
    helpers: str = "",
    review_on: date | None = None,
) -> SafetyPlan:
    """Write what the person does when danger comes near. All of it is sealed; the newest holds.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("safety.words", "plan.review",
    "person.is-closed").
    """
    person, by = edited(actor, code)
    rules.check_safety(steps)
    rules.check_review(review_on, _today())
    made = SafetyPlan(
        **numbered(person, "s", SafetyPlan, by),
        signs=signs.strip(),
        steps=steps.strip(),
        helpers=helpers.strip(),
        review_on=review_on,
    )
    made.save(force_insert=True)
    audit.record(actor, "plan.safety_written", person, number=made.number)
    return made


def _running(person: Person, number: int) -> Plan:
    rows: Any = Plan.objects.select_for_update()
    plan: Plan = rows.get(person=person, number=number)
    rules.check_runs(PlanState(plan.state))
    return plan
