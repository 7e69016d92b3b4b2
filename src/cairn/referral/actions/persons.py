"""Every write about persons of concern, and the opening of their sealed part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral import queries
from cairn.referral.models.persons import Person
from cairn.referral.rules import persons as rules
from cairn.referral.rules.persons import AgeBand
from cairn.referral.subjects import SEALED


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of a person in the clear. `keep_until` None: the default of the rules."""

    organisation: Organisation
    country: str
    age_band: AgeBand
    opened_on: date
    unit: Unit | None = None
    keep_until: date | None = None


@dataclass(frozen=True, slots=True)
class SealedTexts:
    """What is sealed. None leaves a text as it is, "" empties it."""

    name: str | None = None
    safe_contact: str | None = None
    note: str | None = None

    def given(self) -> dict[str, str]:
        """The texts that are to be written, by field."""
        pairs = ((name, getattr(self, name)) for name in SEALED)
        return {name: text for name, text in pairs if text is not None}


@transaction.atomic
def enter_person(actor: Actor, facts: Facts, texts: SealedTexts, *, is_mine: bool = True) -> Person:
    """Enter a person of concern; `is_mine` makes the actor the caseworker.

    Raises PermissionDenied (outside the actor's place), RuleBroken ("person.place",
    "person.opened", "person.keep").
    """
    today = timezone.localdate()
    kept = rules.kept_until(facts.opened_on, facts.keep_until)
    person = Person(
        organisation=facts.organisation,
        unit=facts.unit,
        country=facts.country,
        age_band=facts.age_band,
        opened_on=facts.opened_on,
        keep_until=kept,
        caseworker=actor.user_id if is_mine else None,
        **texts.given(),
    )
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_place(facts.organisation.pk, facts.unit.organisation_id if facts.unit else None)
    rules.check_days(facts.opened_on, None, kept, today=today)
    save_with_code(person)
    audit.record(
        actor, "person.entered", person, age_band=facts.age_band.value, sealed=_filled(person)
    )
    return person


@transaction.atomic
def change_person(actor: Actor, code: str, facts: Facts, texts: SealedTexts) -> Person:
    """Change an open record. The place it moves to must be the actor's as well.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed", "person.place",
    "person.opened", "person.keep").
    """
    person = _locked(actor, code)
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_open(person.closed_on)
    rules.check_place(facts.organisation.pk, facts.unit.organisation_id if facts.unit else None)
    keep_until = rules.kept_until(facts.opened_on, facts.keep_until)
    rules.check_days(facts.opened_on, None, keep_until, today=timezone.localdate())
    wanted = {
        "organisation": facts.organisation,
        "unit": facts.unit,
        "country": facts.country,
        "age_band": facts.age_band.value,
        "opened_on": facts.opened_on,
        "keep_until": keep_until,
    }
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, wanted[name])
    require(actor, Permission.PERSON_EDIT, within=person)
    sealed = texts.given()
    for name, text in sealed.items():
        setattr(person, name, text)
    if not changed and not sealed:
        return person
    person.save(update_fields=[*changed, *sealed])
    audit.record(actor, "person.changed", person, fields=sorted([*changed, *sealed]))
    return person


@transaction.atomic
def close_person(
    actor: Actor, code: str, *, closed_on: date, keep_until: date | None = None
) -> Person:
    """Close a record: nothing in it changes any more, and it is kept until the last day.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed",
    "person.closed", "person.keep").
    """
    person = _locked(actor, code)
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_open(person.closed_on)
    kept = rules.kept_until(closed_on, keep_until)
    rules.check_days(person.opened_on, closed_on, kept, today=timezone.localdate())
    person.closed_on, person.keep_until = closed_on, kept
    person.save(update_fields=["closed_on", "keep_until"])
    audit.record(actor, "person.closed", person, keep_until=kept.isoformat())
    return person


@transaction.atomic
def assign_caseworker(actor: Actor, code: str, user_id: UUID | None) -> Person:
    """Put a record into a colleague's hands, or (None) into nobody's.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed",
    "person.caseworker").
    """
    person = _locked(actor, code)
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_open(person.closed_on)
    rules.check_caseworker(user_id, frozenset(queries.colleagues(person)))
    if person.caseworker == user_id:
        return person
    before, person.caseworker = person.caseworker, user_id
    person.save(update_fields=["caseworker"])
    audit.record(
        actor,
        "person.assigned",
        person,
        before=str(before or ""),
        caseworker=str(user_id or ""),
    )
    return person


def open_person(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open the sealed part of one record, once, for a purpose and a reason that are kept.

    Not inside a transaction: the reading is committed before anything is opened.
    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    person = Person.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [person], list(SEALED), purpose, reason)[0]


def open_duty_list(actor: Actor, persons: Sequence[Person], reason: str) -> list[Opened]:
    """Open the sealed part of one page of the actor's own caseload: one reading, many subjects.

    Raises PermissionDenied for a record that is not in the caseload, RuleBroken
    ("oversight.reason", "oversight.too-many").
    """
    if actor.user_id is None or any(each.caseworker != actor.user_id for each in persons):
        raise PermissionDenied(Permission.PERSON_OPEN.value)
    return readings.read(actor, persons, list(SEALED), Purpose.DUTY_LIST, reason)


def _locked(actor: Actor, code: str) -> Person:
    rows = Person.objects.visible_to(actor).select_for_update(of=("self",))
    found: Person = rows.get(code=code)
    return found


def _filled(person: Person) -> list[str | int | bool | None]:
    return [name for name in SEALED if getattr(person, name)]
