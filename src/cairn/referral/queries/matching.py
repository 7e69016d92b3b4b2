"""Finding records again by hashed keys: nothing but equal hashes is compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from cairn.core.classification import Zone
from cairn.referral.matching import features as facts_of
from cairn.referral.matching.features import EDITION, Identity
from cairn.referral.matching.packing import Compared, Marked, keys_of, pack
from cairn.referral.matching.scoring import Comparison, compare
from cairn.referral.models.matching import MatchFeatures, MatchKey
from cairn.vault import blind
from cairn.vault.errors import Altered

PURPOSE = "same-person"
# Records that one key brings at most: what more share is no sign of one person.
MOST_OF_ONE_KEY = 30
# Records that are compared for one question, those first that meet in the rarest keys.
MOST_COMPARED = 24


@dataclass(frozen=True, slots=True)
class Hashed:
    """A person as the store knows it: marks to be found by, packed features to be compared by."""

    marks: tuple[int, ...]
    packed: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A record that may be of the person who is looked for."""

    person_id: UUID
    comparison: Comparison


def batch(organisation_id: UUID) -> blind.Batch:
    """Keys of one organisation: marks of two organisations tell nothing of each other."""
    return blind.Batch(Zone.PROTECTION, PURPOSE, f"{organisation_id}:{EDITION}")


def hashed(keys: blind.Batch, facts: Mapping[str, Any]) -> Hashed:
    """What `facts` of an identity become; nothing of them can be read from it."""
    ready = facts_of.prepared(Identity.of(facts))
    marks = dict.fromkeys(
        keys.mark(f"block\0{kind:d}\0{text}") for kind, text in facts_of.blocks(ready)
    )
    features = (
        Marked(each.kind, each.slot, keys.mark(f"feature\0{each.kind:d}\0{each.text}"))
        for each in facts_of.features(ready)
    )
    packed = pack(features, marks)
    return Hashed(tuple(marks), packed)


def similar(
    keys: blind.Batch, organisation_id: UUID, sought: Hashed, *, without: UUID | None = None
) -> list[Found]:
    """Records of the organisation that are like `sought`, the likeliest first. One query.

    Erased records have no keys any more. Scores below what is shown are left out.
    """
    compared = Compared(sought.packed)
    found = []
    for person_id, holders, covered in _nearest(organisation_id, sought.marks):
        if person_id == without:
            continue
        comparison = compare(
            compared, keys.uncover(bytes(covered), person_id.bytes), holders=holders
        )
        if comparison.is_shown:
            found.append(Found(person_id, comparison))
    return sorted(found, key=lambda each: (-each.comparison.score, str(each.person_id)))


# `hit`: who holds which of the sought marks, and how many hold it. Rare marks weigh more; the
# weights are small whole numbers, which a database adds faster than any other.
_NEAREST = """
WITH ranked AS (
    SELECT person_id, min(holders) AS fewest,
        sum(CAST(10000 / (holders + 3) AS integer)) AS weight
    FROM ({source}) AS hit GROUP BY person_id ORDER BY weight DESC, person_id LIMIT %s
)
SELECT ranked.person_id, ranked.fewest, kept.marks FROM ranked
JOIN {features} AS kept ON kept.person_id = ranked.person_id
WHERE kept.organisation_id = %s AND kept.edition = %s
"""
_HOLDERS = "SELECT person_id, count(*) OVER () AS holders FROM ({held}) AS held"


def _nearest(organisation_id: UUID, marks: Sequence[int]) -> list[tuple[UUID, int, bytes]]:
    """(person, how many share the rarest shared mark, covered features), at most MOST_COMPARED."""
    if not marks:
        return []
    quoted = connection.ops.quote_name
    held = f"FROM {quoted(MatchKey._meta.db_table)} WHERE organisation_id = %s"
    if connection.vendor == "postgresql":
        own: Any = organisation_id
        each = f"SELECT person_id {held} AND mark = sought.mark ORDER BY person_id LIMIT %s"
        sought = "SELECT hit.* FROM unnest(%s::bigint[]) AS sought(mark)"
        source = f"{sought} CROSS JOIN LATERAL ({_HOLDERS.format(held=each)}) AS hit"
        values: list[Any] = [list(marks), own, MOST_OF_ONE_KEY]
    else:
        own = organisation_id.hex
        each = f"SELECT person_id {held} AND mark = %s ORDER BY person_id LIMIT %s"
        source = " UNION ALL ".join([_HOLDERS.format(held=each)] * len(marks))
        values = [value for mark in marks for value in (own, mark, MOST_OF_ONE_KEY)]
    statement = _NEAREST.format(source=source, features=quoted(MatchFeatures._meta.db_table))
    return [
        (person_id if isinstance(person_id, UUID) else UUID(person_id), holders, covered)
        for person_id, holders, covered in _rows(statement, [*values, MOST_COMPARED, own, EDITION])
    ]


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, int, Any]]:
    """The answer, on PostgreSQL in its own bytes: marks written out as text take twice as long."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as own:
        own.execute(statement.encode(), values, binary=True)
        return own.fetchall()


def stored(
    keys: blind.Batch, organisation_id: UUID, person_ids: Iterable[UUID]
) -> dict[UUID, Hashed]:
    """What is kept of these persons, uncovered. One query; altered rows are left out."""
    found = {}
    rows = MatchFeatures.objects.filter(
        organisation=organisation_id, person__in=list(person_ids), edition=EDITION
    )
    for person_id, covered in rows.values_list("person_id", "marks"):
        try:
            packed = keys.uncover(bytes(covered), person_id.bytes)
        except Altered:
            continue
        found[person_id] = Hashed(keys_of(packed), packed)
    return found
