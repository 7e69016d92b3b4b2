"""What is noted about a person: other names, guardians, dangers, needs, what serves a child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import MOST_AT_ONCE, Opened
from cairn.oversight.rules import Purpose
from cairn.oversight.subjects import SubjectKind
from cairn.referral.actions.rows import edited, numbered
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import (
    Alias,
    BestInterests,
    Guardian,
    NeedsAssessment,
    RiskAssessment,
)
from cairn.referral.rules import persons_gates as gates
from cairn.referral.rules import persons_needs as rules
from cairn.referral.rules.persons_contact import AliasKind, PanelKind, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Question


def _today() -> date:
    return timezone.localdate(clock.now())


@transaction.atomic
def note_alias(actor: Actor, code: str, *, kind: AliasKind, name: str) -> Alias:
    """Note another name by which somebody knows the person. The name is sealed.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("alias.name", "person.is-closed").
    """
    person, by = edited(actor, code)
    gates.check_alias(name)
    made = Alias(**numbered(person, "a", Alias, by), kind=kind, name=name.strip())
    made.save(force_insert=True)
    audit.record(actor, "person.alias_noted", person, number=made.number, kind=kind.value)
    return made


@transaction.atomic
def end_alias(actor: Actor, code: str, number: int) -> Alias:
    """Note that a name is not used any more. It stays, for whoever hears it again.

    Raises Person.DoesNotExist, Alias.DoesNotExist, PermissionDenied, RuleBroken ("alias.ended").
    """
    person, _by = edited(actor, code)
    found: Alias = Alias.objects.select_for_update().get(person=person, number=number)
    gates.check_alias_used(found.ended_on)
    found.ended_on = _today()
    found.save(update_fields=["ended_on"])
    audit.record(actor, "person.alias_ended", person, number=number)
    return found


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """Who is guardian, how to reach them (both sealed), appointed by whom, from when to when."""

    name: str
    contact: str
    appointed_by: str
    starts_on: date
    ends_on: date | None = None


@transaction.atomic
def appoint_guardian(actor: Actor, code: str, guardian: NewGuardian) -> Guardian:
    """Note who stands by the person. Raises Person.DoesNotExist, PermissionDenied, RuleBroken
    ("guardian.by", "guardian.name", "guardian.days", "person.is-closed")."""
    person, by = edited(actor, code)
    gates.check_guardian(guardian.appointed_by, guardian.name, guardian.starts_on, guardian.ends_on)
    made = Guardian(
        **numbered(person, "g", Guardian, by),
        name=guardian.name.strip(),
        contact=guardian.contact.strip(),
        appointed_by=guardian.appointed_by.strip(),
        starts_on=guardian.starts_on,
        ends_on=guardian.ends_on,
    )
    made.save(force_insert=True)
    audit.record(actor, "person.guardian_appointed", person, number=made.number)
    return made


@transaction.atomic
def end_guardian(actor: Actor, code: str, number: int, *, ends_on: date) -> Guardian:
    """Note the last day on which somebody stands by the person.

    Raises Person.DoesNotExist, Guardian.DoesNotExist, PermissionDenied, RuleBroken
    ("guardian.days", "person.is-closed").
    """
    person, _by = edited(actor, code)
    found: Guardian = Guardian.objects.select_for_update().get(person=person, number=number)
    gates.check_guardian_end(found.starts_on, found.ends_on, ends_on)
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    audit.record(actor, "person.guardian_ended", person, number=number)
    return found


@transaction.atomic
def assess_risk(
    actor: Actor,
    code: str,
    *,
    level: RiskLevel,
    factors: Sequence[str] = (),
    assessed_on: date,
    review_on: date | None = None,
    note: str = "",
    seen: int | None = None,
) -> RiskAssessment:
    """Note how great the danger is. `seen`: number of the newest assessment that the actor knew.

    None: the newest there is. One that was written meanwhile, unseen, holds beside this one: the
    greater danger stands until somebody assesses it who has seen both.
    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("assessment.factors",
    "assessment.day", "assessment.review", "person.is-closed").
    """
    person, by = edited(actor, code)
    review = rules.review_day(level, assessed_on, review_on)
    rules.check_risk(factors, assessed_on, review, _today())
    fields = numbered(person, "r", RiskAssessment, by)
    newest = fields["number"] - 1
    made = RiskAssessment(
        **fields,
        level=level,
        factors=sorted(set(factors)),
        seen=newest if seen is None else min(seen, newest),
        assessed_on=assessed_on,
        review_on=review,
        note=note.strip(),
    )
    made.save(force_insert=True)
    audit.record(actor, "person.risk_assessed", person, number=made.number, level=level.value)
    return made


@transaction.atomic
def assess_needs(
    actor: Actor, code: str, *, needs: Mapping[str, str], assessed_on: date, note: str = ""
) -> NeedsAssessment:
    """Note which help is needed (code of Need) and how soon (code of Urgency).

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("assessment.needs",
    "assessment.day", "person.is-closed").
    """
    person, by = edited(actor, code)
    rules.check_needs(needs, assessed_on, _today())
    made = NeedsAssessment(
        **numbered(person, "n", NeedsAssessment, by),
        needs=dict(rules.in_order(needs)),
        assessed_on=assessed_on,
        note=note.strip(),
    )
    made.save(force_insert=True)
    audit.record(actor, "person.needs_assessed", person, number=made.number, count=len(needs))
    return made


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found to be best for a child. `options`, `view`: sealed."""

    kind: PanelKind
    question: Question
    outcome: BestOutcome
    decided_by: str
    decided_on: date
    review_on: date | None = None
    options: str = ""
    view: str = ""


