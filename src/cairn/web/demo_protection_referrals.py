"""Invented referrals: one that waits, one with a question, one accepted, one told, one prepared."""

from dataclasses import dataclass

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.referral.actions.referrals import Wanted, prepare, refer
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.models import Person, Referral, Service
from cairn.referral.rules.access_points import Age
from cairn.referral.rules.choices import DataCategory, Purpose, Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.web.demo_protection import Home

WORDS = {
    DataCategory.NEED.value: "Invented: asks for help that can be reached on foot.",
    DataCategory.CONTACT.value: "Invented: leave word at the blue door, mornings only.",
}
QUESTION = "Invented: would an appointment in the afternoon be safe?"
OUTCOME = "Invented: came twice, and will come again when needed."


@dataclass(frozen=True, slots=True)
class Sketch:
    """How urgent, and what the service said, one after the other; `is_kept`: not sent yet."""

    urgency: Urgency
    said: tuple[Answer, ...] = ()
    is_kept: bool = False


SKETCHES = (
    Sketch(Urgency.URGENT),
    Sketch(Urgency.ROUTINE, (Answer(Verb.ASK, note=QUESTION),)),
    Sketch(Urgency.URGENT, (Answer(Verb.ACCEPT), Answer(Verb.BEGIN))),
    Sketch(
        Urgency.ROUTINE,
        (
            Answer(Verb.ACCEPT),
            Answer(Verb.FINISH, outcome="completed", feedback="helped", rating=4, note=OUTCOME),
        ),
    ),
    Sketch(Urgency.ROUTINE, is_kept=True),
)


def make_referrals(home: Home) -> int:
    """Refer the first adult to the partner's services, once; returns how many referrals."""
    sender, focal = home.actors["service-provider"], home.actors["referral-focal-point"]
    if Referral.objects.visible_to(sender).exists():
        return 0
    adults = [each for each in home.persons if each.age_band == AgeBand.ADULT and each.is_open]
    offered = Service.objects.visible_to(sender).offered(clock.now())
    theirs = offered.filter(organisation=home.partner, is_outside=False).order_by("name")
    services = [each for each in theirs if not each.ages or Age.ADULT in each.ages]
    if not adults or not services:
        return 0
    return sum(
        _make(sender, focal, adults[0], services[number % len(services)], sketch)
        for number, sketch in enumerate(SKETCHES)
    )


def _make(sender: Actor, focal: Actor, person: Person, service: Service, sketch: Sketch) -> int:
    """One referral; one that nothing allows to send is kept as prepared."""
    wanted = Wanted(
        need=service.needs[0],
        urgency=sketch.urgency.value,
        purpose=Purpose.ASSISTANCE.value,
        categories=list(WORDS),
        content=WORDS,
        language=(person.languages or [""])[0],
        place=service.area,
    )
    if sketch.is_kept:
        prepare(sender, person.code, service.code, wanted)
        return 1
    try:
        made = refer(sender, person.code, service.code, wanted).referral
    except RuleBroken:
        prepare(sender, person.code, service.code, wanted)
        return 1
    for said in sketch.said:
        answer(focal, made.code, said)
    return 1
