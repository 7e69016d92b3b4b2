"""What two wrote at the same time: somebody looks at it and says what holds."""

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose
from cairn.referral.actions.persons_facts import plain_of, put
from cairn.referral.actions.persons_identity import written
from cairn.referral.actions.rows import edited
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import Conflict
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import persons_conflicts as rules
from cairn.referral.rules import persons_gates as gates


class Choice(StrEnum):
    """What becomes of a text that stands twice."""

    STANDING = "standing"
    OTHER = "other"
    BOTH = "both"


@transaction.atomic
def resolve_fact(
    actor: Actor, code: str, number: int, value: Any, *, adult_ground: str = ""
) -> Conflict:
    """Say which of the values of a clear fact holds; it may be one that protects less.

    Raises Person.DoesNotExist, Conflict.DoesNotExist, PermissionDenied, RuleBroken
    ("conflict.resolved", "conflict.sealed", "conflict.value", "person.adult", "person.place",
    "person.opened", "person.keep", "person.is-closed").
    """
    person, by = edited(actor, code)
    found = _found(person, number)
    rules.check_clear(is_sealed=bool(found.content))
    rules.check_value(value, [found.base, *found.values])
    now = plain_of(person)[found.field]
    if found.field == "age_band":
        # Whoever was said to be a child by one of the two is no adult without a ground.
        gates.check_age(max(found.values, key=rules.protecting("age_band")), value, adult_ground)
    before = person.organisation_id
    columns = put(person, found.field, value)
    person_rules.check_stays(before, person.organisation_id)
    _check(actor, person)
    person.version += 1
    person.save(update_fields=[*columns, "version"])
    found.standing = found.resolved_as = value
    _resolve(found, by)
    audit.record(
        actor,
        "person.conflict_resolved",
        person,
        number=number,
        field=found.field,
        changed=value != now,
        **({"adult_ground": adult_ground} if adult_ground else {}),
    )
    return found


def resolve_text(actor: Actor, code: str, number: int, choice: Choice, reason: str) -> Conflict:
    """Say which version of a sealed text holds. Both are opened for it, with a reason.

    Not inside a transaction. Raises as `resolve_fact` does, and RuleBroken ("oversight.reason",
    "conflict.unreadable", "conflict.changed", "conflict.both").
    """
    person = Person.objects.visible_to(actor).get(code=code)
    found = Conflict.objects.visible_to(actor).get(person=person, number=number)
    rules.check_sealed(is_sealed=bool(found.content))
    rules.check_open(found.resolved_at)
    rules.check_both(choice == Choice.BOTH, found.field)
    other, standing, mark = _opened(actor, person, found, reason)
    with transaction.atomic():
        person, by = edited(actor, code)
        found = _found(person, number)
        if choice != Choice.STANDING:
            value = other if choice == Choice.OTHER else rules.joined(standing, other)
            _write(actor, person, found.field, value, mark)
        found.resolved_as = choice.value
        # The words have served: what holds stands where it always stands.
        found.content = ""
        _resolve(found, by)
        audit.record(
            actor,
            "person.conflict_resolved",
            person,
            number=number,
            field=found.field,
            changed=choice != Choice.STANDING,
        )
    return found


def _found(person: Person, number: int) -> Conflict:
    found: Conflict = Conflict.objects.select_for_update().get(person=person, number=number)
    rules.check_open(found.resolved_at)
    return found


def _resolve(found: Conflict, by: Any) -> None:
    found.resolved_at, found.resolved_by = clock.now(), by
    found.save(update_fields=["standing", "resolved_as", "resolved_at", "resolved_by", "content"])


def _check(actor: Actor, person: Person) -> None:
    """What holds for every change of a record holds for what two wrote as well."""
    require(actor, Permission.PERSON_EDIT, within=person)
    person_rules.check_place(
        person.organisation_id, person.unit.organisation_id if person.unit else None
    )
    today = timezone.localdate(clock.now())
    person_rules.check_days(person.opened_on, None, person.keep_until, today=today)


def _opened(actor: Actor, person: Person, found: Conflict, reason: str) -> tuple[Any, Any, str]:
    """The other version, the one that stands, and the mark of the latter."""
    opened = readings.read(actor, [found], ["content"], Purpose.ASSISTANCE, reason)[0]
    holder: Any = person
    name = found.field
    if found.field == "identity":
        holder = Identity.objects.visible_to(actor).select_related("person").get(person=person)
        name = "facts"
    stands = readings.read(actor, [holder], [name], Purpose.ASSISTANCE, reason)[0]
    values = (opened.values["content"], stands.values[name])
    rules.check_readable(not any(isinstance(value, Unreadable) for value in values))
    return *values, getattr(holder, name).mark()


def _write(actor: Actor, person: Person, name: str, value: Any, mark: str) -> None:
    if name == "identity":
        found = Identity.objects.select_for_update().get(person=person)
        rules.check_unchanged(found.facts.mark(), mark)
        written(actor, found, value)
        return
    rules.check_unchanged(getattr(person, name).mark(), mark)
    setattr(person, name, value or None)
    person.save(update_fields=[name])
