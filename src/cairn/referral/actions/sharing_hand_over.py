"""A whole caseload into the hands of a colleague: all of it, or none."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cairn.access.permissions import Permission
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.pseudonyms import save_with_code
from cairn.referral import queries as persons
from cairn.referral.actions.outbox import tell_users
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import HandOver, HandOverLine
from cairn.referral.queries import sharing_hand_over as queries
from cairn.referral.rules import persons as rules
from cairn.referral.rules.sharing import HandOverState, Why, check_caseload

Place = tuple[UUID, UUID | None, str]


@transaction.atomic
def hand_over_caseload(
    actor: Actor, from_user: UUID | None, to_user: UUID, why: Why, *, expected: int
) -> list[HandOver]:
    """Give all open records of `from_user` (None: of nobody) that the actor supervises to another.

    `expected`: how many the actor saw before. One hand-over for each place where there are any.
    Raises PermissionDenied, RuleBroken ("hand-over.self", "hand-over.changed", "hand-over.none",
    "person.caseworker" when the colleague does not work at one of the places).
    """
    if not actor.may(Permission.CASELOAD_SUPERVISE):
        raise PermissionDenied(Permission.CASELOAD_SUPERVISE.value)
    by = acting(actor)
    rows = queries.supervised(actor).filter(caseworker=from_user).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    check_caseload(len(found), expected, is_same=from_user == to_user)
    places: dict[Place, list[Person]] = {}
    for person in found:
        key = (person.organisation_id, person.unit_id, person.country)
        places.setdefault(key, []).append(person)
    for group in places.values():
        rules.check_caseworker(to_user, frozenset(persons.colleagues(group[0])))
    return [_done(actor, by, group, from_user, to_user, why) for group in places.values()]


def _done(
    actor: Actor,
    by: UUID,
    group: list[Person],
    from_user: UUID | None,
    to_user: UUID,
    why: Why,
) -> HandOver:
    first, now = group[0], clock.now()
    made = HandOver(
        organisation_id=first.organisation_id,
        unit_id=first.unit_id,
        country=first.country,
        why=why,
        state=HandOverState.DONE,
        from_user=from_user,
        to_user=to_user,
        made_by=by,
        made_at=now,
        decided_by=by,
        decided_at=now,
    )
    save_with_code(made)
    HandOverLine.objects.bulk_create(
        [HandOverLine(hand_over=made, person=person) for person in group]
    )
    for person in group:
        person.caseworker = to_user
        person.save(update_fields=["caseworker"])
        audit.record(
            actor,
            "person.assigned",
            person,
            before=str(from_user or ""),
            caseworker=str(to_user),
        )
    audit.record(actor, "hand-over.done", made, files=len(group), why=why.value)
    tell_users([to_user], "hand-over.done", made.pk, made.code, pseudonym=made.code)
    return made
