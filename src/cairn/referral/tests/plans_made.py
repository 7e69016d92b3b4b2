"""Obviously invented plans and returns, made through the actions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cairn.access.tests.factories import organisation
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.plans import Given, begin_episode, move_plan, propose_plan
from cairn.referral.actions.returns import (
    arrive,
    assess_return,
    consider_return,
    counsel_return,
    prepare_departure,
    set_out,
    settle_in,
)
from cairn.referral.actions.returns_concern import note_visit
from cairn.referral.models import Person, Plan, ReturnPlan, ServiceEpisode
from cairn.referral.rules.plans import PlanState
from cairn.referral.rules.returns import Found, ReturnState, Wish

S = ReturnState
# Told apart from chance letters in pages, logs and database bytes.
WISH, SOURCES, FEAR = "Flumpworth wishes", "Asked aunt Grobbinda", "Seen with Skraggle again"
SAID = "Zindelquom said so"


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def there() -> Organisation:
    return organisation("Invented Partner There")


def agreed_plan(actor: Actor, person: Person, state: PlanState = PlanState.ACTIVE) -> Plan:
    """A plan to which the person agreed, brought to `state`."""
    made = propose_plan(actor, person.code, note=SAID)
    move_plan(actor, person.code, made.number, PlanState.AGREED, agreed_on=today())
    made = move_plan(actor, person.code, made.number, PlanState.ACTIVE)
    if state is not PlanState.ACTIVE:
        made = move_plan(actor, person.code, made.number, state)
    return made


def given(actor: Actor, person: Person, kind: str = "livelihood", **more: Any) -> ServiceEpisode:
    """A service that is given, since a hundred days."""
    plain: dict[str, Any] = {"starts_on": ago(100), "note": SAID}
    return begin_episode(actor, person.code, Given(kind, there(), **(plain | more)))


def thought_of(actor: Actor, person: Person) -> ReturnPlan:
    return consider_return(actor, person.code, to_country="MDA")


def assessed(actor: Actor, plan: ReturnPlan, found: Found = Found.SAFE, **more: Any) -> ReturnPlan:
    """Its danger was assessed."""
    given: dict[str, Any] = {"assessed_on": today(), "sources": SOURCES} | more
    assess_return(actor, plan.person.code, plan.number, found=found, **given)
    plan.refresh_from_db()
    return plan


def counselled(actor: Actor, plan: ReturnPlan, wish: Wish = Wish.YES) -> ReturnPlan:
    return counsel_return(
        actor,
        plan.person.code,
        plan.number,
        wish=wish,
        said_on=today(),
        to_country="MDA",
        wishes=WISH,
    )


def brought_to(actor: Actor, person: Person, state: ReturnState) -> ReturnPlan:
    """A return of an adult, as far on its way as `state`; arrived a hundred days ago."""
    plan = thought_of(actor, person)
    code, number = person.code, plan.number
    steps: dict[ReturnState, Callable[[], object]] = {
        S.COUNSELLED: lambda: counselled(actor, plan),
        S.RISK_ASSESSED: lambda: assessed(actor, plan),
        S.PRE_DEPARTURE: lambda: prepare_departure(actor, code, number, partner=there()),
        S.TRAVELLING: lambda: set_out(actor, code, number),
        S.RECEIVED: lambda: arrive(actor, code, number, received_on=ago(100)),
        S.REINTEGRATION: lambda: settle_in(actor, code, number),
        S.MONITORED: lambda: note_visit(
            actor, code, number, 3, held_on=ago(5), is_reached=True, note=SAID
        ),
    }
    for after, step in steps.items():
        if plan.state != state:
            step()
            plan.refresh_from_db()
            assert plan.state == after
    return plan
