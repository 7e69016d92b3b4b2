"""Finding records again by hashed keys: nothing but equal hashes is compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any
from uuid import UUID

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
MOST_OF_ONE_KEY = 150
# Records that are compared for one question, those first that meet in the rarest keys.
MOST_COMPARED = 80


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
    """Records of the organisation that are like `sought`, the likeliest first. Two queries.

    Erased records have no keys any more. Scores below what is shown are left out.
    """
    ranked = _ranked(organisation_id, sought.marks, without)
    if not ranked:
        return []
    compared = Compared(sought.packed)
    found = []
    rows = MatchFeatures.objects.filter(person__in=ranked, edition=EDITION)
    for person_id, covered in rows.values_list("person_id", "marks"):
        comparison = compare(compared, keys.uncover(bytes(covered), person_id.bytes))
        if comparison.is_shown:
            found.append(Found(person_id, comparison))
    return sorted(found, key=lambda each: (-each.comparison.score, str(each.person_id)))


def _ranked(organisation_id: UUID, marks: Sequence[int], without: UUID | None) -> list[UUID]:
    """Who shares marks, ordered by how rare these are together; at most MOST_COMPARED."""
    holders: dict[UUID, float] = defaultdict(float)
    for persons in _holders(organisation_id, marks).values():
        weight = log2(2 * MOST_OF_ONE_KEY / len(persons))
        for person_id in persons:
            holders[person_id] += weight
    holders.pop(without, None)  # type: ignore[arg-type]
    order = sorted(holders, key=lambda person_id: (-holders[person_id], person_id.int))
    return order[:MOST_COMPARED]


def _holders(organisation_id: UUID, marks: Sequence[int]) -> dict[int, list[UUID]]:
    """{mark: who has it}, of each mark at most MOST_OF_ONE_KEY. One query."""
    found: dict[int, list[UUID]] = defaultdict(list)
    if not marks:
        return found
    held = f"FROM {connection.ops.quote_name(MatchKey._meta.db_table)} WHERE organisation_id = %s"
    if connection.vendor == "postgresql":
        part = f"SELECT person_id {held} AND mark = sought.mark ORDER BY person_id LIMIT %s"
        sought = "SELECT sought.mark, hit.person_id FROM unnest(%s::bigint[]) AS sought(mark)"
        statement = f"{sought} CROSS JOIN LATERAL ({part}) AS hit"
        values: list[Any] = [list(marks), organisation_id, MOST_OF_ONE_KEY]
    else:
        part = f"SELECT mark, person_id {held} AND mark = %s ORDER BY person_id LIMIT %s"
        statement = " UNION ALL ".join([f"SELECT * FROM ({part})"] * len(marks))  # noqa: S608
        own = organisation_id.hex
        values = [each for mark in marks for each in (own, mark, MOST_OF_ONE_KEY)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for mark, person_id in cursor.fetchall():
            found[mark].append(person_id if isinstance(person_id, UUID) else UUID(person_id))
    return found


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
