"""The parts of the page of a person that tell how to reach them, what they need, who stands by."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import Alias, Conflict
from cairn.referral.queries import persons as queries
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.persons_contact import RiskFactor, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.referral.rules.persons_needs import in_order


def may_edit(actor: Actor, person: Person) -> bool:
    """Whether the actor changes this record, which is open."""
    place = (person.organisation_id, person.unit_id, person.country)
    return person.is_open and actor.may_within(Permission.PERSON_EDIT, *place)


def contact(actor: Actor, person: Person) -> Mapping[str, Any]:
    """How the person is reached, and what is known of who it is. Two queries."""
    identity = Identity.objects.visible_to(actor).filter(person=person).first()
    return {
        "person": person,
        "has_identity": identity is not None and bool(identity.facts),
        "aliases": Alias.objects.filter(person=person, ended_on=None).count(),
        "has_list": bool(person.do_not_contact),
    }


def care(actor: Actor, person: Person) -> Mapping[str, Any] | None:
    """Who stands by a child, and what was found to be best: (question, answer, finding).

    None for an adult. Two queries.
    """
    if not is_treated_as_child(AgeBand(person.age_band)):
        return None
    today = timezone.localdate(clock.now())
    found = queries.guardians(person)
    live = [each for each in found if each.holds(today)]
    newest = {each.question: each for each in queries.findings(person)}
    named = [
        (str(Question(each.question).label), str(BestOutcome(each.outcome).label), each)
        for each in newest.values()
    ]
    return {"person": person, "is_guarded": bool(live), "findings": named}


def needed(actor: Actor, person: Person) -> Mapping[str, Any]:
    """What is needed (words, how soon, code of that) and how great the danger is. Two queries.

    `level` "": nobody has assessed it.
    """
    today = timezone.localdate(clock.now())
    risk = queries.risk(person)
    needs = [
        (str(Need(need).label), str(Urgency(urgency).label), urgency)
        for need, urgency in in_order(queries.needs(person))
    ]
    return {
        "person": person,
        "level": risk.level if risk else "",
        "level_word": RiskLevel(risk.level).label if risk else "",
        "factors": [RiskFactor(each).label for each in risk.factors] if risk else [],
        "review_on": risk.review_on if risk else None,
        "is_due": risk.is_due(today) if risk else False,
        "is_open": risk.is_open if risk else False,
        "needs": needs,
        "may_edit": may_edit(actor, person),
    }


def open_conflicts(actor: Actor, person: Person) -> int:
    """How much of the record was written twice and nobody has resolved. One query."""
    rows = Conflict.objects.visible_to(actor).filter(person=person, resolved_at=None)
    return rows.count()
