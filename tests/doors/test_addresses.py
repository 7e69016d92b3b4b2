"""Every address, asked by every role for every record: the answer is the one in the table."""

import pytest
from django.test import Client

from cairn.access.roles import ROLES, permissions_of
from tests.doors.asking import Answer, address_of, ask, every_pattern
from tests.doors.outcome import ANY, Expected, Relation, expected
from tests.doors.scene import Scene, Subject
from tests.doors.table import DOORS, KINDS

pytestmark = pytest.mark.django_db(databases="__all__")
VISITOR = ""
PEOPLE = [VISITOR, *sorted(ROLES)]
# Who asks with the methods that few addresses know.
FEW = (VISITOR, "programme-officer", "data-protection-officer")
RARE = sorted(ANY - {"GET", "POST"})


def permissions(person: str) -> frozenset[str] | None:
    return permissions_of(frozenset({person})) if person else None


def asked_for(scene: Scene, name: str, person: str) -> list[tuple[Relation, Subject | None]]:
    """The records that `person` asks this address for; one time none where it names none."""
    door = DOORS[name]
    if not door.kind:
        return [(Relation.OWN, None)]
    found = [
        (relation, scene.subject(door.kind, relation, person))
        for relation in sorted(KINDS[door.kind].relations)
    ]
    return [(relation, subject) for relation, subject in found if subject is not None]


def wrong(
    answer: Answer, told: Expected, subject: Subject | None, leaves: frozenset[str]
) -> list[str]:
    """What is wrong with an answer, in words."""
    found = []
    if answer.status != told.status:
        found.append(f"answers {answer.status}, the table says {told.status}")
    if told.refuses:
        said = [mark for mark in (subject.marks if subject else ()) if answer.says(mark)]
        found += [f"tells {mark!r} while it refuses" for mark in said]
        found += [f"writes to {table} while it refuses" for table in sorted(answer.wrote)]
    elif stray := answer.wrote - leaves - {"django_session"}:
        found.append(f"writes to {', '.join(sorted(stray))} although nothing was done")
    return found


def test_every_address_stands_in_the_table() -> None:
    known = {name for name, _ in every_pattern()}
    assert sorted(known - set(DOORS)) == [], (
        "Addresses without a door: add each to DOORS in tests/doors/table.py, with the permissions "
        "that it asks for, the kind of record in it, and its methods."
    )
    assert sorted(set(DOORS) - known) == [], "Doors that lead nowhere: take them out of the table."


def test_a_new_address_is_missed() -> None:
    """The test above can fail: without its door, an address is found to have none."""
    known = {name for name, _ in every_pattern()}
    assert known - (set(DOORS) - {"portfolio:project"}) == {"portfolio:project"}


@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_kind_of_record_of_a_door_is_in_the_scene(scene: Scene, name: str) -> None:
    kind = DOORS[name].kind
    if kind:
        there = set(scene.subjects[kind]) | ({Relation.OWN} if kind in scene.personal else set())
        assert there == KINDS[kind].relations


@pytest.mark.parametrize("name", sorted(DOORS))
def test_an_address_answers_each_role_as_the_table_says(
    scene: Scene, clients: dict[str, Client], name: str
) -> None:
    found = []
    for person in PEOPLE:
        for relation, subject in asked_for(scene, name, person):
            for method in ("GET", "POST"):
                found += unlike_the_table(clients[person], name, person, relation, subject, method)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_other_methods_are_refused_or_change_nothing(
    scene: Scene, clients: dict[str, Client], name: str
) -> None:
    found = []
    for person in FEW:
        for relation, subject in asked_for(scene, name, person)[:1]:
            for method in RARE:
                found += unlike_the_table(clients[person], name, person, relation, subject, method)
    assert not found, "\n" + "\n".join(found)


def unlike_the_table(
    client: Client,
    name: str,
    person: str,
    relation: Relation,
    subject: Subject | None,
    method: str,
) -> list[str]:
    """Ask once; what is wrong with the answer, each with who asked for what."""
    door = DOORS[name]
    told = expected(door, KINDS.get(door.kind), relation, permissions(person), method)
    answer = ask(client, address_of(name, door, subject), method)
    about = f"{method} {name} by {person or 'a visitor'}, {relation}"
    return [f"{about}: {each}" for each in wrong(answer, told, subject, door.leaves)]