@transaction.atomic
def find_best_interests(actor: Actor, code: str, found: NewFinding) -> BestInterests:
    """Note what was found to be in the best interests of a child.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("interests.child", "interests.by",
    "interests.day", "interests.review", "interests.kind", "person.is-closed").
    """
    person, by = edited(actor, code)
    gates.check_child(person.age_band)
    gates.check_finding(found.decided_by, found.decided_on, found.review_on, today=_today())
    gates.check_panel(found.kind, found.question, found.outcome)
    made = BestInterests(
        **numbered(person, "b", BestInterests, by),
        kind=found.kind,
        question=found.question,
        outcome=found.outcome,
        decided_by=found.decided_by.strip(),
        decided_on=found.decided_on,
        review_on=found.review_on,
        options=found.options.strip(),
        view=found.view.strip(),
    )
    made.save(force_insert=True)
    audit.record(
        actor,
        "person.interests_found",
        person,
        number=made.number,
        question=found.question.value,
        outcome=found.outcome.value,
        kind=found.kind.value,
    )
    return made


def open_rows(
    actor: Actor, code: str, kinds: Sequence[SubjectKind], purpose: Purpose, reason: str
) -> list[Opened]:
    """Open what is sealed in the rows of these kinds, newest first: one reading for each kind.

    Not inside a transaction. Raises Person.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason", "person.nothing-sealed").
    """
    person = Person.objects.visible_to(actor).get(code=code)
    opened: list[Opened] = []
    for kind in kinds:
        opened += readings.read(
            actor, sealed_rows(actor, person, kind), list(kind.sealed), purpose, reason
        )
    if not opened:
        raise RuleBroken("person.nothing-sealed", gates.nothing_sealed())
    return opened


def sealed_rows(actor: Actor, person: Person, kind: SubjectKind) -> list[Any]:
    """The newest rows of `kind` about `person` in which something is sealed."""
    rows = kind.visible_to(actor).filter(person=person).select_related("person")
    found = [
        row
        for row in rows.order_by("-recorded_at", "-code")[:MOST_AT_ONCE]
        if any(getattr(row, name) for name in kind.sealed)
    ]
    return found
