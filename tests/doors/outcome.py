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


@dataclass(frozen=True, slots=True)
class Door:
    """An address. Permissions are asked for in this order, which decides between 403 and 404.

    `is_open`: visitors are not sent to sign in. `before`: permissions without which the record is
    not even looked for. `kind`: of the record in the address; one that is not seen is 404.
    `needs`: permissions for what is done with a record that is seen. `any_of`: at least one.
    `if_holding`: (P, Q): whoever holds P sees more than the public, and so needs Q.
    `fixed`: the other parts of the address. `answers`: status of a fine GET; `posts`: of an
    allowed POST with an empty form, by relation when it differs. `method_first`: a wrong method
    is refused before anybody is asked who they are. `leaves`: tables that a request
    which is let in may write to (what is audited).
    """

    kind: str = ""
    methods: frozenset[str] = READING
    is_open: bool = False
    before: frozenset[P] = frozenset()
    needs: frozenset[P] = frozenset()
    any_of: frozenset[P] = frozenset()
    if_holding: tuple[P, P] | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    query: str = ""
    answers: int = FINE
    posts: int = NOT_VALID
    method_first: bool = True
    leaves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """`status` and whether it refuses: a refusal says nothing and writes nothing."""

    status: int
    refuses: bool


def expected(
    door: Door,
    kind: Kind | None,
    relation: Relation,
    permissions: frozenset[str] | None,
    method: str,
) -> Expected:
    """What `method` on `door` answers to whoever holds `permissions`; None: a visitor."""
    if method == "OPTIONS" and method in door.methods and not door.is_open and permissions is None:
        return Expected(MOVED, refuses=True)
    if door.method_first and method not in door.methods:
        return Expected(WRONG_METHOD, refuses=True)
    if permissions is None and not door.is_open:
        return Expected(MOVED, refuses=True)
    if method not in door.methods:
        return Expected(WRONG_METHOD, refuses=True)
    held = permissions or frozenset()
    if not door.before <= held or (door.any_of and not door.any_of & held):
        return Expected(REFUSED, refuses=True)
    if kind is not None and not kind.is_seen(relation, held):
        return Expected(ABSENT, refuses=True)
    if not door.needs <= held:
        return Expected(REFUSED, refuses=True)
    if door.if_holding and door.if_holding[0] in held and door.if_holding[1] not in held:
        return Expected(REFUSED, refuses=True)
    return Expected(door.answers if method in READING else door.posts, refuses=False)
