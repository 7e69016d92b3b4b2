"""Who a person is: written, opened with a reason, changed; always apart from the record."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened, Unreadable
from cairn.oversight.rules import Purpose
from cairn.referral.actions.matching import refresh_keys
from cairn.referral.actions.rows import edited, numbered
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import Conflict
from cairn.referral.queries.persons import has_keys
from cairn.referral.rules import persons_identity as rules

FACTS = ("facts",)


def identified(actor: Actor, person: Person, facts: Mapping[str, Any]) -> Identity | None:
    """Seal who `person` is, in the caller's transaction; None where nothing is known.

    Raises RuleBroken ("identity.birth", "identity.nationality", "identity.sex",
    "identity.documents", "identity.long").
    """
    tidied = _checked(facts)
    if not tidied:
        return None
    made = Identity(
        person=person,
        code=f"{person.code.lower()}.id",
        recorded_at=clock.now(),
        recorded_by=actor.user_id,
        facts=tidied,
    )
    made.save(force_insert=True)
    refresh_keys(person, tidied)
    audit.record(actor, "person.identified", person, facts=sorted(tidied))
    return made


@transaction.atomic
def write_identity(
    actor: Actor, code: str, facts: Mapping[str, Any], *, seen: int = 0
) -> Identity | Conflict | None:
    """Write who a person is. `seen`: the version that the actor has read, 0 for none.

    What a colleague wrote meanwhile stays; this is kept beside it, as a conflict, until somebody
    resolves it. None: nothing was given.
    Raises Person.DoesNotExist, PermissionDenied, RuleBroken as `identified` does, or
    ("person.is-closed").
    """
    person, by = edited(actor, code)
    found = Identity.objects.filter(person=person).select_for_update().first()
    if found is None:
        return identified(actor, person, facts)
    tidied = _checked(facts)
    if found.version != seen:
        beside = numbered(person, "x", Conflict, by) | {"data_key": found.data_key}
        conflict = Conflict(**beside, field="identity", content=tidied)
        conflict.save(force_insert=True)
        audit.record(actor, "person.conflicted", person, number=conflict.number, field="identity")
        return conflict
    return written(actor, found, tidied)


def written(actor: Actor, identity: Identity, facts: Mapping[str, Any]) -> Identity:
    """Seal `facts` in place of what `identity` held, in the caller's transaction."""
    tidied = _checked(facts)
    identity.facts, identity.version = tidied, identity.version + 1
    identity.recorded_at, identity.recorded_by = clock.now(), actor.user_id
    identity.save(update_fields=["facts", "version", "recorded_at", "recorded_by"])
    refresh_keys(identity.person, tidied)
    audit.record(actor, "person.identity_changed", identity.person, facts=sorted(tidied))
    return identity


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    tidied = rules.tidied(facts)
    rules.check_identity(tidied, today=timezone.localdate(clock.now()))
    return tidied


def open_identity(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open who a person is, once, for a purpose and a reason that are kept.

    Not inside a transaction. Raises Identity.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason").
    """
    found = Identity.objects.visible_to(actor).select_related("person").get(person__code=code)
    opened = readings.read(actor, [found], FACTS, purpose, reason)[0]
    facts = opened.values["facts"]
    if not isinstance(facts, Unreadable) and not has_keys(found.person):
        with transaction.atomic():
            # Held and read anew: of a record that was erased meanwhile nothing is found again.
            rows = Person.objects.select_for_update(of=("self",), no_key=True)
            refresh_keys(rows.get(pk=found.person_id), facts or {})
    return opened
