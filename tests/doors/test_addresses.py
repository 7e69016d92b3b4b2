"""Every address, asked by every role for every record: the answer is the one in the table."""

from dataclasses import replace
from typing import Any

import pytest

from tests.doors.askers import (
    METHODS,
    ORDER,
    PEOPLE,
    VISITOR,
    asks_for,
    one_of,
    own_and_missing,
    permissions,
)
from tests.doors.asking import Browser, address_of, ask, every_pattern
from tests.doors.comparing import asked_by_all, unlike_the_table, wrong
from tests.doors.outcome import (
    ANY,
    Check,
    Expected,
    Relation,
    Visitor,
    is_turned_away,
)
from tests.doors.stage import Scene
from tests.doors.table import DOORS, KINDS

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("kept_refusals"),
]
# Who asks with the methods that few addresses know, and sends without a token.
FEW = ("programme-officer", "data-protection-officer")
RARE = sorted(ANY - {"GET", "POST"})


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


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_kind_of_record_of_a_door_is_in_the_scene(scene: Scene, name: str) -> None:
    kind = DOORS[name].kind
    if kind:
        there = set(scene.subjects[kind]) | ({Relation.OWN} if kind in scene.personal else set())
        assert there == KINDS[kind].relations


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(DOORS))
def test_an_address_answers_each_role_as_the_table_says(
    scene: Scene, browsers: dict[str, Browser], name: str
) -> None:
    found = asked_by_all(scene, browsers, name)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.parametrize("name", sorted(DOORS))
def test_other_methods_are_refused_or_change_nothing(
    scene: Scene, browsers: dict[str, Browser], name: str
) -> None:
    found = []
    for person in asking_rarely(name):
        for relation, subject in one_of(scene, name, person):
            for method in RARE:
                found += unlike_the_table(browsers[person], name, person, relation, subject, method)
    assert not found, "\n" + "\n".join(found)


def asking_rarely(name: str) -> list[str]:
    """Who asks with a method that few addresses know: a visitor, where the method is looked at
    before anything else; and of the roles the first that gets as far, with what is let in there."""
    door = DOORS[name]
    roles = PEOPLE[1:]
    far = [
        role
        for role in roles
        if not is_turned_away(replace(door, methods=ANY), Visitor(permissions(role)), "HEAD")
    ]
    return ([VISITOR] if door.order[0] is Check.METHOD else []) + (far or roles)[:1]


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.parametrize("name", sorted(DOORS))
def test_whoever_lacks_the_second_factor_is_led_to_it(
    scene: Scene, without_factor: dict[str, Browser], name: str
) -> None:
    """Asked of every role where the way is open without one; else of two in turn, one for each
    method: it is looked at before the view, and there is no other reason for the answer."""
    people = sorted(without_factor)
    at = ORDER[name] % len(people)
    in_turn = {(people[at - 1], "GET"), (people[at], "POST")}
    found = []
    for person in people:
        for method in METHODS:
            if not DOORS[name].without_factor and (person, method) not in in_turn:
                continue
            for relation, subject in one_of(scene, name, person):
                found += unlike_the_table(
                    without_factor[person],
                    name,
                    person,
                    relation,
                    subject,
                    method,
                    lacks_factor=True,
                )
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.is_recent))
def test_what_weighs_heavily_asks_again_who_it_is(
    scene: Scene, some_time_ago: dict[str, Browser], name: str
) -> None:
    found = []
    for person in PEOPLE[1:]:
        # It is looked at before a record: only what the door asks for first can come before it.
        asked = own_and_missing(scene, name, person) if asks_for(scene, name, person) else []
        for method in METHODS:
            for relation, subject in asked:
                found += unlike_the_table(
                    some_time_ago[person],
                    name,
                    person,
                    relation,
                    subject,
                    method,
                    is_recent=False,
                )
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.parametrize("person", ["programme-officer", "data-protection-officer"])
def test_nothing_is_sent_without_its_token(
    scene: Scene, browsers: dict[str, Browser], person: str
) -> None:
    """Every address hears it from one of the two: a token is looked at before the view."""
    strict = Browser(browsers[person].cookies.output(header="", attrs=[]), checks_tokens=True)
    found = []
    for name in sorted(DOORS)[FEW.index(person) :: len(FEW)]:
        door = DOORS[name]
        for relation, subject in one_of(scene, name, person):
            answer = ask(strict, address_of(name, door, subject), "POST")
            told = Expected(door.untokened)
            found += [
                f"{name}, {relation}: {each}" for each in wrong(answer, told, None, frozenset())
            ]
    assert not found, "\n" + "\n".join(found)


def test_the_table_knows_every_page_that_asks_again_who_it_is() -> None:
    asking = {name for name, pattern in every_pattern() if asks_again(pattern.callback)}
    assert asking == {name for name, door in DOORS.items() if door.is_recent}


def asks_again(view: Any) -> bool:
    """True when `recently` stands somewhere around the view."""
    while view is not None:
        if getattr(view, "needs_recent_proof", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False
