"""Return and reintegration: choices, danger, departure, arrival, and the end."""

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
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan, ReturnRisk, ReturnStep
from cairn.referral.queries import returns as queries
from cairn.referral.rules import returns as rules
from cairn.referral.rules.plans import months_after
from cairn.referral.rules.returns import Found, ReturnState, Wish


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


def found_return(
    actor: Actor, code: str, number: int, seen: ReturnState | None = None
) -> tuple[Person, UUID, ReturnPlan]:
    """A return of an open record, both held, and who acts. Raises as the actions below do.

    `seen`: the state that the actor saw; RuleBroken ("return.meanwhile") for another one.
    """
    person, by = edited(actor, code)
    rows: Any = ReturnPlan.objects.select_for_update()
    plan: ReturnPlan = rows.get(person=person, number=number)
    rules.check_seen(ReturnState(plan.state), seen)
    return person, by, plan


def move(actor: Actor, plan: ReturnPlan, by: UUID, to: ReturnState, *changed: str) -> None:
    """One step of a return that is held, with its row and its entry. Raises RuleBroken
    ("return.move"); `changed`: further fields that the caller has set."""
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
    actor: Actor,
    code: str,
    number: int,
    *,
    wish: Wish,
    said_on: date,
    to_country: str = "",
    wishes: str = "",
) -> ReturnPlan:
    """Write down that the choices were explained, staying among them, and what the person wishes.

    What was assessed before is assessed anew after it. Raises Person.DoesNotExist,
    ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken ("return.move", "return.day",
    "return.country", "person.is-closed").
    """
    _person, by, plan = found_return(actor, code, number)
    plan.wanted_on = rules.check_wish(wish, said_on, to_country, _today())
    plan.to_country = to_country or plan.to_country
    plan.wishes = wishes.strip()
    move(actor, plan, by, ReturnState.COUNSELLED, "wanted_on", "to_country", "wishes")
    if wish is Wish.NO:
        move(actor, plan, by, ReturnState.DECLINED)
    return plan


@transaction.atomic
def decline_return(
    actor: Actor, code: str, number: int, *, seen: ReturnState | None = None
) -> ReturnPlan:
    """Write down that the person does not want to return. Help goes on as before.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "person.is-closed").
    """
    _person, by, plan = found_return(actor, code, number, seen)
    plan.wanted_on = None
    move(actor, plan, by, ReturnState.DECLINED, "wanted_on")
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
    ("return.move", "return.day", "return.sources", "return.safeguards", "return.dangers",
    "person.is-closed").
    """
    person, by, plan = found_return(actor, code, number)
    rules.check_assessment(found, dangers, assessed_on, sources, safeguards, _today())
    move(actor, plan, by, ReturnState.RISK_ASSESSED)
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
        move(actor, plan, by, ReturnState.BLOCKED)
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
    ("return.unsafe", "return.wish", "return.partner", "return.excluded", "return.child",
    "person.guardian", "return.day", "return.move", "person.is-closed").
    """
    _person, by, plan = found_return(actor, code, number)
    plan.partner, plan.departs_on, plan.arrangements = partner, departs_on, arrangements.strip()
    _check_departure(plan, departs_on)
    move(actor, plan, by, ReturnState.PRE_DEPARTURE, "partner", "departs_on", "arrangements")
    return plan


def _check_departure(plan: ReturnPlan, departs_on: date | None) -> None:
    today = _today()
    rules.check_departure(queries.readiness(plan, today))
    rules.check_to_come(departs_on, today)


@transaction.atomic
def set_out(actor: Actor, code: str, number: int, *, seen: ReturnState | None = None) -> ReturnPlan:
    """The journey begins. What had to be true to prepare it has to be true still.

    Raises as `prepare_departure` does.
    """
    _person, by, plan = found_return(actor, code, number, seen)
    _check_departure(plan, None)
    move(actor, plan, by, ReturnState.TRAVELLING)
    return plan


@transaction.atomic
def arrive(
    actor: Actor, code: str, number: int, *, received_on: date, seen: ReturnState | None = None
) -> ReturnPlan:
    """The partner met the person; visits are set for three, six and twelve months later.

    Raises Person.DoesNotExist, ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken
    ("return.move", "return.day", "person.is-closed").
    """
    person, by, plan = found_return(actor, code, number, seen)
    rules.check_past(received_on, _today())
    plan.received_on = received_on
    move(actor, plan, by, ReturnState.RECEIVED, "received_on")
    for months in rules.VISITS:
        MonitoringVisit(
            **numbered(person, "v", MonitoringVisit, by),
            plan=plan,
            months=months,
            due_on=months_after(received_on, months),
        ).save(force_insert=True)
    return plan


@transaction.atomic
def settle_in(
    actor: Actor, code: str, number: int, *, seen: ReturnState | None = None
) -> ReturnPlan:
    """Reintegration begins. Raises Person.DoesNotExist, ReturnPlan.DoesNotExist,
    PermissionDenied, RuleBroken ("return.move", "person.is-closed")."""
    _person, by, plan = found_return(actor, code, number, seen)
    move(actor, plan, by, ReturnState.REINTEGRATION)
    return plan


@transaction.atomic
def close_return(
    actor: Actor,
    code: str,
    number: int,
    *,
    is_wish: bool = False,
    seen: ReturnState | None = None,
) -> ReturnPlan:
    """Close a return: after its visits, or when a concern about it was dealt with.

    `is_wish`: the person wants no further visits. Raises Person.DoesNotExist,
    ReturnPlan.DoesNotExist, PermissionDenied, RuleBroken ("return.move", "return.visits",
    "person.is-closed").
    """
    _person, by, plan = found_return(actor, code, number, seen)
    if ReturnState(plan.state) is ReturnState.MONITORED:
        rules.check_visits(plan.visits.filter(held_on=None).count(), is_wish=is_wish)
    plan.closed_on = _today()
    move(actor, plan, by, ReturnState.CLOSED, "closed_on")
    return plan
