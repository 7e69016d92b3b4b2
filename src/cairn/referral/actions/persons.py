"""Every write about persons of concern, and the opening of their sealed part."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral import queries
from cairn.referral.actions.persons_facts import (
    Base,
    Facts,
    SealedTexts,
    brought_together,
    kept_twice,
    noted,
    plain_of,
    put,
)
from cairn.referral.actions.persons_identity import identified
from cairn.referral.actions.rows import edited
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import Conflict
from cairn.referral.rules import persons as rules
from cairn.referral.rules import persons_gates as gates
from cairn.referral.rules.persons_identity import check_lines, lines
from cairn.referral.subjects import SEALED

__all__ = [
    "Base",
    "Facts",
    "SealedTexts",
    "assign_caseworker",
    "change_person",
    "close_person",
    "enter_person",
    "open_duty_list",
    "open_person",
]


@transaction.atomic
def enter_person(
    actor: Actor,
    facts: Facts,
    texts: SealedTexts,
    *,
    is_mine: bool = True,
    identity: Mapping[str, Any] | None = None,
) -> Person:
    """Enter a person of concern; `is_mine` makes the actor the caseworker.

    `identity`: who it is, as far as it is known (see `rules.persons_identity`); it is sealed apart.
    Raises PermissionDenied (outside the actor's place), RuleBroken ("person.place",
    "person.opened", "person.keep", "person.lines", or as `identified` does).
    """
    today = timezone.localdate(clock.now())
    kept = rules.kept_until(facts.opened_on, facts.keep_until)
    person = Person(
        organisation=facts.organisation,
        unit=facts.unit,
        country=facts.country,
        age_band=facts.age_band,
        sex=facts.sex,
        displacement=facts.displacement,
        languages=list(facts.languages),
        contact_rule=facts.contact_rule,
        opened_on=facts.opened_on,
        keep_until=kept,
        caseworker=actor.user_id if is_mine else None,
    )
    require(actor, Permission.PERSON_EDIT, within=person)
    rules.check_place(facts.organisation.pk, facts.unit.organisation_id if facts.unit else None)
    rules.check_days(facts.opened_on, None, kept, today=today)
    _seal(person, texts.given())
    save_with_code(person)
    audit.record(
        actor, "person.entered", person, age_band=facts.age_band.value, sealed=_filled(person)
    )
    if identity:
        identified(actor, person, identity)
    return person


@transaction.atomic
def change_person(
    actor: Actor,
    code: str,
    facts: Facts,
    texts: SealedTexts,
    *,
    base: Base | None = None,
    adult_ground: str = "",
) -> Person:
    """Change an open record. The unit it moves to must be the actor's as well.

    `base`: what the actor saw before; what a colleague changed meanwhile is brought together with
    it, and what both changed becomes a conflict, see `rules.merging`. None: what is there now.
    `adult_ground`: code of AdultGround, where somebody who counted as a child is an adult.
    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed", "person.place",
    "person.elsewhere", "person.opened", "person.keep", "person.lines", "person.adult",
    "person.conflict").
    """
    person, by = edited(actor, code)
    base = base or Base.of(person)
    outcomes = brought_together(person, facts.plain(), base)
    now = plain_of(person)
    changed = [name for name, each in outcomes.items() if each.standing != now[name]]
    if "age_band" in changed:
        gates.check_age(now["age_band"], outcomes["age_band"].standing, adult_ground)
    columns = [column for name in changed for column in put(person, name, outcomes[name].standing)]
    rules.check_stays(UUID(now["place"][0]), person.organisation_id)
    rules.check_place(person.organisation_id, person.unit.organisation_id if person.unit else None)
    rules.check_days(
        person.opened_on, None, person.keep_until, today=timezone.localdate(clock.now())
    )
    require(actor, Permission.PERSON_EDIT, within=person)
    conflicts = [made for each in outcomes.values() if (made := noted(person, each, by))]
    conflicts += _sealed_anew(person, texts, base, by, columns)
    if columns:
        if changed:
            person.version += 1
        person.save(update_fields=[*columns, "version"])
        grounds = {"adult_ground": adult_ground} if adult_ground else {}
        audit.record(actor, "person.changed", person, fields=sorted(columns), **grounds)
    for conflict in conflicts:
        audit.record(
            actor, "person.conflicted", person, number=conflict.number, field=conflict.field
        )
    return person


def _sealed_anew(
    person: Person, texts: SealedTexts, base: Base, by: UUID, columns: list[str]
) -> list[Conflict]:
    """Seal what was written; what a colleague wrote meanwhile stays, and this is kept beside it."""
    given = texts.given()
    seen = {name for name in given if base.marks.get(name) in {None, getattr(person, name).mark()}}
    conflicts = [kept_twice(person, name, given[name], by) for name in given if name not in seen]
    _seal(person, {name: given[name] for name in given if name in seen})
    columns += sorted(seen)
    return conflicts


def _seal(person: Person, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == "do_not_contact":
            value = lines(value) or None
            check_lines(value or [])
        setattr(person, name, value)


@transaction.atomic
def close_person(
    actor: Actor, code: str, *, closed_on: date, keep_until: date | None = None
) -> Person:
    """Close a record: nothing in it changes any more, and it is kept until the last day.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed",
    "person.closed", "person.keep").
    """
    person, _user_id = edited(actor, code)
    kept = rules.kept_until(closed_on, keep_until)
    rules.check_days(person.opened_on, closed_on, kept, today=timezone.localdate(clock.now()))
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
    person, _user_id = edited(actor, code)
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


def _filled(person: Person) -> list[str | int | bool | None]:
    return [name for name in SEALED if getattr(person, name)]
