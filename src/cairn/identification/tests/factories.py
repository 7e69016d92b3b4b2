"""Obviously invented procedures, entered and decided through the actions."""

from datetime import date
from typing import Any

from django.utils import timezone

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.identification.actions.procedures import Place, decide_procedure, enter_procedure
from cairn.identification.models import Decision, Procedure
from cairn.identification.rules.procedures import STANDARDS, Standard, State

NAME, SUMMARY, REASONS = "Zarquil Inventeria", "Vexomarnic summary", "Quibblethorpian reasons"
REASON = "An invented reason, long enough."


def actor_of(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


def authority(name: str = "", **place: Any) -> Actor:
    """An officer of an identification authority, as stored users have it."""
    return actor_of(user_with_role("identification-authority", name=name, **place))


def procedure(actor: Actor, *, at: Organisation | None = None, country: str = "NPL") -> Procedure:
    """An invented procedure with both sealed texts."""
    place = Place(at or organisation(), country)
    return enter_procedure(
        actor, place, opened_on=date(2026, 1, 15), subject_name=NAME, summary=SUMMARY
    )


def decide(actor: Actor, made: Procedure, *outcomes: State) -> Decision:
    """Decide one outcome after the other, each by the first standard that it takes."""
    decision = None
    for outcome in outcomes:
        standard = next(each for each in Standard if each in STANDARDS[outcome])
        decision = decide_procedure(
            actor, made.code, outcome, standard=standard, authority="Act 7", reasons=REASONS
        )
    assert decision is not None
    return decision
