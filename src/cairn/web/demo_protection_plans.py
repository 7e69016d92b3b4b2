"""Invented plans, services given, claims and returns, so that a newcomer sees help go on."""

from datetime import timedelta

from cairn.core.actor import Actor
from cairn.referral.actions.matters import move_matter, note_matter
from cairn.referral.actions.plans import (
    Given,
    begin_episode,
    end_episode,
    move_plan,
    note_follow_up,
    propose_plan,
    set_goal,
    settle_goal,
    write_safety_plan,
)
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
from cairn.referral.models import Person, Plan
from cairn.referral.rules import AgeBand
from cairn.referral.rules.plans import (
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    MatterKind,
    MatterState,
    PlanState,
)
from cairn.referral.rules.returns import Danger, Found, Wish
from cairn.referral.rules.services import ServiceType
from cairn.web.demo_protection import Home

INVENTED = "Invented: in the person's own words."
FEARED = "Invented: those who recruited the person are seen in the village again."
COUNTRY_OF_RETURN = "MDA"


def make_plans(home: Home) -> int:
    """A plan that runs with work and training, one that is proposed, a claim, two returns."""
    actor = home.actors["service-provider"]
    if Plan.objects.visible_to(actor).exists():
        return 0
    adults = [each for each in home.persons if each.age_band == AgeBand.ADULT and each.is_open]
    made = 0
    for person, make in zip(adults, (_settling, _proposed, _followed, _stopped), strict=False):
        made += make(home, actor, person)
    return made


def _agreed(home: Home, actor: Actor, person: Person, days: int) -> Plan:
    made = propose_plan(
        actor, person.code, review_on=home.today + timedelta(days=days), note=INVENTED
    )
    move_plan(actor, person.code, made.number, PlanState.AGREED, agreed_on=home.today)
    return move_plan(actor, person.code, made.number, PlanState.ACTIVE)


def _settling(home: Home, actor: Actor, person: Person) -> int:
    """Training that was given to its end and asked about once, a shelter that goes on."""
    code = person.code
    plan = _agreed(home, actor, person, 6)
    work = set_goal(actor, code, plan.number, area=Area.WORK, words=INVENTED)
    room = set_goal(actor, code, plan.number, area=Area.HOUSING, words=INVENTED)
    settle_goal(actor, code, room.number, GoalState.REACHED)
    begun = home.today - timedelta(days=190)
    training = Given(
        ServiceType.VOCATIONAL_TRAINING.value, home.partner, begun, goal=work.number, note=INVENTED
    )
    course = begin_episode(actor, code, training)
    ended = home.today - timedelta(days=70)
    end_episode(actor, code, course.number, ends_on=ended, outcome=EpisodeOutcome.DONE)
    note_follow_up(actor, code, 1, seen_on=home.today - timedelta(days=95), outcome=Later.IN_PLACE)
    begin_episode(actor, code, Given(ServiceType.SHELTER.value, home.own, begun))
    write_safety_plan(
        actor,
        code,
        signs=FEARED,
        steps="Invented: go to the shop at the corner and say the word that was agreed.",
        helpers="Invented: the neighbour on the second floor.",
        review_on=home.today + timedelta(days=20),
    )
    claim = note_matter(
        actor,
        code,
        MatterKind.COMPENSATION,
        acts="Invented: eleven months of wages.",
        noticed_on=home.today - timedelta(days=40),
    )
    move_matter(
        actor,
        code,
        claim.number,
        MatterState.RAISED,
        happened_on=home.today - timedelta(days=12),
        forum="Invented Labour Court of Demoland",
        due_on=home.today + timedelta(days=18),
    )
    return 8


def _proposed(home: Home, actor: Actor, person: Person) -> int:
    propose_plan(actor, person.code, review_on=home.today + timedelta(days=14), note=INVENTED)
    note_matter(actor, person.code, MatterKind.NON_PUNISHMENT, acts="Invented: a false passport.")
    return 2


def _returning(home: Home, actor: Actor, person: Person, found: Found) -> int:
    """A return that was wanted and assessed; its number."""
    code = person.code
    plan = consider_return(actor, code, to_country=COUNTRY_OF_RETURN)
    counsel_return(
        actor,
        code,
        plan.number,
        wish=Wish.YES,
        said_on=home.today,
        to_country=COUNTRY_OF_RETURN,
        wishes=INVENTED,
    )
    assess_return(
        actor,
        code,
        plan.number,
        found=found,
        dangers=[Danger.DEBT.value] if found is not Found.SAFE else [],
        assessed_on=home.today,
        sources="Invented: the person, and the partner there.",
        safeguards="Invented: another town, and a number to call.",
    )
    return plan.number


def _followed(home: Home, actor: Actor, person: Person) -> int:
    """Arrived half a year ago, visited once; the second visit is due."""
    code = person.code
    _agreed(home, actor, person, 40)
    number = _returning(home, actor, person, Found.SAFEGUARDS)
    prepare_departure(actor, code, number, partner=home.partner, arrangements=INVENTED)
    set_out(actor, code, number)
    arrive(actor, code, number, received_on=home.today - timedelta(days=186))
    settle_in(actor, code, number)
    note_visit(
        actor,
        code,
        number,
        3,
        held_on=home.today - timedelta(days=92),
        is_reached=True,
        note=INVENTED,
    )
    return 2


def _stopped(home: Home, actor: Actor, person: Person) -> int:
    """Wanted, and found not to be safe."""
    _returning(home, actor, person, Found.UNSAFE)
    return 1
