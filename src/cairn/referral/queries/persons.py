"""What other parts ask of a person: who stands by a child, what serves it, how great the danger."""

from datetime import date

from django.db.models import F

from cairn.core.actor import Actor
from cairn.oversight.queries.access import live_break_glass
from cairn.referral.models.matching import MatchFeatures
from cairn.referral.models.persons import KIND, Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import (
    Alias,
    BestInterests,
    Conflict,
    Guardian,
    NeedsAssessment,
    RiskAssessment,
)
from cairn.referral.rules import persons_gates as gates
from cairn.referral.rules.merging import Assessed, Standing, standing_risk
from cairn.referral.rules.persons_gates import Guarded, Question

MOST_SHOWN = 50


def guardians(person: Person) -> list[Guarded]:
    """From when until when somebody is guardian of `person`. One query."""
    rows = Guardian.objects.filter(person=person).order_by("number")
    return [Guarded(starts, ends) for starts, ends in rows.values_list("starts_on", "ends_on")]


def guarded(person: Person, today: date) -> bool:
    """Whether an adult, or a child by whom somebody stands today. At most one query."""
    return gates.is_guarded(person.age_band, [], today) or gates.is_guarded(
        person.age_band, guardians(person), today
    )


def has_keys(person: Person) -> bool:
    """Whether the record can be found by its identity when somebody alike is entered. One query."""
    return MatchFeatures.objects.filter(person=person).exists()


def findings(person: Person) -> list[gates.Finding]:
    """What was found to serve the child best, oldest first. One query."""
    rows = BestInterests.objects.filter(person=person).order_by("number")
    names = ("question", "kind", "outcome", "decided_on", "review_on")
    return [gates.Finding(*values) for values in rows.values_list(*names)]


def best_interests(person: Person, question: Question, today: date) -> bool:
    """Whether `question` may be answered yes for the person today; true for adults. One query.

    For a return a panel has determined it.
    """
    return gates.serves_child(person.age_band, [], question, today) or gates.serves_child(
        person.age_band, findings(person), question, today
    )


def risk(person: Person) -> Standing | None:
    """How great the danger is held to be, None while nobody has assessed it. One query."""
    rows = RiskAssessment.objects.filter(person=person).order_by("number")
    names = ("number", "seen", "level", "factors", "assessed_on", "review_on")
    return standing_risk([Assessed(*values) for values in rows.values_list(*names)])


def needs(person: Person) -> dict[str, str]:
    """The newest word on which help is needed (code of Need) and how soon. One query."""
    rows = NeedsAssessment.objects.filter(person=person).order_by("-number")
    found: dict[str, str] = rows.values_list("needs", flat=True).first() or {}
    return found


def find_alias(person: Person, number: int) -> Alias:
    """Raises Alias.DoesNotExist."""
    found: Alias = Alias.objects.get(person=person, number=number)
    return found


def find_guardian(person: Person, number: int) -> Guardian:
    """Raises Guardian.DoesNotExist."""
    found: Guardian = Guardian.objects.get(person=person, number=number)
    return found


def find_conflict(person: Person, number: int) -> Conflict:
    """Raises Conflict.DoesNotExist."""
    found: Conflict = Conflict.objects.get(person=person, number=number)
    return found


def conflicts(person: Person) -> list[Conflict]:
    """What was written twice, open ones first, newest first; at most a page. One query."""
    rows = Conflict.objects.filter(person=person)
    return list(rows.order_by(F("resolved_at").desc(nulls_first=True), "-number")[:MOST_SHOWN])


def has_emergency(actor: Actor, person: Person) -> bool:
    """Whether the actor holds an emergency access to the record now. One query."""
    return live_break_glass(actor, KIND).filter(subject_id=person.pk).exists()


def find_identity(actor: Actor, code: str) -> Identity | None:
    """Who the person of this code is, closed; None where nobody has written it."""
    rows = Identity.objects.visible_to(actor).filter(person__code=code)
    found: Identity | None = rows.select_related("person").first()
    return found
