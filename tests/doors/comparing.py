"""What an address answers, beside what the table says."""

from tests.doors.askers import METHODS, asked_for, asking, permissions
from tests.doors.asking import Answer, Browser, address_of, ask
from tests.doors.outcome import Expected, Relation, Visitor, expected
from tests.doors.stage import Scene, Subject
from tests.doors.table import DOORS, KINDS


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


def asked_by_all(scene: Scene, browsers: dict[str, Browser], name: str) -> list[str]:
    """Let everybody who asks ask an address; what is wrong with the answers."""
    return [
        each
        for person in asking(scene, name)
        for method in METHODS
        for relation, subject in asked_for(scene, name, person, method)
        for each in unlike_the_table(browsers[person], name, person, relation, subject, method)
    ]
