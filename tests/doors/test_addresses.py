"""Every address, asked by every role for every record: the answer is the one in the table."""

from functools import cache
from typing import Any

import pytest
from django.db import connection

from cairn.access.roles import ROLES, permissions_of
from tests.doors.asking import Answer, Browser, address_of, ask, every_pattern
from tests.doors.outcome import (
    ANY,
    Expected,
    Relation,
    Visitor,
    expected,
    is_turned_away,
)
from tests.doors.stage import Scene, Subject
from tests.doors.table import DOORS, KINDS

pytestmark = pytest.mark.django_db(databases="__all__")
VISITOR = ""
PEOPLE = [VISITOR, *sorted(ROLES)]
# Who asks with the methods that few addresses know.
FEW = (VISITOR, "data-protection-officer")
RARE = sorted(ANY - {"GET", "POST"})
EVERY = 8
ORDER = {name: at for at, name in enumerate(sorted(DOORS))}
# First words of the permissions that only pages of one part ask for -> how their names begin.
TRAINING, FIELD = ("training:",), ("field:", "identification:", "referral:access-point")
ASKED_BY = dict.fromkeys(
    ("credential", "event", "kit", "nomination", "outcome", "trainee", "training", "vetting"),
    TRAINING,
) | dict.fromkeys(
    ("device", "directory", "duty", "indicator", "paper", "receiver", "report"), FIELD
)


def permissions(person: str) -> frozenset[str] | None:
    return permissions_of(frozenset({person})) if person else None


def matters(permission: str, name: str) -> bool:
    """Whether a view at this address could ask for `permission`: one of a part to the addresses of
    that part, one of anything else to all but those of training, and what its door names."""
    if permission in named_by(name):
        return True
    part = ASKED_BY.get(permission.partition(":")[0])
    return name.startswith(part) if part else not name.startswith(TRAINING)


@cache
def named_by(name: str) -> frozenset[str]:
    """The permissions that stand in the table for this address."""
    door = DOORS[name]
    opening = KINDS[door.kind].seen if door.kind else {}
    seen = {permission for permission in opening if permission is not None}
    return door.before | door.needs | door.any_of | set(door.if_holding or ()) | seen


@cache
def is_first(person: str, name: str) -> bool:
    """False for a role that may do here exactly what a role before it may."""

    def held(each: str) -> frozenset[str] | None:
        given = permissions(each)
        return given and frozenset(one for one in given if matters(one, name))

    before = PEOPLE[: PEOPLE.index(person)]
    return held(person) not in [held(each) for each in before]


def asking(name: str) -> list[str]:
    """Who asks: a visitor, and of the roles that may do exactly the same here the first, and one of
    the others in turn; on the second database every eighth of all, others for each address.

    What somebody may do follows from permissions alone, not from the name of a role, and does not
    depend on the database; how records are found does, and that is asked of both by the tests of
    `visible_to` and of the pages.
    """
    if connection.vendor != "sqlite":
        return PEOPLE[ORDER[name] % EVERY :: EVERY]
    first = [person for person in PEOPLE if is_first(person, name)]
    others = [person for person in PEOPLE if person not in first]
    return first + others[ORDER[name] % len(others) :][:1] if others else first


def asked_for(
    scene: Scene, name: str, person: str, method: str = "GET"
) -> list[tuple[Relation, Subject | None]]:
    """The records that `person` asks this address for; one time none where it names none.

    Where several roles may do exactly the same, the first of them asks for all; each of the
    others for one, in turn: together they go round again. Whoever is turned away before a record
    is looked for asks for one's own, and for one more.
    """
    door = DOORS[name]
    if not door.kind:
        return [(Relation.OWN, None)]
    relations = sorted(KINDS[door.kind].relations)
    in_turn = relations[(PEOPLE.index(person) + ORDER[name]) % len(relations)]
    if not is_first(person, name):
        relations = [in_turn]
    elif is_turned_away(door, Visitor(permissions(person)), method):
        relations = sorted({in_turn, Relation.OWN} & set(relations))
    found = [(relation, scene.subject(door.kind, relation, person)) for relation in relations]
    return [(relation, subject) for relation, subject in found if subject is not None]


def wrong(
    answer: Answer,
    told: Expected,
    subject: Subject | None,
    leaves: frozenset[str],
    *,
    opens: bool = False,
) -> list[str]:
    """What is wrong with an answer, in words."""
    found = []
    if answer.status != told.status:
        found.append(f"answers {answer.status}, the table says {told.status}")
    sealed = subject.sealed if subject and not opens else ()
    found += [f"tells the sealed {mark!r}" for mark in sealed if answer.says(mark)]
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


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(DOORS))
def test_an_address_answers_each_role_as_the_table_says(
    scene: Scene, browsers: dict[str, Browser], name: str
) -> None:
    found = []
    for person in asking(name):
        for method in ("GET", "POST"):
            for relation, subject in asked_for(scene, name, person, method):
                found += unlike_the_table(browsers[person], name, person, relation, subject, method)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(DOORS))
def test_other_methods_are_refused_or_change_nothing(
    scene: Scene, browsers: dict[str, Browser], name: str
) -> None:
    found = []
    for person in FEW:
        for relation, subject in asked_for(scene, name, person)[:1]:
            for method in RARE:
                found += unlike_the_table(browsers[person], name, person, relation, subject, method)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(DOORS))
def test_whoever_lacks_the_second_factor_is_led_to_it(
    scene: Scene, without_factor: dict[str, Browser], name: str
) -> None:
    assert without_factor
    found = []
    for person, browser in without_factor.items():
        for relation, subject in asked_for(scene, name, person)[:1]:
            for method in ("GET", "POST"):
                found += unlike_the_table(
                    browser, name, person, relation, subject, method, lacks_factor=True
                )
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.is_recent))
def test_what_weighs_heavily_asks_again_who_it_is(
    scene: Scene, some_time_ago: dict[str, Browser], name: str
) -> None:
    found = []
    for person, browser in some_time_ago.items():
        for relation, subject in asked_for(scene, name, person):
            for method in ("GET", "POST"):
                found += unlike_the_table(
                    browser, name, person, relation, subject, method, is_recent=False
                )
    assert not found, "\n" + "\n".join(found)


@pytest.mark.processes
@pytest.mark.parametrize("person", ["programme-officer", "data-protection-officer"])
def test_nothing_is_sent_without_its_token(
    scene: Scene, browsers: dict[str, Browser], person: str
) -> None:
    strict = Browser(browsers[person].cookies.output(header="", attrs=[]), checks_tokens=True)
    found = []
    for name, door in DOORS.items():
        for relation, subject in asked_for(scene, name, person)[:1]:
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


def unlike_the_table(
    browser: Browser,
    name: str,
    person: str,
    relation: Relation,
    subject: Subject | None,
    method: str,
    **state: bool,
) -> list[str]:
    """Ask once; what is wrong with the answer, each with who asked for what."""
    door = DOORS[name]
    visitor = Visitor(permissions(person), **state)
    told = expected(door, KINDS.get(door.kind), relation, visitor, method)
    answer = ask(browser, address_of(name, door, subject), method)
    about = f"{method} {name} by {person or 'a visitor'}, {relation}"
    opens = door.opens and method == "POST" and not told.refuses
    return [f"{about}: {each}" for each in wrong(answer, told, subject, door.leaves, opens=opens)]
