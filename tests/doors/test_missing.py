"""Of what somebody may not see, the same is told as of what is not there, word for word."""

from collections.abc import Iterator

import pytest

from tests.doors.askers import ORDER, alike, permissions
from tests.doors.asking import Browser, address_of, ask, plain
from tests.doors.leaks import SECRETS, without_rules
from tests.doors.outcome import Relation, Visitor, is_turned_away
from tests.doors.stage import Scene, Subject
from tests.doors.table import DOORS, KINDS

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.processes,
    pytest.mark.once,
]
ASKED_ABOUT = ("", "participant", "programme-officer", "service-provider")


@pytest.fixture(scope="module")
def readers(browsers: dict[str, Browser]) -> dict[str, Browser]:
    return {reader: browsers[reader] for reader in ASKED_ABOUT}


def words(subject: Subject) -> list[str]:
    """The key, where it is more than a number that a page may hold anyway."""
    return [] if subject.key.isdigit() else [subject.key]


def unlike_missing(
    scene: Scene, browser: Browser, reader: str, name: str
) -> Iterator[tuple[Relation, str]]:
    """What is told of records that are there but not seen, where it is not what is told of none."""
    door = DOORS[name]
    kind, held = KINDS[door.kind], permissions(reader) or frozenset()
    method = "GET" if "GET" in door.methods else "POST"
    missing = scene.subjects[door.kind][Relation.MISSING]
    nothing = address_of(name, door, missing)
    about_nothing = plain(ask(browser, nothing, method), nothing, *words(missing))
    relations = sorted(kind.relations - {Relation.MISSING})
    if is_turned_away(door, Visitor(permissions(reader)), method):
        # Before a record is looked for, all are the same: one shows it.
        relations = relations[ORDER[name] % len(relations) :][:1]
    for relation in relations:
        subject = scene.subject(door.kind, relation, reader)
        if subject is None or kind.is_seen(relation, held):
            continue
        address = address_of(name, door, subject)
        told = plain(ask(browser, address, method), address, *words(subject))
        if told != about_nothing:
            yield relation, told


@pytest.mark.parametrize("name", sorted(name for name, door in DOORS.items() if door.kind))
def test_what_is_not_seen_is_told_in_the_words_of_what_is_not_there(
    scene: Scene, readers: dict[str, Browser], name: str
) -> None:
    asked: set[str] = set()
    for reader, browser in readers.items():
        if reader in asked:  # the table gives the same answers to both
            continue
        asked.update(alike(name, reader))
        assert list(unlike_missing(scene, browser, reader, name)) == [], reader


def test_these_words_would_differ_if_the_rule_were_gone(
    scene: Scene, readers: dict[str, Browser]
) -> None:
    with without_rules(SECRETS["persons elsewhere"]):
        told = list(
            unlike_missing(
                scene, readers["service-provider"], "service-provider", "referral:person"
            )
        )
    assert {relation for relation, _told in told} >= {
        Relation.OTHER_ORGANISATION,
        Relation.OTHER_COUNTRY,
    }
