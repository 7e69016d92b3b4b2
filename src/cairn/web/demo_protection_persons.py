"""Invented facts about the persons of the demonstration: contact, danger, needs, guardians."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from cairn.core.actor import Actor
from cairn.referral.actions import Facts, SealedTexts, change_person
from cairn.referral.actions.persons import Base
from cairn.referral.actions.persons_identity import write_identity
from cairn.referral.actions.persons_rows import (
    NewFinding,
    NewGuardian,
    appoint_guardian,
    assess_needs,
    assess_risk,
    find_best_interests,
    note_alias,
)
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand, is_treated_as_child
from cairn.referral.rules.choices import Displacement, Need, Urgency
from cairn.referral.rules.persons_contact import (
    AliasKind,
    ContactRule,
    PanelKind,
    PersonSex,
    RiskFactor,
    RiskLevel,
)
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.web.demo_protection import Home

AVOID = ("Invented: no messages to the number that ends in 00.", "Invented: not at the market.")
RISK_NOTE = "Invented: agreed on a word that means: come at once."
NEEDS_NOTE = "Invented: asks for a doctor first, then for news of the family."


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is invented about one person, in the order in which they were entered."""

    sex: PersonSex
    displacement: Displacement
    languages: tuple[str, ...]
    contact: ContactRule
    level: RiskLevel | None = None
    factors: tuple[RiskFactor, ...] = ()
    needs: dict[Need, Urgency] = field(default_factory=dict)
    given: str = ""
    birth: str = ""
    has_guardian: bool = False


SKETCHES = (
    Sketch(
        PersonSex.FEMALE,
        Displacement.REFUGEE,
        ("ar", "fr"),
        ContactRule.THROUGH_US,
        RiskLevel.HIGH,
        (RiskFactor.NEAR, RiskFactor.THREATS),
        {Need.HEALTH: Urgency.URGENT, Need.LEGAL: Urgency.ROUTINE},
        "Inventa Demonia",
        "1998",
    ),
    Sketch(
        PersonSex.MALE,
        Displacement.SEPARATED_CHILD,
        ("ne",),
        ContactRule.IN_PERSON,
        RiskLevel.MEDIUM,
        (RiskFactor.ALONE, RiskFactor.REMOVAL),
        {Need.SAFE_PLACE: Urgency.EMERGENCY, Need.CHILD: Urgency.URGENT},
    ),
    Sketch(
        PersonSex.FEMALE,
        Displacement.INTERNALLY,
        ("ne", "hi"),
        ContactRule.THROUGH_US,
        RiskLevel.LOW,
        (),
        {Need.FAMILY: Urgency.ROUTINE, Need.CHILD: Urgency.ROUTINE},
        "Demonila Inventa",
        "2012-04",
        has_guardian=True,
    ),
    Sketch(
        PersonSex.MALE,
        Displacement.MIGRANT,
        ("wo", "fr"),
        ContactRule.ANY,
        RiskLevel.MEDIUM,
        (RiskFactor.DEBT,),
        {Need.WORK_RIGHTS: Urgency.ROUTINE, Need.RETURN: Urgency.ROUTINE},
        "Invente Démonstro",
        "1989-11-02",
    ),
    Sketch(
        PersonSex.FEMALE,
        Displacement.ASYLUM_SEEKER,
        ("fr",),
        ContactRule.NONE,
        RiskLevel.EXTREME,
        (RiskFactor.KNOWN_PLACE, RiskFactor.FAMILY, RiskFactor.ARMED),
        {Need.SAFE_PLACE: Urgency.EMERGENCY, Need.COUNSELLING: Urgency.URGENT},
    ),
)


def make_persons(home: Home) -> int:
    """Fill in what is noted of the first persons; of one, two colleagues wrote at once."""
    actor = home.actors["service-provider"]
    made = 0
    if any(person.version > 1 for person in home.persons):
        return made
    for person, sketch in zip(home.persons, SKETCHES, strict=False):
        made += _fill(actor, home, person, sketch)
    if home.persons:
        _write_at_once(actor, home.persons[0])
    return made


def _facts(person: Person) -> Facts:
    """The facts of a record as they are."""
    return Facts(
        organisation=person.organisation,
        unit=person.unit,
        country=person.country,
        age_band=AgeBand(person.age_band),
        opened_on=person.opened_on,
        keep_until=person.keep_until,
        sex=person.sex,
        displacement=person.displacement,
        languages=tuple(person.languages),
        contact_rule=person.contact_rule,
    )


def _fill(actor: Actor, home: Home, person: Person, sketch: Sketch) -> int:
    """What one sketch says; returns how many rows."""
    facts = replace(
        _facts(person),
        sex=sketch.sex,
        displacement=sketch.displacement,
        languages=sketch.languages,
        contact_rule=sketch.contact,
    )
    change_person(actor, person.code, facts, SealedTexts(do_not_contact=AVOID))
    day = home.today - timedelta(days=1)
    made = 0
    if sketch.given:
        write_identity(actor, person.code, {"given": sketch.given, "birth": sketch.birth})
        note_alias(actor, person.code, kind=AliasKind.WORK, name="Invented name at work")
        made += 2
    if sketch.level is not None:
        assess_risk(
            actor,
            person.code,
            level=sketch.level,
            factors=sketch.factors,
            assessed_on=day,
            note=RISK_NOTE,
        )
        made += 1
    if sketch.needs:
        assess_needs(
            actor,
            person.code,
            needs={need.value: urgency.value for need, urgency in sketch.needs.items()},
            assessed_on=day,
            note=NEEDS_NOTE,
        )
        made += 1
    return made + _child(actor, home, person, sketch)


def _child(actor: Actor, home: Home, person: Person, sketch: Sketch) -> int:
    """A guardian and a first finding for one of the children."""
    if not sketch.has_guardian or not is_treated_as_child(AgeBand(person.age_band)):
        return 0
    day = home.today - timedelta(days=2)
    guardian = NewGuardian(
        "Invented Guardian", "Invented: office hours", "Invented family court", day
    )
    appoint_guardian(actor, person.code, guardian)
    found = NewFinding(
        kind=PanelKind.ASSESSMENT,
        question=Question.PLACEMENT,
        outcome=BestOutcome.SAFEGUARDS,
        decided_by="Caseworker, guardian, nurse",
        decided_on=day,
        review_on=home.today + timedelta(days=28),
        view="Invented: wants to stay near the school.",
    )
    find_best_interests(actor, person.code, found)
    return 2


def _write_at_once(actor: Actor, person: Person) -> None:
    """Two pages lay open at once: one says any contact, the other none."""
    found = Person.objects.visible_to(actor).get(pk=person.pk)
    base, facts = Base.of(found), _facts(found)
    for rule in (ContactRule.ANY, ContactRule.IN_PERSON):
        change_person(
            actor, found.code, replace(facts, contact_rule=rule), SealedTexts(), base=base
        )
