"""Who asks an address for which records: enough to meet every difference, and nobody twice.

What somebody may do follows from permissions alone, not from the name of a role. So two things
part people at an address: the permissions that its door names, by which the table answers, and all
others that a view there could ask for by mistake.
"""

from collections.abc import Iterator
from functools import cache

from django.db import connection

from cairn.access.permissions import Permission as P
from cairn.access.roles import ROLES, permissions_of
from tests.doors.outcome import (
    Check,
    Relation,
    Visitor,
    expected,
    is_turned_away,
)
from tests.doors.stage import Scene, Subject
from tests.doors.table import DOORS, KINDS

VISITOR = ""
PEOPLE = [VISITOR, *sorted(ROLES)]
ORDER = {name: at for at, name in enumerate(sorted(DOORS))}
METHODS = ("GET", "POST")
# First words of the permissions that only pages of one part ask for -> how their names begin.
TRAINING, FIELD = ("training:",), ("field:", "identification:", "referral:access-point")
ASSISTANCE = ("referral:",)
ASKED_BY = {
    first: part
    for part, words in (
        (("observatory:",), "statistics"),
        (("results:", "library:"), "document"),
        (TRAINING, "credential event kit nomination outcome trainee training vetting"),
        (FIELD, "device duty indicator paper receiver report"),
        (ASSISTANCE, "assistance caseload duplicate expert location protocol referral risk share"),
        (FIELD + ASSISTANCE, "directory"),
    )
    for first in words.split()
}


@cache
def permissions(person: str) -> frozenset[str] | None:
    return permissions_of(frozenset({person})) if person else None


@cache
def named_by(name: str) -> frozenset[str]:
    """The permissions that stand in the table for this address."""
    door = DOORS[name]
    opening = KINDS[door.kind].seen if door.kind else {}
    seen = {permission for permission in opening if permission is not None}
    running = {P.TRAINING_EDIT, P.EVENT_RUN} if door.runs else set()
    return door.before | door.needs | door.any_of | set(door.if_holding or ()) | seen | running


def matters(permission: str, name: str) -> bool:
    """Whether a view at this address could ask for `permission`: one of a part to the addresses of
    that part, one of anything else to all but those of training, and what its door names."""
    if permission in named_by(name):
        return True
    part = ASKED_BY.get(permission.partition(":")[0])
    return name.startswith(part) if part else not name.startswith(TRAINING)


@cache
def firsts(name: str) -> list[str]:
    """A visitor, and of the roles that may do here exactly the same the first."""
    found: dict[frozenset[str] | None, str] = {}
    for person in PEOPLE:
        held = permissions(person)
        found.setdefault(held and frozenset(one for one in held if matters(one, name)), person)
    return list(found.values())


@cache
def alike(name: str, person: str) -> list[str]:
    """Everybody to whom the table gives the same answers here as to `person`."""

    def held(each: str) -> frozenset[str] | None:
        given = permissions(each)
        return None if given is None else given & named_by(name)

    return [each for each in PEOPLE if held(each) == held(person)]


def asks_for(scene: Scene, name: str, person: str) -> frozenset[Relation]:
    """The relations in which `person` asks here for all who are alike: the first of them who has
    such a record. Where no record is named, OWN stands for the address."""
    kind = DOORS[name].kind
    if not kind:
        return frozenset({Relation.OWN} if alike(name, person)[0] == person else ())
    return frozenset(
        relation
        for relation in KINDS[kind].relations
        if next((one for one in alike(name, person) if scene.subject(kind, relation, one)), None)
        == person
    )


def asking(scene: Scene, name: str) -> list[str]:
    """Who asks: the first of those who may do exactly the same, whoever asks for all who are alike,
    and one of the others in turn.

    On the second database only two: of those who ask for others the one who is let in the most,
    for what differs there is how records are found; and somebody in turn.
    """
    in_turn = ORDER[name]
    some = [person for person in PEOPLE if asks_for(scene, name, person)]
    if connection.vendor != "sqlite":
        most = max(some, key=lambda person: _let_in(scene, name, person))
        return list(dict.fromkeys((most, PEOPLE[in_turn % len(PEOPLE)])))
    found = [person for person in PEOPLE if person in some or person in firsts(name)]
    others = [person for person in PEOPLE if person not in found]
    return found + others[in_turn % len(others) :][:1] if others else found


def _let_in(scene: Scene, name: str, person: str) -> int:
    """How many questions of `person` are not refused here."""
    door = DOORS[name]
    visitor = Visitor(permissions(person))
    return sum(
        not expected(door, KINDS.get(door.kind), relation, visitor, method).refuses
        for method in METHODS
        for relation in asks_for(scene, name, person)
    )


def asked_for(
    scene: Scene, name: str, person: str, method: str = "GET"
) -> list[tuple[Relation, Subject | None]]:
    """The records that `person` asks this address for; one time none where it names none.

    Whoever asks for all who are alike asks for each record; when turned away before a record is
    looked for, for one's own and one that is not there. Everybody else asks for one's own, which
    tells most of a permission that is wrong, and with each second method for one more in turn; and
    when turned away, with one method alone.
    """
    door = DOORS[name]
    relations = asks_for(scene, name, person)
    at = PEOPLE.index(person) + ORDER[name]
    if is_turned_away(door, Visitor(permissions(person)), method):
        if relations:
            return own_and_missing(scene, name, person)
        return one_of(scene, name, person) if _is_asked(name, person, method) else []
    if not relations:
        order = sorted(KINDS[door.kind].relations) if door.kind else [Relation.OWN]
        more = {order[at % len(order)]} if METHODS[at % 2] == method else set()
        relations = frozenset({Relation.OWN} | more)
    return list(_there(scene, name, person, relations))


def own_and_missing(scene: Scene, name: str, person: str) -> list[tuple[Relation, Subject | None]]:
    """One's own record, first, and one that is not there: whoever looks for it tells them apart."""
    found = list(_there(scene, name, person, frozenset({Relation.OWN, Relation.MISSING})))
    return found[::-1]


def one_of(scene: Scene, name: str, person: str) -> list[tuple[Relation, Subject | None]]:
    """One's own record, or where there is none the one that is not there."""
    return own_and_missing(scene, name, person)[:1]


def _is_asked(name: str, person: str, method: str) -> bool:
    """Whether somebody who asks for nobody else tries a method that is turned away: where the
    method alone is the reason nobody needs to, else by turns."""
    door = DOORS[name]
    if method not in door.methods and door.order[0] is Check.METHOD:
        return False
    others = [
        each
        for each in METHODS
        if each in door.methods and is_turned_away(door, Visitor(permissions(person)), each)
    ]
    return method in others and others.index(method) == (
        (PEOPLE.index(person) + ORDER[name]) % len(others)
    )


def _there(
    scene: Scene, name: str, person: str, relations: frozenset[Relation]
) -> Iterator[tuple[Relation, Subject | None]]:
    """Those of the records that there are."""
    kind = DOORS[name].kind
    if not kind:
        yield Relation.OWN, None
        return
    for relation in sorted(relations & KINDS[kind].relations):
        if subject := scene.subject(kind, relation, person):
            yield relation, subject
