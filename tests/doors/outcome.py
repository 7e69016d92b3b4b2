"""What an address answers, worked out from a door, a kind of record and a set of permissions."""

from dataclasses import dataclass, field
from enum import StrEnum

from cairn.access.permissions import Permission as P

FINE, MOVED = 200, 302
REFUSED, ABSENT, WRONG_METHOD, AGAINST_A_RULE, NOT_VALID = 403, 404, 405, 409, 422
READING = frozenset({"GET", "HEAD"})
FORM = READING | {"POST"}
SENDING = frozenset({"POST"})
ANY = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Relation(StrEnum):
    """How a record stands to the person who asks for it.

    A record of another organisation lies in the person's country; one of another country belongs
    to the person's organisation; so each differs in one thing from one's own. OTHER_ZONE puts the
    id of a record of another zone into the address.
    """

    OWN = "own"
    OTHER_ORGANISATION = "other organisation"
    OTHER_COUNTRY = "other country"
    OTHER_ZONE = "other zone"
    MISSING = "missing"
    # Of a project alone: what the public is shown without its country, by each of its addresses,
    # and what it is not shown at all.
    REDUCED = "reduced"
    REDUCED_BY_PUBLIC_ID = "reduced, by its public id"
    WITHHELD = "withheld"


R = Relation
EVERYWHERE = frozenset({R.OWN, R.OTHER_ORGANISATION, R.OTHER_COUNTRY})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that addresses name, and who sees which of its records.

    `seen`: each permission with the relations that it opens; None stands for everybody.
    """

    zone: str
    seen: dict[P | None, frozenset[Relation]]
    relations: frozenset[Relation]

    def is_seen(self, relation: Relation, permissions: frozenset[str]) -> bool:
        return any(
            relation in opened and (permission is None or permission in permissions)
            for permission, opened in self.seen.items()
        )


class Check(StrEnum):
    """What a view asks before it looks for a record. The order decides which refusal is told."""

    METHOD = "method"
    PERSON = "person"  # visitors are sent to sign in
    BEFORE = "before"  # permissions without which no record is looked for
    RECENT = "recent"  # who it is was shown within five minutes


METHOD_FIRST = (Check.METHOD, Check.PERSON, Check.BEFORE, Check.RECENT)
RECENT_FIRST = (Check.METHOD, Check.PERSON, Check.RECENT, Check.BEFORE)
PERSON_FIRST = (Check.PERSON, Check.RECENT, Check.METHOD, Check.BEFORE)
PERMISSION_FIRST = (Check.PERSON, Check.BEFORE, Check.RECENT, Check.METHOD)


@dataclass(frozen=True, slots=True)
class Door:
    """An address, and what it asks of whoever comes.

    `is_open`: visitors are not sent to sign in. `before`: permissions without which the record is
    not even looked for. `kind`: of the record in the address; one that is not seen is 404.
    `needs`: permissions for what is done with a record that is seen. `any_of`: at least one.
    `if_holding`: (P, Q): whoever holds P sees more than the public, and so needs Q.
    `at_home`: what is done is refused for a seen record of another organisation; `at_place`: of
    another organisation or another country; whoever holds one of `keeps` does it for every
    organisation of the country. `runs`: only for whoever runs the event, which is in
    its place and plans training, or is staffed on it (in the scene: the trainer on one's own).
    `is_recent`: who it is must have been shown within five minutes. `without_factor`: open to
    somebody whose second factor is still missing.
    `fixed`: the other parts of the address. `answers`: status of a fine GET; `posts`: of an
    allowed POST with an empty form. `leaves`: tables that a request which is let in may write to
    (what is audited). `opens`: a form that is sent opens sealed words, which the answer tells.
    `untokened`: what a form without the token of its page hears; who knows no session looks at
    none, and takes no forms.
    """

    kind: str = ""
    methods: frozenset[str] = READING
    is_open: bool = False
    before: frozenset[P] = frozenset()
    needs: frozenset[P] = frozenset()
    any_of: frozenset[P] = frozenset()
    if_holding: tuple[P, P] | None = None
    at_home: bool = False
    at_place: bool = False
    keeps: frozenset[P] = frozenset()
    runs: bool = False
    is_recent: bool = False
    without_factor: bool = False
    fixed: dict[str, str] = field(default_factory=dict)
    query: str = ""
    answers: int = FINE
    posts: int = NOT_VALID
    order: tuple[Check, ...] = METHOD_FIRST
    leaves: frozenset[str] = frozenset()
    opens: bool = False
    untokened: int = REFUSED


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, as far as a door cares. `permissions` None: not signed in.

    `is_recent`: has shown who it is within five minutes. `lacks_factor`: a role needs a second
    factor and this session has not shown one.
    """

    permissions: frozenset[str] | None
    is_recent: bool = True
    lacks_factor: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """`status` and whether it refuses: a refusal says nothing and writes nothing."""

    status: int
    refuses: bool = True


def expected(
    door: Door, kind: Kind | None, relation: Relation, visitor: Visitor, method: str
) -> Expected:
    """What `method` on `door` answers to `visitor` who asks for a record in this relation."""
    if visitor.lacks_factor and not door.without_factor:
        return Expected(MOVED)
    held = frozenset() if visitor.lacks_factor else visitor.permissions or frozenset()
    for check in door.order:
        if status := _stopped(check, door, visitor, held, method):
            return Expected(status)
    if kind is not None and not kind.is_seen(relation, held):
        return Expected(ABSENT)
    is_elsewhere = _is_elsewhere(door, relation, held)
    if not door.needs <= held or is_elsewhere or _cannot_run(door, relation, held):
        return Expected(REFUSED)
    if door.if_holding and door.if_holding[0] in held and door.if_holding[1] not in held:
        return Expected(REFUSED)
    status = door.answers if method in READING else door.posts
    return Expected(status, refuses=status in {REFUSED, ABSENT})


def is_turned_away(door: Door, visitor: Visitor, method: str) -> bool:
    """True when a check turns the visitor away before a record is looked for."""
    held = visitor.permissions or frozenset()
    return any(_stopped(check, door, visitor, held, method) for check in door.order)


def _cannot_run(door: Door, relation: Relation, held: frozenset[str]) -> bool:
    return door.runs and (relation is not R.OWN or not held & {P.TRAINING_EDIT, P.EVENT_RUN})


def _is_elsewhere(door: Door, relation: Relation, held: frozenset[str]) -> bool:
    """True for a record that is seen, and that nobody from here works on."""
    if relation is R.OTHER_ORGANISATION:
        return (door.at_home or door.at_place) and not door.keeps & held
    return door.at_place and relation is R.OTHER_COUNTRY


def _stopped(
    check: Check, door: Door, visitor: Visitor, held: frozenset[str], method: str
) -> int | None:
    """The status with which one check turns the visitor away; None when it lets pass."""
    match check:
        case Check.METHOD:
            return None if method in door.methods else WRONG_METHOD
        case Check.PERSON:
            return None if door.is_open or visitor.permissions is not None else MOVED
        case Check.BEFORE:
            lacks = bool(door.any_of) and not door.any_of & held
            return REFUSED if lacks or not door.before <= held else None
        case Check.RECENT:
            # Everybody here has a factor: one that was not shown does not set up another.
            is_proved = visitor.is_recent and not visitor.lacks_factor
            return MOVED if door.is_recent and not is_proved else None
