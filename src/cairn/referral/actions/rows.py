"""What every write about a person of concern begins with."""

from typing import Any
from uuid import UUID

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral
from cairn.referral.models.rows import PersonRow
from cairn.referral.models.sharing import HandOverLine, ShareAgreement
from cairn.referral.rules import persons as rules


def locked(actor: Actor, code: str) -> Person:
    """The person of this code, held until the end of the transaction.

    Held without its key: whoever changes a referral or another row that only points to the person
    goes on, so that two who hold the two in another order never wait for each other.
    Raises Person.DoesNotExist, also for one that the actor does not see.
    """
    rows = Person.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    found: Person = rows.get(code=code)
    return found


def hold_what_is_open(person: Person) -> None:
    """Hold what goes on with others about a person, before anything is written into the log.

    Whoever answers a referral, a share or an offered file holds it first and the log after it. The
    other way round the two would wait for each other, and a withdrawal might be the one that is
    broken off. The caller holds the person.
    """
    for model in (Referral, ShareAgreement, HandOverLine):
        rows = model._default_manager.filter(person=person).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def edited(
    actor: Actor, code: str, permission: Permission = Permission.PERSON_EDIT
) -> tuple[Person, UUID]:
    """An open record, held, and who acts.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed").
    """
    found = locked(actor, code)
    require(actor, permission, within=found)
    rules.check_open(found.closed_on or found.erased_on)
    return found, acting(actor)


def numbered(
    person: Person, letters: str, model: type[PersonRow], by: UUID | None
) -> dict[str, Any]:
    """The fields that every row of a person has. The caller holds the person (`locked`)."""
    last = model._default_manager.filter(person=person).order_by("-number").first()
    number = last.number + 1 if last is not None else 1
    return {
        "data_key": person.data_key,
        "person": person,
        "number": number,
        "code": f"{person.code.lower()}.{letters}{number}",
        "recorded_at": clock.now(),
        "recorded_by": by,
    }
