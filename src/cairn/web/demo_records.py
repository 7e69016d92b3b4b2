"""Invented persons and procedures, so that a newcomer finds sealed records to work with."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cairn.access.actions import demo_accounts
from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.roles import LABELS
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.identification.actions.procedures import Place, decide_procedure, enter_procedure
from cairn.identification.models import Procedure
from cairn.identification.rules.procedures import Standard, State
from cairn.referral.actions import Facts, SealedTexts, close_person, enter_person
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand
from cairn.training.actions.demo import certify_training_demo, load_training_demo
from cairn.web.demo_field import load_field_demo
from cairn.web.demo_protection import Home, load_protection
from cairn.web.demo_results import load_results

# Every text says that it is invented: demonstrations are shown, copied and photographed.
NAME = "Invented Person {number}"
CONTACT = "Invented: leave word at the blue door, mornings only. Never call."
NOTE = "Invented: speaks two languages; asked for a doctor first."
SUMMARY = "Invented: seen at a checkpoint; papers were held by somebody else."
REASONS = "Invented: what was said fits what two officers saw, each on their own."
AUTHORITY = "Invented Act on Identification, section 4"
UNITS = (("Demo Unit North (invented)", "NPL"), ("Demo Unit South (invented)", "SEN"))


@dataclass(frozen=True, slots=True)
class Sketch:
    """An invented person: which unit, how many days ago it began, whose it is, whether it ended."""

    unit: int
    days: int
    band: AgeBand
    is_mine: bool = True
    is_closed: bool = False


PERSONS = (
    Sketch(0, 3, AgeBand.ADULT),
    Sketch(0, 9, AgeBand.AGE_DISPUTED),
    Sketch(0, 21, AgeBand.CHILD),
    Sketch(1, 30, AgeBand.ADULT),
    Sketch(1, 44, AgeBand.ADULT),
    Sketch(0, 5, AgeBand.ADULT, is_mine=False),
    Sketch(1, 12, AgeBand.CHILD, is_mine=False),
    Sketch(0, 200, AgeBand.ADULT, is_closed=True),
)
# How far each invented procedure has come.
PROCEDURES: tuple[tuple[State, ...], ...] = (
    (),
    (State.UNDER_ASSESSMENT,),
    (State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS),
)
STANDARD = {
    State.UNDER_ASSESSMENT: Standard.NONE,
    State.REASONABLE_GROUNDS: Standard.GROUNDS,
}


@transaction.atomic
def load_demo_records(organisation: Organisation, *, today: date) -> int:
    """Enter the invented records of the demonstration's organisation, once; returns how many.

    The demo accounts enter them by the actions that people use, so the log shows who did.
    """
    entered = 0
    worker = _account("service-provider", today)
    if worker is not None and not Person.objects.visible_to(worker).exists():
        entered += _persons(worker, organisation, today)
    officer = _account("identification-authority", today)
    if officer is not None and not Procedure.objects.visible_to(officer).exists():
        entered += _procedures(officer, organisation, today)
    planner, trainer = _account("training-officer", today), _account("trainer", today)
    if planner is not None:
        entered += load_training_demo(
            planner, organisation, today=today, trainer=trainer.user_id if trainer else None
        )
    return entered


def certify_demo(*, today: date) -> int:
    """Issue the certificates of the invented training; returns how many."""
    planner = _account("training-officer", today)
    return certify_training_demo(planner) if planner is not None else 0


def load_demo_reports(organisation: Organisation, passphrase: str, *, today: date) -> int:
    """Let the demo accounts bring invented reports in; returns how many."""
    found = {role: _account(role, today) for role in LABELS}
    actors = {role: actor for role, actor in found.items() if actor is not None}
    return load_field_demo(organisation, passphrase, actors)


def load_demo_protection(own: Organisation, partner: Organisation, *, today: date) -> int:
    """Let the demo accounts of both organisations refer and help invented persons."""
    found = {name: _account(name, today) for name in demo_accounts()}
    actors = {name: actor for name, actor in found.items() if actor is not None}
    persons = _as_entered(list(Person.objects.filter(organisation=own).order_by("code")))
    if not {"service-provider", "service-provider-2"} <= set(actors):
        return 0
    # Consents and clocks run from the real day, whatever day the rest is made for.
    home = Home(own, partner, timezone.localdate(), actors, persons)
    return load_protection(home) + load_results(home)


def _as_entered(persons: list[Person]) -> tuple[Person, ...]:
    """The invented persons in the order of PERSONS, told by how long each was open at first."""
    days = {sketch.days: at for at, sketch in enumerate(PERSONS)}
    first = max((each.opened_on for each in persons), default=None)
    if first is None:
        return ()
    newest = min(days)

    def place(person: Person) -> int:
        return days.get((first - person.opened_on).days + newest, len(days))

    return tuple(sorted(persons, key=place))


def _account(username: str, today: date) -> Actor | None:
    user = User.objects.filter(username=username, is_demo=True).first()
    actor = actor_for(user, today=today) if user is not None else None
    return actor if actor is not None and actor.roles else None


def _persons(actor: Actor, organisation: Organisation, today: date) -> int:
    units = [
        Unit.objects.get_or_create(
            organisation=organisation, name=name, defaults={"country": country}
        )[0]
        for name, country in UNITS
    ]
    for number, sketch in enumerate(PERSONS, start=1):
        unit = units[sketch.unit]
        opened_on = today - timedelta(days=sketch.days)
        made = enter_person(
            actor,
            Facts(organisation, unit.country, sketch.band, opened_on, unit),
            SealedTexts(NAME.format(number=number), CONTACT, NOTE),
            is_mine=sketch.is_mine,
        )
        if sketch.is_closed:
            close_person(actor, made.code, closed_on=today - timedelta(days=20))
    return len(PERSONS)


def _procedures(actor: Actor, organisation: Organisation, today: date) -> int:
    for number, outcomes in enumerate(PROCEDURES, start=1):
        made = enter_procedure(
            actor,
            Place(organisation, UNITS[0][1]),
            opened_on=today - timedelta(days=10 * number),
            subject_name=NAME.format(number=number),
            summary=SUMMARY,
        )
        for outcome in outcomes:
            decide_procedure(
                actor,
                made.code,
                outcome,
                standard=STANDARD[outcome],
                authority=AUTHORITY,
                reasons=REASONS,
            )
    return len(PROCEDURES)
